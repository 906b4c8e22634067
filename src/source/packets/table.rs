//! The TCP connections of a packet capture, as its packets come: which packet belongs to which.
//!
//! Two ends have one connection at a time, however their packets travelled: a load balancer wraps what the client sends, and
//! the server's answers take the plain way back.

use std::collections::HashMap;

use super::connection::TcpConnection;
use super::frame::TcpPacket;
use super::layers::Carried;
use super::silent::{Ends, Silent};

/// All connections so far.
#[derive(Default)]
pub(super) struct Table {
    /// Those that carried data, in the order in which they began to.
    pub connections: Vec<TcpConnection>,
    /// The latest of them between two ends.
    open: HashMap<Ends, usize>,
    /// The one that had the same ends before.
    previous: HashMap<usize, usize>,
    /// Those that are later, and carried none yet.
    silent: Silent,
    pub tcp_connections: u64,
}

impl Table {
    /// Takes a TCP packet.
    pub(super) fn add(&mut self, tcp: &TcpPacket, carried: &Carried<'_>) {
        let ends = (tcp.from.min(tcp.to), tcp.from.max(tcp.to));
        let spoken = self.open.get(&ends).copied();
        if let Some(silent) = self.silent.take(&ends) {
            self.latest(ends, silent, spoken, tcp, carried);
            return;
        }
        let Some(index) = spoken.filter(|index| {
            let connection = self.connections.get(*index);
            connection.is_some_and(|connection| !connection.is_over_before(tcp))
        }) else {
            let connection = self.begun(tcp);
            self.latest(ends, connection, spoken, tcp, carried);
            return;
        };
        let late = self.previous.get(&index).copied().filter(|previous| {
            let next = self.connections.get(index);
            next.is_some_and(|next| self.is_late(*previous, tcp, carried, next))
        });
        if let Some(connection) = self.connections.get_mut(late.unwrap_or(index)) {
            connection.add(tcp, carried);
        }
    }

    fn begun(&mut self, tcp: &TcpPacket) -> TcpConnection {
        let connection = TcpConnection::new(tcp, self.tcp_connections);
        self.tcp_connections += 1;
        connection
    }

    fn is_late(&self, previous: usize, tcp: &TcpPacket, carried: &Carried<'_>, next: &TcpConnection) -> bool {
        let previous = self.connections.get(previous);
        previous.is_some_and(|previous| previous.is_late(tcp, carried.payload.len(), next))
    }

    /// A packet between the ends of a connection that carried no data yet; `spoken` is the one before it that did.
    fn latest(
        &mut self,
        ends: Ends,
        mut connection: TcpConnection,
        spoken: Option<usize>,
        tcp: &TcpPacket,
        carried: &Carried<'_>,
    ) {
        if connection.is_over_before(tcp) {
            connection = self.begun(tcp);
        }
        if let Some(previous) = spoken.filter(|previous| self.is_late(*previous, tcp, carried, &connection)) {
            if let Some(previous) = self.connections.get_mut(previous) {
                previous.add(tcp, carried);
            }
        } else {
            connection.add(tcp, carried);
        }
        if connection.is_silent() {
            self.silent.put(ends, connection);
            return;
        }
        let next = self.connections.len();
        self.connections.push(connection);
        if let Some(previous) = self.open.insert(ends, next) {
            self.previous.insert(next, previous);
        }
    }

    /// Connections without data that were forgotten.
    pub(super) fn forgotten(&self) -> u64 {
        self.silent.forgotten
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::super::places::Place;
    use super::super::silent::REMEMBERED;
    use super::*;
    use crate::capture::Side;

    fn packet(table: &mut Table, from: u32, sequence: u32, is_syn: bool, length: usize) {
        let address = |number: u32| SocketAddr::from((number.to_be_bytes(), 443));
        let tcp = TcpPacket {
            from: address(from),
            to: address(u32::MAX),
            sequence,
            acknowledged: None,
            is_syn,
            is_ack: false,
            is_fin: false,
            is_reset: false,
            is_pushed: true,
            header_length: 20,
        };
        let place = Place {
            offset: 0,
            length: length as u32,
        };
        let carried = Carried {
            at_unix_us: Some(i64::from(from) + 1),
            payload: &[1; 8][..length],
            places: &[place],
            tunnels: &[],
        };
        table.add(&tcp, &carried);
    }

    #[test]
    fn of_a_flood_of_connections_without_data_a_bounded_number_is_remembered() {
        let mut table = Table::default();
        let many = 3 * REMEMBERED as u32;
        for number in 0..many {
            packet(&mut table, number, 1000, true, 0);
        }
        assert!(table.silent.len() <= 2 * REMEMBERED);
        assert_eq!(
            table.silent.len() as u64 + table.silent.forgotten,
            u64::from(many)
        );
        assert_eq!(table.tcp_connections, u64::from(many));
        assert!(table.connections.is_empty());
        // The last one speaks, and then the first, of which nothing is known any more.
        packet(&mut table, many - 1, 1001, false, 8);
        packet(&mut table, 0, 1001, false, 8);
        let began: Vec<bool> = table
            .connections
            .iter()
            .map(|connection| !connection.evidence(Side::Client).began_before_recording)
            .collect();
        assert_eq!(began, [true, false]);
    }

    #[test]
    fn nothing_is_forgotten_of_as_many_as_are_remembered() {
        let mut table = Table::default();
        let many = REMEMBERED as u32;
        for number in 0..many {
            packet(&mut table, number, 1000, true, 0);
        }
        for number in (0..many).rev() {
            packet(&mut table, number, 1001, false, 8);
        }
        assert_eq!((table.silent.forgotten, table.silent.len()), (0, 0));
        let mut connections = table.connections.iter();
        assert!(connections.all(|connection| !connection.evidence(Side::Client).began_before_recording));
        table.connections.sort_by_key(TcpConnection::number);
        assert!(
            table
                .connections
                .windows(2)
                .all(|pair| pair[0].started_at_unix_us() < pair[1].started_at_unix_us()),
            "in the order of their first packets"
        );
    }

    #[test]
    fn a_silent_attempt_between_two_connections_hides_neither() {
        let mut table = Table::default();
        packet(&mut table, 1, 1000, true, 0);
        packet(&mut table, 1, 1001, false, 8);
        // An attempt, another one, and on it a late packet of the first.
        packet(&mut table, 1, 900_000, true, 0);
        packet(&mut table, 1, 5_000_000, true, 0);
        packet(&mut table, 1, 1001, false, 8);
        assert_eq!((table.connections.len(), table.tcp_connections), (1, 3));
        packet(&mut table, 1, 5_000_001, false, 8);
        assert_eq!(table.connections.len(), 2);
    }
}
