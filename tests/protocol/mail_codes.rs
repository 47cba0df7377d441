//! Codes by mail: the mailbox as a factor, for apps that allow it.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{
    KEYS, PASSWORD, Seeded, World, ada, deployment_by, flow_on, master, token, with_mail, with_settings,
};
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::engine::{Effect, User};
use parse_two_factor::policy::{Channel, Channels, Limits, Settings};
use parse_two_factor::wire::{Answer, EventName, FactorStatus, Method, Refusal};
use parse_two_factor::{Call, UserChange};
use std::rc::Rc;

const ADDRESS: &str = "ada@example.com";
const DAY: u64 = 86_400;

fn node() -> Rc<Deployment> {
    deployment_by(&[Channel::Sms, Channel::Email], Limits::default())
}

fn row(world: &mut World) -> &mut User {
    world.users.get_mut("ada").expect("Ada is there")
}

/// Ada without a factor, with an address that was verified.
fn with_an_address() -> World {
    let mut world = World::without_a_factor();
    row(&mut world).email = Some(ADDRESS.into());
    row(&mut world).email_verified = true;
    world
}

fn run(world: &mut World, call: Call, caller: Caller) -> Result<Answer, Refusal> {
    world.run_on(&node(), call, with_mail(caller))
}

fn login(world: &mut World, more: &[(&str, &str)]) -> Result<Answer, Refusal> {
    let params: Vec<_> = PASSWORD.iter().chain(more).copied().collect();
    run(world, calls::login(fields(&params)), Caller::default())
}

/// The code in the last mail.
fn code(world: &World) -> String {
    let (_, _, text) = world.mails.last().expect("a mail was sent");
    text.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect()
}

/// Begins to enroll the address; the token.
fn enrolling(world: &mut World) -> String {
    let call = calls::enroll(fields(&[("method", "email"), ("password", "right")]));
    match run(world, call, ada("one")).expect("it may begin") {
        Answer::NumberEnrollment { enrollment, to, resend_in: 30, .. } if to == "a•••@example.com" => {
            enrollment.to_string()
        }
        other => panic!("{other:?}"),
    }
}

/// Ada, whose address is her only factor; the factor and the recovery codes that came with it.
fn enrolled() -> (World, FactorStatus, Vec<String>) {
    let mut world = with_an_address();
    let enrollment = enrolling(&mut world);
    let confirm = calls::confirm(fields(&[("enrollment", &enrollment), ("code", &code(&world))]));
    match run(&mut world, confirm, ada("one")).expect("the code is right") {
        Answer::Confirmed { factor, recovery_codes: Some(codes), .. } => {
            world.advance(901);
            (world, factor, codes.into_iter().map(|code| code.to_string()).collect())
        }
        other => panic!("not confirmed but {other:?}"),
    }
}

/// The methods of a challenge.
fn methods(answer: &Answer) -> Vec<Method> {
    match answer {
        Answer::Challenge { methods, .. } => methods.clone(),
        other => panic!("no challenge but {other:?}"),
    }
}

fn refused(end: Result<Answer, Refusal>) -> i32 {
    end.expect_err("it is refused").code()
}

fn of_ada() -> UserChange {
    UserChange { user: Some("ada".into()), ..UserChange::default() }
}

/// Has Parse save a change of Ada's row.
fn save(world: &mut World, change: UserChange, write: fn(&mut World), caller: Caller) -> Result<(), Refusal> {
    let answer = run(world, Call::ChangeUser(change), caller.clone())?;
    write(world);
    let Answer::Judged { let_through, .. } = answer else { panic!("{answer:?}") };
    if let Some(let_through) = let_through {
        run(world, Call::UserSaved(let_through), caller)?;
    }
    Ok(())
}

fn new_password(world: &mut World) {
    let change = UserChange { password: true, ..of_ada() };
    save(world, change, |_| (), master()).expect("the operator, or a reset by mail");
}

fn move_to(world: &mut World, caller: Caller) -> Result<(), Refusal> {
    let change = UserChange { email: Some("new@example.com".into()), ..of_ada() };
    save(world, change, |world| row(world).email = Some("new@example.com".into()), caller)
}

#[test]
fn an_address_is_enrolled_by_a_code_that_came_back_from_it_and_signs_in_and_steps_up() {
    let (mut world, factor, _) = enrolled();
    assert_eq!((factor.method, &*factor.label), (Method::Email, "a•••@example.com"));
    assert_eq!(world.mails[0].1, "Your code");
    let begun = login(&mut world, &[]).expect("a code");
    assert_eq!(methods(&begun), [Method::Email, Method::Recovery]);
    let Answer::Challenge { to, method: Method::Email, .. } = &begun else { panic!("{begun:?}") };
    assert_eq!(to.as_deref(), Some("a•••@example.com"));
    let (challenge, right) = (token(begun), code(&world));
    let answer = calls::login(fields(&[("challenge", &challenge), ("code", &right)]));
    let Ok(Answer::Session { session_token, .. }) = run(&mut world, answer, Caller::default()) else { panic!() };
    let signed_in = world.events.iter().find(|event| event.what == EventName::SignedIn).expect("an event");
    assert_eq!(signed_in.method, Some(Method::Email));
    // Such a sign-in is a step-up as well.
    assert!(run(&mut world, Call::RequireStepUp, ada(&session_token)).is_ok());
    world.advance(301);
    let begun = run(&mut world, calls::step_up(fields(&[])), ada("two")).expect("a code");
    let params = fields(&[("challenge", &token(begun)), ("code", &code(&world)), ("method", "email")]);
    run(&mut world, calls::step_up(params), ada("two")).expect("the code is right");
    assert!(run(&mut world, Call::RequireStepUp, ada("two")).is_ok());
    assert!(world.messages.is_empty());
}

#[test]
fn the_row_holds_a_keyed_hash_of_the_address_and_nothing_to_read_it_from() {
    let (world, ..) = enrolled();
    let shown = format!("{:?}", world.account());
    assert!(!shown.contains("ada@") && !shown.contains(ADDRESS), "{shown}");
}

#[test]
fn another_code_goes_to_the_same_address_for_a_challenge_and_for_an_enrollment() {
    let mut world = with_an_address();
    let enrollment = enrolling(&mut world);
    world.advance(30);
    let again = |more: Option<(&'static str, &'static str)>| {
        let params = [("enrollment", &*enrollment)].into_iter().chain(more).collect::<Vec<_>>();
        calls::resend_code(fields(&params))
    };
    assert_eq!(refused(run(&mut world, again(Some(("method", "sms"))), Caller::default())), 4016);
    run(&mut world, again(None), Caller::default()).expect("another code");
    assert_eq!(world.mails.len(), 2);

    let (mut world, factor, _) = enrolled();
    row(&mut world).phone_number = Some("+15005550006".into());
    let challenge = token(login(&mut world, &[]).expect("a code to the number"));
    let to = |more: &[(&str, &str)]| {
        let params: Vec<_> = [("challenge", &*challenge)].into_iter().chain(more.iter().copied()).collect();
        calls::resend_code(fields(&params))
    };
    let mails = world.mails.len();
    for (more, sent) in [
        (vec![("method", "email")], 1),
        (vec![], 2),
        (vec![("factor", &*factor.id)], 3),
        (vec![("factor", "phone_number")], 3),
    ] {
        world.advance(30);
        run(&mut world, to(&more), Caller::default()).expect("another code");
        assert_eq!(world.mails.len() - mails, sent, "{more:?}");
    }
    assert_eq!(world.messages.len(), 2, "the first code and the last one");
    world.advance(30);
    assert_eq!(
        refused(run(&mut world, to(&[("method", "email"), ("factor", "phone_number")]), Caller::default())),
        4016
    );
}

#[test]
fn an_address_that_nobody_verified_is_not_enrolled_and_codes_by_mail_are_off_unless_the_app_has_them_on() {
    let call = || calls::enroll(fields(&[("method", "email"), ("password", "right")]));
    let mut world = with_an_address();
    row(&mut world).email_verified = false;
    assert_eq!(refused(run(&mut world, call(), ada("one"))), 4021);
    let mut world = with_an_address();
    assert_eq!(refused(world.run(call(), with_mail(ada("one")))), 4027);
    assert_eq!(refused(world.run_on(&node(), call(), ada("one"))), 4023, "there is no adapter for mail");
    assert!(world.mails.is_empty());
    let (mut world, ..) = enrolled();
    let mut off = world.clone();
    let is_off = off.login(&PASSWORD).expect("a recovery code is left");
    let is_down = world.run_on(&node(), calls::login(fields(&PASSWORD)), Caller::default()).expect("likewise");
    assert_eq!((methods(&is_off), methods(&is_down)), (vec![Method::Recovery], vec![Method::Recovery]));
    let by_mail = [PASSWORD[0], PASSWORD[1], ("method", "email")];
    assert_eq!(refused(off.login(&by_mail)), 4027);
    assert_eq!(refused(world.run_on(&node(), calls::login(fields(&by_mail)), Caller::default())), 4023);
    let codes = |world: &mut World| world.accounts.get_mut("ada").expect("an account").recovery_codes.clear();
    codes(&mut off);
    codes(&mut world);
    off.advance(901);
    world.advance(901);
    assert_eq!(refused(off.login(&PASSWORD)), 4027);
    assert_eq!(refused(world.run_on(&node(), calls::login(fields(&PASSWORD)), Caller::default())), 4023);
    assert!(world.sessions.is_empty(), "the password alone never becomes enough");
}

#[test]
fn once_the_address_changes_the_factor_works_no_more_and_the_password_alone_is_still_not_enough() {
    let (start, factor, codes) = enrolled();
    for change in [
        (|world| row(world).email = Some("new@example.com".into())) as fn(&mut World),
        |world| row(world).email = None,
        |world| row(world).email_verified = false,
    ] {
        let mut world = start.clone();
        let challenge = token(login(&mut world, &[]).expect("a code"));
        let right = code(&world);
        let mails = world.mails.len();
        change(&mut world);
        let answer = calls::login(fields(&[("challenge", &challenge), ("code", &right)]));
        assert_eq!(refused(run(&mut world, answer, Caller::default())), 4012, "the code went to the old address");
        world.advance(901);
        let begun = login(&mut world, &[]).expect("a recovery code is left");
        assert_eq!(methods(&begun), [Method::Recovery]);
        assert_eq!(refused(login(&mut world, &[("method", "email")])), 4016);
        assert_eq!(world.mails.len(), mails);
        let Ok(Answer::Status { factors, .. }) = run(&mut world, calls::two_factor_status(fields(&[])), ada("one"))
        else {
            panic!("no status");
        };
        assert_eq!((factors[0].id.clone(), factors[0].to.clone()), (factor.id.clone(), None), "it can be removed");
        let recover =
            calls::login(fields(&[("challenge", &token(begun)), ("code", &codes[0]), ("method", "recovery")]));
        assert!(run(&mut world, recover, Caller::default()).is_ok(), "nobody honest is shut out");
    }
    let mut world = start.clone();
    row(&mut world).email = Some("ADA@example.com".into());
    assert_eq!(methods(&login(&mut world, &[]).expect("a code"))[0], Method::Email, "the same address");
}

#[test]
fn a_session_changes_an_address_that_is_a_factor_only_after_a_step_up_and_that_voids_what_is_under_way() {
    let (start, ..) = enrolled();
    let mut world = start.clone();
    assert_eq!(refused(move_to(&mut world, ada("two")).map(|()| Answer::Nothing {})), 4020);
    assert_eq!(row(&mut world).email.as_deref(), Some(ADDRESS));
    let challenge = token(login(&mut world, &[]).expect("a code"));
    world.advance(30);
    let begun = run(&mut world, calls::step_up(fields(&[])), ada("two")).expect("a code");
    let params = fields(&[("challenge", &token(begun)), ("code", &code(&world))]);
    run(&mut world, calls::step_up(params), ada("two")).expect("the code is right");
    let mails = world.mails.len();
    move_to(&mut world, ada("two")).expect("stepped up");
    let answer = calls::login(fields(&[("challenge", &challenge), ("code", "000000")]));
    assert_eq!(refused(run(&mut world, answer, Caller::default())), 4012);
    assert_eq!(world.mails[mails..].iter().map(|(to, ..)| &**to).collect::<Vec<_>>(), [ADDRESS], "the old one hears");
    assert!(run(&mut world, Call::RequireStepUp, ada("two")).is_err(), "the step-up hangs on the old address");
    let mut world = start;
    assert!(move_to(&mut world, master()).is_ok(), "the operator needs none");
}

#[test]
fn for_a_day_after_a_change_of_the_password_no_code_goes_by_mail_and_none_is_taken() {
    let (start, ..) = enrolled();
    let mut world = start.clone();
    let challenge = token(login(&mut world, &[]).expect("a code"));
    let right = code(&world);
    new_password(&mut world);
    let mails = world.mails.len();
    let answer = calls::login(fields(&[("challenge", &challenge), ("code", &right)]));
    assert_eq!(refused(run(&mut world, answer, Caller::default())), 4012);
    assert_eq!(login(&mut world, &[]).unwrap_err(), Refusal::MailRests { seconds: DAY });
    let said = Refusal::MailRests { seconds: DAY }.to_string();
    assert_eq!(
        said.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>(),
        ["86400"]
    );
    world.advance(3600);
    assert_eq!(login(&mut world, &[("method", "email")]).unwrap_err(), Refusal::MailRests { seconds: DAY - 3600 });
    assert_eq!(refused(run(&mut world, calls::step_up(fields(&[])), ada("one"))), 4015);
    let enroll = calls::enroll(fields(&[("method", "email"), ("password", "right")]));
    let mut other = with_an_address();
    new_password(&mut other);
    assert_eq!(refused(run(&mut other, enroll, ada("one"))), 4015, "of whoever has no account as yet as well");
    world.advance(DAY - 3601);
    assert_eq!(login(&mut world, &[]).unwrap_err(), Refusal::MailRests { seconds: 1 });
    assert_eq!(world.mails.len(), mails);
    world.advance(1);
    assert_eq!(methods(&login(&mut world, &[]).expect("the day is over"))[0], Method::Email);
}

#[test]
fn who_has_another_factor_or_a_recovery_code_gets_in_while_codes_by_mail_rest() {
    let (mut world, _, codes) = enrolled();
    row(&mut world).phone_number = Some("+15005550006".into());
    new_password(&mut world);
    let begun = login(&mut world, &[]).expect("a code to the number");
    assert_eq!(methods(&begun), [Method::Sms, Method::Recovery]);
    let resend = calls::resend_code(fields(&[("challenge", &token(begun)), ("method", "email")]));
    world.advance(30);
    assert_eq!(refused(run(&mut world, resend, Caller::default())), 4015);

    let (mut world, ..) = (enrolled().0, ());
    new_password(&mut world);
    let asked = login(&mut world, &[("method", "recovery")]).expect("a client that names it is asked for one");
    assert_eq!(methods(&asked), [Method::Recovery]);
    let (mut world, _, more) = enrolled();
    new_password(&mut world);
    assert!(login(&mut world, &[("code", &more[0])]).is_ok(), "one call as well");
    assert_eq!(codes.len(), more.len());
}

#[test]
fn a_sign_up_is_no_change_of_the_password_and_an_app_without_codes_by_mail_keeps_no_time_of_one() {
    let mut world = with_an_address();
    let sign_up = UserChange { password: true, email: Some(ADDRESS.into()), ..UserChange::default() };
    run(&mut world, Call::ChangeUser(sign_up), Caller::default()).expect("it may go on");
    enrolling(&mut world);
    let mut world = with_an_address();
    let change = UserChange { password: true, ..of_ada() };
    world.run(Call::ChangeUser(change), master()).expect("it may go on");
    assert!(world.accounts.is_empty());
}

#[test]
fn changes_of_the_password_leave_one_time_however_many_they_are_and_those_at_once_never_none() {
    let (mut world, ..) = enrolled();
    for _ in 0..9 {
        world.advance(1);
        new_password(&mut world);
    }
    let times = |world: &World| world.account().counted(parse_two_factor::account::CountedKind::Password).count();
    assert_eq!(times(&world), 1);
    let changing = || {
        Request::new(|_| Call::ChangeUser(UserChange { password: true, ..of_ada() }))
            .by(with_mail(master()))
            .on(&node())
    };
    every_interleaving(&world, &[changing(), changing()], |outcome| {
        // Neither of two relies on the other, which may be taken back.
        assert!((1..=2).contains(&times(&outcome.world)), "{:?}", outcome.schedule);
        let mut world = outcome.world.clone();
        world.advance(1);
        new_password(&mut world);
        assert_eq!(times(&world), 1, "the next one is enough");
    });
}

#[test]
fn beside_a_passkey_codes_by_mail_are_neither_offered_nor_sent_nor_taken() {
    let (mut world, ..) = enrolled();
    let challenge = token(login(&mut world, &[]).expect("a code"));
    let right = code(&world);
    let mails = world.mails.len();
    let account = world.accounts.get_mut("ada").expect("Ada has an account");
    let passkey = parse_two_factor::account::Factor {
        id: "key".into(),
        kind: parse_two_factor::account::FactorKind::Passkey,
        ..account.factors[0].clone()
    };
    account.factors.push(passkey);
    account.confirmed.push("key".into());
    let answer = calls::login(fields(&[("challenge", &challenge), ("code", &right)]));
    assert_eq!(refused(run(&mut world, answer, Caller::default())), 4016);
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    world.advance(30);
    assert_eq!(refused(run(&mut world, resend, Caller::default())), 4016);
    world.advance(901);
    assert_eq!(refused(login(&mut world, &[("method", "email")])), 4016);
    let begun = login(&mut world, &[("method", "recovery")]).expect("a recovery code is left");
    assert_eq!(methods(&begun), [Method::Recovery]);
    let Ok(Answer::Status { can, .. }) = run(&mut world, calls::two_factor_status(fields(&[])), ada("one")) else {
        panic!("no status");
    };
    assert!(!can.contains(&Method::Email), "{can:?}");
    assert_eq!(world.mails.len(), mails);
}

#[test]
fn a_number_that_is_not_reached_never_has_its_code_go_by_mail() {
    let (mut world, ..) = enrolled();
    row(&mut world).phone_number = Some("+15005550006".into());
    world.refuses = vec![(Channel::Sms, 21614)];
    let mails = world.mails.len();
    assert_eq!(refused(login(&mut world, &[])), 4026);
    assert_eq!(world.mails.len(), mails);
    world.mail_is_down = true;
    assert_eq!(refused(login(&mut world, &[("method", "email")])), 4018);
    assert_eq!(world.handed_over, 1, "and what goes by mail goes no other way");
}

#[test]
fn codes_by_mail_are_among_the_users_five_and_have_a_ceiling_of_the_app_that_notices_do_not_use_up() {
    let (start, ..) = enrolled();
    let mut world = start.clone();
    for _ in 0..5 {
        login(&mut world, &[]).expect("a code");
        world.advance(31);
    }
    assert_eq!(refused(login(&mut world, &[])), 4015);

    let node = deployment_by(&[Channel::Email], Limits { mails_per_app: 1, ..Limits::default() });
    let mut world = start;
    world.advance(3600);
    let reset = calls::reset(fields(&[("userId", "ada")]));
    world.run_on(&node, reset, with_mail(master())).expect("with a notice");
    let begin = || calls::login(fields(&PASSWORD));
    world.run_on(&node, begin(), with_mail(Caller::default())).expect("a code");
    world.advance(31);
    assert_eq!(refused(world.run_on(&node, begin(), with_mail(Caller::default()))), 4015);
}

#[test]
fn a_factor_goes_over_to_a_new_key_with_the_next_code_from_the_address() {
    const RING: &str =
        "new:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=,k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    assert!(RING.ends_with(KEYS));
    let (mut world, ..) = enrolled();
    let settings = Settings { channels: node().policy.channels.clone(), ..Settings::default() };
    let node = with_settings(RING, settings);
    let sign_in = |world: &mut World| {
        let begun = world.run_on(&node, calls::login(fields(&PASSWORD)), with_mail(Caller::default())).expect("a code");
        let params = fields(&[("challenge", &token(begun)), ("code", &code(world))]);
        world.run_on(&node, calls::login(params), with_mail(Caller::default())).expect("the code is right");
        world.advance(31);
    };
    sign_in(&mut world);
    let kids: Vec<_> = world.account().confirmed_factors().map(|factor| factor.kid.to_string()).collect();
    assert_eq!(kids, ["new"]);
    sign_in(&mut world);
}

/// A sign-in by a code that goes by mail, with the code as soon as it came.
fn signing_in(password: &'static str) -> Request {
    let begin = Request::new(move |_| calls::login(fields(&[PASSWORD[0], ("password", password)])));
    let begin = begin.by(with_mail(Caller::default())).on(&node());
    begin.then(|world, answer| {
        let Answer::Challenge { challenge, .. } = answer else { return None };
        Some(calls::login(fields(&[("challenge", challenge), ("code", &code(world))])))
    })
}

fn changing_the_password(dies: bool) -> Request {
    let change = Request::new(|_| Call::ChangeUser(UserChange { password: true, ..of_ada() }));
    let change = change.by(with_mail(master())).on(&node());
    change.saved(|world| _ = world.passwords.insert("ada".into(), "new"), dies)
}

#[test]
fn whoever_signs_in_by_a_new_password_gets_no_mail_in_any_order_also_if_the_process_died() {
    let (start, ..) = enrolled();
    for dies in [false, true] {
        let requests = [changing_the_password(dies), signing_in("new")];
        let check = |outcome: &Outcome| {
            let schedule = &outcome.schedule;
            assert!(outcome.world.sessions.len() == start.sessions.len(), "{schedule:?}");
            assert_eq!(outcome.world.mails.len(), start.mails.len(), "{schedule:?} {:?}", outcome.ends);
            assert!(matches!(&outcome.ends[1], Err(refusal) if [101, 4015, 4022].contains(&refusal.code())));
        };
        let explored = every_interleaving(&start, &requests, check);
        assert!(explored > 2, "{explored}");
        assert!(is_caught(Seeded::RestForgotten, &start, &requests, check));
    }
}

#[test]
fn a_password_that_changes_before_a_code_is_written_keeps_it_from_being_mailed() {
    let (mut world, ..) = enrolled();
    let challenge = token(login(&mut world, &[]).expect("a code"));
    world.advance(60);
    let resend = calls::resend_code(fields(&[("challenge", &challenge)]));
    for (start, call) in [(enrolled().0, calls::login(fields(&PASSWORD))), (world, resend)] {
        let mut world = start.clone();
        let flow = flow_on(&node(), call, with_mail(Caller::default()), 7_000_000);
        let mut is_changed = false;
        let end = world.finish_amid(flow, |world, effect| {
            if matches!(effect, Effect::UpdateAccount(_)) && !is_changed {
                new_password(world);
                is_changed = true;
            }
        });
        assert!(is_changed);
        assert_eq!(end.expect_err("no code goes by mail for a day").code(), 4015);
        assert_eq!(world.mails.len(), start.mails.len());
        assert_eq!(world.account().codes.len(), start.account().codes.len(), "nothing is left of the code");
    }
}

#[test]
fn a_code_to_an_old_address_opens_nothing_once_the_new_one_is_saved_in_any_order_also_if_the_process_died() {
    let (start, ..) = enrolled();
    for dies in [false, true] {
        let change =
            Request::new(|_| Call::ChangeUser(UserChange { email: Some("new@example.com".into()), ..of_ada() }));
        let change = change.by(with_mail(master())).on(&node());
        let change = change.saved(|world| row(world).email = Some("new@example.com".into()), dies);
        let requests = [change, signing_in("right")];
        let check = |outcome: &Outcome| {
            let written = *outcome.stages[0].first().unwrap_or(&usize::MAX);
            assert!(outcome.opened.iter().all(|at| *at < written), "{:?} {:?}", outcome.schedule, outcome.ends);
        };
        let explored = every_interleaving(&start, &requests, check);
        assert!(explored > 10, "{explored}");
        assert!(is_caught(Seeded::FoundedOnNothing, &start, &requests, check));
    }
}

#[test]
fn the_app_has_to_say_that_it_accepts_codes_by_mail() {
    let channels = Channels(deployment_by(&[Channel::Email], Limits::default()).policy.channels.0.clone());
    let refused = parse_two_factor::policy::Policy::new(Settings { channels, ..Settings::default() }).unwrap_err();
    assert!(refused.to_string().contains("§3.1.3.1") && refused.to_string().contains("allow: ['email']"), "{refused}");
}
