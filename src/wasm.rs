//! The boundary to JavaScript: the only file that knows `JsValue`, and the only one that draws random bytes.

use crate::Call;
use crate::account::Account;
use crate::ceremony::{Answer, Caller, Core};
use crate::effect::Reply;
use crate::engine::{self, Random, Step};
use crate::keys::{self, KeyRing};
use crate::params::{LONGEST, Param, Params};
use crate::policy::{Limits, Policy, Settings};
use crate::refusal::Refusal;
use getrandom::{SysRng, rand_core::UnwrapErr};
use js_sys::{Array, JsString, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
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
"#;

#[wasm_bindgen]
extern "C" {
    /// A [`Step`] as JavaScript sees it.
    #[wasm_bindgen(typescript_type = "Step")]
    pub type JsStep;
    #[wasm_bindgen(typescript_type = "Reply")]
    pub type JsReply;
    #[wasm_bindgen(typescript_type = "Settings")]
    pub type JsSettings;
    #[wasm_bindgen(typescript_type = "Caller")]
    pub type JsCaller;
    #[wasm_bindgen(typescript_type = "FunctionName")]
    pub type JsFunctionName;
    #[wasm_bindgen(typescript_type = "Limit[]")]
    pub type JsLimits;
    #[wasm_bindgen(typescript_type = "KeyUse[]")]
    pub type JsKeyUses;
}

/// Nothing to do at the start, but wasm-bindgen's `__wbg_reset_state` calls a start function without asking whether there is one.
#[wasm_bindgen(start)]
fn start() {}

/// Draws a key: an entry for `TWO_FACTOR_KEYS`. Throws for an id that no ring takes.
#[wasm_bindgen(js_name = newKey)]
pub fn new_key(id: &str) -> Result<String, JsError> {
    Ok(keys::draw(id, &mut UnwrapErr(SysRng))?.to_string())
}

/// The ids of a ring in the form of `TWO_FACTOR_KEYS`, the writing one first. Throws if it cannot be read; the message shows none of it.
#[wasm_bindgen(js_name = keyIds)]
pub fn key_ids(ring: String) -> Result<Vec<String>, JsError> {
    let ring = Zeroizing::new(ring);
    Ok(KeyRing::parse(&ring)?.ids().map(str::to_owned).collect())
}

/// What of a user's hangs on which key, from the row of `TwoFactorAccount`.
#[wasm_bindgen(js_name = keyUse)]
pub fn key_use(account: &JsValue) -> Result<JsKeyUses, JsError> {
    let account: Account = serde_wasm_bindgen::from_value(account.clone())
        .map_err(|e| JsError::new(&format!("The account cannot be read: {e}")))?;
    Ok(to_js(&account.key_use()).unchecked_into())
}

/// Every limit at its default.
#[wasm_bindgen(js_name = defaultLimits)]
pub fn default_limits() -> JsLimits {
    to_js(&Limits::default().table()).unchecked_into()
}

fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).expect("only text, numbers, lists and maps are handed out")
}

/// The core of one deployment.
#[wasm_bindgen]
pub struct TwoFactor(Rc<Core>);

#[wasm_bindgen]
impl TwoFactor {
    /// Checks the settings and reads the keys: `keys` as in `TWO_FACTOR_KEYS`, or none, and then codes are hashed under a key
    /// derived from the master key. Throws an `Error` whose message is for the operator.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &JsSettings, keys: Option<String>, master_key: String) -> Result<TwoFactor, JsError> {
        let keys = keys.map(Zeroizing::new);
        let master_key = Zeroizing::new(master_key);
        let settings: Settings = serde_wasm_bindgen::from_value(given_settings(settings, "")?)
            .map_err(|e| JsError::new(&format!("The options cannot be read: {e}.")))?;
        let keys = match keys.filter(|k| !k.is_empty()) {
            Some(ring) => KeyRing::parse(&ring)?,
            None => KeyRing::from_master_key(&master_key)?,
        };
        Ok(TwoFactor(Rc::new(Core::new(Policy::new(settings)?, keys))))
    }

    /// Prepares a call of a Cloud function. `params` may be anything at all.
    pub fn call(&self, name: &JsFunctionName, params: &JsValue, caller: &JsCaller) -> Result<Flow, JsError> {
        let name: &JsValue = name;
        let params = read_params(params);
        let call = match name.as_string().as_deref() {
            Some("login") => Call::Login(params),
            Some("resendCode") => Call::ResendCode(params),
            Some("twoFactorStatus") => Call::TwoFactorStatus(params),
            Some("enrollTwoFactor") => Call::EnrollTwoFactor(params),
            Some("confirmTwoFactor") => Call::ConfirmTwoFactor(params),
            Some("removeTwoFactor") => Call::RemoveTwoFactor(params),
            Some("newRecoveryCodes") => Call::NewRecoveryCodes,
            Some("stepUp") => Call::StepUp(params),
            Some("resetTwoFactor") => Call::ResetTwoFactor(params),
            Some("twoFactorHealth") => Call::TwoFactorHealth,
            Some("requireStepUp") => Call::RequireStepUp,
            _ => return Err(JsError::new("There is no such function.")),
        };
        self.flow(call, caller)
    }

    /// Prepares `beforeLogin` for the user with this id.
    #[wasm_bindgen(js_name = nativeSignIn)]
    pub fn native_sign_in(&self, user: String, caller: &JsCaller) -> Result<Flow, JsError> {
        self.flow(Call::NativeSignIn { user }, caller)
    }

    /// Prepares `beforeSave(_User)`: the user's id unless new, the new number if it changes (empty when removed), and whether the
    /// password or the sender (`From`) changes.
    #[wasm_bindgen(js_name = changeUser)]
    pub fn change_user(
        &self,
        user: Option<String>,
        phone_number: Option<String>,
        password: bool,
        sender: bool,
        caller: &JsCaller,
    ) -> Result<Flow, JsError> {
        let call = Call::ChangeUser { user, phone_number, password, sender };
        self.flow(call, caller)
    }

    fn flow(&self, call: Call, caller: &JsCaller) -> Result<Flow, JsError> {
        let caller: Caller = serde_wasm_bindgen::from_value(caller.into())
            .map_err(|e| JsError::new(&format!("The caller cannot be read: {e}")))?;
        let random: Random = Box::new(UnwrapErr(SysRng));
        Ok(Flow(crate::call(call, self.0.clone(), caller, random)))
    }
}

/// A ceremony under way.
#[wasm_bindgen]
pub struct Flow(engine::Flow<Answer>);

#[wasm_bindgen]
impl Flow {
    /// Runs to the first effect. `now` is milliseconds since 1970.
    pub fn start(&mut self, now: f64) -> JsStep {
        step(self.0.start(now as u64))
    }

    /// Hands in the reply to the last effect and runs to the next. A reply that cannot be read counts as `failed`.
    pub fn resume(&mut self, reply: &JsReply, now: f64) -> JsStep {
        let reply = serde_wasm_bindgen::from_value(reply.into()).unwrap_or(Reply::Failed);
        step(self.0.resume(reply, now as u64))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum StepOut<'a> {
    Effect(&'a crate::effect::Effect),
    Answer(&'a Answer),
    Refusal { code: i32, message: String },
}

fn step(step: Step<Answer>) -> JsStep {
    let out = match &step {
        Step::Do(effect) => StepOut::Effect(effect),
        Step::Done(Ok(answer)) => StepOut::Answer(answer),
        Step::Done(Err(refusal)) => refusal_out(refusal),
    };
    to_js(&out).unchecked_into()
}

fn refusal_out(refusal: &Refusal) -> StepOut<'static> {
    StepOut::Refusal { code: refusal.code(), message: refusal.to_string() }
}

/// Reads what is there of the known parameters. A getter or proxy that throws reads as something no call takes.
fn read_params(params: &JsValue) -> Params {
    Params::read(|name| {
        if !params.is_object() {
            return Param::Absent;
        }
        match Reflect::get(params, &name.into()) {
            Ok(value) if value.is_undefined() || value.is_null() => Param::Absent,
            Ok(value) => match value.dyn_ref::<JsString>() {
                // A text has no fewer bytes than UTF-16 units, and memory that was needed once is never given back.
                Some(text) if text.length() as usize > LONGEST => Param::TooLong,
                Some(text) => Param::Text(Zeroizing::new(text.into())),
                None => Param::Other,
            },
            Err(_) => Param::Other,
        }
    })
}

/// The settings that are given, without those that are `undefined`.
///
/// Refuses one that is misspelt, which serde would not see: of a JavaScript object it reads the known fields only. And one that cannot
/// be read, by its name. What is known is what the defaults have.
fn given_settings(settings: &JsValue, under: &str) -> Result<JsValue, JsError> {
    let defaults = Settings::default().serialize(&Serializer::json_compatible()).unwrap_or_default();
    let known = match under {
        "" => defaults,
        _ => Reflect::get(&defaults, &"limits".into()).unwrap_or_default(),
    };
    let Some(object) = settings.dyn_ref::<Object>() else {
        return Ok(settings.clone());
    };
    let given = Array::new();
    for key in Object::keys(object) {
        let name = format!("{under}{}", key.as_string().unwrap_or_default());
        if !known.dyn_ref::<Object>().is_some_and(|known| Object::has_own(known, &key)) {
            return Err(JsError::new(&format!("There is no option {name}.")));
        }
        let mut value = Reflect::get(settings, &key).unwrap_or_default();
        if value.is_undefined() {
            continue;
        }
        if name == "limits" {
            value = given_settings(&value, "limits.")?;
        }
        let entry = Array::of2(&key, &value);
        let mut alone = from_entries(&Array::of1(&entry));
        if !under.is_empty() {
            alone = from_entries(&Array::of1(&Array::of2(&"limits".into(), &alone)));
        }
        serde_wasm_bindgen::from_value::<Settings>(alone)
            .map_err(|e| JsError::new(&format!("The option {name} cannot be read: {e}.")))?;
        given.push(&entry);
    }
    Ok(from_entries(&given))
}

fn from_entries(entries: &Array) -> JsValue {
    Object::from_entries(entries).map(JsValue::from).unwrap_or_default()
}
