//! What a glance at a slot tells: its label, its lines, and why a file has nothing for it.

use super::*;
use crate::pki::{Minted, Recipe, mint};

const NOW: i64 = 1_800_000_000;

fn pki() -> Minted {
    let roots = (1..=7).map(|number| format!(r#"(name: "{number}", subject: "Root {number}", is_ca: true)"#));
    let text = format!(
        "#![enable(implicit_some)] [{}]",
        roots.collect::<Vec<_>>().join(",")
    );
    let recipes: Vec<Recipe> = ron::from_str(&text).expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

fn certificates(count: usize) -> Vec<LoadedCertificate> {
    let pki = pki();
    let one = |number: usize| pki.find(&number.to_string()).expect("minted").certificate.clone();
    (1..=count).map(one).collect()
}

#[test]
fn so_many_certificates_are_named_and_the_rest_is_counted() {
    let file = || Source::File("/certs/ca.pem".into());
    for (kind, source, count, label) in [
        (SetupSlot::Trust, file(), 1, "ca.pem"),
        (SetupSlot::Trust, file(), 2, "2 roots"),
        (SetupSlot::Certificate, file(), 1, "ca.pem"),
        (SetupSlot::Certificate, file(), 3, "ca.pem +2"),
        (SetupSlot::Certificate, Source::Pasted, 2, "Root 1 +1"),
    ] {
        let slot = Slot::of_certificates(kind, source, certificates(count));
        assert_eq!(slot.label, label);
    }
    for (count, more) in [(5, None), (6, Some("and 1 more")), (7, Some("and 2 more"))] {
        let slot = Slot::of_certificates(SetupSlot::Trust, Source::Pasted, certificates(count));
        let tail: Vec<(&str, &str)> = slot.details[slot.details.len() - 5..]
            .iter()
            .map(|(name, words)| (*name, words.as_str()))
            .collect();
        let named = [
            ("And", "CN=Root 2"),
            ("", "CN=Root 3"),
            ("", "CN=Root 4"),
            ("", "CN=Root 5"),
        ];
        match more {
            None => assert_eq!(tail[1..], named, "{count}"),
            Some(more) => {
                assert_eq!(tail[..4], named, "{count}");
                assert_eq!(tail[4], ("", more));
            }
        }
    }
    assert!(Slot::of_certificates(SetupSlot::Trust, Source::Pasted, Vec::new()).is_empty());
}

#[test]
fn a_file_without_the_part_is_refused_with_what_to_choose() {
    let only_certificates = Bundle {
        certificates: certificates(1),
        ..Bundle::default()
    };
    let only_key = Bundle {
        keys: vec![pki().find("1").expect("minted").key.clone()],
        ..Bundle::default()
    };
    let no_certificate = "it holds no certificate; choose the file that does";
    let no_key = "it holds no private key; choose the file that does";
    for (kind, bundle, refused) in [
        (SetupSlot::Certificate, &only_certificates, None),
        (SetupSlot::Trust, &only_certificates, None),
        (SetupSlot::Key, &only_certificates, Some(no_key)),
        (SetupSlot::Certificate, &only_key, Some(no_certificate)),
        (SetupSlot::Trust, &only_key, Some(no_certificate)),
        (SetupSlot::Key, &only_key, None),
    ] {
        for (source, place) in [
            (Source::File("/a.pem".into()), "/a.pem"),
            (Source::Pasted, "the pasted text"),
        ] {
            let slot = Slot::of_bundle(kind, source, bundle);
            let wanted = refused.map(|words| format!("{place}: {words}"));
            assert_eq!(slot.err(), wanted, "{kind:?}");
        }
    }
}
