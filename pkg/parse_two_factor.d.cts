/* tslint:disable */
/* eslint-disable */

/** Where a ceremony stands: something to do, or its end. */
export type Step =
| { effect: Effect }
| { answer: Answer }
| { refusal: { code: number; message: string } };

/** A reply of one kind. */
type ReplyOf<K extends string> = Extract<Reply, { [key in K]: unknown }>;

/** The replies that each effect can have. Beside them stands `failed`: nobody can tell whether it happened. */
export interface Replies {
    checkPassword: ReplyOf<"user"> | ReplyOf<"refused">;
    checkProvider: ReplyOf<"identity"> | ReplyOf<"refused"> | "missing" | "unasked";
    loadIdentity: ReplyOf<"identity"> | "missing";
    loadUser: ReplyOf<"user"> | "missing";
    askRequirement: ReplyOf<"requirement">;
    nameAccount: ReplyOf<"named">;
    loadAccount: ReplyOf<"account"> | "missing";
    readAccount: ReplyOf<"account"> | "missing";
    createAccount: ReplyOf<"account">;
    updateAccount: ReplyOf<"account"> | "missing";
    count: ReplyOf<"counted">;
    sweepWindows: "done";
    countEvents: ReplyOf<"counted">;
    sendMessage: ReplyOf<"taken"> | "done" | ReplyOf<"refused">;
    checkMessage: ReplyOf<"became">;
    confirmMessage: "done";
    sendMail: "done" | ReplyOf<"refused">;
    verify: ReplyOf<"verification"> | ReplyOf<"refused"> | "done" | "missing";
    checkSignIn: ReplyOf<"user"> | ReplyOf<"refused"> | "unasked";
    readBasis: ReplyOf<"basis"> | "missing";
    openSession: ReplyOf<"session"> | ReplyOf<"refused">;
    removeAccount: "done";
    removeNumber: "done";
    readParseMfa: ReplyOf<"parseMfa"> | "missing" | "unasked";
    clearParseMfa: "done" | "missing";
    recordEvent: "done";
    findSignIn: ReplyOf<"claimed"> | "missing";
    endSessions: ReplyOf<"counted">;
    wait: "done";
}


/**
 * A Cloud function that the shim registers.
 */
export type Function = "login" | "resendCode" | "twoFactorStatus" | "enrollTwoFactor" | "confirmTwoFactor" | "removeTwoFactor" | "renameTwoFactor" | "newRecoveryCodes" | "stepUp" | "forgetDevice" | "resetTwoFactor" | "importTwoFactor" | "twoFactorHealth";

/**
 * A challenge: 96 random bits, base64url.
 */
export type ChallengeId = string;

/**
 * A change of a link with a provider, as the trail tells it.
 */
export interface LinkChange {
    /**
     * The provider.
     */
    provider: string;
    /**
     * Whether there was a link.
     */
    unlinked: boolean;
    /**
     * Whether there is one from now on.
     */
    linked: boolean;
}

/**
 * A change that `beforeSave(_User)` let through, or a sign-up. The host keeps it in memory, and hands it back once Parse has saved the user.
 */
export interface LetThrough {
    /**
     * The user; empty for a new one, whose id the host fills in.
     */
    user: UserId;
    /**
     * The number that the save carries, if it changes the number; an empty text when it is removed.
     */
    phoneNumber?: string | null;
    /**
     * The session that makes the change and keeps its own step-up.
     */
    session?: string | null;
    /**
     * Whether a client wrote the number, so that no code has come back from it as yet.
     */
    unproven: boolean;
    /**
     * Links with providers that a client changes.
     */
    links: LinkChange[];
    /**
     * The user before the change, if a client changes the row of a user with a second factor: trail and user hear of it.
     */
    before?: BeforeChange | null;
    /**
     * Whether the change voids what is under way. One of the address alone does not.
     */
    voids: boolean;
    /**
     * The user before a change of the address, if the user has a second factor: trail and user hear of it, whoever makes the change.
     */
    oldAddress?: BeforeChange | null;
}

/**
 * A clause that an operator may break knowingly, by its name in `allow`.
 */
export type ClauseName = "code-entropy" | "code-lifetime" | "failures" | "totp-window" | "trusted-device" | "email" | "columns";

/**
 * A column of `_User`, by what the option `columns` calls it.
 */
export type UserColumn = "phoneNumber" | "from";

/**
 * A digest of what a sign-in is founded on in the user's row: password, providers, ACL, number and sender. The host makes it.
 */
export type Basis = string;

/**
 * A factor as its owner may see it.
 */
export interface FactorStatus {
    /**
     * `phone_number` for the tutorial's column.
     */
    id: FactorId;
    /**
     * The method of its codes.
     */
    method: Method;
    /**
     * The user's name for it, or its masked number.
     */
    label: string;
    /**
     * When its enrollment was begun; 0 for the tutorial's column.
     */
    createdAt: Time;
    /**
     * Of a number: the number, masked. None where its key is missing.
     */
    to?: string;
    /**
     * Of several numbers: whether this is the one that codes go to first.
     */
    first?: boolean;
    /**
     * Of a passkey: whether it was synced between devices when it was enrolled.
     */
    synced?: boolean;
    /**
     * Of a passkey: the authenticator's model, as the authenticator says. Nobody vouches for it.
     */
    aaguid?: string;
}

/**
 * A factor that counts, its seal opened.
 */
export interface OpenedFactor {
    /**
     * Its id.
     */
    id: FactorId;
    /**
     * What it is listed under.
     */
    method: Method;
    /**
     * The key that its seal is under.
     */
    kid: KeyId;
    /**
     * An authenticator app as `otpauth:`, a number as `tel:` (RFC 3966), a passkey as `webauthn:` with the credential's stored form in
     * base64url. `None` if this ring does not open the seal: its key is gone, or the row was tampered with.
     */
    uri?: Secret;
}

/**
 * A factor: 72 random bits, base64url, or `phone_number` for the tutorial's column.
 */
export type FactorId = string;

/**
 * A key of the ring: 1 to 16 letters, digits, `-` or `_`.
 */
export type KeyId = string;

/**
 * A limit as an operator reads it.
 */
export interface Limit {
    /**
     * The option in `limits`.
     */
    name: string;
    /**
     * The value in force.
     */
    value: Value;
    /**
     * The value without the option.
     */
    default: Value;
    /**
     * The unit of the value.
     */
    unit: string;
    /**
     * What it limits.
     */
    what: string;
    /**
     * What it rests on. A limit without a clause is this project's own choice.
     */
    clause?: Clause;
}

/**
 * A message or a call, as the provider knows it.
 */
export type MessageSid = string;

/**
 * A moment, in milliseconds since 1970.
 */
export type Time = number;

/**
 * A password, a code, a token or a key as text. `Debug` shows its type only, and its memory is cleared when it is dropped.
 */
export type Secret = string;

/**
 * A provider, by the name that Parse's option `auth` has for it: letters, digits and `_`, the first one a letter.
 */
export type ProviderName = string;

/**
 * A save of a `_User`, as far as it concerns second factors.
 */
export interface UserChange {
    /**
     * The user; `None` for a new one.
     */
    user?: string | null;
    /**
     * The number that the save carries, if it carries one; an empty text when it is removed.
     */
    phoneNumber?: string | null;
    /**
     * Whether it puts a number into the tutorial's column, where the app names another one.
     */
    leavesNumber?: boolean;
    /**
     * Whether the password changes.
     */
    password?: boolean;
    /**
     * The sender of the user's messages (`From`) that the save carries, likewise.
     */
    sender?: string | null;
    /**
     * The e-mail address that the save carries, likewise.
     */
    email?: string | null;
    /**
     * The links with providers that the save carries, if it carries any.
     */
    links?: Link[] | null;
    /**
     * Whether the save carries an ACL, changed or not.
     */
    acl?: boolean;
    /**
     * The id that a new user brings along, where the app allows that.
     */
    customId?: string | null;
}

/**
 * A session that was opened, and the claim that it was opened for. It stands in the trail beside the entry of the sign-in.
 */
export interface Opened {
    /**
     * The keyed hash of the session's token.
     */
    session: SessionHash;
    /**
     * The nonce of the claim.
     */
    claim: Nonce;
}

/**
 * A session, as the keyed hash of its token.
 */
export type SessionHash = string;

/**
 * A trusted browser as its owner may see it.
 */
export interface DeviceStatus {
    /**
     * Its id.
     */
    id: DeviceId;
    /**
     * Browser and system in a few words, as the client said.
     */
    label: string;
    /**
     * When it was trusted.
     */
    createdAt: Time;
    /**
     * Until when it is.
     */
    endsAt: Time;
}

/**
 * A trusted browser: 72 random bits, base64url.
 */
export type DeviceId = string;

/**
 * A verification of Twilio Verify's: `VE` and 32 hexadecimal digits.
 */
export type VerificationSid = string;

/**
 * A verification that Twilio Verify took a message for.
 */
export interface Pending {
    /**
     * Its SID.
     */
    sid: VerificationSid;
    /**
     * How many messages it has had, this one included.
     */
    messages: number;
}

/**
 * Add `by` to these counters of a window, in one atomic operation: `counted`, with their values right after it, in the same order.
 */
export interface Count {
    /**
     * The window's name.
     */
    bucket: string;
    /**
     * The window's end.
     */
    endsAt: Time;
    /**
     * The counters.
     */
    counters: string[];
    /**
     * 1 or -1.
     */
    by: number;
}

/**
 * Add to the event trail and tell the app: `done`.
 */
export interface RecordEvent {
    /**
     * The entry.
     */
    event: Event;
    /**
     * With the entry of a sign-in: what its session can be looked up by. It is stored, and the app is not told.
     */
    opened: Opened | undefined;
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
     * Messages to one user: codes, notices, and what the provider refused. Also challenges begun and not redeemed.
     */
    codesPerUser?: number;
    /**
     * The stretch of time in which a user's codes and an address's calls are counted.
     */
    userWindow?: number;
    /**
     * What a user's sessions may change without a step-up, such as the name of a factor.
     */
    changesPerUser?: number;
    /**
     * Failures in a row after which codes are disabled, until a passkey, a recovery code or an operator ends that.
     */
    failures?: number;
    /**
     * Messages and calls to one number, whoever asked.
     */
    messagesPerNumber?: number;
    /**
     * Messages and calls into one block of ten thousand numbers.
     */
    messagesPerBlock?: number;
    /**
     * Text messages of the whole app. A fifth of them is for codes alone.
     */
    messagesPerApp?: number;
    /**
     * Calls of the whole app that speak a code. One costs as much as several messages.
     */
    spokenPerApp?: number;
    /**
     * Messages of the whole app by WhatsApp.
     */
    whatsappPerApp?: number;
    /**
     * Notices of the whole app by mail, and as many codes by mail.
     */
    mailsPerApp?: number;
    /**
     * Notices to one user by mail.
     */
    mailsPerUser?: number;
    /**
     * Calls of one address that bring a password, a provider's word or a challenge; counted only with `trustAddresses`.
     */
    callsPerAddress?: number;
    /**
     * Calls of the whole app that ask one provider.
     */
    callsPerProvider?: number;
    /**
     * Of an hour's codes, how many have to come back; below it, from fifty on, there is an alarm event. 0 turns it off.
     */
    redeemedPercent?: number;
    /**
     * How long a step-up is good.
     */
    stepUpLifetime?: number;
    /**
     * Steps of 30 s that a code of an authenticator app may be early or late. Each is a hash in every check.
     */
    totpWindow?: number;
    /**
     * Recovery codes made at a time, of 130 bits each.
     */
    recoveryCodes?: number;
    /**
     * How long an entry of the event trail is kept.
     */
    eventDays?: number;
    /**
     * How long after a user's deletion addresses and labels stay in that user's entries.
     */
    eventDaysAfterDeletion?: number;
}

/**
 * An app's own texts in one language. A text that is left out is the built-in one.
 */
export interface Texts {
    /**
     * Carries the code in the place of `{code}`.
     */
    code?: string;
    /**
     * Sent when a factor was added.
     */
    factorAdded?: string;
    /**
     * Sent when a factor was removed.
     */
    factorRemoved?: string;
    /**
     * Sent when the recovery codes were replaced.
     */
    recoveryCodesRenewed?: string;
    /**
     * Sent when somebody used a recovery code.
     */
    recoveryCodeUsed?: string;
    /**
     * Sent to every number of the user when the other sessions were ended.
     */
    sessionsEnded?: string;
    /**
     * Sent when a provider was linked or unlinked.
     */
    providersChanged?: string;
    /**
     * Sent when a browser is trusted from now on.
     */
    deviceTrusted?: string;
    /**
     * Sent when an operator has reset the second factor.
     */
    reset?: string;
    /**
     * Sent to the old address when the address was changed.
     */
    emailChanged?: string;
    /**
     * The subject of a notice by mail.
     */
    subject?: string;
    /**
     * The subject of a mail with a code.
     */
    codeSubject?: string;
}

/**
 * Apply the update in one atomic operation: `account` as it stands right after it, or `missing`.
 */
export interface UpdateAccount {
    /**
     * The account.
     */
    account: AccountId;
    /**
     * What to add and to remove.
     */
    update: RowUpdate;
}

/**
 * Ask Parse whether it lets this user sign in, whatever password was given: `user` with the basis, of the row that it looked at,
 * `refused` with Parse's own answer, or `unasked` where this Parse Server cannot be asked. Its rules about passwords are left out for a
 * user who came by a provider's word.
 */
export interface CheckSignIn {
    /**
     * The user.
     */
    user: UserId;
    /**
     * The provider; none for a password.
     */
    provider: ProviderName | undefined;
    /**
     * Whether the row will do that this call has found the password right for. Otherwise the row is read now.
     */
    byRowOfPassword: boolean;
}

/**
 * Ask something of Twilio Verify: what the step says, or `refused` with Twilio's error code. `failed` if it did not answer.
 */
export interface Verify {
    /**
     * The service.
     */
    service: string;
    /**
     * What is asked.
     */
    step: VerifyStep;
}

/**
 * Ask the app by what name an authenticator app is to show the account; without a name of the app's, the user name: `named`.
 */
export interface NameAccount {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * Ask the app's function what it requires of a user: `requirement`.
 */
export interface AskRequirement {
    /**
     * The user.
     */
    user: UserId;
    /**
     * Who asks.
     */
    route: Route;
}

/**
 * Ask the provider what became of a message or a call: `became`.
 */
export interface CheckMessage {
    /**
     * How it traveled.
     */
    channel: Channel;
    /**
     * What the provider knows it by.
     */
    sid: MessageSid;
}

/**
 * Count the events with one of these names and this method: `counted`, with one number.
 */
export interface CountEvents {
    /**
     * The names.
     */
    what: EventName[];
    /**
     * The method.
     */
    method: Method;
    /**
     * From this moment on.
     */
    since: Time;
}

/**
 * Create the account of a user unless it exists, exactly once over all nodes: `account`.
 */
export interface CreateAccount {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * End the sessions of this user, then look for them once more: `counted`, with how many were ended and how many are left.
 */
export interface EndSessions {
    /**
     * The user.
     */
    user: UserId;
    /**
     * The token of the one that stays.
     */
    but: Secret | undefined;
}

/**
 * Find the entry of the sign-in that opened this session: `claimed` with the claim that stands there, or `missing`.
 */
export interface FindSignIn {
    /**
     * The session's user.
     */
    user: UserId;
    /**
     * The session, as the keyed hash of its token.
     */
    session: SessionHash;
    /**
     * From this moment on.
     */
    since: Time;
}

/**
 * For `navigator.credentials.create()`.
 */
export interface CreationOptions {
    rp: RelyingParty;
    user: UserEntity;
    challenge: string;
    pubKeyCredParams: CredentialParameters[];
    timeout: number;
    excludeCredentials: CredentialDescriptor[];
    authenticatorSelection: AuthenticatorSelection;
    attestation: "none";
}

/**
 * For `navigator.credentials.get()`.
 */
export interface RequestOptions {
    challenge: string;
    timeout: number;
    rpId: string;
    allowCredentials: CredentialDescriptor[];
    userVerification: UserVerification;
}

/**
 * For how long a browser is trusted.
 */
export interface TrustedDevices {
    /**
     * Days from the sign-in that trusted it, 30 at most. Use does not prolong them.
     */
    days?: number;
}

/**
 * Hand a mail to Parse Server's adapter: `done`, or `refused` if it did not take it. `failed` if it did not answer.
 */
export interface SendMail {
    /**
     * The address.
     */
    to: string;
    /**
     * The subject.
     */
    subject: string;
    /**
     * The text.
     */
    text: Secret;
}

/**
 * Hand a message to the provider, or have it call: `taken` with what the provider knows it by, `done` if it does not say, or `refused`
 * with its error code. `failed` if it did not answer.
 */
export interface SendMessage {
    /**
     * How it travels.
     */
    channel: Channel;
    /**
     * The number, in E.164.
     */
    to: string;
    /**
     * The sender; the app's own where there is none.
     */
    from: string | undefined;
    /**
     * The text, or the words of a call.
     */
    body: Secret;
    /**
     * The code alone; none in a notice.
     */
    code: Secret | undefined;
    /**
     * For how many seconds it may be delivered; none where that does not matter.
     */
    validityPeriod: number | undefined;
    /**
     * The address at which the provider is to tell what became of it.
     */
    statusCallback: Secret | undefined;
    /**
     * Of a call: Twilio's document.
     */
    twiml: Secret | undefined;
    /**
     * Of a call: for how many seconds the phone rings.
     */
    rings: number | undefined;
    /**
     * Of WhatsApp: the template that the code is filled into.
     */
    contentSid: string | undefined;
    /**
     * Whose it is.
     */
    user: UserId;
    /**
     * The language.
     */
    locale: string;
    /**
     * What it is for: `sign-in`, `step-up`, `enrollment`, or the name of a notice.
     */
    purpose: string;
}

/**
 * Have Parse check the password, without opening a session: `user` with its basis, or `refused` with Parse's answer.
 */
export interface CheckPassword {
    /**
     * The user name.
     */
    username: Secret | undefined;
    /**
     * The e-mail address.
     */
    email: Secret | undefined;
    /**
     * The password.
     */
    password: Secret;
}

/**
 * Have Parse's adapter check a provider's word, without opening a session, and find whose it is: `identity`, or `refused` with Parse's
 * answer. For nobody's it creates the user as Parse's own sign-in does, or answers `missing` if it may not. `unasked` where this Parse
 * Server cannot be asked without a session.
 */
export interface CheckProvider {
    /**
     * The provider.
     */
    provider: ProviderName;
    /**
     * The provider's word, as the JSON of `authData`.
     */
    authData: Secret;
    /**
     * Whether a user may be created.
     */
    mayCreate: boolean;
}

/**
 * How a code travels.
 */
export type Channel = "sms" | "call" | "whatsapp" | "email";

/**
 * How a user answers a challenge.
 */
export type Method = "webauthn" | "sms" | "call" | "whatsapp" | "email" | "totp" | "recovery";

/**
 * How far a sign-in or a step-up has come, as `status` in every answer of `login` and `stepUp`.
 */
export type Progress = "signed-in" | "challenge" | "enroll" | "stepped-up";

/**
 * How much of one user hangs on one key.
 */
export interface KeyUse {
    /**
     * The key's id.
     */
    kid: KeyId;
    /**
     * Confirmed factors whose secret is sealed with it.
     */
    factors: number;
    /**
     * Unused recovery codes that are hashed with it.
     */
    recoveryCodes: number;
    /**
     * Trusted browsers whose token is hashed with it. Without the key they are asked for the second factor again.
     */
    devices: number;
}

/**
 * Let this much time pass: `done`.
 */
export interface Wait {
    /**
     * How long.
     */
    milliseconds: number;
}

/**
 * One atomic change of the row: each set is added to or removed from. What it does not name the host reads along, so that the answer
 * holds the whole row.
 */
export interface RowUpdate {
    /**
     * Of the set `challenges`.
     */
    challenges?: object;
    /**
     * Of the set `redemptions`.
     */
    redemptions?: object;
    /**
     * Of the set `authenticators`.
     */
    authenticators?: object;
    /**
     * Of the set `devices`.
     */
    devices?: object;
}

/**
 * One channel that the app has on.
 */
export interface ChannelSettings {
    /**
     * Which one.
     */
    channel: Channel;
    /**
     * Whether it is tried for a number that refuses another one: yes by default.
     */
    fallback?: boolean;
    /**
     * Of WhatsApp: the SID of the template for authentication, by language.
     */
    contentSid?: Record<string, string>;
}

/**
 * One entry of the trail, as it is stored.
 */
export interface Event {
    /**
     * What happened.
     */
    what: EventName;
    /**
     * The user's `objectId`; empty for the ceiling of an address or a provider, and for an export of all users.
     */
    user: UserId;
    /**
     * When.
     */
    at: Time;
    /**
     * The caller's address as Parse Server reports it.
     */
    address?: string;
    /**
     * The method of the code, the factor or the sign-in.
     */
    method?: Method;
    /**
     * The masked number and what the provider refused it with, the label of a factor or a browser, a sign-in provider, a page's origin, the
     * name of a ceiling, how many are left, came back or were exported, the scope and ticket of a reset, a masked
     * address that was changed, or by whom a user was deleted.
     */
    about?: string;
    /**
     * 0, or the code of the refusal.
     */
    outcome: number;
}

/**
 * One thing for the host to do; `do` names it. The host answers with a [`Reply`], or with [`Reply::Failed`] if it cannot tell
 * what happened.
 */
export type Effect = ({ do: "checkPassword" } & CheckPassword) | ({ do: "checkProvider" } & CheckProvider) | ({ do: "loadIdentity" } & LoadIdentity) | ({ do: "loadUser" } & LoadUser) | ({ do: "askRequirement" } & AskRequirement) | ({ do: "nameAccount" } & NameAccount) | ({ do: "loadAccount" } & LoadAccount) | ({ do: "readAccount" } & ReadAccount) | ({ do: "createAccount" } & CreateAccount) | ({ do: "removeAccount" } & RemoveAccount) | ({ do: "updateAccount" } & UpdateAccount) | ({ do: "count" } & Count) | ({ do: "sweepWindows" } & SweepWindows) | ({ do: "countEvents" } & CountEvents) | ({ do: "sendMessage" } & SendMessage) | ({ do: "checkMessage" } & CheckMessage) | ({ do: "confirmMessage" } & ConfirmMessage) | ({ do: "sendMail" } & SendMail) | ({ do: "verify" } & Verify) | ({ do: "checkSignIn" } & CheckSignIn) | ({ do: "readBasis" } & ReadBasis) | ({ do: "openSession" } & OpenSession) | ({ do: "endSessions" } & EndSessions) | ({ do: "removeNumber" } & RemoveNumber) | ({ do: "readParseMfa" } & ReadParseMfa) | ({ do: "clearParseMfa" } & ClearParseMfa) | ({ do: "recordEvent" } & RecordEvent) | ({ do: "findSignIn" } & FindSignIn) | ({ do: "wait" } & Wait);

/**
 * Read a user with the master key, and whether there is a password: `identity` or `missing`.
 */
export interface LoadIdentity {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * Read a user with the master key: `user` or `missing`.
 */
export interface LoadUser {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * Read an account by its own id, and write nothing: `account` or `missing`.
 */
export interface ReadAccount {
    /**
     * The account.
     */
    account: AccountId;
}

/**
 * Read the account of a user: `account` or `missing`.
 */
export interface LoadAccount {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * Read what Parse's own adapter `mfa` keeps of this user, or of the next user after this id of whom it keeps something: `parseMfa`;
 * `missing` where that is nobody, `unasked` where it is somebody and the adapter is not configured.
 */
export interface ReadParseMfa {
    /**
     * The user; none for the next one.
     */
    user: UserId | undefined;
    /**
     * The last user's id; none for the first one.
     */
    after: UserId | undefined;
}

/**
 * Read what a sign-in of this user is founded on now: `basis` or `missing`.
 */
export interface ReadBasis {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * Remove a few windows that are over: `done`.
 */
export interface SweepWindows {
    /**
     * Those that ended before.
     */
    endedBefore: Time;
    /**
     * This many of them.
     */
    atMost: number;
}

/**
 * Remove an account: `done`.
 */
export interface RemoveAccount {
    /**
     * The account.
     */
    account: AccountId;
}

/**
 * Remove the number of this user, with the master key: `done`. `beforeSave` does what hangs on a change of it.
 */
export interface RemoveNumber {
    /**
     * The user.
     */
    user: UserId;
}

/**
 * Remove what Parse's own adapter `mfa` keeps of a user, if it is still this, in one atomic operation: `done`, or `missing` if it is not.
 */
export interface ClearParseMfa {
    /**
     * The user.
     */
    user: UserId;
    /**
     * The secret.
     */
    secret: Secret | undefined;
    /**
     * The number.
     */
    mobile: Secret | undefined;
}

/**
 * Run the app's own `beforeLogin`, open a session for the caller's installation, run its `afterLogin`: `session`, or `refused` by
 * the app's trigger.
 */
export interface OpenSession {
    /**
     * The user.
     */
    user: UserId;
    /**
     * Whether this call has created the user. For Parse that is a sign-up, and it runs neither trigger.
     */
    isNew: boolean;
}

/**
 * Tell the provider that the code of a message came back, and wait for no answer: `done`.
 */
export interface ConfirmMessage {
    /**
     * How it traveled.
     */
    channel: Channel;
    /**
     * What the provider knows it by.
     */
    sid: MessageSid;
}

/**
 * The `objectId` of a `_User`.
 */
export type UserId = string;

/**
 * The `objectId` of a user's row in `TwoFactorAccount`.
 */
export type AccountId = string;

/**
 * The channels that the app has on, in its order: the first one is asked for the first code.
 */
export type Channels = ChannelSettings[];

/**
 * The link of a user with an identity at a provider.
 */
export interface Link {
    /**
     * The provider.
     */
    provider: string;
    /**
     * The hash of the identity: empty for what has none; `None` where a save removes the link.
     */
    identity?: string | null;
}

/**
 * The name of what happened, as the trail stores it.
 */
export type EventName = "code-sent" | "code-undelivered" | "signed-in" | "code-refused" | "factor-disabled" | "stepped-up" | "recovery-code-used" | "factor-enrolled" | "factor-removed" | "recovery-codes-renewed" | "reset" | "ceiling-reached" | "codes-unused" | "origin-refused" | "provider-linked" | "provider-unlinked" | "sessions-ended" | "device-trusted" | "email-changed" | "user-deleted" | "factors-exported";

/**
 * The option `webauthn`, for what the option `origin` does not say.
 */
export interface WebauthnSettings {
    /**
     * The host name that passkeys are bound to: `origin` unless set. A change loses every passkey.
     */
    rpId?: string;
    /**
     * The pages and apps that may ask: `https://` and the host name unless set.
     */
    origins?: string[];
    /**
     * `preferred` (default), `required` or `discouraged`.
     */
    userVerification?: UserVerification;
}

/**
 * The options under one name.
 */
export interface OptionGroup {
    /**
     * The option that they stand under. It is empty for those that stand under none, and `messages` for the kinds of text, which stand
     * under a language there.
     */
    group: string;
    /**
     * Their names.
     */
    names: string[];
}

/**
 * The value of a limit.
 */
export type Value = number | string;

/**
 * The values of counters.
 */
export interface Counted {
    /**
     * In the order in which they were named.
     */
    counts: number[];
    /**
     * Whether the window's row was created for it.
     */
    opened: boolean;
}

/**
 * Through which service of Twilio Verify codes go.
 */
export interface VerifySettings {
    /**
     * The service: `VA` and 32 hexadecimal digits. Its "Custom Verification Code" has to be on.
     */
    serviceSid?: string;
}

/**
 * What Parse Dashboard shows of a user beside what the user sees. The host puts it into words.
 */
export interface PanelFacts {
    /**
     * The user.
     */
    user: UserId;
    /**
     * Failures in a row.
     */
    failures: number;
    /**
     * How many of them disable the second factor.
     */
    mostFailures: number;
}

/**
 * What Parse Server's own adapter `mfa` keeps of a user, in clear.
 */
export interface ParseMfa {
    /**
     * The user.
     */
    user: UserId;
    /**
     * The secret of an authenticator app, as the client wrote it.
     */
    secret?: string | null;
    /**
     * The number that codes go to, as the client wrote it.
     */
    mobile?: string | null;
    /**
     * What the adapter is set to: algorithm, digits and period, as in `SHA1/6/30`.
     */
    profile: string;
}

/**
 * What a ceremony answers, as it stands in `result` on the wire. Times are milliseconds since 1970, durations seconds.
 */
export type Answer = { status: Progress; challenge: Secret; method: Method; to?: string; expiresIn: number; resendIn?: number; methods: Method[]; attempts: number; publicKey?: RequestOptions; trustDays?: number; device?: null } | { status: Progress; sessionToken: Secret; recoveryCodesLeft?: number; device?: string | null } | { status: Progress; enroll: Secret; methods: Method[]; expiresIn: number; device?: null } | { factors: FactorStatus[]; recoveryCodesLeft: number; disabled: boolean; devices: DeviceStatus[]; can: Method[]; asks: EnrollProof | undefined; required: boolean; steppedUpUntil: Time | undefined; panel?: PanelFacts } | { scopes: string[] } | { user: UserId; scope: string } | { enrollment: Secret; secret: Secret; uri: Secret; qr: Secret; expiresIn: number } | { enrollment: Secret; to: string; expiresIn: number; resendIn: number; method?: Method } | { enrollment: Secret; expiresIn: number; publicKey: CreationOptions } | { factor: FactorStatus; recoveryCodes?: Secret[]; sessionToken?: Secret; otherSessionsEnded?: boolean } | { otherSessionsEnded?: boolean } | { factor: FactorStatus } | { recoveryCodes: Secret[] } | { status: Progress; until: Time } | { user: UserId | undefined; added: Method[]; cleared: boolean; refused?: NotImported } | Health | { unchanged: UserColumn[]; phoneNumber?: string; letThrough?: LetThrough } | { twiml: Secret } | {};

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
     * The name that `allow` takes to break it. `None` where any value will do.
     */
    allow?: ClauseName;
}

/**
 * What a provider's word (`authData`) is worth, for users who have a second factor or need one.
 */
export type Federated = "refuse" | "ask" | "trust";

/**
 * What a running deployment goes by, for an operator to check. None of it is secret.
 */
export interface Health {
    /**
     * The version of the core.
     */
    version: string;
    /**
     * The ids of the keys, the writing one first.
     */
    keys: KeyId[];
    /**
     * Whether the operator gave the keys. Without that nothing that lasts can be made.
     */
    durable: boolean;
    /**
     * The functions that the app calls otherwise, by our names.
     */
    functions: Map<string, string>;
    /**
     * Who needs a second factor.
     */
    require: RequireMode;
    /**
     * What a provider's word is worth.
     */
    federated: Federated;
    /**
     * Calling codes that messages may go to.
     */
    countries: string[];
    /**
     * The calling code of numbers that are written without one.
     */
    defaultCountry: string | undefined;
    /**
     * The channels that are on, in the app's order.
     */
    channels: Channel[];
    /**
     * The service of Twilio Verify that codes go through. `None` where they do not.
     */
    verify: string | undefined;
    /**
     * Whether calls are counted by address.
     */
    trustAddresses: boolean;
    /**
     * Clauses that may be broken.
     */
    allow: ClauseName[];
    /**
     * What passkeys are bound to. `None` where they are off.
     */
    webauthn: WebauthnHealth | undefined;
    /**
     * Whether users with a passkey may choose a method that can be phished.
     */
    phishingResistant: PhishingResistant;
    /**
     * For how many days browsers can be trusted. `None` where they cannot.
     */
    trustedDays: number | undefined;
    /**
     * Every limit.
     */
    limits: Limit[];
    /**
     * The server's clock.
     */
    now: Time;
    /**
     * The address that the server takes the caller for.
     */
    address: string | undefined;
}

/**
 * What an enrollment keeps of the token that it was begun with.
 */
export type EnrollStamp = string;

/**
 * What became of a message or a call, in the provider's own words.
 */
export interface Became {
    /**
     * Its status.
     */
    status: string;
    /**
     * Of a message that was not delivered: the provider's error code.
     */
    error?: number | null;
}

/**
 * What has to be proven before a factor is enrolled.
 */
export type EnrollProof = "password" | "authData" | "stepUp";

/**
 * What is asked of Twilio Verify.
 */
export type VerifyStep = { start: { channel: Channel; to: string; code: Secret; locale: string | undefined; appHash: string | undefined } } | { cancel: { to: string } } | { approve: { sid: VerificationSid } };

/**
 * What messages and mails to the user before the change need.
 */
export interface BeforeChange {
    /**
     * The number.
     */
    phoneNumber?: string | null;
    /**
     * The sender of the user's messages.
     */
    from?: string | null;
    /**
     * The language of the user's messages.
     */
    locale?: string | null;
    /**
     * The e-mail address.
     */
    email?: string | null;
    /**
     * Whether Parse had that address verified.
     */
    emailVerified: boolean;
}

/**
 * What passkeys are bound to.
 */
export interface WebauthnHealth {
    /**
     * The relying party's id.
     */
    rpId: string;
    /**
     * The pages that may ask for a passkey.
     */
    origins: string[];
    /**
     * Whether the authenticator verifies its user.
     */
    userVerification: UserVerification;
}

/**
 * What tells one element of a set from another: 48 random bits, base64url.
 */
export type Nonce = string;

/**
 * What the core needs to know of a `_User` row, read with the master key.
 */
export interface User {
    /**
     * The row's `objectId`.
     */
    id: UserId;
    /**
     * The user name.
     */
    username?: string | null;
    /**
     * The tutorial's column, as text whatever its type. Absent or empty means none.
     */
    phoneNumber?: string | null;
    /**
     * The tutorial's column `From`: the sender of this user's messages.
     */
    from?: string | null;
    /**
     * Whether a number stands in the tutorial's column, where the app keeps numbers in another one: nobody asks for a code there.
     */
    isMisplaced?: boolean;
    /**
     * The e-mail address, whether anybody verified it or not.
     */
    email?: string | null;
    /**
     * Whether Parse had that address verified.
     */
    emailVerified?: boolean;
    /**
     * The language of this user's messages.
     */
    locale?: string | null;
    /**
     * The identities that the user is linked with; `None` where it cannot be told.
     */
    links?: Link[] | null;
    /**
     * With a first factor that Parse has just found right: what the sign-in is founded on, of the row that Parse looked at.
     */
    basis?: string | null;
}

/**
 * What the host answers. Which replies an effect can have stands with the effect.
 */
export type Reply = { user: User } | { identity: Identity } | { requirement: Require } | { named: string } | { account: object } | { claimed: Nonce } | { parseMfa: ParseMfa } | { taken: MessageSid } | { became: Became } | "missing" | { counted: Counted } | { basis: Basis } | { session: Secret } | { verification: Pending } | "done" | { refused: { code: number; message: string } } | "unasked" | "failed";

/**
 * What the operator sets.
 */
export interface Settings {
    /**
     * `enrolled` (default), `everyone` or `nobody`. What the app says of one user goes before it.
     */
    require?: Require;
    /**
     * `ask` (default), `refuse` or `trust`: what a provider's word is worth as the first factor.
     */
    federated?: Federated;
    /**
     * The host name of the app's page: `example.com`. Passkeys are bound to it, and messages have WebOTP's last line for it.
     */
    origin?: string;
    /**
     * The app's name, shown by authenticator apps; without a colon.
     */
    issuer?: string;
    /**
     * Calling codes that messages may go to, `+1`, `+359`, or with a hyphen, that they may not go to: `-+1876`. All when empty.
     */
    countries?: string[];
    /**
     * The calling code of numbers that are written without one: `+359`.
     */
    defaultCountry?: string;
    /**
     * Whether `request.ip` is the client's own address. Only then are calls counted by address.
     */
    trustAddresses?: boolean;
    /**
     * The language of messages to users without a `locale`: `en` unless set.
     */
    locale?: string;
    /**
     * The ways by which codes travel to a number, in the app's order: text messages by default.
     */
    channels?: Channels;
    /**
     * Through which service of Twilio Verify codes go, in place of messages and calls of the app's own: `{ serviceSid: 'VA…' }`.
     */
    verify?: VerifySettings;
    /**
     * The public address of the app's handler of what the provider tells of its messages, over https.
     */
    statusCallback?: string;
    /**
     * The hash by which Android knows the app that a code is for, of eleven characters. It stands in text messages.
     */
    androidHash?: string;
    /**
     * The app's own texts, by language and kind, in place of the built-in ones: `{ de: { code: 'Ihr Code: {code}' } }`.
     */
    messages?: Record<string, Texts>;
    /**
     * What passkeys are bound to, beyond what `origin` says.
     */
    webauthn?: WebauthnSettings;
    /**
     * `preferred` (default): passkeys stand first. `required`: a user who has one is offered passkeys and recovery codes only.
     */
    phishingResistant?: PhishingResistant;
    /**
     * Whether a sign-in that passed the second factor, and the confirmation of a factor, count as a step-up of the session: `true` by
     * default.
     */
    stepUpAtSignIn?: boolean;
    /**
     * Whether a confirmed or removed factor ends the user's other sessions: `asked` (default) where the call says so, or `always`.
     */
    endOtherSessions?: EndOtherSessions;
    /**
     * For how many days a browser can be trusted. Off by default: it needs `allow: ['trusted-device']` and a key ring.
     */
    trustedDevices?: TrustedDevices;
    /**
     * What clients call our functions, where the app has functions of its own under our names: `{ login: 'signIn' }`.
     */
    functions?: Partial<Record<Exclude<Function, 'resetTwoFactor' | 'importTwoFactor' | 'twoFactorHealth'>, string>>;
    /**
     * Numbers and durations. Each has a default.
     */
    limits?: Limits;
    /**
     * Names of broken clauses to accept all the same: `['code-lifetime']`.
     */
    allow?: ClauseName[];
}

/**
 * Whether a confirmed or removed factor ends the user's other sessions (ASVS 5.0 §7.4.3).
 */
export type EndOtherSessions = "asked" | "always";

/**
 * Whether the authenticator verifies its user, by a PIN or a finger.
 *
 * The password is the other factor, so `preferred` is enough (NIST SP 800-63B-4 App. B asks to prefer and to look at it).
 */
export type UserVerification = "required" | "preferred" | "discouraged";

/**
 * Whether the columns of `_User` that the app names for number, sender and language can be gone by.
 */
export type Columns = "good" | "faulty" | "unknown";

/**
 * Whether users with a passkey may choose a method that can be phished.
 */
export type PhishingResistant = "preferred" | "required";

/**
 * Who asks the app what it requires of a user.
 */
export type Route = "login" | "native" | "save" | "delete";

/**
 * Who calls, as Parse Server says.
 */
export interface Caller {
    /**
     * `request.ip`.
     */
    address?: string | null;
    /**
     * The user whose session came with the call.
     */
    user?: string | null;
    /**
     * That session's token.
     */
    sessionToken?: string | null;
    /**
     * What the client calls itself (`User-Agent`).
     */
    userAgent?: string | null;
    /**
     * Whether the call came with the master key.
     */
    master?: boolean;
    /**
     * Whether Parse Server has an adapter that sends mail.
     */
    mail?: boolean;
    /**
     * Whether the call is part of a batch that is one transaction of the database.
     */
    transaction?: boolean;
    /**
     * Whether the columns of `_User` that the app names can be gone by.
     */
    columns?: Columns;
}

/**
 * Who needs a second factor, and who says so.
 */
export type RequireMode = "enrolled" | "everyone" | "always" | "nobody" | "function";

/**
 * Who needs a second factor: for all users as a setting, or for one user as the app's answer.
 */
export type Require = "enrolled" | "everyone" | "always" | "nobody";

/**
 * Whose a provider's word is.
 */
export interface Identity {
    /**
     * The user.
     */
    user: User;
    /**
     * Whether the user has a password as well.
     */
    hasPassword: boolean;
    /**
     * Whether the user was created for that word.
     */
    isNew: boolean;
}

/**
 * Why a user's second factor was not imported, and the user left as is.
 */
export type NotImported = "profile" | "weak" | "unreadable" | "number" | "channel" | "full" | "nobody";

export interface AuthenticatorSelection {
    residentKey: "discouraged";
    userVerification: UserVerification;
}

export interface CredentialDescriptor {
    type: "public-key";
    id: string;
    /**
     * Absent if unknown: an empty list would stand for none.
     */
    transports?: string[];
}

export interface CredentialParameters {
    type: "public-key";
    alg: number;
}

export interface RelyingParty {
    id: string;
    name: string;
}

export interface UserEntity {
    /**
     * The user handle as base64url.
     */
    id: string;
    name: string;
    displayName: string;
}


/**
 * A ceremony under way.
 */
export class Flow {
    private constructor();
    free(): void;
    /**
     * Hands in the reply to the last effect and runs to the next. A reply that cannot be read counts as `failed`, and so does one with a
     * text over 1024 bytes outside of an account.
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
    call(name: Function, params: any, caller: Caller): Flow;
    /**
     * Prepares `beforeSave(_User)`.
     */
    changeUser(change: UserChange, caller: Caller): Flow;
    /**
     * Prepares `beforeDelete(_User)` for the user with this id. `ids_come_back` says whether a new user may bring an id along.
     */
    deleteUser(user: string, ids_come_back: boolean, caller: Caller): Flow;
    /**
     * Prepares `beforeLogin` for the user with this id, for whom these providers' words are presented.
     */
    nativeSignIn(user: string, presented: string[], caller: Caller): Flow;
    /**
     * Checks the settings and reads the keys. `keys` is as in `TWO_FACTOR_KEYS`, or none, and then codes are hashed under a key derived
     * from the master key. `asks_app` says whether the app has a function that says who needs a second factor. Throws an `Error` whose
     * message is for the operator.
     */
    constructor(settings: Settings, keys: string | null | undefined, master_key: string, asks_app: boolean);
    /**
     * Prepares a request of the provider's: the token in the address with the sealed code, if there is one, and names and values of what it
     * posts, one after the other.
     */
    providerCall(address: string[], signature: string, auth_tokens: string[], fields: string[], caller: Caller): Flow;
    /**
     * Prepares `requireStepUp`.
     */
    requireStepUp(caller: Caller): Flow;
    /**
     * Prepares `afterDelete(_User)`, as `deleteUser` before it.
     */
    userDeleted(user: string, ids_come_back: boolean, caller: Caller): Flow;
    /**
     * Prepares `afterSave(_User)`, with what the `beforeSave(_User)` before it answered.
     */
    userSaved(change: LetThrough, caller: Caller): Flow;
}

export function __wbg_reset_state(): void;

/**
 * Every limit at its default.
 */
export function defaultLimits(): Limit[];

/**
 * The Cloud functions to register.
 */
export function functions(): Function[];

/**
 * The ids of a ring in the form of `TWO_FACTOR_KEYS`, the writing one first. Throws if it cannot be read; the message shows none of it.
 */
export function keyIds(ring: string): string[];

/**
 * How much of a user hangs on which key, from the row of `TwoFactorAccount`.
 */
export function keyUse(account: any): KeyUse[];

/**
 * Generates a key: an entry for `TWO_FACTOR_KEYS`. Throws for an id that no ring takes.
 */
export function newKey(id: string): string;

/**
 * Opens the factors of this user that count, from the row of `TwoFactorAccount`, with a ring in the form of `TWO_FACTOR_KEYS`. Throws if one
 * of them cannot be read; the message shows none of it.
 */
export function openFactors(ring: string, user: string, account: any): OpenedFactor[];

/**
 * Every option that the core takes.
 */
export function optionGroups(): OptionGroup[];

/**
 * What an app's own sender may answer as `refused`. The first is handed in as the error code -1, the second as -2, the third as -3.
 */
export function ownRefusals(): string[];

/**
 * Reads a number as people write it: in E.164, or nothing where no code can be sent to it. For a look at numbers from outside.
 */
export function readNumber(text: string, default_country: string | null | undefined, countries: string[]): string | undefined;

/**
 * What the app's function `require` may answer.
 */
export function requirements(): Require[];

/**
 * Nothing to do at the start, but wasm-bindgen's `__wbg_reset_state` calls a start function without asking whether there is one.
 */
export function start(): void;

/**
 * The version of the core.
 */
export function version(): string;
