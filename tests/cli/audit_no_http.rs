//! The audit of a server that speaks no HTTP: nothing is asked of it, and the connection that it keeps is the welcome.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, Stream};
use serde_json::Value;

use super::audit::{PKI, configuration};
use crate::support::command::{json, mtlscope, status};
use crate::support::pki::minted;

/// Finishes the handshake, notes what is said, and answers nothing.
fn listen(config: &Arc<ServerConfig>, mut tcp: TcpStream, heard: &Mutex<Vec<String>>) {
    let mut tls = ServerConnection::new(Arc::clone(config)).expect("a connection");
    if tls.complete_io(&mut tcp).is_err() {
        return;
    }
    let mut stream = Stream::new(&mut tls, &mut tcp);
    let _ = stream.flush();
    let mut said = vec![0; 4096];
    // Until the other side goes: what it said is noted once.
    while let Ok(length @ 1..) = stream.read(&mut said) {
        let words = String::from_utf8_lossy(&said[..length]).into_owned();
        heard.lock().expect("whole").push(words);
    }
}

/// The audit of such a server with these flags: its status, its report, and what the server heard.
fn audit(flags: &[&str]) -> (i32, Value, Vec<String>) {
    let pki = minted(&PKI.replace("KEY", "P256"));
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let config = configuration(&pki);
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&heard);
    std::thread::spawn(move || {
        for tcp in listener.incoming() {
            let Ok(tcp) = tcp else { return };
            let (config, noted) = (Arc::clone(&config), Arc::clone(&noted));
            std::thread::spawn(move || listen(&config, tcp, &noted));
        }
    });
    let found = pki.find("client").expect("minted");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("client.der"), &found.certificate.der).expect("written");
    std::fs::write(path("client.key"), found.key.key.der.secret_der()).expect("written");
    let (certificate, key) = (path("client.der"), path("client.key"));
    let mut arguments = vec!["audit", "server", &address, "--client-cert", &certificate];
    arguments.extend(["--client-key", &key, "--timeout-ms", "3000", "--format", "json"]);
    arguments.extend(flags);
    let output = mtlscope(&arguments);
    let heard = heard.lock().expect("whole").clone();
    (status(&output), json(&output), heard)
}

#[test]
fn a_server_that_is_asked_nothing_may_keep_silent() {
    let ways: [&[&str]; 3] = [&["--no-http"], &[], &["--http", "/health"]];
    let [quiet, asked, asked_there] = std::thread::scope(|scope| {
        let running = ways.map(|flags| scope.spawn(move || audit(flags)));
        running.map(|one| one.join().expect("it ends"))
    });
    let (status, report, heard) = quiet;
    assert_eq!(heard, [""; 0], "nothing is said to it");
    for control in ["control", "control_again"] {
        let told = (&report[control]["answer"], &report[control]["words"]);
        let words = "kept the connection open and waits for more";
        assert_eq!(told, (&"accepted".into(), &words.into()), "{report:#}");
    }
    assert_eq!((status, &report["verdict"]), (0, &"closed".into()), "{report:#}");
    for ((status, report, heard), line) in [(asked, "GET / HTTP/1.1"), (asked_there, "GET /health HTTP/1.1")]
    {
        assert_eq!(report["control"]["answer"], "not-tested", "{report:#}");
        assert_eq!(
            (status, &report["verdict"]),
            (1, &"meaningless".into()),
            "{report:#}"
        );
        assert!(!heard.is_empty(), "{line}");
        for words in heard {
            assert_eq!(words.lines().next(), Some(line));
        }
    }
}
