//! What TypeScript is told of the boundary beside the types that are Rust's own.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
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
"#;
