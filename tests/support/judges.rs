//! Programs that judge chains in files: `RULE/{root,leaf,rest,chain}.pem`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// A chain to be judged, and the name it is asked for.
pub struct Asked {
    pub rule: &'static str,
    pub host: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    OpenSsl,
    OpenSslStrict,
    GnuTls,
    Go,
    Java,
}

impl Judge {
    pub const ALL: [Self; 5] = [
        Self::OpenSsl,
        Self::OpenSslStrict,
        Self::GnuTls,
        Self::Go,
        Self::Java,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::OpenSslStrict => "openssl-strict",
            Self::GnuTls => "gnutls",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// Its name and version as people say them; `None` where it is not here.
    pub fn version(self) -> Option<String> {
        let word = |text: &str, at: usize| text.split_whitespace().nth(at).map(str::to_owned);
        match self {
            Self::OpenSsl => Some(format!("OpenSSL {}", word(&run("openssl", &["version"])?, 1)?)),
            Self::OpenSslStrict => Some(format!(
                "OpenSSL {} with -x509_strict",
                word(&run("openssl", &["version"])?, 1)?
            )),
            Self::GnuTls => Some(format!("GnuTLS {}", word(&run("certtool", &["--version"])?, 1)?)),
            Self::Go => {
                let version = word(&run("go", &["version"])?, 2)?;
                Some(format!("Go {}", version.trim_start_matches("go")))
            }
            Self::Java => {
                run("javac", &["-version"])?;
                Some(format!("Java {}", word(&run("java", &["--version"])?, 1)?))
            }
        }
    }

    /// Its verdict on every chain, by rule; `Err` in its own words.
    pub fn ask(self, folder: &Path, asked: &[Asked]) -> BTreeMap<&'static str, Result<(), String>> {
        match self {
            Self::OpenSsl => each(asked, |one| openssl(folder, one, &[])),
            Self::OpenSslStrict => each(asked, |one| openssl(folder, one, &["-x509_strict"])),
            Self::GnuTls => each(asked, |one| gnutls(folder, one)),
            Self::Go => {
                write(&folder.join("judge.go"), include_str!("judge.go.txt"));
                let mut command = Command::new("go");
                command.args(["run", "judge.go"]);
                // No module and no network: the standard library only.
                command.env("GO111MODULE", "off").env("GOFLAGS", "");
                lines(command, folder, asked)
            }
            Self::Java => {
                write(&folder.join("Judge.java"), include_str!("Judge.java.txt"));
                let mut command = Command::new("java");
                command.arg("Judge.java");
                lines(command, folder, asked)
            }
        }
    }
}

fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| {
        String::from_utf8_lossy(&output.stdout).into_owned() + " " + &String::from_utf8_lossy(&output.stderr)
    })
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file of the test");
}

fn each(
    asked: &[Asked],
    judge: impl Fn(&Asked) -> Result<(), String>,
) -> BTreeMap<&'static str, Result<(), String>> {
    asked.iter().map(|one| (one.rule, judge(one))).collect()
}

fn openssl(folder: &Path, one: &Asked, more: &[&str]) -> Result<(), String> {
    let output = Command::new("openssl")
        .arg("verify")
        .args(more)
        .args(["-purpose", "sslserver", "-verify_hostname", one.host])
        .args(["-CAfile", "root.pem", "-untrusted", "rest.pem", "leaf.pem"])
        .current_dir(folder.join(one.rule))
        .output()
        .expect("openssl runs");
    judged(&output, |text| {
        // error 10 at 0 depth lookup: certificate has expired
        text.lines()
            .find_map(|line| line.split_once("lookup: ").map(|(_, words)| words.to_owned()))
            .or_else(|| {
                text.lines()
                    .find(|line| !line.trim().is_empty())
                    .map(str::to_owned)
            })
    })
}

fn gnutls(folder: &Path, one: &Asked) -> Result<(), String> {
    let output = Command::new("certtool")
        .args([
            "--verify",
            "--load-ca-certificate",
            "root.pem",
            "--infile",
            "chain.pem",
        ])
        .args([
            "--verify-purpose",
            "1.3.6.1.5.5.7.3.1",
            "--verify-hostname",
            one.host,
        ])
        .current_dir(folder.join(one.rule))
        .output()
        .expect("certtool runs");
    judged(&output, |text| {
        // Chain verification output: Not verified. The certificate is NOT trusted. …
        text.lines()
            .find_map(|line| line.split_once("Chain verification output: "))
            .map(|(_, words)| words.trim_start_matches("Not verified.").trim().to_owned())
            .or_else(|| {
                text.lines()
                    .rfind(|line| !line.trim().is_empty())
                    .map(str::to_owned)
            })
    })
}

fn judged(output: &Output, words: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    Err(words(&text).unwrap_or_else(|| "no word".to_owned()))
}

/// A program that judges all of `asked.txt` at once and answers a line for each: `RULE<tab>ok` or `RULE<tab>words`.
fn lines(mut command: Command, folder: &Path, asked: &[Asked]) -> BTreeMap<&'static str, Result<(), String>> {
    let list: String = asked
        .iter()
        .map(|one| format!("{}\t{}\n", one.rule, one.host))
        .collect::<Vec<String>>()
        .concat();
    write(&folder.join("asked.txt"), &list);
    let output = command.current_dir(folder).output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    asked
        .iter()
        .map(|one| {
            let said = text
                .lines()
                .find_map(|line| line.strip_prefix(one.rule)?.strip_prefix('\t'))
                .unwrap_or_else(|| {
                    panic!(
                        "no answer for {}: {text}{}",
                        one.rule,
                        String::from_utf8_lossy(&output.stderr)
                    )
                });
            let verdict = if said == "ok" {
                Ok(())
            } else {
                Err(said.to_owned())
            };
            (one.rule, verdict)
        })
        .collect()
}
