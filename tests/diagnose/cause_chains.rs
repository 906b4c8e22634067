//! Whole lists of causes for chains that are judged alone: what follows from another fault is none, and nothing else is left out.

use mtlscope::capture::{AtHand, Der, Side, Slot, Trust};
use mtlscope::diagnose::{Cause, CauseId, ChainInput, explain_chain};
use mtlscope::source::oracle;

use crate::support;
use support::forge::{CLIENT_AUTH, Forge, Key, SERVER_AUTH, purposes};
use support::grids::{HOST, NOW};

/// The causes for which a client refuses this chain, which rustls refuses too.
fn causes(chain: &[Der], root: &Der, at_hand: &[AtHand]) -> Vec<Cause> {
    let trust = Trust {
        roots: vec![root.clone()],
        expected_name: Some(HOST.to_owned()),
        clock_unix_s: NOW,
        ..Trust::default()
    };
    let verdict = oracle::judge(chain, &trust, Side::Client).expect_err("it is refused");
    explain_chain(
        &ChainInput {
            chain,
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: NOW,
            key_in_use: None,
            possession: None,
        },
        at_hand,
        Some(&verdict),
    )
    .causes
}

fn lines(causes: &[Cause]) -> Vec<String> {
    causes
        .iter()
        .map(|cause| {
            let of = cause.certificate.as_ref().map_or("", |of| of.subject.as_str());
            format!("{} {of}", cause.id.word())
        })
        .collect()
}

/// What a CA in the leaf's place is asked for follows from the order; what another certificate of the same chain lacks does not.
#[test]
fn a_wrong_order_hides_no_fault_of_another_certificate() {
    let keys = [Key::new(), Key::new(), Key::new(), Key::new()];
    let root = Der::from(Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]));
    let lower = Der::from(Forge::ca("Lower", "Upper", &keys[2], &keys[1]).sign(&keys[1]));
    let leaf = Der::from(Forge::leaf(HOST, "Lower", &keys[3], &keys[2]).sign(&keys[2]));
    for (ids, expected) in [
        (&[SERVER_AUTH][..], &["leaf-not-first CN=Lower"][..]),
        (
            &[CLIENT_AUTH],
            &["leaf-not-first CN=Lower", "wrong-purpose CN=Upper"],
        ),
    ] {
        let mut upper = Forge::ca("Upper", "Root", &keys[1], &keys[0]);
        upper.put(37, false, &purposes(ids));
        let upper = Der::from(upper.sign(&keys[0]));
        let chain = [lower.clone(), leaf.clone(), upper];
        assert_eq!(lines(&causes(&chain, &root, &[])), expected);
    }
}

/// A root that was sent and is trusted by nobody is no certificate whose issuer was forgotten.
#[test]
fn above_a_root_nothing_is_missing() {
    let keys = [Key::new(), Key::new(), Key::new()];
    let root = Der::from(Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]));
    let stranger = Der::from(Forge::ca("Stranger", "Stranger", &keys[1], &keys[1]).sign(&keys[1]));
    let leaf = Der::from(Forge::leaf(HOST, "Root", &keys[2], &keys[0]).sign(&keys[0]));
    for (chain, expected) in [
        (vec![leaf.clone(), root], &["unknown-issuer CN=Root"][..]),
        (
            vec![leaf],
            &[
                "unknown-issuer CN=pay.shop.example",
                "missing-intermediate CN=pay.shop.example",
            ],
        ),
    ] {
        let at_hand: Vec<AtHand> = chain
            .iter()
            .zip(0..)
            .map(|(der, entry)| AtHand {
                side: Some(Side::Server),
                slot: Slot::Certificate,
                file: Some("chain.pem".to_owned()),
                entry,
                line: Some(31 + 20 * entry),
                within: None,
                wrapping: None,
                der: der.clone(),
            })
            .collect();
        let causes = causes(&chain, &stranger, &at_hand);
        assert_eq!(lines(&causes), expected);
        // The place is the file's, to the line.
        let places: Vec<&str> = causes[0]
            .evidence
            .iter()
            .filter_map(|one| Some(one.words.split_once(" lies in ")?.1))
            .collect();
        let line = 31 + 20 * (chain.len() - 1);
        assert_eq!(places, [format!("chain.pem, line {line}")]);
    }
}

/// Where the issuer is that leads nowhere: sent, trusted under its name alone, or nowhere at all.
#[test]
fn an_issuer_that_leads_nowhere_is_said_to_be_where_it_is() {
    const SENT: &str = "which was sent, and leads to nothing that is trusted";
    const TRUSTED: &str = "Two CAs are called Root";
    const NOWHERE: &str = "which was neither sent nor trusted";
    let keys = [Key::new(), Key::new(), Key::new(), Key::new()];
    let root = Der::from(Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]));
    let impostor = Der::from(Forge::ca("Root", "Root", &keys[3], &keys[3]).sign(&keys[3]));
    let stranger = Der::from(Forge::ca("Stranger", "Stranger", &keys[3], &keys[3]).sign(&keys[3]));
    let issuer = Der::from(Forge::ca("Issuer", "Root", &keys[1], &keys[0]).sign(&keys[0]));
    let leaf = Der::from(Forge::leaf(HOST, "Issuer", &keys[2], &keys[1]).sign(&keys[1]));
    let below_root = Der::from(Forge::leaf(HOST, "Root", &keys[2], &keys[0]).sign(&keys[0]));
    for (chain, trusted, expected) in [
        (vec![leaf.clone()], &stranger, NOWHERE),
        (vec![leaf.clone(), issuer.clone()], &stranger, NOWHERE),
        (vec![leaf.clone(), issuer.clone(), root.clone()], &stranger, SENT),
        (vec![below_root.clone(), root], &stranger, SENT),
        (vec![below_root], &impostor, TRUSTED),
        (vec![leaf, issuer], &impostor, TRUSTED),
    ] {
        let said: Vec<String> = causes(&chain, trusted, &[])
            .into_iter()
            .map(|cause| cause.detail)
            .collect();
        for words in [SENT, TRUSTED, NOWHERE] {
            let is_said = said.iter().any(|detail| detail.contains(words));
            assert_eq!(is_said, words == expected, "{words}: {said:?}");
        }
    }
}

/// A root of that name that rustls cannot take into its store: it is trusted, and that it cannot be read is the cause. An issuer
/// that is trusted by its name is never called one that is not.
#[test]
fn a_trusted_issuer_that_cannot_be_read_is_said_to_be_just_that() {
    let keys = [Key::new(), Key::new()];
    let leaf = Der::from(Forge::leaf(HOST, "Root", &keys[1], &keys[0]).sign(&keys[0]));
    let mut twice = Forge::ca("Root", "Root", &keys[0], &keys[0]);
    let again = twice.extensions[0].clone();
    twice.extensions.push(again);
    let mut constrained = Forge::ca("Root", "Root", &keys[0], &keys[0]);
    constrained.put(30, true, &[0x30, 0x05, 0xa0, 0x03, 0x30, 0x01, 0x00]);
    for root in [twice, constrained] {
        let root = Der::from(root.sign(&keys[0]));
        let causes = causes(std::slice::from_ref(&leaf), &root, &[]);
        let ids: Vec<_> = causes.iter().map(|cause| cause.id).collect();
        assert_eq!(ids, [CauseId::Malformed], "{:?}", causes[0].detail);
    }
}

/// A command runs where the files are: what is sent and lies in no file of the sender's is taken from whichever file holds it.
/// Certificates of one name that lie in no file are called differently, and no chain holds one of them twice.
#[test]
fn a_chain_is_joined_from_the_files_that_are_there() {
    let keys = [Key::new(), Key::new(), Key::new(), Key::new()];
    let root = Der::from(Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]));
    let upper = Der::from(Forge::ca("Issuer", "Root", &keys[1], &keys[0]).sign(&keys[0]));
    let lower = Der::from(Forge::ca("Issuer", "Issuer", &keys[2], &keys[1]).sign(&keys[1]));
    let mut leaf = Forge::leaf(HOST, "Issuer", &keys[3], &keys[2]);
    leaf.put(37, false, &purposes(&[CLIENT_AUTH]));
    let leaf = Der::from(leaf.sign(&keys[2]));
    let chain = [leaf.clone(), lower.clone(), upper.clone()];
    let at = |der: &Der, side, slot, file: Option<&str>| AtHand {
        der: der.clone(),
        side,
        slot,
        file: file.map(str::to_owned),
        entry: 0,
        line: file.map(|_| 1),
        within: None,
        wrapping: None,
    };
    let joins = |all: &[AtHand]| -> Vec<String> {
        let causes = causes(&chain, &root, all);
        let commands = causes.iter().flat_map(|cause| &cause.remedies);
        commands
            .flat_map(|remedy| &remedy.commands)
            .filter(|command| command.ends_with("-chain.pem") && command.starts_with("awk"))
            .cloned()
            .collect()
    };
    let client = Some(Side::Client);
    let trusted = at(&root, client, Slot::Trust, Some("root.pem"));
    // Of the two issuers one lies in a file that only whoever judges has.
    let known = joins(&[trusted.clone(), at(&upper, None, Slot::Known, Some("known.pem"))]);
    assert!(!known.is_empty(), "it is to be issued again");
    for command in known {
        assert!(command.contains(" issuer.pem known.pem > "), "{command}");
    }
    // Neither lies in a file.
    let unfiled = joins(&[trusted]);
    assert!(!unfiled.is_empty(), "it is to be issued again");
    for command in unfiled {
        assert!(command.contains(" issuer.pem issuer-2.pem > "), "{command}");
    }
}
