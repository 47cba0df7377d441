//! Claims a challenge for a response that was right. Of any number of claims one wins.

use super::basis;
use super::enroll_token;
use super::verify::Verified;
use crate::account::{Account, Challenge, Claim, RecoveryCode, RowUpdate, SetOp, Spent};
use crate::channel::{self, Recipient, Sid};
use crate::context::Context;
use crate::engine::{ConfirmMessage, User};
use crate::factor;
use crate::id::{ChallengeId, Nonce, ProviderName, UserId};
use crate::policy::Channel;
use crate::wire::{EventKind, Method, Refusal};

/// A claim that has won. Only [`claim`] makes one, and whoever uses it uses it up: a session that is opened for it, a step-up, a factor
/// that it confirms.
#[must_use = "a claim that has won is used up"]
#[derive(Debug)]
pub(crate) struct Won {
    challenge: Challenge,
    method: Method,
    about: Option<String>,
    number: Option<Recipient>,
    claim: Nonce,
}

impl Won {
    /// The user who passed the second factor.
    pub(crate) fn user(&self) -> &UserId {
        &self.challenge.user
    }

    /// The challenge that was claimed.
    pub(crate) fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// The number or address that the code went to, if it was one that was sent.
    pub(crate) fn number(&self) -> Option<&Recipient> {
        self.number.as_ref()
    }

    /// The method of the response.
    pub(crate) fn method(&self) -> Method {
        self.method
    }

    /// Whose word was the first factor of the sign-in.
    pub(crate) fn provider(&self) -> Option<ProviderName> {
        enroll_token::provider_of(&self.challenge.purpose)
    }

    /// What tells the claim from others.
    pub(crate) fn claim(&self) -> &Nonce {
        &self.claim
    }

    /// What the trail says of it.
    pub(crate) fn about(&self) -> Option<String> {
        self.about.clone()
    }
}

/// Claims the challenge. One claim wins, whatever is tried at once on however many nodes. With it the failures in a row are over, and what
/// hangs on an older key is sealed anew. With the failures go the challenges they were made on: none of them gets new attempts. `user` is what
/// this call has read of the challenge's user, if it has.
///
/// # Errors
/// [`Refusal::ChallengeUnknown`] for everyone but the first, for what was revoked since the response was looked at, and for a code that
/// went to a number which is not the user's any more.
pub(crate) async fn claim(verified: Verified, user: Option<&User>, cx: &Context) -> Result<(Won, Account), Refusal> {
    let number = match verified.method.channel() {
        Some(_) => basis::check_number(&verified.challenge, &verified.account, user, cx).await?,
        None => None,
    };
    // A code came back from the number in the column: from now on a change of it takes a step-up.
    let proves = number.as_ref().is_some_and(|(factor, _)| *factor == *factor::PHONE_NUMBER);
    let number = number.map(|(_, to)| to);
    let Verified { account, challenge, spent, method, about, .. } = verified;
    let used_up: Option<RecoveryCode> = match &spent {
        Spent::RecoveryCode(code) => Some(code.clone()),
        Spent::SentCode | Spent::Step(_) | Spent::Assertion(_) => None,
    };
    let brought = method.channel().and_then(|_| sid_of(&account, &challenge, cx));
    let nonce = cx.nonce();
    let opens_session = challenge.purpose.session().is_none();
    let claim = Claim {
        challenge: challenge.id.clone(),
        nonce: nonce.clone(),
        at: cx.now(),
        spent,
        confirms: challenge.purpose.factor().cloned(),
        known_revocations: match opens_session {
            true => account.revocations_for(None).cloned().collect(),
            false => Vec::new(),
        },
        number: number.as_ref().and_then(|number| basis::hash_step_up(&nonce, number, cx)),
    };
    let view = cx.view(&account);
    let attempted = account.attempted();
    let is_over = |id: &ChallengeId| *id == challenge.id || attempted.contains(id);
    let over = account.challenges.iter().filter(|other| is_over(&other.id)).cloned();
    let proven = |row: &Account| if proves { row.unproven.clone() } else { Vec::new() };
    let over = SetOp::Remove(view.stale_challenges()).and(over).and(proven(&account));
    let update = RowUpdate {
        challenges: over.and(account.attempts.clone()),
        redemptions: SetOp::add([claim]),
        // Whoever needs a recovery code may have lost a device.
        devices: if used_up.is_some() { account.without_devices() } else { SetOp::default() },
        authenticators: SetOp::remove(used_up),
    };
    let after = cx.update(&account.id, update).await?.ok_or(Refusal::ChallengeUnknown)?;
    let is_revoked = after.is_revoked_since(&account, challenge.purpose.session());
    if is_revoked || !after.has_won(&nonce) {
        return Err(Refusal::ChallengeUnknown);
    }
    if method == Method::Recovery {
        cx.clean_up(&after.id, RowUpdate::devices(after.without_devices())).await;
        cx.record(&challenge.user, EventKind::RecoveryCodeUsed { left: after.recovery_codes.len() }).await;
    }
    // Marked meanwhile: who marks it later finds this claim.
    cx.clean_up(&after.id, RowUpdate::challenges(SetOp::remove(proven(&after)))).await;
    let mailbox = match &number {
        Some(Recipient::Mailbox(mailbox)) => Some(mailbox),
        Some(Recipient::Number(_)) | None => None,
    };
    factor::reseal(&after, mailbox, cx).await;
    // That the provider does not hear of it changes nothing, and the host waits for no answer.
    match brought {
        Some(Sid::Message(sid)) => drop(cx.ask(ConfirmMessage { channel: Channel::Sms, sid }).await),
        Some(Sid::Verification(sid)) => channel::approve(&sid, cx).await,
        None => {}
    }
    Ok((Won { challenge, method, about, number, claim: nonce }, after))
}

/// By what the code of the challenge was sent, as far as the provider takes word that it came back. Twilio takes such feedback for text
/// messages, and chooses better routes by it; Twilio Verify takes it for all that it sends.
fn sid_of(account: &Account, challenge: &Challenge, cx: &Context) -> Option<Sid> {
    let view = cx.view(account);
    let code = view.current_code(&challenge.id)?;
    if let Some(verification) = channel::verification_of(code, account) {
        return Some(Sid::Verification(verification.clone()));
    }
    let went = view.delivery_of(code)?;
    went.sid.clone().filter(|_| went.channel == Channel::Sms).map(Sid::Message)
}
