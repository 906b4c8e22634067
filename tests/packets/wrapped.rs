//! Packets inside packets, and packets in parts, tell the same story as those that travelled plain.

use mtlscope::survey::{Survey, travelled};
use serde_json::Value;

use super::read::{capture, ends, packets, survey};
use crate::support::packets::PacketFile;
use crate::support::traffic::Dice;
use crate::support::wrapped::{Cut, ethernet, file, fragments, fragments_v6, ipv4, ipv6};
use crate::support::wraps::wraps;

type Frames = Vec<(u64, Vec<u8>)>;

const NAMES: [&str; 2] = ["good-tls13", "root-rotated"];

/// Two connections, plain.
fn plain() -> Frames {
    let mut file = PacketFile::new();
    for (name, port) in NAMES.iter().zip([40_001, 40_002]) {
        file.connection(&capture(name), ends(port));
    }
    packets(file.bytes())
}

fn surveyed(bytes: &[u8]) -> Survey {
    let captures = NAMES.map(capture);
    survey(bytes, &[&captures[0], &captures[1]])
}

/// All that is told of every connection, as JSON.
fn told(survey: &Survey) -> Vec<Value> {
    let rows = survey.rows.iter();
    rows.map(|row| {
        let analysis = survey.analysis(row).expect("read");
        serde_json::to_value(mtlscope::cli::analysis_to_json(&analysis, &[])).expect("JSON")
    })
    .collect()
}

fn assert_same(frames: &[(u64, Vec<u8>)], wanted: &[Value], place: &str) -> Survey {
    let survey = surveyed(&file(frames));
    assert_eq!(survey.rows.len(), 2, "{place}: {:?}", survey.index.remarks);
    assert!(told(&survey) == wanted, "{place}: another story");
    survey
}

#[test]
fn what_travelled_in_a_tunnel_tells_the_same_and_names_the_tunnel() {
    let frames = plain();
    let wanted = told(&surveyed(&file(&frames)));
    for (name, wrap, words) in wraps() {
        let wrapped: Frames = frames.iter().map(|(at, data)| (*at, wrap(data))).collect();
        let survey = assert_same(&wrapped, &wanted, name);
        assert_eq!(survey.index.remarks, [""; 0], "{name}");
        let note = travelled(&survey.capture(&survey.rows[0]).expect("read")).unwrap_or_default();
        assert!(note.contains(words), "{name}: {note}");
        assert_eq!(note.is_empty(), words.is_empty(), "{name}: {note}");
        assert_eq!(
            survey.rows[0].words().contains("in "),
            !words.is_empty(),
            "{name}"
        );
        // Cut anywhere, and with any byte of its headers changed, it is read or passed over.
        let one = &wrapped[3].1;
        let mut broken: Frames = (0..one.len().min(160))
            .map(|length| (1, one[..length].to_vec()))
            .collect();
        for at in 0..100 {
            for bit in 0..8 {
                let mut data = one.clone();
                data[at] ^= 1 << bit;
                broken.push((1, data));
            }
        }
        super::read::survey(&file(&broken), &[]);
    }
}

/// A load balancer wraps what the client sends; the server's answers come plain.
#[test]
fn a_tunnel_on_one_way_only_does_not_tear_a_connection() {
    let frames = plain();
    let wanted = told(&surveyed(&file(&frames)));
    let half: Frames = frames
        .iter()
        .map(|(at, data)| match data[29] {
            1 => (*at, ethernet(0x0800, &ipv4(4, &data[14..]))),
            _ => (*at, data.clone()),
        })
        .collect();
    let survey = assert_same(&half, &wanted, "one way");
    let note = travelled(&survey.capture(&survey.rows[0]).expect("read")).expect("a tunnel");
    assert!(
        note.contains("the client's in IP in IP") && !note.contains("server's"),
        "{note}"
    );
}

#[test]
fn layers_without_end_are_not_followed() {
    let mut data = plain()[3].1.clone();
    for _ in 0..40 {
        data = ethernet(0x0800, &ipv4(4, &data[14..]));
    }
    let survey = surveyed(&file(&[(1, data)]));
    assert!(survey.index.connections.is_empty());
    assert_eq!(
        survey.index.remarks,
        ["1 packet is wrapped in more layers than are looked into here."]
    );
}

/// Every packet in parts: `order` gets them and may change what it likes.
fn in_parts(frames: &[(u64, Vec<u8>)], cut: &Cut, order: &mut dyn FnMut(&mut Vec<Vec<u8>>)) -> Frames {
    let mut out = Vec::new();
    for (number, (at, data)) in frames.iter().enumerate() {
        let mut parts = fragments(data, number as u16, cut);
        order(&mut parts);
        out.extend(parts.into_iter().map(|part| (*at, part)));
    }
    out
}

#[test]
fn fragments_tell_the_same_as_the_whole() {
    let frames = plain();
    let wanted = told(&surveyed(&file(&frames)));
    let mut dice = Dice(3);
    for step in [8, 16, 512, 1400] {
        // The first part ends within TCP's header where it has 8 or 16 bytes.
        for cut in [Cut::Every(step), Cut::First(step)] {
            let parts = in_parts(&frames, &cut, &mut |_| {});
            let survey = assert_same(&parts, &wanted, "in order");
            assert_eq!(survey.index.remarks, [""; 0]);
            assert_same(
                &in_parts(&frames, &cut, &mut |parts| parts.reverse()),
                &wanted,
                "reversed",
            );
            assert_same(
                &in_parts(&frames, &cut, &mut |parts| {
                    for at in (1..parts.len()).rev() {
                        parts.swap(at, dice.roll(at + 1));
                    }
                }),
                &wanted,
                "shuffled",
            );
            let twice = in_parts(&frames, &cut, &mut |parts| {
                *parts = parts
                    .iter()
                    .flat_map(|part| [part.clone(), part.clone()])
                    .collect();
            });
            let survey = assert_same(&twice, &wanted, "each twice");
            assert_eq!(survey.index.remarks, [""; 0], "a copy is no packet of its own");
            let again = in_parts(&frames, &cut, &mut |parts| parts.extend(parts.clone()));
            assert_eq!(assert_same(&again, &wanted, "all twice").index.remarks, [""; 0]);
        }
    }
}

#[test]
fn fragments_of_ipv6_and_of_tunnels_are_joined() {
    let frames = plain();
    let wanted = told(&surveyed(&file(&frames)));
    for step in [8, 64, 1232] {
        let mut parts = Vec::new();
        for (number, (at, data)) in frames.iter().enumerate() {
            let outer = ethernet(0x86dd, &ipv6(4, &data[14..]));
            for part in fragments_v6(&outer, number as u32, step) {
                parts.push((*at, part));
            }
        }
        assert_same(&parts, &wanted, "IPv6");
        // Both the tunnel and what is in it.
        let mut parts = Vec::new();
        let mut number = 0;
        for (at, data) in in_parts(&frames, &Cut::Every(step), &mut |_| {}) {
            let outer = ethernet(0x0800, &ipv4(4, &data[14..]));
            number += 1;
            parts.extend(
                fragments(&outer, number, &Cut::Every(40))
                    .into_iter()
                    .map(|part| (at, part)),
            );
        }
        assert_same(&parts, &wanted, "fragments within fragments");
    }
}

#[test]
fn a_lost_fragment_is_a_hole_and_an_overlap_is_none_of_both() {
    let frames = plain();
    // The server's longest packet: its certificate.
    let (place, _) = frames
        .iter()
        .enumerate()
        .max_by_key(|(_, (_, data))| data.len())
        .expect("packets");
    let mut without = frames.clone();
    without.remove(place);
    let wanted = told(&surveyed(&file(&without)));
    let replaced = |parts: Vec<Vec<u8>>| {
        let mut changed = frames.clone();
        let at = changed[place].0;
        changed.splice(place..=place, parts.into_iter().map(|part| (at, part)));
        changed
    };
    let parts = fragments(&frames[place].1, 77, &Cut::Every(400));
    for lost in 0..parts.len() {
        let mut left = parts.clone();
        left.remove(lost);
        let survey = assert_same(&replaced(left), &wanted, "lost");
        assert!(
            survey.index.remarks[0].contains("not all were recorded"),
            "{:?}",
            survey.index.remarks
        );
    }
    // A part that says something else of bytes that another part has already said.
    let mut other = parts[1].clone();
    *other.last_mut().expect("bytes") ^= 1;
    let mut longer = parts[1].clone();
    longer.extend([0; 8]);
    let length = (longer.len() - 14) as u16;
    longer[16..18].copy_from_slice(&length.to_be_bytes());
    for (name, more) in [("another", other), ("longer", longer)] {
        for at in 1..=2 {
            let mut overlapping = parts.clone();
            overlapping.insert(at, more.clone());
            let survey = assert_same(&replaced(overlapping), &wanted, name);
            assert!(
                survey.index.remarks[0].contains("overlap"),
                "{name}: {:?}",
                survey.index.remarks
            );
        }
    }
    // Parts of two packets that bear one number.
    let mut mixed = parts.clone();
    let last = mixed.len() - 1;
    *mixed[last].last_mut().expect("bytes") ^= 1;
    let survey = assert_same(&replaced(mixed), &wanted, "mixed");
    assert!(
        survey.index.remarks[0].contains("do not fit together"),
        "{:?}",
        survey.index.remarks
    );
    // Of a part only the beginning was recorded.
    let mut short = parts.clone();
    short[1].truncate(200);
    let survey = assert_same(&replaced(short), &wanted, "cut");
    assert!(
        survey.index.remarks[0].contains("not all were recorded"),
        "{:?}",
        survey.index.remarks
    );
    // A part comes two minutes late.
    let mut late = replaced(parts);
    let at = place + 1;
    let (when, part) = late.remove(at);
    late.push((when + 120_000_000, part));
    assert!(surveyed(&file(&late)).index.remarks[0].contains("not all were recorded"));
}

#[test]
fn broken_fragments_never_panic() {
    let frames = plain();
    let whole = in_parts(&frames[..8], &Cut::Every(64), &mut |_| {});
    let mut dice = Dice(11);
    for _ in 0..200 {
        let mut broken = whole.clone();
        for _ in 0..=dice.roll(4) {
            let (_, part) = &mut broken[dice.roll(whole.len())];
            let at = dice.roll(part.len());
            part[at] ^= 1 << dice.roll(8);
        }
        let (_, part) = &mut broken[dice.roll(whole.len())];
        let length = dice.roll(part.len() + 1);
        part.truncate(length);
        survey(&file(&broken), &[]);
    }
}
