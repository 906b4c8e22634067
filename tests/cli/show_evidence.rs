//! What `mtlscope show` says of evidence beside the handshake: where secrets come from, what carries the TLS, how the
//! connection ended below it, and what cannot be read.

use std::path::PathBuf;

use crate::support;
use mtlscope::session;
use support::command::{json, mtlscope, status, stderr, stdout};
use support::packets::{Ends, PacketFile, key_log, packets};
use support::window;

fn carried(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/carried");
    folder.join(name).to_string_lossy().into_owned()
}

/// What was shown, its lines as one.
fn words(arguments: &[&str]) -> String {
    let output = mtlscope(arguments);
    let text = stdout(&output);
    assert!(!text.is_empty(), "{}", stderr(&output));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn notes(shown: &serde_json::Value) -> Vec<String> {
    let notes = shown["connections"][0]["notes"].as_array().cloned();
    let texts = notes.unwrap_or_default();
    texts
        .iter()
        .filter_map(|note| note.as_str().map(str::to_owned))
        .collect()
}

/// As pcapng, with the secrets in the file itself (a decryption-secrets block).
fn with_secrets(pcap: &[u8], log: &str) -> Vec<u8> {
    fn block(out: &mut Vec<u8>, kind: u32, body: &[u8]) {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let length = (body.len() as u32 + 12).to_le_bytes();
        out.extend([&kind.to_le_bytes()[..], &length, &body, &length].concat());
    }
    let long = |numbers: &[u32]| -> Vec<u8> { numbers.iter().flat_map(|one| one.to_le_bytes()).collect() };
    let mut out = Vec::new();
    block(
        &mut out,
        0x0a0d_0d0a,
        &long(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]),
    );
    block(&mut out, 1, &long(&[1, 262_144]));
    block(
        &mut out,
        10,
        &[long(&[0x544c_534b, log.len() as u32]), log.as_bytes().to_vec()].concat(),
    );
    for (at_us, data) in packets(pcap) {
        let length = data.len() as u32;
        let head = long(&[0, (at_us >> 32) as u32, at_us as u32, length, length]);
        block(&mut out, 6, &[head, data].concat());
    }
    out
}

fn good() -> (Vec<u8>, String) {
    let capture = session::load(&window::session("good-tls13"))
        .expect("a session")
        .capture;
    let mut file = PacketFile::new();
    let ends = Ends {
        client: (1, 40_001),
        server: (2, 8443),
        at_us: 1_795_510_800_000_000,
    };
    file.connection(&capture, ends);
    // Both sides log the same secrets: here each is said once.
    let all = key_log(&[&capture]);
    let each: std::collections::BTreeSet<&str> = all.lines().collect();
    let log = each.into_iter().collect::<Vec<_>>().join("\n") + "\n";
    (file.bytes().to_vec(), log)
}

#[test]
fn secrets_are_told_by_where_they_come_from() {
    let (pcap, log) = good();
    let count = log.lines().count();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    // Beside the capture it would be found by itself.
    let other = tempfile::tempdir().expect("a folder");
    let elsewhere = |name: &str| other.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("with.pcapng"), with_secrets(&pcap, &log)).expect("written");
    std::fs::write(path("alone.pcap"), &pcap).expect("written");
    std::fs::write(elsewhere("keys.log"), &log).expect("written");
    let alone = mtlscope(&["show", &path("alone.pcap"), "--format", "json"]);
    let found = notes(&json(&alone));
    assert!(!found.iter().any(|note| note.contains("secret")), "{found:?}");
    let with = mtlscope(&["show", &path("with.pcapng"), "--format", "json"]);
    let found = notes(&json(&with));
    let own = format!("{count} secrets come with the file itself.");
    assert!(found.contains(&own), "{found:?}");
    let both = mtlscope(&[
        "show",
        &path("with.pcapng"),
        "--keylog",
        &elsewhere("keys.log"),
        "--format",
        "json",
    ]);
    let found = notes(&json(&both));
    let given = format!("{count} secrets come from {}.", elsewhere("keys.log"));
    assert!(found.contains(&own) && found.contains(&given), "{found:?}");
}

/// More secrets of one connection than are tried: how many were left out is said, and where all are kept nothing is.
#[test]
fn secrets_that_are_too_many_are_counted() {
    let (pcap, log) = good();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("alone.pcap"), &pcap).expect("written");
    let recorded = window::session("good-tls13").to_string_lossy().into_owned();
    let random = log.split_whitespace().nth(1).expect("a random");
    for (count, left_out) in [(64, 0), (65, 1), (67, 3)] {
        let many: Vec<String> = (0..count)
            .map(|number| format!("CLIENT_RANDOM {random} {number:096x}\n"))
            .collect();
        std::fs::write(path("keys.log"), many.concat()).expect("written");
        for (file, sentence) in [
            (
                path("alone.pcap"),
                format!(
                    "{left_out} secrets were passed over: more than 64 different ones are said to be of one connection."
                ),
            ),
            (
                recorded.clone(),
                format!(
                    "{left_out} more secrets are said to be of one handshake than can be tried; they were left out."
                ),
            ),
        ] {
            let output = mtlscope(&["show", &file, "--keylog", &path("keys.log"), "--format", "json"]);
            let found = notes(&json(&output));
            let about: Vec<&String> = found
                .iter()
                .filter(|note| note.contains("passed over") || note.contains("left out"))
                .collect();
            let wanted = if left_out == 0 { vec![] } else { vec![&sentence] };
            assert_eq!(about, wanted, "{count}");
        }
    }
}

#[test]
fn a_session_is_one_connection() {
    let file = window::session("good-tls13").to_string_lossy().into_owned();
    for (number, is_there) in [("0", false), ("1", true), ("2", false)] {
        let output = mtlscope(&["show", &file, "--connection", number]);
        assert_eq!(status(&output), if is_there { 0 } else { 2 }, "{number}");
        let refusal = "a session holds one connection; leave --connection out";
        assert_eq!(
            stderr(&output).contains(refusal),
            !is_there,
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn what_carries_the_tls_and_how_it_ended_is_told() {
    for (name, carrier, endings) in [
        (
            "eap-tls-13.pcap",
            "EAP-TLS in RADIUS. The client says that it is tablet-7@meadow.test. EAP was passed on in RADIUS by \
             127.0.0.1:36766.",
            "client unknown server accepted; believed itself connected at 7.24 ms; said EAP-Success at 7.24 ms",
        ),
        (
            "eapol-refused.pcap",
            "EAP-TLS in EAPOL. The client says that it is stranger@brook.test.",
            "client unfinished server rejected; said EAP-Failure at 4.42 ms",
        ),
    ] {
        let told = words(&["show", &carried(name)]);
        assert_eq!(told.matches(carrier).count(), 1, "{told}");
        let (_, after) = told.split_once("How each side saw it ").expect("the endings");
        assert!(after.starts_with(endings), "{after}");
    }
    let sealed = mtlscope(&["show", &carried("openvpn-tls-crypt.pcap")]);
    assert_eq!(status(&sealed), 2);
    assert_eq!(
        stderr(&sealed),
        format!(
            "mtlscope: {}: nothing in it can be read as TLS. 127.0.0.1:48555 speaks OpenVPN with 127.0.0.1:1194, and its \
             control channel is encrypted with a static key (tls-crypt): its TLS cannot be read.\n",
            carried("openvpn-tls-crypt.pcap")
        )
    );
}

/// What was saved redacted opens nothing of what was encrypted, and is else the same.
#[test]
fn a_session_is_saved_without_its_secrets_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    for (name, more, has_secrets) in [
        ("whole.ron", None, true),
        ("redacted.ron", Some("--redact"), false),
    ] {
        let file = path(name).to_string_lossy().into_owned();
        let arguments: Vec<&str> = ["lab", "--save", &file].into_iter().chain(more).collect();
        assert_eq!(status(&mtlscope(&arguments)), 0);
        let saved = session::load(&path(name)).expect("it opens").capture;
        assert_eq!(!saved.secrets.is_empty(), has_secrets, "{name}");
        assert!(!saved.segments.is_empty() && !saved.events.is_empty());
    }
}

/// An empty protocol is how a side is told to have none; an empty value is no value, and is left as it is in the refusal.
#[test]
fn an_empty_word_is_what_it_says() {
    let alpn = |arguments: &[&str]| -> serde_json::Value {
        let output = mtlscope(&[arguments, &["--format", "json"]].concat());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        json(&output)["alpn"].clone()
    };
    assert_eq!(alpn(&["lab", "--alpn", "h2"]), "h2");
    assert_eq!(
        alpn(&["lab", "--alpn", "h2", "--client-alpn", ""]),
        serde_json::Value::Null
    );
    let refused = mtlscope(&["lab", "--client-auth", ""]);
    assert_eq!(
        stderr(&refused),
        "mtlscope: invalid value '' for '--client-auth <required|optional|none>': say required, optional or none; see \
         mtlscope --help\n"
    );
}
