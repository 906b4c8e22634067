//! Rows in the order of their times, each in its chapter, and the one where it broke.

use super::flights::{Class, Flight, flights, messages_of};
use super::moments::{Moment, Verification, moments, verifications};
use super::types::{Band, RowKind};
use super::work::look;
use crate::capture::{Capture, PerSide, Side};
use crate::decode::{Body, MessageKind, Protection, Transcript};
use crate::diagnose::{Diagnosis, Verdict};

/// What a row shows, before it is worded.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Flight(Flight),
    Verification(Verification),
    Moment(Moment),
}

/// One row to be.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub what: Happening,
    pub at_us: u64,
    pub chapter: u8,
}

/// All rows to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Plot {
    pub scenes: Vec<Scene>,
    /// The scene at which it broke.
    pub break_at: Option<usize>,
    /// A server asked for a certificate.
    pub is_certificate_requested: bool,
}

impl Scene {
    /// Who acts.
    pub fn side(&self) -> Side {
        match &self.what {
            Happening::Flight(flight) => flight.from,
            Happening::Verification(verification) => verification.judge,
            Happening::Moment(moment) => moment.side,
        }
    }

    /// The flight, if it is one.
    pub fn flight(&self) -> Option<&Flight> {
        match &self.what {
            Happening::Flight(flight) => Some(flight),
            _ => None,
        }
    }

    /// As the stage draws it.
    pub fn row_kind(&self) -> RowKind {
        match &self.what {
            Happening::Flight(flight) => RowKind::Flight {
                from: flight.from,
                messages: flight.messages.clone(),
                is_alert: flight.class == Class::Alert,
                is_lost: matches!(flight.class, Class::Lost | Class::Gap),
            },
            Happening::Verification(verification) => RowKind::Verification {
                judge: verification.judge,
                passed: verification.passed,
                total: verification.total,
                refused_for: verification.refused_for,
                is_likely: verification.is_likely,
                is_accepted: verification.is_accepted,
                matrix: verification.matrix.clone(),
                took_us: verification.took_us,
            },
            Happening::Moment(moment) => RowKind::Moment {
                side: moment.side,
                is_failure: moment.is_failure,
            },
        }
    }
}

impl Plot {
    /// The last scene that had begun at `at_us`.
    pub fn scene_at(&self, at_us: u64) -> Option<usize> {
        self.scenes.iter().rposition(|scene| {
            look(1);
            scene.at_us <= at_us
        })
    }

    /// The scene whose row carries this message.
    pub fn scene_of_message(&self, message: usize) -> Option<usize> {
        self.scenes
            .iter()
            .position(|scene| scene.flight().is_some_and(|flight| holds(flight, message)))
    }
}

/// Whether a flight carries this message.
fn holds(flight: &Flight, message: usize) -> bool {
    look(1 + flight.messages.len());
    flight.messages.contains(&message)
}

/// What had been said before a row, as far as its chapter depends on it.
#[derive(Debug, Default)]
struct Before {
    /// Who has said its Finished.
    finished: PerSide<bool>,
    /// Who has refused what its peer presented.
    refused: PerSide<bool>,
    /// The chapter of the last row of each side that is no alert.
    spoken: PerSide<Option<u8>>,
    /// The client's proof, or what comes after it, has been reached.
    has_client_proved: bool,
    /// The server has a row.
    has_server_spoken: bool,
    /// The chapter of the last row.
    chapter: Option<u8>,
    /// When the server had first said all that it has to say in its turn.
    server_done_us: Option<u64>,
}

impl Before {
    fn of(transcript: &Transcript) -> Self {
        let server_done_us = transcript
            .messages
            .iter()
            .filter(|message| {
                message.side == Side::Server
                    && matches!(
                        message.kind,
                        MessageKind::Finished | MessageKind::ServerHelloDone | MessageKind::ApplicationData
                    )
            })
            .map(|message| message.at_us)
            .min();
        Self {
            server_done_us,
            ..Self::default()
        }
    }

    fn add(&mut self, scene: &Scene, transcript: &Transcript) {
        let side = scene.side();
        self.has_client_proved |= scene.chapter >= 4;
        self.has_server_spoken |= side == Side::Server;
        self.chapter = Some(scene.chapter);
        match &scene.what {
            Happening::Flight(flight) => {
                *self.finished.of_mut(side) |=
                    messages_of(flight, transcript).any(|message| message.kind == MessageKind::Finished);
                if flight.class != Class::Alert {
                    *self.spoken.of_mut(side) = Some(scene.chapter);
                }
            }
            Happening::Verification(verification) => {
                *self.refused.of_mut(side) |= verification.is_refused;
            }
            Happening::Moment(_) => {}
        }
    }
}

/// Puts flights, verifications and moments in order, gives each its chapter, and finds the break.
pub(super) fn plot(capture: &Capture, transcript: &Transcript, diagnosis: &Diagnosis) -> Plot {
    let mut happenings: Vec<(u64, Happening)> = flights(capture, transcript)
        .into_iter()
        .map(|flight| (flight.at_us, Happening::Flight(flight)))
        .collect();
    for verification in verifications(capture, transcript, diagnosis) {
        let at = place_of(&verification, &happenings);
        happenings.insert(at, (verification.at_us, Happening::Verification(verification)));
    }
    for moment in moments(capture, transcript) {
        let at = happenings
            .iter()
            .rposition(|(at_us, _)| {
                look(1);
                *at_us <= moment.at_us
            })
            .map_or(0, |last| last + 1);
        happenings.insert(at, (moment.at_us, Happening::Moment(moment)));
    }

    let mut plot = Plot {
        is_certificate_requested: transcript
            .messages
            .iter()
            .any(|message| message.kind == MessageKind::CertificateRequest),
        ..Plot::default()
    };
    let mut before = Before::of(transcript);
    for (at_us, what) in happenings {
        let is_requested = plot.is_certificate_requested;
        let chapter = chapter_of(&what, &before, is_requested, transcript, diagnosis);
        let scene = Scene { what, at_us, chapter };
        before.add(&scene, transcript);
        plot.scenes.push(scene);
    }
    plot.break_at = find_break(&plot, transcript, diagnosis);
    plot
}

/// Where a verification goes: after the message it judged and all that had happened by then, before what the judge
/// did next.
fn place_of(verification: &Verification, happenings: &[(u64, Happening)]) -> usize {
    if let Some(message) = verification.follows {
        return place_after(message, verification.at_us, happenings);
    }
    happenings
        .iter()
        .rposition(|(at_us, what)| match what {
            Happening::Flight(flight) => {
                let is_judged = verification.judged.is_some_and(|message| holds(flight, message));
                is_judged
                    || *at_us < verification.at_us
                    || (*at_us == verification.at_us && flight.from != verification.judge)
            }
            _ => *at_us <= verification.at_us,
        })
        .map_or(0, |last| last + 1)
}

/// Packets may bear no times, or all the same: there, a verification follows the message that it needs, and what had
/// happened before.
fn place_after(message: usize, at_us: u64, happenings: &[(u64, Happening)]) -> usize {
    // By its last message: TLS 1.3's ChangeCipherSpec, which says nothing, may be the first of a much later flight.
    let was_before = |what: &Happening| match what {
        Happening::Flight(flight) => {
            holds(flight, message) || flight.messages.last().is_some_and(|last| *last <= message)
        }
        _ => false,
    };
    happenings
        .iter()
        .rposition(|(began_us, what)| *began_us < at_us || was_before(what))
        .map_or(0, |last| last + 1)
}

fn chapter_of(
    what: &Happening,
    before: &Before,
    is_requested: bool,
    transcript: &Transcript,
    diagnosis: &Diagnosis,
) -> u8 {
    match what {
        Happening::Verification(verification) => verification_chapter(verification.judge),
        Happening::Moment(_) => before.chapter.unwrap_or(1),
        Happening::Flight(flight) => match flight.class {
            Class::Encrypted | Class::Lost | Class::Gap => unread_chapter(flight, before, is_requested),
            Class::Alert => alert_chapter(flight, before, transcript, diagnosis),
            _ => flight_chapter(flight, before, is_requested, transcript),
        },
    }
}

fn verification_chapter(judge: Side) -> u8 {
    match judge {
        Side::Client => 3,
        Side::Server => 5,
    }
}

fn flight_chapter(flight: &Flight, before: &Before, is_requested: bool, transcript: &Transcript) -> u8 {
    let has =
        |kinds: &[MessageKind]| messages_of(flight, transcript).any(|message| kinds.contains(&message.kind));
    let is_client = flight.from == Side::Client;
    // What a side says again after its own Finished (the wire repeated it) is no part of the handshake.
    let has_finished = *before.finished.of(flight.from);
    match flight.class {
        Class::Hello | Class::Request | Class::Proof if has_finished => 6,
        Class::Hello if has(&[MessageKind::HelloRequest]) => 6,
        Class::Hello if is_client || has(&[MessageKind::HelloRetryRequest]) => 1,
        Class::Hello | Class::Request => 2,
        Class::Proof if !is_client => 2,
        // Without a request what remains of this flight only seals the handshake.
        Class::Proof
            if is_requested
                || has(&[
                    MessageKind::Certificate,
                    MessageKind::CompressedCertificate,
                    MessageKind::CertificateVerify,
                ]) =>
        {
            4
        }
        Class::Proof | Class::Switch | Class::Ticket | Class::Data | Class::Other => 6,
        Class::CipherChange => 6,
        Class::Preamble => 1,
        Class::NotTls => {
            if is_client {
                1
            } else {
                2
            }
        }
        Class::Encrypted | Class::Lost | Class::Gap | Class::Alert => 6,
    }
}

/// The chapter of bytes that nobody could read: what would have been next from this side.
fn unread_chapter(flight: &Flight, before: &Before, is_requested: bool) -> u8 {
    let is_server_done = before.server_done_us.is_some_and(|at_us| at_us <= flight.at_us);
    match flight.from {
        Side::Client if !before.has_server_spoken => 1,
        Side::Client if is_server_done && is_requested && !before.has_client_proved => 4,
        Side::Server if !is_server_done && !before.has_client_proved => 2,
        _ => 6,
    }
}

/// An alert belongs to what raised it: the verification that refused, else what was being said.
fn alert_chapter(flight: &Flight, before: &Before, transcript: &Transcript, diagnosis: &Diagnosis) -> u8 {
    let is_goodbye = alert_of(flight, transcript).is_some_and(|(_, code)| matches!(code, 0 | 90));
    let was_connected = diagnosis
        .endings
        .of(flight.from)
        .connected_at_us
        .is_some_and(|at_us| at_us <= flight.at_us);
    if is_goodbye && was_connected {
        return 6;
    }
    if *before.refused.of(flight.from) {
        return verification_chapter(flight.from);
    }
    // Otherwise where things stood: the last that either side had said.
    before.spoken.client.max(before.spoken.server).unwrap_or(1)
}

/// Level and code of a row that is an alert.
pub(super) fn alert_of(flight: &Flight, transcript: &Transcript) -> Option<(u8, u8)> {
    messages_of(flight, transcript).find_map(|message| match &message.body {
        Body::Alert(alert) => Some((alert.level, alert.code)),
        _ => None,
    })
}

/// Where it broke: at the judge who refused; else where the wire or a stranger spoilt the bytes; else where a side
/// said so, or fell silent.
fn find_break(plot: &Plot, transcript: &Transcript, diagnosis: &Diagnosis) -> Option<usize> {
    if matches!(diagnosis.verdict, Verdict::Accepted | Verdict::Unknown) {
        return None;
    }
    let find = |wanted: &dyn Fn(&Scene) -> bool| {
        plot.scenes.iter().position(|scene| {
            look(1);
            wanted(scene)
        })
    };
    let is_class = |scene: &Scene, class: Class| scene.flight().is_some_and(|flight| flight.class == class);
    let is_altered = |scene: &Scene| {
        scene.flight().is_some_and(|flight| {
            messages_of(flight, transcript)
                .flat_map(|message| &message.pieces)
                .filter_map(|piece| transcript.records.get(piece.record))
                .any(|record| record.altered.is_some())
        })
    };
    let is_fatal = |scene: &Scene| {
        scene
            .flight()
            .and_then(|flight| alert_of(flight, transcript))
            .is_some_and(|(_, code)| !matches!(code, 0 | 90))
    };
    find(&|scene| matches!(&scene.what, Happening::Verification(verification) if verification.is_refused))
        .or_else(|| find(&|scene| is_class(scene, Class::NotTls)))
        .or_else(|| find(&|scene| is_class(scene, Class::Lost)))
        .or_else(|| find(&is_altered))
        .or_else(|| find(&is_fatal))
        .or_else(|| find(&|scene| matches!(scene.what, Happening::Moment(_))))
        .or_else(|| plot.scenes.len().checked_sub(1))
}

/// Runs of rows under one kind of keys. A row without an arrow lies where the row before it lies.
pub(super) fn bands(plot: &Plot, transcript: &Transcript) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let mut keys = Protection::None;
    for (index, scene) in plot.scenes.iter().enumerate() {
        if let Some(protection) = scene
            .flight()
            .and_then(|flight| protection_of(flight, transcript))
        {
            keys = protection;
        }
        if keys == Protection::None {
            continue;
        }
        match bands.last_mut() {
            Some(band) if band.keys == keys && band.rows.end == index => band.rows.end = index + 1,
            _ => bands.push(Band {
                keys,
                rows: index..index + 1,
            }),
        }
    }
    bands
}

/// The keys a row travelled under; its ChangeCipherSpec, always in the clear, does not count. `None` where nothing
/// arrived to tell.
fn protection_of(flight: &Flight, transcript: &Transcript) -> Option<Protection> {
    let messages = || messages_of(flight, transcript);
    messages()
        .find(|message| message.kind != MessageKind::ChangeCipherSpec)
        .or_else(|| messages().next())
        .map(|message| message.protection)
}
