//! Packets as a monitor records them on the air.

use super::packets::PacketFile;

const RADIOTAP: u8 = 127;
/// Radiotap's header: version, length, no fields.
const HEADER: [u8; 8] = [0, 0, 8, 0, 0, 0, 0, 0];

/// An Ethernet frame as a frame of data on its way to the access point, behind radiotap, with a check sequence at its end.
fn on_air(data: &[u8], flags: u8) -> Vec<u8> {
    let (to, from) = (&data[..6], &data[6..12]);
    let access_point = [6; 6];
    let control = [0x88, 0x01 | flags, 0, 0];
    let llc = [0xaa, 0xaa, 3, 0, 0, 0];
    let head = [&control[..], &access_point, from, to, &[0x20, 0, 0, 0], &llc].concat();
    [&HEADER[..], &head, &data[12..], &[0xfc; 4]].concat()
}

/// The same packets in a file of Wi-Fi; `flags` are more of the frame's.
pub fn wifi_file(all: &[(u64, Vec<u8>)], flags: u8) -> Vec<u8> {
    let mut file = PacketFile::new();
    for (at_us, data) in all {
        file.packet(*at_us, &on_air(data, flags));
    }
    let mut bytes = file.bytes().to_vec();
    bytes[20] = RADIOTAP;
    bytes
}
