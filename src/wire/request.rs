//! Requests: the parameters of each function, parsed once.

use super::auth_data::AuthData;
use super::first_factor::{FirstFactor, Proof};
use super::forget::Forget;
use super::function::Function;
use super::import::Import;
use super::method::{Method, Wish};
use super::params::Params;
use super::refusal::Refusal;
use super::resend::Resend;
use super::reset::Reset;
use super::subject::Subject;
use crate::crypto::Secret;
use crate::id::FactorId;
use crate::policy::Channel;
use zeroize::Zeroizing;

/// What a client asks of a function.
#[derive(Debug)]
pub enum Request {
    /// `login`.
    Login(Login),
    /// `resendCode`.
    ResendCode(Resend),
    /// `twoFactorStatus`, of the caller or, with the master key, of this user.
    TwoFactorStatus {
        /// The user.
        of: Option<Subject>,
    },
    /// `enrollTwoFactor`.
    EnrollTwoFactor(Enroll),
    /// `confirmTwoFactor`.
    ConfirmTwoFactor(Confirm),
    /// `removeTwoFactor`.
    RemoveTwoFactor {
        /// The factor.
        factor: FactorId,
        /// Whether the user's other sessions are to end.
        end_other_sessions: bool,
    },
    /// `renameTwoFactor`.
    RenameTwoFactor {
        /// The factor.
        factor: FactorId,
        /// Its name from now on.
        label: String,
    },
    /// `newRecoveryCodes`.
    NewRecoveryCodes,
    /// `stepUp`.
    StepUp(StepUp),
    /// `forgetDevice`.
    ForgetDevice(Forget),
    /// `resetTwoFactor`.
    ResetTwoFactor(Reset),
    /// `importTwoFactor`.
    ImportTwoFactor(Import),
    /// `twoFactorHealth`.
    TwoFactorHealth,
}

/// The three forms of `login`.
#[derive(Debug)]
pub enum Login {
    /// The first call: the first factor alone.
    Begin {
        /// Who signs in.
        first: FirstFactor,
        /// What the client would like.
        wish: Wish,
        /// The token of a trusted browser.
        device: Option<Secret>,
    },
    /// The second call with the challenge that the first one answered.
    Answer {
        /// The challenge's token.
        challenge: Secret,
        /// What the user entered.
        response: Response,
        /// Whether the browser is to be trusted from now on.
        trust: bool,
    },
    /// The tutorial's second call: the first factor once more, and the code.
    Repeat {
        /// Who signs in.
        first: FirstFactor,
        /// What the user entered.
        response: Response,
        /// Whether the browser is to be trusted from now on.
        trust: bool,
    },
}

/// The two forms of `stepUp`.
#[derive(Debug)]
pub enum StepUp {
    /// Asks for a challenge.
    Begin {
        /// What the client would like.
        wish: Wish,
    },
    /// Answers it.
    Answer {
        /// The challenge's token.
        challenge: Secret,
        /// What the user entered.
        response: Response,
    },
}

/// What a client hands in, in answer to a challenge.
#[derive(Debug)]
pub enum Response {
    /// What the user typed.
    Code {
        /// The code, without the white space and the hyphens that it was typed with.
        code: Secret,
        /// The method that the client names.
        method: Option<Method>,
    },
    /// What an authenticator made, as the JSON text of a `PublicKeyCredential`.
    Credential(Secret),
}

/// What kind of factor to enroll.
#[derive(Debug)]
pub enum Enrollable {
    /// An authenticator app.
    App,
    /// A number that codes are sent to.
    Number {
        /// As it was written.
        number: Secret,
        /// How the first code travels.
        channel: Channel,
    },
    /// The user's e-mail address.
    Mailbox,
    /// A passkey or a security key.
    Passkey,
}

/// What to enroll.
#[derive(Debug)]
pub struct Enroll {
    /// What it is.
    pub what: Enrollable,
    /// The user's name for the factor.
    pub label: String,
    /// The first factor once more, which the first second factor needs.
    pub proof: Option<Proof>,
    /// The token of a sign-in that has to enroll first, in place of a session.
    pub enroll: Option<Secret>,
}

/// What confirms a factor.
#[derive(Debug)]
pub struct Confirm {
    /// The token of the enrollment.
    pub enrollment: Secret,
    /// The factor's first code.
    pub response: Response,
    /// Whether the user's other sessions are to end.
    pub end_other_sessions: bool,
}

impl Request {
    /// Parses the parameters of a function.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for a parameter that is missing or cannot be used.
    pub fn parse(function: Function, params: &Params<'_>) -> Result<Request, Refusal> {
        Ok(match function {
            Function::Login => Request::Login(Login::parse(params)?),
            Function::ResendCode => Request::ResendCode(Resend::parse(params)?),
            Function::TwoFactorStatus => Request::TwoFactorStatus { of: Subject::parse(params)? },
            Function::EnrollTwoFactor => Request::EnrollTwoFactor(Enroll::parse(params)?),
            Function::ConfirmTwoFactor => {
                let response = Response::parse(params, None)?;
                let enrollment = params.required("enrollment")?;
                let end_other_sessions = params.flag("endOtherSessions")?;
                Request::ConfirmTwoFactor(Confirm { enrollment, response, end_other_sessions })
            }
            Function::RemoveTwoFactor => {
                let factor = FactorId::from(&*params.required("factor")?);
                Request::RemoveTwoFactor { factor, end_other_sessions: params.flag("endOtherSessions")? }
            }
            Function::RenameTwoFactor => {
                let factor = FactorId::from(&*params.required("factor")?);
                let label = params.line("label")?.ok_or_else(|| Refusal::BadRequest("label is missing.".into()))?;
                Request::RenameTwoFactor { factor, label }
            }
            Function::NewRecoveryCodes => Request::NewRecoveryCodes,
            Function::StepUp => Request::StepUp(StepUp::parse(params)?),
            Function::ForgetDevice => Request::ForgetDevice(Forget::parse(params)?),
            Function::ResetTwoFactor => Request::ResetTwoFactor(Reset::parse(params)?),
            Function::ImportTwoFactor => Request::ImportTwoFactor(Import::parse(params)?),
            Function::TwoFactorHealth => Request::TwoFactorHealth,
        })
    }
}

impl Login {
    fn parse(params: &Params<'_>) -> Result<Login, Refusal> {
        let wish = Wish::parse(params)?;
        let (device, trust) = (params.optional("device")?, params.flag("trust")?);
        if let Some(auth_data) = AuthData::parse(params)? {
            AuthData::check_alone(params)?;
            return Ok(Login::Begin { first: FirstFactor::Provider(auth_data), wish, device });
        }
        if let Some(challenge) = params.optional("challenge")? {
            return Ok(Login::Answer { challenge, response: Response::parse(params, wish.method)?, trust });
        }
        Response::check_none(params)?;
        let first = FirstFactor::parse(params)?;
        Ok(match params.optional("code")? {
            Some(code) => Login::Repeat { first, response: Response::code(code, wish.method)?, trust },
            None => Login::Begin { first, wish, device },
        })
    }
}

impl StepUp {
    fn parse(params: &Params<'_>) -> Result<StepUp, Refusal> {
        let wish = Wish::parse(params)?;
        if let Some(challenge) = params.optional("challenge")? {
            return Ok(StepUp::Answer { challenge, response: Response::parse(params, wish.method)? });
        }
        Response::check_none(params)?;
        Ok(StepUp::Begin { wish })
    }
}

impl Response {
    /// The response to a challenge or an enrollment: `code` or `credential`, and never both.
    fn parse(params: &Params<'_>, method: Option<Method>) -> Result<Response, Refusal> {
        match (params.optional("code")?, params.json("credential")?) {
            (Some(code), None) => Response::code(code, method),
            (None, Some(credential)) if method.is_none_or(|method| method == Method::Webauthn) => {
                Ok(Response::Credential(credential))
            }
            (None, Some(_)) => Err(Refusal::BadRequest("With credential, method must be webauthn.".into())),
            (Some(_), Some(_)) => Err(Refusal::BadRequest("Send code or credential, not both.".into())),
            (None, None) => Err(Refusal::BadRequest("code or credential is missing.".into())),
        }
    }

    fn code(code: Secret, method: Option<Method>) -> Result<Response, Refusal> {
        match method {
            Some(Method::Webauthn) => Err(Refusal::BadRequest("With webauthn, send credential, not code.".into())),
            Some(Method::Sms | Method::Call | Method::Whatsapp | Method::Email | Method::Totp | Method::Recovery)
            | None => Ok(Response::Code { code: without_separators(&code), method }),
        }
    }

    /// A credential answers a challenge. Without one it would be left unread, and its sender would wait for a session.
    fn check_none(params: &Params<'_>) -> Result<(), Refusal> {
        match params.json("credential")? {
            None => Ok(()),
            Some(_) => Err(Refusal::BadRequest("challenge is missing: credential answers one.".into())),
        }
    }
}

/// A code without what people type between and around its characters: white space of any kind (Unicode's property White_Space) and hyphens
/// (U+002D, U+2010, U+2011). Nothing else is left out, and digits of other scripts stay what they are: they match nothing.
fn without_separators(typed: &str) -> Secret {
    let is_kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}' | '\u{2011}');
    // As long as what was typed, so that it never grows and leaves a copy in memory.
    let mut code = Zeroizing::new(String::with_capacity(typed.len()));
    code.extend(typed.chars().filter(is_kept));
    code.into()
}

impl Enroll {
    fn parse(params: &Params<'_>) -> Result<Enroll, Refusal> {
        let method = Method::parameter(params)?.filter(|method| *method != Method::Recovery);
        let refused = || Refusal::BadRequest("method must be webauthn, totp, sms, call, whatsapp or email.".into());
        let method = method.ok_or_else(refused)?;
        let label = params.line("label")?.unwrap_or_default();
        let what = match (method, method.channel()) {
            (Method::Email, _) => Enrollable::Mailbox,
            (_, Some(channel)) => Enrollable::Number { number: params.required("phoneNumber")?, channel },
            (Method::Webauthn, None) => Enrollable::Passkey,
            (_, None) => Enrollable::App,
        };
        Ok(Enroll { what, label, proof: Proof::parse(params)?, enroll: params.optional("enroll")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Param, ResetScope};

    fn parse(function: Function, params: &[(&str, &str)]) -> Result<Request, Refusal> {
        let get =
            |name: &str| params.iter().find(|(key, _)| *key == name).map_or(Param::Absent, |(_, text)| (*text).into());
        Request::parse(function, &Params::new(&get))
    }

    #[test]
    fn a_login_has_three_forms_and_a_challenge_goes_before_a_password() {
        let (name, password) = (("username", "ada"), ("password", "right"));
        let (challenge, code) = (("challenge", "token"), ("code", "123456"));
        let login = |params: &[(&str, &str)]| {
            let request = parse(Function::Login, params).map_err(|refusal| refusal.to_string())?;
            let Request::Login(login) = request else { panic!("{request:?}") };
            Ok::<Login, String>(login)
        };
        assert!(matches!(login(&[name, password]), Ok(Login::Begin { .. })));
        assert!(matches!(login(&[("email", "a@b.example"), password]), Ok(Login::Begin { .. })));
        assert!(matches!(login(&[name, password, code]), Ok(Login::Repeat { .. })));
        assert!(matches!(login(&[name, password, challenge, code]), Ok(Login::Answer { .. })));
        assert_eq!(login(&[challenge]).unwrap_err(), "code or credential is missing.");
        assert_eq!(login(&[name]).unwrap_err(), "password is missing.");
        assert_eq!(login(&[password]).unwrap_err(), "username or email is missing.");
        assert_eq!(
            login(&[name, password, ("method", "fax")]).unwrap_err(),
            "method must be webauthn, totp, sms, call, whatsapp, email or recovery."
        );
    }

    #[test]
    fn a_label_has_64_characters_at_most_and_none_that_controls() {
        let enroll = |label: &str| parse(Function::EnrollTwoFactor, &[("method", "totp"), ("label", label)]);
        assert!(matches!(enroll(&"é".repeat(64)), Ok(Request::EnrollTwoFactor(Enroll { what: Enrollable::App, .. }))));
        assert!(enroll(&"é".repeat(65)).is_err());
        assert!(enroll("Ada\u{7}").is_err());
    }

    #[test]
    fn a_number_is_asked_for_where_codes_go_to_it_and_recovery_cannot_be_enrolled() {
        let enroll = |params: &[(&str, &str)]| parse(Function::EnrollTwoFactor, params);
        assert!(enroll(&[("method", "sms")]).is_err());
        let sms = enroll(&[("method", "sms"), ("phoneNumber", "+15005550006")]);
        assert!(matches!(sms, Ok(Request::EnrollTwoFactor(Enroll { what: Enrollable::Number { .. }, .. }))));
        assert!(enroll(&[("method", "recovery")]).is_err());
        assert!(enroll(&[]).is_err());
    }

    #[test]
    fn a_reset_takes_the_factors_only_if_it_says_so() {
        let scope = |params: &[(&str, &str)]| {
            let Ok(Request::ResetTwoFactor(reset)) = parse(Function::ResetTwoFactor, params) else {
                return None;
            };
            reset.scope
        };
        assert_eq!(scope(&[("userId", "u")]), Some(ResetScope::UnderWay));
        assert_eq!(scope(&[("userId", "u"), ("scope", "factors")]), Some(ResetScope::Factors));
        assert_eq!(scope(&[("userId", "u"), ("scope", "number")]), Some(ResetScope::Number));
        assert_eq!(scope(&[("userId", "u"), ("scope", "all")]), None);
        assert_eq!(scope(&[("scope", "factors")]), None);
    }

    #[test]
    fn a_ticket_is_one_line_of_64_characters_at_most() {
        let reset = |ticket: &str| parse(Function::ResetTwoFactor, &[("userId", "u"), ("ticket", ticket)]);
        let Ok(Request::ResetTwoFactor(taken)) = reset("T-4711 by phone") else { panic!("it is refused") };
        assert_eq!(taken.ticket.as_deref(), Some("T-4711 by phone"));
        for bad in ["é".repeat(65), "T-1\nreset".into()] {
            assert!(matches!(reset(&bad), Err(Refusal::BadRequest(_))), "{bad}");
        }
    }
}
