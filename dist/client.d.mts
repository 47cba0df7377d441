import type {
  Answer,
  CreationOptions,
  DeviceStatus,
  FactorStatus,
  Function as FunctionName,
  Method as OwnMethod,
  RequestOptions,
} from "../pkg/parse_two_factor.cjs";

/** The answers of the functions, as the core writes them. */
type Of<Field extends string> = Extract<Answer, { [key in Field]: unknown }>;
/** With dates in the place of seconds. */
type Dated<Wire> = Omit<
  Wire,
  "status" | "expiresIn" | "resendIn" | "attempts" | "device"
> & {
  /** When it is over. */
  readonly expiresAt: Date;
};

export type { CreationOptions, DeviceStatus, FactorStatus, RequestOptions };

/** How a user answers a challenge. */
export type Method = OwnMethod | "call" | "whatsapp" | "email";

/** The codes of our refusals. Parse's own come beside them. */
export type RefusalCode = 101 | 141 | 4010 | 4011 | 4012 | 4013 | 4014 | 4015 | 4016 | 4017 | 4018 | 4019 | 4020 | 4021 | 4022 | 4023 | 4024 | 4025 | 4026 | 4027 | 4028 | 4029;

/** As much of a Parse SDK as is called. */
export interface ParseSdk {
  applicationId?: string | undefined;
  Cloud: {
    run(name: string, params?: any, options?: any): Promise<any>;
  };
  User?: any;
}

/** A store such as `localStorage`, or React Native's AsyncStorage. */
export interface Keep {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

export interface Options {
  /** Where a sign-in under way is kept over a reload: `sessionStorage` by default, `null` for nowhere. It is of no use without the code. */
  storage?: Keep | null;
  /** Where the tokens of trusted browsers are kept, such as `localStorage`. Nowhere by default. */
  devices?: Keep;
  /** What the app can show: all methods by default, passkeys only where the browser knows them. */
  methods?: Method[];
  /** The session that calls are made with, for a client of many users. By default the SDK's own. */
  sessionToken?: string | (() => string | undefined);
  /** Makes and uses passkeys where there is no `navigator.credentials`: React Native's, from and to WebAuthn's JSON. */
  passkeys?: Passkeys;
  /** Answers the challenge of `withStepUp`. It rejects if the person gives up. */
  prove?: (challenge: Challenge<SteppedUp>) => Promise<unknown>;
  /** The names of the functions, where the server's option `functions` gives them others: `{ login: "signIn" }`. */
  functions?: { [name in FunctionName]?: string };
}

export interface Passkeys {
  /** Whether there can be passkeys here. */
  isKnown(): boolean;
  /** Takes the `publicKey` of an enrollment, answers its `credential`. */
  create(publicKey: CreationOptions): Promise<object>;
  /** Takes the `publicKey` of a challenge, answers its `credential`. */
  use(publicKey: RequestOptions): Promise<object>;
}

/** The user is signed in: `Parse.User.become(sessionToken)`. */
export type SignedIn = Omit<
  Exclude<Of<"sessionToken">, { factor: unknown }>,
  "status"
> & { readonly status: "signed-in" };

/** The user has to enroll a second factor first: `enroll({ enroll: state.enroll, method })`. */
export type EnrollFirst = Omit<Dated<Of<"enroll">>, "methods"> & {
  readonly status: "enroll";
  readonly methods: Method[];
};

export type SteppedUp = Omit<Of<"until">, "status"> & {
  readonly status: "stepped-up";
};

/** What a sign-in has come to. */
export type State = SignedIn | Challenge<SignedIn> | EnrollFirst;

/** A second factor is asked for. Its answers resolve to the next state. */
export class Challenge<Next = SignedIn> {
  private constructor();
  readonly status: "challenge";
  readonly challenge: string;
  /** The method that was begun. */
  readonly method: Method;
  /** What the user can answer with, the preferred one first. */
  readonly methods: Method[];
  /** Where the code went, masked. */
  readonly to?: string;
  readonly publicKey?: RequestOptions;
  /** For how many days this browser can be trusted. Absent where it cannot. */
  readonly trustDays?: number;
  /** Wrong answers that are still possible. */
  readonly attemptsLeft: number;
  readonly expiresAt: Date;
  /** From when on another code can be sent. */
  readonly resendAt?: Date;
  /** Hands in a code, as it was typed. */
  answer(
    code: string,
    more?: { method?: Method; trust?: boolean },
  ): Promise<Next>;
  /** Asks the device for its passkey, and hands that in. */
  usePasskey(more?: { trust?: boolean }): Promise<Next>;
  /** Sends another code. The one before it is dead. */
  resend(more?: { method?: Method; factor?: string }): Promise<this>;
  /** Gives it up: a reload will not find it. */
  cancel(): Promise<void>;
}

/** A factor that counts once its first answer came back. */
export class Enrollment {
  private constructor();
  readonly enrollment: string;
  readonly expiresAt: Date;
  readonly resendAt?: Date;
  readonly attemptsLeft?: number;
  /** Of an authenticator app: in base32, to type. */
  readonly secret?: string;
  readonly uri?: string;
  /** The URI as a QR code, in SVG. */
  readonly qr?: string;
  /** Of a number: where the code went, masked. */
  readonly to?: string;
  readonly publicKey?: CreationOptions;
  confirm(
    code: string,
    more?: { endOtherSessions?: boolean },
  ): Promise<Confirmed>;
  /** Makes the passkey, and confirms it. */
  createPasskey(more?: { endOtherSessions?: boolean }): Promise<Confirmed>;
  resend(more?: { method?: Method; factor?: string }): Promise<this>;
  cancel(): Promise<void>;
}

export type Confirmed = Extract<Of<"factor">, { recoveryCodes?: unknown }>;
export type Removed = { otherSessionsEnded?: boolean };
export type Renamed = { factor: FactorStatus };
export type RecoveryCodes = { recoveryCodes: string[] };
export type Status = Omit<Of<"factors">, "can"> & { can: Method[] };

/** The first factor: a name or an address with its password, or one provider's word. */
export type FirstFactor =
  | { username: string; password: string }
  | { email: string; password: string }
  | { authData: { [provider: string]: object } };

/** What identifies the user when a factor is enrolled: for the first one the password or a provider, after that a step-up. */
export interface EnrollParams {
  method: Exclude<Method, "recovery">;
  label?: string;
  /** In E.164: `+15005550006`. */
  phoneNumber?: string;
  password?: string;
  authData?: { [provider: string]: object };
  /** Of `EnrollFirst`. */
  enroll?: string;
}

export interface ConfirmParams {
  enrollment: string;
  code?: string;
  credential?: object;
  endOtherSessions?: boolean;
}

export class TwoFactorClient {
  constructor(Parse: ParseSdk, options?: Options);
  /** Whether passkeys can be made and used here. */
  readonly knowsPasskeys: boolean;
  /** With `code`, the one call of an authenticator app or a recovery code. */
  signIn(
    params: FirstFactor & {
      method?: Method;
      methods?: Method[];
      device?: string;
      code?: string;
      trust?: boolean;
    },
  ): Promise<State>;
  /** The sign-in that was under way when the page was reloaded. */
  resume(): Promise<Challenge<SignedIn> | undefined>;
  status(params?: { userId?: string }): Promise<Status>;
  enroll(params: EnrollParams): Promise<Enrollment>;
  confirm(params: ConfirmParams): Promise<Confirmed>;
  rename(params: { factor: string; label: string }): Promise<Renamed>;
  remove(params: {
    factor: string;
    endOtherSessions?: boolean;
  }): Promise<Removed>;
  forgetDevice(params: { device: string } | { all: true }): Promise<{}>;
  newRecoveryCodes(): Promise<RecoveryCodes>;
  stepUp(params?: {
    method?: Method;
    methods?: Method[];
  }): Promise<Challenge<SteppedUp>>;
  /** Runs an action; if it needs a step-up, has one answered by `prove` and runs the action once more. */
  withStepUp<T>(
    action: () => Promise<T>,
    prove?: (challenge: Challenge<SteppedUp>) => Promise<unknown>,
  ): Promise<T>;
}

/** Passkeys by `navigator.credentials`. */
export const passkeys: Passkeys;

/** A refusal of the server's, or the lack of an answer. `message` is the server's own sentence. */
export class TwoFactorError extends Error {
  /** Absent where no answer came. */
  readonly code?: RefusalCode | (number & {});
  /** How many more answers are looked at. */
  readonly attemptsLeft?: number;
  /** When to try again. */
  readonly retryAt?: Date;
  /** The challenge takes no more answers. */
  readonly startAgain?: boolean;
}
/** 101: the name or the password is wrong, or Parse does not let this user in. */
export class WrongPassword extends TwoFactorError {}
/** 4024; 141 on the tutorial's wire. */
export class WrongCode extends TwoFactorError {}
/** 4025: accepted before. Wait for the next one. It cost no attempt. */
export class CodeUsed extends TwoFactorError {}
/** 4011, 4012: start again. */
export class Expired extends TwoFactorError {}
/** 4014, 4015: try again at `retryAt`. 4013: start again. */
export class TooMany extends TwoFactorError {}
/** 4026: it is the number, not the network. */
export class NotReachable extends TwoFactorError {}
/** 4020. */
export class StepUpRequired extends TwoFactorError {
  /** Begun by `withStepUp` where nobody was there to answer it. */
  readonly challenge?: Challenge<SteppedUp>;
}
/** The person closed the browser's question. Nothing was sent. */
export class PasskeyNotUsed extends TwoFactorError {}
/** No answer came. It denied nothing. */
export class NoConnection extends TwoFactorError {}
