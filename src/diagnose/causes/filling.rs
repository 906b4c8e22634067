//! What fills the words of a certificate's causes: subjects, dates, and the user's own file names.

use super::called::display_name;
use super::files::{self, missing};
use super::grounds::{Grounds, Place};
use super::naming::{missing_words, words};
use crate::capture::{Der, Side};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::check::moment;
use crate::diagnose::check::oid::SUBJECT_ALT_NAME;
use crate::diagnose::fill::{Fill, Trait};
use crate::diagnose::{CauseId, ChainView, CheckKind, MatrixRow, Presence, Role};
use crate::pki::{
    CertificateFacts, GeneralName, KeptExtension, KeyKind, KeyUsage, Purpose, is_critical, kept_extensions,
    names_without_words, openssl_subject, subject_value,
};
use crate::printable::quoted_value;

/// What fills the braces of a cause's words.
pub(super) fn fill(row: &MatrixRow, view: &ChainView, grounds: &Grounds<'_>, place: &Place<'_>) -> Fill {
    let judge = row.side;
    let sender = judge.peer();
    let trust = grounds.trust;
    let roots = trust.map(|trust| trust.roots.as_slice()).unwrap_or_default();
    let store = few(roots, display_name);
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
                store
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
    if let Some(facts) = place.facts().filter(|_| row.role != Role::Leaf) {
        fill = fill.with("which", format!("{what} {}", quoted_value(&facts.display_name)));
    }
    if let Some(facts) = place.facts() {
        fill = of_the_ca(fill, facts, place.der(), row);
        let leaf = grounds.leaf().unwrap_or(facts);
        let der = grounds
            .chain
            .iter()
            .find(|der| Certificate::read(der).facts() == Some(leaf))
            .or(place.der());
        fill = names(fill, leaf, der, row);
        if row.cause == Some(CauseId::LeafIsCa) && facts.subject_alt_names.is_none() {
            let expected = trust.and_then(|trust| trust.expected_name.as_deref());
            fill = of_one_below(fill, expected.unwrap_or("NAME"));
        }
        let presented = few(
            facts.subject_alt_names.as_deref().unwrap_or_default(),
            GeneralName::to_string,
        );
        fill = fill
            .with("subject", facts.display_name.clone())
            .with("name", facts.display_name.clone())
            .with("issuer", facts.issuer_display_name.clone())
            .with("issuer_is", issuer_is(facts, grounds))
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

/// Whether an issuer's certificate was sent, in words: where it was, it led nowhere. One that is trusted under that name is the end
/// of a path, whatever then is amiss with it.
fn issuer_is(facts: &CertificateFacts, grounds: &Grounds<'_>) -> &'static str {
    let is_it = |der: &Der| {
        Certificate::read(der)
            .facts()
            .is_some_and(|one| one.subject_der == facts.issuer_der)
    };
    if grounds.chain.iter().any(is_it) {
        "which was sent, and leads to nothing that is trusted"
    } else {
        "which was neither sent nor trusted"
    }
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
        .with("subj", format!("/CN={}", subject_value(name)))
        .with_names(vec![san])
        .with("usage", "critical,digitalSignature")
}

fn needed(row: &MatrixRow) -> Purpose {
    if row.side == Side::Client {
        Purpose::ServerAuth
    } else {
        Purpose::ClientAuth
    }
}

/// What a CA's certificate that is issued again is to say as the old one did.
fn of_the_ca(mut fill: Fill, facts: &CertificateFacts, der: Option<&Der>, row: &MatrixRow) -> Fill {
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
    if let Some(der) = der {
        let mut usage = facts.key_usage.unwrap_or_default();
        usage.key_cert_sign = true;
        usage.crl_sign = true;
        fill = fill.with("ca_usage", format!("critical,{}", usage.words().join(",")));
        fill.ca_kept = kept_extensions(der.as_bytes());
        if facts.subject_alt_names.is_some() {
            fill.ca_kept.extend(alternative_names(der));
        }
    }
    without(fill, row)
}

/// Without the extensions of a CA's that are what is amiss: then OpenSSL does not copy them all.
fn without(mut fill: Fill, row: &MatrixRow) -> Fill {
    const AMISS: [(&str, &str); 2] = [
        ("name-constraints-empty", "2.5.29.30="),
        ("explicit-policy-missing", "2.5.29.36="),
    ];
    for (rule, extension) in AMISS {
        if !row.rules.contains(&rule) {
            continue;
        }
        fill = fill.with_command("copy", "");
        for one in &mut fill.ca_kept {
            one.line = one.line.take().filter(|line| !line.starts_with(extension));
        }
    }
    fill
}

/// subjectAltName as it stands, for a CA's certificate, whose names are not stated anew.
fn alternative_names(der: &Der) -> Option<KeptExtension> {
    let read = Certificate::read(der);
    let (is_critical, value) = read.extension(SUBJECT_ALT_NAME)?;
    let critical = if is_critical { "critical," } else { "" };
    Some(KeptExtension {
        words: "subjectAltName".to_owned(),
        line: Some(format!("2.5.29.17={critical}DER:{}", hex::encode_upper(value))),
        is_critical,
        is_of_issuer: false,
        netscape_type: None,
    })
}

/// keyUsage, names without words and every other extension as they were.
fn as_before(mut fill: Fill, facts: &CertificateFacts, der: &Der, row: &MatrixRow) -> Fill {
    let asked_for = |mut usage: KeyUsage| {
        if row.demand.is_some() && row.check == CheckKind::KeyUsage {
            match facts.key {
                KeyKind::Rsa { .. } => usage.key_encipherment = true,
                _ => usage.key_agreement = true,
            }
        }
        usage
    };
    if row.demand.is_some() && facts.key_usage.is_none() {
        let usage = asked_for(KeyUsage {
            digital_signature: true,
            ..KeyUsage::default()
        });
        fill = fill.with("usage", format!("critical,{}", usage.words().join(",")));
    }
    if let Some(mut usage) = facts.key_usage.map(asked_for) {
        usage.digital_signature = true;
        // What is issued is no CA's.
        usage.key_cert_sign = false;
        usage.crl_sign = false;
        let critical = if is_critical(der.as_bytes(), "2.5.29.15") == Some(false) {
            ""
        } else {
            "critical,"
        };
        fill = fill.with("usage", format!("{critical}{}", usage.words().join(",")));
    }
    fill.names_in_der = names_without_words(der.as_bytes());
    fill.kept = kept_extensions(der.as_bytes());
    // A second statement of purposes goes where it is what is amiss, or would be next.
    let wanted = if row.side == Side::Client { 0x40 } else { 0x80 };
    let is_amiss = |bits: u8| row.cause == Some(CauseId::WrongPurpose) || bits & wanted == 0;
    for one in &mut fill.kept {
        if one.netscape_type.is_some_and(is_amiss) {
            one.line = None;
        }
    }
    fill
}

/// What a certificate that is issued again is to say as the old one did: its subject, all its names, its purposes.
fn names(fill: Fill, facts: &CertificateFacts, der: Option<&Der>, row: &MatrixRow) -> Fill {
    let needed = needed(row);
    // An empty name, and one with a NUL, no command can write; these two addresses mean the subject's own (x509v3_config(5)).
    let can_be_written = |text: &str| !text.is_empty() && !text.contains('\0');
    // As they are: what is shown of a name is written out, and would be another name.
    let written = |name: &GeneralName| match name {
        GeneralName::Ip(address) => Some(format!("IP:{address}")),
        GeneralName::Dns(text) if can_be_written(text) => Some(format!("DNS:{text}")),
        GeneralName::Uri(text) if can_be_written(text) => Some(format!("URI:{text}")),
        GeneralName::Email(text) if can_be_written(text) && !matches!(text.as_str(), "copy" | "move") => {
            Some(format!("email:{text}"))
        }
        _ => None,
    };
    let all = facts.subject_alt_names.as_deref().unwrap_or_default();
    let sans: Vec<String> = all.iter().filter_map(written).collect();
    let mut fill = fill.with_names(sans);
    if let Some(purposes) = &facts.purposes {
        let mut purposes = purposes.clone();
        if !purposes.contains(&needed) {
            purposes.push(needed);
        }
        fill = fill.with("purposes", words(&purposes));
    }
    if let Some(der) = der {
        fill = as_before(fill, facts, der, row);
    }
    if let Some(subject) = openssl_subject(&facts.subject_der) {
        fill = fill.with("subj", subject);
    }
    fill
}

/// Names in a row; of very many, the first few.
fn few<T>(all: &[T], name: impl Fn(&T) -> String) -> String {
    const MOST: usize = 12;
    let mut words: Vec<String> = all
        .iter()
        .take(MOST)
        .map(|one| quoted_value(&name(one)))
        .collect();
    if all.len() > MOST {
        words.push(format!("and {} more", all.len() - MOST));
    }
    words.join(", ")
}
