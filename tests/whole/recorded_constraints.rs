//! What is on record of other stacks about names that a CA may sign for.

use crate::forge::{name, name_as, sequence, tlv};
use crate::recorded::recorded;
use crate::recorded_names::alternative_name;
use crate::trio::{Trio, bytes};

/// A kind: its tag, names of it, and what a CA may be held to.
struct Kind {
    word: &'static str,
    tag: u8,
    names: &'static [&'static str],
    bases: &'static [&'static str],
}

const KINDS: [Kind; 3] = [
    Kind {
        word: "DNS",
        tag: 0x82,
        names: &[
            "shop.example",
            "Pay.shop.example",
            "xshop.example",
            "example",
            "a..b",
            "*.shop.example",
            "",
            "a b",
        ],
        bases: &[
            "shop.example",
            ".shop.example",
            "SHOP.example",
            "",
            ".",
            "a b",
            "shop.example.",
        ],
    },
    Kind {
        word: "email",
        tag: 0x81,
        names: &[
            "pay@shop.example",
            "PAY@Shop.example",
            "pay@a.shop.example",
            "pay@other.example",
            "\"p\\ay\"@shop.example",
            "\"pay@shop.example",
            "p+a_y@shop.example",
            ".pay@shop.example",
            "pay.@shop.example",
            "p..ay@shop.example",
            "p,ay@shop.example",
            "@shop.example",
            "pay",
            "pay@shop..example",
        ],
        bases: &[
            "pay@shop.example",
            "@shop.example",
            "shop.example",
            ".shop.example",
            "x@other.example",
            "a@b@c..d",
            "\"\u{e9}\"@shop.example",
            "\u{e9}.example",
            ".pay@shop.example",
            "",
            "a b",
        ],
    },
    Kind {
        word: "URI",
        tag: 0x86,
        names: &[
            "https://shop.example/a",
            "https://a.shop.example:8443/a",
            "https://SHOP.example?x",
            "https://me@shop.example#x",
            "https://shop.example:x/",
            "https://[::1]/a",
            "https://[::1]:80/a",
            "https://[::1]x/a",
            "https://[::1/a",
            "https://127.0.0.1/a",
            "https:///a",
            "https://shop..example/",
            "https://sh%op.example/",
            "urn:a",
            "a/b:c",
            "a:b/c",
            "1a:b",
            "b+1.-:c",
            ":a",
            "a b://shop.example",
            "plain",
            "https://shop.example\u{7f}",
            "https://shop.example\u{1}",
        ],
        bases: &[
            "shop.example",
            ".shop.example",
            "127.0.0.1",
            "",
            "a b",
            "https://shop.example",
        ],
    },
];

fn subtree(tag: u8, base: &[u8]) -> Vec<u8> {
    sequence(&[tlv(tag, base)])
}

/// nameConstraints with one list.
fn constraints(list: u8, subtrees: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[tlv(list, &subtrees.concat())])
}

/// A way to tell of a case.
type Add<'a> = &'a mut dyn FnMut(&str, &Trio);

fn held(add: Add<'_>, told: &str, tag: u8, leaf_name: &[u8], base: &[u8]) {
    for (word, list) in [("permitted", 0xa0), ("excluded", 0xa1)] {
        let trio = Trio::with(|trio| {
            trio.name = None;
            trio.forges[0].put(17, false, &alternative_name(tag, leaf_name));
            trio.forges[0].subject = name("");
            trio.forges[1].put(30, true, &constraints(list, &[subtree(tag, base)]));
        });
        add(&format!("{told} {word}"), &trio);
    }
}

pub fn names(add: &mut dyn FnMut(&str, &Trio)) {
    for kind in &KINDS {
        for name in kind.names {
            for base in kind.bases {
                let told = format!("{} {} in “{base}”", kind.word, name.escape_default());
                held(add, &told, kind.tag, name.as_bytes(), base.as_bytes());
            }
        }
    }
    for address in [
        "0a000001",
        "0a010001",
        "20010db8000000000000000000000001",
        "0a0000",
    ] {
        for base in [
            "0a000000ffff0000",
            "0a000000ffff8000",
            "0a000000ff00ff00",
            "0a000000ffff0100",
            "00000000 00000000",
            "20010db8000000000000000000000000 ffffffff000000000000000000000000",
            "0a0000",
            "",
        ] {
            let told = format!("IP {address} in {base}");
            held(add, &told, 0x87, &bytes(address), &bytes(base));
        }
    }
    for (told, base) in [
        ("the same", name("Shop")),
        ("another", name("Other")),
        ("any", name("")),
        ("in other letters", name("SHOP")),
        ("no name", tlv(0x05, &[])),
    ] {
        held(
            add,
            &format!("directory name in {told}"),
            0xa4,
            &name("Shop"),
            &base,
        );
        held(
            add,
            &format!("unreadable directory name in {told}"),
            0xa4,
            &[5, 0],
            &base,
        );
        held(
            add,
            &format!("directory name of no sets in {told}"),
            0xa4,
            &sequence(&[tlv(5, &[])]),
            &base,
        );
    }
    held(add, "registered ID", 0x88, &[0x2a, 3], &[0x2a, 3]);
    // otherName: an OID and a value; that of RFC 9598 is a mail address.
    for id in ["2b060105050708 09", "2b060105050708 05"] {
        let other = [tlv(6, &bytes(id)), tlv(0xa0, &tlv(12, b"pay@shop.example"))].concat();
        for (tag, base) in [(0x81, b"shop.example".to_vec()), (0xa0, other.clone())] {
            let trio = Trio::with(|trio| {
                trio.name = None;
                trio.forges[0].put(17, false, &alternative_name(0xa0, &other));
                trio.forges[1].put(30, true, &constraints(0xa0, &[subtree(tag, &base)]));
            });
            add(&format!("other name {id} in {tag:02x}"), &trio);
        }
    }
}

#[test]
fn held_against_what_a_ca_may_sign_for() {
    insta::assert_snapshot!(recorded(names));
}

/// Subjects that are held against constraints too.
pub fn subjects(add: &mut dyn FnMut(&str, &Trio)) {
    let email = |tag: u8, value: &[u8]| {
        let id = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
        sequence(&[tlv(0x31, &sequence(&[tlv(0x06, &id), tlv(tag, value)]))])
    };
    let subjects: Vec<(String, Vec<u8>)> = [
        "shop.example",
        "pay.shop.example",
        "other.example",
        "pay-1.other_2.example",
        "a b.other.example",
        ".other.example",
        "other.example.",
        "other..example",
        "other-.example",
        "other.-example",
        "-other.example",
        "other.example-",
        "other",
        "other.example\0\0",
        "oth\0er.example",
    ]
    .iter()
    .map(|text| {
        (
            format!("CN {}", text.escape_default()),
            name_as(0x0c, text.as_bytes()),
        )
    })
    .chain([
        ("mail".to_owned(), email(0x16, b"pay@shop.example")),
        ("mail elsewhere".to_owned(), email(0x16, b"pay@other.example")),
        ("mail in UTF-8".to_owned(), email(0x0c, b"pay@shop.example")),
    ])
    .collect();
    let bases = [
        ("DNS shop.example", subtree(0x82, b"shop.example")),
        ("email shop.example", subtree(0x81, b"shop.example")),
        ("directory Shop", subtree(0xa4, &name("Shop"))),
    ];
    for (told, subject) in &subjects {
        for (of, base) in &bases {
            for (list, word) in [(0xa0, "permitted"), (0xa1, "excluded")] {
                for has_names in [false, true] {
                    let trio = Trio::with(|trio| {
                        trio.name = None;
                        trio.forges[0].subject.clone_from(subject);
                        if !has_names {
                            trio.forges[0].drop(17);
                        }
                        trio.forges[1].put(30, true, &constraints(list, std::slice::from_ref(base)));
                    });
                    add(
                        &format!("{told}, {word} {of}, with a DNS name {has_names}"),
                        &trio,
                    );
                }
            }
        }
    }
    for (told, bounds) in [
        ("minimum 0", tlv(0x80, &[0])),
        ("minimum 1", tlv(0x80, &[1])),
        ("maximum 0", tlv(0x81, &[0])),
    ] {
        for list in [0xa0, 0xa1] {
            for host in ["shop.example", "other.example"] {
                let base = sequence(&[tlv(0x82, host.as_bytes()), bounds.clone()]);
                let trio = Trio::with(|trio| trio.forges[1].put(30, true, &constraints(list, &[base])));
                add(&format!("{told} of {host} in {list:02x}"), &trio);
            }
        }
    }
}

#[test]
fn subjects_held_against_what_a_ca_may_sign_for() {
    insta::assert_snapshot!(recorded(subjects));
}

/// So many names against so many constraints: more are compared by nobody.
pub fn many(add: &mut dyn FnMut(&str, &Trio)) {
    for count in [499, 500, 501, 2095, 2096, 2097] {
        let trio = Trio::with(|trio| {
            trio.name = None;
            trio.forges[0].put(17, false, &sequence(&vec![tlv(0x82, b"a"); count]));
            trio.forges[1].put(30, true, &constraints(0xa0, &vec![subtree(0x82, b"a"); 500]));
        });
        add(&format!("{count} names"), &trio);
    }
}

#[test]
fn as_many_as_are_held_against_each_other() {
    insta::assert_snapshot!(recorded(many));
}
