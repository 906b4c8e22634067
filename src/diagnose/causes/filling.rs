//! What fills the words of a certificate's causes: subjects, dates, and the user's own file names.

use super::Fill;
use super::grounds::{Grounds, Place};
use crate::capture::{AtHand, Side, Slot};
use crate::diagnose::check::moment;
use crate::diagnose::{ChainView, MatrixRow, Presence, Role};
use crate::pki::{CertificateFacts, GeneralName, is_address, shell_quote};

/// A file name for what was never in a file, from what it is called: `mesh-root-2026.pem`.
fn stand_in(name: &str) -> String {
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

/// The file that holds a certificate, or a name for one that was never in a file.
fn file_name(at_hand: Option<&AtHand>, stand_in: String) -> String {
    at_hand.and_then(|item| item.file.clone()).unwrap_or(stand_in)
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
    let trust_file = grounds
        .at_hand
        .iter()
        .find(|item| item.side == Some(judge) && item.slot == Slot::Trust)
        .and_then(|item| item.file.clone());
    let drawn = || {
        view.links
            .iter()
            .find(|link| link.presence == Presence::AtHand)
            .and_then(|link| link.certificate.as_ref())
    };
    let missing = view
        .completes
        .as_ref()
        .or_else(drawn)
        .and_then(|certificate| grounds.lying_at(&certificate.sha256, sender));
    let what = match row.role {
        Role::Leaf => "certificate",
        Role::Intermediate => "intermediate certificate",
        Role::Root => "root certificate",
    };
    let issuer_stand_in = match (missing, &place.facts) {
        (Some(item), _) => stand_in(&display_name(item.der.as_bytes())),
        (None, Some(facts)) => stand_in(&facts.issuer_display_name),
        (None, None) => "issuer.pem".to_owned(),
    };
    let take_issuer = missing.map_or_else(String::new, |item| take_out(item, grounds, &issuer_stand_in));
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
            "trust_file",
            trust_file.unwrap_or_else(|| {
                store
                    .first()
                    .map_or_else(|| format!("{}-trust.pem", judge.word()), |name| stand_in(name))
            }),
        )
        .with(
            "file",
            file_name(
                place.at_hand,
                place.facts.as_ref().map_or_else(
                    || format!("{}.pem", sender.word()),
                    |facts| stand_in(&facts.display_name),
                ),
            ),
        )
        .with(
            "issuer_file",
            if take_issuer.is_empty() {
                file_name(missing, issuer_stand_in)
            } else {
                issuer_stand_in
            },
        )
        .with_command("take_issuer", take_issuer)
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
        .with("missing", missing_words(missing, place))
        .with("leaf_file", leaf_file(grounds));
    let end = view
        .links
        .iter()
        .rev()
        .find(|link| link.presence == Presence::Sent);
    fill = fill.with(
        "chain_end",
        end.map_or_else(|| "nothing".to_owned(), |link| link.name.clone()),
    );
    if let Some(facts) = &place.facts {
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

fn display_name(der: &[u8]) -> String {
    CertificateFacts::from_der(der).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| facts.display_name,
    )
}

/// The command that fetches a certificate to a file of its own, or takes it out of a PEM file that holds several; empty
/// where it has its own file.
fn take_out(item: &AtHand, grounds: &Grounds<'_>, to: &str) -> String {
    let Some(file) = &item.file else {
        return String::new();
    };
    if is_address(file) {
        let form = if item.line.is_none() { "DER" } else { "PEM" };
        return format!(
            "curl -sSL {} | openssl x509 -inform {form} -out {}",
            shell_quote(file),
            shell_quote(to)
        );
    }
    let is_alone = !grounds
        .at_hand
        .iter()
        .any(|other| other.file.as_ref() == Some(file) && other.entry != item.entry);
    if is_alone || item.line.is_none() {
        return String::new();
    }
    format!(
        "awk '/-BEGIN CERTIFICATE-/{{n++}} n=={}' {} > {}",
        item.entry + 1,
        shell_quote(file),
        shell_quote(to)
    )
}

/// The file of the certificate that the sender presents as its own.
fn leaf_file(grounds: &Grounds<'_>) -> String {
    let sender = grounds.judge.peer();
    let Some(leaf) = grounds.chain.first() else {
        return format!("{}.pem", sender.word());
    };
    let at_hand = grounds
        .at_hand
        .iter()
        .find(|item| item.der == *leaf && item.side == Some(sender) && item.slot == Slot::Certificate);
    file_name(at_hand, stand_in(&display_name(leaf.as_bytes())))
}
