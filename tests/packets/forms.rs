//! Every form of file and of packet tells the same.

use mtlscope::capture::{Capture, KeyLog};
use mtlscope::survey::Survey;

use super::pcapng::Pcapng;
use super::read::{BEGAN_US, assert_says, capture, ends, packets, survey};
use crate::support::packets::{PacketFile, key_log};

const ETHERNET: u16 = 1;
const RAW: u16 = 101;

/// How an interface counts microseconds.
type Ticks = fn(u64) -> u64;
/// What lies around a packet.
type Form = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A good connection and its packets.
fn good() -> (Capture, Vec<(u64, Vec<u8>)>) {
    let capture = capture("good-tls13");
    let mut file = PacketFile::new();
    file.connection(&capture, ends(40_001));
    let packets = packets(file.bytes());
    (capture, packets)
}

/// One connection that says what it should, and began when it should.
fn assert_same(survey: &Survey, wanted: &Capture, began_us: Option<u64>, place: &str) {
    assert_eq!(survey.index.connections.len(), 1, "{place}");
    let row = survey.rows.first().unwrap_or_else(|| panic!("{place}: no TLS"));
    assert_eq!(row.verdict.word(), "accepted", "{place}: {}", row.ending);
    let began = began_us.unwrap_or_default().cast_signed();
    assert_eq!(row.started_at_unix_us, began, "{place}");
    assert_says(&survey.capture(row).expect("read"), wanted, place);
}

#[test]
fn simple_packet_blocks_give_the_same_bytes_as_pcap() {
    let (wanted, packets) = good();
    for is_big in [false, true] {
        let mut file = Pcapng::new(is_big);
        file.interface(ETHERNET, 0, &[]);
        for (_, data) in &packets {
            file.simple(data, usize::MAX);
        }
        let survey = survey(file.bytes(), &[&wanted]);
        assert_same(&survey, &wanted, None, "simple");
        assert_eq!(
            survey.index.remarks,
            [
                "The packets bear no times: they are told in the order of the file, and when they were recorded is not known."
            ]
        );
    }
}

#[test]
fn of_packets_that_are_not_there_nothing_is_remarked() {
    let mut with_interface = Pcapng::new(false);
    with_interface.interface(ETHERNET, 0, &[]);
    for file in [Pcapng::new(false), with_interface] {
        let survey = survey(file.bytes(), &[]);
        assert!(survey.index.connections.is_empty());
        assert_eq!(survey.index.remarks, Vec::<String>::new());
    }
}

#[test]
fn what_fills_up_a_simple_block_that_was_cut_is_no_data() {
    let (wanted, packets) = good();
    // Two bytes of each block's data are filling.
    let limit = 402;
    let mut cut = PacketFile::new();
    let mut file = Pcapng::new(false);
    file.interface(ETHERNET, limit, &[]);
    for (at_us, data) in &packets {
        cut.packet(*at_us, &data[..data.len().min(limit as usize)]);
        file.simple(data, limit as usize);
    }
    let (cut, simple) = (survey(cut.bytes(), &[&wanted]), survey(file.bytes(), &[&wanted]));
    let of = |survey: &Survey| survey.capture(&survey.rows[0]).expect("read");
    assert_says(&of(&simple), &of(&cut), "cut at 402");
}

#[test]
fn each_section_has_its_own_interfaces_and_byte_order() {
    let (wanted, packets) = good();
    let half = packets.len() / 2;
    for (first, second) in [(false, true), (true, false), (true, true)] {
        let mut file = Pcapng::new(first);
        file.interface(ETHERNET, 0, &[]);
        for (at_us, data) in &packets[..half] {
            file.enhanced(0, *at_us, data, &[]);
        }
        // In the second section the first interface has no Ethernet below it, and its clock counts nanoseconds.
        file.section(second);
        file.interface(RAW, 0, &[(9, &[9])]);
        file.interface(ETHERNET, 0, &[]);
        for (number, (at_us, data)) in packets[half..].iter().enumerate() {
            if number % 2 == 0 {
                file.enhanced(0, at_us * 1000, &data[14..], &[]);
            } else {
                file.enhanced(1, *at_us, data, &[]);
            }
        }
        let survey = survey(file.bytes(), &[&wanted]);
        assert_same(
            &survey,
            &wanted,
            Some(BEGAN_US),
            &format!("{first}, then {second}"),
        );
    }
}

#[test]
fn the_clock_of_an_interface_is_read_in_every_form() {
    let (wanted, packets) = good();
    // if_tsresol, ticks for microseconds, and what is lost by them.
    let clocks: [(&[u8], Ticks, u64); 5] = [
        (&[], |us| us, 1),
        (&[6], |us| us, 1),
        (&[3], |us| us / 1000, 1000),
        (&[9], |us| us * 1000, 1),
        (&[0x94], |us| ((u128::from(us) << 20) / 1_000_000 + 1) as u64, 2),
    ];
    for is_big in [false, true] {
        for (resolution, ticks, loss) in &clocks {
            for offset_s in [0i64, 3600, -86_400] {
                let mut file = Pcapng::new(is_big);
                let seconds = file.seconds(offset_s);
                let mut options: Vec<(u16, &[u8])> = vec![(2, b"eth0"), (14, &seconds)];
                if !resolution.is_empty() {
                    options.push((9, resolution));
                }
                file.interface(ETHERNET, 262_144, &options);
                for (at_us, data) in &packets {
                    let without = at_us.wrapping_add_signed(-offset_s * 1_000_000);
                    file.enhanced(0, ticks(without), data, &[]);
                }
                let survey = survey(file.bytes(), &[&wanted]);
                let began = survey.rows[0].started_at_unix_us.abs_diff(BEGAN_US.cast_signed());
                assert!(began < *loss, "{resolution:x?} {offset_s}: {began} µs off");
                assert_says(
                    &survey.capture(&survey.rows[0]).expect("read"),
                    &wanted,
                    "a clock",
                );
            }
        }
    }
}

#[test]
fn blocks_and_options_that_say_nothing_of_tls_are_passed_over() {
    let (wanted, packets) = good();
    for is_big in [false, true] {
        let mut file = Pcapng::new(is_big);
        file.interface(ETHERNET, 0, &[(12, b"Linux"), (1, b"a comment")]);
        // Name resolution, statistics, a custom block, and a type that nobody knows.
        file.block(4, &[0; 4]);
        file.block(5, &[0; 12]);
        file.block(0x0000_0bad, &[0; 8]);
        file.block(0x7777_7777, b"who knows");
        for (at_us, data) in &packets {
            let flags: &[u8] = &[1, 0, 0, 0];
            file.enhanced(0, *at_us, data, &[(1, b"a comment on the packet"), (2, flags)]);
        }
        assert_same(
            &survey(file.bytes(), &[&wanted]),
            &wanted,
            Some(BEGAN_US),
            "options",
        );
    }
}

#[test]
fn packets_in_the_form_of_the_first_days_are_read() {
    let (wanted, packets) = good();
    for is_big in [false, true] {
        let mut file = Pcapng::new(is_big);
        file.interface(RAW, 0, &[]);
        file.interface(ETHERNET, 0, &[]);
        for (at_us, data) in &packets {
            file.obsolete(1, *at_us, data);
        }
        assert_same(
            &survey(file.bytes(), &[&wanted]),
            &wanted,
            Some(BEGAN_US),
            "obsolete",
        );
    }
}

#[test]
fn a_packet_of_an_interface_that_is_not_described_is_told() {
    let (wanted, packets) = good();
    let mut file = Pcapng::new(false);
    file.interface(ETHERNET, 0, &[]);
    for (at_us, data) in &packets {
        file.enhanced(0, *at_us, data, &[]);
    }
    file.enhanced(1, BEGAN_US, &packets[0].1, &[]);
    let survey = survey(file.bytes(), &[&wanted]);
    assert_same(&survey, &wanted, Some(BEGAN_US), "interface 1");
    assert_eq!(
        survey.index.remarks,
        ["1 packets are of an interface that the file does not describe, and were passed over."]
    );
    assert_eq!(survey.index.packets, packets.len() as u64 + 1);
}

#[test]
fn every_form_of_pcap_is_read() {
    let (wanted, packets) = good();
    let longs = |is_big: bool, numbers: &[u32]| -> Vec<u8> {
        let bytes = |number: &u32| {
            if is_big {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            }
        };
        numbers.iter().flat_map(bytes).collect()
    };
    // Magic, byte order, link field, more bytes before each packet, nanoseconds.
    let forms = [
        (0xa1b2_c3d4u32, false, 1u32, 0, false),
        (0xa1b2_c3d4, true, 1, 0, false),
        (0xa1b2_3c4d, false, 1, 0, true),
        (0xa1b2_3c4d, true, 1, 0, true),
        // A frame check sequence of four bytes follows each frame.
        (0xa1b2_c3d4, false, 0x4400_0001, 0, false),
        // Eight bytes more for each packet.
        (0xa1b2_cd34, false, 1, 8, false),
    ];
    for (magic, is_big, link, more, is_nanosecond) in forms {
        let version = if is_big { 0x0002_0004 } else { 0x0004_0002 };
        let mut file = longs(is_big, &[magic, version, 0, 0, 262_144, link]);
        for (at_us, data) in &packets {
            let mut data = data.clone();
            if link > 1 {
                data.extend([0xee; 4]);
            }
            let fraction = at_us % 1_000_000 * if is_nanosecond { 1000 } else { 1 };
            let length = data.len() as u32;
            let seconds = (at_us / 1_000_000) as u32;
            file.extend(longs(is_big, &[seconds, fraction as u32, length, length]));
            file.extend(vec![0; more]);
            file.extend(data);
        }
        let place = format!("{magic:x} {is_big} {link:x}");
        assert_same(&survey(&file, &[&wanted]), &wanted, Some(BEGAN_US), &place);
    }
}

/// The same connection over IPv6, each packet built by `frame` from its TCP part.
fn over_ipv6(packets: &[(u64, Vec<u8>)], frame: impl Fn(&[u8]) -> Vec<u8>) -> PacketFile {
    let mut file = PacketFile::new();
    for (at_us, data) in packets {
        let (ip, tcp) = data[14..].split_at(20);
        let address = |last: u8| {
            let mut all = [0u8; 16];
            all[..2].copy_from_slice(&[0xfd, 0]);
            all[15] = last;
            all
        };
        let payload = frame(tcp);
        let (kind, payload) = payload.split_first().expect("a next header");
        let mut out = data[..12].to_vec();
        out.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
        out.extend((payload.len() as u16).to_be_bytes());
        out.extend([*kind, 64]);
        out.extend(address(ip[15]));
        out.extend(address(ip[19]));
        out.extend(payload);
        file.packet(*at_us, &out);
    }
    file
}

#[test]
fn ipv6_is_read_with_its_extension_headers() {
    const TCP: u8 = 6;
    let (wanted, packets) = good();
    // The first byte is the next header of IPv6 itself. Each extension is eight bytes long.
    let forms: [(&str, Vec<u8>); 6] = [
        ("plain", vec![TCP]),
        ("hop by hop", vec![0, TCP, 0, 1, 4, 0, 0, 0, 0]),
        ("destination options", vec![60, TCP, 0, 1, 4, 0, 0, 0, 0]),
        ("routing", vec![43, TCP, 0, 4, 0, 0, 0, 0, 0]),
        // A fragment that is the whole packet (RFC 6946).
        ("atomic fragment", vec![44, TCP, 0, 0, 0, 0, 0, 0, 1]),
        (
            "three of them",
            vec![
                0, 43, 0, 1, 4, 0, 0, 0, 0, 60, 0, 4, 0, 0, 0, 0, 0, TCP, 0, 1, 4, 0, 0, 0, 0,
            ],
        ),
    ];
    for (name, header) in forms {
        let file = over_ipv6(&packets, |tcp| [&header[..], tcp].concat());
        let survey = survey(file.bytes(), &[&wanted]);
        assert_same(&survey, &wanted, Some(BEGAN_US), name);
        assert_eq!(survey.rows[0].client, "[fd00::1]:40001", "{name}");
    }
}

#[test]
fn fragments_of_ip_give_a_remark_and_no_connection() {
    const TCP: u8 = 6;
    let (wanted, packets) = good();
    // More fragments follow; and a later one, in whose payload TCP's header is not.
    for (name, offset) in [("first", [0, 1]), ("later", [0x05, 0xa8])] {
        let count = std::cell::Cell::new(0u32);
        let file = over_ipv6(&packets, |tcp| {
            count.set(count.get() + 1);
            [&[44, TCP, 0][..], &offset, &count.get().to_be_bytes(), tcp].concat()
        });
        let index = survey(file.bytes(), &[&wanted]).index;
        assert!(index.connections.is_empty(), "IPv6, {name}");
        let told = format!(
            "{} IP packets were sent in fragments, of which not all were recorded; what they carried is missing. (A filter by \
             port lets only the first fragment pass.)",
            packets.len()
        );
        assert_eq!(index.remarks, [told.as_str()], "IPv6, {name}");
        let mut file = PacketFile::new();
        for (number, (at_us, data)) in (1u16..).zip(&packets) {
            let mut data = data.clone();
            data[18..20].copy_from_slice(&number.to_be_bytes());
            let flags: [u8; 2] = if name == "first" { [0x20, 0] } else { [0, 0xb5] };
            data[20..22].copy_from_slice(&flags);
            file.packet(*at_us, &data);
        }
        let index = survey(file.bytes(), &[&wanted]).index;
        assert!(index.connections.is_empty(), "IPv4, {name}");
        assert_eq!(index.remarks, [told.as_str()], "IPv4, {name}");
    }
}

#[test]
fn tags_and_lengths_below_ip_do_not_matter() {
    let (wanted, packets) = good();
    let tagged = |tags: &[u8]| {
        let tags = tags.to_vec();
        move |data: &[u8]| [&data[..12], &tags, &data[12..]].concat()
    };
    let forms: [(&str, Form); 6] = [
        ("VLAN", Box::new(tagged(&[0x81, 0, 0, 5]))),
        ("QinQ", Box::new(tagged(&[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6]))),
        ("QinQ of old", Box::new(tagged(&[0x91, 0, 0, 5, 0x81, 0, 0, 6]))),
        (
            "filled up to Ethernet's shortest",
            Box::new(|data| [data, &[0; 24]].concat()),
        ),
        // Segmentation offload: the network card fills in the length later.
        (
            "no length in IPv4",
            Box::new(|data| {
                let mut data = data.to_vec();
                data[16..18].copy_from_slice(&[0, 0]);
                data
            }),
        ),
        // A header of 24 bytes, with an option that does nothing.
        (
            "options in IPv4",
            Box::new(|data| {
                let mut out = [&data[..34], &[1, 1, 1, 0], &data[34..]].concat();
                out[14] = 0x46;
                let length = u16::from_be_bytes([data[16], data[17]]) + 4;
                out[16..18].copy_from_slice(&length.to_be_bytes());
                out
            }),
        ),
    ];
    for (name, form) in forms {
        let mut file = PacketFile::new();
        for (at_us, data) in &packets {
            file.packet(*at_us, &form(data));
        }
        assert_same(&survey(file.bytes(), &[&wanted]), &wanted, Some(BEGAN_US), name);
    }
}

#[test]
fn a_file_that_ends_in_the_middle_gives_what_it_has() {
    let (wanted, packets) = good();
    let mut file = PacketFile::new();
    for (at_us, data) in &packets {
        file.packet(*at_us, data);
    }
    let whole = file.bytes();
    for cut in [1, 20, 100] {
        let survey = survey(&whole[..whole.len() - cut], &[&wanted]);
        let [remark] = survey.index.remarks.as_slice() else {
            panic!("{:?}", survey.index.remarks);
        };
        assert!(
            remark.starts_with(
                "Only a part of the file could be read: the file ends in the middle of a packet"
            ),
            "{remark}"
        );
        assert_says(&survey.capture(&survey.rows[0]).expect("read"), &wanted, "cut");
    }
    // A length that no file of this size has.
    let mut long = whole.to_vec();
    long[24 + 8..24 + 12].copy_from_slice(&40_000_000u32.to_le_bytes());
    let index = survey(&long, &[]).index;
    assert!(index.connections.is_empty());
    assert!(
        index.remarks[0].contains("ends in the middle of a packet, at byte 24"),
        "{:?}",
        index.remarks
    );
}

/// A file may bring its secrets along, in as many blocks as it likes, and the same ones again and again.
#[test]
fn secrets_that_come_with_the_file_are_kept_once() {
    let (wanted, packets) = good();
    let log = key_log(&[&wanted]);
    for is_big in [false, true] {
        let mut file = Pcapng::new(is_big);
        file.interface(ETHERNET, 0, &[]);
        for _ in 0..1000 {
            file.secrets(&log);
        }
        for (at_us, data) in &packets {
            file.enhanced(0, *at_us, data, &[]);
        }
        file.secrets(&log);
        let survey = survey(file.bytes(), &[]);
        assert_same(&survey, &wanted, Some(BEGAN_US), "secrets inside");
        let held = survey.index.key_log.secrets().count();
        let mut once = KeyLog::default();
        once.read(&log);
        assert_eq!(held, once.secrets().count());
        assert_eq!(survey.index.key_log.len(), 1001 * log.lines().count());
        assert_eq!(survey.index.key_log.left_out(), 0);
    }
}
