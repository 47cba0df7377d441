//! Trusted browsers.

use crate::calls::{self, Fields, fields};
use crate::explore::{Outcome, Request, every_interleaving, is_caught};
use crate::world::{
    App, Happened, PASSWORD, Seeded, World, ada, core, deployment, deployment_of, master, session_token, token,
};
use parse_two_factor::account::{Device, OfAuthenticators, RowUpdate, SetOp};
use parse_two_factor::caller::Caller;
use parse_two_factor::engine::{Effect, Step};
use parse_two_factor::policy::{ClauseName, Require, Settings, TrustedDevices};
use parse_two_factor::wire::{Answer, EventName, Param, Progress, Refusal};
use parse_two_factor::{Call, UserChange};

const DAY: u64 = 86_400;

/// Parameters of a sign-in that is to trust the browser.
pub fn trusting(params: &[(&str, &str)]) -> Fields {
    let texts = params.iter().map(|(name, value)| ((*name).to_owned(), Param::from(*value)));
    Fields::of(texts.chain([("trust".to_owned(), Param::Flag(true))]))
}

fn firefox() -> Caller {
    let user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    Caller { user_agent: Some(user_agent.into()), ..Caller::default() }
}

/// Ada with an authenticator app and recovery codes, some time after she enrolled.
fn with_app() -> (World, App, Vec<String>) {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.advance(901);
    (world, app, codes)
}

/// Signs in with the app and trusts the browser; the token.
fn trust(world: &mut World, app: &App) -> String {
    world.advance(30);
    let code = app.code(world.now, 0);
    let params = trusting(&[PASSWORD[0], PASSWORD[1], ("code", &code)]);
    match world.run(calls::login(params), firefox()).expect("the code is right") {
        Answer::Session { device: Some(Some(device)), .. } => device.to_string(),
        other => panic!("not trusted but {other:?}"),
    }
}

fn with_device() -> (World, App, Vec<String>, String) {
    let (mut world, app, codes) = with_app();
    let device = trust(&mut world, &app);
    (world, app, codes, device)
}

fn by_device(device: &str) -> Call {
    calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("device", device)]))
}

/// Whether a sign-in with this token needs no second factor, in a copy of this world. If it does, the answer says that the token is of no
/// use.
fn is_trusted(world: &World, device: &str) -> bool {
    match world.clone().run(by_device(device), Caller::default()).expect("the password is right") {
        Answer::Session { status: Progress::SignedIn, device: None, recovery_codes_left: None, .. } => true,
        Answer::Challenge { device: Some(None), .. } => false,
        other => panic!("{other:?}"),
    }
}

fn statuses(world: &mut World, caller: Caller) -> Vec<(String, String)> {
    match world.run(calls::two_factor_status(fields(&[])), caller).expect("a session") {
        Answer::Status { devices, .. } => {
            devices.into_iter().map(|device| (device.id.to_string(), device.label)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn change(password: bool, phone_number: Option<&str>) -> Call {
    let phone_number = phone_number.map(str::to_owned);
    Call::ChangeUser(UserChange { user: Some("ada".into()), password, phone_number, ..UserChange::default() })
}

fn reset(scope: &str) -> Call {
    calls::reset(fields(&[("userId", "ada"), ("scope", scope)]))
}

#[test]
fn a_trusted_browser_signs_in_without_a_code_until_a_fixed_end() {
    let (mut world, _, _, device) = with_device();
    let trusted_at = world.now;
    for _ in 0..3 {
        world.advance(9 * DAY);
        let session = session_token(world.run(by_device(&device), Caller::default()).unwrap());
        assert!(!world.has_stepped_up(&session), "it is no step-up");
    }
    world.now = trusted_at + 1000 * 30 * DAY - 1;
    assert!(is_trusted(&world, &device));
    world.now += 1;
    assert!(!is_trusted(&world, &device), "use does not move the end");
    let writes = world.writes;
    assert!(world.run(by_device(&device), Caller::default()).is_ok());
    assert_eq!(world.writes, writes + 1, "nothing but the challenge is written for a token that is over");
}

#[test]
fn a_challenge_says_for_how_many_days_a_browser_can_be_trusted_and_a_step_up_does_not() {
    let (mut world, ..) = with_app();
    let days = |answer: Answer| match answer {
        Answer::Challenge { trust_days, device: None, .. } => trust_days,
        other => panic!("{other:?}"),
    };
    assert_eq!(days(world.login(&PASSWORD).unwrap()), Some(30));
    assert_eq!(days(world.run(calls::step_up(fields(&[])), ada("one")).unwrap()), None);
}

#[test]
fn trust_works_wherever_a_code_opens_a_session_but_not_with_a_recovery_code_nor_in_a_confirmation() {
    let (start, app, codes) = with_app();
    let answered = |world: &mut World, params: Fields| match world.run(calls::login(params), firefox()).unwrap() {
        Answer::Session { device, .. } => device,
        other => panic!("{other:?}"),
    };
    let mut world = start.clone();
    let challenge = world.challenge();
    let code = app.code(world.now, 0);
    assert!(matches!(answered(&mut world, trusting(&[("challenge", &challenge), ("code", &code)])), Some(Some(_))));
    assert_eq!(world.account().devices.len(), 1);

    let mut world = start.clone();
    let challenge = world.challenge();
    assert_eq!(answered(&mut world, trusting(&[("challenge", &challenge), ("code", &codes[0])])), None);
    assert_eq!(answered(&mut world, trusting(&[PASSWORD[0], PASSWORD[1], ("code", &codes[1])])), None);

    let mut world = start.clone();
    world.requires.insert("ada".into(), Require::Nobody);
    assert_eq!(answered(&mut world, trusting(&PASSWORD)), None, "nobody was asked");

    let mut world = World::without_a_factor();
    let begun = world.enroll("one").unwrap();
    let params = trusting(&[("enrollment", &begun.token), ("code", &begun.app.code(world.now, 0))]);
    assert!(world.run(calls::confirm(params), ada("one")).is_ok());
    assert!(world.account().devices.is_empty());
}

#[test]
fn with_the_option_off_nothing_is_trusted_and_a_token_is_ignored() {
    let (mut world, app, _, device) = with_device();
    let off = deployment_of(Settings::default());
    let answer = world.run_on(&off, by_device(&device), Caller::default()).unwrap();
    assert!(matches!(answer, Answer::Challenge { device: Some(None), trust_days: None, .. }), "{answer:?}");
    world.advance(30);
    let code = app.code(world.now, 0);
    let params = trusting(&[PASSWORD[0], PASSWORD[1], ("code", &code)]);
    let answer = world.run_on(&off, calls::login(params), firefox()).unwrap();
    assert!(matches!(answer, Answer::Session { device: None, .. }), "{answer:?}");
    assert_eq!(world.account().devices.len(), 1);
    assert!(is_trusted(&world, &device), "on again");
}

#[test]
fn a_token_is_bound_to_its_user_and_two_users_of_one_browser_each_have_their_own() {
    let (mut world, app, _, adas) = with_device();
    let bob = parse_two_factor::engine::User {
        id: "bob".into(),
        username: Some("bob".into()),
        phone_number: Some("+15005550007".into()),
        ..Default::default()
    };
    world.users.insert("bob".into(), bob);
    let as_bob = |more: &[(&str, &str)]| calls::login(fields(&[&[("username", "bob"), PASSWORD[1]], more].concat()));
    let before = world.accounts.clone();
    let answer = world.run(as_bob(&[("device", &adas)]), Caller::default()).unwrap();
    assert!(matches!(answer, Answer::Challenge { device: Some(None), .. }), "{answer:?}");
    assert_eq!(world.accounts["ada"], before["ada"], "nothing happens to the row that the token names");
    let challenge = token(answer);
    let code = world.last_code();
    let params = trusting(&[("challenge", &challenge), ("code", &code)]);
    let Ok(Answer::Session { device: Some(Some(bobs)), .. }) = world.run(calls::login(params), firefox()) else {
        panic!("not trusted");
    };
    assert!(matches!(world.run(as_bob(&[("device", &bobs)]), Caller::default()), Ok(Answer::Session { .. })));
    assert!(is_trusted(&world, &adas) && !is_trusted(&world, &bobs));
    // A row in another one's place grants nothing either.
    let stolen = world.accounts["bob"].devices.clone();
    world.accounts.get_mut("ada").unwrap().devices.extend(stolen);
    assert!(!is_trusted(&world, &bobs));
    drop(app);
}

#[test]
fn made_up_and_damaged_tokens_are_ignored_without_a_write_to_any_row_but_for_the_challenge() {
    let (mut world, _, _, device) = with_device();
    world.challenge();
    let writes = world.writes;
    let parts: Vec<&str> = device.split('.').collect();
    for forged in [
        "x",
        "a.b.c.d.e",
        &device[1..],
        &format!("{device}x"),
        &device.replace(parts[1], "account-of-bob"),
        &device.replace(parts[3], &(parts[3].parse::<u64>().unwrap() + 1).to_string()),
    ] {
        let answer = world.run(by_device(forged), Caller::default()).unwrap();
        assert!(matches!(answer, Answer::Challenge { device: Some(None), .. }), "{forged}: {answer:?}");
    }
    assert_eq!(world.writes, writes);
    let wrong = calls::login(fields(&[PASSWORD[0], ("password", "wrong"), ("device", &device)]));
    assert_eq!(world.run(wrong, Caller::default()).unwrap_err().code(), 101);
    assert_eq!(world.writes, writes, "without the password it is not even looked at");
}

/// Ada with a trusted browser, an authenticator app, a number and a session that has stepped up.
fn stepped_up() -> (World, App, Vec<String>, String) {
    let mut world = World::without_a_factor();
    let (app, codes) = world.enrolled("one");
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    world.advance(901);
    let device = trust(&mut world, &app);
    world.advance(30);
    let code = app.code(world.now, 0);
    world.step_up("one", &code, "totp");
    world.advance(30);
    (world, app, codes, device)
}

#[test]
fn whatever_changes_what_a_user_signs_in_with_removes_the_trusted_browsers() {
    let (start, app, codes, device) = stepped_up();
    assert!(is_trusted(&start, &device));
    let confirm_another = |world: &mut World| {
        let begun = world.enroll("one").expect("a further factor");
        let params = fields(&[("enrollment", &begun.token), ("code", &begun.app.code(world.now, 0))]);
        world.run(calls::confirm(params), ada("one")).map(drop)
    };
    let by_recovery_code = |world: &mut World| world.login(&[PASSWORD[0], PASSWORD[1], ("code", &codes[0])]).map(drop);
    let step_up_by_recovery_code = |world: &mut World| {
        world.step_up("two", &codes[1], "recovery");
        Ok(())
    };
    type Ends<'a> = &'a dyn Fn(&mut World) -> Result<(), Refusal>;
    let run = |call: fn() -> Call, by: Caller| move |world: &mut World| world.run(call(), by.clone()).map(drop);
    let remove = |world: &mut World| world.run(calls::remove(fields(&[("factor", &app.factor)])), ada("one")).map(drop);
    let ends: [(&str, Ends<'_>); 13] = [
        ("a change of the password by the user", &run(|| change(true, None), ada("one"))),
        ("a change of the password by the operator, or a reset by mail", &run(|| change(true, None), master())),
        ("a change of the number", &run(|| change(false, Some("+15005550009")), ada("one"))),
        ("the operator's change of the number", &run(|| change(false, Some("")), master())),
        ("a factor that is added", &confirm_another),
        ("a factor that is removed", &remove),
        ("a removed number", &run(|| calls::remove(fields(&[("factor", "phone_number")])), ada("one"))),
        ("a reset", &run(|| reset(""), master())),
        ("a reset of the factors", &run(|| reset("factors"), master())),
        ("a reset of the trusted browsers", &run(|| reset("devices"), master())),
        ("a recovery code", &by_recovery_code),
        ("a recovery code in a step-up", &step_up_by_recovery_code),
        ("the user", &run(|| calls::forget_device(Fields::of([("all".into(), Param::Flag(true))])), ada("any"))),
    ];
    for (what, end) in ends {
        let mut world = start.clone();
        end(&mut world).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        assert!(world.account().devices.is_empty(), "removed, not marked: {what}");
        assert!(!is_trusted(&world, &device), "{what}");
    }
}

#[test]
fn a_new_label_a_step_up_a_wrong_code_and_new_recovery_codes_leave_browsers_trusted() {
    let (mut world, app, _, device) = stepped_up();
    world.run(calls::rename(fields(&[("factor", &app.factor), ("label", "Tablet")])), ada("one")).unwrap();
    world.run(calls::new_recovery_codes(), ada("one")).unwrap();
    let challenge = world.challenge();
    assert_eq!(world.answer(&challenge, "00000x").unwrap_err().code(), 4024);
    statuses(&mut world, ada("one"));
    assert!(is_trusted(&world, &device));
}

#[test]
fn trust_ends_by_itself_with_password_number_and_factors_whether_or_not_anybody_lived_to_remove_it() {
    let (start, .., device) = stepped_up();
    let mut numbered = start.clone();
    numbered.users.get_mut("ada").unwrap().phone_number = Some("+15005550009".into());
    let mut changed = start.clone();
    changed.passwords.insert("ada".into(), "right");
    let mut enrolled = start.clone();
    let mut factor = start.account().factors[0].clone();
    factor.id = "another".into();
    let another = SetOp::add([factor.clone().into(), OfAuthenticators::Confirmed(factor.id)]);
    enrolled.accounts.get_mut("ada").unwrap().apply(&RowUpdate::authenticators(another));
    for mut world in [numbered, changed, enrolled] {
        assert_eq!(world.account().devices.len(), 1);
        assert_eq!(statuses(&mut world, ada("one")), [], "it is not shown any more");
        assert!(!is_trusted(&world, &device));
        world.run(by_device(&device), Caller::default()).unwrap();
        assert!(world.account().devices.is_empty(), "whoever finds it removes it");
    }
}

#[test]
fn a_trusted_browser_opens_nothing_by_a_row_that_changes_after_the_browser_was_looked_at() {
    let (mut world, _, _, device) = with_device();
    let sessions = world.sessions.len();
    let mut flow = crate::world::flow(by_device(&device), Caller::default(), 7_000_000);
    let mut step = flow.start(world.time());
    let end = loop {
        let effect = match step {
            Step::Done(end) => break end,
            Step::Do(effect) => effect,
        };
        let reply = world.perform(&effect);
        if matches!(effect, Effect::UpdateAccount(_)) {
            // By somebody who died before anything could be removed.
            world.users.get_mut("ada").unwrap().phone_number = Some("+15005550009".into());
        }
        step = flow.resume(reply, world.time());
    };
    assert_eq!(end.unwrap_err().code(), 4022);
    assert_eq!(world.sessions.len(), sessions);
}

#[test]
fn a_session_that_a_trusted_browser_opened_changes_nothing_without_a_step_up() {
    let (mut world, app, _, device) = with_device();
    let session = session_token(world.run(by_device(&device), Caller::default()).unwrap());
    let me = || ada(&session);
    for (call, code) in [
        (calls::remove(fields(&[("factor", &app.factor), ("device", &device)])), 4020),
        (calls::enroll(fields(&[("method", "totp"), ("password", "right"), ("device", &device)])), 4020),
        (calls::new_recovery_codes(), 4020),
        (change(true, None), 4020),
        (Call::RequireStepUp, 4020),
    ] {
        assert_eq!(world.run(call, me()).unwrap_err().code(), code);
    }
    let begun = world.run(calls::step_up(fields(&[("device", &device)])), me()).unwrap();
    assert!(matches!(begun, Answer::Challenge { device: None, .. }), "{begun:?}");
}

#[test]
fn a_trusted_browser_works_for_a_user_who_is_disabled_and_does_not_end_that() {
    let (mut world, _, _, device) = with_device();
    world.fail_in_a_row(100);
    assert!(is_trusted(&world, &device));
    world.run(by_device(&device), Caller::default()).unwrap();
    assert!(world.account().at(world.time(), &core().policy.limits).is_disabled());
}

#[test]
fn where_always_is_required_no_trusted_browser_counts_and_its_token_is_kept_for_later() {
    let (mut world, app, _, device) = with_device();
    world.advance(30);
    world.requires.insert("ada".into(), Require::Always);
    let answer = world.run(by_device(&device), Caller::default()).unwrap();
    let Answer::Challenge { challenge, device: None, trust_days: None, .. } = answer else { panic!("{answer:?}") };
    let code = app.code(world.now, 0);
    let answered = trusting(&[("challenge", &challenge), ("code", &code)]);
    let signed_in = world.run(calls::login(answered), firefox());
    assert!(matches!(signed_in, Ok(Answer::Session { device: None, .. })), "{signed_in:?}");
    world.requires.insert("ada".into(), Require::Everyone);
    assert!(is_trusted(&world, &device));
    let mut bare = World::without_a_factor();
    bare.requires.insert("ada".into(), Require::Always);
    assert!(matches!(bare.login(&PASSWORD), Ok(Answer::EnrollFirst { .. })), "else it is like everyone");
    let native = bare.run(Call::NativeSignIn { user: "ada".into(), presented: Vec::new() }, Caller::default());
    assert_eq!(native.unwrap_err().code(), 4010);
}

#[test]
fn of_eleven_trusted_browsers_the_oldest_is_asked_again() {
    let (mut world, app, _, first) = with_device();
    let others: Vec<String> = (0..10).map(|_| trust(&mut world, &app)).collect();
    assert_eq!(world.account().devices.len(), 10);
    assert!(!is_trusted(&world, &first));
    assert!(others.iter().all(|device| is_trusted(&world, device)));
    // One whose removal failed does not count either.
    let mut eleventh: Device = world.account().devices[0].clone();
    eleventh.at = world.time();
    eleventh.id = "eleventh".into();
    world.accounts.get_mut("ada").unwrap().devices.push(eleventh);
    assert!(!is_trusted(&world, &others[0]));
    world.advance(31 * DAY);
    let last = trust(&mut world, &app);
    assert_eq!(world.account().devices.len(), 1, "those that are over go");
    assert!(is_trusted(&world, &last));
}

#[test]
fn a_user_is_told_of_a_trusted_browser_and_the_trail_says_how_a_sign_in_was_let_in() {
    let (mut world, .., device) = stepped_up();
    let texts: Vec<&str> = world.messages.iter().map(|(_, body)| &**body).collect();
    assert!(texts[0].starts_with("A browser signs in to your account without a second factor"), "{texts:?}");
    let trusted = world.events.iter().find(|event| event.what == EventName::DeviceTrusted).expect("an event");
    assert_eq!(trusted.about.as_deref(), Some("Firefox on Linux"));
    world.run(by_device(&device), Caller::default()).unwrap();
    let last = world.events.last().unwrap();
    assert_eq!((last.what, last.method), (EventName::SignedIn, None));
    assert_eq!(last.about.as_deref(), Some("trusted browser: Firefox on Linux"));
    let shown = format!("{:?}", world.events);
    assert!(!shown.contains(&device[..20]));
}

#[test]
fn a_session_lists_its_users_browsers_and_forgets_one_of_them_or_all() {
    let (mut world, app, _, first) = with_device();
    let second = trust(&mut world, &app);
    let listed = statuses(&mut world, ada("any"));
    let [(newest, label), (oldest, _)] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!(label, "Firefox on Linux");
    assert!(!first.contains(&**oldest) && !second.contains(&**newest), "an id is no part of a token");
    let forget = |id: &str| calls::forget_device(fields(&[("device", id)]));
    for _ in 0..2 {
        let answer = world.run(forget(oldest), ada("any"));
        assert!(matches!(answer, Ok(Answer::Nothing {})), "one that is gone is forgotten: {answer:?}");
    }
    assert!(!is_trusted(&world, &first) && is_trusted(&world, &second));
    assert_eq!(world.run(forget(newest), Caller::default()).unwrap_err().code(), 209);
    let bob = Caller { user: Some("bob".into()), session_token: Some("r:bob".into()), ..Caller::default() };
    assert!(world.run(forget(newest), bob).is_ok());
    assert!(is_trusted(&world, &second), "nobody forgets another user's");
    let all = |flag| Fields::of([("all".to_owned(), Param::Flag(flag))]);
    assert_eq!(world.run(calls::forget_device(all(false)), ada("any")).unwrap_err().code(), 4021);
    let both = Fields::of([("all".to_owned(), Param::Flag(true)), ("device".to_owned(), Param::from("x"))]);
    assert_eq!(world.run(calls::forget_device(both), ada("any")).unwrap_err().code(), 4021);
    assert!(world.run(calls::forget_device(all(true)), ada("any")).is_ok());
    assert_eq!(statuses(&mut world, ada("any")), []);
    assert!(!is_trusted(&world, &second));
}

#[test]
fn a_reset_of_the_trusted_browsers_leaves_everything_else_and_stands_in_the_trail() {
    let (mut world, app, codes, device) = with_device();
    let challenge = world.challenge();
    world.run(reset("devices"), master()).unwrap();
    assert!(!is_trusted(&world, &device));
    assert_eq!(world.events.last().unwrap().about.as_deref(), Some("devices"));
    assert!(world.confirmed() == [app.factor.clone()] && world.is_live(&codes[0]));
    world.advance(30);
    let code = app.code(world.now, 0);
    assert!(world.answer(&challenge, &code).is_ok(), "what is under way goes on");
    assert_eq!(world.run(reset("devices"), Caller::default()).unwrap_err().code(), 119);
    assert_eq!(world.run(reset("tokens"), master()).unwrap_err().code(), 4021);
}

const OLD: &str = "k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const NEW: &str = "n:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

#[test]
fn a_browser_that_was_trusted_under_an_older_key_is_trusted_until_that_key_leaves_the_ring() {
    let (mut world, app, _, device) = with_device();
    let (both, without) = (deployment(&format!("{NEW},{OLD}")), deployment(NEW));
    assert!(matches!(world.run_on(&both, by_device(&device), Caller::default()), Ok(Answer::Session { .. })));
    let uses = world.account().key_use();
    assert_eq!(uses.iter().map(|of_key| (&*of_key.kid, of_key.devices)).collect::<Vec<_>>(), [("k", 1)]);
    world.users.get_mut("ada").unwrap().phone_number = Some("+15005550006".into());
    let answer = world.run_on(&without, by_device(&device), Caller::default()).unwrap();
    assert!(matches!(answer, Answer::Challenge { device: Some(None), .. }), "{answer:?}");
    drop(app);
}

#[test]
fn trusted_browsers_need_their_clause_allowed_and_one_to_thirty_days() {
    let with = |days, allow: &[ClauseName]| {
        let settings =
            Settings { trusted_devices: Some(TrustedDevices { days }), allow: allow.to_vec(), ..Settings::default() };
        parse_two_factor::policy::Policy::new(settings).map(drop).map_err(|refused| refused.to_string())
    };
    let refused = with(30, &[]).unwrap_err();
    assert!(refused.contains("NIST SP 800-63B-4 §5.1") && refused.contains("allow: ['trusted-device']"), "{refused}");
    let allowed = [ClauseName::TrustedDevice];
    assert_eq!((with(1, &allowed), with(30, &allowed)), (Ok(()), Ok(())));
    for days in [0, 31] {
        assert_eq!(with(days, &allowed).unwrap_err(), "trustedDevices.days goes from 1 to 30.");
    }
}

#[test]
fn a_browser_that_is_used_while_it_is_removed_signs_in_only_if_it_came_first() {
    let (mut start, .., device) = stepped_up();
    start.once_trusted = start.account().devices.clone();
    type Removal = (&'static str, fn() -> Call, Caller);
    let all = || calls::forget_device(Fields::of([("all".into(), Param::Flag(true))]));
    let removals: [Removal; 4] = [
        ("forgotten", all, ada("any")),
        ("reset", || reset(""), master()),
        ("forgotten by the operator", || reset("devices"), master()),
        ("a changed password", || change(true, None), ada("one")),
    ];
    for (what, removal, by) in removals {
        let device = device.clone();
        let requests = [
            Request::new(move |_| by_device(&device)),
            Request::new(move |_| removal()).by(by),
            Request::new(|_| calls::login(fields(&PASSWORD))),
        ];
        let check = |outcome: &Outcome| {
            let Outcome { world, schedule, ends, .. } = outcome;
            assert!(ends[1].is_ok(), "{what}");
            assert!(world.account().devices.is_empty(), "{what}: {schedule:?}");
            let had_device = world.order.contains(&Happened::DeviceClaimed { is_there: true });
            match &ends[0] {
                Ok(Answer::Session { .. }) => assert!(had_device, "{what}: {schedule:?}"),
                Ok(Answer::Challenge { device: Some(None), .. }) => assert!(!had_device, "{what}: {schedule:?}"),
                other => panic!("{what}: {other:?} {schedule:?}"),
            }
        };
        assert!(every_interleaving(&start, &requests, check) > 10, "{what}");
        assert!(is_caught(Seeded::DeviceUsedUnseen, &start, &requests, check), "{what}");
    }
}

#[test]
fn a_browser_is_not_trusted_by_a_code_that_was_looked_at_before_trust_ended() {
    let (mut start, app, codes, _) = stepped_up();
    start.advance(30);
    let code = app.code(start.now, 0);
    let by_recovery_code = {
        let challenge = start.challenge();
        let recovery = codes[0].clone();
        move || calls::login(fields(&[("challenge", &challenge), ("code", &recovery)]))
    };
    type End = (&'static str, Box<dyn Fn() -> Call>, Caller);
    let ends: [End; 3] = [
        ("a reset", Box::new(|| reset("")), master()),
        ("a changed password", Box::new(|| change(true, None)), ada("one")),
        ("a recovery code", Box::new(by_recovery_code), Caller::default()),
    ];
    for (what, end, by) in ends {
        let code = code.clone();
        let requests = [
            Request::new(move |_| calls::login(trusting(&[PASSWORD[0], PASSWORD[1], ("code", &code)]))).by(firefox()),
            Request::new(move |_| end()).by(by),
        ];
        let check = |outcome: &Outcome| {
            let Outcome { world, schedule, ends, .. } = outcome;
            let Ok(Answer::Session { device: Some(Some(device)), .. }) = &ends[0] else { return };
            let place = |wanted| world.order.iter().rposition(|step| *step == wanted);
            // Of two answers to one challenge one is refused, and what is refused ends nothing.
            if ends[1].is_ok() && is_trusted(world, device) {
                assert!(place(Happened::TrustEnded) < place(Happened::CodeLookedAt), "{what}: {schedule:?}");
            }
        };
        assert!(every_interleaving(&start, &requests, check) > 5, "{what}");
        if what != "a recovery code" {
            assert!(is_caught(Seeded::VoidForgotten, &start, &requests, check), "{what}");
        }
    }
}
