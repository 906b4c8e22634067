//! Where the two ends meet: loopback, and nowhere else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::net::Limit;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// A listener on loopback, open already, so that its port can be told to a client before it comes.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    port: u16,
}

impl Listening {
    /// Opens it, on a port that the system chooses.
    pub fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The first client that comes within the limit; `None` where none did, or `is_over` says that none will.
    pub fn accept(&self, limit: &Limit, is_over: &mut dyn FnMut() -> bool) -> Option<TcpStream> {
        loop {
            // Looked at first: a client may have come, and gone, between two looks.
            let over = is_over();
            match self.listener.accept() {
                Ok((tcp, _)) => return Some(tcp),
                Err(_) if over || limit.left().is_err() => return None,
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    }
}

/// A connection to a server on loopback that is only just starting; `None` where it did not come to listen within the
/// limit, or `is_over` says that it will not.
pub fn reach(port: u16, limit: &Limit, is_over: &mut dyn FnMut() -> bool) -> Option<TcpStream> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    loop {
        let over = is_over();
        let left = limit.left().ok()?;
        match TcpStream::connect_timeout(&address, left) {
            // Where nobody listens, a socket may be given that very port as its own, and meet itself.
            Ok(tcp) if tcp.local_addr().ok() == Some(address) => {}
            Ok(tcp) => return Some(tcp),
            Err(_) if over => return None,
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

/// A port of loopback that nobody uses now, for programs that have to be told one.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
