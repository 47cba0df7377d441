//! Notices by mail.

use crate::calls::{self, Fields, fields};
use crate::world::{App, PASSWORD, World, ada, deployment_with, master, token, with_mail};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Link, User};
use parse_two_factor::policy::Limits;
use parse_two_factor::wire::{Answer, EventName, Param};
use parse_two_factor::{Call, UserChange};

const ADDRESS: &str = "ada@example.com";

fn row(world: &mut World) -> &mut User {
    world.users.get_mut("ada").expect("Ada is there")
}

/// Ada with an authenticator app alone, and an address that was verified; the app and its recovery codes.
fn with_an_app() -> (World, App, Vec<String>) {
    let mut world = World::without_a_factor();
    row(&mut world).email = Some(ADDRESS.into());
    row(&mut world).email_verified = true;
    let (app, codes) = world.enrolled("one");
    (world, app, codes)
}

/// What the mails say, each up to its first full stop.
fn texts(world: &World) -> Vec<&str> {
    world.mails.iter().map(|(_, _, text)| text.split('.').next().unwrap_or_default()).collect()
}

/// Steps up with the app.
fn step_up(world: &mut World, app: &App) {
    world.advance(30);
    world.step_up("one", &app.code(world.now, 0), "totp");
}

/// Steps up with the app and makes new recovery codes.
fn renew(world: &mut World, app: &App) {
    step_up(world, app);
    world.run(calls::new_recovery_codes(), with_mail(ada("one"))).expect("stepped up");
}

fn reset(scope: &str) -> Call {
    calls::reset(fields(&[("userId", "ada"), ("scope", scope)]))
}

/// A save of Ada's row: judged, written and heard of.
fn save(world: &mut World, change: UserChange, write: fn(&mut World), caller: Caller) {
    let change = UserChange { user: Some("ada".into()), ..change };
    let answer = world.run(Call::ChangeUser(change), caller.clone()).expect("it may go on");
    write(world);
    let Answer::Judged { let_through, .. } = answer else { panic!("{answer:?}") };
    if let Some(let_through) = let_through {
        world.run(Call::UserSaved(let_through), caller).expect("it is heard");
    }
}

#[test]
fn a_user_with_an_authenticator_app_alone_hears_of_every_change_by_mail() {
    let mut world = World::without_a_factor();
    row(&mut world).email = Some(ADDRESS.into());
    row(&mut world).email_verified = true;
    let me = || with_mail(ada("one"));
    let enroll = |world: &mut World| {
        let begun = world.run(calls::enroll(fields(&[("method", "totp"), ("password", "right")])), me()).unwrap();
        let Answer::TotpEnrollment { enrollment, secret, .. } = begun else { panic!("{begun:?}") };
        let app = App::of(&secret);
        let params = fields(&[("enrollment", &enrollment), ("code", &app.code(world.now, -1))]);
        let Answer::Confirmed { factor, recovery_codes, .. } = world.run(calls::confirm(params), me()).unwrap() else {
            panic!("not confirmed");
        };
        (app, factor.id.to_string(), recovery_codes)
    };
    let (app, _, codes) = enroll(&mut world);
    let codes = codes.expect("with the first factor");
    let (_, other, _) = enroll(&mut world);
    assert_eq!(texts(&world), ["A second factor was added to your account"; 2]);
    let (to, subject, _) = &world.mails[0];
    assert_eq!((&**to, &**subject), (ADDRESS, "A change to your account"));

    world.mails.clear();
    world.run(calls::remove(fields(&[("factor", &other)])), me()).unwrap();
    let challenge = token(world.login(&PASSWORD).unwrap());
    let recover = fields(&[("challenge", &challenge), ("code", &codes[0]), ("method", "recovery")]);
    world.run(calls::login(recover), with_mail(Caller::default())).unwrap();
    let challenge = world.step_up_challenge("one");
    let recover = fields(&[("challenge", &challenge), ("code", &codes[1]), ("method", "recovery")]);
    world.run(calls::step_up(recover), me()).unwrap();
    assert_eq!(
        texts(&world),
        [
            "A second factor was removed from your account",
            "A recovery code of your account was used",
            "A recovery code of your account was used"
        ]
    );

    // The hour's mails are used up otherwise.
    world.mails.clear();
    world.advance(3600);
    renew(&mut world, &app);
    world.advance(30);
    let code = app.code(world.now, 0);
    let texts_of = [PASSWORD[0], PASSWORD[1], ("code", &code)].map(|(name, text)| (name.to_owned(), Param::from(text)));
    let trusting = Fields::of(texts_of.into_iter().chain([("trust".to_owned(), Param::Flag(true))]));
    world.run(calls::login(trusting), with_mail(Caller::default())).unwrap();
    step_up(&mut world, &app);
    let links = Some(vec![Link { provider: "demo".into(), identity: Some("d".into()) }]);
    save(&mut world, UserChange { links, ..UserChange::default() }, |_| (), me());
    world.elsewhere = 1;
    step_up(&mut world, &app);
    let begun = world.enroll("one").expect("stepped up");
    let code = begun.app.code(world.now, 0);
    let params = [("enrollment", &*begun.token), ("code", &code)].map(|(n, text)| (n.to_owned(), Param::from(text)));
    let params = Fields::of(params.into_iter().chain([("endOtherSessions".to_owned(), Param::Flag(true))]));
    world.run(calls::confirm(params), me()).unwrap();
    world.run(reset("factors"), with_mail(master())).unwrap();
    assert_eq!(
        texts(&world),
        [
            "Your recovery codes were replaced",
            "A browser signs in to your account without a second factor from now on",
            "A way to sign in to your account was added or removed",
            "A second factor was added to your account",
            "Other devices were signed out of your account",
            "We have reset the second factor of your account"
        ]
    );
    assert!(world.messages.is_empty(), "there is no number");
}

#[test]
fn a_user_with_a_number_and_an_address_hears_by_both() {
    let (mut world, app, _) = with_an_app();
    row(&mut world).phone_number = Some("+15005550006".into());
    renew(&mut world, &app);
    assert_eq!((world.mails.len(), world.messages.len()), (1, 1));
    for scope in ["", "factors", "number", "devices"] {
        let mut world = world.clone();
        world.run(reset(scope), with_mail(master())).unwrap();
        assert_eq!((world.mails.len(), world.messages.len()), (2, 2), "{scope}");
        assert!(world.messages[1].1.starts_with("We have reset the second factor"), "{scope}");
    }
}

#[test]
fn a_reset_of_a_user_without_a_second_factor_tells_nobody() {
    let mut world = World::without_a_factor();
    row(&mut world).email = Some(ADDRESS.into());
    row(&mut world).email_verified = true;
    world.run(reset(""), with_mail(master())).unwrap();
    world.enroll("one").expect("an enrollment that nobody confirms");
    world.run(reset("factors"), with_mail(master())).unwrap();
    assert!(world.mails.is_empty() && world.messages.is_empty());
}

#[test]
fn no_mail_goes_out_without_an_adapter_or_to_an_address_that_nobody_verified_or_that_may_be_several() {
    let (mut world, app, _) = with_an_app();
    step_up(&mut world, &app);
    world.run(calls::new_recovery_codes(), ada("one")).expect("stepped up");
    for (email, email_verified) in
        [(Some(ADDRESS), false), (None, true), (Some(""), true), (Some("ada@example.com, eve@example.com"), true)]
    {
        row(&mut world).email = email.map(str::to_owned);
        row(&mut world).email_verified = email_verified;
        renew(&mut world, &app);
    }
    assert!(world.mails.is_empty() && world.windows.is_empty(), "{:?}", world.mails);
}

#[test]
fn mails_have_limits_of_their_own_and_keep_nobody_from_a_code() {
    let (mut world, _, _) = with_an_app();
    let told = |world: &World| {
        let ceilings = world.events.iter().filter(|event| event.what == EventName::CeilingReached);
        ceilings.map(|event| event.about.clone().unwrap_or_default()).collect::<Vec<_>>()
    };
    for (limits, ceiling) in [
        (Limits { mails_per_user: 2, ..Limits::default() }, "mailbox"),
        (Limits { mails_per_app: 2, ..Limits::default() }, "mails"),
    ] {
        let node = deployment_with(limits);
        let mut world = world.clone();
        for _ in 0..5 {
            world.run_on(&node, reset(""), with_mail(master())).expect("the reset itself succeeds");
        }
        assert_eq!((world.mails.len(), told(&world)), (2, vec![ceiling.to_owned()]));
        world.advance(3600);
        world.run_on(&node, reset(""), with_mail(master())).expect("the reset itself succeeds");
        assert_eq!(world.mails.len(), 3, "the hour is over");
    }
    let node = deployment_with(Limits { mails_per_user: 9, ..Limits::default() });
    for _ in 0..9 {
        world.run_on(&node, reset(""), with_mail(master())).expect("the reset itself succeeds");
    }
    assert_eq!(world.mails.len(), 9);
    row(&mut world).phone_number = Some("+15005550006".into());
    let by_sms = fields(&[PASSWORD[0], PASSWORD[1], ("method", "sms")]);
    token(world.run_on(&node, calls::login(by_sms), Caller::default()).expect("mails use up no code"));
}

#[test]
fn a_mail_that_is_not_taken_counts_in_no_limit_and_undoes_nothing() {
    let (mut world, app, _) = with_an_app();
    world.mail_is_down = true;
    renew(&mut world, &app);
    assert!(world.windows.values().all(|count| *count == 0), "{:?}", world.windows);
}

/// What the trail says of changed addresses.
fn changed(world: &World) -> Vec<Option<&str>> {
    let changed = world.events.iter().filter(|event| event.what == EventName::EmailChanged);
    changed.map(|event| event.about.as_deref()).collect()
}

fn to(address: &str) -> UserChange {
    UserChange { email: Some(address.into()), ..UserChange::default() }
}

#[test]
fn a_changed_address_is_told_to_the_old_one_and_stands_in_the_trail_once_it_is_saved_whoever_changes_it() {
    let (start, ..) = with_an_app();
    let new: fn(&mut World) = |world| row(world).email = Some("new@example.com".into());
    for caller in [ada("one"), master(), Caller { transaction: true, ..ada("one") }] {
        let mut world = start.clone();
        let change = UserChange { user: Some("ada".into()), ..to("new@example.com") };
        world.run(Call::ChangeUser(change), with_mail(caller.clone())).unwrap();
        assert!(world.mails.is_empty() && changed(&world).is_empty(), "Parse may refuse the save");
        save(&mut world, to("new@example.com"), new, with_mail(caller));
        assert_eq!(changed(&world), [Some("a•••@example.com")]);
        let (to, _, text) = &world.mails[0];
        assert_eq!((&**to, world.mails.len()), (ADDRESS, 1));
        assert!(text.starts_with("The e-mail address of your account was changed"), "{text}");
        assert_eq!(world.account(), start.account(), "nothing under way is void by that");
    }
    let mut world = start.clone();
    save(&mut world, to(""), |world| row(world).email = None, with_mail(ada("one")));
    assert_eq!((changed(&world).len(), world.mails.len()), (1, 1), "a removed address is a change as well");
}

#[test]
fn an_address_in_other_letters_is_the_same_one_and_a_change_beside_the_password_is_told_as_well() {
    let (start, app, _) = with_an_app();
    let mut world = start.clone();
    save(&mut world, to("ADA@example.com"), |_| (), with_mail(ada("one")));
    assert!(changed(&world).is_empty() && world.mails.is_empty());
    step_up(&mut world, &app);
    let change = UserChange { password: true, ..to("new@example.com") };
    save(&mut world, change, |world| row(world).email = Some("new@example.com".into()), with_mail(ada("one")));
    assert_eq!((changed(&world).len(), world.mails.len()), (1, 1));
}

#[test]
fn a_changed_address_of_a_user_without_a_second_factor_is_nobodys_business_and_an_unverified_one_is_told_nothing() {
    let mut world = World::without_a_factor();
    row(&mut world).email = Some(ADDRESS.into());
    row(&mut world).email_verified = true;
    save(&mut world, to("new@example.com"), |_| (), with_mail(ada("one")));
    assert!(changed(&world).is_empty() && world.mails.is_empty());
    let (mut world, ..) = with_an_app();
    row(&mut world).email_verified = false;
    save(&mut world, to("new@example.com"), |_| (), with_mail(ada("one")));
    assert_eq!((changed(&world).len(), world.mails.len()), (1, 0));
    row(&mut world).email = None;
    save(&mut world, to("new@example.com"), |_| (), with_mail(ada("one")));
    assert_eq!(changed(&world)[1], None, "there was none");
}
