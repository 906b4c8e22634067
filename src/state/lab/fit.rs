//! Whether what was loaded fits together: the dots of the set-up. Asks rustls itself, with no handshake around it.

use super::setup::Setup;
use super::slot::{Fit, SetupSlot, Slot};
use crate::capture::{CertificateRefusal, ClientAuth, Der, Side, StackVerdict, Trust, VerdictCode};
use crate::diagnose::{ChainInput, judge_chain as judge_chain_of, spelled_out};
use crate::pki::{CertificateFacts, KeyKind};
use crate::source::oracle;

/// A slot's dot.
pub type SlotFit = (Side, SetupSlot, Fit);

/// Judges every slot against the others, at `now_unix_s` where a side has no clock of its own. Milliseconds of work.
pub fn judge(setup: &Setup, now_unix_s: i64) -> Vec<SlotFit> {
    let mut fits = Vec::new();
    for side in Side::BOTH {
        let (certificate, trust) = judge_chain(setup, side, now_unix_s);
        fits.push((side, SetupSlot::Certificate, certificate));
        fits.push((side, SetupSlot::Key, judge_key(setup, side)));
        fits.push((side.peer(), SetupSlot::Trust, trust));
    }
    fits
}

fn judge_key(setup: &Setup, side: Side) -> Fit {
    let own = setup.sides.of(side);
    let Some(leaf) = own.certificate.certificates.first() else {
        return Fit::Unknown;
    };
    let Some(key) = &own.key.key else {
        return Fit::Bad(
            "there is no private key: the certificate is judged, but Run needs its key".to_owned(),
        );
    };
    if !oracle::signs(&key.key) {
        return Fit::Bad(format!(
            "nobody signs with this key ({}) here: use RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519",
            key.key.kind
        ));
    }
    match CertificateFacts::from_der(&leaf.der) {
        Ok(facts) if key.key.matches(&facts) => Fit::Good,
        Ok(facts) => Fit::Bad(format!(
            "this key does not belong to {}: it is the private half of another certificate",
            facts.display_name
        )),
        Err(_) => Fit::Unknown,
    }
}

/// The dots of `side`'s chain and of its peer's trust.
fn judge_chain(setup: &Setup, side: Side, now_unix_s: i64) -> (Fit, Fit) {
    let own = setup.sides.of(side);
    let peer = setup.sides.of(side.peer());
    let Some(leaf) = own.certificate.certificates.first() else {
        return (Fit::Unknown, Fit::Unknown);
    };
    let facts = match CertificateFacts::from_der(&leaf.der) {
        Ok(facts) => facts,
        Err(error) => return (Fit::Bad(error.to_string()), Fit::Unknown),
    };
    if side == Side::Client && setup.client_auth == ClientAuth::None {
        // Nobody asks for it, so nobody judges it.
        return (Fit::Unknown, Fit::Unknown);
    }
    if peer.trust.is_empty() {
        let words = format!(
            "nobody is trusted here, so the {}’s certificate is refused",
            side.word()
        );
        return (Fit::Unknown, Fit::Bad(words));
    }
    match ask(setup, side, now_unix_s) {
        Ok(()) => (by_its_key(&facts, side), Fit::Good),
        Err(verdict) => match verdict.code {
            VerdictCode::Certificate(CertificateRefusal::UnknownIssuer) => {
                match missing(setup, side, now_unix_s) {
                    // The chain is at fault, not the trust.
                    Some(name) => (
                        Fit::Bad(format!("{name} is not sent with it, though it is at hand")),
                        Fit::Good,
                    ),
                    None => (
                        by_its_key(&facts, side),
                        Fit::Bad(format!(
                            "the {}’s chain does not lead to anything trusted here",
                            side.word()
                        )),
                    ),
                }
            }
            VerdictCode::Certificate(refusal) => (
                Fit::Bad(format!(
                    "the {} will refuse it: {}",
                    side.peer().word(),
                    words(refusal, &spelled_out(&verdict.words))
                )),
                Fit::Unknown,
            ),
            _ => (Fit::Bad(spelled_out(&verdict.words)), Fit::Unknown),
        },
    }
}

/// A chain that holds may still have a leaf whose signature over the handshake no peer takes.
fn by_its_key(leaf: &CertificateFacts, side: Side) -> Fit {
    let is_taken = !matches!(leaf.key, KeyKind::Rsa { bits: ..2048 | 8193.. });
    if is_taken {
        return Fit::Good;
    }
    Fit::Bad(format!(
        "the {} will refuse it: it takes no signature by its {} key",
        side.peer().word(),
        leaf.key
    ))
}

/// What rustls says of `side`'s chain in the hands of its peer.
pub(super) fn ask(setup: &Setup, side: Side, now_unix_s: i64) -> Result<(), StackVerdict> {
    oracle::judge(&chain(setup, side), &trust(setup, side, now_unix_s), side.peer())
}

fn ders(slot: &Slot) -> impl Iterator<Item = Der> {
    slot.certificates.iter().map(|one| one.der.clone())
}

fn chain(setup: &Setup, side: Side) -> Vec<Der> {
    ders(&setup.sides.of(side).certificate).collect()
}

/// What whoever judges `side`'s chain trusts.
fn trust(setup: &Setup, side: Side, now_unix_s: i64) -> Trust {
    let trust = setup.to_lab().trust_of(side.peer(), now_unix_s);
    // Nobody asks for it, so nobody judges it: whoever calls has looked.
    trust.unwrap_or_default()
}

/// The certificate at hand that `side` does not send, and with which its chain would lead to a root.
fn missing(setup: &Setup, side: Side, now_unix_s: i64) -> Option<String> {
    let at_hand: Vec<Der> = setup
        .slots()
        .flat_map(|(.., slot)| ders(slot))
        .chain(setup.known.iter().map(|one| one.der.clone()))
        .collect();
    let trust = trust(setup, side, now_unix_s);
    let completes = judge_chain_of(&ChainInput {
        chain: &chain(setup, side),
        trust: Some(&trust),
        judge: side.peer(),
        at_hand: &at_hand,
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    })
    .view
    .completes?;
    let facts = at_hand
        .iter()
        .filter_map(|der| CertificateFacts::from_der(der.as_bytes()).ok())
        .find(|facts| facts.sha256 == completes.sha256)?;
    Some(facts.display_name)
}

fn words(refusal: CertificateRefusal, stack: &str) -> String {
    match refusal {
        CertificateRefusal::Expired => "it has expired",
        CertificateRefusal::NotYetValid => "it is not valid yet",
        CertificateRefusal::NameMismatch => "it does not carry the server name asked for",
        CertificateRefusal::WrongPurpose => "it was not issued for this purpose",
        CertificateRefusal::BadSignature => "a signature in its chain does not hold",
        CertificateRefusal::LeafIsCa => "the first certificate is a CA, not a leaf",
        CertificateRefusal::Revoked => "it has been revoked",
        CertificateRefusal::RevocationUnknown => "no revocation list speaks of all of its chain",
        CertificateRefusal::RevocationListExpired => "the revocation list is out of date",
        CertificateRefusal::RevocationListInvalid => "the revocation list cannot be relied on",
        _ => return stack.to_owned(),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Fit, SetupSlot, judge};
    use crate::cancel::Cancel;
    use crate::capture::{Revocation, RevocationFile, Side};
    use crate::experiment::time::time_line;
    use crate::scenario;
    use crate::setup::LabSetup;
    use crate::state::Setup;

    const NOW_UNIX_S: i64 = 1_800_000_000;

    fn minted(id: &str) -> LabSetup {
        scenario::find(id)
            .and_then(|scenario| scenario.setup(NOW_UNIX_S))
            .expect("it mints")
    }

    fn dot(lab: &LabSetup, side: Side, slot: SetupSlot) -> Fit {
        let dots = judge(&Setup::from_lab(lab.clone()), NOW_UNIX_S);
        let found = dots.into_iter().find(|dot| (dot.0, dot.1) == (side, slot));
        found.expect("every slot has a dot").2
    }

    #[test]
    fn whom_a_server_lets_in_is_seen_by_the_dots_and_by_the_time_machine() {
        let mut lab = minted("good-spiffe");
        let works = |lab: &LabSetup| {
            let line = time_line(lab, NOW_UNIX_S, &Cancel::default()).expect("it is not cancelled");
            line.at(NOW_UNIX_S)
                .is_some_and(crate::experiment::time::Span::works)
        };
        assert_eq!(dot(&lab, Side::Client, SetupSlot::Certificate), Fit::Good);
        assert!(works(&lab));
        lab.parties.server.policy.limits.expected_peer =
            Some("spiffe://shop.example/ns/shop/sa/other".to_owned());
        let Fit::Bad(words) = dot(&lab, Side::Client, SetupSlot::Certificate) else {
            panic!("the server lets another in");
        };
        assert!(words.contains("server will refuse"), "{words}");
        assert!(!works(&lab));
        // The other side's expectation is the name asked for.
        lab.server_name = "spiffe://shop.example/ns/shop/sa/nobody".to_owned();
        assert!(matches!(
            dot(&lab, Side::Server, SetupSlot::Certificate),
            Fit::Bad(_)
        ));
    }

    #[test]
    fn a_key_that_nobody_signs_with_has_no_green_dot_nor_has_its_certificate() {
        let fixture = |name: &str| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/certs");
            crate::pki::read_file(&path.join(name)).expect("it reads")
        };
        let mut lab = minted("good-tls13");
        let identity = lab.parties.client.identity.as_mut().expect("an identity");
        identity.chain = fixture("rsa1024.pem").certificates;
        identity.key = fixture("rsa1024.key").keys.into_iter().next();
        lab.parties.server.trust = fixture("root.pem").certificates;
        for (slot, words) in [
            (SetupSlot::Key, "nobody signs with this key (RSA-1024)"),
            (SetupSlot::Certificate, "RSA-1024 key"),
        ] {
            let Fit::Bad(said) = dot(&lab, Side::Client, slot) else {
                panic!("{slot:?}");
            };
            assert!(said.contains(words), "{said}");
        }
        // Whether the chain leads to the trust or not, the key is as short.
        lab.parties.server.trust = minted("good-tls13").parties.server.trust;
        assert!(matches!(
            dot(&lab, Side::Client, SetupSlot::Certificate),
            Fit::Bad(_)
        ));
    }

    /// Every change by which a run could come out otherwise.
    #[test]
    fn set_ups_that_run_differently_have_different_fingerprints() {
        let lab = minted("good-spiffe");
        let changes: [fn(&mut LabSetup); 12] = [
            |lab| lab.server_name.push('x'),
            |lab| lab.client_auth = crate::capture::ClientAuth::None,
            |lab| lab.fault = Some(crate::setup::Fault::Http),
            |lab| lab.parties.client.trust.clear(),
            |lab| lab.parties.client.identity = None,
            |lab| lab.parties.server.policy.alpn.push("h2".to_owned()),
            |lab| lab.parties.client.policy.clock_unix_s = Some(5),
            |lab| lab.parties.server.policy.limits.expected_peer = None,
            |lab| {
                lab.parties
                    .server
                    .policy
                    .limits
                    .server_names
                    .push("a.example".to_owned())
            },
            |lab| {
                lab.parties
                    .client
                    .policy
                    .limits
                    .sign_schemes
                    .push("ed25519".to_owned())
            },
            |lab| lab.parties.server.policy.revocation.refuses_stale = true,
            |lab| {
                lab.parties.server.policy.revocation = Revocation {
                    lists: vec![RevocationFile {
                        file: None,
                        line: None,
                        der: crate::capture::Der::from(vec![0x30, 0]),
                        wrapping: None,
                    }],
                    ..Revocation::default()
                };
            },
        ];
        let mut seen = std::collections::BTreeSet::from([lab.fingerprint()]);
        assert!(!seen.insert(lab.clone().fingerprint()), "the same is the same");
        for (number, change) in changes.iter().enumerate() {
            let mut changed = lab.clone();
            change(&mut changed);
            assert!(seen.insert(changed.fingerprint()), "change {number}");
        }
    }
}
