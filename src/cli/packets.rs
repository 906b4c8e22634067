//! `mtlscope show` for packet captures: a list of connections, and each of them explained.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::arguments::ShowArguments;
use super::input::key_log;
use super::json::{self, ConnectionJson};
use super::outcome::{Format, Outcome, Unusable};
use super::overlay::{Overlay, as_text, lay_over};
use super::source::Source;
use super::{compact, interrupt, mends, output, text};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Carrier, KeyLog, Side};
use crate::diagnose::{Verdict, began_before_recording};
use crate::printable::quoted_path;
use crate::source::packets::{Connection, PacketIndex, PacketsError, Progress, key_log_beside};
use crate::survey::{Row, analyse, client_said, in_order, travelled};

/// So many connections are explained in one go, into one buffer: handing over each by itself wakes a thread for each.
const TOGETHER: usize = 4;
/// Runs of connections that are explained, and not yet printed.
const AHEAD: usize = 8;
/// A buffer that was printed is used again, unless one long connection has made it larger than this.
const LARGEST_SPARE_BYTES: usize = 2 << 20;

impl From<PacketsError> for Unusable {
    fn from(error: PacketsError) -> Self {
        Self(error.to_string())
    }
}

/// What a packet capture is read from.
pub(super) enum Input {
    /// A file, which can be read again.
    File,
    Standard,
    /// A pipe that the shell opened, and the bytes that were taken from it to see what it holds.
    Pipe(std::fs::File, Vec<u8>),
}

pub(super) fn run(arguments: &ShowArguments, input: Input) -> Result<Outcome, Unusable> {
    let mut notes = Vec::new();
    let mut sources = secrets(arguments, &input)?;
    let index = open(&arguments.file, input)?;
    if !index.key_log.is_empty() {
        sources.push(Source::new(
            index.key_log.clone(),
            "come with the file itself".to_owned(),
        ));
    }
    let mut secrets = KeyLog::default();
    for source in &sources {
        secrets.add(&source.log);
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
        sources: &sources,
        overlay: &overlay,
        notes: &notes,
        arguments,
        spare: Mutex::default(),
    };
    work.run(arguments.connection)
}

/// The secrets given, or those that lie beside the file.
fn secrets(arguments: &ShowArguments, input: &Input) -> Result<Vec<Source>, Unusable> {
    if let Some(path) = &arguments.keylog {
        return Ok(vec![Source::new(
            key_log(path)?,
            format!("come from {}", path.display()),
        )]);
    }
    // Nothing lies beside a pipe.
    if !matches!(input, Input::File) {
        return Ok(Vec::new());
    }
    let (log, files) = key_log_beside(&arguments.file);
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let words = format!("come from {}, found beside the file", names.join(", "));
    Ok(vec![Source::new(log, words)])
}

/// Reads the file; where somebody watches and it takes long, says how far it is.
fn open(path: &Path, input: Input) -> Result<PacketIndex, Unusable> {
    let is_watched = std::io::stderr().is_terminal();
    let began = std::time::Instant::now();
    let mut last = began;
    let mut has_told = false;
    let mut tell = |progress: Progress| {
        if !is_watched || began.elapsed().as_millis() <= 500 || last.elapsed().as_millis() < 100 {
            return;
        }
        last = std::time::Instant::now();
        has_told = true;
        let percent = (progress.read_bytes * 100).checked_div(progress.total_bytes);
        let words = match (progress.is_unpacking, percent) {
            (false, _) => format!("reading packets … {} %", percent.unwrap_or_default()),
            (true, Some(percent)) => format!(
                "unpacking … {percent} %, {} MB",
                progress.unpacked_bytes / 1_000_000
            ),
            (true, None) => format!("recording … {} kB", progress.read_bytes / 1000),
        };
        let _ = write!(std::io::stderr(), "\r{words:30}");
    };
    let index = match input {
        Input::File => PacketIndex::open(path, &Cancel::default(), &mut tell),
        Input::Standard => {
            let input = std::io::stdin();
            if input.is_terminal() {
                return Err(Unusable(
                    "standard input is a terminal; give it a packet capture: tcpdump -U -w - | mtlscope show -"
                        .to_owned(),
                ));
            }
            recorded("standard input", input, &mut tell)
        }
        Input::Pipe(pipe, start) => {
            let name = quoted_path(path);
            recorded(&name, std::io::Cursor::new(start).chain(pipe), &mut tell)
        }
    };
    if has_told {
        let _ = write!(std::io::stderr(), "\r{:30}\r", "");
    }
    Ok(index?)
}

/// What comes through a pipe. Ctrl+C reaches what records as well, which hands over its last packets and ends: they are still
/// looked at.
fn recorded(
    name: &str,
    stream: impl Read + Send + 'static,
    tell: &mut dyn FnMut(Progress),
) -> Result<PacketIndex, PacketsError> {
    let is_over = interrupt::cancel();
    let index = PacketIndex::of_stream(name, stream, &is_over, tell);
    interrupt::answered();
    index
}

/// What every connection is looked at with.
struct Work<'a> {
    index: &'a PacketIndex,
    secrets: &'a KeyLog,
    /// Where they come from.
    sources: &'a [Source],
    overlay: &'a Overlay,
    notes: &'a [String],
    arguments: &'a ShowArguments,
    /// Buffers that were printed.
    spare: Mutex<Vec<Vec<u8>>>,
}

/// A run of connections, explained and worded.
struct Told {
    /// Those that speak TLS.
    rows: Vec<Row>,
    /// As text; or as JSON, with a comma and a line break between them.
    words: Vec<u8>,
    /// What kept the rest of the run from being told.
    failed: Option<PacketsError>,
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
        let together = match self.arguments.format {
            Format::Json if only.is_none() => TOGETHER,
            Format::Json | Format::Text => 1,
        };
        let runs = self.index.connections.len().div_ceil(together);
        let tell = |run: usize| {
            let connections = self.index.connections.iter();
            self.tell(connections.skip(run * together).take(together))
        };
        in_order(runs, AHEAD, &tell, &mut |mut told| {
            seen += told.rows.len();
            if !told.rows.is_empty() && only.is_none_or(|only| only == seen) {
                let has_failed = |row: &Row| matches!(row.verdict, Verdict::Rejected | Verdict::Unfinished);
                if told.rows.iter().any(has_failed) {
                    outcome = Outcome::NotGood;
                }
                failed = printer.connections(&mut told).err();
            }
            failed = failed.take().or(told.failed.map(Unusable::from));
            self.give_back(told.words);
            // The one that is wanted is the last one that is looked at; what there is not is looked for to the end.
            failed.is_none() && only.is_none_or(|only| only == 0 || seen < only)
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
            let which = match self.index.tcp_connections {
                _ if !self.index.sealed.is_empty() => {
                    let path = self.index.path.display();
                    let sealed = crate::printable::printable(&self.index.sealed.join(" ")).into_owned();
                    return Err(Unusable(format!(
                        "{path}: nothing in it can be read as TLS. {sealed}"
                    )));
                }
                0 => "there is no TCP connection in it".to_owned(),
                1 => "its only TCP connection does not speak TLS".to_owned(),
                many => format!("none of its {many} TCP connections speaks TLS"),
            };
            return Err(Unusable(format!(
                "{}: {which}; record the traffic of a TLS client or server",
                self.index.path.display()
            )));
        }
        let mut notes = self.notes.to_vec();
        if printer.printed != 1 {
            notes.extend(self.sources.iter().map(Source::sum));
        }
        printer.end(&notes)?;
        Ok(outcome)
    }

    fn tell<'c>(&self, connections: impl Iterator<Item = &'c Connection>) -> Told {
        let mut told = Told {
            rows: Vec::new(),
            words: self.lock().pop().unwrap_or_default(),
            failed: None,
        };
        for connection in connections {
            if let Err(error) = self.add(connection, &mut told) {
                told.failed = Some(error);
                break;
            }
        }
        told
    }

    /// Adds a connection to those told, where it speaks TLS.
    fn add(&self, connection: &Connection, told: &mut Told) -> Result<(), PacketsError> {
        let notes = std::cell::RefCell::new(Vec::new());
        let analysis = analyse(self.index, connection, self.secrets, &|capture, transcript| {
            *notes.borrow_mut() = lay_over(self.overlay, capture, transcript.sni.as_deref());
        })?;
        let Some(mut analysis) = analysis else {
            return Ok(());
        };
        mends::spare(&mut analysis);
        let mut notes = notes.into_inner();
        let of_sources = self.sources.iter().map(|source| source.note(&analysis.capture));
        notes.extend(of_sources);
        notes.extend(travelled(&analysis.capture));
        match self.arguments.format {
            Format::Json => {
                if !told.rows.is_empty() {
                    told.words.extend_from_slice(BETWEEN);
                }
                add_json(&mut told.words, &analysis, &[self.notes, &notes].concat());
            }
            Format::Text => {
                let words = as_text(&analysis, &notes, self.arguments);
                told.words.extend_from_slice(words.as_bytes());
            }
        }
        told.rows.push(Row::of_analysis(&analysis));
        Ok(())
    }

    fn give_back(&self, mut buffer: Vec<u8>) {
        if buffer.capacity() <= LARGEST_SPARE_BYTES {
            buffer.clear();
            self.lock().push(buffer);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between two connections in JSON.
const BETWEEN: &[u8] = b",\n";

fn add_json(out: &mut Vec<u8>, analysis: &Analysis, notes: &[String]) {
    let address = |side| analysis.capture.sides.of(side).address.clone();
    let connection = ConnectionJson {
        client: address(Side::Client),
        server: address(Side::Server),
        began_before_recording: began_before_recording(&analysis.capture, &analysis.transcript),
        carrier: analysis.capture.carrier.as_ref().map(Carrier::words),
        client_said: client_said(&analysis.capture, &analysis.transcript),
        analysis: json::analysis(analysis, notes),
    };
    // Strings and numbers only: this cannot fail, and null would be told from a connection by any reader.
    if compact::append(out, &connection).is_err() {
        out.extend_from_slice(b"null");
    }
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
    fn connections(&mut self, told: &mut Told) -> Result<(), Unusable> {
        match self.format {
            Format::Json => {
                output::bytes(match self.printed {
                    0 => b"{\"schema\":\"mtlscope.capture/1\",\"connections\":[\n",
                    _ => BETWEEN,
                })?;
                output::bytes(&told.words)?;
            }
            Format::Text => {
                self.only = (self.printed == 0).then(|| String::from_utf8_lossy(&told.words).into_owned());
                self.rows.append(&mut told.rows);
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

#[cfg(test)]
mod tests;
