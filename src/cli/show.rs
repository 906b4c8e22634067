//! `mtlscope show`: a saved session or a packet capture, looked at perhaps with other trust, another name or another time.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::arguments::ShowArguments;
use super::input::key_log;
use super::json::{CaptureJson, ConnectionJson};
use super::outcome::{Format, Outcome, Unusable};
use super::overlay::{Overlay, as_text, lay_over};
use super::packets::Input;
use super::source::Source;
use super::{json, mends, output, packets};
use crate::analysis::Analysis;
use crate::capture::Carrier;
use crate::diagnose::{Verdict, began_before_recording};
use crate::pki::{first_bytes, open_pipe, read_start};
use crate::printable::quoted_path;
use crate::session::{SessionError, load, load_from};
use crate::source::packets::may_be_packet_capture;
use crate::survey::client_said;

pub(super) fn run(arguments: &ShowArguments) -> Result<Outcome, Unusable> {
    if arguments.file == Path::new("-") {
        return packets::run(arguments, Input::Standard);
    }
    let refused = |error: SessionError| Unusable(error.to_string());
    let session = match open_pipe(&arguments.file) {
        None if is_packets(&arguments.file) => return packets::run(arguments, Input::File),
        None => load(&arguments.file).map_err(refused)?,
        Some(opened) => {
            let no_bytes = |error| refused(SessionError::unreadable(&arguments.file, &error));
            let mut pipe = opened.map_err(no_bytes)?;
            let start = read_start(&mut pipe, 4).map_err(no_bytes)?;
            if may_be_packet_capture(&start) {
                return packets::run(arguments, Input::Pipe(pipe, start));
            }
            load_from(std::io::Cursor::new(start).chain(pipe), &arguments.file).map_err(refused)?
        }
    };
    let mut capture = Arc::unwrap_or_clone(session.capture);
    let mut notes = Vec::new();
    if let Some(path) = &arguments.keylog {
        let log = key_log(path)?;
        if log.left_out() > 0 {
            notes.push(format!(
                "{} more secrets are said to be of one handshake than can be tried; they were left out.",
                log.left_out()
            ));
        }
        // Those of other connections would open nothing, and be saved and counted as this one's.
        let transcript = crate::decode::decode(&capture);
        for random in crate::survey::client_randoms(&transcript) {
            capture.secrets.extend(log.of(random).iter().cloned());
        }
        notes.push(Source::new(log, format!("come from {}", path.display())).note(&capture));
    }
    notes.extend(crate::survey::travelled(&capture));
    notes.extend(lay_over(&Overlay::read(arguments)?, &mut capture, None));
    if arguments.connection.is_some_and(|connection| connection != 1) {
        return Err(Unusable(format!(
            "{}: a session holds one connection; leave --connection out",
            quoted_path(&arguments.file)
        )));
    }
    let mut analysis = Analysis::of(Arc::new(capture));
    mends::spare(&mut analysis);
    match arguments.format {
        Format::Text => output::text(&as_text(&analysis, &notes, arguments))?,
        Format::Json => output::json(&CaptureJson {
            schema: "mtlscope.capture/1",
            connections: vec![ConnectionJson {
                client: analysis.capture.sides.client.address.clone(),
                server: analysis.capture.sides.server.address.clone(),
                began_before_recording: began_before_recording(&analysis.capture, &analysis.transcript),
                carrier: analysis.capture.carrier.as_ref().map(Carrier::words),
                client_said: client_said(&analysis.capture, &analysis.transcript),
                analysis: json::analysis(&analysis, &notes),
            }],
        })?,
    }
    Ok(match analysis.diagnosis.verdict {
        Verdict::Rejected | Verdict::Unfinished => Outcome::NotGood,
        Verdict::Accepted | Verdict::Unknown => Outcome::Good,
    })
}

/// Whether the file is a packet capture, perhaps a packed one, by its first bytes. What cannot be read is for the session's loader to word.
fn is_packets(path: &Path) -> bool {
    first_bytes(path, 4).is_some_and(|start| may_be_packet_capture(&start))
}
