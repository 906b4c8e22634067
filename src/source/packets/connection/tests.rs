//! Whose packets are whose, which begin anew, which are late, and which are probes.

use super::*;
use crate::capture::TunnelKind;
use crate::source::packets::places::Place;

fn address(number: u8, port: u16) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, number], port))
}

/// A packet without flags from the client to the server.
fn plain(sequence: u32) -> TcpPacket {
    TcpPacket {
        from: address(1, 50_000),
        to: address(2, 443),
        sequence,
        acknowledged: None,
        is_syn: false,
        is_ack: false,
        is_fin: false,
        is_reset: false,
        is_pushed: true,
        header_length: 20,
    }
}

fn syn(sequence: u32) -> TcpPacket {
    TcpPacket {
        is_syn: true,
        ..plain(sequence)
    }
}

/// The same the other way.
#[allow(clippy::needless_pass_by_value, reason = "it is made for this")]
fn back(packet: TcpPacket) -> TcpPacket {
    TcpPacket {
        from: packet.to,
        to: packet.from,
        ..packet
    }
}

fn add(connection: &mut TcpConnection, tcp: &TcpPacket, at_unix_us: i64, payload: &[u8]) {
    let place = Place {
        offset: 100,
        length: payload.len() as u32,
    };
    connection.add(
        tcp,
        &Carried {
            at_unix_us: Some(at_unix_us),
            payload,
            places: &[place],
            tunnels: &[],
        },
    );
}

#[test]
fn the_first_packet_tells_the_ends() {
    let (client, server) = (address(1, 50_000), address(2, 443));
    let with_ack = |packet: TcpPacket| TcpPacket {
        acknowledged: Some(1),
        ..packet
    };
    let same_port = |from, to| TcpPacket {
        from: address(from, 443),
        to: address(to, 443),
        ..plain(1)
    };
    for (packet, wanted) in [
        (syn(1), (client, server)),
        // An answer to a SYN that was not recorded.
        (with_ack(syn(1)), (server, client)),
        (with_ack(back(syn(1))), (client, server)),
        // Who asks is the client, whatever its port.
        (back(syn(1)), (server, client)),
        // Without a SYN the smaller port waits for others.
        (plain(1), (client, server)),
        (back(plain(1)), (client, server)),
        (same_port(1, 2), (address(1, 443), address(2, 443))),
        (same_port(2, 1), (address(2, 443), address(1, 443))),
    ] {
        let connection = TcpConnection::new(&packet, 7);
        assert_eq!(
            (connection.ends.client, connection.ends.server),
            wanted,
            "{packet:?}"
        );
        assert_eq!(connection.number(), 7);
        assert!(connection.is_silent());
    }
}

#[test]
fn another_syn_begins_anew() {
    let mut connection = TcpConnection::new(&syn(1000), 0);
    add(&mut connection, &syn(1000), 5, b"");
    for (packet, is_over) in [
        (syn(1000), false),
        (syn(1001), true),
        (syn(999), true),
        (plain(5000), false),
        // The other side has not begun yet.
        (back(syn(77)), false),
    ] {
        assert_eq!(connection.is_over_before(&packet), is_over, "{packet:?}");
    }
    // Where no SYN was recorded: the one of these numbers comes late, another is another's.
    let mut midway = TcpConnection::new(&plain(1001), 0);
    assert!(!midway.is_over_before(&syn(4000)), "nothing was said yet");
    add(&mut midway, &plain(1001), 5, b"abc");
    assert!(!midway.is_over_before(&syn(1000)));
    assert!(midway.is_over_before(&syn(1001)) && midway.is_over_before(&syn(4000)));
}

#[test]
fn a_probe_is_no_data() {
    let begun = || {
        let mut connection = TcpConnection::new(&syn(1000), 0);
        add(&mut connection, &syn(1000), 5, b"");
        let answer = TcpPacket {
            acknowledged: Some(1001),
            ..back(syn(77))
        };
        add(&mut connection, &answer, 6, b"");
        connection
    };
    let kept = |connection: &TcpConnection| {
        connection
            .direction(Side::Client)
            .map_or(0, |direction| direction.kept().0.len())
    };
    for (packet, payload, is_kept) in [
        // The number before the one that is expected, with one byte.
        (plain(1000), &b"x"[..], false),
        (plain(1000), b"xy", true),
        (plain(1001), b"x", true),
        (
            TcpPacket {
                is_reset: true,
                ..plain(1001)
            },
            b"why",
            false,
        ),
    ] {
        let mut connection = begun();
        add(&mut connection, &packet, 9, payload);
        assert_eq!(kept(&connection), usize::from(is_kept), "{packet:?}, {payload:?}");
    }
    // Where the recording begins in the middle: one byte that is no beginning.
    let quiet = TcpPacket {
        is_pushed: false,
        ..plain(9)
    };
    for (packet, payload, is_kept) in [
        (quiet.clone(), b"x", false),
        (plain(9), b"x", true),
        (plain(9), b"\0", false),
        (
            TcpPacket {
                is_fin: true,
                ..quiet.clone()
            },
            b"x",
            true,
        ),
    ] {
        let mut connection = TcpConnection::new(&packet, 0);
        add(&mut connection, &packet, 9, payload);
        assert_eq!(kept(&connection), usize::from(is_kept), "{packet:?}, {payload:?}");
        assert_eq!(connection.is_silent(), !is_kept);
    }
    let mut connection = TcpConnection::new(&plain(9), 0);
    add(&mut connection, &plain(9), 9, b"abc");
    add(
        &mut connection,
        &TcpPacket {
            sequence: 12,
            ..quiet
        },
        9,
        b"x",
    );
    assert_eq!(kept(&connection), 2, "something was said before it");
}

/// Each side's first end, in the order of time; a reset is one.
#[test]
fn the_ends_are_told_once_for_each_side_in_their_order() {
    let mut connection = TcpConnection::new(&syn(1000), 0);
    add(&mut connection, &syn(1000), 100, b"");
    let fin = |sequence| TcpPacket {
        is_fin: true,
        ..plain(sequence)
    };
    let reset = |sequence| TcpPacket {
        is_reset: true,
        ..plain(sequence)
    };
    assert_eq!(connection.ends_of_transport(), []);
    add(&mut connection, &back(reset(50)), 130, b"");
    add(&mut connection, &back(fin(50)), 140, b"");
    add(&mut connection, &fin(1001), 150, b"");
    add(&mut connection, &reset(1002), 160, b"");
    let event = |at_us, side, is_reset| Event {
        at_us,
        side,
        kind: EventKind::TransportClosed { is_reset },
    };
    assert_eq!(
        connection.ends_of_transport(),
        [event(30, Side::Server, true), event(50, Side::Client, false)]
    );
}

/// So many ways are told of each side, each once.
#[test]
fn the_ways_of_each_side_are_told_to_their_bound() {
    let way = |number: u8| Tunnel {
        kind: TunnelKind::Vxlan,
        from: [192, 0, 2, 1].into(),
        to: [192, 0, 2, 2].into(),
        network: Some(u32::from(number)),
    };
    let mut connection = TcpConnection::new(&syn(1), 0);
    assert_eq!(connection.evidence(Side::Client).carried_in, []);
    for number in (0..5).chain(0..20) {
        connection.travelled(Side::Client, &[way(number)]);
    }
    connection.travelled(Side::Server, &[way(50), way(51)]);
    connection.travelled(Side::Server, &[]);
    let told: Vec<Tunnel> = (0..MOST_TUNNELS as u8).map(way).collect();
    assert_eq!(connection.evidence(Side::Client).carried_in, told);
    assert_eq!(connection.evidence(Side::Server).carried_in, [way(50), way(51)]);
    let evidence = connection.evidence(Side::Server);
    assert_eq!(evidence.address.as_deref(), Some("10.0.0.2:443"));
    assert!(evidence.began_before_recording && connection.evidence(Side::Client).began_before_recording);
    add(&mut connection, &syn(1), 5, b"");
    assert!(!connection.evidence(Side::Client).began_before_recording);
    assert!(connection.evidence(Side::Server).began_before_recording);
}

/// A packet with an earlier connection's numbers is its late one, unless the next connection waits for just these.
#[test]
fn a_late_packet_is_known_by_its_numbers() {
    let mut own = TcpConnection::new(&syn(1000), 0);
    add(&mut own, &syn(1000), 5, b"");
    add(&mut own, &plain(1001), 6, b"abc");
    add(&mut own, &plain(1004), 7, b"defg");
    let begun_at = |sequence| {
        let mut next = TcpConnection::new(&syn(sequence), 1);
        add(&mut next, &syn(sequence), 9, b"");
        next
    };
    let unknown = TcpConnection::new(&plain(1), 1);
    let far = begun_at(5_000_000);
    let close = begun_at(1003);
    let mut talks = begun_at(5_000_000);
    add(&mut talks, &plain(5_000_001), 9, b"abc");
    for (name, next, sequence, length, is_late) in [
        ("sent", &unknown, 1001, 3, true),
        ("sent to the last byte", &unknown, 1005, 3, true),
        ("a byte beyond", &unknown, 1005, 4, false),
        ("a byte before", &unknown, 1000, 1, false),
        ("expected", &far, 5_000_001, 3, false),
        ("sent, and far from the next", &far, 1001, 3, true),
        ("near what was sent, and far from the next", &far, 1020, 5, true),
        ("near the next", &far, 5_000_020, 5, false),
        ("near neither", &far, 3_000_000_000, 5, false),
        ("sent, and expected", &close, 1004, 3, false),
        ("sent, and not expected", &close, 1001, 3, true),
        ("near both", &close, 1020, 5, false),
        ("expected after data", &talks, 5_000_004, 3, false),
        ("near what was sent, and far from data", &talks, 1020, 5, true),
        ("near data", &talks, 5_000_002, 1, false),
    ] {
        assert_eq!(own.is_late(&plain(sequence), length, next), is_late, "{name}");
    }
    assert!(!own.is_late(&syn(1001), 3, &unknown), "a SYN begins");
    assert!(
        !own.is_late(&back(plain(1001)), 3, &unknown),
        "its other side was silent"
    );
}
