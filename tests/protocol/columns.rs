//! An app that names other columns for number, sender and language than the tutorial's, and the columns are not right.

use crate::calls::{self, Fields, fields};
use crate::world::{PASSWORD, World, ada, flow, master};
use parse_two_factor::caller::{Caller, Columns};
use parse_two_factor::engine::Step;
use parse_two_factor::{Call, UserChange};

const FAULTY: Columns = Columns::Faulty;

fn amid(columns: Columns, caller: Caller) -> Caller {
    Caller { columns, ..caller }
}

/// What the first step of a call answers with, or 0 if it goes on.
fn refused(call: Call, caller: Caller) -> i32 {
    match flow(call, caller, 1).start(World::with_ada().time()) {
        Step::Done(Err(refusal)) => refusal.code(),
        Step::Done(Ok(_)) | Step::Do(_) => 0,
    }
}

fn change(change: UserChange) -> Call {
    Call::ChangeUser(UserChange { user: Some("ada".into()), ..change })
}

fn delete() -> Call {
    Call::DeleteUser { user: "ada".into(), ids_come_back: false }
}

fn native() -> Call {
    Call::NativeSignIn { user: "ada".into(), presented: Vec::new() }
}

#[test]
fn as_long_as_a_number_may_not_be_seen_every_function_and_native_sign_in_are_closed_but_for_health() {
    let closed: [(Call, Caller); 14] = [
        (calls::login(fields(&PASSWORD)), Caller::default()),
        (calls::resend_code(fields(&[("challenge", "x")])), Caller::default()),
        (calls::two_factor_status(Fields::default()), ada("one")),
        (calls::two_factor_status(fields(&[("userId", "ada")])), master()),
        (calls::enroll(fields(&[("method", "totp"), ("password", "right")])), ada("one")),
        (calls::confirm(fields(&[("enrollment", "x"), ("code", "1")])), ada("one")),
        (calls::remove(fields(&[("factor", "phone_number")])), ada("one")),
        (calls::rename(fields(&[("factor", "x"), ("label", "y")])), ada("one")),
        (calls::new_recovery_codes(), ada("one")),
        (calls::step_up(Fields::default()), ada("one")),
        (calls::forget_device(fields(&[("device", "x")])), ada("one")),
        (calls::reset(fields(&[("userId", "ada")])), master()),
        (Call::RequireStepUp, ada("one")),
        (native(), Caller::default()),
    ];
    for (i, (call, caller)) in closed.into_iter().enumerate() {
        assert_eq!(refused(call, amid(FAULTY, caller)), 4023, "{i}");
    }
    assert_eq!(refused(native(), amid(FAULTY, master())), 4023, "nor with the master key");
    assert_eq!(refused(calls::health(), amid(FAULTY, master())), 0, "the operator sees what is wrong");
    assert_eq!(refused(calls::reset(fields(&[])), amid(FAULTY, Caller::default())), 119, "and nobody else");
}

#[test]
fn as_long_as_a_number_may_not_be_seen_a_session_changes_nothing_that_would_take_a_step_up_and_the_operator_does() {
    let password = || change(UserChange { password: true, ..UserChange::default() });
    let number = || change(UserChange { phone_number: Some("+15005550007".into()), ..UserChange::default() });
    let other = || change(UserChange::default());
    for call in [password, number, delete] {
        assert_eq!(refused(call(), amid(FAULTY, ada("one"))), 4023);
        assert_eq!(refused(call(), amid(FAULTY, master())), 0);
    }
    assert_eq!(refused(other(), amid(FAULTY, ada("one"))), 0, "what is not ours to look at may be saved");
    let sign_up = Call::ChangeUser(UserChange { password: true, ..UserChange::default() });
    assert_eq!(refused(sign_up, amid(FAULTY, Caller::default())), 0);
}

#[test]
fn where_nobody_can_tell_what_the_columns_are_the_answer_is_to_try_again() {
    let unknown = |call: Call, caller: Caller| refused(call, amid(Columns::Unknown, caller));
    assert_eq!(unknown(calls::login(fields(&PASSWORD)), Caller::default()), 4022);
    assert_eq!(unknown(native(), Caller::default()), 4022);
    assert_eq!(unknown(calls::health(), master()), 0);
}

#[test]
fn a_client_leaves_no_number_where_nobody_looks_for_one() {
    let leaving = |user: Option<&str>| {
        let user = user.map(Into::into);
        Call::ChangeUser(UserChange { user, leaves_number: true, ..UserChange::default() })
    };
    assert_eq!(refused(leaving(Some("ada")), ada("one")), 4021);
    assert_eq!(refused(leaving(None), Caller::default()), 4021, "nor a new user");
    assert_eq!(refused(leaving(Some("ada")), master()), 0, "the operator sees it in the log");
}
