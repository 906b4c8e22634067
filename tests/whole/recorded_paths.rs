//! What is on record of other stacks about paths.

use crate::forge::{
    Forge, Key, authority_key_id, basic_constraints, key_usage, name, sequence, subject_key_id, tlv,
};
use crate::recorded::recorded;
use crate::recorded_keys::public_keys;
use crate::trio::{ROLES, Trio};

/// A certificate of the issuer's name that differs from it.
fn twin(trio: &Trio, change: impl FnOnce(&mut Forge)) -> Vec<u8> {
    let mut forge = trio.forges[1].clone();
    forge.serial = vec![0x22];
    change(&mut forge);
    forge.sign(&trio.keys[2])
}

/// So many CAs more between the issuer and the root, all with the issuer's key.
fn long(trio: &mut Trio, count: u8) {
    let key = Key::fixed(2);
    let mut one = trio.forges[1].clone();
    one.drop(35);
    trio.more_sent = (1..=count)
        .map(|number| {
            let is_last = number == count;
            one.subject = name(&format!("CA {number}"));
            one.issuer = if is_last {
                name("Root")
            } else {
                name(&format!("CA {}", number + 1))
            };
            one.sign(if is_last { &trio.keys[2] } else { &key })
        })
        .collect();
    trio.forges[1].issuer = name("CA 1");
    trio.forges[1].drop(35);
    // Of the root's own signature nobody asks.
    trio.keys[2] = key;
}

pub fn paths(add: &mut dyn FnMut(&str, &Trio)) {
    let mut add = |told: &str, change: &dyn Fn(&mut Trio)| {
        let trio = Trio::with(change);
        add(told, &trio);
    };
    for count in [1, 2, 97, 98, 99, 100, 101] {
        add(&format!("{count} CAs more, sent"), &|trio| long(trio, count));
        add(
            &format!("{count} CAs more, sent, below a root that another issued"),
            &|trio| {
                long(trio, count);
                trio.forges[2].issuer = name("Other");
            },
        );
    }
    add("two CAs that issued each other, again and again", &|trio| {
        let key = Key::fixed(2);
        let mut other = trio.forges[1].clone();
        other.subject = name("Other");
        other.issuer = name("Issuer");
        other.drop(35);
        trio.forges[1].issuer = name("Other");
        trio.forges[1].drop(35);
        trio.keys[2] = Key::fixed(2);
        let pair = [other.sign(&key), trio.forges[1].sign(&key)];
        trio.more_sent = std::iter::repeat_n(pair, 60).flatten().collect();
    });
    for is_same_key in [true, false] {
        add(
            &format!("the root's twin alone is sent, of the same key {is_same_key}"),
            &|trio| {
                trio.name = None;
                trio.keys[1] = Key::fixed(if is_same_key { 1 } else { 9 });
                let key = &trio.keys[1];
                let mut other = Forge::ca("Root", "Root", key, key);
                other.serial = vec![0x22];
                trio.forges[0] = other;
            },
        );
    }
    // Which of two that are no issuer is tried first, tells which fault is told.
    for (told, has_authority) in [("with an identifier", true), ("without an identifier", false)] {
        for is_of_another_id in [true, false] {
            add(
                &format!("two false issuers of a leaf {told}, {is_of_another_id}"),
                &|trio| {
                    if !has_authority {
                        trio.forges[0].drop(35);
                    }
                    let key = Key::fixed(9);
                    trio.forges[1].put(14, false, &subject_key_id(&[7]));
                    trio.forges[1].put(19, true, &basic_constraints(false, None));
                    let other = twin(trio, |forge| {
                        forge.spki.clone_from(&key.spki);
                        forge.put(19, true, &basic_constraints(true, None));
                        if is_of_another_id {
                            forge.put(14, false, &subject_key_id(&[8]));
                        } else {
                            forge.drop(14);
                        }
                    });
                    trio.more_sent.push(other);
                },
            );
        }
    }
    add("a twin of the issuer that is expired, trusted", &|trio| {
        let old = twin(trio, |forge| {
            forge.validity = crate::forge::validity("240101000000Z", "250101000000Z");
        });
        trio.more_roots.push(old);
    });
    for is_later_first in [true, false] {
        add(
            &format!("two expired twins alone, the later first {is_later_first}"),
            &|trio| {
                let end = |text: &str| {
                    twin(trio, |forge| {
                        forge.validity = crate::forge::validity("200101000000Z", text)
                    })
                };
                let mut twins = vec![end("260101000000Z"), end("250101000000Z")];
                if !is_later_first {
                    twins.reverse();
                }
                trio.more_sent = twins;
                trio.forges[1].subject = name("Elsewhere");
            },
        );
        add(
            &format!("two twins that are expired and not yet valid, the later first {is_later_first}"),
            &|trio| {
                let of = |from: &str, to: &str| {
                    twin(trio, |forge| forge.validity = crate::forge::validity(from, to))
                };
                let mut twins = vec![
                    of("280101000000Z", "290101000000Z"),
                    of("200101000000Z", "250101000000Z"),
                ];
                if !is_later_first {
                    twins.reverse();
                }
                trio.more_sent = twins;
                trio.forges[1].subject = name("Elsewhere");
            },
        );
    }
    add("the issuer is trusted too", &|trio| {
        let same = trio.forges[1].sign(&trio.keys[2]);
        trio.more_roots.push(same);
    });
    add("the issuer alone is trusted", &|trio| {
        let same = trio.forges[1].sign(&trio.keys[2]);
        trio.more_roots.push(same);
        trio.forges[2].subject = name("Elsewhere");
    });
    add("the leaf is trusted too", &|trio| {
        let same = trio.forges[0].sign(&trio.keys[1]);
        trio.more_roots.push(same);
    });
    add("the root is sent too", &|trio| {
        let same = trio.forges[2].sign(&trio.keys[2]);
        trio.more_sent.push(same);
    });
    add("a root of the same name is sent, and not trusted", &|trio| {
        let key = Key::fixed(9);
        let other = Forge::ca("Root", "Root", &key, &key);
        trio.more_sent.push(other.sign(&key));
    });
    add(
        "a root of the same name without an identifier is sent first",
        &|trio| {
            let key = Key::fixed(9);
            let mut other = Forge::ca("Issuer", "Issuer", &key, &key);
            other.drop(14);
            trio.forges[0].drop(35);
            let (first, second) = (other.sign(&key), trio.forges[1].sign(&trio.keys[2]));
            trio.more_sent = vec![first, second];
        },
    );
    for (told, id) in [
        ("the leaf's identifier", true),
        ("another identifier", false),
        ("no identifier", false),
    ] {
        add(&format!("a twin of another key with {told}, trusted"), &|trio| {
            let key = Key::fixed(9);
            let own = trio.keys[1].id.clone();
            let mut other = Forge::ca("Issuer", "Issuer", &key, &key);
            match told {
                "no identifier" => other.drop(14),
                _ if id => other.put(14, false, &subject_key_id(&own)),
                _ => {}
            }
            trio.more_roots.push(other.sign(&key));
        });
    }
    add("a leaf that issued itself", &|trio| {
        let [leaf, ..] = &mut trio.forges;
        leaf.issuer.clone_from(&leaf.subject);
        trio.forges[0].drop(35);
    });
    add("a leaf of the root's name", &|trio| {
        trio.forges[0].subject = name("Root")
    });
    add("a leaf of its issuer's name", &|trio| {
        trio.forges[0].subject = name("Issuer")
    });
    add("an issuer that issued itself by its name", &|trio| {
        trio.forges[1].issuer = name("Issuer");
    });
    add("the issuer's serial and issuer named", &|trio| {
        let named = sequence(&[
            tlv(0x80, &trio.keys[1].id),
            tlv(0xa1, &tlv(0xa4, &name("Root"))),
            tlv(0x82, &trio.forges[1].serial),
        ]);
        trio.forges[0].put(35, false, &named);
    });
    add("another issuer of the issuer named", &|trio| {
        let named = sequence(&[
            tlv(0x80, &trio.keys[1].id),
            tlv(0xa1, &tlv(0xa4, &name("Other"))),
            tlv(0x82, &trio.forges[1].serial),
        ]);
        trio.forges[0].put(35, false, &named);
    });
    add("another serial of the issuer named", &|trio| {
        let named = sequence(&[
            tlv(0x80, &trio.keys[1].id),
            tlv(0xa1, &tlv(0xa4, &name("Root"))),
            tlv(0x82, &[7]),
        ]);
        trio.forges[0].put(35, false, &named);
    });
    add("no usage of the issuer's", &|trio| {
        trio.forges[1].put(15, true, &key_usage(0))
    });
    for limit in 0..3 {
        for place in [0, 1, 2] {
            add(&format!("{} allows {limit} below", ROLES[place]), &|trio| {
                trio.forges[place].put(19, true, &basic_constraints(true, Some(limit)));
            });
        }
    }
    add("a path of a CA that issued itself", &|trio| {
        // Of the same name as the root: it does not count as one more.
        trio.forges[1].subject = name("Root");
        trio.forges[0].issuer = name("Root");
        trio.forges[2].put(19, true, &basic_constraints(true, Some(0)));
    });
    add("the leaf alone is sent and its key is named", &|trio| {
        trio.forges[0].put(35, false, &authority_key_id(&trio.keys[2].id));
        trio.forges[0].issuer = name("Root");
        trio.keys[1] = Key::fixed(1);
    });
    add("a root with something behind its end", &|trio| {
        let mut same = trio.forges[2].sign(&trio.keys[2]);
        same.push(0);
        trio.more_roots.push(same);
    });
    for is_in_a_handshake in [false, true] {
        add(
            &format!("something behind what is sent, in a handshake {is_in_a_handshake}"),
            &|trio| {
                trio.is_in_a_handshake = is_in_a_handshake;
                let mut same = trio.forges[2].sign(&trio.keys[2]);
                same.push(0);
                trio.more_sent.push(same);
            },
        );
    }
    add("something behind the issuer alone", &|trio| {
        let mut same = trio.forges[1].sign(&trio.keys[2]);
        same.push(0);
        trio.more_sent.push(same);
        trio.forges[1].subject = name("Elsewhere");
    });
    add("a trusted certificate that cannot be read", &|trio| {
        trio.more_roots
            .push(trio.forges[2].sign(&trio.keys[2])[..40].to_vec());
    });
    add("a sent one that cannot be read", &|trio| {
        trio.more_sent
            .push(trio.forges[2].sign(&trio.keys[2])[..40].to_vec());
    });
}

#[test]
fn of_every_path() {
    insta::assert_snapshot!(recorded(paths));
}

/// With a key that is another each time: what is on record does not hang on it.
fn paths_of_a_fresh_key(add: &mut dyn FnMut(&str, &Trio)) {
    let mut add = |told: &str, change: &dyn Fn(&mut Trio)| add(told, &Trio::with(change));
    // Signatures that cannot be verified here: by a key on P-224.
    let (_, p224) = public_keys()
        .into_iter()
        .find(|(told, _)| told == "P-224")
        .expect("it is there");
    for is_other_known in [true, false] {
        add(
            &format!("two issuers, the other one's signature holds {is_other_known}"),
            &|trio| {
                let key = Key::new();
                trio.forges[0].drop(35);
                trio.forges[0].inner_algorithm = key.algorithm().to_vec();
                trio.forges[0].outer_algorithm = key.algorithm().to_vec();
                trio.forges[1].spki.clone_from(&p224);
                let other = twin(trio, |forge| {
                    if is_other_known {
                        forge.spki.clone_from(&key.spki);
                    }
                });
                trio.more_sent.push(other);
                trio.keys[1] = key;
            },
        );
    }
}

#[test]
fn of_signatures_that_cannot_be_verified_here() {
    insta::assert_snapshot!(recorded(paths_of_a_fresh_key));
}
