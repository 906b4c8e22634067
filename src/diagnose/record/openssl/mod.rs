//! What `openssl verify` does with a chain: OpenSSL 3.0's `X509_verify_cert`, with the flags that it has by itself.
//!
//! One path is built and then judged; OpenSSL goes back only where an issuer of the trust store ends the path sooner
//! (`crypto/x509/x509_vfy.c`, `build_chain`). A chain that could be built otherwise is no way out.

mod constraints;
mod host;
mod judging;
mod list;
mod path;
mod revocation;
mod seen;

use super::given::{Given, Verdict};
use seen::Seen;

/// The verdict.
pub(super) fn judge(given: &Given<'_>) -> Verdict {
    // A file of roots is read whole or not at all.
    if given.roots.iter().any(|root| !seen::is_loaded(root)) {
        return Err("a trusted certificate cannot be read".into());
    }
    let chain: Vec<Seen<'_>> = given
        .chain
        .iter()
        .enumerate()
        // What cannot be read beside the leaf is passed over.
        .filter(|(place, one)| *place == 0 || seen::is_loaded(one))
        .map(|(_, one)| Seen::of(one))
        .collect();
    let roots: Vec<Seen<'_>> = given.roots.iter().map(Seen::of).collect();
    let Some((leaf, sent)) = chain.split_first() else {
        return Err(super::given::Refusal::NotKnown);
    };
    if !seen::is_loaded(leaf.certificate) {
        return Err("the certificate cannot be read".into());
    }
    let path = path::build(leaf, sent, &roots, given.clock_unix_s)?;
    judging::judge(&path, given)
}

/// What a verdict of the tool does not say of a handshake.
pub(super) fn note(given: &Given<'_>) -> Option<&'static str> {
    if given.is_in_a_handshake {
        return None;
    }
    let is_refused_there = judge(&Given {
        is_in_a_handshake: true,
        ..*given
    })
    .is_err();
    is_refused_there.then_some("but in a handshake Debian's and Ubuntu's refuse it for a weak key or SHA-1")
}
