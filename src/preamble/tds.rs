//! TDS 7, SQL Server's protocol: its PRELOGIN, and TLS records in its packets until the handshake is over, bare after it
//! ([MS-TDS] 2.2.3.1, 2.2.6.5, 3.2.5.1). In TDS 8 TLS comes first, and nothing of this is there.

use super::proxy::Header;
use super::u16_at;
use crate::capture::{Alteration, PerSide, Segment, Side};

/// A packet's header: type, status, length, process, number, window.
pub const HEADER: usize = 8;
/// The type of PRELOGIN, and of the packets with TLS in them.
pub const PRELOGIN: u8 = 0x12;
/// The type of a server's answers.
pub const RESPONSE: u8 = 0x04;
/// The status bit of a message's last packet.
const LAST: u8 = 1;
/// The option that speaks of encryption.
pub const ENCRYPTION: u8 = 1;

/// What an option of PRELOGIN is called.
pub fn option_name(token: u8) -> &'static str {
    match token {
        0 => "version",
        ENCRYPTION => "encryption",
        2 => "instance",
        3 => "thread_id",
        4 => "multiple_active_result_sets",
        5 => "trace_id",
        6 => "federated_authentication",
        7 => "nonce",
        _ => "option",
    }
}

/// What the encryption option says, by its name in [MS-TDS].
pub fn encryption_name(value: u8) -> Option<&'static str> {
    Some(match value {
        0 => "ENCRYPT_OFF",
        1 => "ENCRYPT_ON",
        2 => "ENCRYPT_NOT_SUP",
        3 => "ENCRYPT_REQ",
        0x20 => "ENCRYPT_EXT",
        0x80 => "ENCRYPT_CLIENT_CERT with ENCRYPT_OFF",
        0x81 => "ENCRYPT_CLIENT_CERT with ENCRYPT_ON",
        0x83 => "ENCRYPT_CLIENT_CERT with ENCRYPT_REQ",
        _ => return None,
    })
}

/// One option of a PRELOGIN, and where its value lies in the packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreloginOption {
    /// Which.
    pub token: u8,
    /// In the packet, its header included.
    pub value: std::ops::Range<usize>,
}

/// The options of a whole PRELOGIN, either way; `None` where these bytes are none.
pub fn prelogin(packet: &[u8]) -> Option<Vec<PreloginOption>> {
    let kind = *packet.first()?;
    let length = usize::from(u16_at(packet, 2)?);
    if !matches!(kind, PRELOGIN | RESPONSE) || length != packet.len() || !is_header(packet) {
        return None;
    }
    let mut options = Vec::new();
    let mut at = HEADER;
    loop {
        let token = *packet.get(at)?;
        if token == 0xff {
            // The version always stands first.
            return options
                .first()
                .is_some_and(|option: &PreloginOption| option.token == 0)
                .then_some(options);
        }
        let start = HEADER + usize::from(u16_at(packet, at + 1)?);
        let value = start..start + usize::from(u16_at(packet, at + 3)?);
        packet.get(value.clone())?;
        options.push(PreloginOption { token, value });
        at += 5;
    }
}

/// What a PRELOGIN says of encryption.
pub fn encryption(packet: &[u8]) -> Option<u8> {
    let options = prelogin(packet)?;
    let option = options.iter().find(|option| option.token == ENCRYPTION)?;
    packet.get(option.value.start).copied()
}

/// Whether a packet's header may begin here: nobody uses process and window before the login.
fn is_header(bytes: &[u8]) -> bool {
    bytes.get(1).is_some_and(|status| *status <= LAST) && bytes.get(7) == Some(&0)
}

/// Whether a client's first bytes are a PRELOGIN.
pub fn begins_stream(bytes: &[u8]) -> bool {
    u16_at(bytes, 2)
        .and_then(|length| bytes.get(..usize::from(length)))
        .is_some_and(|packet| packet.first() == Some(&PRELOGIN) && prelogin(packet).is_some())
}

/// A stream with TLS taken out of TDS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwrapped {
    /// PRELOGIN as it was, and then TLS records alone.
    pub segments: Vec<Segment>,
    /// After TLS they went on in packets of TDS, which are left out.
    pub login_only: bool,
}

/// Takes TLS out of the packets of TDS. `None`: there is none in it, and the segments are good as they are.
pub fn unwrap(segments: &[Segment]) -> Option<Unwrapped> {
    let mut sides = PerSide::<Stream>::default();
    sides.client.phase = Phase::Within {
        left: proxy_header(segments),
        next: Next::Prelogin,
    };
    let mut out = Vec::with_capacity(segments.len());
    for segment in segments {
        let stream = sides.of_mut(segment.from);
        if let Some(Alteration::Missing { bytes, .. }) = segment.altered {
            stream.skip(bytes);
            out.push(segment.clone());
            continue;
        }
        let bytes = stream.take(segment.from, &segment.bytes);
        if !bytes.is_empty() {
            out.push(Segment {
                bytes,
                ..segment.clone()
            });
        }
    }
    let is_wrapped = Side::BOTH.iter().any(|side| sides.of(*side).has_wrapped);
    is_wrapped.then(|| Unwrapped {
        segments: out,
        login_only: Side::BOTH
            .iter()
            .any(|side| sides.of(*side).phase == Phase::Plain),
    })
}

/// The length of a PROXY header that the client's bytes begin with: a load balancer's, before all that is TDS.
fn proxy_header(segments: &[Segment]) -> usize {
    /// Headers with more in them are not written.
    const LONGEST: usize = 4096;
    let of_client = segments.iter().filter(|segment| segment.from == Side::Client);
    let mut start = Vec::new();
    for segment in of_client.take_while(|segment| segment.altered.is_none()) {
        start.extend(segment.bytes.iter().take(LONGEST));
        if start.len() >= LONGEST {
            break;
        }
    }
    Header::read(&start).map_or(0, |header| header.length)
}

/// Where one direction stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Before or between packets of PRELOGIN, which stay as they are.
    #[default]
    Prelogin,
    /// Before a packet, or a bare record.
    Between,
    /// In a packet or a record whose bytes are kept, so many of them still to come.
    Within { left: usize, next: Next },
    /// Something else, or a place that was lost: all is kept.
    Lost,
    /// TDS without TLS: nothing is kept.
    Plain,
}

/// What follows a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Prelogin,
    Between,
}

/// One direction.
#[derive(Debug, Default)]
struct Stream {
    phase: Phase,
    /// The beginning of a header.
    header: Vec<u8>,
    /// What of a record in packets is still to come, or its header.
    record: Record,
    has_wrapped: bool,
    has_bare: bool,
}

impl Stream {
    fn take(&mut self, from: Side, mut bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        loop {
            match self.phase {
                Phase::Lost => {
                    out.append(&mut self.header);
                    out.extend_from_slice(bytes);
                    return out;
                }
                Phase::Plain => return out,
                Phase::Within { left: 0, next } => {
                    self.phase = match next {
                        Next::Prelogin => Phase::Prelogin,
                        Next::Between => Phase::Between,
                    };
                }
                Phase::Within { left, next } => {
                    if bytes.is_empty() {
                        return out;
                    }
                    let (now, later) = bytes.split_at(left.min(bytes.len()));
                    out.extend_from_slice(now);
                    if !self.has_bare && next == Next::Between {
                        self.record.pass(now);
                    }
                    bytes = later;
                    self.phase = Phase::Within {
                        left: left - now.len(),
                        next,
                    };
                }
                Phase::Prelogin | Phase::Between => {
                    let Some((first, later)) = bytes.split_first() else {
                        return out;
                    };
                    self.header.push(*first);
                    bytes = later;
                    self.begin(from, &mut out);
                }
            }
        }
    }

    /// Looks at what has come of a header.
    fn begin(&mut self, from: Side, out: &mut Vec<u8>) {
        let header = self.header.as_slice();
        let length = u16_at(header, 2).map(usize::from);
        if self.phase == Phase::Prelogin {
            let kind = if from == Side::Client { PRELOGIN } else { RESPONSE };
            let is_one = header.first() == Some(&kind) && length.is_none_or(|length| length >= HEADER);
            if !is_one {
                self.phase = Phase::Lost;
            } else if let (Some(length), HEADER) = (length, header.len()) {
                let is_last = header.get(1).is_some_and(|status| status & LAST != 0);
                self.phase = Phase::Within {
                    left: length - HEADER,
                    next: if is_last { Next::Between } else { Next::Prelogin },
                };
                // PRELOGIN is no record.
                self.record = Record::default();
                out.append(&mut self.header);
                if is_last {
                    self.record = Record {
                        skip: length - HEADER,
                        ..Record::default()
                    };
                }
            }
            return;
        }
        match header.first() {
            // A bare record.
            Some(0x14..=0x17) if header.get(1).is_none_or(|major| *major == 3) => {
                if let [_, _, _, high, low] = *header {
                    self.has_bare = true;
                    self.phase = Phase::Within {
                        left: usize::from(u16::from_be_bytes([high, low])),
                        next: Next::Between,
                    };
                    out.append(&mut self.header);
                }
            }
            Some(&PRELOGIN) if !self.has_bare => self.wrapped(length),
            Some(&RESPONSE) if !self.has_bare && self.record.is_open() => self.wrapped(length),
            // Servers of old answer in this type: what begins a record is one.
            Some(&RESPONSE) if !self.has_bare && header.len() < HEADER + 2 => {}
            Some(&RESPONSE) if !self.has_bare && matches!(header.get(HEADER..), Some([0x14..=0x17, 3])) => {
                let payload = self.header.split_off(HEADER);
                self.wrapped(length);
                if let Phase::Within { left, next } = self.phase {
                    self.record.pass(&payload);
                    self.phase = Phase::Within {
                        left: left.saturating_sub(payload.len()),
                        next,
                    };
                    out.extend_from_slice(&payload);
                }
            }
            // TDS's other types: a login in the clear, a batch, a result.
            Some(1..=0x12) if self.has_wrapped => {
                self.phase = Phase::Plain;
                self.header.clear();
            }
            _ => self.phase = Phase::Lost,
        }
    }

    /// A packet with TLS in it, once its header is whole.
    fn wrapped(&mut self, length: Option<usize>) {
        if let (Some(length), HEADER) = (length, self.header.len()) {
            self.header.clear();
            self.has_wrapped = true;
            self.phase = match length.checked_sub(HEADER) {
                Some(left) => Phase::Within {
                    left,
                    next: Next::Between,
                },
                None => Phase::Lost,
            };
        }
    }

    /// So many bytes were not recorded.
    fn skip(&mut self, bytes: u64) {
        let lost = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.phase = match self.phase {
            Phase::Within { left, next } if self.has_bare && lost <= left => Phase::Within {
                left: left - lost,
                next,
            },
            Phase::Plain => Phase::Plain,
            Phase::Prelogin | Phase::Between | Phase::Within { .. } | Phase::Lost => Phase::Lost,
        };
    }
}

/// A record that lies in packets, as far as it has come.
#[derive(Debug, Default)]
struct Record {
    /// Bytes of PRELOGIN before the first.
    skip: usize,
    header: Vec<u8>,
    left: usize,
}

impl Record {
    fn is_open(&self) -> bool {
        self.left > 0 || !self.header.is_empty()
    }

    fn pass(&mut self, bytes: &[u8]) {
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        let mut rest = bytes.get(skipped..).unwrap_or_default();
        while !rest.is_empty() {
            if self.left > 0 {
                let now = self.left.min(rest.len());
                self.left -= now;
                rest = rest.get(now..).unwrap_or_default();
                continue;
            }
            let wanted = 5 - self.header.len();
            let (now, later) = rest.split_at(wanted.min(rest.len()));
            self.header.extend_from_slice(now);
            rest = later;
            if let [_, _, _, high, low] = *self.header.as_slice() {
                self.left = usize::from(u16::from_be_bytes([high, low]));
                self.header.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests;
