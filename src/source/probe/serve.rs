//! The server's end of a probe: a listener on loopback that presents one identity to whoever comes first.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, Stream};

use super::{Ending, ProbeError, certified, ending_of, provider};
use crate::cancel::Cancel;
use crate::net::{Connection, Limit};
use crate::setup::Identity;

/// What a client that goes on is answered.
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";

/// A listener that is open already, so that its port can be told to the client before it comes.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    config: Arc<ServerConfig>,
}

/// What the first client that came did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Whether a client came at all.
    pub has_come: bool,
    /// Whether our stack finished the handshake: the client went past our certificate.
    pub is_connected: bool,
    /// The first application bytes of the client: it trusts the connection with what it has to say.
    pub request: Vec<u8>,
    /// How it ended.
    pub ending: Ending,
}

impl Server {
    /// Opens a listener on loopback that will present `identity`, whether or not its key fits.
    pub fn open(identity: &Identity) -> Result<Self, ProbeError> {
        let provider = provider();
        let presents = Presents(certified(identity, &provider)?);
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ProbeError::Identity {
                words: error.to_string(),
            })?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(presents));
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|error| ProbeError::Listen {
                words: error.to_string(),
            })?;
        Ok(Self {
            listener,
            config: Arc::new(config),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Serves the first client that comes within `wait`, or until `is_over` says that none will come any more.
    pub fn serve_one(&self, wait: Duration, cancel: &Cancel, is_over: &mut dyn FnMut() -> bool) -> Served {
        let nobody = Served {
            has_come: false,
            is_connected: false,
            request: Vec::new(),
            ending: Ending::Open,
        };
        let until = Instant::now() + wait;
        loop {
            match self.listener.accept() {
                Ok((tcp, _)) => return self.converse(tcp, wait, cancel).unwrap_or(nobody),
                // The client may have come, and gone, between two looks: one more after it is over.
                Err(_) if is_over() || cancel.is_cancelled() || Instant::now() >= until => {
                    return match self.listener.accept() {
                        Ok((tcp, _)) => self.converse(tcp, wait, cancel).unwrap_or(nobody),
                        Err(_) => nobody,
                    };
                }
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    fn converse(&self, tcp: TcpStream, wait: Duration, cancel: &Cancel) -> Option<Served> {
        let mut tcp = Connection::new(tcp, Limit::for_the_next(wait, cancel)).ok()?;
        let mut tls = ServerConnection::new(Arc::clone(&self.config)).ok()?;
        let mut request = Vec::new();
        let ending = loop {
            if tls.is_handshaking() {
                match tls.complete_io(&mut tcp) {
                    Ok(_) => continue,
                    Err(error) => break ending_of(&error),
                }
            }
            let mut stream = Stream::new(&mut tls, &mut tcp);
            let mut piece = [0; 4096];
            match stream.read(&mut piece) {
                Ok(0) => break Ending::Closed,
                Ok(count) => {
                    request.extend_from_slice(piece.get(..count).unwrap_or_default());
                    // Whether the client still wants the answer is its own affair.
                    let _ = stream.write_all(ANSWER).and_then(|()| stream.flush());
                    break Ending::Open;
                }
                Err(error) => break ending_of(&error),
            }
        };
        let is_connected = !tls.is_handshaking();
        tls.send_close_notify();
        let _ = tls.complete_io(&mut tcp);
        Some(Served {
            has_come: true,
            is_connected,
            request,
            ending,
        })
    }
}

/// Presents what it was told to.
#[derive(Debug)]
struct Presents(Arc<CertifiedKey>);

impl ResolvesServerCert for Presents {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}
