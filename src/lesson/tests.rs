//! Limits from both sides, each word of a change, each sentence of `check`, and each condition on a run.

use super::format::{Lesson, MOST_BYTES};
use super::pack::{MOST_LESSONS, Pack};
use super::{Change, check};
use crate::cancel::Cancel;
use crate::scenario;
use crate::setup::TlsVersion;

const GOOD: &str = include_str!("../../assets/lessons/06-my-browser.md");

fn pack(files: &[(&str, &str)]) -> Pack {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Pack::of("own", files.collect())
}

fn problems(pack: &Pack) -> Vec<String> {
    pack.problems.iter().map(ToString::to_string).collect()
}

/// A word of front matter alone.
pub(super) fn read<T: serde::de::DeserializeOwned>(yaml: &str) -> T {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"))
}

#[test]
fn a_change_puts_what_it_names_and_nothing_else() {
    let before = scenario::find("revoked").expect("a scenario");
    let changed = |yaml: &str| read::<Change>(yaml).apply(before);
    let unchanged = changed("{}");
    assert_eq!(format!("{unchanged:?}"), format!("{before:?}"));
    assert!(!before.client.lists.is_empty() || !before.server.lists.is_empty());

    let dropped = changed("{client: {drop-lists: true}, server: {drop-lists: true}}");
    assert!(dropped.client.lists.is_empty() && dropped.server.lists.is_empty());
    let late = changed("{client: {clock-off-s: -90}}");
    assert_eq!(
        (late.client.clock_off_s, late.server.clock_off_s),
        (Some(-90), before.server.clock_off_s)
    );
    let id = "spiffe://shop.example/ns/shop/sa/orders";
    let expects = changed(&format!("{{server: {{expects: \"{id}\"}}}}"));
    assert_eq!(expects.server.expects.as_deref(), Some(id));
    assert_eq!(
        read::<Change>("{server: {expects: \"\"}}")
            .apply(&expects)
            .server
            .expects,
        None
    );
    let versions = changed("{client: {versions: [\"1.2\", \"1.3\"]}, server: {versions: [\"1.3\"]}}");
    assert_eq!(versions.client.versions, [TlsVersion::Tls12, TlsVersion::Tls13]);
    assert_eq!(versions.server.versions, [TlsVersion::Tls13]);
    let groups = changed("{server: {groups: [secp384r1]}}");
    assert_eq!(
        (groups.server.groups.len(), groups.client.groups.len()),
        (1, before.client.groups.len())
    );

    // Another chain is signed for with its own key, unless the change says otherwise.
    let key = changed("{server: {key: orders}}");
    assert_eq!(key.server.key.as_deref(), Some("orders"));
    let chain = read::<Change>("{server: {chain: [payments]}}").apply(&key);
    assert_eq!((chain.server.key.as_deref(), chain.server.chain.len()), (None, 1));
    let both = read::<Change>("{server: {chain: [payments], key: orders}}").apply(&key);
    assert_eq!(both.server.key.as_deref(), Some("orders"));

    let broken = scenario::find("tampered").expect("a scenario");
    assert!(broken.fault.is_some());
    assert!(read::<Change>("{mend-wire: true}").apply(broken).fault.is_none());
    assert!(read::<Change>("{mend-wire: false}").apply(broken).fault.is_some());
    let recipes = changed("{recipes: [{name: extra, subject: Extra}, {name: orders, subject: Other}]}");
    assert_eq!(recipes.recipes.len(), before.recipes.len() + 1);
    let subject = |name: &str| {
        recipes
            .recipes
            .iter()
            .find(|one| one.name == name)
            .map(|one| one.subject.clone())
    };
    assert_eq!(
        (subject("extra"), subject("orders")),
        (Some("Extra".into()), Some("Other".into()))
    );
}

#[test]
fn an_id_is_a_short_word() {
    let longest = "a".repeat(64);
    for (id, is_good) in [
        ("a", true),
        ("a-1", true),
        ("7", true),
        (longest.as_str(), true),
        (&"a".repeat(65), false),
        ("\"\"", false),
        ("A", false),
        ("a_b", false),
        ("\"a b\"", false),
        ("é", false),
    ] {
        let text = GOOD.replace("id: my-browser", &format!("id: {id}"));
        let pack = pack(&[("a.md", &text)]);
        assert_eq!(pack.lessons.len(), usize::from(is_good), "{id}");
        assert_eq!(
            problems(&pack).len(),
            usize::from(!is_good),
            "{id}: {:?}",
            problems(&pack)
        );
    }
    let twice = pack(&[("a.md", GOOD), ("b.md", GOOD)]);
    assert_eq!(
        problems(&twice),
        ["b.md: its id my-browser is also that of a.md: give it another"]
    );
    assert_eq!(twice.lessons.len(), 1);
}

#[test]
fn a_scenario_of_a_strangers_is_bounded_from_both_sides() {
    let own = |recipes: usize, timeout_ms: u64| {
        let extra: Vec<String> = (0..recipes - 1)
            .map(|n| format!("(name: \"r{n}\", subject: \"R\"),"))
            .collect();
        let extra = extra.concat();
        format!(
            "(id: \"mine\", title: \"t\", summary: \"s\", look_for: \"l\", group: Chains, timeout_ms: {timeout_ms},
              recipes: [(name: \"root\", subject: \"Root\", is_ca: true), {extra}],
              client: (label: \"orders\", trust: [\"root\"]), server: (label: \"payments\", trust: [\"root\"]),
              expect: (verdict: \"rejected\"))"
        )
    };
    for (recipes, timeout_ms, said) in [
        (64, 10_000, None),
        (65, 10_000, Some("it mints 65 certificates, and 64 are the most")),
        (64, 10_001, Some("it waits longer than 10 s: lower timeout_ms")),
    ] {
        let found = problems(&pack(&[
            ("a.md", GOOD),
            ("scenarios/mine.ron", &own(recipes, timeout_ms)),
        ]));
        let said: Vec<String> = said
            .map(|words| format!("scenarios/mine.ron: {words}"))
            .into_iter()
            .collect();
        assert_eq!(found, said);
    }
    let pack = pack(&[("a.md", GOOD), ("scenarios/mine.ron", "(id: ")]);
    assert!(
        problems(&pack)[0].starts_with("scenarios/mine.ron: "),
        "{:?}",
        problems(&pack)
    );
    assert!(pack.scenario("mine").is_err() && pack.scenario("good-tls13").is_ok());
}

#[test]
fn a_file_is_read_up_to_its_bound() {
    let padded = |bytes: usize| format!("{GOOD}{}", "x".repeat(bytes - GOOD.len()));
    assert!(Lesson::parse("a.md", &padded(MOST_BYTES)).is_ok());
    let error = Lesson::parse("a.md", &padded(MOST_BYTES + 1)).expect_err("too long");
    assert_eq!(
        error.to_string(),
        "a.md: it is longer than 256 KiB: make two lessons of it"
    );
    // In the folder, lessons are counted.
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..MOST_LESSONS {
        let text = GOOD.replace("id: my-browser", &format!("id: lesson-{number}"));
        std::fs::write(folder.path().join(format!("{number}.md")), text).expect("a file");
    }
    assert_eq!(
        Pack::open(folder.path())
            .expect("as many as may be")
            .lessons
            .len(),
        MOST_LESSONS
    );
    let text = GOOD.replace("id: my-browser", "id: one-more");
    std::fs::write(folder.path().join("one-more.md"), text).expect("a file");
    let error = Pack::open(folder.path()).expect_err("one too many").to_string();
    assert!(
        error.ends_with("it holds 201 lessons, and 200 are the most: make several packs of it"),
        "{error}"
    );
}

#[test]
fn headings_divide_a_lesson_but_not_inside_code() {
    let (front, _) = GOOD.rsplit_once("\n---\n").expect("front matter");
    let body = "\n--- \nBefore.\n\n```\n## Reveal\n## Notes\n```\nStill before.\n\n## Reveal\n\nAfter.\n\n## Notes\n\nFor you.\n## Reveal \nMore.\n";
    let lesson = Lesson::parse("a.md", &format!("\u{feff}{front}{body}")).expect("a lesson");
    assert_eq!(
        lesson.body,
        "Before.\n\n```\n## Reveal\n## Notes\n```\nStill before."
    );
    assert_eq!(lesson.reveal, "After.\n\nMore.");
    assert_eq!(lesson.notes, "For you.");
    let crlf = GOOD.replace('\n', "\r\n");
    let lesson = Lesson::parse("a.md", &crlf).expect("lines of Windows");
    assert_eq!(lesson.id, "my-browser");
    assert!(!lesson.reveal.is_empty());
    assert_eq!(
        pack(&[("a.md", &crlf), ("README.md", "# No lesson\n---\n")])
            .lessons
            .len(),
        1
    );
}

#[test]
fn check_tells_each_thing_that_is_missing_and_only_that() {
    let hints: Vec<&str> = GOOD
        .lines()
        .filter(|line| line.starts_with("  - ") && !line.contains("text:"))
        .collect();
    assert_eq!(hints.len(), 3);
    let empty = GOOD.replace(hints[2], "  - \" \"");
    let fourth = GOOD.replace(hints[2], &format!("{}\n  - One more.", hints[2]));
    let question = "Browsers open the page, services fail. Where is it mended for everybody?";
    let shows = "shows: {verdict: rejected, cause: missing-intermediate, side: client}";
    for (text, said) in [
        (GOOD.to_owned(), vec![]),
        (
            empty,
            vec!["it has 2 hints and wants three: where to look, which check, the command"],
        ),
        (
            fourth,
            vec!["it has 4 hints and wants three: where to look, which check, the command"],
        ),
        (GOOD.replace(question, "\" \""), vec!["its question is empty"]),
        (
            GOOD.replace("text: In the server's DNS", "text: \" \""),
            vec![
                "its question: its options are 0 to 23 characters long; 12 is the most that they may differ, or their length gives the answer away",
                "its question has an option that is empty or stands there twice",
            ],
        ),
        (
            GOOD.replace(shows, "shows: {cause: missing-intermediate, side: client}"),
            vec!["its question does not say how its run ends: write “shows” with a verdict"],
        ),
        (
            GOOD.replace(
                "myth: If the root is trusted, the chain is complete.",
                "myth: \"\"",
            ),
            vec!["it has no myth"],
        ),
    ] {
        let pack = pack(&[("a.md", &text)]);
        assert!(pack.problems.is_empty(), "{:?}", problems(&pack));
        let found = check(&pack, &pack.lessons[0], &Cancel::default()).expect("its runs");
        let found: Vec<&str> = found.iter().map(|finding| finding.words.as_str()).collect();
        assert_eq!(found, said);
    }
}

#[test]
fn options_may_differ_by_twelve_characters() {
    // The shortest has fifteen.
    for (length, is_told) in [(27, false), (28, true)] {
        let text = GOOD.replace(
            "text: In the server's file\n",
            &format!("text: {}\n", "x".repeat(length)),
        );
        let pack = pack(&[(
            "a.md",
            &text.replace("text: At the root CA", "text: At the root CAx"),
        )]);
        let found = check(&pack, &pack.lessons[0], &Cancel::default()).expect("its runs");
        let is_found = found
            .iter()
            .any(|finding| finding.words.contains("characters long"));
        assert_eq!(is_found, is_told, "{length}: {found:?}");
    }
}

#[test]
fn a_seed_rewrites_names_scenarios_and_its_own_line() {
    let with_seed = GOOD.replace("id: my-browser", "id: my-browser\nseed: 7");
    let own = scenario::text("swapped-order").expect("a scenario");
    let pack = pack(&[("a.md", &with_seed), ("scenarios/swapped-order.ron", own)]);
    let seeded = pack.seeded(11);
    let names: Vec<&str> = seeded.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "a.md",
            "scenarios/server-missing-intermediate.ron",
            "scenarios/swapped-order.ron"
        ]
    );
    let lesson = &seeded["a.md"];
    assert_eq!(lesson.matches("\nseed: ").count(), 1);
    assert!(lesson.contains("\nseed: 11\n---\n"), "{lesson}");
    for (name, text) in &seeded {
        assert!(!text.contains("payments") && !text.contains("orders"), "{name}");
        assert_eq!(
            text.contains("server_name:"),
            name.starts_with("scenarios/"),
            "{name}"
        );
    }
    // The twin's scenario is the pack's own, renamed, and not the built-in one once more.
    assert!(seeded["scenarios/swapped-order.ron"].contains("id: \"swapped-order\""));
}

/// A line that is lost, doubled or cut in half: a sentence of one line, or a lesson that can be seeded and read again.
#[test]
fn a_damaged_lesson_gets_a_sentence_and_a_seeded_one_is_read_again() {
    let own = scenario::text("server-missing-intermediate").expect("a scenario");
    let lines: Vec<&str> = GOOD.lines().collect();
    let mut read_again = 0;
    for at in 0..lines.len() {
        let line = lines[at];
        let half = line
            .char_indices()
            .nth(line.chars().count() / 2)
            .map_or(0, |(half, _)| half);
        for with in [&[][..], &[line, line], &[&line[..half]]] {
            let damaged = [&lines[..at], with, &lines[at + 1..]].concat().join("\n");
            let damaged = pack(&[("a.md", &damaged), ("scenarios/own.ron", own)]);
            for problem in problems(&damaged) {
                assert_eq!(problem.lines().count(), 1, "line {}: {problem}", at + 1);
                assert!(problem.starts_with("a.md"), "line {}: {problem}", at + 1);
            }
            if damaged.problems.is_empty() && !damaged.lessons.is_empty() {
                let seeded = damaged.seeded(7 + at as u64);
                let files: Vec<(&str, &str)> = seeded
                    .iter()
                    .map(|(name, text)| (name.as_str(), text.as_str()))
                    .collect();
                let again = pack(&files);
                assert_eq!(
                    (again.lessons.len(), problems(&again)),
                    (1, Vec::new()),
                    "line {}",
                    at + 1
                );
                read_again += 1;
            }
        }
    }
    assert!(read_again > 20, "{read_again}");
}
