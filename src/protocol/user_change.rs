//! What a change of the user's row does to its second factors: `beforeSave(_User)`.

use super::before_change;
use super::caller::caller;
use super::custom_id::check_custom_id;
use super::email_change;
use super::links;
use super::revoke::challenges_and_devices;
use super::unproven;
use crate::account::{Account, CountedKind, Mark, RowUpdate, SetOp};
use crate::challenge;
use crate::context::{Context, SignedIn};
use crate::engine::{Link, User};
use crate::factor::{self, PHONE_NUMBER, mailbox};
use crate::id::{FactorId, SessionHash, UserId};
use crate::policy::{Channel, Require, Route};
use crate::wire::{Answer, LetThrough, Refusal, UserColumn};
use serde::Deserialize;
use tsify::Tsify;

/// A save of a `_User`, as far as it concerns second factors.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct UserChange {
    /// The user; `None` for a new one.
    #[tsify(optional, type = "string | null")]
    pub user: Option<UserId>,
    /// The number that the save carries, if it carries one; an empty text when it is removed.
    #[tsify(optional, type = "string | null")]
    pub phone_number: Option<String>,
    /// Whether it puts a number into the tutorial's column, where the app names another one.
    pub leaves_number: bool,
    /// Whether the password changes.
    pub password: bool,
    /// The sender of the user's messages (`From`) that the save carries, likewise.
    #[tsify(optional, type = "string | null")]
    pub sender: Option<String>,
    /// The e-mail address that the save carries, likewise.
    #[tsify(optional, type = "string | null")]
    pub email: Option<String>,
    /// The links with providers that the save carries, if it carries any.
    #[tsify(optional, type = "Link[] | null")]
    pub links: Option<Vec<Link>>,
    /// Whether the save carries an ACL, changed or not.
    pub acl: bool,
    /// The id that a new user brings along, where the app allows that.
    #[tsify(optional, type = "string | null")]
    pub custom_id: Option<UserId>,
}

impl UserChange {
    fn is_relevant(&self) -> bool {
        self.password || self.sender.is_some() || self.phone_number.is_some() || self.links.is_some()
    }

    /// Whether the row has to be read to see what of it is a change.
    fn carries_columns(&self) -> bool {
        self.phone_number.is_some() || self.sender.is_some() || self.links.is_some() || self.email.is_some()
    }

    /// Takes out what the row holds already, and answers with those columns. A number in another form is the same number;
    /// only the master key writes the new form. Of a provider's word only the identity is looked at: the same one with another token has
    /// to be written.
    fn take_unchanged(&mut self, row: &User, cx: &Context) -> Vec<UserColumn> {
        self.links = self.links.take().and_then(|carried| links::changes(carried, row));
        self.email = self.email.take().filter(|given| !email_change::is_same(given, row));
        let columns = [
            (UserColumn::PhoneNumber, &mut self.phone_number, &row.phone_number),
            (UserColumn::From, &mut self.sender, &row.from),
        ];
        let unchanged = columns.into_iter().filter_map(|(column, given, stored)| {
            let stored = stored.as_deref().unwrap_or_default();
            let given = given.take_if(|given| factor::is_same_number(given, stored, cx))?;
            (!cx.caller.master || given == stored).then_some(column)
        });
        unchanged.collect()
    }

    /// The number that the save carries as we store it, where that is another text.
    ///
    /// # Errors
    /// [`Refusal::PhoneUnusable`] for a number that no code could be sent to.
    fn in_e164(&self, cx: &Context) -> Result<Option<String>, Refusal> {
        let Some(given) = self.new_number() else { return Ok(None) };
        let number = factor::allowed_number(given, cx)?;
        Ok(Some(number.as_str().to_owned()).filter(|number| number != given))
    }

    fn removes_number(&self) -> bool {
        self.phone_number.as_deref().is_some_and(str::is_empty)
    }

    /// The number that the save puts in the place of none or of another one.
    fn new_number(&self) -> Option<&String> {
        self.phone_number.as_ref().filter(|number| !number.is_empty())
    }
}

/// A client that saves the whole user sends the number and its sender along. What the row, read with the master key, holds already is no
/// change. The answer names it, and the host leaves it out of the save: written, it would undo a change that was made since the row was
/// read.
///
/// A client changes the number, its sender, the password or a provider's identity of a user with a second factor only after a step-up: each
/// of them is a first factor, or where a code goes. Whoever changes them voids what is under way: challenges, enrollments, and the step-ups
/// of all other sessions; with the number, this session's as well.
///
/// A client puts no number where nobody would look for one: by that anybody could have this app refuse everybody. Nor does it change
/// anything of that kind as long as its own number may not be seen.
///
/// A number from which no code ever came back, and which is the only factor, is corrected without a step-up: by the session that wrote it, or
/// that the sign-up opened, once in the window. Whoever mistyped it gets no code to step up with.
///
/// The ACL asks for no step-up. A change of it voids sign-ins under way, which are founded on it.
///
/// The answer has what has to be done once Parse has saved the user ([`super::user_saved`]).
///
/// # Errors
/// [`Refusal::StepUpRequired`]; [`Refusal::PhoneUnusable`] for a client's number that no code could be sent to; [`Refusal::LastFactor`]
/// where everyone needs one; [`Refusal::BadRequest`] within a transaction, and for a number in the wrong column; [`Refusal::NotConfigured`]
/// for a new user with the id of one who was deleted, and where the columns cannot be gone by.
pub(crate) async fn change_user(mut change: UserChange, cx: &Context) -> Result<Answer, Refusal> {
    if !cx.caller.master {
        if change.leaves_number {
            return Err(Refusal::BadRequest(
                "This app keeps numbers in another column than phone_number: leave phone_number out.".into(),
            ));
        }
        if change.user.is_some() && change.is_relevant() {
            cx.caller.check_columns()?;
        }
    }
    let mut unchanged = Vec::new();
    let mut row = None;
    if let (Some(id), true) = (&change.user, change.carries_columns())
        && let Some(found) = cx.load_user(id).await?
    {
        unchanged = change.take_unchanged(&found, cx);
        row = Some(found);
    }
    let phone_number = if cx.caller.master { None } else { change.in_e164(cx)? };
    if phone_number.is_some() {
        change.phone_number.clone_from(&phone_number);
    }
    Ok(Answer::Judged { unchanged, phone_number, let_through: apply(change, row, cx).await? })
}

/// What has to happen for the change before Parse saves it; what has to happen after that.
async fn apply(
    change: UserChange,
    mut before_change: Option<User>,
    cx: &Context,
) -> Result<Option<LetThrough>, Refusal> {
    let Some(id) = &change.user else {
        if let Some(id) = &change.custom_id {
            check_custom_id(id, cx).await?;
        }
        let is_clients = !cx.caller.master && cx.caller.check_alone().is_ok();
        return Ok(change.new_number().filter(|_| is_clients).map(|number| LetThrough {
            phone_number: Some(number.clone()),
            unproven: true,
            ..unchanged(UserId::default())
        }));
    };
    if !change.is_relevant() {
        if change.acl {
            // What is founded on another ACL is void. It would not be if this save brought that ACL back.
            challenge::drop_void_of(id, cx).await?;
        }
        let Some(row) = before_change.take().filter(|_| change.email.is_some()) else { return Ok(None) };
        let account = cx.load_account(id).await?;
        if !account.as_ref().is_some_and(mailbox::is_enrolled) {
            let before = email_change::before(row, account.as_ref());
            return Ok(before.map(|before| LetThrough {
                voids: false,
                old_address: Some(before),
                ..unchanged(id.clone())
            }));
        }
        // The address is a factor of this user.
        before_change = Some(row);
    }
    let mut after = LetThrough { phone_number: change.phone_number.clone(), ..unchanged(id.clone()) };
    cx.caller.check_alone()?;
    let account = cx.load_account(id).await?;
    after.old_address =
        before_change.filter(|_| change.email.is_some()).and_then(|row| email_change::before(row, account.as_ref()));
    let client = if cx.caller.master { None } else { Client::of(id, account.as_ref(), Route::Save, cx).await? };
    after.unproven = client.is_some() && change.new_number().is_some();
    let account = match (account, &client) {
        (Some(account), _) => account,
        (None, Some(Client { me: Some(_), .. })) => return Err(Refusal::StepUpRequired),
        // The time of the change has to stand somewhere.
        (None, _) if rests_mail(&change, cx) => cx.or_create_account(None, id).await?,
        // The first account may be created while Parse saves.
        (None, _) => return Ok(Some(after)),
    };
    after.session = void_for_change(account, &change, client.as_ref(), cx).await?;
    if let Some(Client { user, me: Some(_), .. }) = client {
        after.links = change.links.as_deref().map(|changes| links::told(changes, &user)).unwrap_or_default();
        after.before = Some(before_change::of(user));
    }
    Ok(Some(after))
}

/// Whether no code goes by mail for a day after this change: it is one of the password, and the app has such codes.
fn rests_mail(change: &UserChange, cx: &Context) -> bool {
    change.password && cx.policy().channels.has(Channel::Email)
}

/// What is let through of a save that changes nothing of ours.
fn unchanged(user: UserId) -> LetThrough {
    LetThrough {
        user,
        phone_number: None,
        unproven: false,
        session: None,
        links: Vec::new(),
        before: None,
        voids: true,
        old_address: None,
    }
}

/// The user whose client changes its own row.
pub(super) struct Client {
    /// As before the change.
    pub(super) user: User,
    require: Require,
    /// The session that has to have stepped up; `None` as long as the user has no factor.
    pub(super) me: Option<SignedIn>,
}

impl Client {
    /// `None` where nobody is asked for a second factor yet.
    pub(super) async fn of(
        id: &UserId,
        account: Option<&Account>,
        route: Route,
        cx: &Context,
    ) -> Result<Option<Client>, Refusal> {
        let user = cx.load_user(id).await?.ok_or(Refusal::TryAgain)?;
        let require = cx.requirement_of(id, route).await?;
        if require == Require::Nobody {
            return Ok(None);
        }
        let me = match factor::has_factor(&user, account) {
            true if cx.signed_in().is_ok_and(|me| me.user == *id) => Some(caller(&user, account, cx).await?),
            true => return Err(Refusal::StepUpRequired),
            false => None,
        };
        Ok(Some(Client { user, require, me }))
    }

    /// Checks the change against a row: the session has stepped up, unless there is no factor, or it corrects a number that no code came back
    /// from; and where everyone needs one, the last factor stays. Of the corrections in the row, `own` are the caller's; without that it may
    /// be none. Whether it is one.
    fn check(&self, row: &Account, change: &UserChange, own: Option<u32>, cx: &Context) -> Result<bool, Refusal> {
        let view = cx.view(row);
        let (may, corrects) = match &self.me {
            Some(me) if me.has_stepped_up(row, cx) => (true, false),
            Some(me) => {
                let has_room = own.is_some_and(|own| view.counted_in_window(CountedKind::Correction) <= own);
                let is_alone =
                    !change.password && change.sender.is_none() && change.links.is_none() && change.email.is_none();
                let is_correction = change.new_number().is_some() && is_alone && !row.has_factor();
                let corrects = has_room && is_correction && unproven::is_by(&me.session, &self.user, row, cx);
                (corrects, corrects)
            }
            None => (!row.has_factor(), false),
        };
        if !may {
            return Err(Refusal::StepUpRequired);
        }
        let is_removal = self.me.is_some() && change.removes_number();
        let is_last = row.confirmed_factors().all(|factor| view.is_being_removed(&factor.id));
        if is_removal && is_last && self.require.keeps_last() {
            return Err(Refusal::LastFactor);
        }
        Ok(corrects)
    }
}

/// Voids what is under way; the row right after that decides; then what was begun meanwhile goes as well; the session that keeps its step-up. A change that is
/// refused only there, as another was faster, has ended what was under way all the same.
async fn void_for_change(
    account: Account,
    change: &UserChange,
    client: Option<&Client>,
    cx: &Context,
) -> Result<Option<SessionHash>, Refusal> {
    let corrects = client.map_or(Ok(false), |client| client.check(&account, change, Some(0), cx))?;
    let correction = corrects.then(|| cx.counted(CountedKind::Correction));
    // A step-up changes the number once, so that this causes no more messages than a step-up does.
    let before = client.and_then(|client| client.user.phone()).unwrap_or_default();
    let keeps_number = change.phone_number.as_deref().is_none_or(|number| client.is_some() && number == before);
    // Only a step-up is worth keeping. A revocation that spares nobody makes the earlier ones needless, whoever's they are: without a
    // factor any session changes the row, and each would leave one.
    let has_stepped_up = client.is_some_and(|client| client.me.is_some());
    let session = cx.signed_in().ok().filter(|_| keeps_number && has_stepped_up).map(|me| me.session);
    let factor = change.removes_number().then(|| FactorId::from(PHONE_NUMBER));
    let revocation = cx.revocation(session.clone(), factor);
    let rest = rests_mail(change, cx).then(|| cx.counted(CountedKind::Password));
    let update = RowUpdate {
        redemptions: SetOp::add([revocation.clone()]).and(correction).and(rest.clone()),
        ..challenges_and_devices(&account)
    };
    let tentative = cx.propose(&account.id, update, Refusal::TryAgain).await?;
    let mut row = tentative.row().clone();
    row.marks.retain(|mark| mark.nonce() != revocation.nonce());
    let own = corrects.then_some(1);
    let verdict = client.map_or(Ok(false), |client| client.check(&row, change, own, cx));
    tentative.settle(verdict).await?;
    let stale = cx.view(&row).stale_redemptions().and(row.unknown_redemptions.clone());
    let stale = stale.and(cx.view(&row).outdone_by(&revocation)).and(earlier_rests(&row, rest.as_ref()));
    let over = RowUpdate { redemptions: stale, ..challenges_and_devices(&row) };
    if !over.is_nothing() {
        cx.update(&account.id, over).await?;
    }
    Ok(session)
}

/// The times of changes of the password before this one. One is enough. A later one is not relied on: it may be taken back.
fn earlier_rests(row: &Account, mine: Option<&Mark>) -> Vec<Mark> {
    let Some(mine) = mine else { return Vec::new() };
    let is_earlier = |mark: &&Mark| {
        let is_rest = matches!(mark, Mark::Counted(counted) if counted.what == CountedKind::Password);
        is_rest && (mark.at(), mark.nonce()) < (mine.at(), mine.nonce())
    };
    row.marks.iter().filter(is_earlier).cloned().collect()
}
