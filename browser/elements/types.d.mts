import type {
  Challenge,
  Enrollment,
  FirstFactor,
  SignedIn,
  TwoFactorClient,
  TwoFactorError,
} from "./client.mjs";

export * from "./client.mjs";

/** The texts of both elements by name. `{to}`, `{n}`, `{time}`, `{date}` and `{name}` are filled in. */
export type Texts = Record</* texts */ string, string>;

/** What both elements have. */
export class TwoFactorElement extends HTMLElement {
  /** By default one over the page's `Parse`, which keeps trusted browsers in `localStorage`. */
  client: TwoFactorClient;
  /** Other names of the functions, as on the server, for the client that is made by default. */
  functions: Partial<Record<FunctionName, string>> | undefined;
  /** The app's own texts, in place of ours. */
  texts: Partial<Texts>;
  /** Of codes by message: with it the last character submits. */
  codeLength: number | undefined;
  /** The level of its heading: 2 by default. */
  headingLevel: number;
}

export interface SignInEvents {
  /** Hand `detail.sessionToken` to `Parse.User.become`. */
  "signed-in": CustomEvent<SignedIn>;
  /** A code or a passkey is asked for. */
  asked: CustomEvent<{ challenge?: Challenge; enrollment?: Enrollment }>;
  refused: CustomEvent<{ error: TwoFactorError }>;
}

export interface SettingsEvents {
  changed: CustomEvent<{
    what:
      "added" | "removed" | "renamed" | "recovery-codes" | "device-forgotten";
  }>;
  asked: CustomEvent<{ challenge?: Challenge; enrollment?: Enrollment }>;
  refused: CustomEvent<{ error: TwoFactorError }>;
}

/** `<two-factor-sign-in>` */
export class TwoFactorSignIn extends TwoFactorElement {
  /** What a user types beside the password: `username` by default. */
  identifier: "username" | "email";
  /** What stands in that field at first. */
  username: string;
  readonly view: "password" | "challenge" | "enroll" | "codes";
  /** Begins a sign-in, as for a provider's button: `signIn({ authData })`. */
  signIn(params: FirstFactor): Promise<void>;
  addEventListener<Type extends keyof SignInEvents>(
    type: Type,
    listener: (event: SignInEvents[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** `<two-factor-settings>` */
export class TwoFactorSettings extends TwoFactorElement {
  /** Gets a provider's word anew, for users without a password. */
  authData: (() => Promise<{ [provider: string]: object }>) | undefined;
  readonly view: "list" | "challenge" | "enroll" | "codes";
  /** Asks the server again what there is. */
  refresh(): Promise<void>;
  addEventListener<Type extends keyof SettingsEvents>(
    type: Type,
    listener: (event: SettingsEvents[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "two-factor-sign-in": TwoFactorSignIn;
    "two-factor-settings": TwoFactorSettings;
  }
}
