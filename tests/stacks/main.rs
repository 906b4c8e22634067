//! Tests that talk to real peers on loopback. A peer that is not installed is skipped aloud, and fails the test in CI.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod damaged_keys;
mod deviations;
mod explain_cases;
mod explain_remedies;
mod field_forms;
mod field_others;
mod field_remedies;
mod issuer_names;
mod mends;
mod openssl_field;
mod openssl_more;
mod openssl_odd_names;
mod openssl_remedies;
mod openssl_six_faults;
mod opinions;
mod opinions_scenarios;
mod quirks;
mod revocation_openssl;
mod revocation_stapled;
mod rosetta;
mod siblings;
mod siblings_names;
mod taken_out;
mod truth;
mod withhold;
