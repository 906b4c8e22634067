//! `mtlscope show`: a saved session, looked at again, perhaps with other trust, another name or another time.

use std::path::Path;
use std::sync::Arc;

use super::arguments::{Format, ShowArguments};
use super::input::{certificates, key_log};
use super::json::{CaptureJson, ConnectionJson};
use super::setup::Unusable;
use super::{Outcome, json, output, text};
use crate::analysis::Analysis;
use crate::capture::{AtHand, Capture, Der, Side, Slot, Trust};
use crate::diagnose::Verdict;
use crate::pki::LoadedCertificate;
use crate::session::load;

pub(super) fn run(arguments: &ShowArguments) -> Result<Outcome, Unusable> {
    refuse_packets(&arguments.file)?;
    let session = load(&arguments.file).map_err(|error| Unusable(error.to_string()))?;
    let mut capture = Capture::clone(&session.capture);
    let notes = override_evidence(&mut capture, arguments)?;
    let analysis = Analysis::of(Arc::new(capture));
    match arguments.format {
        Format::Text => output::text(&text::analysis(&analysis, &notes)),
        Format::Json => output::json(&CaptureJson {
            schema: "mtlscope.capture/1",
            connections: vec![ConnectionJson {
                client: None,
                server: None,
                analysis: json::analysis(&analysis, &notes),
            }],
        })?,
    }
    Ok(match analysis.diagnosis.verdict {
        Verdict::Rejected | Verdict::Unfinished => Outcome::NotGood,
        Verdict::Accepted | Verdict::Unknown => Outcome::Good,
    })
}

/// The first bytes of pcap (either byte order, micro- or nanoseconds) and pcapng.
const PACKET_MAGIC: [[u8; 4]; 5] = [
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0x0a, 0x0d, 0x0d, 0x0a],
];

/// A packet capture gets its own sentence, and not one about a damaged session.
fn refuse_packets(path: &Path) -> Result<(), Unusable> {
    use std::io::Read;
    let mut start = [0; 4];
    // What cannot be read is for the session's loader to word; a pipe or a device is never opened here.
    let is_packets = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
        && std::fs::File::open(path)
            .and_then(|mut file| file.read_exact(&mut start))
            .is_ok()
        && PACKET_MAGIC.contains(&start);
    if is_packets {
        return Err(Unusable(format!(
            "{}: this is a packet capture, which this version cannot open; give a session saved with mtlscope lab --save",
            path.display()
        )));
    }
    Ok(())
}

/// Lays the flags over the evidence; says what is no longer as it was recorded.
fn override_evidence(capture: &mut Capture, arguments: &ShowArguments) -> Result<Vec<String>, Unusable> {
    let mut notes = Vec::new();
    if let Some(path) = &arguments.keylog {
        let secrets = key_log(path)?;
        notes.push(format!("{} secrets come from {}.", secrets.len(), path.display()));
        capture.secrets.extend(secrets);
    }
    let recorded_at_s = capture.started_at_unix_us.div_euclid(1_000_000);
    for (side, paths) in [
        (Side::Client, &arguments.client_trust),
        (Side::Server, &arguments.server_trust),
    ] {
        if paths.is_empty() {
            continue;
        }
        let roots = certificates(paths, "to trust")?;
        let evidence = capture.sides.of_mut(side);
        let (expected_name, clock_unix_s) = evidence.trust.take().map_or((None, recorded_at_s), |trust| {
            (trust.expected_name, trust.clock_unix_s)
        });
        evidence.trust = Some(Trust {
            roots: roots.iter().map(|root| Der::from(root.der.clone())).collect(),
            expected_name,
            clock_unix_s,
        });
        capture
            .at_hand
            .retain(|at_hand| !(at_hand.side == Some(side) && at_hand.slot == Slot::Trust));
        capture.at_hand.extend(at_hand(side, roots));
        notes.push(format!(
            "The {}'s trust store is the one given now, not the one recorded.",
            side.word()
        ));
    }
    if let Some(name) = &arguments.server_name {
        match &mut capture.sides.client.trust {
            Some(trust) => trust.expected_name = Some(name.clone()),
            None => notes.push(
                "The server's name cannot be judged: what the client trusts is not known; give --client-trust too."
                    .to_owned(),
            ),
        }
        notes.push(format!("The name asked for is taken to be {name}."));
    }
    if let Some(at) = arguments.at {
        for side in Side::BOTH {
            if let Some(trust) = &mut capture.sides.of_mut(side).trust {
                trust.clock_unix_s = at;
            }
        }
        notes.push("The time judged at is the one given now, not the one recorded.".to_owned());
    }
    Ok(notes)
}

fn at_hand(side: Side, roots: Vec<LoadedCertificate>) -> impl Iterator<Item = AtHand> {
    roots.into_iter().map(move |root| AtHand {
        side: Some(side),
        slot: Slot::Trust,
        file: root.file,
        entry: root.entry,
        line: root.line,
        der: Der::from(root.der),
    })
}
