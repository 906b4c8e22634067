//! Connections on which nothing was said yet: most of them never come to anything, and a scan of ports or a flood of SYNs
//! has millions.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::connection::TcpConnection;

/// Two ends, the smaller address first.
pub(super) type Ends = (SocketAddr, SocketAddr);

/// So many are remembered for certain, and at most twice as many.
pub(super) const REMEMBERED: usize = 32_768;

/// The latest connection between two ends, as long as it carried no data. Those of which nothing was heard for longest are
/// forgotten: in two generations, so that forgetting costs nothing for each.
#[derive(Default)]
pub(super) struct Silent {
    young: HashMap<Ends, TcpConnection>,
    old: HashMap<Ends, TcpConnection>,
    /// How many were forgotten.
    pub forgotten: u64,
}

impl Silent {
    /// Takes out the connection between two ends.
    pub(super) fn take(&mut self, ends: &Ends) -> Option<TcpConnection> {
        self.young.remove(ends).or_else(|| self.old.remove(ends))
    }

    /// Puts it in, or back.
    pub(super) fn put(&mut self, ends: Ends, connection: TcpConnection) {
        if self.young.len() >= REMEMBERED {
            self.forgotten += self.old.len() as u64;
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(ends, connection);
    }

    /// How many are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}
