//! What an operator does with the master key, and what a change of the user's row does to challenges.

use crate::account::{Account, MarkKind};
use crate::ceremony::{Answer, Ceremony, Health, SignedIn};
use crate::change::{Change, OfAuthenticator, SetOp};
use crate::effect::User;
use crate::enrolment;
use crate::event::What;
use crate::factors;
use crate::message::{self, Notice};
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
/// whoever changes them voids what is under way: challenges, enrolments, and the step-ups of all other sessions; with the number, this
/// session's as well. What is saved is as in [`crate::Call::ChangeUser`].
///
/// The trail and the user hear of a client's change of the number before Parse saves it: there is nothing after that could tell.
///
/// # Errors
/// [`Refusal::StepUpRequired`]; [`Refusal::PhoneUnusable`] for a client's number that no code could be sent to; [`Refusal::LastFactor`]
/// where everyone needs one; [`Refusal::BadRequest`] amid a transaction.
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
    c.caller.check_alone()?;
    let account = c.load_account(&id).await?;
    let mut client = None;
    if !c.caller.master {
        let user = c.load_user(&id).await?.ok_or(Refusal::TryAgain)?;
        if factors::requirement(&user, c.policy()) != Require::Nobody {
            let me = match factors::has_factor(&user, account.as_ref()) {
                true => Some(c.signed_in().ok().filter(|me| me.user == id).ok_or(Refusal::StepUpRequired)?),
                false => None,
            };
            client = Some(Client { user, me });
        }
    }
    let Some(account) = account else {
        return match client {
            Some(Client { me: Some(_), .. }) => Err(Refusal::StepUpRequired),
            _ => Ok(Answer::Nothing {}),
        };
    };
    let account = void_for_change(account, phone_number.as_deref(), client.as_ref(), &c).await?;
    if let (Some(Client { user, me: Some(_) }), Some(number)) = (client, phone_number) {
        tell_of_number(user, number, &account, &c).await;
    }
    Ok(Answer::Nothing {})
}

/// Whose own change it is.
struct Client {
    /// As before the change.
    user: User,
    /// The session that has to have stepped up; `None` as long as the user has no factor.
    me: Option<SignedIn>,
}

/// Checks a client's change against a row: the session has stepped up, unless there is no factor, and where everyone needs one it is
/// not the last that goes.
fn check_change(row: &Account, phone_number: Option<&str>, client: &Client, c: &Ceremony) -> Result<(), Refusal> {
    let may = match &client.me {
        Some(me) => step_up::is_recent(row, me, c),
        None => row.confirmed_factors().next().is_none(),
    };
    if !may {
        return Err(Refusal::StepUpRequired);
    }
    let is_removal = client.me.is_some() && phone_number.is_some_and(str::is_empty);
    let is_last = row.confirmed_factors().all(|factor| row.is_being_removed(&factor.id, c.now()));
    if is_removal && is_last && factors::requirement(&client.user, c.policy()) == Require::Everyone {
        return Err(Refusal::LastFactor);
    }
    Ok(())
}

/// Voids what is under way; the row right after it decides; then what was begun meanwhile goes as well. A change that is refused only
/// there, as another was faster, has ended what was under way all the same.
async fn void_for_change(
    account: Account,
    phone_number: Option<&str>,
    client: Option<&Client>,
    c: &Ceremony,
) -> Result<Account, Refusal> {
    if let Some(client) = client {
        check_change(&account, phone_number, client, c)?;
    }
    // A step-up changes the number once, so that the messages this causes are no more than those of a step-up.
    let before = client.and_then(|client| client.user.phone()).unwrap_or_default();
    let keeps_number = phone_number.is_none_or(|number| client.is_some() && number == before);
    let session = c.signed_in().ok().filter(|_| keeps_number).map(|me| me.session);
    let mut mark = c.mark(MarkKind::Void, session.as_deref());
    mark.factor = phone_number.filter(|number| number.is_empty()).map(|_| factors::PHONE_NUMBER.to_owned());
    let change = Change { redemptions: SetOp::add([mark.clone()]), ..void(&account, false) };
    let mut row = c.update_account(&account.id, change).await?.ok_or(Refusal::TryAgain)?;
    row.marks.retain(|other| other.nonce != mark.nonce);
    if let Some(client) = client
        && let Err(refusal) = check_change(&row, phone_number, client, c)
    {
        let withdrawal = Change { redemptions: SetOp::remove([mark]), ..Change::default() };
        c.withdraw(&account.id, withdrawal).await;
        return Err(refusal);
    }
    let (redemptions, marks) = row.stale_redemptions(c.policy(), c.now());
    let over = Change { redemptions: SetOp::remove(redemptions).and(marks), ..void(&row, false) };
    if over != Change::default() {
        c.update_account(&account.id, over).await?;
    }
    Ok(row)
}

/// Tells the trail, and the user as of before, that the factor in the tutorial's column becomes another.
async fn tell_of_number(before: User, number: String, account: &Account, c: &Ceremony) {
    if before.phone().unwrap_or_default() == number {
        return;
    }
    let after = User { phone_number: Some(number), ..before.clone() };
    let label = |user: &User| factors::statuses(user, None).pop().map(|factor| factor.label);
    // Without a method, as no code came back: codes that do are counted by it.
    if let Some(label) = label(&before) {
        c.record(What::FactorRemoved, &before.id, None, Some(label), 0).await;
    }
    if let Some(label) = label(&after) {
        c.record(What::FactorEnrolled, &before.id, None, Some(label), 0).await;
    }
    let notice = match before.phone() {
        Some(_) => Notice::FactorRemoved,
        None => Notice::FactorAdded,
    };
    message::notify(&before, account, notice, c).await;
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
