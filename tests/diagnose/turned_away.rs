//! TLS accepted and the application refused: the server's first answer, as nginx writes it.

use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::capture::Side;
use mtlscope::decode::MessageKind;
use mtlscope::diagnose::{Certainty, TurnedAway, Verdict};

use crate::support::told::{GOOD, analysis};

/// What nginx 1.22 sends, headers and page.
fn page(status: &str, words: &str) -> String {
    let body = format!(
        "<html>\r\n<head><title>400 {words}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
         <center>{words}</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A good handshake after which the server answers with these records.
fn answered(records: &[&[u8]], alpn: Option<&str>) -> Analysis {
    let good = analysis(GOOD, |_| {});
    let mut transcript = good.transcript.clone();
    transcript.alpn = alpn.map(str::to_owned);
    let is_answer =
        |kind: MessageKind, side: Side| kind == MessageKind::ApplicationData && side == Side::Server;
    let at = transcript
        .messages
        .iter()
        .position(|message| is_answer(message.kind, message.side))
        .expect("the server says a line");
    transcript.messages[at].bytes = records[0].to_vec();
    for more in &records[1..] {
        let mut next = transcript.messages[at].clone();
        next.bytes = more.to_vec();
        transcript.messages.push(next);
    }
    Analysis::of_decoded(Arc::new((*good.capture).clone()), transcript)
}

fn turned(records: &[&[u8]], alpn: Option<&str>) -> Option<TurnedAway> {
    let analysis = answered(records, alpn);
    assert_eq!(
        analysis.diagnosis.verdict,
        Verdict::Accepted,
        "the verdict is of TLS"
    );
    assert!(analysis.diagnosis.causes.is_empty());
    let turned = analysis.diagnosis.turned_away.clone()?;
    let said = turned.evidence.message.expect("a message");
    let bytes = &analysis.transcript.messages[said].bytes;
    assert!(
        bytes
            .get(turned.evidence.range.clone())
            .is_some_and(|bytes| !bytes.is_empty())
    );
    let is_told = analysis
        .story
        .steps
        .iter()
        .any(|step| step.explanation.contains(&turned.words));
    assert!(is_told, "{}", turned.words);
    Some(turned)
}

#[test]
fn each_page_of_nginx_is_proof_in_its_own_words() {
    for (words, meaning) in [
        ("No required SSL certificate was sent", "sent no certificate"),
        ("The SSL certificate error", "did not accept the certificate"),
        ("The plain HTTP request was sent to HTTPS port", "without it"),
    ] {
        let whole = page("400 Bad Request", words);
        let head = whole.find("\r\n\r\n").expect("headers") + 4;
        for records in [
            vec![whole.as_bytes()],
            vec![&whole.as_bytes()[..head], &whole.as_bytes()[head..]],
        ] {
            let found = turned(&records, None).expect("it turns the client away");
            assert_eq!(
                (found.certainty, found.status),
                (Certainty::Proven, Some(400)),
                "{words}"
            );
            assert!(
                found.words.contains(words) && found.words.contains(meaning),
                "{}",
                found.words
            );
        }
        // In HTTP/2 the page stands behind frames, in the clear once TLS is opened.
        let frames = [
            b"\0\0\x20\x01\x04\0\0\0\x01\x8c\0\0\x10\0\x01\0\0\0\x01".as_slice(),
            &whole.as_bytes()[head..],
        ]
        .concat();
        let found = turned(&[&frames], Some("h2")).expect("it turns the client away");
        assert_eq!(
            (found.certainty, found.status),
            (Certainty::Proven, None),
            "{words}"
        );
    }
}

#[test]
fn a_status_alone_is_no_proof_and_another_answer_is_none() {
    for code in [403, 495, 496, 497] {
        let answer = format!("HTTP/1.1 {code} Whatever\r\nContent-Length: 0\r\n\r\n");
        let found = turned(&[answer.as_bytes()], None).expect("it may turn the client away");
        assert_eq!((found.certainty, found.status), (Certainty::Possible, Some(code)));
    }
    let quoted = page("200 OK", "No required SSL certificate was sent");
    for answer in [
        "HTTP/1.1 200 OK\r\n\r\nhello".as_bytes(),
        quoted.as_bytes(),
        b"HTTP/1.1 400 Bad Request\r\n\r\n<h1>400 Bad Request</h1>",
        b"HTTP/1.1 404 Not Found\r\n\r\n",
        b"HTTP/1.",
        b"HTTP/1.1 4",
        b"\xff\xfe",
        b"hello\n",
    ] {
        assert_eq!(turned(&[answer], None), None, "{answer:?}");
    }
}
