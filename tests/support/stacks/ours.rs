//! rustls as the lab configures it, over a real socket: the release that is built in.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, pem::PemObject};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion, version};

use super::child::PATIENCE;
use super::faults::Given;
use super::{Dialled, REQUEST, Serving};

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn roots(directory: &Path, given: &Given) -> Arc<RootCertStore> {
    let mut store = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(directory.join(given.trust)).expect("roots") {
        store.add(root.expect("a root")).expect("a root");
    }
    Arc::new(store)
}

fn lists(directory: &Path, given: &Given) -> Vec<CertificateRevocationListDer<'static>> {
    given.crl.map_or_else(Vec::new, |list| {
        CertificateRevocationListDer::pem_file_iter(directory.join(list))
            .expect("lists")
            .map(|list| list.expect("a list"))
            .collect()
    })
}

fn identity(
    directory: &Path,
    given: &Given,
) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let name = given.identity?;
    let chain = CertificateDer::pem_file_iter(directory.join(format!("{name}.pem")))
        .expect("a chain")
        .map(|certificate| certificate.expect("a certificate"))
        .collect();
    Some((
        chain,
        PrivateKeyDer::from_pem_file(directory.join(format!("{name}.key"))).expect("a key"),
    ))
}

static ONLY_1_2: &[&SupportedProtocolVersion] = &[&version::TLS12];
static ONLY_1_3: &[&SupportedProtocolVersion] = &[&version::TLS13];

fn versions(given: &Given) -> &'static [&'static SupportedProtocolVersion] {
    match given.tls {
        Some("1.2") => ONLY_1_2,
        Some(_) => ONLY_1_3,
        None => rustls::ALL_VERSIONS,
    }
}

fn alpn(given: &Given) -> Vec<Vec<u8>> {
    given.alpn.iter().map(|name| name.as_bytes().to_vec()).collect()
}

fn server_configuration(directory: &Path, given: &Given) -> Result<ServerConfig, rustls::Error> {
    let mut verifier = WebPkiClientVerifier::builder_with_provider(roots(directory, given), provider());
    if given.crl.is_some() {
        // As the lab: lists are asked for, and those that are out of date are no lists.
        verifier = verifier
            .with_crls(lists(directory, given))
            .enforce_revocation_expiration();
    }
    let verifier = verifier
        .build()
        .map_err(|error| rustls::Error::General(error.to_string()))?;
    let (chain, key) = identity(directory, given).expect("a server has an identity");
    let mut configuration = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions(given))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)?;
    configuration.alpn_protocols = alpn(given);
    Ok(configuration)
}

fn client_configuration(directory: &Path, given: &Given) -> Result<ClientConfig, rustls::Error> {
    let mut verifier = WebPkiServerVerifier::builder_with_provider(roots(directory, given), provider());
    if given.crl.is_some() {
        verifier = verifier
            .with_crls(lists(directory, given))
            .enforce_revocation_expiration();
    }
    let verifier = verifier
        .build()
        .map_err(|error| rustls::Error::General(error.to_string()))?;
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(versions(given))?
        .with_webpki_verifier(verifier);
    let mut configuration = match identity(directory, given) {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key)?,
        None => builder.with_no_client_auth(),
    };
    configuration.alpn_protocols = alpn(given);
    Ok(configuration)
}

pub fn server(directory: &Path, given: &Given) -> Result<(Serving, u16), String> {
    let configuration = server_configuration(directory, given).map_err(|error| error.to_string())?;
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("an address").port();
    let thread = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("a client");
        let _ = socket.set_read_timeout(Some(PATIENCE));
        let mut connection = rustls::ServerConnection::new(Arc::new(configuration)).expect("a connection");
        let mut stream = rustls::Stream::new(&mut connection, &mut socket);
        let answer = stream.read(&mut [0; 4096]).and_then(|_| {
            stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nhello\n")?;
            stream.conn.send_close_notify();
            stream.flush()
        });
        answer.err().map_or_else(String::new, |error| error.to_string())
    });
    Ok((Serving::Ours(thread), port))
}

pub fn client(directory: &Path, given: &Given, port: u16, held_back: std::time::Duration) -> Dialled {
    let configuration = match client_configuration(directory, given) {
        Ok(configuration) => configuration,
        Err(error) => {
            return Dialled {
                words: error.to_string(),
                answered: false,
                is_unusable: true,
            };
        }
    };
    let mut socket = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    let _ = socket.set_read_timeout(Some(PATIENCE));
    let name = given.name.try_into().expect("a name");
    let mut connection = rustls::ClientConnection::new(Arc::new(configuration), name).expect("a connection");
    let mut stream = rustls::Stream::new(&mut connection, &mut socket);
    let mut shake = || -> std::io::Result<String> {
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(stream.sock)?;
        }
        // Of TLS 1.3 the server's word on our certificate comes now: an alert, or tickets where it gives any. What else it waits
        // for is our request.
        if stream.conn.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3) {
            stream.sock.set_read_timeout(Some(held_back))?;
            let has_spoken = stream.sock.peek(&mut [0]).is_ok();
            stream.sock.set_read_timeout(Some(PATIENCE))?;
            if has_spoken {
                stream.conn.read_tls(stream.sock)?;
                let read = stream.conn.process_new_packets();
                read.map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?;
            }
        }
        // Why a write fails is seen by the next read.
        let _ = stream.write_all(REQUEST.as_bytes());
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer[..length])
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned())
    };
    match shake() {
        Ok(status) => {
            let answered = status.contains(" 200 ");
            Dialled {
                words: if answered { String::new() } else { status },
                answered,
                is_unusable: false,
            }
        }
        Err(error) => Dialled {
            words: error.to_string(),
            answered: false,
            is_unusable: false,
        },
    }
}
