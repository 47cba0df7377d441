//! Calls of the Cloud functions, as a client makes them.

use parse_two_factor::Call;
use parse_two_factor::wire::{Function, Param, Params};

/// Parameters by name. A name that is not there is left out.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, Param)>);

impl Fields {
    pub fn of(params: impl IntoIterator<Item = (String, Param)>) -> Fields {
        Fields(params.into_iter().collect())
    }
}

/// Texts by name.
pub fn fields(params: &[(&str, &str)]) -> Fields {
    Fields::of(params.iter().map(|(name, value)| ((*name).to_owned(), Param::from(*value))))
}

fn call(function: Function, fields: &Fields) -> Call {
    let get = |name: &str| fields.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    Call::function(function, &Params::new(&|name| get(name).unwrap_or_default()))
}

pub fn login(fields: Fields) -> Call {
    call(Function::Login, &fields)
}

pub fn resend_code(fields: Fields) -> Call {
    call(Function::ResendCode, &fields)
}

pub fn two_factor_status(fields: Fields) -> Call {
    call(Function::TwoFactorStatus, &fields)
}

pub fn enroll(fields: Fields) -> Call {
    call(Function::EnrollTwoFactor, &fields)
}

pub fn confirm(fields: Fields) -> Call {
    call(Function::ConfirmTwoFactor, &fields)
}

pub fn remove(fields: Fields) -> Call {
    call(Function::RemoveTwoFactor, &fields)
}

pub fn rename(fields: Fields) -> Call {
    call(Function::RenameTwoFactor, &fields)
}

pub fn new_recovery_codes() -> Call {
    call(Function::NewRecoveryCodes, &Fields::default())
}

pub fn step_up(fields: Fields) -> Call {
    call(Function::StepUp, &fields)
}

pub fn forget_device(fields: Fields) -> Call {
    call(Function::ForgetDevice, &fields)
}

pub fn reset(fields: Fields) -> Call {
    call(Function::ResetTwoFactor, &fields)
}

pub fn import(fields: Fields) -> Call {
    call(Function::ImportTwoFactor, &fields)
}

pub fn health() -> Call {
    call(Function::TwoFactorHealth, &Fields::default())
}
