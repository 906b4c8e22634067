//! Which edits are tried, and which of them a cause points to.

use super::*;
use crate::diagnose::CertificateRef;
use crate::pki::{Minted, Recipe, mint};

const NOW: i64 = 1_800_000_000;

fn minted(recipes: &str) -> Minted {
    let recipes: Vec<Recipe> =
        ron::from_str(&format!("#![enable(implicit_some)]\n[{recipes}]")).expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

fn words(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn a_side_with_a_list_of_its_own_may_speak_what_its_peer_does() {
    for (own, peer, wanted) in [
        (&[][..], &["a"][..], None),
        (&["a"], &["a"], None),
        (&["a", "b"], &["a"], None),
        (&["a"], &["a", "b", "c"], Some(&["b", "c"][..])),
        // The peer speaks whatever the library does.
        (&["a"], &[], Some(&[])),
        (&[], &[], None),
    ] {
        assert_eq!(
            more(&words(own), &words(peer)),
            wanted.map(words),
            "{own:?} {peer:?}"
        );
    }
}

/// No protocol at all is no restriction, on either side.
#[test]
fn protocols_are_offered_where_both_have_some() {
    let spoken = |own: &[&str], peer: &[&str]| -> Vec<Vec<String>> {
        let mut setup = crate::scenario::built_in().expect("it mints");
        setup.parties.client.policy.alpn = words(own);
        setup.parties.server.policy.alpn = words(peer);
        let mut edits = Vec::new();
        speak_edits(&setup, Side::Client, &mut edits);
        edits
            .into_iter()
            .filter_map(|edit| match edit {
                Edit::Speak {
                    side: Side::Client,
                    also: Spoken::Protocols(protocols),
                } => Some(protocols),
                _ => None,
            })
            .collect()
    };
    assert_eq!(spoken(&["h2"], &["http/1.1"]), [words(&["http/1.1"])]);
    let none: [Vec<String>; 0] = [];
    for (own, peer) in [
        (&[][..], &["h2"][..]),
        (&["h2"], &[]),
        (&[], &[]),
        (&["h2"], &["h2"]),
    ] {
        assert_eq!(spoken(own, peer), none, "{own:?} {peer:?}");
    }
}

/// A renewed CA takes the place of the old one; one certified by somebody else only where that is over.
#[test]
fn a_ca_certified_again_takes_the_place_of_the_old_one() {
    let pki = minted(
        r#"(name: "root", subject: "Root", is_ca: true), (name: "other", subject: "Other", is_ca: true),
        (name: "ca", subject: "CA", issuer: "root", is_ca: true),
        (name: "renewed", subject: "CA", issuer: "root", is_ca: true, key_of: "ca"),
        (name: "crossed", subject: "CA", issuer: "other", is_ca: true, key_of: "ca"),
        (name: "twin", subject: "CA", issuer: "root", is_ca: true),
        (name: "renamed", subject: "New CA", issuer: "root", is_ca: true, key_of: "ca")"#,
    );
    let held = |name: &str| Held::read(&pki.find(name).expect("minted").certificate).expect("it is read");
    let (within, after) = (NOW, NOW + 100 * 24 * 3600);
    for (new, clock, wanted) in [
        ("renewed", within, true),
        ("renewed", after, true),
        ("crossed", within, false),
        ("crossed", after, true),
        ("twin", within, false),
        ("twin", after, false),
        ("renamed", within, false),
    ] {
        assert_eq!(
            supersedes(&held(new), &held("ca"), clock),
            wanted,
            "{new} at {clock}"
        );
    }
}

fn cause(id: CauseId, side: Option<Side>, sha256: &str) -> Cause {
    Cause {
        side,
        certificate: Some(CertificateRef {
            sha256: sha256.to_owned(),
            subject: String::new(),
        }),
        ..Cause::bare(id)
    }
}

/// For each edit the causes that point to it, out of all that there are; judged by the server, so that the client's chain is
/// meant.
#[test]
fn each_edit_has_its_causes() {
    use CauseId as C;
    let pki = minted(r#"(name: "a", subject: "a")"#);
    let certificate = pki.find("a").expect("minted").certificate.clone();
    let key = pki.find("a").expect("minted").key.clone();
    let sha256 = sha256_hex(&certificate.der);
    let side = Side::Client;
    let speak = |also| Edit::Speak { side, also };
    let chain = vec![certificate.clone()];
    let trust_causes = [
        C::UnknownIssuer,
        C::SelfSignedNotTrusted,
        C::NoTrustAnchors,
        C::SameNameDifferentKey,
    ];
    let order = [C::LeafNotFirst, C::LeafIsCa, C::ChainTooLong];
    let cases: Vec<(Edit, Vec<CauseId>)> = vec![
        (
            Edit::AddToChain {
                side,
                certificates: chain.clone(),
            },
            vec![C::MissingIntermediate, C::UnknownIssuer],
        ),
        (
            Edit::ReorderChain {
                side,
                chain: chain.clone(),
            },
            order.to_vec(),
        ),
        (
            Edit::DropFromChain {
                side,
                certificate: certificate.clone(),
            },
            order.to_vec(),
        ),
        (
            Edit::UseCertificate {
                side,
                chain: chain.clone(),
            },
            vec![
                C::Expired,
                C::NotYetValid,
                C::KeyMismatch,
                C::NameMismatch,
                C::WrongPurpose,
            ],
        ),
        (Edit::UseKey { side, key }, vec![C::KeyMismatch]),
        (Edit::Swap(Swap::Keys), vec![C::KeyMismatch]),
        (Edit::Swap(Swap::Chains), vec![C::KeyMismatch]),
        (
            Edit::Swap(Swap::Identities),
            vec![C::WrongPurpose, C::NameMismatch, C::SpiffeIdMismatch, C::NoSan],
        ),
        (Edit::SwapSlots(side), vec![C::LeafIsCa]),
        (
            Edit::Swap(Swap::Trust),
            vec![C::UnknownIssuer, C::SameNameDifferentKey],
        ),
        (Edit::MoveClock(None), vec![C::Expired, C::NotYetValid]),
        (
            Edit::AskFor(String::new()),
            vec![C::NameMismatch, C::IpInDnsName, C::WildcardMisuse],
        ),
        (speak(Spoken::Versions(Vec::new())), vec![C::NoCommonVersion]),
        (speak(Spoken::CipherSuites(Vec::new())), vec![C::NoCommonCipher]),
        (speak(Spoken::Groups(Vec::new())), vec![C::NoCommonGroup]),
        (speak(Spoken::Protocols(Vec::new())), vec![C::AlpnMismatch]),
    ];
    for (edit, wanted) in cases {
        for id in C::ALL.iter().copied() {
            let points = points_to(&cause(id, Some(Side::Server), &sha256), &edit);
            assert_eq!(points, wanted.contains(&id), "{} for {edit:?}", id.word());
        }
    }
    // The other side's chain, and nobody's.
    let add = Edit::AddToChain {
        side,
        certificates: chain.clone(),
    };
    assert!(!points_to(
        &cause(C::UnknownIssuer, Some(Side::Client), &sha256),
        &add
    ));
    assert!(!points_to(&cause(C::UnknownIssuer, None, &sha256), &add));
    // Trust is the judge's own.
    for edit in [
        Edit::TrustAlso {
            side: Side::Server,
            certificate: certificate.clone(),
        },
        Edit::TrustInstead {
            side: Side::Server,
            certificates: chain,
        },
    ] {
        for id in C::ALL.iter().copied() {
            let wanted = trust_causes.contains(&id);
            assert_eq!(
                points_to(&cause(id, Some(Side::Server), &sha256), &edit),
                wanted,
                "{}",
                id.word()
            );
            assert!(
                !points_to(&cause(id, Some(Side::Client), &sha256), &edit),
                "{}",
                id.word()
            );
        }
    }
    let replace = Edit::ReplaceInChain {
        side,
        certificate: certificate.clone(),
        instead_of: certificate,
    };
    for (judge, sha256, wanted) in [
        (Some(Side::Server), sha256.as_str(), true),
        (Some(Side::Server), "another", false),
        (Some(Side::Client), &sha256, false),
        (None, &sha256, false),
    ] {
        assert_eq!(points_to(&cause(C::Expired, judge, sha256), &replace), wanted);
    }
}
