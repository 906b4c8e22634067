//! Stub programs in place of a stack: one that accepts, refuses, crashes, hangs, floods, writes what steers a terminal; and one
//! that looks for the user's private key in all that it is given.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::run::{End, MOST_OUTPUT_BYTES, Running, Task};
use super::*;
use crate::cancel::Cancel;
use crate::capture::{Revocation, Side};
use crate::net::Limit;
use crate::pki::{Minted, Recipe, mint, pem_text};
use crate::stack::Stack;

/// Longer than anything may take on a machine under load.
const HANG: Duration = Duration::from_mins(2);

fn pki() -> Minted {
    let recipes: Vec<Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
        (name: "leaf", subject: "orders", issuer: "root", sans: ["DNS:orders.example"])]"#,
    )
    .expect("the recipes parse");
    mint(&recipes, crate::clock::Clock::default().unix_s()).expect("it mints")
}

fn question(judge: Side, has_key: bool) -> Question {
    let pki = pki();
    let leaf = pki.find("leaf").expect("minted");
    Question {
        judge,
        chain: vec![leaf.certificate.clone()],
        key: has_key.then(|| leaf.key.clone()),
        trust: vec![pki.find("root").expect("minted").certificate.clone()],
        name: None,
        at_unix_s: None,
        revocation: Revocation::default(),
        versions: Vec::new(),
    }
}

/// A program of the shell. It ends of itself, however the test fares.
fn stub(folder: &Path, script: &str) -> PathBuf {
    let file = folder.join("openssl");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("written");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).expect("set");
    file
}

fn asked_with(script: &str, question: &Question, cancel: &Cancel) -> Opinion {
    let folder = tempfile::tempdir().expect("a folder");
    let presence = Presence::Installed {
        program: stub(folder.path(), script),
        version: "3.0.22".to_owned(),
    };
    ask_one(question, Stack::OpenSsl, &presence, cancel).expect("it is installed")
}

fn asked(script: &str) -> Opinion {
    asked_with(script, &question(Side::Client, false), &Cancel::default())
}

#[test]
fn what_a_chain_tool_does_is_its_verdict_and_nothing_else_is() {
    let opinion = asked("exit 0");
    assert_eq!((&opinion.said, opinion.exit_status), (&Said::Accepts, Some(0)));
    assert_eq!(opinion.way, Way::ChainTool);
    assert_eq!(opinion.command.first().map(String::as_str), Some("openssl"));
    let opinion = asked("echo 'error 10 at 0 depth lookup: certificate has expired' >&2; exit 2");
    assert_eq!(
        opinion.said,
        Said::Refuses("error 10 at 0 depth lookup: certificate has expired".to_owned())
    );
    // It could not load what it was given, and never judged.
    let opinion = asked("echo 'Could not open file of certificates'; exit 2");
    assert!(
        matches!(&opinion.said, Said::NoAnswer(NoAnswer::Unusable(words)) if words.starts_with("Could not")),
        "{opinion:?}"
    );
    let opinion = asked("echo 'error 10 at 0 depth lookup: certificate has expired'; kill -SEGV $$");
    assert!(
        matches!(&opinion.said, Said::NoAnswer(NoAnswer::Crashed(_))),
        "{opinion:?}"
    );
    assert_eq!(opinion.exit_status, None);
}

#[test]
fn a_program_that_ends_before_the_handshake_has_judged_nothing() {
    for judge in [Side::Client, Side::Server] {
        let question = question(judge, true);
        let opinion = asked_with("echo boom; exit 1", &question, &Cancel::default());
        assert!(
            matches!(&opinion.said, Said::NoAnswer(NoAnswer::Unusable(words)) if words == "boom"),
            "{opinion:?}"
        );
        let opinion = asked_with("kill -ABRT $$", &question, &Cancel::default());
        assert!(
            matches!(opinion.said, Said::NoAnswer(NoAnswer::Crashed(_))),
            "{opinion:?}"
        );
        assert!(opinion.capture.is_none());
    }
}

/// The answer is in the order in which the stacks were named, whoever is done first; and each is told of as it is done.
#[test]
fn opinions_stand_in_the_order_of_the_stacks() {
    let folders = [0, 1, 2].map(|_| tempfile::tempdir().expect("a folder"));
    // The first two begin at once, and the first ends only when the last one has begun.
    let mark = folders[0].path().join("mark");
    let mark = mark.display();
    let scripts = [
        format!("n=0; while [ ! -e '{mark}' ] && [ $n -lt 600 ]; do sleep 0.05; n=$((n+1)); done; exit 0"),
        "echo 'error 10 at 0 depth lookup: certificate has expired'; exit 2".to_owned(),
        format!("touch '{mark}'; exit 0"),
    ];
    let mut stacks: Vec<(Stack, Presence)> = Vec::new();
    for ((folder, script), version) in folders.iter().zip(&scripts).zip(["1", "2", "3"]) {
        let presence = Presence::Installed {
            program: stub(folder.path(), script),
            version: version.to_owned(),
        };
        stacks.push((Stack::OpenSsl, presence));
    }
    let absent = Presence::Absent {
        looked_for: Vec::new(),
    };
    stacks.insert(1, (Stack::GnuTls, absent));
    let told: std::sync::Mutex<Vec<String>> = std::sync::Mutex::default();
    let on_each = |heard: Heard<'_>| {
        if let Heard::Said(opinion) = heard {
            told.lock().expect("whole").push(opinion.version.clone());
        }
    };
    let question = question(Side::Client, false);
    let opinions = ask(&question, &stacks, &Cancel::default(), &on_each);
    let versions: Vec<&str> = opinions.iter().map(|opinion| opinion.version.as_str()).collect();
    assert_eq!(
        versions,
        ["1", "2", "3"],
        "what is not installed is not among them"
    );
    let accepts: Vec<Option<bool>> = opinions.iter().map(Opinion::accepts).collect();
    assert_eq!(accepts, [Some(true), Some(false), Some(true)]);
    let told = told.lock().expect("whole");
    assert_eq!(told.len(), 3);
    let place = |version: &str| told.iter().position(|one| one == version);
    assert!(place("2") < place("1"), "told as they are done: {told:?}");
}

#[test]
fn what_it_writes_is_kept_as_it_is() {
    let opinion = asked(r"printf 'error 1 at 0 depth lookup: \033[2Jgone\n'; exit 2");
    assert_eq!(
        opinion.said,
        Said::Refuses("error 1 at 0 depth lookup: \u{1b}[2Jgone".to_owned())
    );
    assert!(opinion.output.contains('\u{1b}'));
}

#[test]
fn a_flood_is_read_and_thrown_away() {
    let opinion = asked("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 0");
    assert_eq!(opinion.said, Said::Accepts);
    assert!(
        opinion.output.len() <= 2 * MOST_OUTPUT_BYTES + 1,
        "{}",
        opinion.output.len()
    );
}

/// The numbers that a stub wrote, of itself and of what it started.
fn numbers(file: &Path) -> Vec<i32> {
    let began = Instant::now();
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let all: Vec<i32> = text.lines().filter_map(|line| line.parse().ok()).collect();
        if all.len() == 2 {
            return all;
        }
        assert!(began.elapsed() < HANG, "the stub did not start");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Gone, or waiting to be reaped by whoever inherited it.
fn is_over(number: i32) -> bool {
    let pid = rustix::process::Pid::from_raw(number).expect("a number");
    let is_dead = std::fs::read_to_string(format!("/proc/{number}/stat")).is_ok_and(|text| {
        text.rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('Z'))
    });
    is_dead || rustix::process::test_kill_process(pid).is_err()
}

#[test]
fn a_cancel_ends_it_with_all_that_it_started() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("numbers");
    // Deaf to what asks politely.
    let script = format!(
        "trap '' TERM INT HUP\nsleep 300 &\necho $$ > {0}\necho $! >> {0}\nwait",
        file.display()
    );
    let cancel = Cancel::default();
    let opinion = std::thread::scope(|scope| {
        let asking = scope.spawn(|| asked_with(&script, &question(Side::Server, true), &cancel));
        numbers(&file);
        cancel.cancel();
        asking.join().expect("no panic")
    });
    assert_eq!(opinion.said, Said::NoAnswer(NoAnswer::Cancelled));
    for number in numbers(&file) {
        let began = Instant::now();
        while !is_over(number) {
            assert!(began.elapsed() < HANG, "{number} runs on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_deadline_is_one_and_a_drop_ends_it_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("numbers");
    let script = format!("sleep 300 &\necho $$ > {0}\necho $! >> {0}\nwait", file.display());
    let task = Task {
        program: stub(folder.path(), &script),
        ..Task::default()
    };
    let mut running = Running::start(&task, folder.path()).expect("started");
    let all = numbers(&file);
    assert!(!running.wait_for(
        &Limit::for_the_next(Duration::from_millis(50), &Cancel::default()),
        |_| false
    ));
    drop(running);
    std::fs::remove_file(&file).expect("there");
    let running = Running::start(&task, folder.path()).expect("started");
    let all = [all, numbers(&file)].concat();
    assert_eq!(running.finish().end, End::Ours);
    for number in all {
        let began = Instant::now();
        while !is_over(number) {
            assert!(began.elapsed() < HANG, "{number} runs on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn one_that_hangs_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let presence = Presence::Installed {
        program: stub(folder.path(), "echo waiting; sleep 300"),
        version: "3.0.22".to_owned(),
    };
    for (judge, has_key) in [(Side::Client, false), (Side::Client, true), (Side::Server, true)] {
        let asked = stacks::given::Asked {
            deadline: Duration::from_millis(300),
            ..stacks::asked(Stack::OpenSsl).expect("a program")
        };
        let question = question(judge, has_key);
        let opinion = ask::ask_within(&question, Stack::OpenSsl, &presence, &asked, &Cancel::default())
            .expect("it is installed");
        assert_eq!(opinion.said, Said::NoAnswer(NoAnswer::TimedOut(300)));
        assert_eq!(opinion.exit_status, None);
        assert!(opinion.took_ms < 250_000, "the stub's own time is longer");
    }
}

/// Everything that a program is given: its arguments, its environment, every file of its folder, what it can read from its
/// standard input. In none of it is the user's key, in any form; and the folder is private, and gone afterwards.
#[test]
fn the_users_private_key_is_handed_to_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let given = folder.path().join("given");
    let script = format!(
        "mkdir -p {0}\ncp -r . {0}/files\nprintf '%s\\n' \"$@\" > {0}/arguments\nenv > {0}/environment\n\
         stat -c %a . > {0}/mode\npwd > {0}/place\ntimeout 0.3 cat > {0}/input\nexit 1",
        given.display()
    );
    for judge in [Side::Client, Side::Server] {
        for has_key in [true, false] {
            let _ = std::fs::remove_dir_all(&given);
            let question = question(judge, true);
            let key = question.key.clone().expect("a key");
            let question = Question {
                key: has_key.then(|| key.clone()),
                ..question
            };
            asked_with(&script, &question, &Cancel::default());
            let mut all = Vec::new();
            let mut names = Vec::new();
            let mut folders = vec![given.clone()];
            while let Some(next) = folders.pop() {
                for entry in std::fs::read_dir(next).expect("the stub ran") {
                    let path = entry.expect("an entry").path();
                    if path.is_dir() {
                        folders.push(path);
                    } else {
                        names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
                        all.extend(std::fs::read(&path).expect("read"));
                        all.push(b'\n');
                    }
                }
            }
            assert!(names.contains(&"trust.pem".to_owned()), "{names:?}");
            assert_eq!(names.contains(&"own.key".to_owned()), has_key, "{names:?}");
            let der = key.key.der.secret_der();
            let has = |part: &[u8]| all.windows(part.len()).any(|window| window == part);
            // The secret number of a P-256 key stands in these bytes of its PKCS#8 (RFC 5915 §3).
            let secret = der.get(36..68).expect("a P-256 key");
            let text = pem_text("PRIVATE KEY", der);
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("---")).collect();
            assert!(!has(der) && !has(secret) && !has(hex::encode(secret).as_bytes()));
            // The first line says of what kind it is, and is the same in every key but for its end.
            for line in lines.get(1..).expect("several lines") {
                assert!(!has(line.as_bytes()), "{line}");
            }
            // It is the right thing that was looked for.
            let own = all.windows(11).filter(|window| window == b"PRIVATE KEY").count();
            assert_eq!(own, if has_key { 2 } else { 0 }, "the throw-away one");
            let read = |name: &str| std::fs::read_to_string(given.join(name)).expect("the stub ran");
            assert_eq!(read("mode").trim(), "700");
            assert!(!Path::new(read("place").trim()).exists(), "the folder is gone");
        }
    }
}

#[test]
fn the_environment_is_what_is_needed() {
    let opinion = asked("env; exit 0");
    let names: Vec<&str> = opinion
        .output
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .filter(|name| !matches!(*name, "PWD" | "OLDPWD" | "SHLVL" | "_"))
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["HOME", "LC_ALL", "PATH", "TMPDIR", "TZ"]);
}

#[test]
fn what_is_not_installed_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let cancel = Cancel::default();
    let told = |script: &str| {
        let programs = Programs::from([(Stack::OpenSsl, stub(folder.path(), script))]);
        find(Stack::OpenSsl, &programs, &cancel)
    };
    assert!(
        matches!(told("echo OpenSSL 9.9.9 1 Jan 2030"), Presence::Installed { version, .. } if version == "9.9.9")
    );
    assert!(
        matches!(told("echo what"), Presence::Unusable { words, .. } if words == "asked for its version it says “what”")
    );
    let programs = Programs::from([(Stack::OpenSsl, folder.path().join("nothing"))]);
    assert!(matches!(
        find(Stack::OpenSsl, &programs, &cancel),
        Presence::Unusable { .. }
    ));
}
