//! What can still be told of a certificate that is no readable X.509: the two names in it.

use super::der::header;
use super::names::distinguished_name;

/// The names in a certificate, each as the DER of its whole Name (RFC 5280 §4.1.2.4, §4.1.2.6); `None` where the bytes
/// before it, or its own, do not hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Who issued it.
    pub issuer: Option<Vec<u8>>,
    /// Whom it is about.
    pub subject: Option<Vec<u8>>,
}

/// Reads the names out of bytes that need not be a whole certificate: the two outer frames may be cut short, and nothing
/// behind the subject is looked at.
pub fn outline(der: &[u8]) -> Outline {
    let mut found = Outline::default();
    let Some((0x30, certificate)) = frame(der) else {
        return found;
    };
    let Some((0x30, mut rest)) = frame(certificate) else {
        return found;
    };
    // version [0] is left out in X.509 version 1.
    if rest.first() == Some(&0xa0) {
        rest = whole(rest).map_or(&[][..], |(_, rest)| rest);
    }
    // serialNumber, signature
    for _ in 0..2 {
        rest = whole(rest).map_or(&[][..], |(_, rest)| rest);
    }
    let Some((issuer, rest)) = whole(rest) else {
        return found;
    };
    found.issuer = name(issuer);
    found.subject = whole(rest)
        .and_then(|(_validity, rest)| whole(rest))
        .and_then(|(subject, _)| name(subject));
    found
}

fn name(element: &[u8]) -> Option<Vec<u8>> {
    distinguished_name(element).map(|_| element.to_vec())
}

/// Tag and contents of the first element, as much of them as is there.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (header, length) = header(bytes)?;
    let end = header.checked_add(length)?.min(bytes.len());
    Some((*bytes.first()?, bytes.get(header..end)?))
}

/// The first element whole, header included, and what follows it.
fn whole(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (header, length) = header(bytes)?;
    let end = header.checked_add(length)?;
    Some((bytes.get(..end)?, bytes.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{CertificateFacts, Recipe, mint};

    #[test]
    fn the_names_survive_whatever_happens_behind_them() {
        let recipes: Vec<Recipe> = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
            .from_str(
                r#"[(name: "root", subject: "Root", is_ca: true), (name: "leaf", subject: "Leaf", issuer: "root")]"#,
            )
            .expect("the recipes parse");
        let minted = mint(&recipes, 1_800_000_000).expect("it mints");
        let der = &minted.find("leaf").expect("minted").certificate.der;
        let facts = CertificateFacts::from_der(der).expect("it reads");
        let wanted = Outline {
            issuer: Some(facts.issuer_der.clone()),
            subject: Some(facts.subject_der.clone()),
        };
        assert_eq!(outline(der), wanted);
        // Cut anywhere: never a wrong name, and both as long as the subject is whole.
        let end = der
            .windows(facts.subject_der.len())
            .position(|window| window == facts.subject_der)
            .expect("the subject is in it")
            + facts.subject_der.len();
        for length in 0..der.len() {
            let cut = outline(&der[..length]);
            assert!(cut.issuer.is_none() || cut.issuer == wanted.issuer);
            assert_eq!(cut.subject.is_some(), length >= end, "{length}");
        }
    }
}
