//! Every end of every beginning of a handshake, as packets show it: what it can mean, and all that is said of it.

use std::fmt::Write;
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::capture::{
    Alteration, Capture, Carrier, EapLower, EapMethod, Event, EventKind, Gap, Segment, Side,
};

use crate::digest;
use crate::forge::{Forge, sequence, tlv};
use crate::text::{self, written};
use crate::trio::Trio;
use crate::wire::{
    capture, chose_13, client_hello, extension, long, longer, message, record, server_hello, short,
};

type Sent = Vec<(Side, Vec<u8>)>;

fn in_record(bytes: &[u8]) -> Vec<u8> {
    record(22, 0x0303, bytes)
}

/// Certificate of TLS 1.2.
fn certificate(chain: &[Vec<u8>]) -> Vec<u8> {
    let each: Vec<Vec<u8>> = chain.iter().map(|der| longer(&[der])).collect();
    in_record(&message(11, &longer(&[&each.concat()])))
}

/// CertificateRequest of TLS 1.2 that names so many CAs.
fn request(authorities: u8) -> Vec<u8> {
    let names: Vec<Vec<u8>> = (0..authorities)
        .map(|number| long(&[&crate::forge::name(&format!("CA {number}"))]))
        .collect();
    let body = [
        short(&[&[1, 64]]),
        long(&[&[4, 3, 8, 4]]),
        long(&[&names.concat()]),
    ]
    .concat();
    in_record(&message(13, &body))
}

/// A leaf, its issuer and one that issued itself.
fn certificates() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let trio = Trio::with(|trio| {
        let names = [tlv(0x82, b"pay.shop.example"), tlv(0x86, b"spiffe://shop/pay")].concat();
        trio.forges[0].put(17, false, &sequence(&[names]));
    });
    let sent = trio.sent();
    let key = &trio.keys[0];
    let own = Forge::ca("Own", "Own", key, key).sign(key);
    (sent[0].as_bytes().to_vec(), sent[1].as_bytes().to_vec(), own)
}

/// Where handshakes are when they end.
fn beginnings() -> Vec<(&'static str, Sent)> {
    let (leaf, issuer, own) = certificates();
    let (client, server) = (Side::Client, Side::Server);
    let groups = extension(10, &long(&[&[0, 29, 0, 23]]));
    let name = extension(0, &long(&[&[0][..], &long(&[b"pay.shop.example"])]));
    let hello = record(22, 0x0301, &client_hello(0x0303, &[groups, name].concat()));
    let chosen = |suite: u16| in_record(&server_hello(0x0303, [8; 32], suite, &[]));
    let share = extension(51, &[&[0, 29][..], &long(&[&[5; 32]])].concat());
    let chosen_13 = in_record(&server_hello(
        0x0303,
        [8; 32],
        0x1301,
        &[chose_13(), share].concat(),
    ));
    let done = in_record(&message(14, &[]));
    let exchange = in_record(&message(
        12,
        &[
            &[3, 0, 23][..],
            &short(&[&[4; 65]]),
            &[4, 3],
            &long(&[b"signature"]),
        ]
        .concat(),
    ));
    let change = record(20, 0x0303, &[1]);
    let shut = record(22, 0x0303, &[0x99; 40]);
    let data = record(23, 0x0303, &[0x77; 60]);
    let retry = {
        let random = hex::decode("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
            .expect("a random of a retry");
        in_record(&server_hello(
            0x0303,
            random.try_into().expect("32"),
            0x1301,
            &chose_13(),
        ))
    };
    let flight = |chain: &[Vec<u8>], asked: Option<u8>| -> Sent {
        let mut all = vec![
            (client, hello.clone()),
            (server, chosen(0xc02f)),
            (server, certificate(chain)),
            (server, exchange.clone()),
        ];
        all.extend(asked.map(|count| (server, request(count))));
        all.push((server, done.clone()));
        all
    };
    let then = |mut before: Sent, more: &[(Side, &Vec<u8>)]| {
        before.extend(more.iter().map(|(side, bytes)| (*side, (*bytes).clone())));
        before
    };
    let chain = [leaf.clone(), issuer.clone()];
    let proxy = b"PROXY TCP4 10.0.0.1 10.0.0.2 40000 443\r\n".to_vec();
    let proxy_2 = hex::decode("0d0a0d0a000d0a515549540a20000000").expect("a header of version 2");
    let empty = certificate(&[]);
    let (with_leaf, with_own) = (certificate(&chain), certificate(std::slice::from_ref(&own)));
    vec![
        ("nothing", Vec::new()),
        ("PROXY", vec![(client, proxy.clone()), (client, hello.clone())]),
        ("PROXY 2", vec![(client, proxy_2), (client, hello.clone())]),
        (
            "PROXY and an answer",
            vec![(client, proxy), (client, hello.clone()), (server, chosen(0xc02f))],
        ),
        ("hello", vec![(client, hello.clone())]),
        ("chosen", vec![(client, hello.clone()), (server, chosen(0xc02f))]),
        (
            "chosen what was not offered",
            vec![(client, hello.clone()), (server, chosen(0xc030))],
        ),
        ("retry", vec![(client, hello.clone()), (server, retry)]),
        ("1.3", vec![(client, hello.clone()), (server, chosen_13.clone())]),
        (
            "1.3 shut",
            vec![
                (client, hello.clone()),
                (server, chosen_13),
                (server, data.clone()),
                (client, data.clone()),
            ],
        ),
        ("flight", flight(&chain, None)),
        (
            "flight of one that issued itself",
            flight(std::slice::from_ref(&own), None),
        ),
        ("empty", then(flight(&chain, Some(0)), &[(client, &empty)])),
        (
            "empty, one named",
            then(flight(&chain, Some(1)), &[(client, &empty)]),
        ),
        (
            "empty, six named",
            then(flight(&chain, Some(6)), &[(client, &empty)]),
        ),
        (
            "empty, seven named",
            then(flight(&chain, Some(7)), &[(client, &empty)]),
        ),
        (
            "empty, and gone on",
            then(
                flight(&chain, Some(1)),
                &[(client, &empty), (client, &change), (server, &change)],
            ),
        ),
        (
            "empty, and gone on shut",
            then(
                flight(&chain, Some(1)),
                &[(client, &empty), (client, &change), (client, &shut)],
            ),
        ),
        ("shown", then(flight(&chain, Some(1)), &[(client, &with_leaf)])),
        (
            "shown of its own",
            then(flight(&chain, Some(1)), &[(client, &with_own)]),
        ),
        (
            "shut",
            then(
                flight(&chain, Some(1)),
                &[(client, &with_leaf), (client, &change), (client, &shut)],
            ),
        ),
        (
            "shut by both",
            then(
                flight(&chain, None),
                &[
                    (client, &change),
                    (client, &shut),
                    (server, &change),
                    (server, &shut),
                ],
            ),
        ),
        (
            "resumed",
            vec![
                (client, hello.clone()),
                (server, chosen(0xc02f)),
                (server, change.clone()),
                (server, shut.clone()),
                (client, change),
                (client, shut),
            ],
        ),
        ("begun late", vec![(server, certificate(&chain)), (server, done)]),
        ("begun late and shown", vec![(client, with_leaf)]),
    ]
}

fn event(side: Side, kind: EventKind) -> Event {
    Event {
        at_us: 90_000,
        side,
        kind,
    }
}

/// How one ends: a name, and what is added.
type End = (String, Box<dyn Fn(&mut Capture)>);

fn ends() -> Vec<End> {
    let mut all: Vec<End> = vec![("nothing more".to_owned(), Box::new(|_| ()))];
    let say = |side: Side, bytes: Vec<u8>| {
        move |capture: &mut Capture| {
            capture.segments.push(Segment {
                at_us: 50_000,
                from: side,
                bytes: bytes.clone(),
                altered: None,
            });
        }
    };
    for side in Side::BOTH {
        for code in [
            0, 10, 20, 40, 41, 42, 46, 47, 48, 50, 51, 70, 71, 80, 86, 90, 100, 112, 116, 120,
        ] {
            let alert = record(21, 0x0303, &[if code == 0 { 1 } else { 2 }, code]);
            all.push((
                format!("{} {code}", side.word()),
                Box::new(say(side, alert.clone())),
            ));
            if code == 42 || code == 48 {
                all.push((
                    format!("{} {code} behind a gap", side.word()),
                    Box::new(move |capture| {
                        capture.segments.push(Segment {
                            at_us: 40_000,
                            from: side.peer(),
                            bytes: Vec::new(),
                            altered: Some(Alteration::Missing {
                                bytes: 700,
                                why: Gap::NotRecorded,
                            }),
                        });
                        say(side, alert.clone())(capture);
                    }),
                ));
            }
        }
        let text = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".to_vec();
        all.push((format!("{} HTTP", side.word()), Box::new(say(side, text))));
        for is_reset in [false, true] {
            all.push((
                format!("{} closes, reset {is_reset}", side.word()),
                Box::new(move |capture| {
                    capture
                        .events
                        .push(event(side, EventKind::TransportClosed { is_reset }));
                }),
            ));
        }
        all.push((
            format!("{} closes, carried by OpenVPN", side.word()),
            Box::new(move |capture| {
                capture.carrier = Some(Carrier::OpenVpn {
                    is_tcp: true,
                    key_id: 0,
                    hmac_bytes: 0,
                });
                capture
                    .events
                    .push(event(side, EventKind::TransportClosed { is_reset: false }));
            }),
        ));
    }
    for is_granted in [false, true] {
        all.push((
            format!("EAP, granted {is_granted}"),
            Box::new(move |capture| {
                capture.carrier = Some(Carrier::Eap {
                    method: EapMethod::Tls,
                    lower: EapLower::Radius,
                    identity: None,
                    through: None,
                });
                capture
                    .events
                    .push(event(Side::Server, EventKind::Admission { is_granted }));
            }),
        ));
    }
    all.push((
        "OpenVPN".to_owned(),
        Box::new(|capture| {
            capture.carrier = Some(Carrier::OpenVpn {
                is_tcp: false,
                key_id: 0,
                hmac_bytes: 0,
            });
        }),
    ));
    all
}

#[test]
fn what_each_end_means() {
    let (mut ids, mut whole) = (String::new(), Vec::new());
    for (beginning, sent) in beginnings() {
        let text = written(|text| {
            for (end, add) in ends() {
                let mut capture = capture(sent.clone());
                add(&mut capture);
                let analysis = Analysis::of(Arc::new(capture));
                let causes: Vec<String> = analysis
                    .diagnosis
                    .causes
                    .iter()
                    .map(|cause| format!("{} {}", cause.id.word(), cause.certainty.word()))
                    .collect();
                if !causes.is_empty() {
                    let _ = writeln!(ids, "{beginning}, {end}: {}", causes.join(", "));
                }
                text.line(end);
                text.below(|text| {
                    text::diagnosis(text, &analysis);
                    text::story(text, &analysis.story);
                });
            }
        });
        whole.push((beginning.to_owned(), text));
    }
    insta::assert_snapshot!(ids);
    digest::holds("ends", &whole);
}
