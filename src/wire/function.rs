//! The Cloud functions: the one list of them.

use serde::Serialize;
use tsify::Tsify;

/// A Cloud function that the shim registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Function {
    /// Signs in.
    Login,
    /// Sends a further code for a challenge.
    ResendCode,
    /// Lists second factors.
    TwoFactorStatus,
    /// Begins to enroll a factor.
    EnrollTwoFactor,
    /// Confirms a factor with its first code.
    ConfirmTwoFactor,
    /// Removes a factor.
    RemoveTwoFactor,
    /// Gives a factor another name.
    RenameTwoFactor,
    /// Replaces the recovery codes.
    NewRecoveryCodes,
    /// Proves the second factor again within a session.
    StepUp,
    /// Trusts a browser no more.
    ForgetDevice,
    /// Resets a user's second factor, with the master key.
    ResetTwoFactor,
    /// Imports a second factor that a user has elsewhere, with the master key.
    ImportTwoFactor,
    /// Says what the deployment goes by, with the master key.
    TwoFactorHealth,
}

/// Who may call a function. It is checked before a parameter is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Anybody,
    /// A user with a session; Parse's 209 without one.
    Session,
    /// Whoever holds the master key; Parse's 119 without it.
    Master,
    /// A user with a session, or with parameters that say so, whoever holds the master key. The request decides.
    SessionOrMaster,
    /// A user with a session, or with a token of a sign-in that has to enroll first.
    SessionOrSignIn,
}

impl Function {
    /// Every function.
    pub const ALL: [Function; 13] = [
        Function::Login,
        Function::ResendCode,
        Function::TwoFactorStatus,
        Function::EnrollTwoFactor,
        Function::ConfirmTwoFactor,
        Function::RemoveTwoFactor,
        Function::RenameTwoFactor,
        Function::NewRecoveryCodes,
        Function::StepUp,
        Function::ForgetDevice,
        Function::ResetTwoFactor,
        Function::ImportTwoFactor,
        Function::TwoFactorHealth,
    ];

    /// The name that Parse knows it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Function::Login => "login",
            Function::ResendCode => "resendCode",
            Function::TwoFactorStatus => "twoFactorStatus",
            Function::EnrollTwoFactor => "enrollTwoFactor",
            Function::ConfirmTwoFactor => "confirmTwoFactor",
            Function::RemoveTwoFactor => "removeTwoFactor",
            Function::RenameTwoFactor => "renameTwoFactor",
            Function::NewRecoveryCodes => "newRecoveryCodes",
            Function::StepUp => "stepUp",
            Function::ForgetDevice => "forgetDevice",
            Function::ResetTwoFactor => "resetTwoFactor",
            Function::ImportTwoFactor => "importTwoFactor",
            Function::TwoFactorHealth => "twoFactorHealth",
        }
    }

    /// The function with this name.
    pub fn named(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.as_str() == name)
    }

    /// Who may call it.
    pub fn access(self) -> Access {
        match self {
            Function::Login | Function::ResendCode => Access::Anybody,
            Function::TwoFactorStatus => Access::SessionOrMaster,
            Function::EnrollTwoFactor | Function::ConfirmTwoFactor => Access::SessionOrSignIn,
            Function::RemoveTwoFactor | Function::RenameTwoFactor | Function::NewRecoveryCodes => Access::Session,
            Function::StepUp | Function::ForgetDevice => Access::Session,
            Function::ResetTwoFactor | Function::ImportTwoFactor | Function::TwoFactorHealth => Access::Master,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_name_is_what_its_type_says_in_javascript() {
        for function in Function::ALL {
            assert_eq!(serde_json::to_value(function).unwrap(), function.as_str());
            assert_eq!(Function::named(function.as_str()), Some(function));
        }
    }
}
