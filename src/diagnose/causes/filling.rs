//! What fills the words of a certificate's causes: subjects, dates, and the user's own file names.

use super::Fill;
use super::files;
use super::grounds::{Grounds, Place};
use crate::capture::{AtHand, Side};
use crate::diagnose::check::moment;
use crate::diagnose::fill::Trait;
use crate::diagnose::{CauseId, CertificateRef, ChainView, MatrixRow, Presence, Role};
use crate::pki::{CertificateFacts, GeneralName, Purpose, is_address, openssl_subject};

/// A file name for what was never in a file, from what it is called: `mesh-root-2026.pem`.
pub(super) fn stand_in(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() {
        "certificate.pem".to_owned()
    } else {
        format!("{}.pem", words.join("-"))
    }
}

/// The certificates that nobody sent and that complete the path, from the lowest upwards; a root need not be sent.
pub(super) fn missing<'a>(view: &ChainView, grounds: &Grounds<'a>) -> Vec<&'a AtHand> {
    let lying = |certificate: &CertificateRef| grounds.lying_at(&certificate.sha256, grounds.judge.peer());
    let drawn: Vec<&CertificateRef> = view
        .links
        .iter()
        .filter(|link| link.presence == Presence::AtHand)
        .filter_map(|link| link.certificate.as_ref())
        .collect();
    match &view.completes {
        // Another certificate of a CA that was sent: what is drawn is the issuer of the one that was.
        Some(twin) if !drawn.contains(&twin) => lying(twin).into_iter().collect(),
        _ => drawn.into_iter().filter_map(lying).collect(),
    }
}

/// What fills the braces of a cause's words.
pub(super) fn fill(row: &MatrixRow, view: &ChainView, grounds: &Grounds<'_>, place: &Place<'_>) -> Fill {
    let judge = row.side;
    let sender = judge.peer();
    let trust = grounds.trust;
    let store: Vec<String> = trust
        .map(|trust| {
            trust
                .roots
                .iter()
                .map(|root| display_name(root.as_bytes()))
                .collect()
        })
        .unwrap_or_default();
    let what = match row.role {
        Role::Leaf => "certificate",
        Role::Intermediate => "intermediate certificate",
        Role::Root => "root certificate",
    };
    let mut fill = Fill::default()
        .with("judge", judge.word())
        .with("sender", sender.word())
        .with("what", what)
        .with("row", row.detail.clone())
        .with("clock", moment(grounds.clock()))
        .with(
            "trusts",
            if store.is_empty() {
                "nobody".to_owned()
            } else {
                store.join(", ")
            },
        )
        .with(
            "expected",
            trust
                .and_then(|trust| trust.expected_name.clone())
                .unwrap_or_default(),
        )
        .with(
            "needed",
            if judge == Side::Client {
                "serverAuth"
            } else {
                "clientAuth"
            },
        )
        .with(
            "missing",
            missing_words(missing(view, grounds).first().copied(), place),
        );
    fill = files::with_files(fill, row, view, grounds, place);
    let end = view
        .links
        .iter()
        .rev()
        .find(|link| link.presence == Presence::Sent);
    fill = fill.with(
        "chain_end",
        end.map_or_else(|| "nothing".to_owned(), |link| link.name.clone()),
    );
    if let Some(facts) = place.facts.as_ref().filter(|_| row.role != Role::Leaf) {
        fill = fill.with("which", format!("{what} {}", facts.display_name));
    }
    if let Some(facts) = &place.facts {
        fill = of_the_ca(fill, facts, row);
        let leaf = grounds.leaf();
        fill = names(fill, leaf.as_ref().unwrap_or(facts), row);
        if row.cause == Some(CauseId::LeafIsCa) && facts.subject_alt_names.is_none() {
            let expected = trust.and_then(|trust| trust.expected_name.as_deref());
            fill = of_one_below(fill, expected.unwrap_or("NAME"));
        }
        let presented = few(facts.subject_alt_names.as_deref().unwrap_or_default());
        fill = fill
            .with("subject", facts.display_name.clone())
            .with("name", facts.display_name.clone())
            .with("issuer", facts.issuer_display_name.clone())
            .with("not_before", moment(facts.not_before))
            .with("not_after", moment(facts.not_after))
            .with(
                "presented",
                if presented.is_empty() {
                    "no name".to_owned()
                } else {
                    presented
                },
            );
    } else {
        fill = fill
            .with("subject", "The certificate")
            .with("name", "NAME")
            .with("issuer", "an unreadable issuer");
    }
    fill
}

/// What a CA is to sign that was presented itself: a certificate for whoever was asked for, with a key of its own.
fn of_one_below(fill: Fill, name: &str) -> Fill {
    let san = if name.parse::<std::net::IpAddr>().is_ok() {
        format!("IP:{name}")
    } else if name.contains("://") {
        format!("URI:{name}")
    } else {
        format!("DNS:{name}")
    };
    fill.with_trait(Trait::Nameless)
        .with_trait(Trait::NewKey)
        .with("subj", format!("/CN={}", name.replace('/', "\\/")))
        .with("sans", san)
        .with("usage", "critical,digitalSignature")
}

fn needed(row: &MatrixRow) -> Purpose {
    if row.side == Side::Client {
        Purpose::ServerAuth
    } else {
        Purpose::ClientAuth
    }
}

fn words(purposes: &[Purpose]) -> String {
    let words: Vec<String> = purposes.iter().map(ToString::to_string).collect();
    words.join(",")
}

/// What a CA's certificate that is issued again is to say as the old one did.
fn of_the_ca(mut fill: Fill, facts: &CertificateFacts, row: &MatrixRow) -> Fill {
    if let Some(purposes) = &facts.purposes {
        let mut purposes = purposes.clone();
        if !purposes.contains(&needed(row)) {
            purposes.push(needed(row));
        }
        fill = fill.with_command("ca_purposes", format!(" extendedKeyUsage={}", words(&purposes)));
    }
    if let Some(subject) = openssl_subject(&facts.subject_der) {
        fill = fill.with("ca_subj", subject);
    }
    if let Some(id) = &facts.subject_key_id {
        // What it signed names it by this (RFC 5280 §4.2.1.1): however the ID was made, it stays.
        fill = fill.with("key_id", hex::encode_upper(id));
    }
    fill
}

/// What a certificate that is issued again is to say as the old one did: its subject, all its names, its purposes.
fn names(fill: Fill, facts: &CertificateFacts, row: &MatrixRow) -> Fill {
    let needed = needed(row);
    let writable = |name: &&GeneralName| {
        matches!(
            name,
            GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Uri(_) | GeneralName::Email(_)
        )
    };
    let all = facts.subject_alt_names.as_deref().unwrap_or_default();
    let sans: Vec<String> = all.iter().filter(writable).map(ToString::to_string).collect();
    let mut fill = fill.with("sans", sans.join(","));
    if let Some(purposes) = &facts.purposes {
        let mut purposes = purposes.clone();
        if !purposes.contains(&needed) {
            purposes.push(needed);
        }
        fill = fill.with("purposes", words(&purposes));
    }
    if facts.key_usage.is_some_and(|usage| usage.key_encipherment) {
        fill = fill.with("usage", "critical,digitalSignature,keyEncipherment");
    }
    if let Some(subject) = openssl_subject(&facts.subject_der) {
        fill = fill.with("subj", subject);
    }
    fill
}

/// The names of a certificate; of very many, the first few.
fn few(names: &[GeneralName]) -> String {
    const MOST: usize = 12;
    let mut words: Vec<String> = names.iter().take(MOST).map(GeneralName::to_string).collect();
    if names.len() > MOST {
        words.push(format!("and {} more", names.len() - MOST));
    }
    words.join(", ")
}

/// Of the issuer of the certificate in `place`; or of another certificate of that one, by somebody who is trusted.
fn missing_words(missing: Option<&AtHand>, place: &Place<'_>) -> String {
    let twin = missing
        .and_then(|item| CertificateFacts::from_der(item.der.as_bytes()).ok())
        .filter(|missing| {
            let judged = place.facts.as_ref();
            judged.is_some_and(|judged| judged.issuer_der != missing.subject_der)
        });
    let what = twin.map_or_else(
        || "It was not sent, but lies".to_owned(),
        |twin| {
            format!(
                "That issuer was not sent and is not trusted. Another certificate of {}, by {}, lies",
                twin.display_name, twin.issuer_display_name
            )
        },
    );
    let place = match missing {
        None => return "It was not sent.".to_owned(),
        Some(item) => match (&item.file, item.side) {
            (Some(address), _) if is_address(address) => {
                return format!("It was not sent. {address} has it, and it completes the path.");
            }
            (Some(file), _) => format!("in {file}"),
            (None, Some(side)) => format!("among what the {} has loaded", side.word()),
            (None, None) => "among the known certificates".to_owned(),
        },
    };
    format!("{what} {place} and completes the path.")
}

pub(super) fn display_name(der: &[u8]) -> String {
    CertificateFacts::from_der(der).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| facts.display_name,
    )
}
