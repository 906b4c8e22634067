//! The flags that say what a side knows of revocation, and the files they name.

use std::path::PathBuf;

use clap::Args;

use super::input::{responses, revocation};
use super::outcome::Unusable;
use crate::capture::{Revocation, Side};

/// How strictly lists are gone by: the same for a handshake and for a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct RevocationPolicyFlags {
    /// Ask for the leaf's status only, not for that of the intermediates
    #[arg(long, help_heading = "Revocation")]
    pub crl_leaf_only: bool,
    /// Accept a certificate for which no list speaks
    #[arg(long, help_heading = "Revocation")]
    pub crl_allow_unknown: bool,
    /// Refuse a list past its nextUpdate; by itself rustls goes by it
    #[arg(long, help_heading = "Revocation")]
    pub crl_enforce_expiry: bool,
}

impl RevocationPolicyFlags {
    /// Lays the flags over what is known.
    pub(super) fn lay_over(self, known: &mut Revocation) {
        known.is_leaf_only |= self.crl_leaf_only;
        known.allows_unknown |= self.crl_allow_unknown;
        known.refuses_stale |= self.crl_enforce_expiry;
    }

    /// The name of a flag that was given.
    pub(super) fn given(self) -> Option<&'static str> {
        [
            (self.crl_leaf_only, "--crl-leaf-only"),
            (self.crl_allow_unknown, "--crl-allow-unknown"),
            (self.crl_enforce_expiry, "--crl-enforce-expiry"),
        ]
        .into_iter()
        .find_map(|(is_given, name)| is_given.then_some(name))
    }
}

/// What each side knows of revocation, from files.
#[derive(Clone, Debug, Default, PartialEq, Args)]
pub struct RevocationFlags {
    /// A revocation list that the client judges by, PEM or DER (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub client_crl: Vec<PathBuf>,
    /// A revocation list that the server judges by, PEM or DER (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub server_crl: Vec<PathBuf>,
    /// A revocation list that both sides judge by (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub crl: Vec<PathBuf>,
    /// An OCSP response about the server's chain; rustls does not look at it, the checks do (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub client_ocsp: Vec<PathBuf>,
    /// An OCSP response about the client's chain; rustls does not look at it, the checks do (repeats)
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub server_ocsp: Vec<PathBuf>,
    /// How strict both sides are about it
    #[command(flatten)]
    pub policy: RevocationPolicyFlags,
}

impl RevocationFlags {
    /// Lays the flags over what `side` knew.
    pub(super) fn lay_over(&self, side: Side, known: &mut Revocation) -> Result<(), Unusable> {
        let (own, answers) = match side {
            Side::Client => (&self.client_crl, &self.client_ocsp),
            Side::Server => (&self.server_crl, &self.server_ocsp),
        };
        let files: Vec<PathBuf> = own.iter().chain(&self.crl).cloned().collect();
        if !files.is_empty() {
            let given = revocation(&files)?;
            known.lists = given.lists;
            known.responses = given.responses;
        }
        known.responses.extend(responses(answers)?);
        self.policy.lay_over(known);
        Ok(())
    }
}
