//! Makes a corpus for each target in `corpus/`: from the stored sessions, in every form that is read, and from real files in the folder that
//! `MTLSCOPE_CORPORA` points to, where it is set. Nothing of it is committed.

#[path = "../forms.rs"]
mod forms;
#[allow(dead_code, reason = "a part of what the tests share")]
#[path = "../support.rs"]
mod support;

use std::io::Result;
use std::path::{Path, PathBuf};

use mtlscope::capture::Side;
use mtlscope::decode::{Body, decode};
use mtlscope::iana::Version;
use mtlscope::pki::read_bytes;
use mtlscope::session;

/// A longer seed slows the fuzzer down more than it teaches it.
const LARGEST_SEED: usize = 64 << 10;

struct Corpus {
    top: PathBuf,
    count: usize,
}

impl Corpus {
    fn add(&mut self, target: &str, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() || bytes.len() > LARGEST_SEED {
            return Ok(());
        }
        let folder = self.top.join(target);
        std::fs::create_dir_all(&folder)?;
        self.count += 1;
        std::fs::write(folder.join(format!("seed-{:05}", self.count)), bytes)
    }

    fn stored_session(&mut self, name: &str, text: &str) -> Result<()> {
        self.add("session", text.as_bytes())?;
        let session = session::parse(text, name).map_err(std::io::Error::other)?;
        let segments = session
            .capture
            .segments
            .iter()
            .map(|segment| (segment.from, segment.bytes.as_slice()));
        self.add("capture", &shared::from_segments(segments))?;
        for capture in forms::captures(&session.capture) {
            self.add("packets", &capture)?;
        }
        let transcript = decode(&session.capture);
        let is_12 = transcript.version == Some(Version::TLS_12);
        for message in &transcript.messages {
            if let Body::Certificate(sent) = &message.body {
                for (der, _) in &sent.chain {
                    self.add("certificate", der.as_bytes())?;
                }
            }
            let how = u8::from(is_12) | if message.side == Side::Client { 2 } else { 0 };
            self.add("handshake_message", &[&[how], &message.bytes[..]].concat())?;
        }
        Ok(())
    }

    fn real_file(&mut self, path: &Path) -> Result<()> {
        let extension = path
            .extension()
            .map(|extension| extension.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let name = path.to_string_lossy().to_lowercase();
        if std::fs::metadata(path)?.len() > LARGEST_SEED as u64 {
            return Ok(());
        }
        let bytes = std::fs::read(path)?;
        match extension.as_str() {
            "p12" | "pfx" | "jks" | "jceks" | "p7b" | "cms" | "key" | "der" => {
                self.add("container", &bytes)?
            }
            "yaml" | "yml" | "json" | "ovpn" | "jwks" | "pem" | "" => self.add("document", &bytes)?,
            _ => {}
        }
        match extension.as_str() {
            "pcap" | "pcapng" | "cap" => return self.add("packets", &bytes),
            "pem" | "crt" | "cert" | "cer" | "key" | "der" | "chain" | "p12" => {
                self.add("pem", &bytes)?;
                if let Ok(bundle) = read_bytes(&bytes, "seed") {
                    for certificate in &bundle.certificates {
                        self.add("certificate", &certificate.der)?;
                    }
                }
            }
            _ => {}
        }
        if name.contains("ocsp") && extension == "der" {
            self.add("ocsp", &bytes)?;
        }
        if name.contains("keylog") || bytes.starts_with(b"CLIENT_") {
            self.add("key_log", &bytes)?;
        }
        Ok(())
    }

    fn real_files(&mut self, folder: &Path) -> Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.real_files(&path)?;
            } else {
                self.real_file(&path)?;
            }
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let mut corpus = Corpus {
        top: Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"),
        count: 0,
    };
    for (name, text) in shared::SESSIONS {
        corpus.stored_session(name, text)?;
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    for folder in ["containers", "carried"] {
        corpus.real_files(&fixtures.join(folder))?;
    }
    let containers = fixtures.join("containers");
    for container in forms::containers(&containers)? {
        corpus.add("container", &container)?;
    }
    for name in ["orders-chain.pem", "orders.key"] {
        for disguise in forms::disguises(&std::fs::read_to_string(containers.join(name))?) {
            corpus.add("pem", &disguise)?;
            corpus.add("document", &disguise)?;
        }
    }
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/lessons");
    for entry in std::fs::read_dir(lessons)? {
        corpus.add("pack", &std::fs::read(entry?.path())?)?;
    }
    match std::env::var_os("MTLSCOPE_CORPORA") {
        Some(folder) => corpus.real_files(Path::new(&folder))?,
        None => println!(
            "MTLSCOPE_CORPORA is not set: the seeds are those of the stored sessions and the fixtures"
        ),
    }
    println!("{} seeds in {}", corpus.count, corpus.top.display());
    Ok(())
}
