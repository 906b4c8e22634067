//! What is on record of other stacks about names held against what is asked for.

use mtlscope::capture::Side;

use crate::forge::{name_as, sequence, tlv};
use crate::text::{Text, written};
use crate::trio::{HOST, Trio, bytes};

/// Names of a DNS name's form, and what is asked for.
const PATTERNS: [&str; 34] = [
    "pay.shop.example",
    "PAY.Shop.Example",
    "pay.shop.example.",
    ".shop.example",
    "*.shop.example",
    "*.Shop.example",
    "p*.shop.example",
    "*y.shop.example",
    "*pay.shop.example",
    "pay*.shop.example",
    "p*y.shop.example",
    "xn--*.shop.example",
    "x*.shop.example",
    "**.shop.example",
    "*.*.example",
    "pay.*.example",
    "*.example",
    "*",
    "*.",
    "*.-shop.example",
    "*.shop-.example",
    "*.shop..example",
    "*.shop.example.",
    "*.shop.example-",
    "*.shop_1.example",
    "*-.shop.example",
    "*.-.example",
    "-pay.shop.example",
    "pay_1.shop.example",
    "",
    ".",
    "pay shop",
    "a\0b",
    "localhost",
];

const ASKED: [&str; 15] = [
    "pay.shop.example",
    "pay.shop.example.",
    "xpay.shop.example",
    ".shop.example",
    "a.b.shop.example",
    "xn--a.shop.example",
    "pay_1.shop.example",
    "pay-1.shop.example",
    "-pay.shop.example",
    "shop.example",
    "*.shop.example",
    "pay shop",
    "a b.shop.example",
    "localhost",
    "pay.shop",
];

/// What a client is told that asks for each, and for what a pattern itself may stand for; the same answer once.
fn asked(text: &mut Text, told: &str, pattern: &'static str, change: impl Fn(&mut Trio)) {
    let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
    let of_the_pattern = ["*", "x", "xn--x", "a.b", "a_b", ""]
        .map(|one| -> &'static str { pattern.replacen('*', one, 1).replace('*', "y").leak() });
    let mut names = ASKED.to_vec();
    names.extend(of_the_pattern);
    let mut met = std::collections::BTreeSet::new();
    for name in names.into_iter().filter(|name| met.insert(*name)) {
        let trio = Trio::with(|trio| {
            change(trio);
            trio.name = Some(name);
        });
        let answer = trio
            .line(Side::Client)
            .replace(&format!(" for {name}"), " for NAME");
        match answers.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, names)) => names.push(name),
            None => answers.push((answer, vec![name])),
        }
    }
    text.line(told);
    text.below(|text| {
        for (answer, names) in answers {
            text.line(format!("{answer}: {}", names.join(", ").escape_default()));
        }
    });
}

pub fn alternative_name(tag: u8, contents: &[u8]) -> Vec<u8> {
    sequence(&[tlv(tag, contents)])
}

#[test]
fn asked_for() {
    let told = written(|text| {
        for pattern in PATTERNS {
            let shown = pattern.escape_default().to_string();
            asked(text, &format!("DNS {shown}"), pattern, |trio| {
                trio.forges[0].put(17, false, &alternative_name(0x82, pattern.as_bytes()));
            });
            asked(text, &format!("CN {shown}"), pattern, |trio| {
                trio.forges[0].drop(17);
                trio.forges[0].subject = name_as(0x0c, pattern.as_bytes());
            });
        }
        asked(text, "no CN, but another attribute", HOST, |trio| {
            trio.forges[0].drop(17);
            let attribute = sequence(&[tlv(0x06, &[0x55, 4, 10]), tlv(0x0c, b"pay.shop.example")]);
            trio.forges[0].subject = sequence(&[tlv(0x31, &attribute)]);
        });
    });
    insta::assert_snapshot!(told);
}

/// Addresses as they stand in a certificate.
const ADDRESSES: [&str; 7] = [
    "7f000001",
    "7f000002",
    "00000000000000000000ffff7f000001",
    "00000000000000000000000000000001",
    "7f0000",
    "7f00000101",
    "",
];

#[test]
fn asked_for_by_address() {
    let told = written(|text| {
        for address in ADDRESSES {
            for name in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "[::1]", "127.0.0.2"] {
                for (tag, kind) in [(0x87, "IP"), (0x82, "DNS")] {
                    let trio = Trio::with(|trio| {
                        trio.name = Some(name);
                        trio.forges[0].put(17, false, &alternative_name(tag, &bytes(address)));
                    });
                    text.line(format!("{kind} {address} as {name}: {}", trio.line(Side::Client)));
                }
            }
        }
    });
    insta::assert_snapshot!(told);
}
