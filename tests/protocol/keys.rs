//! What becomes of an account when the keys are changed.

use crate::calls::{self, fields};
use crate::explore::{Outcome, Request, every_interleaving};
use crate::world::{App, PASSWORD, World, ada, deployment, token};
use parse_two_factor::account::{Account, Factor};
use parse_two_factor::caller::Caller;
use parse_two_factor::deployment::Deployment;
use parse_two_factor::id::KeyId;
use parse_two_factor::wire::{Answer, Refusal};
use std::rc::Rc;

const A: &str = "a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const B: &str = "b:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// A node with these keys, the first of which writes.
fn node(keys: &[&str]) -> Rc<Deployment> {
    deployment(&keys.join(","))
}

/// Ada with a phone number and an authenticator app.
struct Ada {
    world: World,
    app: App,
    /// One of ten.
    recovery_code: String,
}

impl Ada {
    /// Enrolled on a node with the key `a` alone, and stepped up in the session `r:1`.
    fn enrolled() -> Ada {
        let mut world = World::with_ada();
        let old = node(&[A]);
        step_up(&mut world, &old, "r:1").expect("the code is right");
        let begun = world.run_on(&old, calls::enroll(fields(&[("method", "totp")])), ada("r:1"));
        let Ok(Answer::TotpEnrollment { enrollment, secret, .. }) = begun else { panic!("{begun:?}") };
        let mut app = App::of(&secret);
        let code = app.code(world.now, 0);
        let params = fields(&[("enrollment", &enrollment), ("code", &code)]);
        let confirmed = world.run_on(&old, calls::confirm(params), ada("r:1"));
        let Ok(Answer::Confirmed { factor, recovery_codes: Some(codes), .. }) = confirmed else {
            panic!("{confirmed:?}")
        };
        app.factor = factor.id.to_string();
        world.advance(60);
        Ada { world, app, recovery_code: codes[0].to_string() }
    }

    fn elements(&self) -> Vec<Factor> {
        self.world.account().elements_of(&self.app.factor.as_str().into())
    }

    fn sign_in(&mut self, node: &Rc<Deployment>, method: &str, code: &str) -> Result<Answer, Refusal> {
        let challenge = begin(&mut self.world, node);
        answer(&mut self.world, node, &challenge, method, code)
    }

    fn sign_in_by_app(&mut self, node: &Rc<Deployment>) -> Result<Answer, Refusal> {
        self.world.advance(60);
        let code = self.app.code(self.world.now, 0);
        self.sign_in(node, "totp", &code)
    }
}

fn begin(world: &mut World, node: &Rc<Deployment>) -> String {
    token(world.run_on(node, calls::login(fields(&PASSWORD)), Caller::default()).expect("the password is right"))
}

fn answer(
    world: &mut World,
    node: &Rc<Deployment>,
    challenge: &str,
    method: &str,
    code: &str,
) -> Result<Answer, Refusal> {
    let params = fields(&[("challenge", challenge), ("method", method), ("code", code)]);
    world.run_on(node, calls::login(params), Caller::default())
}

/// Steps up by SMS.
fn step_up(world: &mut World, node: &Rc<Deployment>, session: &str) -> Result<Answer, Refusal> {
    let begun = world.run_on(node, calls::step_up(fields(&[("method", "sms")])), ada(session))?;
    let (challenge, code) = (token(begun), world.last_code());
    world.run_on(node, calls::step_up(fields(&[("challenge", &challenge), ("code", &code)])), ada(session))
}

/// The secret that the account's element for this factor holds, if one counts.
fn secret_of(account: &Account, factor: &str, node: &Deployment) -> Option<Vec<u8>> {
    let counting: Vec<&Factor> = account.confirmed_factors().filter(|f| f.id == *factor).collect();
    assert!(counting.len() <= 1, "a factor counts once");
    let element = counting.first()?;
    let context = format!("{}/{factor}", account.id);
    Some(node.keys.open(&element.kid, &element.sealed, &context).expect("it opens").to_vec())
}

#[test]
fn a_success_seals_a_factor_anew_and_nothing_hangs_on_the_old_key_but_recovery_codes() {
    let mut ada = Ada::enrolled();
    let both = node(&[B, A]);
    assert_eq!(*ada.elements()[0].kid, *"a");
    assert!(ada.sign_in_by_app(&both).is_ok());
    let elements = ada.elements();
    assert_eq!(elements.len(), 1);
    assert_eq!((&*elements[0].kid, elements[0].generation), ("b", 1));
    assert_eq!(secret_of(ada.world.account(), &ada.app.factor, &both), Some(ada.app.secret.clone()));
    let mut uses: Vec<_> =
        ada.world.account().key_use().into_iter().map(|u| (u.kid, u.factors, u.recovery_codes)).collect();
    uses.sort();
    assert_eq!(uses, [("a".into(), 0, 10), ("b".into(), 1, 0)]);

    // Now the old key may go, as far as the app is concerned.
    let new = node(&[B]);
    assert!(ada.sign_in_by_app(&new).is_ok());
    let code = ada.recovery_code.clone();
    assert_eq!(ada.sign_in(&new, "recovery", &code).unwrap_err().code(), 4023);
}

#[test]
fn with_one_key_nothing_is_sealed_anew() {
    let mut ada = Ada::enrolled();
    let before = ada.elements();
    assert!(ada.sign_in_by_app(&node(&[A])).is_ok());
    assert_eq!(ada.elements(), before);
}

#[test]
fn a_factor_whose_key_is_gone_is_refused_and_stays_as_it_is() {
    let mut ada = Ada::enrolled();
    let before = ada.elements();
    let new = node(&[B]);
    assert_eq!(ada.sign_in_by_app(&new).unwrap_err().code(), 4023);
    // By the number, that is not sealed, Ada gets in; the app is not touched by that.
    ada.world.advance(60);
    let begun =
        ada.world.run_on(&new, calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("method", "sms")])), Caller::default());
    let (challenge, code) = (token(begun.unwrap()), ada.world.last_code());
    assert!(answer(&mut ada.world, &new, &challenge, "sms", &code).is_ok());
    assert_eq!(ada.elements(), before);
    assert!(ada.sign_in_by_app(&node(&[B, A])).is_ok());
}

#[test]
fn a_wrong_code_seals_nothing_anew() {
    let mut ada = Ada::enrolled();
    let before = ada.elements();
    let both = node(&[B, A]);
    let challenge = begin(&mut ada.world, &both);
    assert_eq!(answer(&mut ada.world, &both, &challenge, "totp", "000000").unwrap_err().code(), 4024);
    assert_eq!(ada.elements(), before);
}

/// Ada enrolled, with a sign-in and a step-up begun whose codes are on the way, each answered on a node with these keys; and a
/// session, stepped up on a node that still writes with the old key, that may remove factors there.
fn about_to_win(nodes: [&Rc<Deployment>; 2]) -> (Ada, Vec<Request>) {
    let mut ada = Ada::enrolled();
    let world = &mut ada.world;
    world.advance(900);
    step_up(world, &node(&[A, B]), "r:remover").expect("the code is right");
    let begun =
        world.run_on(nodes[0], calls::login(fields(&[PASSWORD[0], PASSWORD[1], ("method", "sms")])), Caller::default());
    let (challenge, code) = (token(begun.expect("the password is right")), world.last_code());
    let sign_in = Request::new(move |_| calls::login(fields(&[("challenge", &challenge), ("code", &code)])));
    let begun = world.run_on(nodes[1], calls::step_up(fields(&[("method", "sms")])), self::ada("r:2"));
    let (challenge, code) = (token(begun.expect("a session will do")), world.last_code());
    let step_up = Request::new(move |_| calls::step_up(fields(&[("challenge", &challenge), ("code", &code)])));
    let step_up = Request { caller: self::ada("r:2"), ..step_up };
    assert!(
        world.account().elements_of(&ada.app.factor.as_str().into()).iter().all(|f| f.kid == *"a"),
        "nothing is sealed anew yet"
    );
    let requests = vec![sign_in.on(nodes[0]), step_up.on(nodes[1])];
    (ada, requests)
}

fn removal(factor: &str) -> Request {
    let factor = factor.to_owned();
    let remove = Request::new(move |_| calls::remove(fields(&[("factor", &factor)])));
    Request { caller: ada("r:remover"), ..remove }.on(&node(&[A, B]))
}

/// Both won, and one element is left that holds the secret.
fn one_is_left(ada: &Ada, node: &Deployment, outcome: &Outcome) {
    let schedule = &outcome.schedule;
    assert!(outcome.ends.iter().all(Result::is_ok), "{schedule:?} {:?}", outcome.ends);
    let account = outcome.world.account();
    assert_eq!(secret_of(account, &ada.app.factor, node), Some(ada.app.secret.clone()), "{schedule:?}");
    assert_eq!(account.elements_of(&ada.app.factor.as_str().into()).len(), 1, "{schedule:?}");
}

#[test]
fn two_who_seal_a_factor_anew_at_once_leave_one() {
    let both = node(&[B, A]);
    let (ada, requests) = about_to_win([&both, &both]);
    let explored = every_interleaving(&ada.world, &requests, |outcome| {
        one_is_left(&ada, &both, outcome);
        assert_eq!(
            outcome.world.account().elements_of(&ada.app.factor.as_str().into())[0].kid,
            KeyId::from("b"),
            "{:?}",
            outcome.schedule
        );
    });
    assert!(explored > 1, "{explored}");
}

#[test]
fn nodes_that_disagree_on_which_key_writes_do_not_lose_a_factor_between_them() {
    let (new_writes, old_writes) = (node(&[B, A]), node(&[A, B]));
    let (ada, requests) = about_to_win([&new_writes, &old_writes]);
    let explored = every_interleaving(&ada.world, &requests, |outcome| one_is_left(&ada, &new_writes, outcome));
    assert!(explored > 1, "{explored}");
}

#[test]
fn a_removal_amid_two_who_seal_anew_removes_the_factor_for_good() {
    for keys in [[B, A], [A, B]] {
        let (one, other) = (node(&[B, A]), node(&keys));
        let (ada, mut requests) = about_to_win([&one, &other]);
        requests.push(removal(&ada.app.factor));
        let explored = every_interleaving(&ada.world, &requests, |outcome| {
            let schedule = &outcome.schedule;
            assert!(matches!(outcome.ends[2], Ok(Answer::Removed { .. })), "{schedule:?} {:?}", outcome.ends[2]);
            let account = outcome.world.account();
            assert!(!account.confirmed.contains(&ada.app.factor.as_str().into()), "{schedule:?}");
            assert_eq!(account.elements_of(&ada.app.factor.as_str().into()), [], "{schedule:?}");
        });
        assert!(explored > 1, "{explored}");
    }
}
