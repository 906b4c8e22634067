//! Edits, each by itself: what changes, what stays, which comes first, and which is for a test only.

use super::edit::{Edit, Spoken, Swap};
use crate::capture::{ClientAuth, PerSide, Side};
use crate::clock::Clock;
use crate::pki::{CertificateFacts, LoadedCertificate, Recipe, mint};
use crate::setup::{Fault, Identity, LabSetup, Party, TlsVersion};

/// A pair that accepts each other; each side's root, issuer and leaf are its own.
fn good() -> LabSetup {
    const NOW: i64 = 1_800_000_000;
    const PARTS: [(&str, &str); 3] = [("root", ""), ("issuer", "root"), ("leaf", "issuer")];
    let recipes: Vec<Recipe> = ["client", "server"]
        .into_iter()
        .flat_map(|side| PARTS.map(|(part, by)| (side, part, by)))
        .map(|(side, part, by)| {
            let issuer = if by.is_empty() { String::new() } else { format!(", issuer: Some(\"{side} {by}\")") };
            let is_ca = part != "leaf";
            let text = format!(r#"(name: "{side} {part}", subject: "{side} {part}", is_ca: {is_ca}, sans: ["DNS:{side}.example"]{issuer})"#);
            ron::from_str(&text).expect("a recipe")
        })
        .collect();
    let minted = mint(&recipes, NOW).expect("it mints");
    let certificate = |name: String| minted.find(&name).expect("minted").certificate.clone();
    let party = |side: &str, peer: &str| Party {
        label: Some(side.to_owned()),
        identity: Some(Identity {
            chain: vec![
                certificate(format!("{side} leaf")),
                certificate(format!("{side} issuer")),
            ],
            key: Some(minted.find(&format!("{side} leaf")).expect("minted").key.clone()),
        }),
        trust: vec![certificate(format!("{peer} root"))],
        ..Party::default()
    };
    LabSetup {
        parties: PerSide {
            client: party("client", "server"),
            server: party("server", "client"),
        },
        server_name: "server.example".to_owned(),
        client_auth: ClientAuth::Required,
        fault: None,
        known: Vec::new(),
        timeout_ms: 100,
        wall_clock: Clock::still(NOW),
    }
}

fn chain(setup: &LabSetup, side: Side) -> Vec<LoadedCertificate> {
    setup.chain(side).to_vec()
}

fn label(setup: &LabSetup, side: Side) -> Option<&str> {
    setup.parties.of(side).label.as_deref()
}

fn display_name(one: &LoadedCertificate) -> String {
    CertificateFacts::from_der(&one.der).expect("facts").display_name
}

/// Every kind of edit, what is tried first at the top; whether it is for a test only.
fn every(setup: &LabSetup) -> Vec<(Edit, bool)> {
    let side = Side::Client;
    let chain = chain(setup, side);
    let leaf = chain[0].clone();
    let root = setup.parties.server.trust[0].clone();
    let key = setup
        .parties
        .client
        .identity
        .as_ref()
        .and_then(|one| one.key.clone())
        .expect("a key");
    let speak = |also| Edit::Speak { side, also };
    vec![
        (
            Edit::AddToChain {
                side,
                certificates: chain.clone(),
            },
            false,
        ),
        (
            Edit::ReplaceInChain {
                side,
                certificate: leaf.clone(),
                instead_of: leaf.clone(),
            },
            false,
        ),
        (
            Edit::ReorderChain {
                side,
                chain: chain.clone(),
            },
            false,
        ),
        (
            Edit::DropFromChain {
                side,
                certificate: leaf.clone(),
            },
            false,
        ),
        (Edit::UseKey { side, key }, false),
        (Edit::UseCertificate { side, chain }, false),
        (Edit::Swap(Swap::Keys), false),
        (Edit::Swap(Swap::Chains), false),
        (Edit::Swap(Swap::Identities), false),
        (Edit::SwapSlots(side), false),
        (Edit::MoveClock(None), false),
        (speak(Spoken::Versions(vec![TlsVersion::Tls13])), false),
        (speak(Spoken::CipherSuites(Vec::new())), false),
        (speak(Spoken::Groups(Vec::new())), false),
        (speak(Spoken::Protocols(Vec::new())), false),
        (speak(Spoken::Versions(vec![TlsVersion::Tls12])), false),
        (Edit::AskFor("a.example".to_owned()), false),
        (Edit::MendWire, true),
        (
            Edit::TrustAlso {
                side,
                certificate: root.clone(),
            },
            true,
        ),
        (Edit::Swap(Swap::Trust), true),
        (
            Edit::TrustInstead {
                side,
                certificates: vec![root],
            },
            true,
        ),
        (
            Edit::TrustAlso {
                side,
                certificate: leaf,
            },
            true,
        ),
        (Edit::MoveClock(Some(0)), true),
    ]
}

#[test]
fn what_a_side_sends_is_mended_before_what_another_trusts_and_the_clock_comes_last() {
    let all = every(&good());
    let ranks: Vec<u32> = all.iter().map(|(edit, _)| edit.rank()).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    // Two ways to send another certificate, and the four newer things to speak, are equally good.
    let equal = ranks.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert_eq!(equal, 1 + 3, "{ranks:?}");
    for (edit, is_for_a_test_only) in all {
        assert_eq!(edit.is_for_a_test_only(), is_for_a_test_only, "{}", edit.word());
    }
}

#[test]
fn every_kind_has_a_word_of_its_own() {
    let mut words: Vec<&str> = every(&good()).iter().map(|(edit, _)| edit.word()).collect();
    words.sort_unstable();
    words.dedup();
    // Five ways to speak more, two clocks and two certificates to trust are one kind each.
    assert_eq!(words.len(), every(&good()).len() - 4 - 1 - 1, "{words:?}");
}

#[test]
fn a_certificate_is_sent_once_and_the_last_one_stays() {
    let setup = good();
    let side = Side::Client;
    let before = chain(&setup, side);
    let other = chain(&setup, Side::Server)[0].clone();
    let certificates = vec![before[0].clone(), other.clone(), other.clone()];
    let after = Edit::AddToChain { side, certificates }.apply(&setup);
    assert_eq!(
        chain(&after, side),
        [before.clone(), vec![other.clone()]].concat()
    );
    let mut less = after;
    for one in [&before[..], std::slice::from_ref(&other)].concat() {
        less = Edit::DropFromChain {
            side,
            certificate: one,
        }
        .apply(&less);
    }
    assert_eq!(chain(&less, side), [other], "nobody is left with an empty chain");
    let certificate = setup.parties.client.trust[0].clone();
    let trusting = Edit::TrustAlso { side, certificate }.apply(&setup);
    assert_eq!(trusting.parties.client.trust, setup.parties.client.trust);
}

#[test]
fn what_is_spoken_as_well_is_added_once_and_nothing_is_all_again() {
    let mut setup = good();
    let side = Side::Server;
    setup.parties.server.policy.versions = vec![TlsVersion::Tls13];
    setup.parties.server.policy.groups = vec!["x25519".to_owned()];
    setup.parties.server.policy.cipher_suites = vec!["A".to_owned()];
    setup.parties.server.policy.alpn = vec!["h2".to_owned()];
    let speak = |also| Edit::Speak { side, also }.apply(&setup).parties.server;
    let both = vec![TlsVersion::Tls13, TlsVersion::Tls12];
    assert_eq!(speak(Spoken::Versions(both.clone())).policy.versions, both);
    assert_eq!(
        speak(Spoken::Groups(vec!["x".to_owned()])).policy.groups,
        ["x25519", "x"]
    );
    assert_eq!(
        speak(Spoken::CipherSuites(vec!["B".to_owned()]))
            .policy
            .cipher_suites,
        ["A", "B"]
    );
    assert_eq!(
        speak(Spoken::Protocols(vec!["h3".to_owned()])).policy.alpn,
        ["h2", "h3"]
    );
    assert!(speak(Spoken::Versions(Vec::new())).policy.versions.is_empty());
    assert!(speak(Spoken::Groups(Vec::new())).policy.groups.is_empty());
    assert!(
        speak(Spoken::CipherSuites(Vec::new()))
            .policy
            .cipher_suites
            .is_empty()
    );
    assert!(speak(Spoken::Protocols(Vec::new())).policy.alpn.is_empty());
    let edit = Edit::Speak {
        side,
        also: Spoken::Versions(both),
    };
    let client = edit.apply(&setup).parties.client;
    assert_eq!(
        client.policy.versions, setup.parties.client.policy.versions,
        "the other side stays"
    );
}

#[test]
fn a_side_is_called_by_what_it_presents_now() {
    let mut setup = good();
    for side in Side::BOTH {
        setup.parties.of_mut(side).label = Some("before".to_owned());
    }
    let [client, server] = Side::BOTH.map(|side| display_name(&chain(&setup, side)[0]));
    let root = display_name(&setup.parties.client.trust[0]);
    let side = Side::Client;
    let others = chain(&setup, Side::Server);
    for (edit, names) in [
        (Edit::Swap(Swap::Identities), [server.as_str(), client.as_str()]),
        (Edit::Swap(Swap::Chains), [&server, &client]),
        (Edit::SwapSlots(side), [&root, "before"]),
        (
            Edit::SwapSlots(Side::Server),
            ["before", &display_name(&setup.parties.server.trust[0])],
        ),
        (Edit::UseCertificate { side, chain: others }, [&server, "before"]),
        (Edit::Swap(Swap::Keys), ["before", "before"]),
        (Edit::Swap(Swap::Trust), ["before", "before"]),
        (Edit::MendWire, ["before", "before"]),
    ] {
        let after = edit.apply(&setup);
        let now = Side::BOTH.map(|side| label(&after, side));
        assert_eq!(now, names.map(Some), "{edit:?}");
    }
}

#[test]
fn the_clocks_move_together_and_the_wire_is_mended_alone() {
    let mut setup = good();
    setup.fault = Some(Fault::HangUp(Side::Client));
    let moved = Edit::MoveClock(Some(7)).apply(&setup);
    assert_eq!(
        Side::BOTH.map(|side| moved.parties.of(side).policy.clock_unix_s),
        [Some(7); 2]
    );
    assert!(moved.fault.is_some());
    let mended = Edit::MendWire.apply(&moved);
    assert!(mended.fault.is_none());
    assert_eq!(mended.parties.client.policy.clock_unix_s, Some(7));
    let now = Edit::MoveClock(None).apply(&moved);
    assert_eq!(
        Side::BOTH.map(|side| now.parties.of(side).policy.clock_unix_s),
        [None; 2]
    );
}
