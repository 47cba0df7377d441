//! Issues a challenge, or takes up the living one; sends its code.

use super::deliver::{Outgoing, deliver, refused};
use super::fate::{self, Choice};
use super::{basis, token};
use crate::account::{Account, Challenge, Factor, Purpose, PurposeName, RowUpdate, SentCode, SetOp, View};
use crate::channel::{self, Destination};
use crate::context::Context;
use crate::crypto::{HashPurpose, Secret};
use crate::engine::User;
use crate::factor::{self, mailbox};
use crate::id::{AccountId, Basis};
use crate::policy::Channel;
use crate::tentative::Tentative;
use crate::wire::{Answer, Method, Progress, Refusal, Wish};

/// What is to be proven, and how.
pub(crate) struct IssueRequest<'a> {
    pub user: &'a User,
    pub purpose: Purpose,
    /// What the client would like.
    pub wish: Wish,
    /// What a sign-in is founded on.
    pub basis: Option<&'a Basis>,
}

/// What became of a new challenge.
pub(crate) enum Issued<'c> {
    /// It is the only living one for its purpose and session.
    New(Tentative<'c>),
    /// Another one was there first. This one has been taken back.
    LostRace(Account),
}

/// How long a call waits for others that lost the same race to take theirs back: 40 times 50 ms.
pub(crate) const SETTLING_ROUNDS: u32 = 40;
pub(crate) const SETTLING_MILLISECONDS: u32 = 50;

/// The challenge for this user and purpose. A living one is taken up again: within the resend time nothing is sent and nothing changes;
/// after it a new code is sent for the same challenge. So neither a reloaded page nor a restart gives anyone more messages or more
/// guesses. Of calls that race to create one, the first to reach the database wins, and the others take up the winner's.
///
/// # Errors
/// [`Refusal::Disabled`], [`Refusal::NoFactor`] for a method the user does not have, [`Refusal::PhoneUnusable`], [`Refusal::TooMany`],
/// [`Refusal::NotSent`], [`Refusal::NotConfigured`] for factors of a later version, [`Refusal::Off`] for a channel that is off.
pub(crate) async fn issue(request: &IssueRequest<'_>, account: Account, cx: &Context) -> Result<Answer, Refusal> {
    if let Some(channel) = request.wish.method.and_then(Method::channel) {
        channel::check_on(channel, cx)?;
    }
    if request.wish.method == Some(Method::Email) && mailbox::is_enrolled(&account) {
        mailbox::check(&account, cx)?;
    }
    let is_disabled = cx.view(&account).is_disabled();
    let mut methods = factor::methods(request.user, &account, cx);
    if is_disabled {
        // What nobody can guess still works, and its success ends the row of failures. Otherwise whoever has the password could lock the
        // owner out for good.
        methods.retain(|method| !method.can_be_guessed());
    } else {
        factor::check_usable(request.user, &account, cx)?;
        // Whoever says nothing about recovery codes has its user look for a mail.
        if request.wish == Wish::default() && methods == [Method::Recovery] {
            mailbox::check_rest(&account, cx)?;
        }
    }
    let chosen = request.wish.choose(&methods);
    let method = if is_disabled {
        // Whatever the client would like: its user has no other way in.
        chosen.or_else(|| Wish::default().choose(&methods)).ok_or(Refusal::Disabled)?
    } else {
        chosen.ok_or(Refusal::NoFactor)?
    };
    let to = match method.channel() {
        Some(Channel::Email) => Some(mailbox::destination(request.user, &account, cx)?),
        Some(channel) => Some(factor::number_of(request.user, &account, cx)?.by(channel)),
        None => None,
    };

    let is_new = cx.view(&account).alive(&request.purpose).next().is_none();
    let account = if is_new {
        let challenge = cx.new_challenge(request.purpose.clone(), &request.user.id, request.basis);
        match create(&challenge, account, None, to.as_ref(), request.user, cx).await? {
            Issued::New(tentative) => return answer(&tentative.keep(), &challenge, method, methods, cx),
            Issued::LostRace(account) => account,
        }
    } else {
        account
    };
    let (account, challenge) = settle(request, account, cx).await?;
    let choice = Choice::by_client(request.wish.method.is_some());
    let account = match &to {
        Some(to) => {
            match send_next_code(request.user, &account, &challenge, (to, choice), cx).await {
                // Within the resend time the code that is under way is the answer.
                Err(Refusal::ResendTooSoon { .. }) => account,
                sent => sent?,
            }
        }
        None => account,
    };
    answer(&account, &challenge, method, methods, cx)
}

/// Creates a challenge, with its code if it goes to a number, and with the factor that an enrollment is for.
///
/// # Errors
/// [`Refusal::TooMany`] and [`Refusal::NotSent`], with everything taken back.
pub(crate) async fn create<'c>(
    challenge: &Challenge,
    account: Account,
    factor: Option<Factor>,
    to: Option<&Destination>,
    user: &User,
    cx: &'c Context,
) -> Result<Issued<'c>, Refusal> {
    let limit = cx.limits().codes_per_user;
    let purpose = challenge.purpose.name();
    check_room(&account, challenge, factor.as_ref(), to, cx)?;
    let account = prune(account, cx).await?;
    let generated = to.map(|to| generate(&account.id, challenge, to, cx)).transpose()?;
    let update = RowUpdate {
        challenges: SetOp::add([challenge.clone()]).and(generated.as_ref().map(|(sent, _)| sent.clone())),
        redemptions: cx.view(&account).stale_redemptions(),
        authenticators: SetOp::add(factor),
        ..RowUpdate::default()
    };
    let tentative = cx.propose(&account.id, update, Refusal::TryAgain).await?;
    let view = cx.view(tentative.row());
    let is_enrollment = challenge.purpose.name().is_enrollment();
    if !is_enrollment && view.alive(&challenge.purpose).any(|other| other.id != challenge.id) {
        return tentative.take_back().await.map(Issued::LostRace).ok_or(Refusal::TryAgain);
    }
    let room = || cx.check_room(tentative.row(), &|view| used(view, purpose, to) <= limit);
    if let Err(refusal) = check_mail(to, tentative.row(), cx).and_then(|()| room()) {
        tentative.take_back().await;
        return Err(refusal);
    }
    let (Some(to), Some((sent, code))) = (to, &generated) else { return Ok(Issued::New(tentative)) };
    let outgoing = Outgoing { sent, code, purpose, is_fallback: false };
    deliver(tentative, user, to, &outgoing, cx).await.map(Issued::New)
}

/// Checks that nothing has happened meanwhile by which no code goes by mail.
fn check_mail(to: Option<&Destination>, row: &Account, cx: &Context) -> Result<(), Refusal> {
    match to {
        Some(to) if to.channel == Channel::Email => mailbox::check(row, cx),
        Some(_) | None => Ok(()),
    }
}

/// Checks that a challenge may be begun, as far as the row says before it is.
///
/// # Errors
/// [`Refusal::TooMany`].
pub(super) fn check_room(
    account: &Account,
    challenge: &Challenge,
    factor: Option<&Factor>,
    to: Option<&Destination>,
    cx: &Context,
) -> Result<(), Refusal> {
    cx.check_room(account, &|view| {
        let is_full = view.is_crowded() || (factor.is_some() && view.is_enrolling_too_much());
        !is_full && used(view, challenge.purpose.name(), to) < cx.limits().codes_per_user
    })
}

/// How much of the user's window is used up for what comes next: a message, if one is sent, or else a challenge that
/// nothing is sent for. Whoever has an authenticator app is not kept out by messages.
fn used(view: View<'_>, purpose: PurposeName, to: Option<&Destination>) -> u32 {
    let issued = view.issued_in_window(purpose);
    to.map_or(issued, |_| view.messages_in_window().max(issued + view.codeless_in_window()))
}

/// The living challenge. Where there are several, calls have raced and the losers have yet to take theirs back: it waits for that.
pub(super) async fn settle(
    request: &IssueRequest<'_>,
    mut account: Account,
    cx: &Context,
) -> Result<(Account, Challenge), Refusal> {
    for round in 0..=SETTLING_ROUNDS {
        let alive = || cx.view(&account).alive(&request.purpose);
        // Where there is none the winner has taken its own back as well: its message could not be sent.
        let eldest = alive().min_by_key(|challenge| (challenge.at, &challenge.id)).ok_or(Refusal::TryAgain)?;
        // A loser that died before it took its own back may stay; the eldest is as good a choice as any.
        if round == SETTLING_ROUNDS || alive().count() == 1 {
            let eldest = eldest.clone();
            return Ok((account, eldest));
        }
        cx.wait(SETTLING_MILLISECONDS).await;
        account = cx.load_account(&request.user.id).await?.ok_or(Refusal::TryAgain)?;
    }
    Err(Refusal::TryAgain)
}

/// Sends a further code for a living challenge, by this channel. The code before it is dead
/// from then on; the attempts go on counting. What became of that one is asked by the only call that may send, so nobody can have the
/// provider asked more often than codes are sent.
///
/// # Errors
/// [`Refusal::ResendTooSoon`] within the resend time, [`Refusal::TooMany`], [`Refusal::NotSent`].
pub(crate) async fn send_next_code(
    user: &User,
    account: &Account,
    challenge: &Challenge,
    (to, choice): (&Destination, Choice),
    cx: &Context,
) -> Result<Account, Refusal> {
    let limit = cx.limits().codes_per_user;
    let view = cx.view(account);
    if let Some(current) = view.current_code(&challenge.id) {
        let seconds = view.resend_in(current).as_seconds_up();
        if seconds > 0 {
            return Err(Refusal::ResendTooSoon { seconds });
        }
    }
    let purpose = challenge.purpose.name();
    cx.check_room(account, &|view| used(view, purpose, Some(to)) < limit)?;
    let (sent, code) = generate(&account.id, challenge, to, cx)?;
    let add = RowUpdate::challenges(SetOp::add([sent.clone()]));
    let tentative = cx.propose(&account.id, add, Refusal::ChallengeUnknown).await?;

    let is_too_close = tentative.row().codes.iter().any(|other| {
        let is_other = other.challenge == sent.challenge && other.nonce != sent.nonce;
        let may_arrive = cx.view(tentative.row()).loss_of(other).is_none();
        is_other && may_arrive && sent.at < other.at + cx.limits().resend_after()
    });
    let verdict = if is_too_close {
        Err(Refusal::ResendTooSoon { seconds: cx.limits().resend_after().as_seconds_up() })
    } else if let Err(refusal) = check_mail(Some(to), tentative.row(), cx) {
        Err(refusal)
    } else if let Err(refusal) = cx.check_room(tentative.row(), &|view| used(view, purpose, Some(to)) <= limit) {
        Err(refusal)
    } else {
        let (to, is_fallback) = match fate::way_of_next(account, &sent, (to, choice), user, cx).await {
            Ok(way) => way,
            Err(refusal) => return Err(refused(tentative, user, to.channel, sent.to.clone(), refusal, cx).await),
        };
        let outgoing = Outgoing { sent: &sent, code: &code, purpose, is_fallback };
        return deliver(tentative, user, &to, &outgoing, cx).await.map(Tentative::keep);
    };
    tentative.settle(verdict).await.map(|((), account)| account)
}

/// A new code: as it is stored, and as it is sent.
fn generate(
    account: &AccountId,
    challenge: &Challenge,
    to: &Destination,
    cx: &Context,
) -> Result<(SentCode, Secret), Refusal> {
    let limits = cx.limits();
    let length = limits.code_length as usize;
    let code = cx.host.random(|rng| factor::code::generate(&limits.alphabet, length, rng));
    let sent = SentCode {
        challenge: challenge.id.clone(),
        nonce: cx.nonce(),
        at: cx.now(),
        hash: hash(account, challenge, &code, cx).ok_or(Refusal::ChallengeUnknown)?,
        to: to.to.masked(),
        number: basis::hash_number(challenge, &to.to, cx),
        channel: to.channel,
        factor: Some(to.factor.clone()),
    };
    Ok((sent, code))
}

/// The keyed hash of a code: over the purpose, the account and the challenge, so that it is good for nothing else. `None` if the key has
/// left the ring.
pub(super) fn hash(account: &AccountId, challenge: &Challenge, code: &str, cx: &Context) -> Option<String> {
    let parts = [challenge.purpose.name().as_str(), account, &challenge.id, code];
    cx.keys().hash(&challenge.kid, HashPurpose::Code, &parts)
}

/// Removes what no rule looks at any more, once it is worth an operation of its own. A sign-in that succeeds does so anyway; this is for
/// accounts where none ever does.
async fn prune(account: Account, cx: &Context) -> Result<Account, Refusal> {
    let stale = cx.view(&account).stale_challenges();
    let abandoned = cx.view(&account).abandoned_factors();
    if stale.len() + abandoned.len() < 8 {
        return Ok(account);
    }
    let update = RowUpdate {
        challenges: SetOp::Remove(stale),
        authenticators: SetOp::remove(abandoned),
        ..RowUpdate::default()
    };
    cx.update(&account.id, update).await?.ok_or(Refusal::TryAgain)
}

/// The challenge as the client gets it. Where a code is under way, the method is the one that it went by.
pub(crate) fn answer(
    account: &Account,
    challenge: &Challenge,
    method: Method,
    methods: Vec<Method>,
    cx: &Context,
) -> Result<Answer, Refusal> {
    let view = cx.view(account);
    let code = method.channel().and_then(|_| view.current_code(&challenge.id));
    let method = code.map_or(method, |code| view.channel_of(code).into());
    Ok(Answer::Challenge {
        status: Progress::Challenge,
        challenge: token::token(challenge, &account.id, cx.keys()).ok_or(Refusal::ChallengeUnknown)?,
        method,
        to: code.map(|code| code.to.clone()),
        expires_in: view.expires_in(challenge).as_seconds_up(),
        resend_in: code.map(|code| view.resend_in(code).as_seconds_up()),
        methods,
        attempts: view.attempts_left(&challenge.id, method.can_be_guessed()),
        public_key: factor::passkey::request_options(account, challenge, cx),
        trust_days: match challenge.purpose {
            Purpose::SignIn { .. } => factor::passkey::trust_days(account, cx),
            Purpose::StepUp { .. } | Purpose::Enrollment { .. } | Purpose::SignInEnrollment { .. } => None,
        },
        device: None,
    })
}
