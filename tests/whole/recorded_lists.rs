//! What is on record of OpenSSL about revocation lists in every form.

use crate::forge::{extension, key_usage, name, sequence, tlv};
use crate::list::{List, date, entry};
use crate::recorded::recorded;
use crate::trio::{Trio, bytes};

/// With these two lists, that of the leaf's issuer changed.
fn listed(change: impl Fn(&mut List, &Trio)) -> Trio {
    Trio::with(|trio| {
        let mut list = List::of(1, trio);
        change(&mut list, trio);
        trio.lists = vec![list.sign(), List::of(2, trio).sign()];
    })
}

/// issuingDistributionPoint, deltaCRLIndicator, authorityKeyIdentifier and others: the last arc under 2.5.29, and values.
const VALUES: &[(u8, &[&str])] = &[
    (
        28,
        &[
            "3000",
            "3003 8101ff",
            "3003 810100",
            "3003 8201ff",
            "3003 820100",
            "3004 83020780",
            "3004 83020880",
            "3003 8401ff",
            "3003 840100",
            "3003 8501ff",
            "3003 850100",
            "3006 8101ff 8201ff",
            "3006 8101ff 8501ff",
            "3006 810100 8201ff",
            "3009 a007 a005 8603 613a62",
            "3009 a007 a005 8603 613a63",
            "3009 a007 a105 8603 613a62",
            "3009 a007 a205 8603 613a62",
            "3003 8601ff",
            "0500",
        ],
    ),
    (27, &["020101"]),
    (20, &["020101"]),
    (35, &["3000", "3003 800155", "3003 820155", "0500"]),
    (46, &["3000"]),
];

pub fn extensions(add: &mut dyn FnMut(&str, &Trio)) {
    let points = [
        ("no point", ""),
        ("a point", "300b 3009 a007 a005 8603 613a62"),
        (
            "two points",
            "3016 3009 a007 a005 8603 613a64 3009 a007 a005 8603 613a62",
        ),
        ("a relative point", "3010 300e a00c a10a300806035504030c0152"),
        ("a point for a reason", "300f 300d a007 a005 8603 613a62 81020640"),
        (
            "a point of another issuer",
            "301b 3019 a007 a005 8603 613a62 a20e a40c300a310830060603550403 0c00",
        ),
        ("a point of a host", "3010 300e a007 a005 8603 613a62 a203 820161"),
    ];
    for (told, point) in points {
        for (arc, values) in VALUES {
            for value in *values {
                for is_critical in [false, true] {
                    let mut trio = listed(|list, _| {
                        list.extensions = vec![extension(*arc, is_critical, &bytes(value))];
                    });
                    if !point.is_empty() {
                        trio.forges[0].put(31, false, &bytes(point));
                    }
                    let word = if is_critical { "critical " } else { "" };
                    add(&format!("{told}, {arc} {word}{value}"), &trio);
                }
            }
        }
    }
}

#[test]
fn of_every_extension() {
    insta::assert_snapshot!(recorded(extensions));
}

/// The same list for a leaf that is a CA, and one at the point that the leaf's own issuer is named at.
pub fn scopes(add: &mut dyn FnMut(&str, &Trio)) {
    let own = sequence(&[sequence(&[
        tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"a:b"))),
        tlv(0xa2, &tlv(0xa4, &name("Issuer"))),
    ])]);
    let reasons = |bits: &str| {
        sequence(&[sequence(&[
            tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"a:b"))),
            tlv(0x81, &bytes(bits)),
        ])])
    };
    for scope in ["3003 8101ff", "3003 8201ff", "3003 8501ff"] {
        let mut trio = listed(|list, _| list.extensions = vec![extension(28, true, &bytes(scope))]);
        trio.forges[0].put(19, true, &bytes("3003 0101ff"));
        add(&format!("a CA, {scope}"), &trio);
    }
    for scope in ["", "3009 a007 a005 8603 613a62", "3009 a007 a005 8603 613a63"] {
        let mut trio = listed(|list, _| {
            if !scope.is_empty() {
                list.extensions = vec![extension(28, true, &bytes(scope))];
            }
        });
        trio.forges[0].put(31, false, &own);
        add(&format!("its own issuer's point, {scope}"), &trio);
        for bits in ["0780", "0640", "057e", "077f80", "08ff"] {
            trio.forges[0].put(31, false, &reasons(bits));
            add(&format!("for reasons {bits}, {scope}"), &trio);
        }
    }
}

#[test]
fn of_those_that_speak_of_some_only() {
    insta::assert_snapshot!(recorded(scopes));
}

pub fn fields(add: &mut dyn FnMut(&str, &Trio)) {
    let mut add = |name: &str, change: &dyn Fn(&mut List, &Trio)| add(name, &listed(change));
    add("nothing changed", &|_, _| ());
    add("version 1", &|list, _| list.version = None);
    add("another algorithm inside", &|list, _| {
        list.inner_algorithm = bytes("06032b6571")
    });
    add("another algorithm outside", &|list, _| {
        list.outer_algorithm = bytes("06032b6571")
    });
    add("another algorithm in both", &|list, _| {
        list.inner_algorithm = bytes("06032b6571");
        list.outer_algorithm = bytes("06032b6571");
    });
    add("an algorithm that nobody knows", &|list, _| {
        list.inner_algorithm = bytes("06032b6579");
        list.outer_algorithm = bytes("06032b6579");
    });
    add("signed by another", &|list, _| list.signed_by = 9);
    add("of the issuer in other letters", &|list, _| {
        list.issuer = name("ISSUER")
    });
    add("of another issuer", &|list, _| list.issuer = name("Other"));
    for time in [
        "270115080000Z",
        "270115080001Z",
        "270115075959Z",
        "2701010000Z",
        "x70101000000Z",
    ] {
        add(&format!("this update {time}"), &|list, _| {
            list.this_update = date(time)
        });
        add(&format!("next update {time}"), &|list, _| {
            list.next_update = date(time)
        });
    }
    add("no next update", &|list, _| list.next_update.clear());
    add("this update is a number", &|list, _| {
        list.this_update = tlv(0x02, &[1])
    });
    add("next update in four digits", &|list, _| {
        list.next_update = tlv(0x18, b"20280101000000Z");
    });
    add("something inside", &|list, _| list.behind[0] = tlv(0x05, &[]));
    add("something behind", &|list, _| list.behind[1] = tlv(0x05, &[]));
    add("an empty list of entries", &|list, _| {
        list.entries = Some(Vec::new())
    });
    add("an extension without a value", &|list, _| {
        list.extensions = vec![sequence(&[tlv(0x06, &[0x55, 0x1d, 20])])];
    });
    add("an extension that says it is not critical", &|list, _| {
        list.extensions = vec![sequence(&[
            tlv(0x06, &[0x55, 0x1d, 99]),
            tlv(0x01, &[0]),
            tlv(0x04, &[5, 0]),
        ])];
    });
}

#[test]
fn of_every_field() {
    insta::assert_snapshot!(recorded(fields));
}

/// Entries: what they say, and of whom.
pub fn entries(add: &mut dyn FnMut(&str, &Trio)) {
    let reason = |value: &str| extension(21, false, &bytes(value));
    let of_the_leaf = Trio::new().forges[0].serial.clone();
    let with_zero = [&[0], of_the_leaf.as_slice()].concat();
    let mut cases: Vec<(String, Vec<Vec<u8>>)> = vec![
        ("of the leaf".to_owned(), vec![entry(&of_the_leaf, &[])]),
        (
            "of the leaf with a zero before it".to_owned(),
            vec![entry(&with_zero, &[])],
        ),
        ("of another".to_owned(), vec![entry(&[7], &[])]),
        (
            "behind another".to_owned(),
            vec![entry(&[7], &[]), entry(&of_the_leaf, &[])],
        ),
        (
            "without a date".to_owned(),
            vec![sequence(&[tlv(0x02, &of_the_leaf)])],
        ),
        (
            "with a number for a date".to_owned(),
            vec![sequence(&[tlv(0x02, &of_the_leaf), tlv(0x02, &[1])])],
        ),
        ("that is none".to_owned(), vec![tlv(0x02, &[1])]),
        (
            "removed, and then listed".to_owned(),
            vec![entry(&of_the_leaf, &[reason("0a0108")]), entry(&of_the_leaf, &[])],
        ),
    ];
    for value in ["0a0101", "0a0108", "0a020008", "020108", "0500"] {
        cases.push((
            format!("for reason {value}"),
            vec![entry(&of_the_leaf, &[reason(value)])],
        ));
    }
    for (arc, is_critical) in [(21, true), (29, true), (29, false), (24, true), (24, false)] {
        for serial in [&of_the_leaf, &vec![7]] {
            let one = entry(serial, &[extension(arc, is_critical, &bytes("3000"))]);
            let of = if serial == &of_the_leaf {
                "the leaf"
            } else {
                "another"
            };
            cases.push((format!("of {of} with {arc} critical {is_critical}"), vec![one]));
        }
    }
    for (told, entries) in cases {
        add(&told, &listed(|list, _| list.entries = Some(entries.clone())));
    }
}

#[test]
fn of_every_entry() {
    insta::assert_snapshot!(recorded(entries));
}

pub fn several(add: &mut dyn FnMut(&str, &Trio)) {
    let of = |place: usize| move |trio: &Trio| List::of(place, trio);
    let mut add = |told: &str, change: &dyn Fn(&mut Trio)| {
        let trio = Trio::with(change);
        add(told, &trio);
        let leaf_only = Trio::with(|trio| {
            change(trio);
            trio.is_leaf_only = true;
        });
        add(&format!("{told}, the leaf alone"), &leaf_only);
    };
    add("the issuer's alone", &|trio| {
        trio.lists = vec![of(1)(trio).sign()]
    });
    add("the root's alone", &|trio| trio.lists = vec![of(2)(trio).sign()]);
    add("one that cannot be read behind them", &|trio| {
        trio.lists = vec![of(1)(trio).sign(), of(2)(trio).sign(), vec![5, 0]];
    });
    add("the root's revokes the issuer", &|trio| {
        let mut list = of(2)(trio);
        list.entries = Some(vec![entry(&trio.forges[1].serial, &[])]);
        trio.lists = vec![of(1)(trio).sign(), list.sign()];
    });
    for (told, is_newer_first) in [("newer", true), ("older", false)] {
        for is_revoked_in_newer in [true, false] {
            add(
                &format!("the {told} first, revoked in the newer {is_revoked_in_newer}"),
                &|trio| {
                    let mut newer = of(1)(trio);
                    newer.this_update = date("270102000000Z");
                    let mut older = of(1)(trio);
                    let one = Some(vec![entry(&trio.forges[0].serial, &[])]);
                    if is_revoked_in_newer {
                        newer.entries = one;
                    } else {
                        older.entries = one;
                    }
                    trio.lists = vec![newer.sign(), older.sign(), of(2)(trio).sign()];
                    if !is_newer_first {
                        trio.lists.swap(0, 1);
                    }
                },
            );
        }
    }
    add("an expired one that revokes, and a good one", &|trio| {
        let mut old = of(1)(trio);
        old.next_update = date("270102000000Z");
        old.entries = Some(vec![entry(&trio.forges[0].serial, &[])]);
        trio.lists = vec![old.sign(), of(1)(trio).sign(), of(2)(trio).sign()];
    });
    add(
        "one in scope that revokes, and one out of scope that is newer",
        &|trio| {
            let mut other = of(1)(trio);
            other.this_update = date("270102000000Z");
            other.extensions = vec![extension(28, true, &bytes("3003 8201ff"))];
            let mut own = of(1)(trio);
            own.entries = Some(vec![entry(&trio.forges[0].serial, &[])]);
            trio.lists = vec![other.sign(), own.sign(), of(2)(trio).sign()];
        },
    );
    add("for two halves of the reasons", &|trio| {
        let point = |uri: &[u8], bits: &str| {
            let reasons = if bits.is_empty() {
                Vec::new()
            } else {
                tlv(0x81, &bytes(bits))
            };
            sequence(&[tlv(0xa0, &tlv(0xa0, &tlv(0x86, uri))), reasons])
        };
        trio.forges[0].put(
            31,
            false,
            &sequence(&[point(b"a:b", "0640"), point(b"a:c", "073f80")]),
        );
        let scoped = |uri: &[u8]| {
            let mut list = of(1)(trio);
            let place = sequence(&[tlv(0xa0, &tlv(0xa0, &tlv(0x86, uri)))]);
            list.extensions = vec![extension(28, true, &place)];
            list.sign()
        };
        trio.lists = vec![scoped(b"a:b"), scoped(b"a:c"), of(2)(trio).sign()];
    });
    add("of an issuer that may not sign lists", &|trio| {
        trio.forges[1].put(15, true, &key_usage(0x04));
        trio.lists = vec![of(1)(trio).sign(), of(2)(trio).sign()];
    });
    add("a delta of an issuer that may not sign lists", &|trio| {
        trio.forges[1].put(15, true, &key_usage(0x04));
        let mut delta = of(1)(trio);
        delta.extensions = vec![extension(27, true, &bytes("020101"))];
        trio.lists = vec![delta.sign(), of(2)(trio).sign()];
    });
    add("a delta that does not speak of it", &|trio| {
        let mut delta = of(1)(trio);
        delta.extensions = vec![
            extension(27, true, &bytes("020101")),
            extension(28, true, &bytes("3003 8201ff")),
        ];
        trio.lists = vec![delta.sign(), of(2)(trio).sign()];
    });
    add("by the name of its issuer, by the root's key", &|trio| {
        let root = crate::forge::authority_key_id(&trio.keys[2].id);
        let mut list = of(1)(trio);
        list.signed_by = 1;
        list.extensions = vec![extension(35, false, &root)];
        trio.lists = vec![list.sign(), of(2)(trio).sign()];
    });
    for (told, is_named) in [("that is named", true), ("that is not named", false)] {
        add(&format!("by one further up that has its name, {told}"), &|trio| {
            let root = if is_named {
                trio.keys[2].id.clone()
            } else {
                vec![7]
            };
            let root = crate::forge::authority_key_id(&root);
            let name = name("Root");
            for forge in &mut trio.forges {
                forge.issuer.clone_from(&name);
                forge.subject.clone_from(&name);
            }
            trio.forges[0].subject = crate::forge::name("leaf");
            let mut list = of(1)(trio);
            list.signed_by = 1;
            list.extensions = vec![extension(35, false, &root)];
            trio.lists = vec![list.sign(), of(2)(trio).sign()];
        });
    }
    add("so many that nobody looks", &|trio| {
        trio.lists = vec![of(1)(trio).sign(); 257];
    });
    add("as many as are looked at", &|trio| {
        trio.lists = vec![of(1)(trio).sign(); 255];
        trio.lists.push(of(2)(trio).sign());
    });
}

#[test]
fn of_several() {
    insta::assert_snapshot!(recorded(several));
}
