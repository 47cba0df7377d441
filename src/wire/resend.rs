//! Asking for a further code.

use super::method::Method;
use super::params::Params;
use super::refusal::Refusal;
use crate::crypto::Secret;
use crate::id::FactorId;
use crate::policy::Channel;

/// What a further code is for.
#[derive(Debug)]
pub enum Resent {
    /// A challenge, by its token.
    Challenge(Secret),
    /// The enrollment of a number, by its token.
    Enrollment(Secret),
}

/// A further code.
#[derive(Debug)]
pub struct Resend {
    /// What it is for.
    pub of: Resent,
    /// How it is to travel; without a wish as the code before it.
    pub channel: Option<Channel>,
    /// The number that it is to go to, as the status lists it; without a wish that of the code before it.
    pub factor: Option<FactorId>,
}

impl Resend {
    pub(super) fn parse(params: &Params<'_>) -> Result<Resend, Refusal> {
        let refused = || Refusal::BadRequest("method must be sms, call, whatsapp or email.".into());
        let method = Method::parameter(params)?;
        Ok(Resend {
            of: match (params.optional("challenge")?, params.optional("enrollment")?) {
                (Some(challenge), None) => Resent::Challenge(challenge),
                (None, Some(enrollment)) if params.optional("factor")?.is_none() => Resent::Enrollment(enrollment),
                (None, Some(_)) => {
                    return Err(Refusal::BadRequest(
                        "An enrollment is of one number or address: leave factor out.".into(),
                    ));
                }
                (None, None) => Resent::Challenge(params.required("challenge")?),
                (Some(_), Some(_)) => {
                    return Err(Refusal::BadRequest("challenge and enrollment exclude each other.".into()));
                }
            },
            channel: method.map(|method| method.channel().ok_or_else(refused)).transpose()?,
            factor: params.optional("factor")?.map(|id| FactorId::from(&*id)),
        })
    }
}
