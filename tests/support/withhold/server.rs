//! A server that asks for a client certificate with a chosen CertificateRequest, accepts anything, and keeps every byte.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mtlscope::capture::{Capture, Origin, PerSide, Secret, SecretLabel, Segment, Side};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, KeyLog, ServerConfig, ServerConnection, SignatureScheme,
};

use super::by_hand;
use super::pki::Identity;

/// What the CertificateRequest says.
#[derive(Clone, Debug)]
pub struct Ask {
    pub is_13: bool,
    /// Distinguished names, DER.
    pub authorities: Vec<Vec<u8>>,
    pub schemes: Vec<SignatureScheme>,
    /// Two certificate_types in the place of rsa_sign and ecdsa_sign (TLS 1.2 alone, where the request travels in the clear).
    pub types: Option<[u8; 2]>,
    /// signature_algorithms_cert; empty: not sent. With this or the next, the server by hand speaks (TLS 1.3 alone).
    pub certificate_schemes: Vec<SignatureScheme>,
    /// oid_filters wants the purpose serverAuth.
    pub wants_server_purpose: bool,
    /// Refuse a client that sends none.
    pub is_required: bool,
}

#[derive(Debug)]
struct Anybody {
    is_required: bool,
    authorities: Vec<DistinguishedName>,
    schemes: Vec<SignatureScheme>,
}

impl ClientCertVerifier for Anybody {
    fn client_auth_mandatory(&self) -> bool {
        self.is_required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.authorities
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

#[derive(Debug, Default)]
struct Log(Mutex<Vec<Secret>>);

impl KeyLog for Log {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        self.0.lock().expect("the log").push(Secret {
            client_random: client_random.to_vec(),
            label: SecretLabel::from_key_log(label),
            value: secret.to_vec(),
            logged_by: None,
        });
    }
}

/// A socket that writes down what passes.
struct Recorded {
    socket: TcpStream,
    segments: Vec<Segment>,
    began: Instant,
    types: Option<[u8; 2]>,
}

impl Recorded {
    fn note(&mut self, from: Side, bytes: &[u8]) {
        self.segments.push(Segment {
            at_us: self.began.elapsed().as_micros() as u64,
            from,
            bytes: bytes.to_vec(),
            altered: None,
        });
    }
}

impl Read for Recorded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.socket.read(buffer)?;
        self.note(Side::Client, &buffer[..count]);
        Ok(count)
    }
}

impl Write for Recorded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut bytes = bytes.to_vec();
        if let Some(types) = self.types {
            // CertificateRequest (13), three bytes of length, two types: rsa_sign (1), ecdsa_sign (64).
            let at = bytes
                .windows(7)
                .position(|window| window[0] == 13 && window[1] == 0 && window[4..] == [2, 1, 64]);
            if let Some(at) = at {
                bytes[at + 5..at + 7].copy_from_slice(&types);
            }
        }
        self.socket.write_all(&bytes)?;
        self.note(Side::Server, &bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

impl Ask {
    fn is_by_hand(&self) -> bool {
        !self.certificate_schemes.is_empty() || self.wants_server_purpose
    }
}

/// A configuration that asks so.
fn config(server: &Identity, ask: &Ask) -> ServerConfig {
    let version = if ask.is_13 {
        &rustls::version::TLS13
    } else {
        &rustls::version::TLS12
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_client_cert_verifier(Arc::new(Anybody {
            is_required: ask.is_required,
            authorities: ask
                .authorities
                .iter()
                .map(|name| DistinguishedName::from(name.clone()))
                .collect(),
            schemes: ask.schemes.clone(),
        }))
        .with_single_cert(
            server
                .chain
                .iter()
                .map(|der| CertificateDer::from(der.as_bytes().to_vec()))
                .collect(),
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.key_der.clone())),
        )
        .expect("the server's own certificate and key")
}

/// Waits for one connection, until told to give up; speaks with it and returns all that passed.
pub fn serve_one(
    listener: &TcpListener,
    server: &Identity,
    ask: &Ask,
    give_up: &AtomicBool,
) -> Option<Capture> {
    listener.set_nonblocking(true).expect("a socket");
    let socket = loop {
        // Read before the queue is looked at: who is told to give up has then looked once more.
        let is_last = give_up.load(Ordering::SeqCst);
        match listener.accept() {
            Ok((socket, _)) => break socket,
            Err(_) if is_last => return None,
            Err(_) => std::thread::sleep(Duration::from_millis(3)),
        }
    };
    socket.set_nonblocking(false).expect("a socket");
    let wait = Some(Duration::from_secs(5));
    socket.set_read_timeout(wait).expect("a socket");
    socket.set_write_timeout(wait).expect("a socket");
    if ask.is_by_hand() {
        let mut socket = socket;
        let (segments, secrets) = by_hand::speak(&mut socket, server, ask, Instant::now())?;
        return Some(capture(segments, secrets));
    }
    let log = Arc::new(Log::default());
    let mut config = config(server, ask);
    config.key_log = log.clone();
    let mut stream = Recorded {
        socket,
        segments: Vec::new(),
        began: Instant::now(),
        types: ask.types,
    };
    if let Ok(mut connection) = ServerConnection::new(Arc::new(config)) {
        let mut result = Ok((0, 0));
        while connection.is_handshaking() && result.is_ok() {
            result = connection.complete_io(&mut stream);
        }
        if result.is_ok() {
            answer(&mut connection, &mut stream);
        }
        // Whatever alert is left.
        while connection.wants_write() && connection.write_tls(&mut stream).is_ok() {}
    }
    let _ = stream.socket.shutdown(std::net::Shutdown::Both);
    let secrets = log.0.lock().expect("the log").clone();
    Some(capture(stream.segments, secrets))
}

pub(super) fn capture(segments: Vec<Segment>, secrets: Vec<Secret>) -> Capture {
    Capture {
        carrier: None,
        origin: Origin::Packets,
        started_at_unix_us: std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_micros() as i64),
        segments,
        secrets,
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
    }
}

/// The shortest HTTP that lets every client go home content.
fn answer(connection: &mut ServerConnection, stream: &mut Recorded) {
    // Each client sends its request or ends: the bound is the socket's own, for one that hangs.
    let mut tls = rustls::Stream::new(connection, stream);
    let mut request = [0; 2048];
    if matches!(tls.read(&mut request), Ok(count) if count > 0) {
        let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    tls.conn.send_close_notify();
    let _ = tls.flush();
}
