//! Responses stapled in real handshakes of OpenSSL's, and what curl makes of them.

use crate::support::machine;
use crate::support::openssl;
use crate::support::revocation;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use mtlscope::analysis::Analysis;
use mtlscope::capture::{Capture, KeyLog, Origin, PerSide, Revocation, Segment, Side, SideEvidence, Trust};
use mtlscope::diagnose::{CheckKind, Outcome, Role};
use mtlscope::pki::read_file;
use openssl::Workshop;
use revocation::{is, respond, workshop};

/// An OpenSSL program that ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `openssl s_server` with this certificate and this response stapled to it, and its port.
fn stapling(workshop: &Workshop, leaf: &str, response: &str, more: &[&str]) -> (Program, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let child = Command::new("openssl")
        .args(["s_server", "-www", "-accept", &port.to_string()])
        .args(["-cert", &format!("{leaf}.pem"), "-key", &format!("{leaf}.key")])
        .args(["-status_file", response])
        .args(more)
        .current_dir(workshop.path("."))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl starts");
    let program = Program(child);
    machine::wait_until("the server's listening", || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    (program, port)
}

/// What passes between `openssl s_client -status` and the server, judged with the root trusted.
fn through_a_relay(workshop: &Workshop, server: u16) -> Analysis {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let segments: Arc<Mutex<Vec<Segment>>> = Arc::default();
    let written = Arc::clone(&segments);
    let relay = std::thread::spawn(move || {
        let (client, _) = listener.accept().expect("a client");
        let server = TcpStream::connect(("127.0.0.1", server)).expect("the server");
        let began = Instant::now();
        let pump = |mut from: TcpStream, mut to: TcpStream, side: Side| {
            let written = Arc::clone(&written);
            std::thread::spawn(move || {
                let mut buffer = [0; 16 << 10];
                while let Ok(count @ 1..) = from.read(&mut buffer) {
                    written.lock().expect("no panic").push(Segment {
                        at_us: began.elapsed().as_micros() as u64,
                        from: side,
                        bytes: buffer[..count].to_vec(),
                        altered: None,
                    });
                    if to.write_all(&buffer[..count]).is_err() {
                        break;
                    }
                }
                let _ = to.shutdown(std::net::Shutdown::Both);
            })
        };
        let other = |stream: &TcpStream| stream.try_clone().expect("a handle");
        let up = pump(other(&client), other(&server), Side::Client);
        let down = pump(server, client, Side::Server);
        let _ = (up.join(), down.join());
    });
    let _ = std::fs::remove_file(workshop.path("keys.log"));
    let client = Command::new("openssl")
        .args(["s_client", "-status", "-connect", &format!("127.0.0.1:{port}")])
        .args(["-CAfile", "root.pem", "-keylogfile", "keys.log"])
        .current_dir(workshop.path("."))
        .stdin(Stdio::null())
        .output()
        .expect("openssl runs");
    let said = String::from_utf8_lossy(&client.stdout).into_owned();
    assert!(said.contains("OCSP Response Status: successful"), "{said}");
    relay.join().expect("no panic");
    let mut log = KeyLog::default();
    log.read(&std::fs::read_to_string(workshop.path("keys.log")).expect("a key log"));
    let now = jiff::Timestamp::now();
    let root = read_file(&workshop.path("root.pem")).expect("the root");
    let mut sides: PerSide<SideEvidence> = PerSide::default();
    sides.client.trust = Some(Trust {
        roots: vec![root.certificates[0].der.clone()],
        expected_name: Some("localhost".to_owned()),
        clock_unix_s: now.as_second(),
        revocation: Revocation::default(),
    });
    let segments = segments.lock().expect("no panic").clone();
    Analysis::of(Arc::new(Capture {
        origin: Origin::Packets,
        started_at_unix_us: now.as_microsecond(),
        carrier: None,
        segments,
        secrets: log.secrets().cloned().collect(),
        events: Vec::new(),
        sides,
        at_hand: Vec::new(),
    }))
}

#[test]
fn a_stapled_response_is_found_in_the_handshake() {
    if !openssl::is_at_hand("a_stapled_response_is_found_in_the_handshake") {
        return;
    }
    let shop = workshop();
    respond(&shop, "good.ocsp", "good", "root", "root", &["-nmin", "60"]);
    respond(&shop, "bad.ocsp", "bad", "root", "root", &["-nmin", "60"]);
    for version in ["-tls1_3", "-tls1_2"] {
        for (leaf, outcome, cause, words) in [
            ("good", Outcome::Pass, None, "says that it is good"),
            ("bad", Outcome::Warn, Some("revoked"), "(keyCompromise)"),
        ] {
            let (_server, port) = stapling(&shop, leaf, &format!("{leaf}.ocsp"), &[version]);
            let analysis = through_a_relay(&shop, port);
            let row = analysis
                .diagnosis
                .matrix
                .iter()
                .find(|row| {
                    row.side == Side::Client && row.role == Role::Leaf && row.check == CheckKind::Revocation
                })
                .expect("judged");
            is(row, outcome, cause, &[words, "stapled in the handshake"]);
            if leaf == "bad" {
                assert!(
                    row.detail.ends_with("; a curl that asks for the status refuses"),
                    "{}",
                    row.detail
                );
            }
        }
    }
}

/// Our warning says that curl refuses: it does.
#[test]
fn curl_refuses_what_the_warning_says_it_refuses() {
    let test = "curl_refuses_what_the_warning_says_it_refuses";
    // Only a curl that is built with OpenSSL looks at what is stapled.
    let has_curl = Command::new("curl")
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("OpenSSL/"));
    if !has_curl {
        machine::skipped(test, "it needs a curl with OpenSSL");
    }
    if !has_curl || !openssl::is_at_hand(test) {
        return;
    }
    let shop = workshop();
    respond(&shop, "good.ocsp", "good", "root", "root", &["-nmin", "60"]);
    respond(&shop, "bad.ocsp", "bad", "root", "root", &["-nmin", "60"]);
    respond(
        &shop,
        "stranger.ocsp",
        "good",
        "root",
        "stranger",
        &["-nmin", "60"],
    );
    // curl looks for the issuer in what was sent: the root goes along.
    for (leaf, response, is_good, words) in [
        ("good", "good.ocsp", true, ""),
        ("bad", "bad.ocsp", false, "keyCompromise"),
        ("good", "stranger.ocsp", false, "OCSP"),
    ] {
        let (_server, port) = stapling(&shop, leaf, response, &["-cert_chain", "root.pem"]);
        let output = Command::new("curl")
            .args(["-sS", "--cert-status", "--cacert", "root.pem", "--noproxy", "*"])
            .args(["--resolve", &format!("localhost:{port}:127.0.0.1")])
            .arg(format!("https://localhost:{port}/"))
            .current_dir(shop.path("."))
            .output()
            .expect("curl runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), is_good, "{leaf}: {said}");
        assert!(said.contains(words), "{words} in {said}");
    }
}

/// Our warning says that nginx asks the responder and refuses: it does.
#[test]
fn nginx_refuses_what_the_warning_says_it_refuses() {
    let test = "nginx_refuses_what_the_warning_says_it_refuses";
    let has = |program: &str| {
        Command::new(program).arg("-V").output().is_ok() || std::path::Path::new(program).exists()
    };
    let nginx = ["nginx", "/usr/sbin/nginx"]
        .into_iter()
        .find(|program| has(program));
    let is_at_hand = nginx.is_some() && Command::new("curl").arg("--version").output().is_ok();
    if !is_at_hand {
        machine::skipped(test, "it needs nginx and curl");
    }
    let (Some(nginx), true) = (nginx.filter(|_| is_at_hand), openssl::is_at_hand(test)) else {
        return;
    };
    let shop = workshop();
    let [front, responder] = [0; 2].map(|_| {
        TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port()
    });
    let here = shop.path(".").canonicalize().expect("a directory");
    let spawn = |program: &str, arguments: &[&str]| {
        let child = Command::new(program)
            .args(arguments)
            .current_dir(&here)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Program(child.expect("it starts"))
    };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", here.display()))
        .concat();
    let configuration = format!(
        "daemon off; master_process off; pid {0}/pid; error_log {0}/error.log info;\nevents {{}}\nhttp {{ access_log off;\n\
         {temporary}server {{ listen 127.0.0.1:{front} ssl; ssl_certificate good.pem; ssl_certificate_key good.key;\n\
         ssl_client_certificate root.pem; ssl_verify_client on; ssl_ocsp leaf;\n\
         ssl_ocsp_responder http://127.0.0.1:{responder}/; location / {{ return 200 \"let in\\n\"; }} }} }}\n",
        here.display()
    );
    openssl::write(&shop.path("nginx.conf"), &configuration);
    let port = responder.to_string();
    let _responder = spawn(
        "openssl",
        &[
            "ocsp",
            "-port",
            &port,
            "-index",
            "index.txt",
            "-CA",
            "root.pem",
            "-rsigner",
            "root.pem",
            "-rkey",
            "root.key",
            "-nmin",
            "60",
        ],
    );
    let prefix = format!("{}/", here.display());
    let _nginx = spawn(nginx, &["-p", &prefix, "-c", "nginx.conf"]);
    machine::wait_until("nginx's listening", || {
        TcpStream::connect(("127.0.0.1", front)).is_ok()
    });
    // OpenSSL's responder serves one caller after the other, and waits for what a caller asks: it is asked something.
    let url = format!("http://127.0.0.1:{responder}/");
    let question = [
        "ocsp",
        "-issuer",
        "root.pem",
        "-cert",
        "good.pem",
        "-url",
        &url,
        "-noverify",
    ];
    machine::wait_until("the responder's answer", || revocation::run(&shop, &question).0);
    for (client, wanted) in [("good", "let in"), ("bad", "SSL certificate error")] {
        let output = Command::new("curl")
            .args(["-sS", "-m", "20", "--noproxy", "*", "--cacert", "root.pem"])
            .args([
                "--cert",
                &format!("{client}.pem"),
                "--key",
                &format!("{client}.key"),
            ])
            .args(["--resolve", &format!("localhost:{front}:127.0.0.1")])
            .arg(format!("https://localhost:{front}/"))
            .current_dir(&here)
            .output()
            .expect("curl runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(wanted), "{client}: {said}");
    }
    let log = std::fs::read_to_string(shop.path("error.log")).expect("a log");
    assert!(log.contains("certificate revoked"), "{log}");
}
