//! Chain files in a folder, and `verify` run beside them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine;
use mtlscope::pki::Minted;

/// A certificate as a PEM block.
pub fn pem(der: &[u8]) -> String {
    let text = base64::prelude::BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

/// A folder of chain files.
pub struct Folder {
    directory: tempfile::TempDir,
    pki: Minted,
}

impl Folder {
    /// An empty folder beside a minted PKI.
    pub fn new(pki: Minted) -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary folder"),
            pki,
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The DER of a minted certificate.
    pub fn der(&self, name: &str) -> &[u8] {
        &self.pki.find(name).expect("the recipe exists").certificate.der
    }

    /// Writes any bytes.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder");
        }
        std::fs::write(path, bytes).expect("a file");
    }

    /// Writes a chain of minted certificates.
    pub fn chain(&self, file: &str, names: &[&str]) {
        let text: String = names.iter().map(|name| pem(self.der(name))).collect();
        self.write(file, text);
    }

    /// Runs `mtlscope verify` in the folder.
    pub fn verify(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// The same, with something on its standard input.
    pub fn verify_stdin(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child
            .stdin
            .take()
            .expect("a pipe")
            .write_all(input.as_bytes())
            .expect("it reads");
        child.wait_with_output().expect("it ends")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("verify").args(arguments).current_dir(self.path());
        command
    }
}

/// The built program.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_mtlscope"))
}
