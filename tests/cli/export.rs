//! `mtlscope export`: every format over several sessions, read back; what must not be in it; where it is written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::command::{mtlscope, status, stderr, stdout};

pub fn session(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"))
}

fn exported(file: &Path, to: &str, flags: &[&str]) -> String {
    let file = file.to_str().expect("a path");
    let output = mtlscope(&[&["export", file, "--to", to], flags].concat());
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    stdout(&output)
}

/// A page without what is no markup: its style sheet and its script.
fn markup(page: &str) -> String {
    let mut out = page
        .strip_prefix("<!DOCTYPE html>")
        .expect("it begins as a page does")
        .to_owned();
    for tag in ["style", "script"] {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let from = out.find(&open).expect("one") + open.len();
        let to = out[from..].find(&close).expect("its end") + from;
        out.replace_range(from..to, "");
        assert!(!out[from + close.len()..].contains(&open), "only one <{tag}>");
    }
    out
}

/// Reads a page as XML, in which it is written as well; what stands in it twice or comes from elsewhere fails.
fn check_page(page: &str) -> usize {
    let text = markup(page);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut ids = BTreeSet::new();
    let mut steps = 0;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node.attributes() {
            let name = attribute.name();
            assert!(
                !["src", "href", "style", "srcset", "action"].contains(&name) && !name.starts_with("on"),
                "<{} {name}>",
                node.tag_name().name()
            );
        }
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id.to_owned()), "{id} stands there twice");
        }
        if node.tag_name().name() == "g" && node.attribute("data-step").is_some() {
            steps += 1;
            let number = node.attribute("data-step").expect("a number");
            assert_eq!(number, steps.to_string(), "groups in the order of the steps");
            let listed = document
                .descendants()
                .find(|one| one.attribute("id") == Some(&format!("step-{number}")));
            assert!(listed.is_some(), "step {number} is told in words");
        }
    }
    let html = document.root_element();
    assert_eq!(html.attribute("data-steps"), Some(steps.to_string().as_str()));
    steps
}

const SESSIONS: [&str; 6] = [
    "good-tls13",
    "good-tls12",
    "root-rotated",
    "stalled",
    "plain-http",
    "everything-wrong",
];

#[test]
fn pages_and_drawings_are_whole_in_themselves() {
    for name in SESSIONS {
        let page = exported(&session(name), "html", &[]);
        let steps = check_page(&page);
        assert!(steps > 1, "{name}");
        assert!(page.contains("default-src 'none'; style-src 'sha256-"), "{name}");
        assert!(!page.contains("unsafe-inline"), "{name}");
        for theme in ["light", "dark"] {
            let drawing = exported(&session(name), "svg", &["--theme", theme]);
            let document =
                roxmltree::Document::parse(&drawing).unwrap_or_else(|error| panic!("{name}: {error}"));
            let groups = document
                .descendants()
                .filter(|node| node.attribute("data-step").is_some());
            assert_eq!(groups.count(), steps, "{name}");
            let words = document
                .descendants()
                .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
            assert!(words.count() > steps, "{name}: text is text");
            assert!(
                !drawing.contains("href") && !drawing.contains("class=\"f-"),
                "{name}"
            );
        }
    }
}

#[test]
fn a_picture_is_of_the_whole_ladder() {
    for theme in ["light", "dark"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ladder.png");
        let (file, out) = (session("root-rotated"), path.to_str().expect("a path"));
        let flags = ["--to", "png", "--theme", theme, "--out", out];
        let output = mtlscope(&[&["export", file.to_str().expect("a path")], &flags[..]].concat());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let picture = image::open(&path).expect("a picture").into_rgba8();
        assert!(
            picture.width() == 1800 && picture.height() > 1000,
            "{:?}",
            picture.dimensions()
        );
        let corner = picture.get_pixel(3, 3).0;
        assert_eq!(
            corner,
            if theme == "light" {
                [255, 255, 255, 255]
            } else {
                [13, 17, 23, 255]
            }
        );
        // Words are drawn: the title is not of one colour.
        let title = (68..400).flat_map(|x| (44..76).map(move |y| (x, y)));
        let inked = title
            .filter(|(x, y)| picture.get_pixel(*x, *y).0 != corner)
            .count();
        assert!(inked > 500, "{inked} pixels of the title");
    }
}

/// Minted certificates differ, so the sessions are pinned.
#[test]
fn texts_are_held() {
    for name in ["root-rotated", "good-tls12"] {
        for to in ["md", "runbook"] {
            let text = exported(&session(name), to, &["--title", "orders, *yesterday*"]);
            // The path is this machine's.
            let text = text.replace(&*session(name).to_string_lossy(), "SESSION.ron");
            insta::assert_snapshot!(format!("{name}-{to}"), text);
        }
    }
}

#[test]
fn no_export_holds_a_secret_or_a_private_key() {
    for name in ["good-tls13", "good-tls12", "root-rotated"] {
        let loaded = mtlscope::session::load(&session(name)).expect("a session");
        let transcript = mtlscope::decode::decode(&loaded.capture);
        let mut secrets: Vec<String> = loaded
            .capture
            .secrets
            .iter()
            .map(|one| hex::encode(&one.value))
            .collect();
        for keys in &transcript.keys {
            secrets.extend(keys.secret.iter().map(hex::encode));
            secrets.push(hex::encode(&keys.key));
        }
        secrets.retain(|secret| secret.len() >= 32);
        assert!(secrets.len() > 3, "{name}");
        for to in ["html", "svg", "md", "runbook"] {
            for flags in [&[][..], &["--without-secrets"]] {
                let text = exported(&session(name), to, flags);
                let dense: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
                let dense = dense.to_lowercase();
                for secret in &secrets {
                    assert!(!dense.contains(secret), "{name} to {to}: a secret");
                }
                assert!(!text.contains("PRIVATE KEY"), "{name} to {to}");
            }
        }
    }
}

#[test]
fn without_secrets_what_was_encrypted_is_shut() {
    let name = session("good-tls13");
    let whole = exported(&name, "html", &[]);
    let shut = exported(&name, "html", &["--without-secrets"]);
    assert!(whole.contains("GET /charge") && whole.contains("certificate_list"));
    assert!(!shut.contains("GET /charge") && !shut.contains("certificate_list"));
    assert!(
        shut.contains("The TLS secrets of this handshake are left out"),
        "it says so"
    );
    check_page(&shut);
    for to in ["md", "runbook"] {
        let text = exported(&name, to, &["--without-secrets"]);
        assert!(
            text.contains("> The TLS secrets of this handshake are left out"),
            "{text}"
        );
        assert!(!text.contains("GET /charge"), "{text}");
    }
}

/// A certificate known only from an opened message is not in an export without secrets, and that is said.
#[test]
fn certificates_that_only_secrets_show_are_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut loaded = mtlscope::session::load(&session("good-tls13")).expect("a session");
    let mut capture = mtlscope::capture::Capture::clone(&loaded.capture);
    capture.at_hand.clear();
    loaded.capture = std::sync::Arc::new(capture);
    let path = folder.path().join("recorded.ron");
    mtlscope::session::save(&path, &loaded).expect("saved");
    let shut = exported(&path, "md", &["--without-secrets"]);
    assert!(
        shut.contains("2 certificates that the client sent, known only from encrypted messages, are removed"),
        "{shut}"
    );
    assert!(!shut.contains("Mesh Issuer"), "{shut}");
    assert!(exported(&path, "md", &[]).contains("Mesh Issuer"));
}

/// What a certificate and a person call themselves is text and nothing else, in each format.
#[test]
fn names_from_outside_are_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let evil = "<script>alert(1)</script>\" onload='x' | `a` *b* \u{202e}gnp\u{7}";
    let mut parameters =
        rcgen::CertificateParams::new(vec!["payments.shop.svc".to_owned()]).expect("parameters");
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, evil);
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("evil.pem"), certificate.pem()).expect("written");
    std::fs::write(path("evil.key"), key.serialize_pem()).expect("written");
    let run = mtlscope(&[
        "lab",
        "--client-cert",
        &path("evil.pem"),
        "--client-key",
        &path("evil.key"),
        "--save",
        &path("evil.ron"),
    ]);
    assert_eq!(status(&run), 1, "{}", stderr(&run));
    let mut loaded = mtlscope::session::load(Path::new(&path("evil.ron"))).expect("a session");
    loaded.title = evil.to_owned();
    loaded.notes = format!("{evil}\n# {evil}");
    loaded.step_notes.set(0, evil);
    mtlscope::session::save(Path::new(&path("evil.ron")), &loaded).expect("saved");
    let session = PathBuf::from(path("evil.ron"));
    let page = exported(&session, "html", &[]);
    check_page(&page);
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39;"),
        "as text"
    );
    assert!(page.contains("\\u{202e}gnp\\u{7}"), "as the window shows it");
    assert_eq!(page.matches("<script>").count(), 1, "the player alone");
    let drawing = exported(&session, "svg", &[]);
    roxmltree::Document::parse(&drawing).expect("well formed");
    assert!(!drawing.contains("<script"));
    for to in ["md", "runbook"] {
        let text = exported(&session, to, &[]);
        // In code it is text anyway.
        let prose = text
            .lines()
            .filter(|line| !line.contains("` ") && !line.contains(" `"));
        for line in prose.filter(|line| line.contains("script")) {
            assert!(
                !line.contains("<script>") || line.contains("\\<script\\>"),
                "{line}"
            );
        }
        assert!(!text.contains('\u{202e}') && !text.contains('\u{7}'), "{to}");
    }
}

#[test]
fn notes_on_steps_are_in_every_export() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("noted.ron");
    let mut loaded = mtlscope::session::load(&session("root-rotated")).expect("a session");
    loaded.notes = "Seen on Monday.".to_owned();
    loaded.step_notes.set(6, "Here the old root was still loaded.");
    mtlscope::session::save(&path, &loaded).expect("saved");
    for to in ["html", "svg", "md", "runbook"] {
        for flags in [&[][..], &["--without-secrets"]] {
            let text = exported(&path, to, flags);
            assert!(text.contains("Here the old root was still loaded"), "{to}");
            assert!(to == "svg" || text.contains("Seen on Monday"), "{to}");
        }
    }
}

#[test]
fn one_connection_of_packets_is_exported() {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/carried/eap-tls-13.pcap");
    check_page(&exported(&capture, "html", &["--connection", "1"]));
    let file = capture.to_str().expect("a path");
    let output = mtlscope(&["export", file, "--to", "html", "--connection", "9"]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("no TLS connection 9"),
        "{}",
        stderr(&output)
    );
    let output = mtlscope(&["export", "scenario:revoked", "--to", "runbook"]);
    assert_eq!(status(&output), 0);
    assert!(stdout(&output).contains("## 6. Go back"), "{}", stdout(&output));
}

#[test]
fn only_an_export_is_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = session("good-tls13");
    let file = file.to_str().expect("a path");
    for to in ["html", "svg", "png", "md", "runbook"] {
        let path = folder.path().join(format!("out.{to}"));
        let out = path.to_str().expect("a path");
        for _ in 0..2 {
            let output = mtlscope(&["export", file, "--to", to, "--out", out]);
            assert_eq!(status(&output), 0, "{}", stderr(&output));
            assert_eq!(stdout(&output), "");
        }
        std::fs::write(&path, "a key, or whatever").expect("written");
        let output = mtlscope(&["export", file, "--to", to, "--out", out]);
        assert_eq!(status(&output), 2);
        assert!(
            stderr(&output).contains("is not written over"),
            "{}",
            stderr(&output)
        );
        assert_eq!(
            std::fs::read_to_string(&path).expect("it is there"),
            "a key, or whatever"
        );
    }
    let folder = folder.path().to_str().expect("a path");
    let output = mtlscope(&["export", file, "--to", "html", "--out", folder]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("it is a directory"),
        "{}",
        stderr(&output)
    );
}
