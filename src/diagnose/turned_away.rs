//! What the application said once TLS had accepted: a server that asks for a certificate and leaves it to HTTP to refuse, as nginx
//! does (ngx_http_ssl_module: errors 495, 496 and 497, which it sends as status 400).
//!
//! No part of the verdict, which is of TLS. Read from the bytes of the server's first answer, where they are open.

use super::{Certainty, Evidence};
use crate::capture::Side;
use crate::decode::{MessageKind, Transcript};

/// More of an answer is not read.
const LONGEST_ANSWER: usize = 16 * 1024;

/// The application turned the client away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnedAway {
    /// Proven where the answer itself says that it is for the certificate; possible where it may be for something else.
    pub certainty: Certainty,
    /// The HTTP status; `None` where the answer is in HTTP/2, whose headers are packed (RFC 7541).
    pub status: Option<u16>,
    /// What it said and what that means, in sentences.
    pub words: String,
    /// The bytes that say so.
    pub evidence: Evidence,
}

/// nginx's pages: its words, and what they mean.
const PAGES: [(&str, &str); 3] = [
    (
        "No required SSL certificate was sent",
        "The client sent no certificate, and the server requires one (ssl_verify_client on): it says so in HTTP, once TLS is done. \
         Have the client present its certificate and key.",
    ),
    (
        "The SSL certificate error",
        "The server did not accept the certificate that the client sent: it says so in HTTP, once TLS is done. The reason is in its \
         error log, behind “client SSL certificate verify error”; mtlscope explain reads that line.",
    ),
    (
        "The plain HTTP request was sent to HTTPS port",
        "Whoever answered got plain HTTP on a port for HTTPS: something in between, which ends TLS, passes the request on without it. \
         Have it speak TLS to where it sends it (in nginx, proxy_pass https://…).",
    ),
];

/// What the server's first answer says, if it turns the client away.
pub(super) fn turned_away(transcript: &Transcript) -> Option<TurnedAway> {
    let (index, answer, first) = first_answer(transcript)?;
    let status = status(&answer);
    let is_http2 = transcript.alpn.as_deref() == Some("h2") && status.is_none();
    let page = PAGES.iter().find_map(|(words, meaning)| {
        let at = answer
            .windows(words.len())
            .position(|bytes| bytes == words.as_bytes())?;
        Some((at, *words, *meaning))
    });
    let evidence = |range: std::ops::Range<usize>, words: String| Evidence {
        message: Some(index),
        // What stands in a later record is shown by where the answer begins.
        range: if range.end <= first { range } else { 0..first },
        words,
    };
    let line_end = answer.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let line = 0..line_end.unwrap_or(0);
    match (page, status) {
        (Some((at, words, meaning)), _)
            if is_http2 || status.is_some_and(|code| matches!(code, 400 | 495..=497)) =>
        {
            let code = status.map_or_else(String::new, |code| format!("HTTP {code}, "));
            Some(TurnedAway {
                certainty: Certainty::Proven,
                status,
                words: format!("{code}“{words}”. {meaning}"),
                evidence: evidence(at..at + words.len(), format!("the answer says “{words}”")),
            })
        }
        (None, Some(code @ (403 | 495..=497))) => {
            let meaning = match code {
                495 => {
                    "By nginx's numbers, the client's certificate was not accepted; its error log has the reason."
                }
                496 => "By nginx's numbers, the client sent no certificate, and the server requires one.",
                497 => "By nginx's numbers, plain HTTP came to a port for HTTPS.",
                _ => {
                    "It may be for the client's certificate, or for who is in it; the answer does not say. The server's log does."
                }
            };
            Some(TurnedAway {
                certainty: Certainty::Possible,
                status,
                words: format!("HTTP {code}. {meaning}"),
                evidence: evidence(line, format!("the answer has the status {code}")),
            })
        }
        _ => None,
    }
}

/// What the server said first once TLS was done: the message, the bytes of it and of those right behind it, and how many are its own.
fn first_answer(transcript: &Transcript) -> Option<(usize, Vec<u8>, usize)> {
    let of_server =
        |kind: MessageKind, side: Side| kind == MessageKind::ApplicationData && side == Side::Server;
    let mut answers = transcript
        .messages
        .iter()
        .enumerate()
        .filter(|(_, message)| of_server(message.kind, message.side));
    let (index, first) = answers.next()?;
    let mut bytes = first.bytes.clone();
    for (_, message) in answers {
        if bytes.len() >= LONGEST_ANSWER {
            break;
        }
        bytes.extend_from_slice(&message.bytes);
    }
    bytes.truncate(LONGEST_ANSWER);
    Some((index, bytes, first.bytes.len()))
}

/// The code of an HTTP/1 status line (RFC 9112 §4).
fn status(answer: &[u8]) -> Option<u16> {
    let rest = answer.strip_prefix(b"HTTP/1.")?;
    let code = rest.get(1..5)?.strip_prefix(b" ")?;
    std::str::from_utf8(code).ok()?.parse().ok()
}
