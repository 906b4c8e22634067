//! The files that a line is held against: a handshake of the lab pair, or without a key that signs the certificates alone.

use std::sync::Arc;

use super::lab_flags::LabFlags;
use super::outcome::Unusable;
use super::setup::prepare_to_judge;
use super::{mends, scenarios};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::setup::LabSetup;
use crate::source::judged::judge_certificates;
use crate::source::lab::run_blocking;
use crate::source::oracle::signs;

/// What the files show, and what they cannot without a key that signs.
pub(super) fn analysis_of(flags: &LabFlags) -> Result<(Analysis, Vec<String>), Unusable> {
    let base = scenarios::base(flags.scenario.as_deref())?;
    let prepared = prepare_to_judge(flags, base)?;
    let setup = &prepared.setup;
    let mut not_judged = prepared.left_aside.clone();
    not_judged.extend(Side::BOTH.into_iter().filter_map(|side| without_key(setup, side)));
    let capture = if not_judged.is_empty() {
        run_blocking(setup, &Cancel::default())
    } else {
        not_judged.push(
            "So no handshake was run: the certificates were judged, each by its peer; what both sides agree on (version, cipher \
             suite, signature) was not."
                .to_owned(),
        );
        judge_certificates(setup)
    };
    let capture = capture.map_err(|error| Unusable(error.to_string()))?;
    let mut analysis = Analysis::of(Arc::new(capture));
    mends::spare(&mut analysis);
    Ok((analysis, not_judged))
}

/// That a side has a certificate, and no key that signs for it.
fn without_key(setup: &LabSetup, side: Side) -> Option<String> {
    let identity = setup.parties.of(side).identity.as_ref()?;
    let side = side.word();
    match &identity.key {
        None => Some(format!(
            "No private key that signs was given for the {side}: whether one belongs to the certificate was not judged."
        )),
        Some(loaded) if !signs(&loaded.key) => Some(format!(
            "The {side}'s private key is {}, with which rustls does not sign.",
            loaded.key.kind
        )),
        Some(_) => None,
    }
}
