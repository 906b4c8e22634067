//! The client's end of a probe.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, Stream};

use super::{Ending, ProbeError, certified, ending_of, provider};
use crate::cancel::Cancel;
use crate::iana;
use crate::net::{self, Connection, Limit, Reach, host_and_port};
use crate::setup::Identity;

/// So much of an answer is kept.
const MOST_ANSWER_BYTES: usize = 16 * 1024;

/// A connection to make.
#[derive(Clone, Debug)]
pub struct Dial {
    /// `HOST:PORT`.
    pub address: String,
    /// The name to ask for.
    pub server_name: String,
    /// What to present; `None` presents nothing.
    pub identity: Option<Identity>,
    /// What to say once the handshake is done; empty says nothing and waits.
    pub request: Vec<u8>,
    /// How long all of it may take.
    pub timeout: Duration,
    /// Ends it early.
    pub cancel: Cancel,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled {
    /// Whether our stack finished the handshake. In TLS 1.3 that says nothing of the server's opinion.
    pub is_connected: bool,
    /// `TLS 1.3`, where it came so far.
    pub version: Option<String>,
    /// Whether the server is known to have finished it too: TLS 1.2 ends so, and in TLS 1.3 a ticket follows what it
    /// took (RFC 8446 §4.6.1).
    pub is_confirmed: bool,
    /// Whether the server asked for a certificate at all.
    pub was_asked: bool,
    /// The first application bytes of the server.
    pub answer: Vec<u8>,
    /// How it ended.
    pub ending: Ending,
}

/// Makes the connection, says the request, and reads until the server has spoken, closed, or waited too long. It reads after
/// every write: a late alert of TLS 1.3 shows only there.
pub fn dial(wanted: &Dial) -> Result<Dialled, ProbeError> {
    let unreachable = |words: String| ProbeError::Unreachable {
        address: wanted.address.clone(),
        words,
    };
    let provider = provider();
    let presents = Arc::new(Presents {
        identity: wanted
            .identity
            .as_ref()
            .map(|identity| certified(identity, &provider))
            .transpose()?,
        was_asked: std::sync::atomic::AtomicBool::new(false),
    });
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ProbeError::Identity {
            words: error.to_string(),
        })?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_client_cert_resolver(Arc::clone(&presents) as Arc<dyn ResolvesClientCert>);
    let name = ServerName::try_from(wanted.server_name.clone())
        .map_err(|_| unreachable(format!("“{}” is no server name", wanted.server_name)))?;
    let (host, port) =
        host_and_port(&wanted.address).ok_or_else(|| unreachable("it is no HOST:PORT".to_owned()))?;
    // The user named the place: any address is meant.
    let limit = Limit::for_the_next(wanted.timeout, &wanted.cancel);
    let mut tcp =
        net::dial(host, port, Reach::Any, &limit).map_err(|error| unreachable(error.to_string()))?;
    let mut tls =
        ClientConnection::new(Arc::new(config), name).map_err(|error| unreachable(error.to_string()))?;
    let (answer, ending) = converse(&mut tls, &mut tcp, wanted);
    Ok(Dialled {
        is_connected: !tls.is_handshaking(),
        version: tls
            .protocol_version()
            .map(|version| iana::version(u16::from(version)).into_owned()),
        is_confirmed: !tls.is_handshaking()
            && (tls.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_2)
                || tls.tls13_tickets_received() > 0),
        was_asked: presents.was_asked.load(std::sync::atomic::Ordering::Relaxed),
        answer,
        ending,
    })
}

fn converse(tls: &mut ClientConnection, tcp: &mut Connection, wanted: &Dial) -> (Vec<u8>, Ending) {
    while tls.is_handshaking() {
        if let Err(error) = tls.complete_io(tcp) {
            return (Vec::new(), ending_of(&error));
        }
    }
    let mut stream = Stream::new(tls, tcp);
    // A write that fails says less than the read after it.
    let _ = stream.write_all(&wanted.request).and_then(|()| stream.flush());
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return (answer, Ending::Closed),
            Ok(count) => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) => return (answer, ending_of(&error)),
        }
        // One answer is enough, and a server that speaks without end is not waited for.
        if answer.len() >= MOST_ANSWER_BYTES || is_whole_head(&answer) {
            return (answer, Ending::Open);
        }
    }
}

/// The head of an HTTP answer, whole: the status is known (RFC 9112 §2.1).
fn is_whole_head(answer: &[u8]) -> bool {
    answer.starts_with(b"HTTP/") && answer.windows(4).any(|four| four == b"\r\n\r\n")
}

/// Presents what it was told to, and remembers that it was asked.
#[derive(Debug)]
struct Presents {
    identity: Option<Arc<CertifiedKey>>,
    was_asked: std::sync::atomic::AtomicBool,
}

impl ResolvesClientCert for Presents {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, std::sync::atomic::Ordering::Relaxed);
        self.identity.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Lets any server pass: the question is what the server makes of us.
#[derive(Debug)]
struct Anybody(Arc<rustls::crypto::CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
