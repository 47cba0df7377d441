//! What an operator does with the master key, and what a change of the user's row does to challenges.

use crate::account::{Account, MarkKind};
use crate::ceremony::{Answer, Ceremony, Health};
use crate::change::{Change, OfAuthenticator, SetOp};
use crate::effect::User;
use crate::enrolment;
use crate::event::What;
use crate::factors;
use crate::params::Params;
use crate::policy::Require;
use crate::refusal::Refusal;
use crate::step_up;

/// `resetTwoFactor`: the second factor works again after too many failures, and whatever is under way is void: challenges,
/// enrolments, step-ups. With `scope: 'factors'` the enrolled factors and recovery codes go as well, for a user who lost them; the
/// phone number is the app's own column.
///
/// # Errors
/// Parse's 119 without the master key, its 101 for an id that is no user's.
pub(crate) async fn reset(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    require_master(&c)?;
    let user = params.required("userId")?;
    let all_factors = match params.optional("scope")? {
        None => false,
        Some("factors") => true,
        Some(_) => return Err(Refusal::BadRequest("scope must be factors.".into())),
    };
    if let Some(account) = c.load_account(user).await? {
        let mut change = void(&account, all_factors);
        change.challenges = change.challenges.and(account.attempts.clone());
        change.redemptions = SetOp::add([c.mark(MarkKind::Void, None)]);
        if let Some(after) = c.update_account(&account.id, change).await? {
            // What came in between the two reads. What comes from now on finds the mark.
            let rest = void(&after, all_factors);
            if rest != Change::default() {
                c.update_account(&account.id, rest).await?;
            }
        }
    } else {
        c.load_user(user).await?.ok_or_else(no_such_user)?;
    }
    let about = all_factors.then(|| "factors".to_owned());
    c.record(What::Reset, user, None, about, 0).await;
    Ok(Answer::Nothing {})
}

/// `twoFactorStatus` with the master key and `userId`.
///
/// # Errors
/// Parse's 119 without the master key, its 101 for an id that is no user's.
pub(crate) async fn status(params: Params, c: Ceremony) -> Result<Answer, Refusal> {
    require_master(&c)?;
    let id = params.required("userId")?;
    let user = c.load_user(id).await?.ok_or_else(no_such_user)?;
    let account = c.load_account(id).await?;
    Ok(enrolment::status_of(&user, account.as_ref(), &c))
}

/// `twoFactorHealth`: what this deployment goes by.
///
/// # Errors
/// Parse's 119 without the master key.
pub(crate) async fn health(c: Ceremony) -> Result<Answer, Refusal> {
    require_master(&c)?;
    let policy = c.policy();
    Ok(Answer::Health(Health {
        keys: c.keys().ids().map(str::to_owned).collect(),
        durable: c.keys().is_durable(),
        require: policy.require,
        countries: policy.countries.clone(),
        trust_addresses: policy.trust_addresses,
        allow: policy.allow.clone(),
        limits: policy.limits.table(),
        now: c.now(),
        address: c.caller.address.clone(),
    }))
}

fn no_such_user() -> Refusal {
    Refusal::Parse { code: 101, message: "Object not found.".into() }
}

fn require_master(c: &Ceremony) -> Result<(), Refusal> {
    if c.caller.master {
        return Ok(());
    }
    Err(Refusal::Parse { code: 119, message: "unauthorized: master key is required".into() })
}

/// `beforeSave(_User)`: a client changes the number, its sender or the password of a user with a second factor only after a step-up, and
/// whoever changes them voids what is under way: challenges, enrolments, and the step-ups of all other sessions. What is saved is
/// as in [`crate::Call::ChangeUser`].
///
/// # Errors
/// [`Refusal::StepUpRequired`]; [`Refusal::PhoneUnusable`] for a client's number that no code could be sent to; [`Refusal::LastFactor`]
/// where everyone needs one.
pub(crate) async fn change_user(
    user: Option<String>,
    phone_number: Option<String>,
    password: bool,
    sender: bool,
    c: Ceremony,
) -> Result<Answer, Refusal> {
    if let Some(number) = phone_number.as_deref().filter(|n| !n.is_empty())
        && !c.caller.master
    {
        factors::usable(number, &c)?;
    }
    let (Some(id), true) = (user, password || sender || phone_number.is_some()) else {
        return Ok(Answer::Nothing {});
    };
    let account = c.load_account(&id).await?;
    if !c.caller.master {
        let user = c.load_user(&id).await?.ok_or(Refusal::TryAgain)?;
        let required = factors::requirement(&user, c.policy());
        if required != Require::Nobody && factors::has_factor(&user, account.as_ref()) {
            let me = c.signed_in().map_err(|_| Refusal::StepUpRequired)?;
            let stepped_up = account.as_ref().is_some_and(|account| step_up::is_recent(account, &me, &c));
            if me.user != id || !stepped_up {
                return Err(Refusal::StepUpRequired);
            }
            let without = User { phone_number: phone_number.clone(), ..user };
            if required == Require::Everyone
                && phone_number.is_some()
                && !factors::has_factor(&without, account.as_ref())
            {
                return Err(Refusal::LastFactor);
            }
        }
    }
    if let Some(account) = account {
        let session = c.signed_in().ok().map(|me| me.session);
        let mark = c.mark(MarkKind::Void, session.as_deref());
        let change = Change { redemptions: SetOp::add([mark]), ..void(&account, false) };
        c.update_account(&account.id, change).await?;
    }
    Ok(Answer::Nothing {})
}

/// Removes every challenge, and with `all_factors` the factors and recovery codes. Codes sent stay, as they go on counting against
/// the user's window.
fn void(account: &Account, all_factors: bool) -> Change {
    let mut void = Change { challenges: SetOp::remove(account.challenges.clone()), ..Change::default() };
    if all_factors {
        void.authenticators = SetOp::remove(account.factors.clone())
            .and(account.confirmed.iter().cloned().map(OfAuthenticator::Confirmed))
            .and(account.recovery_codes.clone());
    }
    void
}
