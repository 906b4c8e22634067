//! What each side of a set-up makes of the other's certificates, with no handshake: for certificates without a key that signs.
//!
//! The evidence is rustls's own verdict on each chain, as its stack would have told it. Nothing travels, so that nothing is said
//! of versions, cipher suites or signatures.

use super::lab::{LabError, Recorder, captured};
use super::oracle;
use crate::capture::{Capture, ClientAuth, Der, EventKind, Origin, Side};
use crate::setup::LabSetup;

/// Judges both chains. A side that lets the other's chain pass has concluded nothing: the handshake would have gone on.
///
/// # Errors
/// The set-up names what rustls cannot speak.
pub fn judge_certificates(setup: &LabSetup) -> Result<Capture, LabError> {
    let started_at_unix_us = setup.wall_clock.unix_us();
    let recorder = Recorder::start();
    let mut capture = captured(setup, recorder.take(), started_at_unix_us, Origin::Lab)?;
    for judge in Side::BOTH {
        let chain: Vec<Der> = setup
            .chain(judge.peer())
            .iter()
            .map(|one| one.der.clone())
            .collect();
        let is_content_with_none = judge == Side::Server && setup.client_auth == ClientAuth::Optional;
        let Some(trust) = setup.trust_of(judge, started_at_unix_us.div_euclid(1_000_000)) else {
            continue;
        };
        if chain.is_empty() && is_content_with_none {
            continue;
        }
        let refusal = oracle::judge(&chain, &trust, judge).err();
        recorder.event(
            judge,
            EventKind::ChainVerified {
                chain,
                took_us: 0,
                refusal: refusal.clone(),
            },
        );
        capture.sides.of_mut(judge).verdict = refusal;
    }
    capture.events = recorder.take().events;
    Ok(capture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::VerdictCode;
    use crate::scenario;

    /// What each side concludes of its peer's chain.
    fn verdicts(of: &LabSetup) -> [Option<VerdictCode>; 2] {
        let capture = judge_certificates(of).expect("it is judged");
        assert!(capture.segments.is_empty() && capture.secrets.is_empty());
        Side::BOTH.map(|side| capture.sides.of(side).verdict.as_ref().map(|one| one.code))
    }

    #[test]
    fn both_chains_are_judged_without_a_key() {
        let mut setup = scenario::built_in().expect("the built-in identities");
        for side in Side::BOTH {
            if let Some(identity) = &mut setup.parties.of_mut(side).identity {
                identity.key = None;
            }
        }
        assert_eq!(verdicts(&setup), [None, None], "nobody refuses");
        setup.parties.client.trust.clear();
        setup.parties.server.trust.clear();
        let refused = verdicts(&setup);
        assert!(
            refused.iter().all(Option::is_some),
            "each side by itself: {refused:?}"
        );
        setup.parties.client.identity = None;
        assert!(verdicts(&setup)[1].is_some(), "a client certificate is asked for");
        setup.client_auth = ClientAuth::Optional;
        assert_eq!(verdicts(&setup)[1], None);
        setup.client_auth = ClientAuth::None;
        assert_eq!(verdicts(&setup)[1], None);
    }
}
