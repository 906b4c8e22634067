//! What `explain` prints of a log that says the same again and again.

use crate::support::command::{json, mtlscope, status, stderr, stdout};

const LINE: &str = "SSL routines::tlsv1 alert unknown ca:SSL alert number 48";

/// The lines under this heading, up to the next one.
fn under<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| line.starts_with(' ')).collect()
}

#[test]
fn what_is_said_again_is_recognised_once() {
    let once = mtlscope(&["explain", LINE]);
    assert_eq!(status(&once), 0);
    let recognised = under(&stdout(&once), "What was recognised").join("\n");
    assert!(!recognised.is_empty());
    for (many, between) in [(2, ""), (3, "GET /orders 200\n"), (9, "\n")] {
        let text = format!("{LINE}\n{between}").repeat(many);
        let output = mtlscope(&["explain", &text]);
        assert_eq!(status(&output), 0);
        let told = stdout(&output);
        assert_eq!(
            under(&told, "What was recognised").join("\n"),
            recognised,
            "{many} times"
        );
        assert!(!told.contains("Line by line"), "all say the same: {told}");
        // JSON has each place.
        let heard = json(&mtlscope(&["explain", &text, "--format", "json"]))["heard"].clone();
        let places: Vec<u64> = heard
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["start"].as_u64())
            .collect();
        assert!(places.len() >= many && places.is_sorted(), "{places:?}");
    }
}

#[test]
fn a_lone_word_that_names_a_file_is_that_log() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("error log.txt"), format!("GET /orders 200\n{LINE}\n")).expect("written");
    std::fs::write(path("empty.log"), "\n").expect("written");
    let read = mtlscope(&["explain", &path("error log.txt")]);
    assert_eq!(status(&read), 0, "{}", stderr(&read));
    let recognised = |output| under(&stdout(output), "What was recognised").join("\n");
    assert_eq!(recognised(&read), recognised(&mtlscope(&["explain", LINE])));
    for (name, problem) in [("", "this is a directory"), ("empty.log", "nothing to explain")] {
        let refused = mtlscope(&["explain", &path(name)]);
        assert_eq!(status(&refused), 2, "{name}");
        assert!(stderr(&refused).contains(problem), "{name}: {}", stderr(&refused));
    }
    // Two words are words, whatever lies beside them.
    assert_eq!(status(&mtlscope(&["explain", "nothing", &path("empty.log")])), 1);
}

/// With every flag that the hint at the end names, and no other, a handshake is made of the files.
#[test]
fn the_hint_names_every_flag_that_a_handshake_needs() {
    let told = stdout(&mtlscope(&[
        "explain",
        "error 20 at 0 depth lookup: unable to get local issuer certificate",
    ]));
    let told: Vec<&str> = told.split_whitespace().collect();
    let made = tempfile::tempdir().expect("a directory");
    let folder = made.path().to_str().expect("text");
    let built_in = mtlscope(&["lab", "--write-built-in", folder]);
    assert!(built_in.status.success(), "{}", stderr(&built_in));
    let file = |name: &str| format!("{folder}/{name}");
    let mut arguments = vec!["explain".to_owned(), "certificate has expired".to_owned()];
    for (flag, name) in [
        ("--client-cert", "orders.pem"),
        ("--client-key", "orders.key"),
        ("--client-trust", "mesh-root-2026.pem"),
        ("--server-cert", "payments.pem"),
        ("--server-key", "payments.key"),
        ("--server-trust", "mesh-root-2026.pem"),
    ] {
        assert!(told.contains(&flag), "{flag}: {told:?}");
        arguments.extend([flag.to_owned(), file(name)]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answered = mtlscope(&arguments);
    assert!(answered.status.success(), "{}", stderr(&answered));
    assert!(
        stdout(&answered).contains("Check: ") && !stdout(&answered).contains("Give your files"),
        "{}",
        stdout(&answered)
    );
}

/// An alert that no cause goes with is named, and the text stays one that is not known.
#[test]
fn a_word_that_alone_says_nothing_makes_no_text_known() {
    let output = mtlscope(&["explain", "no_renegotiation"]);
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let told = stdout(&output);
    let told: Vec<&str> = told.split_whitespace().collect();
    assert_eq!(
        told.join(" "),
        "This text is not known: none of its words is one that OpenSSL, GnuTLS, curl, Go, Java, Node.js, Python, nginx, \
         Envoy or rustls is known to say of a failed handshake. It does hold alert 100, no_renegotiation, which alone says \
         nothing. Paste the whole line, with the lines around it. A packet capture of the attempt says more: mtlscope show \
         FILE."
    );
    let told = json(&mtlscope(&["explain", "no_renegotiation", "--format", "json"]));
    assert_eq!(told["understood"], false);
    assert_eq!(told["candidates"].as_array().map(Vec::len), Some(0));
    assert_eq!(told["heard"][0]["words"], "alert 100, no_renegotiation");
    let nothing = stdout(&mtlscope(&["explain", "hello world"]));
    assert!(
        nothing.starts_with("This text is not known:") && !nothing.contains("It does hold"),
        "{nothing}"
    );
}
