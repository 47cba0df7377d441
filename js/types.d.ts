import type {
  Event,
  Require,
  Route,
  Settings,
} from "../pkg/parse_two_factor.cjs";

export type { Event, Require, Route, Settings };

/** How a code travels to a number. */
export type Channel = "sms" | "call" | "whatsapp";

/** A message as an app's own sender gets it. */
export interface Message {
  /** How it travels. */
  channel: Channel;
  /** The number, E.164. */
  to: string;
  /** The user's `From` column, else the number in the environment. */
  from?: string;
  /** The messaging service in the environment, where there is no number. */
  messagingServiceSid?: string;
  /** The whole text, the code in it; of a call its words. */
  body: string;
  /** The code alone. A notice has none. */
  code?: string;
  /** The `Parse.User`, read with the master key. */
  user: any;
  /** The language of the message. */
  locale: string;
  /** What the code is for, or the name of a notice. */
  purpose: "sign-in" | "step-up" | "enrollment" | string;
}

/** What became of a message: nothing to say, or why it was not taken. */
export type Sent = void | {
  refused?: "permanent" | "configuration" | "temporary";
};

/** An app's own sender. */
export type SendMessage = (message: Message) => Sent | Promise<Sent> | unknown;

/** A client of Twilio's SDK. */
export interface TwilioClient {
  messages: { create(message: any): Promise<unknown> };
}

/** Who sends: a Twilio client, or a function of the app's own. */
export type Sender = TwilioClient | SendMessage;

/** A channel: on or off, who sends, or more. */
export type ChannelOption =
  boolean | Sender | { by?: Sender; fallback?: boolean };

/** WhatsApp, with the SID of its approved template by language. */
export interface WhatsappOption {
  contentSid: Record<string, string>;
  /** The sender that WhatsApp knows; without it the number in the environment. */
  from?: string;
  by?: Sender;
  fallback?: boolean;
}

/**
 * A trigger of Parse's: what it throws refuses the sign-in, the save or the deletion. A list also holds the validator that Parse takes
 * beside it: a function, or an object, `rateLimit` in it.
 */
export type Trigger = TriggerHandler | [TriggerHandler, TriggerValidator];
export type TriggerHandler = (request: any) => unknown;
export type TriggerValidator = ((request: any) => unknown) | object;

/**
 * What is known of a call that asks the option `require`. Headers and installation id are what the client says, and behind a proxy that Parse
 * Server does not know so is the address: more may be required because of them, but nothing may be waived.
 */
export interface Circumstances {
  /** `request.ip`; null for a call within the server. */
  readonly address: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly installationId: string | null;
  /** Who asks: `login`; `native` for Parse's own sign-in; `save` for a change of number, password or factors, and for the status; `delete`. */
  readonly route: Route;
}

export interface Options extends Partial<
  Omit<Settings, "require" | "channels">
> {
  /**
   * Who needs a second factor; `'enrolled'` by default. A function is asked for each user, for a roll-out in stages: it gets the
   * `Parse.User`, read with the master key, whenever a sign-in or a change begins, and what is known of the call. If it throws or answers
   * something else, that user is not let in (4022), and the log says why.
   */
  require?:
    | Require
    | ((user: any, circumstances: Circumstances) => Require | Promise<Require>);
  /**
   * The name under which an authenticator app shows a user's account: the user name by default. It gets the `Parse.User`, read with the
   * master key. If it throws or answers no text, it is the user name.
   */
  accountName?: (user: any) => string | Promise<string>;
  /** A Twilio client or a function; without it the account in `TWILLIO_ACCOUNT_SID` and `TWILLIO_AUTH_TOKEN`. */
  sms?: Sender;
  /**
   * The ways by which codes travel to a number, in the app's order: the first code goes by the first. Text messages are on unless `sms` is
   * `false`.
   */
  channels?: {
    sms?: ChannelOption;
    call?: ChannelOption;
    /** Its templates are Twilio Verify's own where that sends. */
    whatsapp?: boolean | { fallback?: boolean } | WhatsappOption;
    /** Codes by mail, through the `emailAdapter` of Parse Server. Off by default: it needs `allow: ['email']`. */
    email?: boolean;
  };
  /**
   * The String columns of `_User` that hold a user's number, the sender of messages to that user, and their language, for an app that keeps
   * these things elsewhere than in `phone_number`, `From` and `locale`. On the wire the factor's id stays `phone_number`.
   */
  columns?: { phoneNumber?: string; from?: string; locale?: string };
  /** The key ring, `id:base64[,id:base64…]`; without it `TWO_FACTOR_KEYS`. */
  keys?: string;
  /** Milliseconds since 1970; for tests. */
  clock?: () => number;
  /** Called for each entry of the event trail, and waited for; what it throws is logged and changes nothing. */
  onEvent?: (event: Event) => unknown;
  /** The app's own `beforeLogin`: run once per sign-in, whichever way it came. */
  beforeLogin?: Trigger;
  /** The app's own `afterLogin`: run once per sign-in, whichever way it came. */
  afterLogin?: Trigger;
  /** The app's own `beforeSave(Parse.User)`. */
  beforeSaveUser?: Trigger;
  /** The app's own `afterSave(Parse.User)`. */
  afterSaveUser?: Trigger;
  /** The app's own `beforeDelete(Parse.User)`. It runs once ours has let the deletion through. */
  beforeDeleteUser?: Trigger;
  /** The app's own `afterDelete(Parse.User)`. */
  afterDeleteUser?: Trigger;
}

export interface TwoFactorSignIn {
  /** Settles once the state classes exist; rejects if the server never answers. */
  ready: Promise<void>;
  /** Rejects with 4020 unless the session of this Cloud function's request stepped up within the last minutes, with 209 without a session. */
  requireStepUp(request: any): Promise<void>;
}
