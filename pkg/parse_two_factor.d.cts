/* tslint:disable */
/* eslint-disable */

/** A Cloud function of the wire, or `requireStepUp`. */
export type FunctionName =
| "login" | "resendCode" | "twoFactorStatus" | "enrollTwoFactor" | "confirmTwoFactor" | "removeTwoFactor"
| "newRecoveryCodes" | "stepUp" | "resetTwoFactor" | "requireStepUp";

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
| { do: "openSession"; user: string }
| { do: "recordEvent"; event: Event }
| { do: "wait"; milliseconds: number };

/** What the host answers to an effect. */
export type Reply =
| { user: User }
| { account: object }
| { counts: number[] }
| { session: string }
| { refused: { code: number; message: string } }
| "missing" | "done" | "failed";

/** What the core needs to know of a `_User` row. */
export interface User {
    id: string;
    username?: string | null;
    phoneNumber?: string | null;
    from?: string | null;
    locale?: string | null;
    aclEntries?: number | null;
    passwordExpiresAt?: number | null;
    require?: Require | null;
}

/** Where a ceremony stands: something to do, or its end. */
export type Step =
| { effect: Effect }
| { answer: object }
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
 * All limits. Durations are whole seconds.
 */
export interface Limits {
    /**
     * Characters a code is drawn from, ASCII, no two alike. Digits.
     */
    alphabet?: string;
    /**
     * Characters in a code. Six (NIST SP 800-63B-4 §3.1.3.2).
     */
    codeLength?: number;
    /**
     * How long a sent code, and a challenge after it, is good. Five minutes (at most ten: NIST SP 800-63B-4 §3.1.3.2).
     */
    codeLifetime?: number;
    /**
     * Codes looked at for one challenge. Five.
     */
    attempts?: number;
    /**
     * From one code of a challenge to the next. Thirty seconds.
     */
    resendAfter?: number;
    /**
     * Codes sent, or challenges begun and not redeemed, for one user in `userWindow`. Five.
     */
    codesPerUser?: number;
    /**
     * Fifteen minutes.
     */
    userWindow?: number;
    /**
     * Failures in a row after which the second factor is disabled. A hundred (at most that: NIST SP 800-63B-4 §3.2.2).
     */
    failures?: number;
    /**
     * Messages to one number in an hour, whoever asked. Sixty.
     */
    messagesPerNumber?: number;
    /**
     * Messages into one block of ten thousand numbers in an hour. Three hundred.
     */
    messagesPerBlock?: number;
    /**
     * Messages of the whole app in an hour. A thousand.
     */
    messagesPerApp?: number;
    /**
     * Calls of one address in `userWindow`; counted only with `trustAddresses`. A hundred.
     */
    callsPerAddress?: number;
    /**
     * Of the codes sent in an hour, the percentage that has to come back; below it, from fifty codes on, there is an alarm event. Thirty;
     * 0 turns it off.
     */
    redeemedPercent?: number;
    /**
     * How long a step-up is good. Five minutes.
     */
    stepUpLifetime?: number;
    /**
     * Steps of 30 s that a TOTP code may be early or late. One (at most that: RFC 6238 §5.2).
     */
    totpWindow?: number;
    /**
     * Recovery codes made at a time. Ten.
     */
    recoveryCodes?: number;
}

/**
 * How a user answers a challenge.
 */
export type Method = "sms" | "totp" | "recovery";

/**
 * One entry of the trail.
 */
export interface Event {
    /**
     * What happened.
     */
    what: What;
    /**
     * The user's `objectId`.
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
     * The masked number, the label of a factor, or the name of a ceiling.
     */
    about?: string;
    /**
     * 0, or the code of the refusal.
     */
    outcome: number;
}

/**
 * What a ceremony answers, as it stands in `result` on the wire. Times are milliseconds since 1970, durations seconds.
 */
export type Answer = { challenge: string; method: Method; to?: string; expiresIn: number; resendIn?: number; methods: Method[] } | { sessionToken: string } | { factors: FactorStatus[]; recoveryCodesLeft: number; disabled: boolean } | { enrollment: string; secret: string; uri: string; qr: string } | { enrollment: string; to: string; expiresIn: number } | { factor: FactorStatus; recoveryCodes?: string[] } | { recoveryCodes: string[] } | { until: number } | {};

/**
 * What happened.
 */
export type What = "code-sent" | "signed-in" | "code-refused" | "factor-disabled" | "stepped-up" | "recovery-code-used" | "factor-enrolled" | "factor-removed" | "recovery-codes-renewed" | "reset" | "ceiling-reached" | "codes-unused";

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
     * password changes.
     */
    changeUser(user: string | null | undefined, phone_number: string | null | undefined, password: boolean, caller: Caller): Flow;
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
 * Nothing to do at the start, but wasm-bindgen's `__wbg_reset_state` calls a start function without asking whether there is one.
 */
export function start(): void;
