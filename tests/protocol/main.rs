//! The protocol, checked: every interleaving of concurrent ceremonies against a model of the store.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::wildcard_enum_match_arm)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

mod abuse;
#[allow(dead_code)]
#[path = "../webauthn/authenticator.rs"]
mod authenticator;
mod boundary;
mod callbacks;
mod calls;
mod changes;
mod channels;
mod columns;
mod corrections;
mod dashboard;
mod deletions;
mod delivery;
mod devices;
mod enroll_at_sign_in;
mod enrolling;
mod explore;
mod factors;
mod faults;
mod federated;
mod hourly;
mod imports;
mod one_call;
mod other_sessions;
mod restart;
mod world;

mod interleavings;
mod keys;
mod later_versions;
mod mail;
mod mail_codes;
mod messages;
mod parse_rules;
mod passkeys;
mod rename;
mod resets;
#[path = "../webauthn/rsa_key.rs"]
mod rsa_key;
mod signed_in;
mod single;
mod sizes;
mod thieves;
mod typing;
mod verify;
mod verify_service;
