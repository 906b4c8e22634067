//! Certificates made with OpenSSL's own command, for tests with a real peer.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether the `openssl` command is there. Where it must be (CI=true) and is not, this panics; elsewhere it says that the
/// test is skipped.
pub fn is_at_hand(test: &str) -> bool {
    let found = Command::new("openssl")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        super::machine::skipped(test, "it needs the openssl command");
    }
    found
}

/// A directory in which certificates are made.
pub struct Workshop {
    directory: tempfile::TempDir,
}

impl Workshop {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a directory for the test"),
        }
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// As text, for an argument.
    pub fn argument(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.directory.path())
            .output()
            .expect("openssl runs");
        assert!(
            output.status.success(),
            "openssl {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn key(&self, name: &str) {
        self.openssl(&[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-out",
            &format!("{name}.key"),
        ]);
    }

    /// A self-signed CA: NAME.pem and NAME.key.
    pub fn root(&self, name: &str, subject: &str) {
        self.key(name);
        self.openssl(&[
            "req",
            "-x509",
            "-new",
            "-key",
            &format!("{name}.key"),
            "-subj",
            subject,
            "-days",
            "30",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
            "-out",
            &format!("{name}.pem"),
        ]);
    }

    /// NAME.pem and NAME.key, signed by ISSUER; `extensions` is a section of an OpenSSL configuration.
    pub fn issue(&self, name: &str, subject: &str, issuer: &str, extensions: &str) {
        self.key(name);
        self.openssl(&[
            "req",
            "-new",
            "-key",
            &format!("{name}.key"),
            "-subj",
            subject,
            "-out",
            &format!("{name}.csr"),
        ]);
        write(&self.path(&format!("{name}.ext")), extensions);
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &format!("{name}.csr"),
            "-CA",
            &format!("{issuer}.pem"),
            "-CAkey",
            &format!("{issuer}.key"),
            "-CAcreateserial",
            "-days",
            "30",
            "-extfile",
            &format!("{name}.ext"),
            "-out",
            &format!("{name}.pem"),
        ]);
    }

    /// As [`Workshop::issue`], valid only in January 2024: what `openssl ca` can do and `openssl x509` of OpenSSL 3.0 cannot.
    pub fn issue_expired(&self, name: &str, subject: &str, issuer: &str, extensions: &str) {
        self.key(name);
        self.openssl(&[
            "req",
            "-new",
            "-key",
            &format!("{name}.key"),
            "-subj",
            subject,
            "-out",
            &format!("{name}.csr"),
        ]);
        write(&self.path("index.txt"), "");
        write(&self.path("serial"), "1000\n");
        write(
            &self.path("ca.cnf"),
            &format!(
                "[ca]\ndefault_ca=here\n[here]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n\
                 policy=any\nunique_subject=no\nx509_extensions=leaf\n[any]\ncommonName=supplied\n[leaf]\n{extensions}"
            ),
        );
        self.openssl(&[
            "ca",
            "-batch",
            "-notext",
            "-config",
            "ca.cnf",
            "-cert",
            &format!("{issuer}.pem"),
            "-keyfile",
            &format!("{issuer}.key"),
            "-startdate",
            "20240101000000Z",
            "-enddate",
            "20240131000000Z",
            "-in",
            &format!("{name}.csr"),
            "-out",
            &format!("{name}.pem"),
        ]);
    }

    /// One file of several, in order.
    pub fn join(&self, name: &str, parts: &[&str]) {
        let whole: String = parts
            .iter()
            .map(|part| std::fs::read_to_string(self.path(part)).expect("a part"))
            .collect();
        write(&self.path(name), &whole);
    }
}

pub fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file of the test");
}
