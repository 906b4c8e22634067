//! What each block of a capture file means, with what the blocks before it said: link types, clocks, byte order.

use pcap_parser::{Block, InterfaceDescriptionBlock, Linktype, PcapBlockOwned, UnknownBlock};

use super::item::{Item, Packet};

/// TLS key log (pcapng's registry of secrets types).
const TLS_KEY_LOG: u32 = 0x544c_534b;
/// pcapng's first form of a packet, obsolete since the enhanced one.
const PACKET_BLOCK: u32 = 2;
/// Microseconds, where an interface does not say how fine its clock is.
const MICROSECONDS: u8 = 6;

/// Takes an item with the bytes read so far, and says whether to go on.
pub(super) type Each<'a> = dyn FnMut(Item<'_>, u64) -> bool + 'a;

/// What blocks before said of those that follow.
#[derive(Default)]
pub(super) struct Blocks {
    link: Linktype,
    is_nanosecond: bool,
    /// Bytes before a packet's data in a pcap file.
    packet_header: u64,
    /// The byte order of the pcapng section.
    is_big_endian: bool,
    interfaces: Vec<Interface>,
}

/// An interface of a pcapng section.
struct Interface {
    link: Linktype,
    clock: Clock,
    /// No more than this of a packet was recorded; 0: all of it.
    limit: u32,
}

/// How an interface counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    /// if_tsresol: a second has 10 to the power of this many ticks, or with the highest bit set 2 to the power of the rest.
    resolution: u8,
    /// if_tsoffset: seconds to be added.
    offset_s: i64,
}

impl Blocks {
    /// Hands over a block's item; `false` where the taker has had enough.
    pub(super) fn item(&mut self, block: &PcapBlockOwned<'_>, position: u64, each: &mut Each<'_>) -> bool {
        match block {
            PcapBlockOwned::LegacyHeader(header) => {
                // The upper half says whether a frame check sequence follows each frame; IP's own length cuts it off.
                self.link = Linktype(header.network.0 & 0xffff);
                self.is_nanosecond = header.is_nanosecond_precision();
                self.packet_header = if header.is_modified_format() { 24 } else { 16 };
                true
            }
            PcapBlockOwned::Legacy(packet) => {
                let fraction_us = if self.is_nanosecond {
                    packet.ts_usec / 1000
                } else {
                    packet.ts_usec
                };
                let at_unix_us = i64::from(packet.ts_sec) * 1_000_000 + i64::from(fraction_us);
                let packet = Packet {
                    link: self.link,
                    at_unix_us: known(at_unix_us),
                    data: packet.data,
                    offset: position + self.packet_header,
                };
                each(Item::Packet(packet), position)
            }
            PcapBlockOwned::NG(block) => {
                let item = self.next_generation(block, position);
                item.is_none_or(|item| each(item, position))
            }
        }
    }

    fn next_generation<'b>(&mut self, block: &Block<'b>, position: u64) -> Option<Item<'b>> {
        match block {
            // Interfaces are numbered anew in each section.
            Block::SectionHeader(section) => {
                self.interfaces.clear();
                self.is_big_endian = section.big_endian();
                None
            }
            Block::InterfaceDescription(interface) => {
                let interface = self.interface(interface);
                self.interfaces.push(interface);
                None
            }
            Block::EnhancedPacket(packet) => Some(self.packet(
                packet.if_id as usize,
                Some((packet.ts_high, packet.ts_low)),
                (packet.data, packet.caplen),
                position + 28,
            )),
            Block::SimplePacket(packet) => {
                let limit = self.interfaces.first().map_or(0, |interface| interface.limit);
                let length = match limit {
                    0 => packet.origlen,
                    limit => packet.origlen.min(limit),
                };
                Some(self.packet(0, None, (packet.data, length), position + 12))
            }
            // The reader gives the type of a block that it does not know as little-endian.
            Block::Unknown(block)
                if block.block_type
                    == if self.is_big_endian {
                        PACKET_BLOCK.swap_bytes()
                    } else {
                        PACKET_BLOCK
                    } =>
            {
                self.obsolete(block, position)
            }
            Block::DecryptionSecrets(secrets) if secrets.secrets_type.0 == TLS_KEY_LOG => {
                Some(Item::Secrets(captured(secrets.data, secrets.secrets_len)))
            }
            _ => None,
        }
    }

    fn interface(&self, interface: &InterfaceDescriptionBlock<'_>) -> Interface {
        // The reader takes the offset for little-endian whatever the section is, and knows no powers of two.
        let offset_s = if self.is_big_endian {
            interface.if_tsoffset.swap_bytes()
        } else {
            interface.if_tsoffset
        };
        Interface {
            link: interface.linktype,
            clock: Clock {
                resolution: interface.if_tsresol,
                offset_s,
            },
            limit: interface.snaplen,
        }
    }

    fn packet<'b>(
        &self,
        interface: usize,
        time: Option<(u32, u32)>,
        (data, length): (&'b [u8], u32),
        offset: u64,
    ) -> Item<'b> {
        let Some(interface) = self.interfaces.get(interface) else {
            return Item::NoInterface;
        };
        Item::Packet(Packet {
            link: interface.link,
            at_unix_us: time.and_then(|(high, low)| interface.clock.unix_us(high, low)),
            data: captured(data, length),
            offset,
        })
    }

    /// A packet block of pcapng's first days: interface, drops, time, lengths, data.
    fn obsolete<'b>(&self, block: &UnknownBlock<'b>, position: u64) -> Option<Item<'b>> {
        let (header, data) = block.data.split_at_checked(20)?;
        let number = |at: usize| {
            let bytes: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
            Some(if self.is_big_endian {
                u32::from_be_bytes(bytes)
            } else {
                u32::from_le_bytes(bytes)
            })
        };
        // Two numbers of two bytes: the first one is the interface.
        let interface = if self.is_big_endian {
            number(0)? >> 16
        } else {
            number(0)? & 0xffff
        };
        let time = (number(4)?, number(8)?);
        Some(self.packet(interface as usize, Some(time), (data, number(12)?), position + 28))
    }
}

impl Clock {
    /// Microseconds since the Unix epoch.
    fn unix_us(self, high: u32, low: u32) -> Option<i64> {
        let ticks = (u128::from(high) << 32) | u128::from(low);
        known(ticks as i64)?;
        let exponent = u32::from(self.resolution & 0x7f);
        let us = if self.resolution & 0x80 != 0 {
            (ticks * 1_000_000) >> exponent
        } else if exponent <= u32::from(MICROSECONDS) {
            ticks * 10u128.pow(u32::from(MICROSECONDS) - exponent)
        } else {
            // A clock finer than this has not counted to a microsecond yet.
            10u128
                .checked_pow(exponent - u32::from(MICROSECONDS))
                .map_or(0, |ticks_in_us| ticks / ticks_in_us)
        };
        let us = i64::try_from(us).unwrap_or(i64::MAX);
        known(us.saturating_add(self.offset_s.saturating_mul(1_000_000)))
    }
}

/// A time of zero is none.
fn known(at: i64) -> Option<i64> {
    Some(at).filter(|at| *at != 0)
}

/// The bytes without the block's filling.
fn captured(data: &[u8], length: u32) -> &[u8] {
    data.get(..length as usize).unwrap_or(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resolution_counts_to_the_same_moment() {
        let at = |resolution: u8, offset_s: i64, ticks: u128| {
            let ticks = ticks as u64;
            Clock { resolution, offset_s }.unix_us((ticks >> 32) as u32, ticks as u32)
        };
        // 2026-11-24 09:00:00.25 UTC.
        let moment = 1_795_510_800_250_000;
        assert_eq!(at(0, 0, 1_795_510_800), Some(moment - 250_000));
        assert_eq!(at(3, 0, 1_795_510_800_250), Some(moment));
        assert_eq!(at(6, 0, 1_795_510_800_250_000), Some(moment));
        assert_eq!(at(7, 0, 17_955_108_002_500_009), Some(moment));
        assert_eq!(at(9, 0, 1_795_510_800_250_000_999), Some(moment));
        assert_eq!(at(0x80, 0, 1_795_510_800), Some(moment - 250_000));
        assert_eq!(at(0x8a, 0, (1_795_510_800 << 10) + 256), Some(moment));
        assert_eq!(at(0xa0, 0, (1_795_510_800 << 32) + (1 << 30)), Some(moment));
        assert_eq!(at(6, 3600, 1_795_507_200_250_000), Some(moment));
        assert_eq!(at(6, -3600, 1_795_514_400_250_000), Some(moment));
        // No time, and clocks that nobody has.
        assert_eq!(at(6, 0, 0), None);
        assert_eq!(at(127, 0, u128::from(u64::MAX)), None);
        assert_eq!(at(0xff, 0, u128::from(u64::MAX)), None);
        assert_eq!(at(0, i64::MAX, u128::from(u64::MAX)), Some(i64::MAX));
        assert_eq!(at(0, i64::MIN, 1), Some(i64::MIN + 1_000_000));
    }
}
