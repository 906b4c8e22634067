//! What of several goes to which side, what is trusted with it, and what has no place.

use super::*;
use crate::pki::{Minted, Recipe, mint};

const NOW: i64 = 1_800_000_000;

/// One CA; a client's and a server's leaf; leaves of any use, the last of a name that is too long to tell.
fn pki() -> Minted {
    let long = "n".repeat(60);
    let any =
        |name: &str, subject: &str| format!(r#"(name: "{name}", subject: "{subject}", issuer: "root")"#);
    let recipes = [
        r#"(name: "root", subject: "Root", is_ca: true), (name: "other", subject: "Other", is_ca: true),
        (name: "client", subject: "orders", issuer: "root", purposes: ["clientAuth"]),
        (name: "server", subject: "payments", issuer: "root", purposes: ["serverAuth"])"#
            .to_owned(),
        any("a", "a"),
        any("b", "b"),
        any("c", "c"),
        any("d", "d"),
        any("e", "e"),
        any("long", &long),
    ]
    .join(", ");
    let recipes: Vec<Recipe> =
        ron::from_str(&format!("#![enable(implicit_some)] [{recipes}]")).expect("recipes");
    mint(&recipes, NOW).expect("it mints")
}

fn certificate(pki: &Minted, name: &str) -> LoadedCertificate {
    pki.find(name).expect("minted").certificate.clone()
}

/// `client+root` is a chain with its key, `client` one without; of `files`, each lies in a file of its own.
fn found<'a>(pki: &Minted, presented: &[&str], authorities: &[&str], keys: &[&str]) -> Found<'a> {
    let one = |names: &&str| {
        let has_key = names.ends_with('*');
        let names: Vec<&str> = names.trim_end_matches('*').split('+').collect();
        Presented {
            chain: names.iter().map(|name| certificate(pki, name)).collect(),
            key: has_key.then(|| pki.find(names[0]).expect("minted").key.clone()),
        }
    };
    let key = |name: &&str| {
        let mut key = pki.find(name).expect("minted").key.clone();
        key.file = Some(format!("/keys/{name}.key"));
        key
    };
    Found {
        name: "store.p12",
        sorted: pki::Sorted {
            presented: presented.iter().map(one).collect(),
            authorities: authorities.iter().map(|name| certificate(pki, name)).collect(),
            keys: keys.iter().map(key).collect(),
        },
        meant_for: None,
    }
}

/// What becomes of it, in lines.
fn lines(sorted: &Sorted) -> Vec<String> {
    let of = |placements: &[Placement]| -> Vec<String> {
        let place = |one: &Placement| {
            let names: Vec<String> = one.content.certificates.iter().map(certificate_name).collect();
            let key = one.content.key.iter().map(|_| "key".to_owned());
            let content: Vec<String> = names.into_iter().chain(key).collect();
            format!("{:?} {:?}: {}", one.side, one.slot, content.join(" "))
        };
        placements.iter().map(place).collect()
    };
    match sorted {
        Sorted::Put(placements) => of(placements),
        Sorted::Told(words, sorted) => words.iter().cloned().chain(lines(sorted)).collect(),
        Sorted::Refuse(words) => vec![words.clone()],
        Sorted::Ask(question) => {
            let answers = question
                .answers
                .iter()
                .flat_map(|(words, placements)| std::iter::once(format!("> {words}")).chain(of(placements)));
            [question.title.clone(), question.detail.clone()]
                .into_iter()
                .chain(answers)
                .collect()
        }
        other => panic!("{other:?}"),
    }
}

/// What is presented, the authorities, the keys, what is under the pointer; and what becomes of it.
type Case<'a> = (
    &'a [&'a str],
    &'a [&'a str],
    &'a [&'a str],
    Option<(Side, SetupSlot)>,
    Vec<&'a str>,
);

#[test]
fn each_side_gets_its_own_and_what_is_left_is_said() {
    use SetupSlot::{Certificate, Key, Trust};
    let pki = pki();
    let setup = Setup::default();
    let long = format!("{}…{}", "n".repeat(20), "n".repeat(19));
    let to = |side, slot| Some((side, slot));
    let left_long = format!("In no slot: b, {long}. Load one into its slot if it belongs there.");
    let cases: Vec<Case<'_>> = vec![
        // Both pairs, and the root of both on either side.
        (
            &["client*", "server*"],
            &["root"],
            &[],
            None,
            vec![
                "Client Certificate: orders",
                "Client Key: key",
                "Server Certificate: payments",
                "Server Key: key",
                "Client Trust: Root",
                "Server Trust: Root",
            ],
        ),
        // With a slot under the pointer nothing but that side's pair goes anywhere.
        (
            &["client*", "server*"],
            &["root"],
            &[],
            to(Side::Server, Certificate),
            vec![
                "In no slot: orders, Root. Load one into its slot if it belongs there.",
                "Server Certificate: payments",
                "Server Key: key",
            ],
        ),
        (
            &["client*", "server*"],
            &[],
            &[],
            to(Side::Client, Key),
            vec![
                "In no slot: payments. Load one into its slot if it belongs there.",
                "Client Certificate: orders",
                "Client Key: key",
            ],
        ),
        (
            &["client*"],
            &["root", "other"],
            &[],
            to(Side::Server, Trust),
            vec!["Server Trust: Root Other"],
        ),
        (
            &["client*", "server*"],
            &[],
            &[],
            to(Side::Server, Trust),
            vec!["store.p12: it holds no CA certificate; choose the file that does"],
        ),
        // Of the files with the same leaf the longest chain is sent, in whatever order they lie.
        (
            &["client*", "server*", "client+root"],
            &[],
            &[],
            to(Side::Client, Certificate),
            vec![
                "In no slot: payments. Load one into its slot if it belongs there.",
                "Client Certificate: orders Root",
                "Client Key: key",
            ],
        ),
        (
            &["client+root*", "server*", "client"],
            &[],
            &[],
            to(Side::Client, Certificate),
            vec![
                "In no slot: payments. Load one into its slot if it belongs there.",
                "Client Certificate: orders Root",
                "Client Key: key",
            ],
        ),
        // What speaks for one side leaves the other to what may be either's.
        (
            &["client*", "a*"],
            &[],
            &[],
            None,
            vec![
                "Client Certificate: orders",
                "Client Key: key",
                "Server Certificate: a",
                "Server Key: key",
            ],
        ),
        // So many names are told, each so long.
        (
            &["client*", "server*", "b", "long"],
            &[],
            &[],
            None,
            vec![
                &left_long,
                "Client Certificate: orders",
                "Client Key: key",
                "Server Certificate: payments",
                "Server Key: key",
            ],
        ),
        (
            &["client*", "server*", "a", "b", "c", "d"],
            &[],
            &[],
            None,
            vec![
                "In no slot: a, b, c, d. Load one into its slot if it belongs there.",
                "Client Certificate: orders",
                "Client Key: key",
                "Server Certificate: payments",
                "Server Key: key",
            ],
        ),
        (
            &["client*", "server*", "a", "b", "c"],
            &["other"],
            &["e"],
            None,
            vec![
                "In no slot: a, b, c, Other and 1 more. Load one into its slot if it belongs there.",
                "Client Certificate: orders",
                "Client Key: key",
                "Server Certificate: payments",
                "Server Key: key",
            ],
        ),
        (
            &["client*", "server*"],
            &["other"],
            &["e"],
            None,
            vec![
                "In no slot: Other, e.key. Load one into its slot if it belongs there.",
                "Client Certificate: orders",
                "Client Key: key",
                "Server Certificate: payments",
                "Server Key: key",
            ],
        ),
    ];
    for (presented, authorities, keys, target, wanted) in cases {
        let found = found(&pki, presented, authorities, keys);
        let sorted = found.distributed(target, &setup);
        assert_eq!(
            lines(&sorted),
            wanted,
            "{presented:?}, {authorities:?}, {target:?}"
        );
    }
}

#[test]
fn where_nothing_speaks_for_a_side_the_user_says() {
    let pki = pki();
    let setup = Setup::default();
    let two = found(&pki, &["a*", "long*"], &["root"], &[]);
    let name = format!("{}…{}", "n".repeat(16), "n".repeat(15));
    let wanted = [
        "Which of these is the server’s?",
        "store.p12 holds 2 certificates with their keys, 1 CA certificate.",
        "> a",
        "Server Certificate: a",
        "Server Key: key",
        &format!("> {name}"),
        &format!("Server Certificate: {}", "n".repeat(60)),
        "Server Key: key",
    ];
    let asked = two.distributed(Some((Side::Server, SetupSlot::Key)), &setup);
    assert_eq!(lines(&asked), wanted);
    let one = found(&pki, &["a*"], &["root"], &[]);
    assert_eq!(
        lines(&one.distributed(None, &setup)),
        [
            "Whose is store.p12?",
            "It holds the certificate of a, which may be used on either side.",
            "> The client’s",
            "Client Certificate: a",
            "Client Key: key",
            "Server Trust: Root",
            "> The server’s",
            "Server Certificate: a",
            "Server Key: key",
            "Client Trust: Root",
        ]
    );
    // Two that speak for the same side are asked about as well; no more than six answers are offered.
    let same = found(&pki, &["client*", "client*"], &[], &[]);
    let asked = same.distributed(Some((Side::Client, SetupSlot::Key)), &setup);
    assert_eq!(lines(&asked)[0], "Which of these is the client’s?");
    let many = found(&pki, &["a*", "b*", "c*", "d*", "e*", "long*", "other*"], &[], &[]);
    let Sorted::Ask(question) = many.distributed(Some((Side::Client, SetupSlot::Key)), &setup) else {
        panic!("it is asked");
    };
    assert_eq!(question.answers.len(), MOST_ANSWERS);
    // One alone is the side's under the pointer, whatever it speaks for; a document knows whose it is.
    let one = found(&pki, &["client*"], &[], &[]);
    let sorted = one.distributed(Some((Side::Server, SetupSlot::Certificate)), &setup);
    assert_eq!(lines(&sorted), ["Server Certificate: orders", "Server Key: key"]);
    let mut profile = found(&pki, &["a*"], &["other"], &[]);
    profile.meant_for = Some(Side::Client);
    assert_eq!(
        lines(&profile.distributed(None, &setup)),
        ["Client Certificate: a", "Client Key: key", "Client Trust: Other"]
    );
}

/// What came from a file keeps to its part of it when it is read again; pasted text is not read again.
#[test]
fn what_is_picked_of_a_file_stays_picked() {
    let pki = pki();
    let mut found = found(&pki, &["client*", "server*"], &["root"], &[]);
    for (file, is_picked) in [(None, false), (Some("/store.p12".to_owned()), true)] {
        for one in &mut found.sorted.presented {
            one.chain[0].file.clone_from(&file);
            one.key.as_mut().expect("a key").file.clone_from(&file);
        }
        found.sorted.authorities[0].file.clone_from(&file);
        let Sorted::Put(placements) = found.distributed(None, &Setup::default()) else {
            panic!("all of it has a place");
        };
        assert_eq!(placements.len(), 6);
        for placement in &placements {
            assert_eq!(placement.content.is_picked, is_picked, "{:?}", placement.slot);
            let wanted = file
                .as_deref()
                .map_or(Source::Pasted, |file| Source::File(file.into()));
            assert_eq!(placement.content.source, wanted);
        }
    }
}

#[test]
fn what_a_store_holds_is_counted_in_words() {
    let pki = pki();
    for (presented, authorities, keys, words) in [
        (&["a*"][..], &[][..], &[][..], "1 certificate with its key"),
        (
            &["a*", "b*", "c"],
            &["root"],
            &["e"],
            "2 certificates with their keys, 1 certificate without its key, 1 CA certificate, 1 key without its certificate",
        ),
        (
            &["a", "b"],
            &["root", "other"],
            &["d", "e"],
            "2 certificates without their keys, 2 CA certificates, 2 keys without their certificates",
        ),
        (&[], &[], &[], ""),
    ] {
        assert_eq!(found(&pki, presented, authorities, keys).words(), words);
    }
}
