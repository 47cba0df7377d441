//! A row at a moment: what lives, what counts and what is stale, each at its edge.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::wildcard_enum_match_arm)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use parse_two_factor::account::{
    Account, Attempt, Challenge, Claim, Counted, CountedKind, Device, Factor, FactorKind, Mark, OfChallenges,
    OfRedemptions, Purpose, PurposeName, RecoveryCode, Revocation, SentCode, SetOp, Spent, StepUp, UsedStep,
};
use parse_two_factor::id::FactorId;
use parse_two_factor::policy::{Channel, Limits};
use parse_two_factor::time::{Span, Time};

const START: Time = Time::from_millis(1_795_500_000_000);

fn after(seconds: u32) -> Time {
    START + Span::from_seconds(seconds)
}

/// The last moment before.
fn just_before(seconds: u32) -> Time {
    after(seconds) - Span::from_millis(1)
}

fn challenge(id: &str, purpose: Purpose) -> Challenge {
    Challenge { id: id.into(), purpose, user: "ada".into(), kid: "k".into(), at: START, basis: None }
}

fn code(challenge: &str, nonce: &str, at: Time) -> SentCode {
    SentCode {
        challenge: challenge.into(),
        nonce: nonce.into(),
        at,
        hash: String::new(),
        to: String::new(),
        number: None,
        channel: Channel::Sms,
        factor: None,
    }
}

fn attempts(challenge: &str, many: usize) -> Vec<Attempt> {
    (0..many)
        .map(|n| Attempt { challenge: challenge.into(), nonce: format!("{challenge}{n}").into(), unguessable: false })
        .collect()
}

fn claim(challenge: &str, spent: Spent, confirms: Option<&str>) -> Claim {
    let confirms = confirms.map(FactorId::from);
    Claim {
        challenge: challenge.into(),
        nonce: challenge.into(),
        at: START,
        spent,
        confirms,
        known_revocations: Vec::new(),
        number: None,
    }
}

fn factor(id: &str) -> Factor {
    let (label, sealed) = (String::new(), String::new());
    Factor { id: id.into(), kind: FactorKind::Totp, label, at: START, kid: "k".into(), sealed, generation: 0 }
}

/// A browser that is trusted until a thousand seconds after the start.
fn device(id: &str, at: Time) -> Device {
    let (label, hash, basis) = (String::new(), String::new(), String::new());
    Device { id: id.into(), label, at, ends_at: after(1000), kid: "k".into(), hash, basis }
}

fn revocation(nonce: &str, session: Option<&str>, factor: Option<&str>) -> Mark {
    let (session, factor) = (session.map(Into::into), factor.map(Into::into));
    Mark::Revocation(Revocation { nonce: nonce.into(), at: START, session, factor })
}

/// A challenge for a sign-in, with these codes.
fn begun(codes: Vec<SentCode>) -> Account {
    Account { challenges: vec![challenge("c", Purpose::SignIn { provider: None })], codes, ..Account::default() }
}

#[test]
fn a_challenge_lives_for_a_lifetime_after_its_last_code_or_its_beginning() {
    let limits = Limits::default();
    for (row, lifetime) in [(begun(vec![]), 300), (begun(vec![code("c", "n", after(100))]), 400)] {
        let challenge = &row.challenges[0];
        assert!(row.at(just_before(lifetime), &limits).is_alive(challenge));
        assert!(!row.at(after(lifetime), &limits).is_alive(challenge));
        assert_eq!(row.at(after(lifetime - 7), &limits).expires_in(challenge), Span::from_seconds(7));
    }
}

#[test]
fn a_challenge_dies_with_its_last_attempt_and_with_a_claim() {
    let limits = Limits::default();
    let mut row = begun(vec![]);
    row.attempts = [attempts("c", 4), attempts("other", 5)].concat();
    assert!(row.at(START, &limits).is_alive(&row.challenges[0]));
    row.attempts.extend(attempts("c", 1));
    assert_eq!(row.at(START, &limits).attempts_on(&"c".into()), 5);
    assert!(!row.at(START, &limits).is_alive(&row.challenges[0]));
    let claimed = Account { claims: vec![claim("c", Spent::SentCode, None)], ..begun(vec![]) };
    assert!(!claimed.at(START, &limits).is_alive(&claimed.challenges[0]));
}

#[test]
fn a_challenge_is_alive_for_its_purpose_and_session_alone() {
    let limits = Limits::default();
    let step_up = |session: &str| Purpose::StepUp { session: session.into() };
    let enrollment = Purpose::Enrollment { session: "one".into(), factor: "f".into(), by_password: false };
    let all = [Purpose::SignIn { provider: None }, step_up("one"), step_up("two"), enrollment];
    let challenges = all.iter().map(|purpose| challenge(&format!("{purpose:?}"), purpose.clone())).collect();
    let row = Account { challenges, ..Account::default() };
    for purpose in &all {
        let alive: Vec<_> = row.at(START, &limits).alive(purpose).map(|alive| &alive.purpose).collect();
        assert_eq!(alive, [purpose]);
    }
}

#[test]
fn of_codes_closer_together_than_the_resend_time_the_first_is_good() {
    let current = |resend_after, codes: &[(&str, Time)]| {
        let limits = Limits { resend_after, ..Limits::default() };
        let codes = codes.iter().map(|(nonce, at)| code("c", nonce, *at)).chain([code("other", "o", after(500))]);
        let row = begun(codes.collect());
        row.at(after(60), &limits).current_code(&"c".into()).map(|code| code.nonce.to_string())
    };
    assert_eq!(current(30, &[]), None);
    assert_eq!(current(30, &[("late", just_before(30)), ("first", START)]).as_deref(), Some("first"));
    assert_eq!(current(30, &[("next", after(30)), ("first", START)]).as_deref(), Some("next"));
    assert_eq!(current(30, &[("b", START), ("a", START)]).as_deref(), Some("a"), "everybody finds the same");
    assert_eq!(current(0, &[("a", START), ("b", just_before(1))]).as_deref(), Some("a"), "a race within a second");
    assert_eq!(current(0, &[("a", START), ("b", after(1))]).as_deref(), Some("b"));
}

#[test]
fn a_code_from_the_end_of_time_is_looked_at_once() {
    let end = Time::from_millis(u64::MAX);
    let row = begun(vec![code("c", "n", end), code("c", "o", end)]);
    let limits = Limits::default();
    assert_eq!(row.at(START, &limits).current_code(&"c".into()), row.codes.first());
}

#[test]
fn the_wait_for_the_next_code_is_the_rest_of_the_resend_time() {
    let (row, limits) = (begun(vec![code("c", "n", START)]), Limits::default());
    assert_eq!(row.at(after(10), &limits).resend_in(&row.codes[0]), Span::from_seconds(20));
    assert_eq!(row.at(after(30), &limits).resend_in(&row.codes[0]), Span::default());
}

#[test]
fn attempts_beyond_a_challenges_cap_are_no_failures() {
    let row = Account { attempts: [attempts("c", 7), attempts("d", 2)].concat(), ..Account::default() };
    let at_most = |failures| Limits { failures, ..Limits::default() };
    assert_eq!(row.at(START, &at_most(7)).failures(), 7, "five of the seven, and two");
    assert!(row.at(START, &at_most(7)).is_disabled());
    assert!(!row.at(START, &at_most(8)).is_disabled());
}

#[test]
fn attempts_on_a_claimed_challenge_are_no_failures_and_never_become_some() {
    let mut row = Account { attempts: attempts("c", 3), ..Account::default() };
    let limits = Limits::default();
    assert_eq!(row.at(START, &limits).failures(), 3);
    row.claims = vec![claim("c", Spent::SentCode, None)];
    assert_eq!(row.at(START, &limits).failures(), 0, "they came too late to be looked at");
    assert!(row.at(after(100_000), &limits).stale_redemptions().is_nothing(), "the claim stays as long as they do");
}

#[test]
fn codes_sent_anew_prolong_a_challenge_for_an_hour() {
    let limits = Limits::default();
    let row = begun(vec![code("c", "n", after(3599))]);
    assert!(row.at(just_before(3899), &limits).is_alive(&row.challenges[0]));
    let row = begun(vec![code("c", "n", after(3899))]);
    assert!(row.at(just_before(3900), &limits).is_alive(&row.challenges[0]));
    assert!(!row.at(after(3900), &limits).is_alive(&row.challenges[0]));
}

#[test]
fn codes_and_silent_challenges_count_until_the_window_has_passed() {
    let mut row = begun(vec![code("c", "a", START), code("c", "b", after(30))]);
    row.challenges.push(challenge("silent", Purpose::SignIn { provider: None }));
    let limits = Limits::default();
    let issued = |now| row.at(now, &limits).issued_in_window(PurposeName::SignIn);
    assert_eq!(issued(just_before(900)), 3, "a challenge with codes counts by its codes");
    assert_eq!(issued(after(900)), 1, "the later code");
    assert_eq!(issued(after(930)), 0);
}

#[test]
fn enrollments_count_apart_and_their_messages_with_all_others() {
    let enrollment = Purpose::Enrollment { session: "one".into(), factor: "f".into(), by_password: false };
    let mut row = begun(vec![code("e", "a", START), code("gone", "b", START)]);
    row.challenges.extend([challenge("e", enrollment.clone()), challenge("silent", enrollment)]);
    let limits = Limits::default();
    let view = row.at(START, &limits);
    assert_eq!(view.issued_in_window(PurposeName::SignIn), 2, "the challenge, and a code whose challenge is gone");
    assert_eq!(view.issued_in_window(PurposeName::StepUp), 2);
    assert_eq!(view.issued_in_window(PurposeName::Enrollment), 3);
    assert_eq!(view.messages_in_window(), 2);
}

#[test]
fn the_last_step_of_an_app_is_its_own_latest() {
    let step = |factor: &str, step| Spent::Step(UsedStep { factor: factor.into(), step });
    let spent = [step("app", 7), step("app", 5), step("other", 9), Spent::SentCode];
    let claims = spent.map(|spent| claim("c", spent, None)).to_vec();
    let (row, limits) = (Account { claims, ..Account::default() }, Limits::default());
    assert_eq!(row.at(START, &limits).last_step(&"app".into()), Some(7));
    assert_eq!(row.at(START, &limits).last_step(&"none".into()), None);
}

#[test]
fn a_step_up_is_good_for_its_session_and_lifetime_and_until_a_revocation_of_another() {
    let limits = Limits::default();
    let step_up = Mark::StepUp(StepUp {
        nonce: "n".into(),
        at: START,
        session: "one".into(),
        known_revocations: vec!["known".into()],
        number: None,
    });
    let is_good = |session: &str, now, further: Vec<Mark>| {
        let row = Account { marks: [vec![step_up.clone()], further].concat(), ..Account::default() };
        row.at(now, &limits).has_stepped_up(&session.into())
    };
    assert!(is_good("one", just_before(300), vec![]));
    assert!(!is_good("one", after(300), vec![]));
    assert!(!is_good("two", START, vec![]));
    assert!(is_good("one", START, vec![revocation("known", None, None), revocation("own", Some("one"), None)]));
    assert!(!is_good("one", START, vec![revocation("known", None, None), revocation("new", Some("two"), None)]));
}

#[test]
fn a_removal_may_be_running_for_thirty_seconds() {
    let row = Account { marks: vec![revocation("n", None, Some("f"))], ..Account::default() };
    let limits = Limits::default();
    assert!(row.at(just_before(30), &limits).is_being_removed(&"f".into()));
    assert!(!row.at(after(30), &limits).is_being_removed(&"f".into()));
    assert!(!row.at(START, &limits).is_being_removed(&"other".into()));
}

#[test]
fn a_revocation_outdoes_those_that_revoke_no_more_than_it_does() {
    let outdone = |later: Mark, earlier: Mark, now| {
        let row = Account { marks: vec![earlier], ..Account::default() };
        !row.at(now, &Limits::default()).outdone_by(&later).is_empty()
    };
    let of = |session, factor| revocation("earlier", session, factor);
    let everybodys = || revocation("later", None, None);
    let (one, two) = (Some("one"), Some("two"));
    assert!(outdone(everybodys(), of(None, None), START));
    assert!(outdone(everybodys(), of(one, None), START), "it revokes the session's own as well");
    assert!(outdone(revocation("later", one, None), of(one, None), START));
    assert!(!outdone(revocation("later", one, None), of(two, None), START), "it spares what the other revoked");
    assert!(!outdone(revocation("later", one, None), of(None, None), START), "it spares its own session");
    assert!(!outdone(everybodys(), everybodys(), START), "it is the same");
    // A removal of a factor that may be running.
    assert!(!outdone(everybodys(), of(None, Some("f")), just_before(30)));
    assert!(outdone(everybodys(), of(None, Some("f")), after(30)));
    assert!(outdone(revocation("later", None, Some("f")), of(None, Some("f")), START));
    assert!(!outdone(revocation("later", None, Some("g")), of(None, Some("f")), START));
    let mark = StepUp { nonce: "n".into(), at: START, session: "one".into(), known_revocations: vec![], number: None };
    assert!(
        !outdone(Mark::StepUp(mark.clone()), of(None, None), START)
            && !outdone(everybodys(), Mark::StepUp(mark), START)
    );
}

#[test]
fn revocations_since_a_moment_are_those_after_it() {
    let row = Account { marks: vec![revocation("n", Some("one"), None)], ..Account::default() };
    assert_eq!(row.revocations_since(START).count(), 0);
    assert_eq!(row.revocations_since(START - Span::from_millis(1)).count(), 1);
}

#[test]
fn a_row_is_crowded_with_two_hundred_claims_and_marks_and_takes_twenty_enrollments() {
    let limits = Limits::default();
    let row = |many: usize| Account {
        claims: (1..many).map(|n| claim(&n.to_string(), Spent::SentCode, None)).collect(),
        marks: vec![revocation("n", None, None)],
        ..Account::default()
    };
    assert!(!row(199).at(START, &limits).is_crowded());
    assert!(row(200).at(START, &limits).is_crowded());
    assert!(row(200).at(just_before(1200), &limits).is_crowded());
    assert!(!row(201).at(after(1200), &limits).is_crowded(), "they are stale");
    let marks = (0..200).map(|n| revocation(&n.to_string(), None, None)).collect();
    let marked = Account { marks, ..Account::default() };
    assert!(marked.at(just_before(1200), &limits).is_crowded());
    assert!(!marked.at(after(1200), &limits).is_crowded());
    let enrolling =
        |many: u32| Account { factors: (0..many).map(|n| factor(&n.to_string())).collect(), ..Account::default() };
    assert!(!enrolling(19).at(START, &limits).is_enrolling_too_much());
    assert!(enrolling(20).at(START, &limits).is_enrolling_too_much());
    assert!(!enrolling(20).at(after(600), &limits).is_enrolling_too_much(), "nobody can confirm them");
}

#[test]
fn of_browsers_the_ten_newest_count_until_they_end() {
    let devices = (0..12).map(|n| device(&format!("d{n:02}"), after(n))).collect();
    let row = Account { devices, ..Account::default() };
    let limits = Limits::default();
    let counting = |row: &Account, now| -> Vec<String> {
        row.at(now, &limits).devices().iter().map(|device| device.id.to_string()).collect()
    };
    let newest: Vec<String> = (2..12).rev().map(|n| format!("d{n:02}")).collect();
    assert_eq!(counting(&row, just_before(1000)), newest);
    assert_eq!(row.at(START, &limits).stale_devices(), SetOp::remove(row.devices[..2].to_vec()));
    assert!(counting(&row, after(1000)).is_empty());
    assert_eq!(row.at(after(1000), &limits).stale_devices(), SetOp::remove(row.devices.clone()));
}

#[test]
fn what_hangs_on_a_key_is_counted_by_kind() {
    let recovery = |hash: &str| RecoveryCode { kid: "k".into(), hash: hash.into() };
    let row = Account {
        factors: vec![factor("one"), factor("two"), factor("three"), factor("begun")],
        confirmed: ["one", "two", "three"].map(FactorId::from).into(),
        recovery_codes: vec![recovery("a"), recovery("b"), RecoveryCode { kid: "other".into(), hash: "c".into() }],
        devices: ["d", "e", "f", "g"].map(|id| device(id, START)).into(),
        ..Account::default()
    };
    let uses: Vec<_> =
        row.key_use().into_iter().map(|u| (u.kid.to_string(), u.factors, u.recovery_codes, u.devices)).collect();
    assert_eq!(uses, [("k".to_owned(), 3, 2, 4), ("other".to_owned(), 0, 1, 0)]);
}

#[test]
fn a_first_factor_is_beaten_by_one_that_counts_or_that_was_claimed_just_now() {
    let limits = Limits::default();
    let row = |confirmed: &[&str], claimed: Option<&str>| Account {
        factors: vec![factor("mine"), factor("other")],
        confirmed: confirmed.iter().map(|id| FactorId::from(*id)).collect(),
        claims: claimed.map(|id| claim("c", Spent::SentCode, Some(id))).into_iter().collect(),
        ..Account::default()
    };
    let is_beaten = |row: &Account, now| row.at(now, &limits).is_beaten_by_another(&"mine".into());
    assert!(!is_beaten(&row(&[], None), START));
    assert!(!is_beaten(&row(&["mine"], Some("mine")), START));
    assert!(is_beaten(&row(&["other"], None), START));
    assert!(is_beaten(&row(&[], Some("other")), just_before(30)));
    assert!(!is_beaten(&row(&[], Some("other")), after(30)), "whoever claimed it has died");
    assert!(!is_beaten(&row(&[], Some("gone")), START), "its factor was taken back");
}

#[test]
fn a_factor_is_abandoned_once_nobody_can_confirm_it() {
    let mut row = Account { factors: vec![factor("f")], ..Account::default() };
    let limits = Limits::default();
    assert!(row.at(just_before(600), &limits).abandoned_factors().is_empty());
    assert_eq!(row.at(after(600), &limits).abandoned_factors(), [factor("f")]);
    row.confirmed = vec!["f".into()];
    assert!(row.at(after(600), &limits).abandoned_factors().is_empty());
}

#[test]
fn a_challenge_goes_after_the_window_and_its_margin_and_its_codes_after_it() {
    let limits = Limits::default();
    let stale = |row: &Account, now| row.at(now, &limits).stale_challenges().len();
    assert_eq!((stale(&begun(vec![]), just_before(900)), stale(&begun(vec![]), after(900))), (0, 1));
    // It expires at 1100 s, and stays for five minutes more. Its code counts until 1700 s.
    let row = begun(vec![code("c", "n", after(800))]);
    assert_eq!((stale(&row, just_before(1400)), stale(&row, after(1400))), (0, 1));
    assert_eq!((stale(&row, just_before(1700)), stale(&row, after(1700))), (1, 2));
    // As long as the challenge stays, its old code does.
    let row = begun(vec![code("c", "old", START), code("c", "new", after(800))]);
    assert_eq!(stale(&row, after(1300)), 0);
    // A code whose challenge is gone.
    let row = Account { codes: vec![code("c", "n", START)], ..Account::default() };
    assert_eq!((stale(&row, just_before(900)), stale(&row, after(900))), (0, 1));
}

#[test]
fn claims_and_marks_go_after_the_window_and_its_margin() {
    let row = Account {
        claims: vec![claim("c", Spent::SentCode, None)],
        marks: vec![revocation("n", None, None)],
        ..Account::default()
    };
    let limits = Limits::default();
    assert!(row.at(just_before(1200), &limits).stale_redemptions().is_nothing());
    let both = SetOp::remove(row.claims.clone()).and(row.marks.clone());
    assert_eq!(row.at(after(1200), &limits).stale_redemptions(), both);
}

#[test]
fn what_is_counted_goes_when_nothing_counts_it_any_more() {
    const HOUR: u32 = 3600;
    const DAY: u32 = 24 * HOUR;
    let goes_after = |what, seconds: u32| {
        let marks = vec![Mark::Counted(Counted { what, nonce: "n".into(), at: START })];
        let row = Account { marks, ..Account::default() };
        let limits = Limits::default();
        assert!(row.at(just_before(seconds), &limits).stale_redemptions().is_nothing(), "{what:?}");
        assert_eq!(row.at(after(seconds), &limits).stale_redemptions(), SetOp::remove(row.marks.clone()), "{what:?}");
    };
    // The stretch in which it counts, and five minutes for clocks that differ.
    goes_after(CountedKind::Change, HOUR + 300);
    goes_after(CountedKind::Password, DAY + 300);
    for of_window in [CountedKind::Notice, CountedKind::Unsent, CountedKind::Correction] {
        goes_after(of_window, 900 + 300);
    }
}

#[test]
fn a_revocation_stays_as_long_as_a_token_to_enroll_with_lives() {
    let row = Account { marks: vec![revocation("n", None, None)], ..Account::default() };
    let limits = Limits { user_window: 60, ..Limits::default() };
    assert!(row.at(just_before(900), &limits).stale_redemptions().is_nothing());
    assert!(!row.at(after(900), &limits).stale_redemptions().is_nothing());
}

#[test]
fn attempts_that_are_no_failures_go_with_their_challenge() {
    let attempt = |challenge: &str| Attempt { challenge: challenge.into(), nonce: "n".into(), unguessable: true };
    let row = Account { attempts: vec![attempt("c"), attempt("gone")], ..begun(vec![]) };
    let stale = row.at(START, &Limits::default()).stale_challenges();
    assert_eq!(stale, [OfChallenges::Attempt(attempt("gone"))]);
    let guesses = Account { attempts: attempts("gone", 1), ..Account::default() };
    assert!(guesses.at(after(10_000), &Limits::default()).stale_challenges().is_empty(), "they are failures");
}

#[test]
fn a_claim_loses_to_an_earlier_one_that_spent_the_same() {
    let step = |factor: &str, step| Spent::Step(UsedStep { factor: factor.into(), step });
    let recovery = |hash: &str| Spent::RecoveryCode(RecoveryCode { kid: "k".into(), hash: hash.into() });
    let wins = |mine: Spent, challenge: &str, earlier: Spent| {
        let claims = vec![claim("mine", mine, None), claim(challenge, earlier, None)];
        Account { claims, ..Account::default() }.has_won(&"mine".into())
    };
    assert!(wins(step("app", 7), "other", step("app", 6)));
    assert!(!wins(step("app", 7), "other", step("app", 7)));
    assert!(!wins(step("app", 7), "other", step("app", 8)), "RFC 6238 §5.2: no step after a later one");
    assert!(wins(step("app", 7), "other", step("another app", 7)));
    assert!(!wins(recovery("h"), "other", recovery("h")));
    assert!(wins(recovery("h"), "other", recovery("g")));
    assert!(wins(Spent::SentCode, "other", Spent::SentCode));
    assert!(wins(step("app", 7), "other", recovery("h")));
    assert!(!Account::default().has_won(&"mine".into()), "a claim that is not there");
    let twice = [("a", "c"), ("b", "c")]
        .map(|(nonce, challenge)| Claim { nonce: nonce.into(), ..claim(challenge, Spent::SentCode, None) });
    assert!(
        !Account { claims: twice.to_vec(), ..Account::default() }.has_won(&"a".into()),
        "one claim of a challenge wins"
    );
}

#[test]
fn marks_with_a_time_or_a_text_of_another_type_are_refused() {
    for bad in
        [r#""at":-1"#, r#""at":1.5"#, r#""at":"1""#, r#""at":1,"session":5"#, r#""at":1,"session":"s","outlives":[5]"#]
    {
        let mark = format!(r#"{{"mark":{{"kind":"stepped-up","nonce":"n",{bad}}}}}"#);
        assert!(serde_json::from_str::<OfRedemptions>(&mark).is_err(), "{mark}");
    }
    let good = r#"{"mark":{"kind":"stepped-up","nonce":"n","at":0,"session":"s","outlives":["m"]}}"#;
    assert!(serde_json::from_str::<OfRedemptions>(good).is_ok());
}
