//! A request of the provider's over HTTP.

use super::resend::{Wanted, send_further};
use crate::account::{LostCode, RowUpdate, SetOp};
use crate::challenge::callback::{self, Callback};
use crate::challenge::{self, Choice};
use crate::channel::{self, Undelivered};
use crate::context::Context;
use crate::engine::Became;
use crate::wire::{Answer, ProviderCall, Refusal};

/// A request that Twilio has signed for an address of ours. It can do one thing: say that a code did not arrive. A call may go on as well,
/// once somebody has pressed a key: it then speaks the code that stands sealed in the address.
///
/// # Errors
/// [`Refusal::Off`] without the option; Parse's 119 for what is not signed; [`Refusal::ChallengeUnknown`] for an address that we did not
/// make; [`Refusal::TryAgain`] if the row could not be read or written.
pub(crate) async fn provider_call(call: ProviderCall, cx: &Context) -> Result<Answer, Refusal> {
    let Some(app) = cx.policy().status_callback.as_deref() else {
        return Err(Refusal::Off("This app has no statusCallback: the operator turns it on by that option.".into()));
    };
    let address = callback::address(app, &call.message);
    let whole = call.code.as_ref().map(|code| format!("{address}&code={}", &**code));
    if !call.is_signed_for(whole.as_deref().unwrap_or(&address)) {
        return Err(Refusal::Parse {
            code: 119,
            message: "Twilio's signature is missing, or is none of the account's for the address in the option statusCallback: compare the two."
                .into(),
        });
    }
    let named = callback::read(&call.message, cx.keys()).ok_or(Refusal::ChallengeUnknown)?;
    let is_over = cx.now() >= named.at + cx.limits().code_lifetime();
    if let Some(code) = &call.code {
        let has_pressed = call.field(&["Digits"]).is_some_and(|digits| !digits.is_empty());
        let spoken = channel::after_key(code, &address, cx).ok_or(Refusal::ChallengeUnknown)?;
        let twiml = if is_over || !has_pressed { channel::hanging_up() } else { spoken };
        return Ok(Answer::Spoken { twiml });
    }
    let status = call.field(&["MessageStatus", "CallStatus"]).unwrap_or_default().to_owned();
    let error = call.field(&["ErrorCode"]).and_then(|code| code.parse().ok());
    if let Some(undelivered) = Undelivered::read(&Became { status, error }).filter(|_| !is_over) {
        report(&named, undelivered, cx).await?;
    }
    Ok(Answer::Nothing {})
}

/// Takes word that a code did not arrive. Of any number of reports of one code the first counts, and none does that comes after the next
/// code: what it says is too late to be of use. Another code by the next channel follows, as if the client had asked for it: with the same
/// checks, within the same limits, and once in a challenge. Otherwise a phone that is off would use up all codes of its user by itself.
async fn report(named: &Callback, undelivered: Undelivered, cx: &Context) -> Result<(), Refusal> {
    let Some(account) = cx.read_row(&named.account).await? else { return Ok(()) };
    let Some(challenge) = account.challenge(&named.challenge) else { return Ok(()) };
    if challenge::check_open(challenge, &account, 0, true, cx).is_err() {
        return Ok(());
    }
    let lost = LostCode {
        challenge: named.challenge.clone(),
        code: named.code.clone(),
        nonce: cx.nonce(),
        at: cx.now(),
        error: undelivered.error,
    };
    let add = RowUpdate::challenges(SetOp::add([lost]));
    let tentative = cx.propose(&named.account, add, Refusal::ChallengeUnknown).await?;
    let view = cx.view(tentative.row());
    let current = view.current_code(&named.challenge).filter(|code| code.nonce == named.code);
    let reports = view.lost.iter().filter(|lost| lost.code == named.code).count();
    let Some(code) = current.filter(|_| reports == 1).cloned() else {
        tentative.take_back().await;
        return Ok(());
    };
    let channel = view.channel_of(&code);
    let is_first = view.lost.iter().all(|lost| lost.challenge != named.challenge || lost.code == named.code);
    let account = tentative.keep();
    cx.record(&challenge.user, challenge::event_of_loss(undelivered, &code, channel)).await;
    let Some(next) = cx.policy().channels.after(channel).filter(|_| is_first) else { return Ok(()) };
    let wanted = Wanted { channel: Some(next), factor: code.factor.as_ref(), choice: Choice::StandIn };
    // What keeps the code back keeps it back from whoever asks for one, and the trail says what the provider said.
    let _ = send_further(challenge, &account, &wanted, cx).await;
    Ok(())
}
