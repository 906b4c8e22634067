//! One run: both ends, the wire between them, and our own time-out.

use std::time::Duration;

use super::configure;
use super::endpoint::{Endpoint, Talk};
use super::error::LabError;
use super::recorder::{Record, Recorder};
use super::wire::{Delivery, Wire};
use crate::cancel::Cancel;
use crate::capture::{AtHand, Capture, Origin, PerSide, Side, SideEvidence, Slot};
use crate::pki::{LoadedCertificate, LoadedKey};
use crate::setup::{Fault, LabSetup, Party};

/// Runs the pair on a runtime of its own, on the calling thread.
pub fn run_blocking(setup: &LabSetup, cancel: &Cancel) -> Result<Capture, LabError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| LabError::Start {
            words: error.to_string(),
        })?
        .block_on(run(setup, cancel))
}

/// Runs the pair and returns what was seen. A handshake that fails is a capture like any other; an error means that it
/// could not begin, or was cancelled.
pub async fn run(setup: &LabSetup, cancel: &Cancel) -> Result<Capture, LabError> {
    let started_at_unix_us = setup.wall_clock.unix_us();
    let recorder = Recorder::start();
    let mut pair = Pair {
        ends: PerSide {
            client: Endpoint::client(
                configure::client(setup, &recorder)?,
                recorder.clone(),
                Talk::lines(),
            ),
            server: Endpoint::server(
                configure::server(setup, &recorder)?,
                recorder.clone(),
                Talk::lines(),
            ),
        },
        // Named by who writes into it.
        wires: PerSide {
            client: Wire::new(Side::Client, setup.fault),
            server: Wire::new(Side::Server, setup.fault),
        },
        is_closed: PerSide::default(),
        recorder: recorder.clone(),
        speaks_http: setup.fault == Some(Fault::Http),
        hangs_up: match setup.fault {
            Some(Fault::HangUp(side)) => Some(side),
            _ => None,
        },
    };
    while !cancel.is_cancelled() {
        if pair.turn() {
            // Lets a cancel through, and other tasks of the worker.
            tokio::task::yield_now().await;
            continue;
        }
        if pair.is_over() {
            break;
        }
        // Nothing moves and somebody still waits: whatever was to come is lost. The wait is real, and ours to end.
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(setup.timeout_ms)) => {
                pair.time_out(setup.timeout_ms);
            }
            () = cancel.cancelled() => {}
        }
    }
    if cancel.is_cancelled() {
        return Err(LabError::Cancelled);
    }
    let mut capture = captured(setup, pair.recorder.take(), started_at_unix_us, Origin::Lab)?;
    for side in Side::BOTH {
        capture.sides.of_mut(side).verdict = pair.ends.of(side).verdict().cloned();
    }
    Ok(capture)
}

struct Pair {
    ends: PerSide<Endpoint>,
    wires: PerSide<Wire>,
    /// Whether this side's direction has been closed.
    is_closed: PerSide<bool>,
    recorder: Recorder,
    speaks_http: bool,
    /// Who closes without a word on the first that comes from the peer.
    hangs_up: Option<Side>,
}

impl Pair {
    /// Each side writes what it wants to and reads one thing. Whether anything moved.
    fn turn(&mut self) -> bool {
        let mut moved = false;
        for side in Side::BOTH {
            moved |= self.write(side);
            moved |= self.read(side);
        }
        if !moved && self.wires.client.is_empty() && self.wires.server.is_empty() {
            moved = self.ends.client.when_idle();
        }
        moved
    }

    fn write(&mut self, side: Side) -> bool {
        let written = self.ends.of_mut(side).drain();
        let wire = self.wires.of_mut(side);
        let mut moved = !written.is_empty();
        wire.carry(&written);
        if self.ends.of(side).verdict().is_some() && !*self.is_closed.of(side) {
            *self.is_closed.of_mut(side) = true;
            self.wires.of_mut(side).close();
            moved = true;
        }
        moved
    }

    fn read(&mut self, side: Side) -> bool {
        let Some(delivery) = self.wires.of_mut(side.peer()).deliver() else {
            return false;
        };
        match delivery {
            Delivery::Bytes(bytes, altered) => {
                self.recorder.segment(side.peer(), bytes.clone(), altered);
                if self.speaks_http && side == Side::Server {
                    // The port's owner speaks HTTP: no TLS stack ever sees the hello.
                    self.wires.server.answer_in_http();
                } else if self.hangs_up == Some(side) {
                    // Whoever hangs up reads nothing; it closes once all of the peer's flight has come.
                    let has_all = self.wires.of(side.peer()).is_empty();
                    if has_all && !std::mem::replace(self.is_closed.of_mut(side), true) {
                        self.wires.of_mut(side).close();
                    }
                } else {
                    self.ends.of_mut(side).receive(&bytes);
                }
                if self.ends.of(side).verdict().is_some() {
                    self.arrive_unread(side);
                }
            }
            Delivery::Lost(alteration) => self.recorder.segment(side.peer(), Vec::new(), Some(alteration)),
            Delivery::End => {
                if !self.is_absent(side) {
                    self.ends.of_mut(side).receive_end();
                }
            }
        }
        true
    }

    /// What is on its way to a side that has given up still arrives; it is evidence although no stack reads it.
    fn arrive_unread(&mut self, side: Side) {
        while let Some(delivery) = self.wires.of_mut(side.peer()).deliver() {
            match delivery {
                Delivery::Bytes(bytes, altered) => self.recorder.segment(side.peer(), bytes, altered),
                Delivery::Lost(alteration) => {
                    self.recorder.segment(side.peer(), Vec::new(), Some(alteration));
                }
                Delivery::End => {}
            }
        }
    }

    /// Whether this side's TLS stack takes no part, or no longer: where HTTP answers, and where it hung up.
    fn is_absent(&self, side: Side) -> bool {
        self.hangs_up == Some(side) || (self.speaks_http && side == Side::Server)
    }

    fn is_over(&self) -> bool {
        Side::BOTH
            .into_iter()
            .all(|side| self.is_absent(side) || self.ends.of(side).verdict().is_some())
    }

    fn time_out(&mut self, after_ms: u64) {
        for side in Side::BOTH {
            if !self.is_absent(side) {
                self.ends.of_mut(side).time_out(after_ms);
            }
        }
    }
}

/// A capture of what was recorded, with what the set-up gave to each side; what the stacks concluded is added by the caller.
pub(in crate::source) fn captured(
    setup: &LabSetup,
    record: Record,
    started_at_unix_us: i64,
    origin: Origin,
) -> Result<Capture, LabError> {
    let evidence = |side: Side| -> Result<SideEvidence, LabError> {
        let party = setup.parties.of(side);
        let client_auth = (side == Side::Server).then_some(setup.client_auth);
        Ok(SideEvidence {
            address: None,
            label: party.label.clone(),
            began_before_recording: false,
            carried_in: Vec::new(),
            trust: setup.trust_of(side, started_at_unix_us.div_euclid(1_000_000)),
            policy: Some(configure::policy(party, client_auth)?),
            key_in_use: party
                .identity
                .as_ref()
                .and_then(|identity| identity.key.as_ref())
                .map(|loaded| loaded.key.public_key.clone()),
            key_file: party
                .identity
                .as_ref()
                .and_then(|identity| identity.key.as_ref())
                .and_then(|loaded| loaded.file.clone()),
            key_is_der: party
                .identity
                .as_ref()
                .and_then(|identity| identity.key.as_ref())
                .is_some_and(LoadedKey::is_der),
            key_wrapping: party
                .identity
                .as_ref()
                .and_then(|identity| identity.key.as_ref())
                .and_then(|loaded| loaded.wrapping),
            verdict: None,
        })
    };
    Ok(Capture {
        origin,
        started_at_unix_us,
        carrier: None,
        segments: record.segments,
        secrets: record.secrets,
        events: record.events,
        sides: PerSide {
            client: evidence(Side::Client)?,
            server: evidence(Side::Server)?,
        },
        at_hand: at_hand(setup),
    })
}

fn at_hand(setup: &LabSetup) -> Vec<AtHand> {
    fn list(out: &mut Vec<AtHand>, side: Option<Side>, slot: Slot, certificates: &[LoadedCertificate]) {
        out.extend(certificates.iter().map(|loaded| AtHand::of(side, slot, loaded)));
    }
    let mut out = Vec::new();
    for side in Side::BOTH {
        let party: &Party = setup.parties.of(side);
        let chain = party
            .identity
            .as_ref()
            .map_or(&[][..], |identity| &identity.chain);
        list(&mut out, Some(side), Slot::Certificate, chain);
        list(&mut out, Some(side), Slot::Trust, &party.trust);
    }
    list(&mut out, None, Slot::Known, &setup.known);
    out
}
