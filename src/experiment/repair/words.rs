//! An edit in words for a beginner, naming files and subjects.

use super::edit::{Edit, Spoken, Swap};
use crate::capture::Side;
use crate::experiment::time::moment_words;
use crate::pki::{CertificateFacts, GeneralName, LoadedCertificate, LoadedKey};
use crate::printable::quoted_value;
use crate::setup::{LabSetup, TlsVersion};

/// One sentence; `setup` is what the edit changes.
pub(super) fn words(edit: &Edit, setup: &LabSetup) -> String {
    match edit {
        Edit::AddToChain { side, certificates } => format!(
            "Let the {} send {} as well, after {}.",
            side.word(),
            list(certificates),
            presented(setup, *side)
        ),
        Edit::ReplaceInChain {
            side,
            certificate,
            instead_of,
        } => format!(
            "Let the {} send {} in place of {}: the same CA, certified again.",
            side.word(),
            name(certificate),
            name(instead_of)
        ),
        Edit::DropFromChain { side, certificate } => {
            format!(
                "Leave {} out of what the {} sends.",
                name(certificate),
                side.word()
            )
        }
        Edit::ReorderChain { side, chain } => format!(
            "Put what the {} sends in order: {}.",
            side.word(),
            chain.iter().map(name).collect::<Vec<_>>().join(", then ")
        ),
        Edit::UseCertificate { side, chain } => format!(
            "Let the {} present {} instead of {}: its key belongs to it.",
            side.word(),
            list(chain),
            presented(setup, *side)
        ),
        Edit::UseKey { side, key } => format!(
            "Let the {} sign with {}: it is the private half of {}.",
            side.word(),
            key_name(key),
            presented(setup, *side)
        ),
        Edit::Swap(what) => swap(*what).to_owned(),
        Edit::SwapSlots(side) => format!(
            "Exchange the {}’s certificate file and its trust file: they may have been mixed up.",
            side.word()
        ),
        Edit::TrustAlso { side, certificate } => {
            format!("Let the {} also trust {}.", side.word(), name(certificate))
        }
        Edit::TrustInstead { side, certificates } => format!(
            "Let the {} trust {} instead of {}.",
            side.word(),
            list(certificates),
            match setup.parties.of(*side).trust.as_slice() {
                [] => "nobody".to_owned(),
                trust => list(trust),
            }
        ),
        Edit::MoveClock(None) => "Let both sides judge at the real time.".to_owned(),
        Edit::MoveClock(Some(unix_s)) => format!(
            "Let both sides judge at {}, when every certificate that is sent is valid.",
            moment_words(*unix_s)
        ),
        Edit::AskFor(wanted) => {
            let asked = quoted_value(&setup.server_name);
            let on = presented(setup, Side::Server);
            match covering_wildcard(setup, wanted).map(|name| quoted_value(&name)) {
                Some(wildcard) => format!(
                    "Let the client ask for a name that the wildcard {wildcard} on {on} covers, for example {}, instead of {asked}.",
                    quoted_value(wanted)
                ),
                None => format!(
                    "Let the client ask for {}, a name on {on}, instead of {asked}.",
                    quoted_value(wanted)
                ),
            }
        }
        Edit::Speak { side, also } => format!("Let the {} {}.", side.word(), speak(also)),
        Edit::MendWire => {
            "Let the wire deliver what was sent: with these certificates the handshake holds.".to_owned()
        }
    }
}

/// The wildcard on the server's certificate that a name is made up from; `None` where the name itself stands there.
fn covering_wildcard(setup: &LabSetup, wanted: &str) -> Option<String> {
    let leaf = setup.chain(Side::Server).first()?;
    let names = CertificateFacts::from_der(&leaf.der).ok()?.subject_alt_names?;
    let has = |text: &str| {
        names
            .iter()
            .any(|name| matches!(name, GeneralName::Dns(dns) if dns == text))
    };
    let (_, domain) = wanted.split_once('.')?;
    let wildcard = format!("*.{domain}");
    (!has(wanted) && has(&wildcard)).then_some(wildcard)
}

fn swap(what: Swap) -> &'static str {
    match what {
        Swap::Identities => {
            "Exchange the two sides’ certificates and keys: the files may have been mixed up."
        }
        Swap::Chains => "Exchange the two sides’ certificates: each then stands beside its own key.",
        Swap::Keys => "Exchange the two sides’ keys: each then stands beside its own certificate.",
        Swap::Trust => "Exchange what the two sides trust: the files may have been mixed up.",
    }
}

fn speak(also: &Spoken) -> String {
    let (what, all, some) = match also {
        Spoken::Versions(versions) => {
            let some: Vec<String> = versions.iter().map(|one| version(*one).to_owned()).collect();
            ("", "both versions", some)
        }
        Spoken::CipherSuites(suites) => ("cipher suite ", "every usual cipher suite", suites.clone()),
        Spoken::Groups(groups) => ("group ", "every usual group", groups.clone()),
        Spoken::Protocols(protocols) => ("protocol ", "no protocol in particular", protocols.clone()),
    };
    if some.is_empty() {
        format!("speak {all}")
    } else {
        format!("also speak {what}{}", join(&some))
    }
}

fn version(version: TlsVersion) -> &'static str {
    match version {
        TlsVersion::Tls12 => "TLS 1.2",
        TlsVersion::Tls13 => "TLS 1.3",
    }
}

/// What to be careful about; `after` is the set-up with the fix.
pub(super) fn caution(edit: &Edit, after: &LabSetup) -> Option<String> {
    let vouches = |side: Side, what: &str| {
        format!(
            "For a test only, unless this CA is meant to vouch for {}s: the {} trusts {what} than before.",
            side.peer().word(),
            side.word()
        )
    };
    match edit {
        Edit::TrustAlso { side, certificate } => {
            let is_root = CertificateFacts::from_der(&certificate.der)
                .is_ok_and(|facts| facts.is_self_issued());
            let no_root = " It is no root: OpenSSL trusts it only with -partial_chain.";
            Some(vouches(*side, "more") + if is_root { "" } else { no_root })
        }
        Edit::TrustInstead { side, certificates } => {
            let what = if certificates.len() > 1 { "other CAs" } else { "another CA" };
            Some(vouches(*side, what))
        }
        Edit::Swap(Swap::Trust) => Some(
            "For a test only, unless each CA is meant to vouch for the other side: what is trusted changes."
                .to_owned(),
        ),
        Edit::MoveClock(Some(_)) => Some(
            "For a test only: it shows that nothing but the dates is wrong. Renew what has expired.".to_owned(),
        ),
        Edit::MendWire => Some(
            "For a test only: it shows that nothing but the wire is wrong. In the field, look for what changes, holds up \
             or answers the bytes."
                .to_owned(),
        ),
        Edit::AskFor(_) => Some(
            "Right only where the client was told a wrong name. Otherwise the server needs a certificate that carries the \
             name."
                .to_owned(),
        ),
        Edit::Speak { also, .. } if also.is_older() => {
            Some("It lets an older version in. The better way is to teach the other side TLS 1.3.".to_owned())
        }
        Edit::UseCertificate { side, .. } | Edit::UseKey { side, .. } => shares_a_key(after).then(|| {
            format!(
                "Then both sides hold one private key: give the {} a key of its own before it goes live.",
                side.word()
            )
        }),
        _ => None,
    }
}

fn shares_a_key(setup: &LabSetup) -> bool {
    let public = |side: Side| setup.key(side).map(|key| &key.key.public_key);
    public(Side::Client).is_some() && public(Side::Client) == public(Side::Server)
}

/// What a side presents, by its leaf.
fn presented(setup: &LabSetup, side: Side) -> String {
    setup
        .chain(side)
        .first()
        .map_or_else(|| "its certificate".to_owned(), name)
}

/// `Edge Issuer (edge.pem)`, `Edge Issuer (certificate 2 of bundle.pem)`, `Edge Issuer`.
pub(super) fn name(certificate: &LoadedCertificate) -> String {
    let subject = CertificateFacts::from_der(&certificate.der).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| quoted_value(&facts.display_name),
    );
    if let (Some(file), Some(within)) = (&certificate.file, &certificate.within) {
        return format!("{subject} ({}, {within})", quoted_value(short(file)));
    }
    match (&certificate.file, certificate.entry) {
        (None, _) => subject,
        (Some(file), 0) => format!("{subject} ({})", quoted_value(short(file))),
        (Some(file), entry) => format!(
            "{subject} (certificate {} of {})",
            entry + 1,
            quoted_value(short(file))
        ),
    }
}

fn key_name(key: &LoadedKey) -> String {
    match &key.file {
        Some(file) => {
            let within = key
                .within
                .as_ref()
                .map_or_else(String::new, |within| format!(", {within}"));
            format!("the key in {}{within}", quoted_value(short(file)))
        }
        None => format!("the other {} key", key.key.kind),
    }
}

/// The last part of a path.
fn short(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A trust store may hold hundreds.
fn list(certificates: &[LoadedCertificate]) -> String {
    const MOST: usize = 3;
    if let Some(file) = certificates.first().and_then(|first| first.file.as_ref())
        && certificates.len() > MOST
        && certificates.iter().all(|one| one.file.as_ref() == Some(file))
    {
        return format!(
            "the {} certificates of {}",
            certificates.len(),
            quoted_value(short(file))
        );
    }
    let mut names: Vec<String> = certificates.iter().take(MOST).map(name).collect();
    if certificates.len() > MOST {
        names.push(format!("{} more", certificates.len() - MOST));
    }
    join(&names)
}

fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::list;
    use crate::pki::{LoadedCertificate, Recipe, mint};

    fn minted(count: usize) -> Vec<LoadedCertificate> {
        let recipes: Vec<Recipe> = (1..=count)
            .map(|number| {
                ron::from_str(&format!(r#"(name: "{number}", subject: "number {number}")"#))
                    .expect("a recipe")
            })
            .collect();
        let minted = mint(&recipes, 1_800_000_000).expect("it mints");
        (1..=count)
            .map(|number| {
                let found = minted.find(&number.to_string()).expect("minted");
                found.certificate.clone()
            })
            .collect()
    }

    #[test]
    fn three_are_named_and_more_are_counted() {
        let mut all = minted(5);
        let told: Vec<String> = (0..=5).map(|count| list(&all[..count])).collect();
        assert_eq!(
            told,
            [
                "",
                "number 1",
                "number 1 and number 2",
                "number 1, number 2 and number 3",
                "number 1, number 2, number 3 and 1 more",
                "number 1, number 2, number 3 and 2 more",
            ]
        );
        // Of one file, the file is named where they are many.
        for one in &mut all {
            one.file = Some("dir/roots.pem".to_owned());
        }
        assert!(list(&all[..3]).starts_with("number 1"), "{}", list(&all[..3]));
        assert_eq!(list(&all[..4]), "the 4 certificates of roots.pem");
        all[3].file = Some("dir/other.pem".to_owned());
        assert!(list(&all).ends_with(" and 2 more"), "{}", list(&all));
    }
}
