//! The names that an app gives our functions.

use super::function::Function;
use super::refusal::Refusal;
use crate::policy::ByName;
use core::fmt;

/// Functions of Object's prototype: Parse finds handlers by name in objects, where these are there already.
const OF_EVERY_OBJECT: [&str; 7] =
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];

/// Longer than any name that somebody calls.
const LONGEST_NAME: usize = 64;

/// What clients call our functions, where an app has functions of its own under our names. An operator's functions keep theirs, so that the
/// operator's command finds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionNames(ByName<String>);

/// A name that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName(String);

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for InvalidName {}

impl FunctionNames {
    /// Checks the names: by ours the app's.
    ///
    /// # Errors
    /// [`InvalidName`] for the first one that cannot be used.
    pub fn new(given: &ByName<String>) -> Result<FunctionNames, InvalidName> {
        for (ours, name) in given.iter() {
            let refused = |why: &str| Err(InvalidName(format!("functions.{ours} {why}")));
            let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                && name.len() <= LONGEST_NAME;
            let is_twice = || given.iter().any(|(other, its)| other != ours && its == name);
            match Function::named(ours) {
                None => return refused("is no function of ours."),
                Some(Function::ResetTwoFactor | Function::ImportTwoFactor | Function::TwoFactorHealth) => {
                    return refused("keeps its name: the operator's command calls it.");
                }
                Some(_) if !is_word => return refused("takes a name of letters, digits and '_', of 64 at most."),
                Some(_) if OF_EVERY_OBJECT.contains(&&**name) => {
                    return refused(&format!("cannot be '{name}': every object of JavaScript has that."));
                }
                Some(function) if Function::named(name).is_some_and(|other| other != function) => {
                    return refused(&format!("cannot be '{name}', which is a function of ours."));
                }
                Some(_) if is_twice() => return refused(&format!("cannot be '{name}': another one is called so.")),
                Some(_) => {}
            }
        }
        Ok(FunctionNames(given.clone()))
    }

    /// What clients call the function.
    pub fn of(&self, function: Function) -> &str {
        let ours = function.as_str();
        self.0.get(ours).map_or(ours, String::as_str)
    }

    /// The names by ours, where they differ.
    pub fn renamed(&self) -> &ByName<String> {
        &self.0
    }

    /// The sentence of a refusal, which may name a function to call.
    pub fn sentence(&self, refusal: &Refusal) -> String {
        Sentence { refusal, names: self }.to_string()
    }
}

struct Sentence<'a> {
    refusal: &'a Refusal,
    names: &'a FunctionNames,
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.write(&|function| self.names.of(function), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(given: &[(&str, &str)]) -> Result<FunctionNames, String> {
        let given = given.iter().map(|(ours, name)| ((*ours).to_owned(), (*name).to_owned())).collect();
        FunctionNames::new(&given).map_err(|refused| refused.to_string())
    }

    #[test]
    fn a_name_that_is_ours_stands_twice_is_on_every_object_or_is_no_word_is_refused() {
        for (given, why) in [
            (vec![("login", "stepUp")], "functions.login cannot be 'stepUp', which is a function of ours."),
            (vec![("login", "twoFactorHealth")], "which is a function of ours."),
            (vec![("login", "signIn"), ("stepUp", "signIn")], "another one is called so."),
            (vec![("login", "constructor")], "every object of JavaScript has that."),
            (vec![("login", "valueOf")], "every object of JavaScript has that."),
            (vec![("login", "__proto__")], "takes a name of letters"),
            (vec![("login", "sign.in")], "takes a name of letters"),
            (vec![("login", "")], "takes a name of letters"),
            (vec![("login", "1st")], "takes a name of letters"),
            (vec![("logout", "leave")], "functions.logout is no function of ours."),
            (vec![("resetTwoFactor", "reset")], "functions.resetTwoFactor keeps its name"),
            (vec![("twoFactorHealth", "health")], "functions.twoFactorHealth keeps its name"),
        ] {
            let refused = names(&given).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        assert!(names(&[("login", &"n".repeat(65))]).is_err());
        assert!(names(&[("login", &"n".repeat(64))]).is_ok());
        assert!(names(&[("login", "login")]).is_ok(), "its own name is none that another has");
    }

    #[test]
    fn a_refusal_names_the_functions_as_the_app_calls_them() {
        let names = names(&[("login", "signIn"), ("stepUp", "prove")]).unwrap();
        for (refusal, shown, hidden) in [
            (Refusal::NativeSignIn { takes_words: true }, "the Cloud function \"signIn\"", "\"login\""),
            (Refusal::NativeSignIn { takes_words: false }, "the Cloud function \"signIn\"", "\"login\""),
            (Refusal::NativeEnrollment { takes_words: true }, "the Cloud function \"signIn\"", "\"login\""),
            (Refusal::NativeEnrollment { takes_words: false }, "the Cloud function \"signIn\"", "\"login\""),
            (Refusal::StepUpRequired, "(prove)", "stepUp"),
        ] {
            let sentence = names.sentence(&refusal);
            assert!(sentence.contains(shown) && !sentence.contains(hidden), "{sentence}");
            assert_eq!(FunctionNames::default().sentence(&refusal), refusal.to_string());
        }
        let parse = Refusal::Parse { code: 101, message: "\"login\" (stepUp)".into() };
        assert_eq!(names.sentence(&parse), "\"login\" (stepUp)", "what others say stays");
        assert_eq!((names.of(Function::Login), names.of(Function::ResendCode)), ("signIn", "resendCode"));
    }
}
