//! The boundary to JavaScript: the only file that knows `JsValue`, and the only one that draws random bytes.

// What JavaScript reaches is exported, whatever Rust can reach.
#![allow(unreachable_pub, missing_docs)]

mod leaving;
mod messages;
mod names;
mod option_names;
mod plain;
mod read;
mod sizes;
mod types;
mod write;

use self::plain::is_plain;
use self::read::from_js;
use self::sizes::{is_short, provider_call, provider_names, user_id};
use self::write::to_js;
use crate::account::{Account, KeyUse};
use crate::caller::Caller;
use crate::crypto::{KeyRing, keys};
use crate::deployment::Deployment;
use crate::engine::{self, Effect, Random, Reply, Step};
use crate::policy::{Limit, Limits, Policy, Require, Settings};
use crate::protocol::user_change::UserChange;
use crate::time::Time;
use crate::wire::{Answer, Function, LONGEST, LONGEST_CREDENTIAL, LONGEST_LIST, LetThrough, Param, Params};
use crate::{Call, begin};
use getrandom::{SysRng, rand_core::UnwrapErr};
use js_sys::{Array, JSON, JsString, Object, Reflect};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

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
    #[wasm_bindgen(typescript_type = "Function")]
    pub type JsFunction;
    #[wasm_bindgen(typescript_type = "Function[]")]
    pub type JsFunctions;
    #[wasm_bindgen(typescript_type = "UserChange")]
    pub type JsUserChange;
    #[wasm_bindgen(typescript_type = "LetThrough")]
    pub type JsLetThrough;
    #[wasm_bindgen(typescript_type = "Require[]")]
    pub type JsRequirements;
    #[wasm_bindgen(typescript_type = "Limit[]")]
    pub type JsLimits;
    #[wasm_bindgen(typescript_type = "KeyUse[]")]
    pub type JsKeyUses;
}

/// Nothing to do at the start, but wasm-bindgen's `__wbg_reset_state` calls a start function without asking whether there is one.
#[wasm_bindgen(start)]
fn start() {}

/// The version of the core.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// The Cloud functions to register.
#[wasm_bindgen]
pub fn functions() -> JsFunctions {
    to_js(&Function::ALL).unchecked_into()
}

/// What the app's function `require` may answer.
#[wasm_bindgen]
pub fn requirements() -> JsRequirements {
    to_js(&Require::ALL).unchecked_into()
}

/// Generates a key: an entry for `TWO_FACTOR_KEYS`. Throws for an id that no ring takes.
#[wasm_bindgen(js_name = newKey)]
pub fn new_key(id: &str) -> Result<String, JsError> {
    Ok(keys::generate_key(id, &mut UnwrapErr(SysRng))?.to_string())
}

/// The ids of a ring in the form of `TWO_FACTOR_KEYS`, the writing one first. Throws if it cannot be read; the message shows none of it.
#[wasm_bindgen(js_name = keyIds)]
pub fn key_ids(ring: String) -> Result<Vec<String>, JsError> {
    let ring = Zeroizing::new(ring);
    Ok(KeyRing::parse(&ring)?.ids().map(ToString::to_string).collect())
}

/// How much of a user hangs on which key, from the row of `TwoFactorAccount`.
#[wasm_bindgen(js_name = keyUse)]
pub fn key_use(account: &JsValue) -> Result<JsKeyUses, JsError> {
    let account: Account = from_js(account).map_err(|e| JsError::new(&format!("The account cannot be read: {e}")))?;
    let uses: Vec<KeyUse> = account.key_use();
    Ok(to_js(&uses).unchecked_into())
}

/// Every limit at its default.
#[wasm_bindgen(js_name = defaultLimits)]
pub fn default_limits() -> JsLimits {
    let table: Vec<Limit> = Limits::default().table();
    to_js(&table).unchecked_into()
}

/// The core of one deployment.
#[wasm_bindgen]
pub struct TwoFactor(Rc<Deployment>);

#[wasm_bindgen]
impl TwoFactor {
    /// Checks the settings and reads the keys. `keys` is as in `TWO_FACTOR_KEYS`, or none, and then codes are hashed under a key derived
    /// from the master key. `asks_app` says whether the app has a function that says who needs a second factor. Throws an `Error` whose
    /// message is for the operator.
    #[wasm_bindgen(constructor)]
    pub fn new(
        settings: &JsSettings,
        keys: Option<String>,
        master_key: String,
        asks_app: bool,
    ) -> Result<TwoFactor, JsError> {
        let keys = keys.map(Zeroizing::new);
        let master_key = Zeroizing::new(master_key);
        let settings = self::settings(settings)?;
        let keys = match keys.filter(|k| !k.is_empty()) {
            Some(ring) => KeyRing::parse(&ring)?,
            None => KeyRing::from_master_key(&master_key)?,
        };
        let policy = Policy::new(settings)?;
        policy.check_keys(&keys)?;
        Ok(TwoFactor(Rc::new(Deployment::new(policy, keys, asks_app).with_names()?)))
    }

    /// Prepares a call of a Cloud function. `params` may be anything at all.
    pub fn call(&self, name: &JsFunction, params: &JsValue, caller: &JsCaller) -> Result<Flow, JsError> {
        let name: &JsValue = name;
        let function = name.as_string().and_then(|name| Function::named(&name));
        let function = function.ok_or_else(|| JsError::new("There is no such function."))?;
        let get = |name: &str| param(params, name);
        self.flow(Some(Call::function(function, &Params::new(&get))), caller)
    }

    /// Prepares a request of the provider's: the token in the address with the sealed code, if there is one, and names and values of what it
    /// posts, one after the other.
    #[wasm_bindgen(js_name = providerCall)]
    pub fn provider_call(
        &self,
        address: Vec<JsString>,
        signature: &JsString,
        auth_tokens: Vec<JsString>,
        fields: Vec<JsString>,
        caller: &JsCaller,
    ) -> Result<Flow, JsError> {
        self.flow(provider_call(&address, signature, &auth_tokens, &fields).map(Call::Provider), caller)
    }

    /// Prepares `requireStepUp`.
    #[wasm_bindgen(js_name = requireStepUp)]
    pub fn require_step_up(&self, caller: &JsCaller) -> Result<Flow, JsError> {
        self.flow(Some(Call::RequireStepUp), caller)
    }

    /// Prepares `beforeLogin` for the user with this id, for whom these providers' words are presented.
    #[wasm_bindgen(js_name = nativeSignIn)]
    pub fn native_sign_in(
        &self,
        user: &JsString,
        presented: Vec<JsString>,
        caller: &JsCaller,
    ) -> Result<Flow, JsError> {
        let call = user_id(user).zip(provider_names(&presented));
        self.flow(call.map(|(user, presented)| Call::NativeSignIn { user, presented }), caller)
    }

    /// Prepares `beforeSave(_User)`.
    #[wasm_bindgen(js_name = changeUser)]
    pub fn change_user(&self, change: &JsUserChange, caller: &JsCaller) -> Result<Flow, JsError> {
        if !is_short(change) {
            return self.flow(None, caller);
        }
        let change: UserChange =
            from_js(change).map_err(|e| JsError::new(&format!("The change cannot be read: {e}")))?;
        self.flow(Some(Call::ChangeUser(change)), caller)
    }

    /// Prepares `afterSave(_User)`, with what the `beforeSave(_User)` before it answered.
    #[wasm_bindgen(js_name = userSaved)]
    pub fn user_saved(&self, change: &JsLetThrough, caller: &JsCaller) -> Result<Flow, JsError> {
        if !is_short(change) {
            return self.flow(None, caller);
        }
        let change: LetThrough =
            from_js(change).map_err(|e| JsError::new(&format!("The change cannot be read: {e}")))?;
        self.flow(Some(Call::UserSaved(change)), caller)
    }

    /// Prepares `beforeDelete(_User)` for the user with this id. `ids_come_back` says whether a new user may bring an id along.
    #[wasm_bindgen(js_name = deleteUser)]
    pub fn delete_user(&self, user: &JsString, ids_come_back: bool, caller: &JsCaller) -> Result<Flow, JsError> {
        self.flow(user_id(user).map(|user| Call::DeleteUser { user, ids_come_back }), caller)
    }

    /// Prepares `afterDelete(_User)`, as `deleteUser` before it.
    #[wasm_bindgen(js_name = userDeleted)]
    pub fn user_deleted(&self, user: &JsString, ids_come_back: bool, caller: &JsCaller) -> Result<Flow, JsError> {
        self.flow(user_id(user).map(|user| Call::UserDeleted { user, ids_come_back }), caller)
    }

    /// Prepares a call; `None` for one that brings something too long to be read.
    fn flow(&self, call: Option<Call>, caller: &JsCaller) -> Result<Flow, JsError> {
        let Some(call) = call.filter(|_| is_short(caller)) else {
            let random: Random = Box::new(UnwrapErr(SysRng));
            let flow = begin(Call::TooLong, self.0.clone(), Caller::default(), random);
            return Ok(Flow { flow, deployment: self.0.clone() });
        };
        let caller: Caller = from_js(caller).map_err(|e| JsError::new(&format!("The caller cannot be read: {e}")))?;
        let random: Random = Box::new(UnwrapErr(SysRng));
        Ok(Flow { flow: begin(call, self.0.clone(), caller, random), deployment: self.0.clone() })
    }
}

/// A ceremony under way.
#[wasm_bindgen]
pub struct Flow {
    flow: engine::Flow<Answer>,
    deployment: Rc<Deployment>,
}

#[wasm_bindgen]
impl Flow {
    /// Runs to the first effect. `now` is milliseconds since 1970.
    pub fn start(&mut self, now: f64) -> JsStep {
        step(&self.flow.start(time(now)), &self.deployment)
    }

    /// Hands in the reply to the last effect and runs to the next. A reply that cannot be read counts as `failed`, and so does one with a
    /// text over 1024 bytes outside of an account.
    pub fn resume(&mut self, reply: &JsReply, now: f64) -> JsStep {
        let reply = match is_short(reply) {
            true => from_js(reply).unwrap_or(Reply::Failed),
            false => Reply::Failed,
        };
        step(&self.flow.resume(reply, time(now)), &self.deployment)
    }
}

/// JavaScript's clock. A float becomes the nearest whole number of the type, whatever it is.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn time(now: f64) -> Time {
    Time::from_millis(now as u64)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum StepOut<'a> {
    Effect(&'a Effect),
    Answer(&'a Answer),
    Refusal { code: i32, message: String },
}

fn step(step: &Step<Answer>, deployment: &Deployment) -> JsStep {
    let out = match step {
        Step::Do(effect) => StepOut::Effect(effect),
        Step::Done(Ok(answer)) => StepOut::Answer(answer),
        Step::Done(Err(refusal)) => {
            StepOut::Refusal { code: refusal.code(), message: deployment.names.sentence(refusal) }
        }
    };
    to_js(&out).unchecked_into()
}

/// Reads one parameter, or by `outer.inner` one of an object that stands in a parameter's place. A getter or proxy that throws reads as
/// something that no call takes.
fn param(params: &JsValue, name: &str) -> Param {
    if !params.is_object() {
        return Param::Absent;
    }
    if let Some((outer, inner)) = name.split_once('.') {
        return Reflect::get(params, &outer.into()).map_or(Param::Other, |outer| param(&outer, inner));
    }
    let Ok(value) = Reflect::get(params, &name.into()) else { return Param::Other };
    if value.is_undefined() || value.is_null() {
        return Param::Absent;
    }
    match name {
        "authData" => plain(&value),
        // Parse has made an object of its SDK of a pointer.
        "object" | "payload" | "formData" => object(&value),
        "credential" => json(&value),
        "methods" => list(&value),
        "endOtherSessions" | "trust" | "all" | "dryRun" => value.as_bool().map_or(Param::Other, Param::Flag),
        _ => text(&value, LONGEST),
    }
}

fn text(value: &JsValue, longest: usize) -> Param {
    match value.dyn_ref::<JsString>() {
        // A text has no fewer bytes than UTF-16 units, and memory that was needed once is never given back.
        Some(text) if text.length() as usize > longest => Param::TooLong,
        Some(text) => Param::Text(String::from(text).into()),
        None => Param::Other,
    }
}

/// An object as its JSON text, or a text as it is. What cannot be written (rings, getters that throw) reads as something that no call takes.
fn json(value: &JsValue) -> Param {
    if !value.is_object() {
        return text(value, LONGEST_CREDENTIAL);
    }
    match JSON::stringify(value) {
        Ok(json) => text(&json, LONGEST_CREDENTIAL),
        Err(_) => Param::Other,
    }
}

fn object(value: &JsValue) -> Param {
    if value.is_object() { json(value) } else { Param::Other }
}

/// An object of plain JSON as its text.
fn plain(value: &JsValue) -> Param {
    let read = object(value);
    // Only one that is not too long is looked through.
    if matches!(read, Param::Text(_)) && !is_plain(value) { Param::Other } else { read }
}

fn list(value: &JsValue) -> Param {
    let Some(list) = value.dyn_ref::<Array>() else { return Param::Other };
    if list.length() as usize > LONGEST_LIST {
        return Param::TooLong;
    }
    let mut texts = Vec::new();
    for place in 0..list.length() {
        // By `Reflect`, since an element may be a getter that throws.
        let Ok(element) = Reflect::get_u32(list, place) else { return Param::Other };
        let Param::Text(element) = text(&element, LONGEST) else { return Param::Other };
        texts.push(element);
    }
    Param::List(texts)
}

/// Options that are groups of options.
const GROUPS: [&str; 5] = ["limits", "webauthn", "trustedDevices", "functions", "verify"];

/// Reads the settings. An option that is `undefined` counts as left out, and one whose value cannot be read is refused by its name.
/// JavaScript refuses unknown names, which serde would ignore: it knows them from [`option_names::option_groups`].
fn settings(given: &JsValue) -> Result<Settings, JsError> {
    for (key, value) in entries(given) {
        if GROUPS.contains(&&*key) {
            for (name, value) in entries(&value) {
                readable(&one(&key, &one(&name, &value)), &format!("{key}.{name}"))?;
            }
        }
        readable(&one(&key, &value), &key)?;
    }
    readable(given, "")
}

fn entries(object: &JsValue) -> Vec<(String, JsValue)> {
    let Some(object) = object.dyn_ref::<Object>() else { return Vec::new() };
    let read = |key: JsValue| (key.as_string().unwrap_or_default(), Reflect::get(object, &key).unwrap_or_default());
    Object::keys(object).iter().map(read).collect()
}

/// An object with one entry.
fn one(key: &str, value: &JsValue) -> JsValue {
    Object::from_entries(&Array::of1(&Array::of2(&key.into(), value))).map(JsValue::from).unwrap_or_default()
}

/// Reads settings, of which this option is the one that may be wrong.
fn readable(settings: &JsValue, name: &str) -> Result<Settings, JsError> {
    from_js(settings).map_err(|e| JsError::new(&format!("The option {name} cannot be read: {e}.")))
}
