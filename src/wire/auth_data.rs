//! A provider's word, as Parse takes it: `authData` with exactly one provider.

use super::params::Params;
use super::refusal::Refusal;
use crate::crypto::Secret;
use crate::factor::webauthn::Error;
use crate::factor::webauthn::json::{self, Reader};
use crate::id::ProviderName;

/// What a client hands in of a provider. Parse's adapter decides whether it is right; this is its form alone.
#[derive(Debug)]
pub struct AuthData {
    /// The provider.
    pub provider: ProviderName,
    /// The whole parameter as JSON: the provider's name, and under it what the adapter takes, tokens among it.
    pub json: Secret,
}

/// In characters: longer than the name of any adapter.
const LONGEST_NAME: usize = 64;

/// What cannot stand beside `authData`. Parse would take some of it for another sign-in, and the rest would be left unread.
const NOT_BESIDE: [&str; 5] = ["username", "email", "password", "code", "challenge"];

impl AuthData {
    /// The parameter `authData`, which may be left out.
    ///
    /// Exactly one provider: Parse would link a second one to the user whom it finds by the first, and take `null` for an unlinking, both
    /// before any second factor. Its adapters get plain JSON: an `id` that is no text would become part of a query on Parse Server 5 to 7.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for anything else.
    pub(super) fn parse(params: &Params<'_>) -> Result<Option<AuthData>, Refusal> {
        let Some(json) = params.object("authData")? else { return Ok(None) };
        let provider = provider_of(&json).ok_or_else(|| {
            Refusal::BadRequest(
                "authData must hold exactly one provider, such as {\"google\": {\"id\": \"…\"}}.".into(),
            )
        })?;
        Ok(Some(AuthData { provider, json }))
    }

    /// Checks that no other way to sign in stands beside it.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`].
    pub(super) fn check_alone(params: &Params<'_>) -> Result<(), Refusal> {
        for name in NOT_BESIDE {
            if params.optional(name)?.is_some() {
                return Err(Refusal::BadRequest(format!("Send authData or {name}, not both.")));
            }
        }
        match params.json("credential")? {
            None => Ok(()),
            Some(_) => Err(Refusal::BadRequest("Send authData or credential, not both.".into())),
        }
    }
}

/// The one provider of this text. `None` if it has not the form of one provider's word.
fn provider_of(text: &str) -> Option<ProviderName> {
    let mut names = Vec::new();
    json::object(text, "", &mut |name, reader| {
        names.push(name.to_owned());
        reader.object(&mut |name, reader| match (name, reader.first_byte()) {
            ("id", Some(b'"')) => plain(reader),
            ("id", _) => Err(ODD),
            _ => check_name(name).and_then(|()| plain(reader)),
        })
    })
    .ok()?;
    match names.as_slice() {
        [name] if is_provider_name(name) => Some(name.as_str().into()),
        _ => None,
    }
}

fn is_provider_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

const ODD: Error = Error::Malformed("no plain JSON");

/// Names such as `__type` and `__op` mean something to Parse. No database can store a NUL.
fn check_name(name: &str) -> Result<(), Error> {
    if name.starts_with("__") || name.bytes().any(|byte| byte == 0) { Err(ODD) } else { Ok(()) }
}

/// Reads a value in which no name means anything to Parse, and no text has a NUL.
fn plain(reader: &mut Reader<'_>) -> Result<(), Error> {
    match reader.first_byte() {
        Some(b'{') => reader.object(&mut |name, reader| check_name(name).and_then(|()| plain(reader))),
        Some(b'[') => reader.array(&mut plain),
        Some(b'"') => match reader.string()?.bytes().any(|byte| byte == 0) {
            true => Err(ODD),
            false => Ok(()),
        },
        _ => reader.skip(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{LONGEST_CREDENTIAL, Param};

    fn parse(auth_data: Param) -> Result<Option<String>, i32> {
        let get = |_: &str| auth_data.clone();
        let parsed = AuthData::parse(&Params::new(&get)).map_err(|refusal| refusal.code())?;
        Ok(parsed.map(|data| data.provider.to_string()))
    }

    #[test]
    fn one_provider_is_taken_with_whatever_its_adapter_takes() {
        for (text, name) in [
            (r#"{"google": {"id": "1", "id_token": "a.b.c"}}"#, "google"),
            (r#"{"gpgames": {"code": "c", "redirect_uri": "https://example.com"}}"#, "gpgames"),
            (r#"{"mine_2": {"id": "", "deep": [{"$x": [1, -2.5e3, true, null]}]}}"#, "mine_2"),
            (r#"{"x": {}}"#, "x"),
        ] {
            assert_eq!(parse(text.into()), Ok(Some(name.into())), "{text}");
        }
        assert_eq!(parse(Param::Absent), Ok(None));
    }

    #[test]
    fn what_is_not_exactly_one_providers_word_is_refused() {
        for text in [
            "",
            "{}",
            "[]",
            "null",
            r#""google""#,
            r#"{"google": null}"#,
            r#"{"google": "token"}"#,
            r#"{"google": [{"id": "1"}]}"#,
            r#"{"google": {"id": "1"}, "apple": {"id": "2"}}"#,
            r#"{"google": {"id": "1"}, "apple": null}"#,
            r#"{"google": {"id": "1"}, "google": {"id": "2"}}"#,
            r#"{"google": {"id": {"$ne": null}}}"#,
            r#"{"google": {"id": 1}}"#,
            r#"{"google": {"id": null}}"#,
            r#"{"google": {"id": "1\u0000"}}"#,
            r#"{"google": {"id": "1", "deep": ["\u0000"]}}"#,
            r#"{"google": {"id": "1", "a\u0000": 1}}"#,
            r#"{"google": {"id": "1", "file": {"__type": "File", "name": "x"}}}"#,
            r#"{"google": {"id": "1", "__op": "Delete"}}"#,
            r#"{"": {"id": "1"}}"#,
            r#"{"1google": {"id": "1"}}"#,
            r#"{"_google": {"id": "1"}}"#,
            r#"{"goo.gle": {"id": "1"}}"#,
            r#"{"göögle": {"id": "1"}}"#,
            r#"{"google": {"id": "1"}"#,
            r#"{"google": {"id": "1"}} more"#,
        ] {
            assert_eq!(parse(text.into()), Err(4021), "{text}");
        }
        for param in [Param::Other, Param::TooLong, Param::List(Vec::new())] {
            assert_eq!(parse(param), Err(4021));
        }
    }

    #[test]
    fn a_word_of_sixteen_kibibytes_is_taken_and_a_longer_one_refused() {
        let of = |bytes: usize| {
            let (before, after) = (r#"{"x":{"t":""#, r#""}}"#);
            format!("{before}{}{after}", "t".repeat(bytes - before.len() - after.len()))
        };
        assert_eq!(parse((&*of(LONGEST_CREDENTIAL)).into()), Ok(Some("x".into())));
        assert_eq!(parse((&*of(LONGEST_CREDENTIAL + 1)).into()), Err(4021));
        let name = |length: usize| format!(r#"{{"{}":{{}}}}"#, "x".repeat(length));
        assert!(parse((&*name(LONGEST_NAME)).into()).is_ok());
        assert_eq!(parse((&*name(LONGEST_NAME + 1)).into()), Err(4021));
    }

    #[test]
    fn nothing_that_signs_in_otherwise_stands_beside_it() {
        let alone = |beside: &str| {
            let get = |name: &str| if name == beside { Param::from("x") } else { Param::Absent };
            AuthData::check_alone(&Params::new(&get)).map_err(|refusal| refusal.code())
        };
        for beside in NOT_BESIDE.into_iter().chain(["credential"]) {
            assert_eq!(alone(beside), Err(4021), "{beside}");
        }
        for beside in ["method", "device"] {
            assert_eq!(alone(beside), Ok(()), "{beside}");
        }
    }
}
