//! What `explain` is given: words, or a log in a file or on standard input, of which a large one is read line by line.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::outcome::Unusable;
use crate::diagnose::{Sieve, Sieved};
use crate::pki::{ReadError, open_content};
use crate::printable::quoted_path;

/// So much of a log is read.
const LARGEST_LOG_BYTES: u64 = 64 * 1024 * 1024;
/// A text of no more than this is looked at whole; of a longer one, the lines that say something.
const WHOLE_BYTES: u64 = 48 * 1024;

/// The words on the command line; a lone `-` is standard input, and a lone word that names a file is that file: no line of a
/// log is also the name of one.
pub(super) fn pasted(words: &[String]) -> Result<Sieved, Unusable> {
    let (found, is_empty) = match words {
        [word] if word == "-" => log(std::io::stdin().lock(), "standard input", LARGEST_LOG_BYTES)?,
        [word] if std::fs::metadata(word).is_ok() => log_file(Path::new(word))?,
        words => {
            let text = words.join(" ");
            log(text.as_bytes(), "these words", LARGEST_LOG_BYTES)?
        }
    };
    if is_empty {
        return Err(Unusable(
            "there is nothing to explain: give the log line in quotes, a log's file, or - and the log on standard input"
                .to_owned(),
        ));
    }
    Ok(found)
}

fn log_file(path: &Path) -> Result<(Sieved, bool), Unusable> {
    let name = quoted_path(path);
    let (file, _) = open_content(path).map_err(|error| unreadable(&name, &error))?;
    log(BufReader::new(file), &name, LARGEST_LOG_BYTES)
}

fn unreadable(name: &str, error: &ReadError) -> Unusable {
    let (problem, mend) = error.words();
    Unusable(format!("{name}: {problem}; {mend}"))
}

/// Reads a log, and tells whether there was nothing in it.
fn log(mut stream: impl BufRead, name: &str, most: u64) -> Result<(Sieved, bool), Unusable> {
    let io = |error| unreadable(name, &ReadError::Io(error));
    let mut beginning = Vec::new();
    (&mut stream)
        .take(WHOLE_BYTES)
        .read_to_end(&mut beginning)
        .map_err(io)?;
    if (beginning.len() as u64) < WHOLE_BYTES {
        let text = String::from_utf8_lossy(&beginning).into_owned();
        let is_empty = text.trim().is_empty();
        return Ok((Sieved::whole(text), is_empty));
    }
    let mut sieve = Sieve::default();
    let mut is_empty = true;
    let mut at = 0;
    let mut line = Vec::new();
    let mut all = std::io::Cursor::new(beginning).chain(stream);
    loop {
        line.clear();
        let count = (&mut all)
            .take(LONGEST_READ)
            .read_until(b'\n', &mut line)
            .map_err(io)? as u64;
        if count == 0 {
            break;
        }
        if at + count > most {
            return Err(Unusable(format!(
                "{name}: this log has more than {} MB, and no more of one is read; give the lines around the failure \
                 (grep -n -C 20 'handshake\\|alert' FILE | mtlscope explain -)",
                most / 1_000_000
            )));
        }
        is_empty &= line.trim_ascii().is_empty();
        sieve.push(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']), at);
        at += count;
    }
    Ok((sieve.finish(), is_empty))
}

/// So much of a line is read at once; what is longer goes on as if it were the next.
const LONGEST_READ: u64 = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_to_its_bound_and_not_beyond() {
        let line = b"07:12:33 INFO GET /orders 200\n";
        let mut text = line.repeat(60_000);
        text.extend_from_slice(b"tlsv1 alert unknown ca\n");
        let most = text.len() as u64;
        let (found, is_empty) = log(&text[..], "x", most).expect("within the bound");
        assert!(
            found.text.contains("alert unknown ca") && !is_empty,
            "{}",
            found.text
        );
        text.push(b'\n');
        let error = log(&text[..], "x", most).expect_err("beyond it");
        assert!(
            error.0.contains("more than 1 MB") && error.0.contains("grep"),
            "{}",
            error.0
        );
        let (_, is_empty) = log(&b"\n".repeat(100_000)[..], "x", most).expect("read");
        assert!(is_empty);
    }
}
