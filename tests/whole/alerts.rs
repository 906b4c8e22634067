//! Every alert of every level, and what one means that ended a handshake.

use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::capture::Side;
use mtlscope::decode::decode;

use crate::digest;
use crate::sessions;
use crate::text::{self, written};
use crate::wire::{capture, chose_13, client_hello, record, server_hello};

#[test]
fn every_level_and_code() {
    let text = written(|text| {
        for level in 0..=3 {
            for code in 0..=255 {
                let hello = record(22, 0x0301, &client_hello(0x0303, &[]));
                let sent = [
                    (Side::Client, hello),
                    (Side::Server, record(21, 0x0303, &[level, code])),
                ];
                let transcript = decode(&capture(sent));
                for message in transcript.messages.iter().skip(1) {
                    let values: Vec<String> = message
                        .root
                        .children
                        .iter()
                        .map(|field| format!("{} {} {:?}", field.name, field.value, field.error))
                        .collect();
                    text.line(format!("{} | {}", message.root.value, values.join(" | ")));
                }
            }
        }
    });
    digest::holds("alerts", &[("levels and codes".to_owned(), text)]);
}

/// A handshake that an alert ended, of each code, from each side, at three moments: every cause that it can mean, in order.
#[test]
fn what_each_can_mean() {
    let mut whole = Vec::new();
    let text = written(|text| {
        for (moment, version) in [("at once", 0), ("after hellos", 0x0303), ("after hellos", 0x0304)] {
            for from in Side::BOTH {
                for code in (0..=120).chain([255]) {
                    let mut sent = vec![(Side::Client, record(22, 0x0301, &client_hello(0x0303, &[])))];
                    if version != 0 {
                        let extensions = if version == 0x0304 { chose_13() } else { Vec::new() };
                        let hello = server_hello(0x0303, [8; 32], 0x1301, &extensions);
                        sent.push((Side::Server, record(22, 0x0303, &hello)));
                    }
                    sent.push((from, record(21, 0x0303, &[2, code])));
                    let analysis = Analysis::of(Arc::new(capture(sent)));
                    let ids: Vec<String> = analysis
                        .diagnosis
                        .causes
                        .iter()
                        .map(|cause| format!("{} {}", cause.id.word(), cause.certainty.word()))
                        .collect();
                    let name = format!("{moment} {version:04x} {} {code}", from.word());
                    if ids.is_empty() {
                        continue;
                    }
                    text.line(format!("{name}: {}", ids.join(", ")));
                    whole.push((
                        name,
                        written(|text| {
                            text::diagnosis(text, &analysis);
                            text::story(text, &analysis.story);
                        }),
                    ));
                }
            }
        }
    });
    insta::assert_snapshot!("meanings", text);
    digest::holds("meanings", &whole);
}

/// The same as packets show it: without the words of either stack, without events, and with less and less of what is known.
#[test]
fn sessions_of_which_less_is_known() {
    let mut texts = Vec::new();
    for (name, analysis) in sessions::all() {
        let mut capture = analysis.capture.as_ref().clone();
        capture.origin = mtlscope::capture::Origin::Packets;
        capture.events.clear();
        for side in Side::BOTH {
            capture.sides.of_mut(side).verdict = None;
        }
        let mut tell = |what: &str, capture: &mtlscope::capture::Capture| {
            let analysis = Analysis::of(Arc::new(capture.clone()));
            let text = written(|text| {
                text::diagnosis(text, &analysis);
                text::story(text, &analysis.story);
            });
            texts.push((format!("{name} {what}"), text));
        };
        tell("packets", &capture);
        capture.secrets.clear();
        for side in Side::BOTH {
            if let Some(trust) = &mut capture.sides.of_mut(side).trust {
                trust.clock_unix_s += 400 * 86_400;
                trust.expected_name = Some("elsewhere.test".to_owned());
            }
        }
        tell("a year later, shut", &capture);
    }
    digest::holds("less", &texts);
}
