/* tslint:disable */
/* eslint-disable */

/** A Cloud function of the wire, or `requireStepUp`. */
export type FunctionName =
| "login" | "resendCode" | "twoFactorStatus" | "enrollTwoFactor" | "confirmTwoFactor" | "removeTwoFactor"
| "newRecoveryCodes" | "stepUp" | "resetTwoFactor" | "twoFactorHealth" | "requireStepUp";

/** What the core asks the host to do; `do` names it. */
export type Effect =
| { do: "checkPassword"; username: string | null; email: string | null; password: string }
| { do: "loadUser"; user: string }
| { do: "loadAccount"; user: string }
| { do: "createAccount"; user: string }
| { do: "updateAccount"; account: string; change: Record<string, { __op: "Add" | "Remove"; objects: unknown[] }> }
| { do: "count"; bucket: string; endsAt: number; counters: string[]; by: number }
| { do: "countEvents"; what: string[]; method: string; since: number }
| { do: "sendMessage"; to: string; from: string | null; body: string }
| { do: "checkSignIn"; user: string }
| { do: "openSession"; user: string }
| { do: "removeNumber"; user: string }
| { do: "recordEvent"; event: Event }
| { do: "wait"; milliseconds: number };

/** What the host answers to an effect. */
export type Reply =
| { user: User }
| { account: object }
| { counts: number[] }
| { session: string }
| { refused: { code: number; message: string } }
| "missing" | "done" | "unasked" | "failed";

/** What the core needs to know of a `_User` row. */
export interface User {
    id: string;
    username?: string | null;
    phoneNumber?: string | null;
    from?: string | null;
    locale?: string | null;
    require?: Require | null;
}

/** Where a ceremony stands: something to do, or its end. */
export type Step =
| { effect: Effect }
| { answer: Answer }
| { refusal: { code: number; message: string } };


/**
 * A factor as its owner may see it.
 */
export interface FactorStatus {
    /**
     * `phone_number` for the tutorial's column.
     */
    id: string;
    method: Method;
    label: string;
    createdAt: number;
}

/**
 * A limit as an operator reads it.
 */
export interface Limit {
    /**
     * The option in `limits`.
     */
    name: string;
    value: Value;
    default: Value;
    unit: string;
    what: string;
    /**
     * What it rests on; a limit without one is this project's own choice.
     */
    clause?: Clause;
}

/**
 * All limits. Durations are whole seconds.
 */
export interface Limits {
    /**
     * Characters that a code is drawn from: ASCII letters and digits, no two alike.
     */
    alphabet?: string;
    /**
     * Characters in a code.
     */
    codeLength?: number;
    /**
     * How long a sent code, and a challenge after it, is good.
     */
    codeLifetime?: number;
    /**
     * Codes looked at for one challenge.
     */
    attempts?: number;
    /**
     * From one code of a challenge to the next.
     */
    resendAfter?: number;
    /**
     * Codes sent, or challenges begun and not redeemed, for one user.
     */
    codesPerUser?: number;
    /**
     * The stretch of time in which a user's codes and an address's calls are counted.
     */
    userWindow?: number;
    /**
     * Failures in a row after which the second factor is disabled until an operator resets it.
     */
    failures?: number;
    /**
     * Messages to one number, whoever asked.
     */
    messagesPerNumber?: number;
    /**
     * Messages into one block of ten thousand numbers.
     */
    messagesPerBlock?: number;
    /**
     * Messages of the whole app.
     */
    messagesPerApp?: number;
    /**
     * Calls of one address that bring a password or a challenge; counted only with `trustAddresses`.
     */
    callsPerAddress?: number;
    /**
     * Of an hour's codes, how many have to come back; below it, from fifty on, there is an alarm event. 0 turns it off.
     */
    redeemedPercent?: number;
    /**
     * How long a step-up is good.
     */
    stepUpLifetime?: number;
    /**
     * Steps of 30 s that a code of an authenticator app may be early or late.
     */
    totpWindow?: number;
    /**
     * Recovery codes made at a time, of 130 bits each.
     */
    recoveryCodes?: number;
}

/**
 * How a user answers a challenge.
 */
export type Method = "sms" | "totp" | "recovery";

/**
 * How much hangs on one key.
 */
export interface KeyUse {
    /**
     * The key's id.
     */
    kid: string;
    /**
     * Confirmed factors whose secret is sealed with it.
     */
    factors: number;
    /**
     * Unused recovery codes that are hashed with it.
     */
    recoveryCodes: number;
}

/**
 * One entry of the trail.
 */
export interface Event {
    /**
     * What happened.
     */
    what: What;
    /**
     * The user's `objectId`; empty for the ceiling of an address.
     */
    user: string;
    /**
     * Milliseconds since 1970.
     */
    at: number;
    /**
     * The caller's address as Parse Server reports it.
     */
    address?: string;
    /**
     * The method that the code, the factor or the sign-in was of.
     */
    method?: Method;
    /**
     * The masked number, the label of a factor, the name of a ceiling, how many are left or came back, or the scope of a reset.
     */
    about?: string;
    /**
     * 0, or the code of the refusal.
     */
    outcome: number;
}

/**
 * The value of a limit.
 */
export type Value = number | string;

/**
 * What a ceremony answers, as it stands in `result` on the wire. Times are milliseconds since 1970, durations seconds.
 */
export type Answer = { challenge: string; method: Method; to?: string; expiresIn: number; resendIn?: number; methods: Method[] } | { sessionToken: string } | { factors: FactorStatus[]; recoveryCodesLeft: number; disabled: boolean } | { enrollment: string; secret: string; uri: string; qr: string } | { enrollment: string; to: string; expiresIn: number } | { factor: FactorStatus; recoveryCodes?: string[] } | { recoveryCodes: string[] } | { until: number } | Health | {};

/**
 * What a limit rests on.
 */
export interface Clause {
    /**
     * What it says, in a word or two.
     */
    says: string;
    /**
     * Where it stands.
     */
    cited: string;
    /**
     * What `allow` takes to break it; `None` where any value will do.
     */
    allow?: string;
}

/**
 * What happened.
 */
export type What = "code-sent" | "signed-in" | "code-refused" | "factor-disabled" | "stepped-up" | "recovery-code-used" | "factor-enrolled" | "factor-removed" | "recovery-codes-renewed" | "reset" | "ceiling-reached" | "codes-unused";

/**
 * What the core of a running deployment goes by, for an operator to check. Nothing of it is secret.
 */
export interface Health {
    /**
     * The ids of the keys, the writing one first.
     */
    keys: string[];
    /**
     * Whether the operator gave them: without that nothing that lasts can be made.
     */
    durable: boolean;
    require: Require;
    countries: string[];
    trustAddresses: boolean;
    /**
     * Clauses that may be broken.
     */
    allow: string[];
    limits: Limit[];
    /**
     * The server's clock, in milliseconds since 1970.
     */
    now: number;
    /**
     * Whom the server takes the caller for.
     */
    address: string | undefined;
}

/**
 * What the operator sets.
 */
export interface Settings {
    /**
     * `enrolled` (default), `everyone` or `nobody`; what the app says of a user goes before it.
     */
    require?: Require;
    /**
     * The host of the page that asks for the code, for WebOTP's last line: `example.com`.
     */
    origin?: string;
    /**
     * The app's name, shown by authenticator apps; without a colon.
     */
    issuer?: string;
    /**
     * Country codes that messages may go to, `+1`, `+359`; all when empty.
     */
    countries?: string[];
    /**
     * Whether `request.ip` is the client's own address. Only then are calls counted by address.
     */
    trustAddresses?: boolean;
    /**
     * Language of the message for users without a `locale`: `en` unless set.
     */
    locale?: string;
    /**
     * The message by language, with `{code}` in it, over the built-in ones: `{ en: 'Your code: {code}' }`.
     */
    messages?: Record<string, string>;
    /**
     * Numbers and durations; each has a default.
     */
    limits?: Limits;
    /**
     * Names of broken clauses to accept all the same: `['code-lifetime']`.
     */
    allow?: string[];
}

/**
 * Who calls, as Parse Server says.
 */
export interface Caller {
    /**
     * `request.ip`.
     */
    address?: string;
    /**
     * The `objectId` of the user whose session came with the call.
     */
    user?: string;
    /**
     * That session's token.
     */
    sessionToken?: string | null;
    /**
     * Whether the call came with the master key.
     */
    master?: boolean;
    /**
     * Whether the call is part of a batch that is one transaction of the database.
     */
    transaction?: boolean;
}

/**
 * Who needs a second factor: for all users as a setting, or for one as the app's answer.
 */
export type Require = "enrolled" | "everyone" | "nobody";


/**
 * A ceremony under way.
 */
export class Flow {
    private constructor();
    free(): void;
    /**
     * Hands in the reply to the last effect and runs to the next. A reply that cannot be read counts as `failed`.
     */
    resume(reply: Reply, now: number): Step;
    /**
     * Runs to the first effect. `now` is milliseconds since 1970.
     */
    start(now: number): Step;
}

/**
 * The core of one deployment.
 */
export class TwoFactor {
    free(): void;
    /**
     * Prepares a call of a Cloud function. `params` may be anything at all.
     */
    call(name: FunctionName, params: any, caller: Caller): Flow;
    /**
     * Prepares `beforeSave(_User)`: the user's id unless new, the new number if it changes (empty when removed), and whether the
     * password or the sender (`From`) changes.
     */
    changeUser(user: string | null | undefined, phone_number: string | null | undefined, password: boolean, sender: boolean, caller: Caller): Flow;
    /**
     * Prepares `beforeLogin` for the user with this id.
     */
    nativeSignIn(user: string, caller: Caller): Flow;
    /**
     * Checks the settings and reads the keys: `keys` as in `TWO_FACTOR_KEYS`, or none, and then codes are hashed under a key
     * derived from the master key. Throws an `Error` whose message is for the operator.
     */
    constructor(settings: Settings, keys: string | null | undefined, master_key: string);
}

export function __wbg_reset_state(): void;

/**
 * Every limit at its default.
 */
export function defaultLimits(): Limit[];

/**
 * The ids of a ring in the form of `TWO_FACTOR_KEYS`, the writing one first. Throws if it cannot be read; the message shows none of it.
 */
export function keyIds(ring: string): string[];

/**
 * What of a user's hangs on which key, from the row of `TwoFactorAccount`.
 */
export function keyUse(account: any): KeyUse[];

/**
 * Draws a key: an entry for `TWO_FACTOR_KEYS`. Throws for an id that no ring takes.
 */
export function newKey(id: string): string;

/**
 * Nothing to do at the start, but wasm-bindgen's `__wbg_reset_state` calls a start function without asking whether there is one.
 */
export function start(): void;
