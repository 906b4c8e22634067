//! One EAP conversation: the fragments of both sides put together again (RFC 5216 §2.1.5), and how it ended.
//!
//! EAP goes turn by turn, so that two packets of one side in a row tell that the other's was not recorded.

use super::evidence::{Carried, Place};
use super::room::{Room, Used};
use crate::capture::{
    Alteration, Carrier, EapLower, EapMethod, Event, EventKind, Gap, PerSide, Segment, Side,
};
use crate::preamble::eap::{Code, Eap, Fragment, IDENTITY};
use crate::source::packets::since::Since;

/// One conversation, as far as it has come.
#[derive(Debug)]
pub(super) struct Conversation {
    number: u64,
    since: Since,
    used: Used,
    lower: EapLower,
    pub ends: PerSide<Option<String>>,
    pub through: Option<String>,
    identity: Option<String>,
    method: Option<EapMethod>,
    /// The method's Start was seen.
    has_begun: bool,
    runs: PerSide<Run>,
    /// The latest packet of each side: the same once more is a repetition.
    latest: PerSide<Vec<u8>>,
    /// Who sent the latest packet of the method.
    last_from: Option<Side>,
    segments: Vec<Segment>,
    admission: Option<Event>,
}

/// A run of records that comes in fragments.
#[derive(Debug, Default)]
struct Run {
    parts: Vec<(u64, Vec<u8>)>,
    total: Option<u32>,
    /// A fragment is missing before this part.
    hole: Option<usize>,
    is_open: bool,
}

impl Conversation {
    pub(super) fn new(lower: EapLower, place: Place) -> Self {
        Self {
            number: place.number,
            since: Since::default(),
            used: Used::default(),
            lower,
            ends: PerSide::default(),
            through: None,
            identity: None,
            method: None,
            has_begun: false,
            runs: PerSide::default(),
            latest: PerSide::default(),
            last_from: None,
            segments: Vec::new(),
            admission: None,
        }
    }

    /// Whether a packet cannot belong to this conversation: it is over, or another one begins.
    pub(super) fn is_over_before(&self, eap: &Eap<'_>, bytes: &[u8]) -> bool {
        if self.latest.of(eap.code.sender()).as_slice() == bytes {
            return false;
        }
        let is_question = matches!(eap.code, Code::Request | Code::Response);
        if self.admission.is_some() {
            return is_question;
        }
        let starts = || {
            let method = eap.method()?;
            Some(Fragment::read(method, eap.data)?.is_start)
        };
        let has_spoken = !self.segments.is_empty() || self.runs.client.is_open || self.runs.server.is_open;
        has_spoken && is_question && (eap.kind == Some(IDENTITY) || starts() == Some(true))
    }

    /// Takes one EAP packet; `bytes` are its own.
    pub(super) fn take(&mut self, eap: &Eap<'_>, bytes: &[u8], place: Place, room: &mut Room) {
        let at_us = self.since.at_us(place.at_unix_us);
        let side = eap.code.sender();
        if self.latest.of(side).as_slice() == bytes || !room.packet(&mut self.used, bytes.len()) {
            return;
        }
        *self.latest.of_mut(side) = bytes.to_vec();
        match eap.code {
            Code::Success | Code::Failure => {
                self.admitted(eap.code == Code::Success, at_us);
                return;
            }
            Code::Request | Code::Response => {}
        }
        if eap.code == Code::Response && eap.kind == Some(IDENTITY) {
            self.identity = Some(String::from_utf8_lossy(eap.data).into_owned());
        }
        let Some(method) = eap.method() else { return };
        if let Some(fragment) = Fragment::read(method, eap.data) {
            self.method = Some(method);
            self.fragment(side, &fragment, at_us);
            self.last_from = Some(side);
        }
    }

    /// The server's last word.
    pub(super) fn admitted(&mut self, is_granted: bool, at_us: u64) {
        self.admission.get_or_insert(Event {
            at_us,
            side: Side::Server,
            kind: EventKind::Admission { is_granted },
        });
    }

    /// The same, said by what carries EAP.
    pub(super) fn admitted_below(&mut self, is_granted: bool, place: Place) {
        let at_us = self.since.at_us(place.at_unix_us);
        self.admitted(is_granted, at_us);
    }

    fn fragment(&mut self, side: Side, fragment: &Fragment<'_>, at_us: u64) {
        if fragment.is_start {
            self.has_begun = true;
            return;
        }
        if self.last_from == Some(side) {
            self.missed(side.peer(), at_us);
        }
        if fragment.data.is_empty() && !fragment.has_more {
            // It only asks for more.
            return;
        }
        let run = self.runs.of_mut(side);
        run.is_open = true;
        run.total = run.total.or(fragment.total);
        run.parts.push((at_us, fragment.data.to_vec()));
        if !fragment.has_more {
            self.close(side);
        }
    }

    /// A packet of this side was not recorded.
    fn missed(&mut self, side: Side, at_us: u64) {
        let run = self.runs.of_mut(side);
        if run.is_open {
            run.hole.get_or_insert(run.parts.len());
        } else if self.runs.of(side.peer()).is_open {
            // It only asked for more of what the other one says.
        } else {
            self.segments.push(gap(side, at_us, None));
        }
    }

    /// The run is whole, or no more of it will come.
    fn close(&mut self, side: Side) {
        let run = std::mem::take(self.runs.of_mut(side));
        let length: usize = run.parts.iter().map(|(_, bytes)| bytes.len()).sum();
        let lacks = run
            .total
            .and_then(|total| (total as usize).checked_sub(length))
            .filter(|lacks| *lacks > 0 || run.hole.is_none());
        let last = run.parts.len().saturating_sub(1);
        let hole = match (lacks, run.hole) {
            (Some(0), _) | (None, None) => None,
            (lacks, known) => Some((known.unwrap_or(last), lacks)),
        };
        for (index, (at_us, bytes)) in run.parts.into_iter().enumerate() {
            if let Some((_, lacks)) = hole.filter(|(at, _)| *at == index) {
                self.segments.push(gap(side, at_us, lacks));
            }
            self.segments.push(Segment {
                at_us,
                from: side,
                bytes,
                altered: None,
            });
        }
    }

    /// All that was said; `None` where it was not TLS.
    pub(super) fn finish(mut self) -> Option<Carried> {
        for side in Side::BOTH {
            // Nobody said how much more there was to come: what is there is read.
            self.runs.of_mut(side).total = None;
            self.close(side);
        }
        let method = self.method.filter(|_| !self.segments.is_empty())?;
        Some(Carried {
            ends: self.ends,
            number: self.number,
            started_at_unix_us: self.since.started_at_unix_us,
            segments: self.segments,
            events: self.admission.into_iter().collect(),
            carrier: Carrier::Eap {
                method,
                lower: self.lower,
                identity: self.identity,
                through: self.through,
            },
            began_before_recording: !self.has_begun,
        })
    }
}

fn gap(from: Side, at_us: u64, bytes: Option<usize>) -> Segment {
    Segment {
        at_us,
        from,
        bytes: Vec::new(),
        altered: Some(Alteration::Missing {
            bytes: bytes.unwrap_or_default() as u64,
            why: match bytes {
                Some(_) => Gap::NotRecorded,
                None => Gap::UnknownLength,
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came of packets, each of a side, with the data of the method.
    fn came(packets: &[(Side, &[u8])]) -> Option<Carried> {
        let mut room = Room::default();
        let place = |number: u64| Place {
            at_unix_us: None,
            number,
        };
        let mut conversation = Conversation::new(EapLower::Eapol, place(0));
        for (number, (side, data)) in (0u64..).zip(packets) {
            let code = if *side == Side::Server { 1 } else { 2 };
            let length = 5 + data.len();
            let bytes = [&[code, number as u8, 0, length as u8, 13][..], data].concat();
            let eap = Eap::read(&bytes).expect("a packet");
            conversation.take(&eap, &bytes, place(number), &mut room);
        }
        conversation.finish()
    }

    fn bytes(carried: &Carried) -> Vec<(Side, &[u8], bool)> {
        let all = carried.segments.iter();
        all.map(|one| (one.from, &one.bytes[..], one.altered.is_some()))
            .collect()
    }

    #[test]
    fn a_start_is_no_data_and_tells_that_the_beginning_was_seen() {
        use Side::{Client, Server};
        assert!(came(&[]).is_none());
        assert!(came(&[(Server, &[0x20])]).is_none(), "nothing of TLS was said");
        let begun = came(&[(Server, &[0x20]), (Client, &[0, 1, 2])]).expect("TLS");
        assert!(!begun.began_before_recording);
        assert_eq!(bytes(&begun), [(Client, &[1, 2][..], false)]);
        let midway = came(&[(Client, &[0, 1, 2])]).expect("TLS");
        assert!(midway.began_before_recording);
    }

    #[test]
    fn fragments_are_one_run_and_what_only_asks_for_more_is_none() {
        use Side::{Client, Server};
        let run = came(&[
            (Client, &[0x40, 1]),
            (Server, &[0]),
            (Client, &[0x40, 2]),
            (Server, &[0]),
            (Client, &[0, 3]),
            (Server, &[0, 9]),
        ])
        .expect("TLS");
        assert_eq!(
            bytes(&run),
            [
                (Client, &[1][..], false),
                (Client, &[2], false),
                (Client, &[3], false),
                (Server, &[9], false)
            ]
        );
        // The client's second fragment was not recorded: two packets of the server in a row tell it.
        let hole = came(&[
            (Client, &[0x40, 1]),
            (Server, &[0]),
            (Server, &[0x00]),
            (Client, &[0, 3]),
        ])
        .expect("TLS");
        assert!(
            bytes(&hole)
                .iter()
                .any(|(side, _, is_gap)| *side == Client && *is_gap)
        );
    }
}
