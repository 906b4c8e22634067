//! From flags and files to a lab run. What is left out comes from the built-in identities, and is said so.

use std::path::{Path, PathBuf};

use super::input::{Files, certificates, unusable, what_is_in};
use super::lab_flags::LabFlags;
use super::outcome::Unusable;
use crate::capture::{PerSide, Side};
use crate::diagnose::Cause;
use crate::pki::{CertificateFacts, GeneralName, LoadedCertificate, LoadedKey, Passphrases, spiffe_id_fault};
use crate::printable::{quoted_path, quoted_value};
use crate::setup::{Identity, LabSetup, Party, TlsVersion};

/// A lab run, ready, with what was taken for granted.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The run.
    pub setup: LabSetup,
    /// One sentence for each thing that was not given and had to be filled in.
    pub notes: Vec<String>,
    /// What was not given and so is built in: `certificate`, `key`, `trust store`.
    pub built_in: PerSide<Vec<&'static str>>,
    /// Why each key that was left aside cannot be signed with.
    pub(super) left_aside: Vec<String>,
    /// What opened its files: they are read again before each run in the window.
    pub passphrases: Passphrases,
}

impl Prepared {
    /// Whether anything is.
    pub(super) fn has_built_in(&self) -> bool {
        Side::BOTH.iter().any(|side| !self.built_in.of(*side).is_empty())
    }

    /// Says in every cause which part of it the user never gave: a built-in trust store that refuses the user's
    /// certificate is no fault of the certificate.
    pub fn name_built_in(&self, causes: &mut [Cause]) {
        for cause in causes {
            let Some(judge) = cause.side else { continue };
            for (side, part) in [(judge.peer(), "certificate"), (judge, "trust store")] {
                if self.built_in.of(side).contains(&part) {
                    let words = format!(" The {}'s {part} is built in: you gave none.", side.word());
                    cause.detail.push_str(&words);
                }
            }
        }
    }
}

/// What is to be done with the files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A handshake, which a certificate without its key has none of.
    Handshake,
    /// Certificates are judged, and a handshake is run where there are keys for it.
    Judging,
}

/// Lays the flags over `base` (the built-in identities, or a scenario), reading the files they name.
pub fn prepare(flags: &LabFlags, base: LabSetup) -> Result<Prepared, Unusable> {
    prepare_for(Use::Handshake, flags, base)
}

/// The same for a question that certificates can answer without a key. A key that nothing here signs with is left aside.
pub(super) fn prepare_to_judge(flags: &LabFlags, base: LabSetup) -> Result<Prepared, Unusable> {
    prepare_for(Use::Judging, flags, base)
}

fn prepare_for(wanted: Use, flags: &LabFlags, base: LabSetup) -> Result<Prepared, Unusable> {
    let mut setup = base;
    let mut files = Files::new(&flags.passphrase)?;
    let mut notes = Vec::new();
    let mut all_built_in = PerSide::default();
    for side in Side::BOTH {
        let given = Given::of(flags, side);
        let party = setup.parties.of_mut(side);
        let built_in = apply(&mut files, &given, flags, side, party, wanted)?;
        flags
            .revocation
            .lay_over(&mut files, side, &mut party.policy.revocation)?;
        // A scenario was asked for as it is.
        if flags.scenario.is_some() || built_in.is_empty() {
            continue;
        }
        notes.push(format!(
            "The {}'s {} {} built in: you gave none.",
            side.word(),
            join(&built_in),
            if built_in.len() == 1 { "is" } else { "are" }
        ));
        *all_built_in.of_mut(side) = built_in;
    }
    if let Some(name) = &flags.server_name {
        setup.server_name.clone_from(name);
    } else if flags.server_cert.as_deref().is_some_and(|path| !is_none(path)) {
        notes.push(name_from_certificate(&mut setup));
    }
    if let Some(id) = &flags.client_name {
        if let Some(fault) = spiffe_id_fault(id) {
            return Err(Unusable(format!(
                "--client-name {}: {fault}; a server asks a client for a SPIFFE ID, such as spiffe://example.org/ns/shop/sa/orders",
                quoted_value(id)
            )));
        }
        setup.parties.server.policy.limits.expected_peer = Some(id.clone());
    }
    if let Some(client_auth) = flags.client_auth {
        setup.client_auth = client_auth;
    }
    setup.known.extend(certificates(
        &mut files,
        &flags.known,
        "that --known is to look among",
    )?);
    notes.extend(files.take_notes());
    notes.extend(flags.fetch.lay_over(&mut setup)?);
    if let Some(flag) = flags.revocation.policy.given()
        && Side::BOTH
            .iter()
            .all(|side| setup.parties.of(*side).policy.revocation.lists.is_empty())
    {
        return Err(Unusable(format!(
            "{flag}: neither side has a revocation list to apply it to; give one with --crl FILE"
        )));
    }
    if let Some(timeout_ms) = flags.timeout_ms {
        setup.timeout_ms = timeout_ms;
    }
    if let Some(wish) = flags.fault {
        setup.fault = Some(wish.resolve(&common_versions(&setup)));
    }
    Ok(Prepared {
        setup,
        notes,
        built_in: all_built_in,
        left_aside: files.take_left_aside(),
        passphrases: files.into_passphrases(),
    })
}

/// The flags of one side.
struct Given<'a> {
    certificate: Option<&'a Path>,
    key: Option<&'a Path>,
    trust: &'a [PathBuf],
    versions: &'a [TlsVersion],
    cipher_suites: &'a [String],
    groups: &'a [String],
    alpn: &'a [String],
    clock_unix_s: Option<i64>,
}

impl<'a> Given<'a> {
    fn of(flags: &'a LabFlags, side: Side) -> Self {
        match side {
            Side::Client => Self {
                certificate: flags.client_cert.as_deref(),
                key: flags.client_key.as_deref(),
                trust: &flags.client_trust,
                versions: &flags.client_tls,
                cipher_suites: &flags.client_cipher,
                groups: &flags.client_group,
                alpn: &flags.client_alpn,
                clock_unix_s: flags.client_at,
            },
            Side::Server => Self {
                certificate: flags.server_cert.as_deref(),
                key: flags.server_key.as_deref(),
                trust: &flags.server_trust,
                versions: &flags.server_tls,
                cipher_suites: &flags.server_cipher,
                groups: &flags.server_group,
                alpn: &flags.server_alpn,
                clock_unix_s: flags.server_at,
            },
        }
    }
}

/// Lays one side's flags over its party; returns what stayed built in.
fn apply(
    files: &mut Files,
    given: &Given<'_>,
    flags: &LabFlags,
    side: Side,
    party: &mut Party,
    wanted: Use,
) -> Result<Vec<&'static str>, Unusable> {
    let mut built_in = Vec::new();
    match (given.certificate, given.key) {
        (Some(path), key) if is_none(path) => {
            if let Some(key) = key {
                return Err(Unusable(format!(
                    "{}: there is no use for a key with --{}-cert none; leave one of the two out",
                    quoted_path(key),
                    side.word()
                )));
            }
            party.identity = None;
            party.label = Some("no certificate".to_owned());
        }
        (None, None) => built_in.extend(["certificate", "key"]),
        (certificate, key) => {
            let (identity, is_certificate_built_in) =
                identity(files, certificate, key, party.identity.take(), side, wanted)?;
            if is_certificate_built_in {
                built_in.push("certificate");
            } else {
                party.label = certificate.or(key).and_then(label_of);
            }
            party.identity = Some(identity);
        }
    }
    if given.trust.is_empty() {
        built_in.push("trust store");
    } else {
        party.trust = certificates(files, given.trust, "to trust")?;
    }
    over(&mut party.policy.versions, given.versions, &flags.tls);
    over(
        &mut party.policy.cipher_suites,
        given.cipher_suites,
        &flags.cipher,
    );
    over(&mut party.policy.groups, given.groups, &flags.group);
    over(&mut party.policy.alpn, given.alpn, &flags.alpn);
    // An empty protocol is how a side is told to have none.
    party.policy.alpn.retain(|protocol| !protocol.is_empty());
    if let Some(clock) = given.clock_unix_s.or(flags.at) {
        party.policy.clock_unix_s = Some(clock);
    }
    Ok(built_in)
}

/// A side's own list, else the one for both, else what was there.
fn over<T: Clone>(list: &mut Vec<T>, own: &[T], both: &[T]) {
    if let Some(given) = [own, both].into_iter().find(|given| !given.is_empty()) {
        *list = given.to_vec();
    }
}

fn is_none(path: &Path) -> bool {
    path.as_os_str() == "none"
}

/// The identity in a certificate file and a key file, either of which may hold both; and whether its certificate is the
/// built-in one.
fn identity(
    files: &mut Files,
    certificate: Option<&Path>,
    key: Option<&Path>,
    built_in: Option<Identity>,
    side: Side,
    wanted: Use,
) -> Result<(Identity, bool), Unusable> {
    let in_certificate_file = certificate
        .map(|path| files.bundle(path))
        .transpose()?
        .unwrap_or_default();
    let in_key_file = match key.map(|path| files.key_bundle(path)).transpose()? {
        Some(Err(unusable)) if wanted == Use::Handshake || certificate.is_none() => return Err(unusable),
        Some(Err(unusable)) => {
            files.leave_aside(unusable);
            None
        }
        Some(Ok(found)) => Some(found),
        None => None,
    };
    let unusable_key = [in_key_file.as_ref(), Some(&in_certificate_file)]
        .into_iter()
        .flatten()
        .find_map(|found| found.unusable_key.as_deref())
        .map(unusable);
    if let (Some(path), Some(found)) = (key, &in_key_file)
        && found.keys.is_empty()
        && found.unusable_key.is_none()
    {
        return Err(Unusable(format!(
            "{}: there is {} here but no private key; give the key's file as --{}-key",
            quoted_path(path),
            what_is_in(found),
            side.word()
        )));
    }
    if let Some(path) = certificate
        && in_certificate_file.certificates.is_empty()
    {
        return Err(Unusable(format!(
            "{}: there is {} here but no certificate; give the certificate's file as --{}-cert",
            quoted_path(path),
            what_is_in(&in_certificate_file),
            side.word()
        )));
    }
    let mut chain = in_certificate_file.presented();
    let keys_beside = in_certificate_file.keys;
    let in_key_file = in_key_file.unwrap_or_default();
    let chain_beside = in_key_file.presented();
    let keys = in_key_file.keys;
    let mut is_certificate_built_in = false;
    if chain.is_empty() {
        chain = chain_beside;
    }
    if chain.is_empty() {
        is_certificate_built_in = true;
        chain = built_in.map(|identity| identity.chain).unwrap_or_default();
    }
    let candidates = if keys.is_empty() { keys_beside } else { keys };
    let key = fitting(candidates, chain.first());
    if key.is_none()
        && let Some(unusable) = unusable_key
    {
        match wanted {
            Use::Handshake => return Err(unusable),
            Use::Judging => files.leave_aside(unusable),
        }
    }
    if key.is_none() && wanted == Use::Handshake {
        let place = certificate.map_or_else(String::new, quoted_path);
        return Err(Unusable(format!(
            "{place}: a handshake needs the private key that belongs to this certificate; give it as --{}-key FILE",
            side.word()
        )));
    }
    Ok((Identity { chain, key }, is_certificate_built_in))
}

/// The key that fits the leaf, else the first: a key that does not fit is worth running too.
fn fitting(keys: Vec<LoadedKey>, leaf: Option<&LoadedCertificate>) -> Option<LoadedKey> {
    let spki = leaf
        .and_then(|leaf| CertificateFacts::from_der(&leaf.der).ok())
        .map(|facts| facts.spki);
    let at = keys
        .iter()
        .position(|key| Some(&key.key.public_key) == spki.as_ref())
        .unwrap_or(0);
    keys.into_iter().nth(at)
}

/// `orders` for `certs/orders.pem`.
fn label_of(path: &Path) -> Option<String> {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned())
}

/// Asks for the server by the first DNS or IP name in its certificate, wherever in the file the leaf stands; says so.
fn name_from_certificate(setup: &mut LabSetup) -> String {
    let chain: Vec<CertificateFacts> = setup
        .parties
        .server
        .identity
        .iter()
        .flat_map(|identity| &identity.chain)
        .filter_map(|one| CertificateFacts::from_der(&one.der).ok())
        .collect();
    let usable = |facts: &CertificateFacts| {
        let names = facts.subject_alt_names.as_deref().unwrap_or_default();
        names.iter().find_map(|name| match name {
            GeneralName::Dns(name) => Some(askable(name)),
            GeneralName::Ip(address) => Some(address.to_string()),
            _ => None,
        })
    };
    // A CA only where there is no leaf: it may be all that the server has.
    let leaves = chain.iter().filter(|facts| facts.is_ca != Some(true));
    let name = leaves.chain(chain.first()).find_map(usable);
    match name {
        Some(name) => {
            let note = format!(
                "The client asks for {name}, the first name in the server's certificate: no --server-name was given."
            );
            setup.server_name = name;
            note
        }
        None => format!(
            "The client asks for {}, a built-in name: no --server-name was given, and the server's certificate has no \
             DNS name or IP address.",
            setup.server_name
        ),
    }
}

/// A host that a wildcard covers; any other name as it is.
fn askable(name: &str) -> String {
    name.strip_prefix("*.")
        .map_or_else(|| name.to_owned(), |domain| format!("host.{domain}"))
}

/// The versions that both sides are willing to speak: where a record stands depends on it.
fn common_versions(setup: &LabSetup) -> Vec<TlsVersion> {
    [TlsVersion::Tls12, TlsVersion::Tls13]
        .into_iter()
        .filter(|version| {
            Side::BOTH.into_iter().all(|side| {
                let versions = &setup.parties.of(side).policy.versions;
                versions.is_empty() || versions.contains(version)
            })
        })
        .collect()
}

/// `certificate, key and trust store`.
fn join(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests;
