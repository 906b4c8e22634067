//! A TCP connection that ends at its limit, however slowly the peer speaks.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

use super::{Limit, NetError};

/// Reads and writes until its limit: then each is an error of the kind `TimedOut`, or `Other` with a
/// [`NetError::Cancelled`] inside.
#[derive(Debug)]
pub struct Connection {
    tcp: TcpStream,
    limit: Limit,
}

impl Connection {
    /// A connection that is there already, under this limit.
    pub fn new(tcp: TcpStream, limit: Limit) -> io::Result<Self> {
        tcp.set_nonblocking(false)?;
        Ok(Self { tcp, limit })
    }

    /// Goes on under another limit.
    pub fn set_limit(&mut self, limit: Limit) {
        self.limit = limit;
    }

    fn slices(
        &self,
        mut one: impl FnMut(&TcpStream, std::time::Duration) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            let slice = self.limit.slice().map_err(io::Error::from)?;
            match one(&self.tcp, slice) {
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                    ) => {}
                done => return done,
            }
        }
    }
}

impl From<NetError> for io::Error {
    fn from(error: NetError) -> Self {
        let kind = match error {
            NetError::TimedOut => ErrorKind::TimedOut,
            _ => ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.slices(|mut tcp, slice| {
            tcp.set_read_timeout(Some(slice))?;
            tcp.read(buffer)
        })
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.slices(|mut tcp, slice| {
            tcp.set_write_timeout(Some(slice))?;
            tcp.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;
    use crate::cancel::Cancel;

    fn pair(limit: Limit) -> (Connection, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let near = TcpStream::connect(listener.local_addr().expect("an address")).expect("connected");
        let (far, _) = listener.accept().expect("accepted");
        (Connection::new(near, limit).expect("a connection"), far)
    }

    #[test]
    fn a_peer_that_is_silent_is_waited_for_no_longer_than_the_limit() {
        let cancel = Cancel::default();
        let (mut near, mut far) = pair(Limit::for_the_next(Duration::from_hours(1), &cancel));
        far.write_all(b"abc").expect("sent");
        let mut buffer = [0; 8];
        assert_eq!(near.read(&mut buffer).expect("there"), 3);
        near.set_limit(Limit::for_the_next(Duration::from_millis(60), &cancel));
        assert_eq!(
            near.read(&mut buffer).expect_err("silence").kind(),
            ErrorKind::TimedOut
        );
        near.set_limit(Limit::for_the_next(Duration::from_hours(1), &cancel));
        cancel.cancel();
        let error = near.read(&mut buffer).expect_err("cancelled");
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<NetError>());
        assert_eq!(inner, Some(&NetError::Cancelled));
    }
}
