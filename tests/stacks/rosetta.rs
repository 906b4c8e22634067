//! How ten TLS stacks say it: real programs on loopback, over faults that OpenSSL's own tools made.
//!
//! `MTLSCOPE_UPDATE_ROSETTA=1 cargo test --test stacks rosetta` runs every fault with every stack and writes `assets/rosetta.ron`.
//! Otherwise a sample is run and held against that file: with the recorded release of a program its words must be the same; with
//! another, who refuses and who speaks. A program that is absent is skipped aloud; in CI all must be there. Envoy's binary is named by
//! `MTLSCOPE_ENVOY`. What is stripped from the words is said in `support/stacks/words.rs`.

use crate::support::machine;
use crate::support::stacks;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mtlscope::capture::Side;
use mtlscope::diagnose::{CauseId, Outcome, Saying, fault_of};
use stacks::{Bench, Fault, Stack, Tools, all_faults, make};

/// What is run again where nothing is written: one or two of every kind.
const SAMPLE: &[&str] = &[
    "client-none",
    "client-impostor",
    "client-expired",
    "server-name",
    "server-alone",
    "version",
];

fn asset() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rosetta.ron")
}

fn kept() -> Vec<Saying> {
    ron::from_str(&std::fs::read_to_string(asset()).expect("the asset")).expect("it parses")
}

/// Runs these faults with every stack at hand on two threads. The sayings in the order of the faults, the stacks, the sides.
fn run(faults: &[Fault]) -> (Vec<Saying>, Vec<Stack>) {
    let directory = tempfile::tempdir().expect("a directory");
    let tools_directory = tempfile::tempdir().expect("a directory");
    make(directory.path());
    let tools = Tools::build(tools_directory.path());
    let meetings: Vec<(usize, &Fault, Stack, Side)> = faults
        .iter()
        .enumerate()
        .flat_map(|(place, fault)| Stack::ALL.into_iter().map(move |stack| (place, fault, stack)))
        .flat_map(|(place, fault, stack)| {
            Side::BOTH
                .into_iter()
                .map(move |side| (place, fault, stack, side))
        })
        .filter(|(_, fault, stack, side)| {
            fault.is_for(*side) && (*side == Side::Client || !stack.is_only_client())
        })
        .collect();
    let left_out: Vec<Stack> = Stack::ALL
        .into_iter()
        .filter(|stack| machine::is_left_out(stack.name(), "rosetta"))
        .collect();
    let next = AtomicUsize::new(0);
    let said = Mutex::new(Vec::new());
    let at_hand = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut bench = Bench::new(directory.path(), &tools);
                let stacks: Vec<Stack> = bench
                    .stacks()
                    .into_iter()
                    .filter(|stack| !left_out.contains(stack))
                    .collect();
                at_hand.lock().expect("no panic").extend(stacks.iter().copied());
                while let Some((place, fault, stack, side)) =
                    meetings.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if !stacks.contains(stack) {
                        continue;
                    }
                    let began = Instant::now();
                    for saying in bench.meet(fault, *stack, *side) {
                        said.lock().expect("no panic").push((*place, saying));
                    }
                    if began.elapsed().as_secs() > 3 {
                        eprintln!(
                            "{} with {} as {}: {:?}",
                            fault.id,
                            stack.name(),
                            side.word(),
                            began.elapsed()
                        );
                    }
                }
            });
        }
    });
    (
        merged(said.into_inner().expect("no panic")),
        at_hand.into_inner().expect("no panic").into_iter().collect(),
    )
}

/// One row for what a stack says alike to several peers, in an order that does not depend on the run.
fn merged(mut said: Vec<(usize, Saying)>) -> Vec<Saying> {
    let order = |name: &str| Stack::ALL.iter().position(|stack| stack.name() == name);
    said.sort_by_key(|(place, saying)| {
        let peer = saying.peers.first().cloned().unwrap_or_default();
        (*place, order(&saying.stack), saying.side, order(&peer), peer)
    });
    let mut out: Vec<Saying> = Vec::new();
    for (_, saying) in said {
        let same = out.iter_mut().find(|known| {
            key(known) == key(&saying) && known.accepted == saying.accepted && known.words == saying.words
        });
        match same {
            Some(known) => {
                for peer in saying.peers {
                    if !known.peers.contains(&peer) {
                        known.peers.push(peer);
                    }
                }
            }
            None => out.push(saying),
        }
    }
    out
}

fn key(saying: &Saying) -> (&str, &str, Side) {
    (&saying.fault, &saying.stack, saying.side)
}

fn written(sayings: &[Saying]) -> String {
    let mut text = "// Written by tests/stacks/rosetta.rs from real runs. Do not edit.\n[\n".to_owned();
    for saying in sayings {
        text += &format!("    {},\n", ron::to_string(saying).expect("text"));
    }
    text + "]\n"
}

#[test]
fn the_stacks_still_say_what_we_say_they_say() {
    let is_update = std::env::var_os("MTLSCOPE_UPDATE_ROSETTA").is_some();
    if !is_update
        && std::process::Command::new("openssl")
            .arg("version")
            .output()
            .is_err()
    {
        machine::skipped(
            "the stacks",
            "the openssl command is not installed, and it is the peer of all others",
        );
        return;
    }
    let only = std::env::var("MTLSCOPE_ROSETTA_FAULTS").ok();
    let faults: Vec<Fault> = all_faults()
        .into_iter()
        .filter(|fault| match &only {
            Some(only) => only.split(',').any(|id| id == fault.id),
            None => is_update || SAMPLE.contains(&fault.id),
        })
        .collect();
    let began = Instant::now();
    let (fresh, at_hand) = run(&faults);
    for stack in Stack::ALL.into_iter().filter(|stack| !at_hand.contains(stack)) {
        if machine::is_blind(stack.name()) {
            continue;
        }
        assert!(!is_update, "{} must be there", stack.name());
        machine::skipped(
            stack.name(),
            "it is not installed (Envoy: MTLSCOPE_ENVOY names its binary)",
        );
    }
    eprintln!(
        "{} faults, {} stacks, {} rows, {:?}",
        faults.len(),
        at_hand.len(),
        fresh.len(),
        began.elapsed()
    );
    if is_update && only.is_none() {
        std::fs::write(asset(), written(&fresh)).expect("written");
        return;
    }
    if is_update {
        print!("{}", written(&fresh));
        return;
    }
    let kept: Vec<Saying> = kept()
        .into_iter()
        .filter(|saying| faults.iter().any(|fault| fault.id == saying.fault))
        .collect();
    let mut moved = differences(&kept, &fresh, &at_hand);
    if !moved.is_empty() {
        // A machine under load can cut a program short; what differs twice, in the same way, has moved.
        eprintln!("once more, for:\n{}", moved.join("\n"));
        let again = differences(&kept, &run(&faults).0, &at_hand);
        moved.retain(|difference| again.contains(difference));
    }
    assert!(
        moved.is_empty(),
        "reality has moved: MTLSCOPE_UPDATE_ROSETTA=1 cargo test --test stacks rosetta\n{}",
        moved.join("\n")
    );
}

/// What a fresh run says otherwise than the file. A row counts only when the stacks of both its ends are at hand.
fn differences(kept: &[Saying], fresh: &[Saying], at_hand: &[Stack]) -> Vec<String> {
    let is_at_hand = |name: &str| {
        Stack::ALL
            .iter()
            .find(|stack| stack.name() == name)
            .is_none_or(|stack| at_hand.contains(stack))
    };
    // A row for each pair of stacks: to whom it was said counts.
    let pairs = |sayings: &[Saying]| -> BTreeMap<(String, String, Side, String), Saying> {
        let mut out = BTreeMap::new();
        for saying in sayings.iter().filter(|saying| is_at_hand(&saying.stack)) {
            let alone = [String::new()];
            let peers = if saying.peers.is_empty() {
                &alone[..]
            } else {
                &saying.peers[..]
            };
            for peer in peers.iter().filter(|peer| is_at_hand(peer)) {
                let key = (
                    saying.fault.clone(),
                    saying.stack.clone(),
                    saying.side,
                    peer.clone(),
                );
                // OpenSSL meets itself in both directions; where the two differ, both are rows.
                let place = if out.contains_key(&key) {
                    (format!("{} again", key.0), key.1, key.2, key.3)
                } else {
                    key
                };
                out.insert(place, saying.clone());
            }
        }
        out
    };
    let (kept, fresh) = (pairs(kept), pairs(fresh));
    let versions: BTreeMap<&str, &str> = fresh
        .values()
        .map(|saying| (saying.stack.as_str(), saying.version.as_str()))
        .collect();
    let mut moved = Vec::new();
    for place in kept.keys().chain(fresh.keys()).collect::<BTreeSet<_>>() {
        let words = match (kept.get(place), fresh.get(place)) {
            (Some(kept), Some(fresh)) => {
                let same_peer = Stack::ALL.iter().all(|stack| {
                    stack.name() != place.3
                        || kept_version(&kept_all(), stack.name()).as_deref()
                            == versions.get(stack.name()).copied()
                });
                let is_same_release = kept.version == fresh.version && same_peer;
                let is_alike =
                    kept.accepted == fresh.accepted && kept.words.is_empty() == fresh.words.is_empty();
                if is_alike && (!is_same_release || kept.words == fresh.words) {
                    continue;
                }
                format!(
                    "kept ({}, accepted: {}): {}\n    fresh ({}, accepted: {}): {}",
                    kept.version, kept.accepted, kept.words, fresh.version, fresh.accepted, fresh.words
                )
            }
            (Some(kept), None) => format!("nobody said: {}", kept.words),
            (None, Some(fresh)) => format!("new: {}", fresh.words),
            (None, None) => continue,
        };
        moved.push(format!(
            "{}, {} as {} to {}: {words}",
            place.0,
            place.1,
            place.2.word(),
            place.3
        ));
    }
    moved
}

fn kept_all() -> Vec<Saying> {
    kept()
}

fn kept_version(sayings: &[Saying], stack: &str) -> Option<String> {
    sayings
        .iter()
        .find(|saying| saying.stack == stack)
        .map(|saying| saying.version.clone())
}

/// What the record calls a fault in a chain is what we find in that chain: else a stack's words would be told of another one.
#[test]
fn each_fault_of_the_table_is_the_one_that_we_find_in_its_chain() {
    let directory = tempfile::tempdir().expect("a directory");
    if std::process::Command::new("openssl")
        .arg("version")
        .output()
        .is_err()
    {
        machine::skipped("the faults", "the openssl command is not installed");
        return;
    }
    make(directory.path());
    let mut found = 0;
    for fault in all_faults() {
        let rows = stacks::judged(directory.path(), &fault);
        let is_of = |row: &&mtlscope::diagnose::MatrixRow| row.cause == Some(fault.cause);
        let failed = rows.iter().filter(is_of).find(|row| row.outcome == Outcome::Fail);
        let warned = || rows.iter().filter(is_of).find(|row| row.is_refused_elsewhere);
        let Some(row) = failed.or_else(warned) else {
            println!("{}: no row of its cause", fault.id);
            continue;
        };
        assert_eq!(fault_of(row), Some(fault.id), "{row:?}");
        found += 1;
        // Nothing else is amiss: whoever refuses, refuses for this.
        for other in &rows {
            let is_other = other.outcome == Outcome::Fail && other.cause != Some(fault.cause);
            assert!(!is_other, "{}: {other:?}", fault.id);
        }
    }
    println!("{found} faults found in their chains");
    assert!(found >= 40, "only {found}");
}

#[test]
fn the_file_holds_twenty_faults_and_ten_stacks() {
    let kept = kept();
    let faults: BTreeSet<&str> = kept.iter().map(|saying| saying.fault.as_str()).collect();
    let causes: BTreeSet<&str> = kept.iter().map(|saying| saying.cause.as_str()).collect();
    let stacks: BTreeSet<&str> = kept.iter().map(|saying| saying.stack.as_str()).collect();
    println!(
        "{} faults, {} causes, {} stacks, {} rows",
        faults.len(),
        causes.len(),
        stacks.len(),
        kept.len()
    );
    for fault in all_faults() {
        assert!(faults.contains(fault.id), "{} is in no row", fault.id);
    }
    assert!(causes.len() >= 20, "{causes:?}");
    assert_eq!(stacks, Stack::ALL.iter().map(|stack| stack.name()).collect());
    for saying in &kept {
        assert!(CauseId::from_word(&saying.cause).is_some(), "{}", saying.cause);
        assert!(!saying.version.is_empty());
        assert!(!saying.accepted || saying.words.is_empty(), "{saying:?}");
        // What changes from run to run has no place in the file.
        for never in ["127.0.0.1:", "/tmp", "0x0000", "current time 2"] {
            assert!(!saying.words.contains(never), "{saying:?}");
        }
    }
}
