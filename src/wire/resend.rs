//! Asking for a further code.

use super::method::Method;
use super::params::Params;
use super::refusal::Refusal;
use crate::crypto::Secret;
use crate::id::FactorId;
use crate::policy::Channel;

/// A further code for a challenge.
#[derive(Debug)]
pub struct Resend {
    /// The challenge's token.
    pub challenge: Secret,
    /// How it is to travel; without a wish as the code before it.
    pub channel: Option<Channel>,
    /// The number that it is to go to, as the status lists it; without a wish that of the code before it.
    pub factor: Option<FactorId>,
}

impl Resend {
    pub(super) fn parse(params: &Params<'_>) -> Result<Resend, Refusal> {
        let refused = || Refusal::BadRequest("method must be sms, call or whatsapp.".into());
        let method = Method::parameter(params)?;
        Ok(Resend {
            challenge: params.required("challenge")?,
            channel: method.map(|method| method.channel().ok_or_else(refused)).transpose()?,
            factor: params.optional("factor")?.map(|id| FactorId::from(&*id)),
        })
    }
}
