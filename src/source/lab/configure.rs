//! From a set-up to two rustls configurations with witnesses inside.

use std::sync::{Arc, LazyLock};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, Der as PkiDer, ServerName, TrustAnchor};
use rustls::server::{NoClientAuth, danger::ClientCertVerifier};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, SupportedCipherSuite,
    SupportedProtocolVersion,
};

use super::error::LabError;
use super::recorder::Recorder;
use super::witness::{ClientJudge, ExpectedId, LimitedKey, Presents, Secrets, ServerJudge, SideClock};
use crate::capture::{ClientAuth, Policy, Side};
use crate::iana::{self, Table};
use crate::pki::{LoadedCertificate, is_spiffe_id, spiffe_id_fault};
use crate::setup::{LabSetup, Party, TlsVersion};
use crate::source::lists::{client_judge, server_judge};

/// What all names of protocols may take in a hello, in bytes: half of what its extensions may (RFC 8446 §4.1.2), so that the rest
/// has room.
const MOST_PROTOCOL_BYTES: usize = 32 * 1024;

/// What the names of CAs may take in a request for a certificate, in bytes: a list has two bytes for its length (RFC 8446 §4.2.4,
/// RFC 5246 §7.4.4), and shares the message with some hundred bytes of other extensions.
const MOST_AUTHORITY_BYTES: usize = 65_000;

/// Refuses what a request for a certificate cannot hold.
fn nameable(verifier: &dyn ClientCertVerifier) -> Result<(), LabError> {
    let names = verifier.root_hint_subjects();
    let bytes = names.iter().map(|name| name.as_ref().len() + 2).sum();
    if bytes > MOST_AUTHORITY_BYTES {
        return Err(LabError::Authorities {
            count: names.len(),
            bytes,
        });
    }
    Ok(())
}

/// A side's protocols as the hello has them (RFC 7301 §3.1).
fn protocols(side: Side, party: &Party) -> Result<Vec<Vec<u8>>, LabError> {
    let names = &party.policy.alpn;
    let refused = |words| LabError::Protocols { side, words };
    if names.iter().any(|name| name.is_empty() || name.len() > 255) {
        return Err(refused("each has 1 to 255 bytes"));
    }
    if names.iter().map(|name| name.len() + 1).sum::<usize>() > MOST_PROTOCOL_BYTES {
        return Err(refused("together they are longer than 32 KiB"));
    }
    Ok(names.iter().map(|name| name.clone().into_bytes()).collect())
}

/// What the lab pair can speak, for lists of choices. IANA names, in the order of preference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supported {
    /// TLS 1.3's first.
    pub cipher_suites: Vec<String>,
    /// The post-quantum hybrid first.
    pub groups: Vec<String>,
}

/// What the lab pair can speak.
pub fn supported() -> Supported {
    Supported {
        cipher_suites: aws_lc_rs::ALL_CIPHER_SUITES
            .iter()
            .map(|suite| suite_name(*suite))
            .collect(),
        groups: default_groups()
            .iter()
            .map(|group| group_name(*group))
            .chain(extra_groups())
            .collect(),
    }
}

fn extra_groups() -> Vec<String> {
    let defaults: Vec<String> = default_groups().iter().map(|group| group_name(*group)).collect();
    aws_lc_rs::ALL_KX_GROUPS
        .iter()
        .map(|group| group_name(*group))
        .filter(|name| !defaults.contains(name))
        .collect()
}

type Group = &'static dyn rustls::crypto::SupportedKxGroup;

/// rustls's own order of preference with post-quantum first.
fn default_groups() -> &'static [Group] {
    static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
        let mut groups: Vec<Group> = aws_lc_rs::DEFAULT_KX_GROUPS.to_vec();
        groups.sort_by_key(|group| !group_name(*group).contains("MLKEM"));
        groups
    });
    &GROUPS
}

pub(super) fn suite_name(suite: SupportedCipherSuite) -> String {
    iana::name_or_number(Table::CipherSuite, u16::from(suite.suite()))
}

pub(super) fn group_name(group: Group) -> String {
    iana::name_or_number(Table::Group, u16::from(group.name()))
}

fn provider(party: &Party) -> Result<CryptoProvider, LabError> {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites = suites(party)?;
    provider.kx_groups = groups(party)?;
    Ok(provider)
}

fn suites(party: &Party) -> Result<Vec<SupportedCipherSuite>, LabError> {
    if party.policy.cipher_suites.is_empty() {
        return Ok(aws_lc_rs::DEFAULT_CIPHER_SUITES.to_vec());
    }
    pick(
        &party.policy.cipher_suites,
        aws_lc_rs::ALL_CIPHER_SUITES,
        |suite| suite_name(*suite),
        "cipher suite",
    )
}

fn groups(party: &Party) -> Result<Vec<Group>, LabError> {
    if party.policy.groups.is_empty() {
        return Ok(default_groups().to_vec());
    }
    pick(
        &party.policy.groups,
        aws_lc_rs::ALL_KX_GROUPS,
        |group| group_name(*group),
        "group",
    )
}

fn pick<T: Copy>(
    wanted: &[String],
    all: &[T],
    name: impl Fn(&T) -> String,
    what: &'static str,
) -> Result<Vec<T>, LabError> {
    wanted
        .iter()
        .map(|asked| {
            all.iter()
                .find(|item| name(item).eq_ignore_ascii_case(asked))
                .copied()
                .ok_or_else(|| LabError::Unknown {
                    what,
                    name: asked.clone(),
                    known: all.iter().map(&name).collect(),
                })
        })
        .collect()
}

fn versions(party: &Party) -> Vec<&'static SupportedProtocolVersion> {
    let wanted = |version| party.policy.versions.is_empty() || party.policy.versions.contains(&version);
    let mut versions: Vec<&'static SupportedProtocolVersion> = Vec::new();
    if wanted(TlsVersion::Tls13) {
        versions.push(&rustls::version::TLS13);
    }
    if wanted(TlsVersion::Tls12) {
        versions.push(&rustls::version::TLS12);
    }
    versions
}

/// Of the policy, the part by which a server chooses its certificate.
fn served(party: &Party) -> Policy {
    Policy {
        server_names: party.policy.limits.server_names.clone(),
        ..Policy::default()
    }
}

/// The policy in force, as evidence.
pub(super) fn policy(party: &Party, client_auth: Option<ClientAuth>) -> Result<Policy, LabError> {
    let versions = versions(party);
    let speaks = |suite: &SupportedCipherSuite| {
        versions.iter().any(|version| {
            std::ptr::eq(*version, suite.version()) || version.version == suite.version().version
        })
    };
    Ok(Policy {
        versions: versions
            .iter()
            .map(|version| iana::version(u16::from(version.version)).into_owned())
            .collect(),
        cipher_suites: suites(party)?
            .iter()
            .filter(|suite| speaks(suite))
            .map(|suite| suite_name(*suite))
            .collect(),
        groups: groups(party)?.iter().map(|group| group_name(*group)).collect(),
        alpn: party.policy.alpn.clone(),
        client_auth,
        verify_schemes: party.policy.limits.verify_schemes.clone(),
        sign_schemes: party.policy.limits.sign_schemes.clone(),
        server_names: party.policy.limits.server_names.clone(),
    })
}

/// The trust store; one that holds nothing usable gets a stand-in that no certificate can match, because the
/// library will not run with an empty one, and “trusts nobody” is a fault worth showing.
pub(crate) fn root_store<'a>(roots: impl Iterator<Item = &'a [u8]>) -> (RootCertStore, bool) {
    let mut store = RootCertStore::empty();
    for root in roots {
        // A root that cannot be read is judged by the checks; the others still count.
        let _ = store.add(CertificateDer::from(root.to_vec()));
    }
    let is_empty = store.is_empty();
    if is_empty {
        store.roots.push(TrustAnchor {
            subject: PkiDer::from_slice(b"nobody"),
            subject_public_key_info: PkiDer::from_slice(b""),
            name_constraints: None,
        });
    }
    (store, is_empty)
}

fn trust_bytes(party: &Party) -> impl Iterator<Item = &[u8]> {
    party.trust.iter().map(|certificate| certificate.der.as_bytes())
}

fn identity(
    party: &Party,
    side: Side,
    provider: &CryptoProvider,
) -> Result<Option<Arc<CertifiedKey>>, LabError> {
    let Some(identity) = &party.identity else {
        return Ok(None);
    };
    let Some(loaded) = &identity.key else {
        let name = identity
            .chain
            .first()
            .map_or_else(|| "(none)".to_owned(), certificate_name);
        return Err(LabError::NoKey { side, name });
    };
    let key = provider
        .key_provider
        .load_private_key(loaded.key.der.clone_key())
        .map_err(|error| LabError::UnusableKey {
            side,
            kind: loaded.key.kind.to_string(),
            words: error.to_string(),
        })?;
    let chain = identity
        .chain
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der.to_vec()))
        .collect();
    let key = if party.policy.limits.sign_schemes.is_empty() {
        key
    } else {
        Arc::new(LimitedKey {
            inner: key,
            schemes: party.policy.limits.sign_schemes.clone(),
        })
    };
    // CertifiedKey::new does not ask whether key and certificate match: the lab presents what it is told to.
    Ok(Some(Arc::new(CertifiedKey::new(chain, key))))
}

/// The SPIFFE ID among what a side may expect, once it is known to be one.
fn expected_id(name: Option<&String>) -> Result<Option<String>, LabError> {
    let Some(id) = name.filter(|name| is_spiffe_id(name)) else {
        return Ok(None);
    };
    match spiffe_id_fault(id) {
        Some(fault) => Err(LabError::SpiffeId {
            id: id.clone(),
            fault,
        }),
        None => Ok(Some(id.clone())),
    }
}

fn certificate_name(certificate: &LoadedCertificate) -> String {
    certificate.file.clone().unwrap_or_else(|| {
        crate::pki::CertificateFacts::from_der(&certificate.der)
            .map_or_else(|_| "(unreadable)".to_owned(), |facts| facts.display_name)
    })
}

fn refused(side: Side) -> impl Fn(rustls::Error) -> LabError {
    move |error| LabError::Refused {
        side,
        words: error.to_string(),
    }
}

/// The client's end.
pub(in crate::source) fn client(setup: &LabSetup, recorder: &Recorder) -> Result<ClientConnection, LabError> {
    let party = &setup.parties.client;
    let side = Side::Client;
    let provider = Arc::new(provider(party)?);
    let roots = Arc::new(root_store(trust_bytes(party)).0);
    let spiffe = expected_id(Some(&setup.server_name))?.map(|id| ExpectedId {
        id,
        roots: Arc::clone(&roots),
        provider: Arc::clone(&provider),
        revocation: party.policy.revocation.clone(),
    });
    let (judge, refusal) =
        server_judge(&roots, &provider, &party.policy.revocation).map_err(|error| LabError::Refused {
            side,
            words: error.to_string(),
        })?;
    let identity = identity(party, side, &provider)?;
    let asks_for_host = spiffe.is_none();
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(clock(setup, party)))
        .with_protocol_versions(&versions(party))
        .map_err(refused(side))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(ServerJudge {
            inner: judge,
            schemes: party.policy.limits.verify_schemes.clone(),
            spiffe,
            recorder: recorder.clone(),
            refusal,
        }))
        .with_client_cert_resolver(Arc::new(Presents {
            side,
            identity,
            policy: served(party),
            recorder: recorder.clone(),
        }));
    config.enable_sni = asks_for_host;
    config.alpn_protocols = protocols(side, party)?;
    config.key_log = Arc::new(Secrets {
        side,
        recorder: recorder.clone(),
    });
    // Whoever expects a SPIFFE ID asks for no host: the library wants a name all the same, and sends none.
    let host = if asks_for_host {
        setup.server_name.as_str()
    } else {
        "spiffe.invalid"
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|_| LabError::ServerName {
        name: setup.server_name.clone(),
    })?;
    ClientConnection::new(Arc::new(config), name).map_err(refused(side))
}

/// The server's end.
pub(in crate::source) fn server(setup: &LabSetup, recorder: &Recorder) -> Result<ServerConnection, LabError> {
    let party = &setup.parties.server;
    let side = Side::Server;
    let provider = Arc::new(provider(party)?);
    let verifier: Arc<dyn ClientCertVerifier> = if setup.client_auth == ClientAuth::None {
        Arc::new(NoClientAuth)
    } else {
        let (roots, is_store_empty) = root_store(trust_bytes(party));
        let is_optional = setup.client_auth == ClientAuth::Optional;
        let (inner, refusal) =
            client_judge(&Arc::new(roots), &provider, &party.policy.revocation, is_optional).map_err(
                |error| LabError::Refused {
                    side,
                    words: error.to_string(),
                },
            )?;
        let judge = ClientJudge {
            inner,
            schemes: party.policy.limits.verify_schemes.clone(),
            spiffe: expected_id(party.policy.limits.expected_peer.as_ref())?,
            recorder: recorder.clone(),
            is_store_empty,
            refusal,
        };
        nameable(&judge)?;
        Arc::new(judge)
    };
    let identity = identity(party, side, &provider)?;
    let mut config = ServerConfig::builder_with_details(provider, Arc::new(clock(setup, party)))
        .with_protocol_versions(&versions(party))
        .map_err(refused(side))?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(Presents {
            side,
            identity,
            policy: served(party),
            recorder: recorder.clone(),
        }));
    config.alpn_protocols = protocols(side, party)?;
    config.key_log = Arc::new(Secrets {
        side,
        recorder: recorder.clone(),
    });
    ServerConnection::new(Arc::new(config)).map_err(refused(side))
}

fn clock(setup: &LabSetup, party: &Party) -> SideClock {
    SideClock {
        set_unix_s: party.policy.clock_unix_s,
        wall: setup.wall_clock.clone(),
    }
}
