//! The flags that say what a side knows of revocation, and the files they name.

use std::path::PathBuf;

use clap::Args;

use super::input::{Files, responses, revocation};
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
    pub(super) fn lay_over(
        &self,
        read: &mut Files,
        side: Side,
        known: &mut Revocation,
    ) -> Result<(), Unusable> {
        let (own, answers) = match side {
            Side::Client => (&self.client_crl, &self.client_ocsp),
            Side::Server => (&self.server_crl, &self.server_ocsp),
        };
        let files: Vec<PathBuf> = own.iter().chain(&self.crl).cloned().collect();
        if !files.is_empty() {
            let given = revocation(read, &files)?;
            known.lists = given.lists;
            known.responses = given.responses;
        }
        known.responses.extend(responses(read, answers)?);
        self.policy.lay_over(known);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each flag sets its own and nothing else; what a recording knew stays.
    #[test]
    fn flags_add_to_what_is_known() {
        let read = |known: &Revocation| (known.is_leaf_only, known.allows_unknown, known.refuses_stale);
        for number in 0..8u8 {
            let flags = RevocationPolicyFlags {
                crl_leaf_only: number & 1 != 0,
                crl_allow_unknown: number & 2 != 0,
                crl_enforce_expiry: number & 4 != 0,
            };
            let given = (
                flags.crl_leaf_only,
                flags.crl_allow_unknown,
                flags.crl_enforce_expiry,
            );
            let mut nothing = Revocation::default();
            flags.lay_over(&mut nothing);
            assert_eq!(read(&nothing), given);
            let mut all = Revocation {
                is_leaf_only: true,
                allows_unknown: true,
                refuses_stale: true,
                ..Revocation::default()
            };
            flags.lay_over(&mut all);
            assert_eq!(read(&all), (true, true, true));
            let name = match number {
                0 => None,
                1 | 3 | 5 | 7 => Some("--crl-leaf-only"),
                2 | 6 => Some("--crl-allow-unknown"),
                _ => Some("--crl-enforce-expiry"),
            };
            assert_eq!(flags.given(), name);
        }
    }
}
