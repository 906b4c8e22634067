//! Names that want to be more than names: the commands of every edit are run with stub programs, and take them for names.

use std::collections::BTreeSet;

use super::commands::commands;
use super::{Edit, Spoken, Swap};
use crate::capture::{ClientAuth, PerSide, Side};
use crate::clock::Clock;
use crate::pki::{LoadedCertificate, LoadedKey, MintedIdentity, Recipe, mint, nginx_word};
use crate::setup::{Fault, Identity, LabSetup, Party, SidePolicy, TlsVersion};

#[path = "../../../tests/support/stub_programs.rs"]
#[allow(
    clippy::duplicate_mod,
    reason = "a helper of the tests, as in the tests of the words"
)]
mod stub_programs;

use stub_programs::{Ran, run, shells};

const NOW: i64 = 1_800_000_000;

/// What stands in place of a value in the run that the others are held against.
const HARMLESS: &str = "HARM LESS";

/// These stay whole in the name of a file that is made of another's: they hold no dot and no slash.
const WHOLE: &[&str] = &[
    "$(touch pwned)",
    "`touch pwned`; touch pwned & touch pwned | touch pwned",
    "'; touch pwned; echo '",
    "\"; touch pwned; echo \"$(touch pwned)",
    "a\ntouch pwned\n\n b",
    "*? [a-z] {a,b} ~ !! !touch %s %n",
    "# tab\there \u{1b}[201~\u{9b}31m\u{202e} é 名 \u{7f}",
    "$HOME ${IFS}$x",
    "<in >out (a) [b];;",
    "{file}{name}{port}",
];

/// These do not, or are written in another way where they begin a word.
const OTHERS: &[&str] = &[
    "-rf --exec=touch",
    "a=b.pem",
    "",
    "\n",
    "../$(touch pwned)/`touch pwned`.$(touch pwned)",
    "\\'\"\\$(touch pwned)\\",
    "a:$(touch pwned)",
];

struct Bench {
    before: LabSetup,
    edits: Vec<Edit>,
}

fn recipe(name: &str, subject: &str) -> Recipe {
    let text = format!(r#"(name: "{name}", subject: "plain")"#);
    let mut recipe: Recipe = ron::from_str(&text).expect("a recipe");
    subject.clone_into(&mut recipe.subject);
    recipe
}

fn of_file(minted: &MintedIdentity, file: Option<String>, entry: usize, is_pem: bool) -> LoadedCertificate {
    LoadedCertificate {
        der: minted.certificate.der.clone(),
        file,
        entry,
        line: is_pem.then_some(entry * 20 + 1),
        within: None,
        wrapping: None,
    }
}

/// What was never in a file gets a file name made of its subject: only letters and digits are left of this one.
const SUBJECT: &str = "$(touch pwned); 'touch' pwned";

/// A set-up whose files, addresses and server name all are the value, and every kind of edit of it.
fn bench(value: &str) -> Bench {
    let names = ["a", "b", "c", "d", "e"];
    let recipes: Vec<Recipe> = names.iter().map(|name| recipe(name, SUBJECT)).collect();
    let minted = mint(&recipes, NOW).expect("it mints");
    let one = |name: &str| minted.find(name).expect("minted");
    let (a, b, c, d, e) = (one("a"), one("b"), one("c"), one("d"), one("e"));
    let key = |minted: &MintedIdentity, ending: &str, is_pem: bool| LoadedKey {
        key: minted.key.key.clone(),
        file: Some(format!("{value}{ending}")),
        line: is_pem.then_some(1),
        within: None,
        wrapping: None,
    };
    let bundle = |minted: &MintedIdentity, entry: usize| {
        of_file(minted, Some(format!("{value} bundle.pem")), entry, true)
    };
    let der = of_file(d, Some(format!("{value}.der")), 0, false);
    let fetched = of_file(e, Some(format!("http://ca.example/{value}")), 0, false);
    let minted_only = of_file(c, None, 0, true);
    let party = |chain: Vec<LoadedCertificate>, key: LoadedKey, trust: Vec<LoadedCertificate>| Party {
        identity: Some(Identity {
            chain,
            key: Some(key),
        }),
        trust,
        policy: SidePolicy {
            versions: vec![TlsVersion::Tls12],
            ..SidePolicy::default()
        },
        ..Party::default()
    };
    let before = LabSetup {
        parties: PerSide {
            client: party(
                vec![of_file(a, Some(format!("{value} client.pem")), 0, true)],
                key(a, " client.key", true),
                vec![minted_only.clone()],
            ),
            server: party(
                vec![bundle(a, 0), bundle(b, 1)],
                key(b, " server key.der", false),
                vec![der.clone()],
            ),
        },
        server_name: value.to_owned(),
        client_auth: ClientAuth::Required,
        fault: Some(Fault::Http),
        known: vec![bundle(c, 2), fetched.clone()],
        timeout_ms: 100,
        wall_clock: Clock::still(NOW),
    };
    let mut edits = vec![
        Edit::MoveClock(None),
        Edit::MoveClock(Some(NOW)),
        Edit::AskFor(value.to_owned()),
        Edit::AskFor(format!("::{value}")),
        Edit::MendWire,
    ];
    edits.extend([Swap::Identities, Swap::Chains, Swap::Keys, Swap::Trust].map(Edit::Swap));
    for side in Side::BOTH {
        let instead_of = before.chain(side)[0].clone();
        edits.extend([
            Edit::AddToChain {
                side,
                certificates: vec![bundle(c, 2), der.clone(), fetched.clone(), minted_only.clone()],
            },
            Edit::ReplaceInChain {
                side,
                certificate: fetched.clone(),
                instead_of: instead_of.clone(),
            },
            Edit::DropFromChain {
                side,
                certificate: instead_of,
            },
            Edit::ReorderChain {
                side,
                chain: before.chain(side).iter().rev().cloned().collect(),
            },
            Edit::UseCertificate {
                side,
                chain: vec![der.clone()],
            },
            Edit::UseKey {
                side,
                key: key(c, " other.der", false),
            },
            Edit::SwapSlots(side),
            Edit::TrustAlso {
                side,
                certificate: bundle(b, 1),
            },
            Edit::TrustInstead {
                side,
                certificates: vec![minted_only.clone(), bundle(b, 1)],
            },
        ]);
        for also in [
            Spoken::Versions(vec![TlsVersion::Tls13]),
            Spoken::Versions(vec![TlsVersion::Tls12]),
            Spoken::CipherSuites(vec![value.to_owned()]),
            Spoken::Groups(vec!["x25519".to_owned()]),
            Spoken::Protocols(vec!["h2".to_owned()]),
            Spoken::Protocols(vec!["http/1.1".to_owned()]),
        ] {
            edits.push(Edit::Speak { side, also });
        }
    }
    Bench { before, edits }
}

/// Lines for a shell, each once, and those for nginx.
fn lines(value: &str) -> (Vec<String>, Vec<String>) {
    let Bench { before, edits } = bench(value);
    let mut all: Vec<String> = Vec::new();
    for edit in &edits {
        for line in commands(std::slice::from_ref(edit), &before, &edit.apply(&before)) {
            if !all.contains(&line) {
                all.push(line);
            }
        }
    }
    all.into_iter().partition(|line| !line.ends_with(";  # nginx"))
}

/// With the harmless word where the value stood.
fn without(value: &str, ran: Ran) -> Ran {
    let harmless = |word: &String| word.replace(value, HARMLESS);
    let mut calls: Vec<Vec<String>> = ran
        .calls
        .iter()
        .map(|call| {
            // Told to curl where a name has a pattern's signs.
            let words = call.iter().filter(|word| *word != "--globoff");
            words.map(harmless).collect()
        })
        .collect();
    calls.sort();
    let mut files: Vec<String> = ran.files.iter().map(harmless).collect();
    files.sort();
    Ran {
        calls,
        files,
        complaints: ran.complaints,
    }
}

fn assert_nothing_else_ran(value: &str, shell: &str, ran: &Ran) {
    let has = |name: &str| ran.calls.iter().any(|call| call[0] == name);
    assert!(
        !has("touch") && !has("rm"),
        "{value:?} in {shell}: {:#?}",
        ran.calls
    );
    assert!(
        !ran.files.iter().any(|file| file == "pwned"),
        "{value:?} in {shell}"
    );
    assert_eq!(ran.complaints, "", "{value:?} in {shell}");
}

/// Each once: where a name is cut at its dot or its slash, two commands may become one.
fn programs(ran: &Ran) -> BTreeSet<&str> {
    ran.calls.iter().map(|call| call[0].as_str()).collect()
}

#[test]
fn every_command_of_a_fix_takes_a_name_for_a_name() {
    let (harmless, _) = lines(HARMLESS);
    for shell in shells() {
        let plain = run(shell, &harmless);
        assert_eq!(plain.complaints, "");
        for program in ["awk", "curl", "faketime", "openssl", "timedatectl"] {
            assert!(programs(&plain).contains(program), "{program}");
        }
        let expected = without(HARMLESS, plain);
        for value in WHOLE {
            let ran = run(shell, &lines(value).0);
            assert_nothing_else_ran(value, shell, &ran);
            let ran = without(value, ran);
            assert_eq!(ran.calls, expected.calls, "{value:?} in {shell}");
            assert_eq!(ran.files, expected.files, "{value:?} in {shell}");
        }
        for value in OTHERS {
            let ran = run(shell, &lines(value).0);
            assert_nothing_else_ran(value, shell, &ran);
            assert_eq!(programs(&ran), programs(&expected), "{value:?} in {shell}");
        }
    }
}

#[test]
fn no_command_of_a_fix_holds_what_steers_a_terminal() {
    for value in WHOLE.iter().chain(OTHERS) {
        let (shell, nginx) = lines(value);
        for line in shell.iter().chain(&nginx) {
            // A value's last line breaks stand in their quotes.
            let is_unsafe = |c: char| c != '\n' && crate::printable::is_unsafe(c);
            assert!(!line.contains(is_unsafe), "{line:?}");
        }
    }
}

#[test]
fn nginx_is_handed_the_names_as_nginx_reads_them() {
    for value in WHOLE {
        let (_, nginx) = lines(value);
        let key = nginx_word(&format!("{value} server key-key.pem"));
        let pem = nginx_word(&format!("{value} bundle.pem"));
        let made = nginx_word(&format!("{value} bundle-chain.pem"));
        let is_there = |line: String| {
            assert!(nginx.contains(&line), "{line} is not among {nginx:#?}");
        };
        is_there(format!(
            "ssl_certificate {made}; ssl_certificate_key {key};  # nginx"
        ));
        assert!(
            nginx.iter().all(|line| !line.contains(&format!("{pem};"))),
            "{nginx:#?}"
        );
    }
}
