//! `mtlscope show` for packet captures: a list of connections, and each of them explained.

use std::io::{IsTerminal, Write};
use std::path::Path;

use super::arguments::ShowArguments;
use super::input::key_log;
use super::json::{self, ConnectionJson};
use super::outcome::{Format, Outcome, Unusable};
use super::overlay::{Overlay, as_text, lay_over};
use super::{output, text};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{KeyLog, Side};
use crate::diagnose::{Verdict, began_before_recording};
use crate::source::packets::{PacketIndex, PacketsError, TcpConnection, key_log_beside};
use crate::survey::{Row, analyse, in_order};

/// Connections that are explained, and not yet printed.
const AHEAD: usize = 64;

impl From<PacketsError> for Unusable {
    fn from(error: PacketsError) -> Self {
        Self(error.to_string())
    }
}

pub(super) fn run(arguments: &ShowArguments) -> Result<Outcome, Unusable> {
    let (mut secrets, mut notes) = secrets(arguments)?;
    let index = open(&arguments.file)?;
    if !index.key_log.is_empty() {
        notes.push(format!(
            "{} secrets come with the file itself.",
            index.key_log.len()
        ));
        secrets.add(&index.key_log);
    }
    if secrets.left_out() > 0 {
        notes.push(format!(
            "{} secrets were passed over: more than 64 different ones are said to be of one connection.",
            secrets.left_out()
        ));
    }
    notes.extend(index.remarks.iter().cloned());
    let overlay = Overlay::read(arguments)?;
    let work = Work {
        index: &index,
        secrets: &secrets,
        overlay: &overlay,
        notes: &notes,
        arguments,
    };
    work.run(arguments.connection)
}

/// The secrets given, or those that lie beside the file; and where they came from.
fn secrets(arguments: &ShowArguments) -> Result<(KeyLog, Vec<String>), Unusable> {
    if let Some(path) = &arguments.keylog {
        let log = key_log(path)?;
        let note = format!("{} secrets come from {}.", log.len(), path.display());
        return Ok((log, vec![note]));
    }
    let (log, files) = key_log_beside(&arguments.file);
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let note = format!(
        "{} secrets come from {}, found beside the file.",
        log.len(),
        names.join(", ")
    );
    Ok((log, if files.is_empty() { Vec::new() } else { vec![note] }))
}

/// Reads the file; where somebody watches and it takes long, says how far it is.
fn open(path: &Path) -> Result<PacketIndex, Unusable> {
    let is_watched = std::io::stderr().is_terminal();
    let began = std::time::Instant::now();
    let mut has_told = false;
    let index = PacketIndex::open(path, &Cancel::default(), &mut |progress| {
        if is_watched && began.elapsed().as_millis() > 500 {
            has_told = true;
            let percent = progress.read_bytes * 100 / progress.total_bytes.max(1);
            let _ = write!(std::io::stderr(), "\rreading packets … {percent} %");
        }
    });
    if has_told {
        let _ = write!(std::io::stderr(), "\r{:24}\r", "");
    }
    Ok(index?)
}

/// What every connection is looked at with.
struct Work<'a> {
    index: &'a PacketIndex,
    secrets: &'a KeyLog,
    overlay: &'a Overlay,
    notes: &'a [String],
    arguments: &'a ShowArguments,
}

/// One connection, explained and worded.
struct Told {
    row: Row,
    words: String,
}

impl Work<'_> {
    fn run(&self, only: Option<usize>) -> Result<Outcome, Unusable> {
        let mut printer = Printer {
            format: self.arguments.format,
            printed: 0,
            rows: Vec::new(),
            only: None,
        };
        let mut seen = 0;
        let mut outcome = Outcome::Good;
        let mut failed: Option<Unusable> = None;
        let tell = |number: usize| self.index.connections.get(number).map(|one| self.tell(one));
        in_order(self.index.connections.len(), AHEAD, &tell, &mut |told| {
            match told {
                Some(Ok(Some(told))) => {
                    seen += 1;
                    if only.is_none_or(|only| only == seen) {
                        if matches!(told.row.verdict, Verdict::Rejected | Verdict::Unfinished) {
                            outcome = Outcome::NotGood;
                        }
                        failed = printer.connection(told).err();
                    }
                }
                Some(Ok(None)) | None => {}
                Some(Err(error)) => failed = Some(error.into()),
            }
            // The one that is wanted is the last one that is looked at.
            failed.is_none() && only.is_none_or(|only| seen < only)
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(wanted) = only.filter(|only| *only == 0 || *only > seen) {
            return Err(Unusable(format!(
                "{}: there is no connection {wanted}; the file has {seen} that speak TLS",
                self.index.path.display()
            )));
        }
        if seen == 0 {
            return Err(Unusable(format!(
                "{}: none of its {} TCP connections speaks TLS; record the traffic of a TLS client or server",
                self.index.path.display(),
                self.index.connections.len()
            )));
        }
        printer.end(self.notes)?;
        Ok(outcome)
    }

    fn tell(&self, connection: &TcpConnection) -> Result<Option<Told>, PacketsError> {
        let notes = std::cell::RefCell::new(Vec::new());
        let analysis = analyse(self.index, connection, self.secrets, &|capture, transcript| {
            *notes.borrow_mut() = lay_over(self.overlay, capture, transcript.sni.as_deref());
        })?;
        Ok(analysis.map(|analysis| {
            let notes = notes.into_inner();
            Told {
                row: Row::of_analysis(&analysis),
                words: match self.arguments.format {
                    Format::Json => as_json(&analysis, &[self.notes, &notes].concat()),
                    Format::Text => as_text(&analysis, &notes, self.arguments),
                },
            }
        }))
    }
}

fn as_json(analysis: &Analysis, notes: &[String]) -> String {
    let address = |side| analysis.capture.sides.of(side).address.clone();
    let connection = ConnectionJson {
        client: address(Side::Client),
        server: address(Side::Server),
        began_before_recording: began_before_recording(&analysis.capture, &analysis.transcript),
        analysis: json::analysis(analysis, notes),
    };
    // Strings and numbers only: this cannot fail, and null would be told from a connection by any reader.
    let words = serde_json::to_string(&connection).unwrap_or_else(|_| "null".to_owned());
    output::json_escaped(&words).into_owned()
}

/// Prints connections as they come: no file is too long for it.
struct Printer {
    format: Format,
    printed: usize,
    rows: Vec<Row>,
    /// The words of the first connection, as long as it is the only one.
    only: Option<String>,
}

impl Printer {
    fn connection(&mut self, told: Told) -> Result<(), Unusable> {
        match self.format {
            Format::Json => {
                let before = match self.printed {
                    0 => "{\"schema\":\"mtlscope.capture/1\",\"connections\":[\n",
                    _ => ",\n",
                };
                output::document(&format!("{before}{}", told.words))?;
            }
            Format::Text if self.printed == 0 => {
                self.only = Some(told.words);
                self.rows.push(told.row);
            }
            Format::Text => {
                self.only = None;
                self.rows.push(told.row);
            }
        }
        self.printed += 1;
        Ok(())
    }

    fn end(self, notes: &[String]) -> Result<(), Unusable> {
        match (self.format, self.only) {
            (Format::Json, _) => output::document("\n]}\n"),
            (Format::Text, Some(words)) => output::text(&(words + &text::notes(notes))),
            (Format::Text, None) => output::text(&(text::list(&self.rows) + &text::notes(notes))),
        }
    }
}
