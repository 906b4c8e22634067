//! What an answer means: refused by TLS, refused by HTTP, or let in.

use super::Answer;
use crate::capture::VerdictCode;
use crate::diagnose::CauseId;
use crate::source::probe::{Dialled, Ending, Served};

/// What a server made of a client. A server may finish the handshake and refuse afterwards, in HTTP: nginx does. Where
/// nothing came until the time was over, nothing is known: silence is neither a refusal nor a welcome.
///
/// A server that is asked nothing (`is_asked`) has nothing to say: there the connection that stays open is the welcome, and only
/// where the server is known to have finished the handshake, if it was known of the good client.
pub(super) fn of_server(dialled: &Dialled, is_asked: bool, needs_proof: bool) -> Answer {
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
        (Ending::Open, None) if !dialled.is_connected => {
            Answer::NotTested("the handshake was not finished in time".to_owned())
        }
        (Ending::Open, None) if is_asked => {
            Answer::NotTested("nothing came in time after the handshake".to_owned())
        }
        (Ending::Open, None) if needs_proof && !dialled.is_confirmed => {
            Answer::NotTested("nothing shows that the server finished the handshake".to_owned())
        }
        (Ending::Open, None) => Answer::Accepted("kept the connection open and waits for more".to_owned()),
    }
}

/// What a client made of a server: it lets it in where it trusts the connection with what it has to say.
pub(super) fn of_client(served: &Served) -> Answer {
    if !served.has_come {
        return Answer::NotTested("the client did not connect".to_owned());
    }
    match &served.ending {
        _ if !served.request.is_empty() => {
            Answer::Accepted(format!("sent {} bytes of its request", served.request.len()))
        }
        Ending::Refused(verdict) => Answer::Refused(verdict.words.clone()),
        Ending::Open if served.is_connected => Answer::Accepted("kept the connection open".to_owned()),
        Ending::Open => Answer::NotTested("the client did not finish the handshake in time".to_owned()),
        Ending::Closed if served.is_connected => {
            Answer::Refused("finished the handshake, and closed before it said anything".to_owned())
        }
        Ending::Closed => Answer::Refused("closed the connection without a word".to_owned()),
    }
}

/// A refusal that names another fault than the one tested is no proof that this one is seen (RFC 8446 §6.2). Many stacks name
/// none (bad_certificate, certificate_unknown, HTTP 400): those count, since a good peer was let in before and after.
pub(super) fn for_its_fault(answer: Answer, fault: Option<CauseId>, ending: &Ending) -> Answer {
    match (answer, fault, ending) {
        (Answer::Refused(words), Some(fault), Ending::Refused(verdict))
            if is_another_reason(fault, verdict.code) =>
        {
            Answer::NotTested(format!("refused for another reason: {words}"))
        }
        (answer, ..) => answer,
    }
}

fn is_another_reason(fault: CauseId, code: VerdictCode) -> bool {
    match code {
        VerdictCode::AlertReceived(alert) => is_another_alert(fault, alert),
        // Our own stack objects to what came: the peer has not spoken of our certificate.
        VerdictCode::Incompatible(_)
        | VerdictCode::UnexpectedMessage
        | VerdictCode::InvalidMessage
        | VerdictCode::PeerMisbehaved
        | VerdictCode::NoApplicationProtocol
        | VerdictCode::TimedOut
        | VerdictCode::NotConfigurable => true,
        VerdictCode::Accepted
        | VerdictCode::Certificate(_)
        | VerdictCode::NoCertificatePresented
        | VerdictCode::DecryptError
        | VerdictCode::TransportEnded
        | VerdictCode::Other => false,
    }
}

/// The alerts that mean one thing and not the other, by their codes.
fn is_another_alert(fault: CauseId, alert: u8) -> bool {
    let is_of_time = matches!(fault, CauseId::Expired | CauseId::NotYetValid);
    // The chain is good, and so is every signature in it.
    let has_good_chain = is_of_time
        || matches!(
            fault,
            CauseId::WrongPurpose | CauseId::NameMismatch | CauseId::NoSan
        );
    match alert {
        // certificate_revoked
        44 => true,
        // certificate_expired
        45 => !is_of_time,
        // unknown_ca
        48 => has_good_chain || fault == CauseId::KeyMismatch,
        // decrypt_error
        51 => has_good_chain,
        // certificate_required
        116 => fault != CauseId::ClientCertificateMissing,
        // Of the protocol, or of the peer itself: unexpected_message, bad_record_mac, decryption_failed, record_overflow,
        // protocol_version, insufficient_security, internal_error, inappropriate_fallback, user_canceled, no_renegotiation,
        // missing_extension, unsupported_extension, unrecognized_name, unknown_psk_identity, no_application_protocol.
        10 | 20..=22 | 70 | 71 | 80 | 86 | 90 | 100 | 109 | 110 | 112 | 115 | 120 => true,
        _ => false,
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

    fn dialled(is_connected: bool, answer: &[u8], ending: Ending) -> Dialled {
        Dialled {
            is_connected,
            is_confirmed: false,
            version: None,
            was_asked: true,
            answer: answer.to_vec(),
            ending,
        }
    }

    fn asked(is_connected: bool, answer: &[u8], ending: Ending) -> Answer {
        of_server(&dialled(is_connected, answer, ending), true, false)
    }

    /// A refusal counts for a fault only where it may be for this fault.
    #[test]
    fn which_refusals_are_for_another_reason() {
        use crate::capture::CertificateRefusal;
        for (code, wanted) in [
            (VerdictCode::UnexpectedMessage, true),
            (VerdictCode::InvalidMessage, true),
            (VerdictCode::PeerMisbehaved, true),
            (VerdictCode::NoApplicationProtocol, true),
            (VerdictCode::TimedOut, true),
            (VerdictCode::NotConfigurable, true),
            (VerdictCode::Accepted, false),
            (VerdictCode::Certificate(CertificateRefusal::Expired), false),
            (VerdictCode::NoCertificatePresented, false),
            (VerdictCode::DecryptError, false),
            (VerdictCode::TransportEnded, false),
            (VerdictCode::Other, false),
            // unexpected_message, bad_certificate
            (VerdictCode::AlertReceived(10), true),
            (VerdictCode::AlertReceived(42), false),
        ] {
            assert_eq!(is_another_reason(CauseId::Expired, code), wanted, "{code:?}");
        }
    }

    #[test]
    fn a_finished_handshake_is_no_welcome() {
        let nginx =
            b"HTTP/1.1 400 Bad Request\r\n\r\n<html><head><title>400 The SSL certificate error</title>";
        assert_eq!(
            asked(true, nginx, Ending::Open),
            Answer::Refused("HTTP 400: 400 The SSL certificate error".to_owned())
        );
        for code in [400, 401, 403, 495, 496, 497] {
            let answer = format!("HTTP/1.1 {code} No\r\n\r\n");
            assert_eq!(
                asked(true, answer.as_bytes(), Ending::Open),
                Answer::Refused(format!("HTTP {code}: No"))
            );
        }
        for code in [200, 204, 302, 402, 404, 494, 498, 500, 503] {
            let answer = format!("HTTP/1.1 {code} Yes\r\n\r\n");
            assert_eq!(
                asked(true, answer.as_bytes(), Ending::Open),
                Answer::Accepted(format!("answered HTTP {code}"))
            );
        }
        assert!(matches!(asked(true, b"", Ending::Closed), Answer::Refused(_)));
        assert!(matches!(asked(false, b"", Ending::Closed), Answer::Refused(_)));
        assert!(matches!(
            asked(true, b"220 ready\r\n", Ending::Open),
            Answer::Accepted(_)
        ));
    }

    #[test]
    fn silence_is_neither_a_refusal_nor_a_welcome() {
        assert!(matches!(asked(true, b"", Ending::Open), Answer::NotTested(_)));
        assert!(matches!(asked(false, b"", Ending::Open), Answer::NotTested(_)));
        // Where nothing is asked, the connection that stays open is the welcome; with the good client's proof, if it had one.
        let mut open = dialled(true, b"", Ending::Open);
        assert!(matches!(of_server(&open, false, false), Answer::Accepted(_)));
        assert!(matches!(of_server(&open, false, true), Answer::NotTested(_)));
        open.is_confirmed = true;
        assert!(matches!(of_server(&open, false, true), Answer::Accepted(_)));
        open.is_connected = false;
        assert!(matches!(of_server(&open, false, false), Answer::NotTested(_)));
    }

    #[test]
    fn a_client_that_does_nothing_has_refused_nothing() {
        let served = |has_come, is_connected, request: &[u8], ending| {
            of_client(&Served {
                has_come,
                is_connected,
                request: request.to_vec(),
                ending,
            })
        };
        assert!(matches!(
            served(false, false, b"", Ending::Open),
            Answer::NotTested(_)
        ));
        assert!(matches!(
            served(true, false, b"", Ending::Open),
            Answer::NotTested(_)
        ));
        assert!(matches!(
            served(true, false, b"", Ending::Closed),
            Answer::Refused(_)
        ));
        assert!(matches!(
            served(true, true, b"", Ending::Closed),
            Answer::Refused(_)
        ));
        assert!(matches!(
            served(true, true, b"", Ending::Open),
            Answer::Accepted(_)
        ));
        assert!(matches!(
            served(true, true, b"GET", Ending::Closed),
            Answer::Accepted(_)
        ));
    }

    #[test]
    fn a_refusal_for_another_reason_is_no_proof() {
        let refused = |fault, alert: u8| {
            let ending = Ending::Refused(crate::capture::StackVerdict {
                stack: "rustls".to_owned(),
                version: String::new(),
                code: VerdictCode::AlertReceived(alert),
                words: "an alert".to_owned(),
            });
            let answer = Answer::Refused("an alert".to_owned());
            matches!(for_its_fault(answer, Some(fault), &ending), Answer::Refused(_))
        };
        // Every stack may say bad_certificate, unsupported_certificate or certificate_unknown, or fail without a reason.
        for fault in [CauseId::Expired, CauseId::KeyMismatch, CauseId::WrongPurpose] {
            for alert in [40, 42, 43, 46, 49] {
                assert!(refused(fault, alert), "{fault:?} {alert}");
            }
            for alert in [10, 44, 48, 70, 80, 116, 120] {
                assert!(!refused(fault, alert), "{fault:?} {alert}");
            }
        }
        assert!(refused(CauseId::Expired, 45) && refused(CauseId::NotYetValid, 45));
        assert!(!refused(CauseId::WrongPurpose, 45) && !refused(CauseId::UnknownIssuer, 45));
        assert!(refused(CauseId::UnknownIssuer, 48) && refused(CauseId::IssuerNotCa, 48));
        assert!(refused(CauseId::BadSignature, 51) && refused(CauseId::KeyMismatch, 51));
        assert!(!refused(CauseId::Expired, 51));
        assert!(refused(CauseId::ClientCertificateMissing, 116));
    }
}
