//! Packs of lessons by others: each mistake that an author can make, and what a stranger may put into one.

use std::fs;
use std::io::Write;

use super::lesson::{GOOD, check, pack, words};
use crate::support::command::{json, mtlscope, status, stderr, stdout};

/// Each mistake that an author can make, the text that makes it, and what is said of it.
const MISTAKES: [(&str, &str, &str, &str); 22] = [
    ("a word that is no key", "myth:", "mith:", "unknown field `mith`"),
    (
        "no such cause",
        "cause: missing-intermediate, side",
        "cause: missing-itermediate, side",
        "there is no such cause",
    ),
    (
        "no such scenario",
        "scenario: server-missing-intermediate",
        "scenario: server-missing",
        "there is no scenario “server-missing”",
    ),
    (
        "an id of two words",
        "id: my-browser",
        "id: My Browser",
        "its id is not a short word",
    ),
    (
        "no front matter's end",
        "\n---\npayments was",
        "\npayments was",
        "its front matter does not end",
    ),
    (
        "an answer of its own",
        "answer: A\ntask",
        "answer: E\ntask",
        "unknown variant `E`",
    ),
    (
        "another verdict than the run's",
        "shows: {verdict: rejected, cause: missing-intermediate",
        "shows: {verdict: accepted, cause: missing-intermediate",
        "it says that the handshake is accepted, but it is rejected",
    ),
    (
        "another side than the run's",
        "cause: missing-intermediate, side: client}",
        "cause: missing-intermediate, side: server}",
        "it says that the server objects, but the client does",
    ),
    (
        "nothing to mend",
        "success: {verdict: accepted, without: [missing-intermediate]}",
        "success: {verdict: rejected}",
        "it succeeds before anybody did anything",
    ),
    (
        "a success that asks nothing",
        "success: {verdict: accepted, without: [missing-intermediate]}",
        "success: {}",
        "its success asks nothing",
    ),
    (
        "a solution that solves nothing",
        "solution:\n  server: {chain: [payments, issuer]}",
        "solution:\n  server: {chain: [payments]}",
        "with its solution: it says that the handshake is accepted, but it is rejected",
    ),
    (
        "a wrong answer",
        "answer: A\ntask",
        "answer: C\ntask",
        "its answer C is wrong by the run itself",
    ),
    (
        "two right answers",
        "answer: A\ntask",
        "answer: C\ntask",
        "A is right as well by the run itself, and the answer is C",
    ),
    (
        "an answer that nothing proves",
        "answer: A\ntask",
        "answer: B\ntask",
        "nothing proves its answer B",
    ),
    ("nothing proved wrong", "    does: {}\n", "", "its question"),
    (
        "three options",
        "  - text: In the server's DNS\n    does: {server-name: payments.example}\n    because: The name was never the trouble. Another name adds one more fault.\n",
        "",
        "its question has 3 options and wants four",
    ),
    (
        "an option twice",
        "text: At the root CA",
        "text: In the server's file",
        "an option that is empty or stands there twice",
    ),
    (
        "a long right answer",
        "text: In the server's file\n",
        "text: In the server's own certificate file, below its leaf\n",
        "or their length gives the answer away",
    ),
    (
        "an option without its reason",
        "because: The root is trusted already. What is missing is the certificate between.",
        "because: \"\"",
        "an option without its “because”",
    ),
    (
        "two hints",
        "  - Look at the server's Certificate message. How many certificates does it send?\n",
        "",
        "it has 2 hints and wants three",
    ),
    (
        "a title that tells",
        "title: It works in my browser",
        "title: A missing intermediate",
        "its title gives the cause away",
    ),
    (
        "no reveal",
        "## Reveal",
        "## Revealed",
        "it has no section “## Reveal”",
    ),
];

#[test]
fn check_finds_each_kind_of_mistake() {
    for (what, right, wrong, said) in MISTAKES {
        assert_eq!(GOOD.matches(right).count(), 1, "{what}");
        let text = GOOD.replace(right, wrong);
        let folder = pack(&[("01-lesson.md", &text)]);
        let output = check(folder.path());
        // Two options remain that a run proves wrong where one is only told.
        if what == "nothing proved wrong" {
            assert_eq!(status(&output), 0, "{}", words(&output));
            continue;
        }
        assert_eq!(status(&output), 1, "{what}: {}", words(&output));
        assert!(words(&output).contains(said), "{what}: {}", words(&output));
        assert!(
            words(&output).contains("01-lesson.md") || words(&output).contains("my-browser"),
            "{what}"
        );
    }
    let folder = pack(&[("01-lesson.md", GOOD)]);
    let output = check(folder.path());
    assert_eq!(
        (status(&output), stderr(&output).as_str()),
        (0, ""),
        "{}",
        words(&output)
    );
}

#[test]
fn a_mistake_is_told_with_its_file_and_line() {
    let text = GOOD.replace("myth:", "mith:");
    let line = text
        .lines()
        .position(|line| line.starts_with("mith:"))
        .expect("the line")
        + 1;
    let folder = pack(&[("lessons/a.md", &text), ("b.md", GOOD)]);
    let output = mtlscope(&["lesson", "list", folder.path().to_str().expect("a path")]);
    assert_eq!(status(&output), 1);
    assert!(
        stdout(&output).contains("my-browser"),
        "the other lesson is there all the same"
    );
    assert!(
        stderr(&output).starts_with(&format!("lessons/a.md, line {line}: unknown field")),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_pack_brings_its_own_scenario_and_no_address() {
    let own = |point: &str| {
        format!(
            "(id: \"mine\", title: \"t\", summary: \"s\", look_for: \"l\", group: Chains, recipes: [
              (name: \"root\", subject: \"My Root\", is_ca: true),
              (name: \"issuer\", subject: \"My Issuer\", issuer: \"root\", is_ca: true),
              (name: \"payments\", subject: \"p\", issuer: \"issuer\", sans: [\"DNS:payments.shop.svc\"], purposes: [\"serverAuth\"], crl_points: [{point}]),
              (name: \"orders\", subject: \"o\", issuer: \"issuer\", purposes: [\"clientAuth\"])],
              client: (label: \"orders\", chain: [\"orders\", \"issuer\"], trust: [\"root\"]),
              server: (label: \"payments\", chain: [\"payments\"], trust: [\"root\"]),
              expect: (verdict: \"rejected\"))"
        )
    };
    let lesson = GOOD.replace("scenario: server-missing-intermediate", "scenario: mine");
    for (point, code) in [
        ("", 0),
        ("\"http://crl.shop.example/a.crl\"", 0),
        ("\"http://169.254.169.254/\"", 1),
        ("\"http://crl.shop.com/a.crl\"", 1),
    ] {
        let folder = pack(&[("a.md", &lesson), ("scenarios/mine.ron", &own(point))]);
        let output = check(folder.path());
        assert_eq!(status(&output), code, "{point}: {}", words(&output));
        assert_eq!(words(&output).contains("names only hosts that end in"), code == 1);
    }
}

#[test]
fn what_is_no_pack_gets_a_sentence() {
    let empty = pack(&[("README.md", "# Not a lesson\n"), ("notes.txt", "---\n")]);
    let output = check(empty.path());
    assert_eq!(status(&output), 2);
    assert!(
        words(&output).contains("there is no lesson in it"),
        "{}",
        words(&output)
    );
    let folder = pack(&[("a.zip", "PK not a zip")]);
    let output = check(&folder.path().join("a.zip"));
    assert_eq!(status(&output), 2);
    assert!(
        words(&output).contains("is no zip that can be read"),
        "{}",
        words(&output)
    );
    let output = check(&folder.path().join("nowhere"));
    assert_eq!(status(&output), 2);
    assert!(words(&output).contains("nowhere"), "{}", words(&output));
    let large = format!("{GOOD}{}", "x".repeat(1024 * 1024));
    let output = check(pack(&[("a.md", &large)]).path());
    assert_eq!(status(&output), 2);
    assert!(
        words(&output).contains("larger than 1024 KiB"),
        "{}",
        words(&output)
    );
    let bytes = tempfile::tempdir().expect("a folder");
    fs::write(bytes.path().join("a.md"), b"---\nid: \xff\n").expect("a file");
    let output = check(bytes.path());
    assert_eq!(status(&output), 2);
    assert!(words(&output).contains("no text in UTF-8"), "{}", words(&output));
}

#[cfg(unix)]
#[test]
fn a_pack_reads_nothing_outside_itself() {
    use std::os::unix::fs::symlink;
    let outside = pack(&[("a.md", GOOD)]);
    let folder = pack(&[("a.md", GOOD)]);
    symlink(outside.path().join("a.md"), folder.path().join("b.md")).expect("a link");
    let output = check(folder.path());
    assert_eq!(status(&output), 2);
    assert!(
        words(&output).contains("b.md in it is no ordinary file"),
        "{}",
        words(&output)
    );
    let folder = pack(&[("a.md", GOOD)]);
    symlink(outside.path(), folder.path().join("lessons")).expect("a link");
    let output = check(folder.path());
    assert_eq!(status(&output), 2);
    assert!(
        words(&output).contains("lessons in it is a link"),
        "{}",
        words(&output)
    );
}

fn zipped(entries: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new()
        .suffix(".zip")
        .tempfile()
        .expect("a file");
    let mut writer = zip::ZipWriter::new(file.reopen().expect("the same file"));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in entries {
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("a zip");
    file
}

#[test]
fn a_zip_is_a_pack_with_or_without_a_folder_around_it() {
    for names in [["a.md", "lessons/b.md"], ["course/a.md", "course/lessons/b.md"]] {
        let second = GOOD.replace("id: my-browser", "id: second");
        let file = zipped(&[(names[0], GOOD.as_bytes()), (names[1], second.as_bytes())]);
        let output = mtlscope(&[
            "lesson",
            "list",
            file.path().to_str().expect("a path"),
            "--format",
            "json",
        ]);
        assert_eq!(
            json(&output)["lessons"].as_array().map(Vec::len),
            Some(2),
            "{names:?}"
        );
    }
}

#[test]
fn a_hostile_zip_gets_a_sentence() {
    let zeros = vec![b'x'; 40 * 1024 * 1024];
    let many: Vec<(String, &[u8])> = (0..2_001).map(|n| (format!("{n}.txt"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    for (what, entries, said) in [
        (
            "outside",
            vec![("../a.md", GOOD.as_bytes())],
            "leads out of the pack",
        ),
        (
            "absolute",
            vec![("/etc/a.md", GOOD.as_bytes())],
            "leads out of the pack",
        ),
        ("a bomb", vec![("a.md", &zeros[..])], "larger than 1024 KiB"),
        ("many", many, "2001 files"),
    ] {
        let output = check(zipped(&entries).path());
        assert_eq!(status(&output), 2, "{what}: {}", words(&output));
        assert!(words(&output).contains(said), "{what}: {}", words(&output));
    }
}
