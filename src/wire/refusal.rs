//! Every way in which a ceremony says no.

use super::function::Function;
use core::fmt;

/// A refusal as the client sees it: a stable code and a sentence.
///
/// Codes from 4010 up are ours; 101 and 141 are Parse's own, kept because the clients of the tutorial already know them.
/// No variant carries a secret, a whole phone number or a provider's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What Parse Server, or the app's own trigger, answered: passed on as it is.
    Parse {
        /// Parse's code.
        code: i32,
        /// Parse's sentence.
        message: String,
    },
    /// Unknown user or wrong password, or a user that Parse does not let in: the same answer for all of them
    /// (ASVS 5.0 §6.3.8: no enumeration of users).
    Credentials,
    /// The code that came with the password does not match. Code and text are the tutorial's.
    WrongCode,
    /// The code does not match that came in answer to a challenge or an enrollment.
    WrongAnswer {
        /// How many more answers to it are looked at.
        left: u32,
    },
    /// An authenticator app's code that was accepted before: its step is not later than the last one used (RFC 6238 §5.2).
    CodeUsed,
    /// The passkey's answer is not right.
    WrongCredential {
        /// How many more answers to this challenge are looked at.
        left: u32,
    },
    /// The passkey's answer is right, but a page asked for it that is not among those of this app.
    WrongOrigin(String),
    /// This app has it off.
    Off(String),
    /// A sign-in that would go around the second factor.
    NativeSignIn {
        /// Whether `login` takes a provider's word.
        takes_words: bool,
    },
    /// A sign-in, by another way than `login`, of a user who has to enroll a second factor first.
    NativeEnrollment {
        /// Whether `login` takes a provider's word.
        takes_words: bool,
    },
    /// The code, or the challenge with it, is older than its lifetime (NIST SP 800-63B-4 §3.1.3.2).
    CodeExpired,
    /// The challenge does not exist, was used, or belongs to somebody else.
    ChallengeUnknown,
    /// The challenge has had all its attempts.
    TooManyWrongCodes,
    /// The next code may be asked for in this many seconds.
    ResendTooSoon {
        /// How long to wait.
        seconds: u64,
    },
    /// A limit on codes or attempts is reached (ASVS 5.0 §6.6.3).
    TooMany {
        /// How long it takes until there is room again.
        seconds: u64,
    },
    /// The password was changed within a day, so no code goes by mail and none is taken.
    MailRests {
        /// How long it lasts.
        seconds: u64,
    },
    /// There is no second factor to use, or not the one that was asked for.
    NoFactor,
    /// The last second factor stays, since everyone needs one.
    LastFactor,
    /// There are as many factors as a user can have.
    TooManyFactors(usize),
    /// The phone number cannot be read, or its country is not allowed.
    PhoneUnusable,
    /// The provider did not take the message. It counts as one of the user's, and no code was used up.
    NotSent,
    /// What can be guessed is disabled after too many failures in a row (NIST SP 800-63B-4 §3.2.2). A passkey or a recovery code still works.
    Disabled,
    /// The provider reaches this number not before somebody changes something.
    Unreachable,
    /// The call needs a recent step-up.
    StepUpRequired,
    /// A parameter is missing or of the wrong type.
    BadRequest(String),
    /// The store or the engine failed half-way. Nothing was opened; asking again is right.
    TryAgain,
    /// The operator has to configure something first; the sentence says what.
    NotConfigured(String),
}

impl Refusal {
    /// That the option `columns` cannot be gone by.
    pub(crate) fn columns() -> Refusal {
        Refusal::NotConfigured(
            "The operator has to correct the option columns first: the server's log and parse-two-factor doctor say what is wrong.".into(),
        )
    }

    /// The stable code, an integer that becomes the `code` of the `Parse.Error`.
    pub fn code(&self) -> i32 {
        match self {
            Refusal::Parse { code, .. } => *code,
            Refusal::Credentials => 101,
            Refusal::WrongCode => 141,
            Refusal::NativeSignIn { .. } | Refusal::NativeEnrollment { .. } => 4010,
            Refusal::CodeExpired => 4011,
            Refusal::ChallengeUnknown => 4012,
            Refusal::TooManyWrongCodes => 4013,
            Refusal::ResendTooSoon { .. } => 4014,
            Refusal::TooMany { .. } | Refusal::MailRests { .. } => 4015,
            Refusal::NoFactor => 4016,
            Refusal::PhoneUnusable => 4017,
            Refusal::NotSent => 4018,
            Refusal::Disabled => 4019,
            Refusal::Unreachable => 4026,
            Refusal::StepUpRequired => 4020,
            Refusal::BadRequest(_) => 4021,
            Refusal::TryAgain => 4022,
            Refusal::NotConfigured(_) | Refusal::WrongOrigin(_) => 4023,
            Refusal::WrongAnswer { .. } | Refusal::WrongCredential { .. } => 4024,
            Refusal::CodeUsed => 4025,
            Refusal::Off(_) => 4027,
            Refusal::LastFactor => 4028,
            Refusal::TooManyFactors(_) => 4029,
        }
    }
}

impl Refusal {
    /// Writes the sentence, with what an app calls our functions.
    pub(super) fn write<'a>(&self, called: &dyn Fn(Function) -> &'a str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (login, step_up) = (called(Function::Login), called(Function::StepUp));
        match self {
            Refusal::Parse { message, .. } => f.write_str(message),
            Refusal::Credentials => f.write_str("Invalid username/password."),
            Refusal::WrongCode => f.write_str("Invalid 2fa code"),
            Refusal::CodeUsed => f.write_str("This code was used before: wait until the app shows the next one."),
            Refusal::WrongAnswer { left: 0 } => f.write_str("This code is wrong: start again. Tries left: 0."),
            Refusal::WrongAnswer { left } => {
                write!(f, "This code is wrong: check it and try again. Tries left: {left}.")
            }
            Refusal::WrongCredential { left: 0 } => {
                f.write_str("This passkey was not accepted: start again. Tries left: 0.")
            }
            Refusal::WrongCredential { left } => {
                write!(f, "This passkey was not accepted: try again or use another method. Tries left: {left}.")
            }
            Refusal::WrongOrigin(origin) => write!(
                f,
                "Passkeys of this app cannot be used on {origin}: the operator has to add it to webauthn.origins, if it is one of the app's pages."
            ),
            Refusal::Off(what) => f.write_str(what),
            Refusal::NativeSignIn { takes_words: true } => write!(
                f,
                "This account has a second factor, and this way to sign in cannot ask for it: sign in with the Cloud function \"{login}\", which takes a password or a provider's authData."
            ),
            Refusal::NativeSignIn { takes_words: false } => write!(
                f,
                "This account has a second factor, and this way to sign in cannot ask for it: sign in with a password and the Cloud function \"{login}\", or reset the password first if there is none."
            ),
            Refusal::NativeEnrollment { takes_words: true } => write!(
                f,
                "Everyone needs a second factor here, and this way to sign in cannot set one up: sign in with the Cloud function \"{login}\"."
            ),
            Refusal::NativeEnrollment { takes_words: false } => write!(
                f,
                "Everyone needs a second factor, and this way to sign in cannot set one up: sign in with a password and the Cloud function \"{login}\", or reset the password first if there is none."
            ),
            Refusal::CodeExpired => f.write_str("The code has expired: start again."),
            Refusal::ChallengeUnknown => f.write_str("This sign-in is unknown or was used already: start again."),
            Refusal::TooManyWrongCodes => f.write_str("Too many wrong codes: start again."),
            Refusal::ResendTooSoon { seconds } => {
                write!(f, "A new code can be sent in {seconds} s.")
            }
            Refusal::TooMany { seconds } => {
                write!(f, "Too many codes or attempts for now: try again in {seconds} s.")
            }
            Refusal::MailRests { seconds } => write!(
                f,
                "The password was changed, so no code goes by mail for a day: use another method or a recovery code, or try again in {seconds} s."
            ),
            Refusal::NoFactor => f.write_str("There is no such second factor on this account."),
            Refusal::LastFactor => f.write_str("Everyone needs a second factor here: enroll another one first."),
            Refusal::TooManyFactors(most) => write!(f, "There are {most} factors already: remove one first."),
            Refusal::PhoneUnusable => f.write_str(
                "No code can be sent to this number: write it with + and the country's calling code, as in +359888123456.",
            ),
            Refusal::NotSent => f.write_str("The message could not be sent: try again."),
            Refusal::Disabled => {
                f.write_str("Codes are disabled after too many wrong ones: use a passkey or a recovery code, or ask the operator for a reset.")
            }
            Refusal::Unreachable => f.write_str(
                "The provider cannot reach this phone number. Check it, or use another number or method. Whoever once replied STOP replies START.",
            ),
            Refusal::StepUpRequired => write!(f, "Confirm with your second factor first ({step_up})."),
            Refusal::BadRequest(what) => f.write_str(what),
            Refusal::TryAgain => f.write_str("That did not go through: try again."),
            Refusal::NotConfigured(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&Function::as_str, f)
    }
}

impl core::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_happened_and_how_long_to_wait() {
        assert_eq!(Refusal::ResendTooSoon { seconds: 17 }.to_string(), "A new code can be sent in 17 s.");
        let parse = Refusal::Parse { code: 205, message: "User email is not verified.".into() };
        assert_eq!((parse.code(), parse.to_string()), (205, "User email is not verified.".into()));
        // The tutorial's clients know this one by its text.
        assert_eq!((Refusal::WrongCode.code(), Refusal::WrongCode.to_string()), (141, "Invalid 2fa code".into()));
    }
}
