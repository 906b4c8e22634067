//! What an answer means: refused by TLS, refused by HTTP, or let in.

use super::Answer;
use crate::source::probe::{Dialled, Ending, Served};

/// What a server made of a client. A server may finish the handshake and refuse afterwards, in HTTP: nginx does.
pub(super) fn of_server(dialled: &Dialled) -> Answer {
    let status = http_status(&dialled.answer);
    match (&dialled.ending, status) {
        (_, Some((code, reason))) if is_refusal(code) => Answer::Refused(format!("HTTP {code}: {reason}")),
        (_, Some((code, _))) => Answer::Accepted(format!("answered HTTP {code}")),
        (Ending::Refused(verdict), None) => Answer::Refused(verdict.words.clone()),
        (_, None) if !dialled.answer.is_empty() => {
            Answer::Accepted(format!("sent {} bytes of application data", dialled.answer.len()))
        }
        (Ending::Closed, None) if dialled.is_connected => {
            Answer::Refused("closed the connection without a word after the handshake".to_owned())
        }
        (Ending::Closed, None) => Answer::Refused("closed the connection without a word".to_owned()),
        (Ending::Open, None) if dialled.is_connected => {
            Answer::Accepted("kept the connection open and waits for more".to_owned())
        }
        (Ending::Open, None) => Answer::Refused("never finished the handshake".to_owned()),
    }
}

/// What a client made of a server: it lets it in where it trusts the connection with what it has to say.
pub(super) fn of_client(served: &Served) -> Answer {
    if !served.has_come {
        return Answer::NotRun("the client never connected".to_owned());
    }
    match &served.ending {
        _ if !served.request.is_empty() => {
            Answer::Accepted(format!("sent {} bytes of its request", served.request.len()))
        }
        Ending::Refused(verdict) => Answer::Refused(verdict.words.clone()),
        Ending::Open if served.is_connected => Answer::Accepted("kept the connection open".to_owned()),
        Ending::Closed if served.is_connected => {
            Answer::Refused("finished the handshake, and closed before it said anything".to_owned())
        }
        Ending::Closed | Ending::Open => Answer::Refused("closed the connection without a word".to_owned()),
    }
}

/// Status code and the words that go with it: the reason phrase, or the title of the page.
fn http_status(answer: &[u8]) -> Option<(u16, String)> {
    let text = String::from_utf8_lossy(answer);
    let line = text.lines().next()?.strip_prefix("HTTP/")?.to_owned();
    let mut words = line.splitn(3, ' ');
    words.next()?;
    let code = words.next()?.parse().ok()?;
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| title.trim().to_owned());
    let reason = title.unwrap_or_else(|| words.next().unwrap_or_default().trim().to_owned());
    Some((code, reason))
}

/// The answers by which HTTP servers turn a client away: 400 (nginx's for a certificate), 401, 403, and nginx's own 495 to
/// 497.
fn is_refusal(code: u16) -> bool {
    matches!(code, 400 | 401 | 403 | 495..=497)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialled(answer: &[u8], ending: Ending) -> Dialled {
        Dialled {
            is_connected: true,
            version: None,
            was_asked: true,
            answer: answer.to_vec(),
            ending,
        }
    }

    #[test]
    fn a_finished_handshake_is_no_welcome() {
        let nginx =
            b"HTTP/1.1 400 Bad Request\r\n\r\n<html><head><title>400 The SSL certificate error</title>";
        assert_eq!(
            of_server(&dialled(nginx, Ending::Open)),
            Answer::Refused("HTTP 400: 400 The SSL certificate error".to_owned())
        );
        let welcome = b"HTTP/1.1 404 Not Found\r\n\r\n";
        assert!(matches!(
            of_server(&dialled(welcome, Ending::Open)),
            Answer::Accepted(_)
        ));
        assert!(matches!(
            of_server(&dialled(b"", Ending::Closed)),
            Answer::Refused(_)
        ));
        assert!(matches!(
            of_server(&dialled(b"", Ending::Open)),
            Answer::Accepted(_)
        ));
        assert!(matches!(
            of_server(&dialled(b"220 ready\r\n", Ending::Open)),
            Answer::Accepted(_)
        ));
    }
}
