//! The protocol, checked: every interleaving of concurrent ceremonies against a model of the store.

mod abuse;
mod boundary;
mod explore;
mod factors;
mod faults;
mod restart;
mod world;

mod interleavings;
mod keys;
mod parse_rules;
mod single;
