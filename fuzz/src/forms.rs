//! Seeds in every form that is read, made by the tests' own builders: packed, tunnelled, in fragments, carried by other protocols,
//! on the air; and containers in BER.

use std::path::Path;

use mtlscope::capture::{Capture, Side};

use crate::support::packets::{Ends, PacketFile, gzip, zstandard};
use crate::support::wrapped::Cut;
use crate::support::{ber, carried, packets, wifi, wrapped, wraps};

const ENDS: Ends = Ends {
    client: (1, 40_001),
    server: (2, 8443),
    at_us: 1_795_510_800_000_000,
};
const PROXY: &[u8] = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";

fn file_of(capture: &Capture) -> Vec<u8> {
    let mut file = PacketFile::new();
    file.connection(capture, ENDS);
    file.bytes().to_vec()
}

/// The client's first bytes with others before them.
fn behind(header: &[u8], capture: &Capture) -> Capture {
    let mut capture = capture.clone();
    if let Some(first) = capture.segments.first_mut() {
        first.bytes = [header, &first.bytes].concat();
    }
    capture
}

/// Packet captures in which this was said.
pub fn captures(capture: &Capture) -> Vec<Vec<u8>> {
    let plain = file_of(capture);
    let frames = packets::packets(&plain);
    let mut all = vec![gzip(&plain), zstandard(&plain)];
    for (_, wrap, _) in wraps::wraps() {
        let wrapped: Vec<_> = frames.iter().map(|(at, data)| (*at, wrap(data))).collect();
        all.push(wrapped::file(&wrapped));
    }
    let numbered = || frames.iter().zip(0..);
    let parts = |cut: &Cut| -> Vec<(u64, Vec<u8>)> {
        let parts = |((at, data), number): (&(u64, Vec<u8>), u16)| {
            let at = *at;
            wrapped::fragments(data, number, cut)
                .into_iter()
                .map(move |part| (at, part))
        };
        numbered().flat_map(parts).collect()
    };
    all.push(wrapped::file(&parts(&Cut::Every(512))));
    all.push(wrapped::file(&parts(&Cut::First(16))));
    let mut backwards = parts(&Cut::Every(256));
    backwards.reverse();
    all.push(wrapped::file(&backwards));
    let of_v6 = numbered().flat_map(|((at, data), number)| {
        let outer = wrapped::ethernet(0x86dd, &wrapped::ipv6(4, &data[14..]));
        let parts = wrapped::fragments_v6(&outer, u32::from(number), 512);
        parts.into_iter().map(|part| (*at, part))
    });
    all.push(wrapped::file(&of_v6.collect::<Vec<_>>()));
    all.push(wifi::wifi_file(&frames, 0));
    all.push(wifi::wifi_file(&frames[..4.min(frames.len())], 0x40));
    let tds = carried::in_tds(capture, 500);
    all.extend([&behind(PROXY, capture), &tds, &behind(PROXY, &tds)].map(file_of));
    for hmac in [0, 20, 32] {
        let mut file = PacketFile::new();
        for (at_us, side, payload) in carried::in_openvpn(capture, 0, hmac, 1200) {
            carried::udp(&mut file, ENDS, at_us, side, &payload);
        }
        all.push(file.bytes().to_vec());
    }
    all.extend(in_eap(capture));
    all
}

/// EAP-TLS and TTLS, in EAPOL (on a wire and on the air) and in RADIUS.
fn in_eap(capture: &Capture) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for kind in [13, 21] {
        let mut on_link = PacketFile::new();
        let mut in_radius = PacketFile::new();
        for (number, (at_us, side, eap)) in (0..).zip(carried::in_eap(capture, kind, 1000, true)) {
            carried::eapol(&mut on_link, ENDS.at_us + at_us, side, &eap);
            let code = if side == Side::Client { 1 } else { 11 };
            let packet = carried::radius(code, number, b"state", &eap);
            let ends = Ends {
                server: (2, 1812),
                ..ENDS
            };
            carried::udp(&mut in_radius, ends, at_us, side, &packet);
        }
        all.push(wifi::wifi_file(&packets::packets(on_link.bytes()), 0));
        all.extend([on_link, in_radius].map(|file| file.bytes().to_vec()));
    }
    all
}

/// Containers of the fixtures in BER.
pub fn containers(fixtures: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for name in [
        "orders.p12",
        "legacy-rc2-40.p12",
        "unencrypted.p12",
        "two.java.p12",
    ] {
        let container = std::fs::read(fixtures.join(name))?;
        all.extend([ber::ber(&container), ber::in_ber_all_through(&container)]);
    }
    let pkcs7 = std::fs::read(fixtures.join("chain-der.p7b"))?;
    all.push(ber::indefinite(0x30, ber::element(&pkcs7).1));
    Ok(all)
}

/// PEM in the disguises in which people have it.
pub fn disguises(pem: &str) -> Vec<Vec<u8>> {
    let utf16 = |units: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let mark = std::iter::once(0xfeff_u16);
        mark.chain(pem.encode_utf16()).flat_map(units).collect()
    };
    vec![
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        format!("\u{feff}{pem}").into_bytes(),
        pem.replace('\n', "\\n").into_bytes(),
        pem.replace('\n', " ").into_bytes(),
        pem.replace('\n', "").into_bytes(),
        pem.replace('\n', "\r").into_bytes(),
        pem.replace("-----\n-----", "----------").into_bytes(),
        pem.replace('\n', "\n    ").into_bytes(),
    ]
}
