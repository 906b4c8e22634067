//! What differs in two chains, certificate by certificate.

use super::both::Both;
use super::fields::Field;
use crate::capture::{Der, Side};
use crate::pki::{CertificateFacts, moment_words, sha256_hex};

/// More certificates of a chain or a store are not read here.
pub(super) const MOST_CERTIFICATES: usize = 24;

/// One thing that a chain says, in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub field: Field,
    pub name: String,
    pub values: Both<Vec<String>>,
}

/// What `side`'s two chains say; equal facts are among them.
pub(super) fn facts(side: Side, chains: &Both<Vec<Der>>, keys: &Both<Option<Vec<u8>>>) -> Vec<Fact> {
    let side = side.word();
    let read = |chain: &[Der]| -> Vec<Option<CertificateFacts>> {
        let most = chain.iter().take(MOST_CERTIFICATES);
        most.map(|der| CertificateFacts::from_der(der.as_bytes()).ok())
            .collect()
    };
    let (of_a, of_b) = (read(&chains.a), read(&chains.b));
    let mut found = Vec::new();
    let names = |chain: &[Option<CertificateFacts>]| -> Vec<String> {
        let name = |facts: &Option<CertificateFacts>| {
            facts.as_ref().map_or_else(
                || "a certificate that cannot be read".to_owned(),
                |it| it.display_name.clone(),
            )
        };
        chain.iter().map(name).collect()
    };
    found.push(Fact {
        field: Field::Sent,
        name: format!("Certificates that the {side} sends"),
        values: Both {
            a: names(&of_a),
            b: names(&of_b),
        },
    });
    if let (Some(Some(a)), Some(Some(b))) = (of_a.first(), of_b.first()) {
        certificate(&format!("the {side}'s certificate"), a, b, &mut found);
    }
    // Issuers beside those of their name: a chain that is longer by one has not changed in the others.
    for a in of_a.iter().skip(1).flatten() {
        let same_name = |b: &&CertificateFacts| b.subject_der == a.subject_der;
        if let Some(b) = of_b.iter().skip(1).flatten().find(same_name) {
            certificate(
                &format!("{}, sent by the {side}", a.display_name),
                a,
                b,
                &mut found,
            );
        }
    }
    if let (Some(a), Some(b)) = (&keys.a, &keys.b) {
        let short = |spki: &[u8]| vec![format!("sha256 {}", first(&sha256_hex(spki)))];
        found.push(Fact {
            field: Field::PrivateKey,
            name: format!("The key that the {side} signs with"),
            values: Both {
                a: short(a),
                b: short(b),
            },
        });
    }
    found
}

fn first(hex: &str) -> &str {
    hex.get(..16).unwrap_or(hex)
}

fn certificate(whose: &str, a: &CertificateFacts, b: &CertificateFacts, found: &mut Vec<Fact>) {
    type Read = fn(&CertificateFacts) -> Vec<String>;
    let all: [(Field, &str, Read); 9] = [
        (Field::Subject, "Subject", |it| vec![it.subject.clone()]),
        (Field::Issuer, "Issuer", |it| vec![it.issuer.clone()]),
        (Field::Serial, "Serial number", |it| vec![it.serial.clone()]),
        (Field::NotBefore, "Start of validity", |it| {
            vec![moment_words(it.not_before)]
        }),
        (Field::NotAfter, "End of validity", |it| {
            vec![moment_words(it.not_after)]
        }),
        (Field::PublicKey, "Public key", |it| {
            vec![format!("{}, sha256 {}", it.key, first(&sha256_hex(&it.spki)))]
        }),
        (Field::Names, "Names (subjectAltName)", |it| {
            let names = it.subject_alt_names.iter().flatten();
            names.map(ToString::to_string).collect()
        }),
        (Field::Purposes, "Purposes (extendedKeyUsage)", |it| {
            it.purposes.iter().flatten().map(ToString::to_string).collect()
        }),
        (Field::Use, "Use (basicConstraints, keyUsage)", |it| {
            let path_len = it.path_len.map(|most| format!("path length {most}"));
            let ca = match it.is_ca {
                Some(true) => "CA",
                Some(false) => "no CA",
                None => "no basicConstraints",
            };
            let usage = it.key_usage.map(|usage| usage.words().join(" "));
            [Some(ca.to_owned()), path_len, usage]
                .into_iter()
                .flatten()
                .collect()
        }),
    ];
    found.extend(all.into_iter().map(|(field, what, read)| Fact {
        field,
        name: format!("{what} of {whose}"),
        values: Both {
            a: read(a),
            b: read(b),
        },
    }));
}
