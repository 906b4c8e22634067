//! What makes a fix permanent: shell commands and configuration lines with the user's own file names.
//!
//! They follow from the set-up before and after, so that two edits of one chain give one chain file.

use super::edit::{Edit, Spoken, Swap};
use crate::capture::Side;
use crate::experiment::hand;
use crate::experiment::time::moment_words;
use crate::pki::{CertificateFacts, LoadedCertificate, PemPart, is_address, joined, shell_quote};
use crate::setup::{LabSetup, TlsVersion};

/// The commands for `edits`, which lead from `before` to `after`. Each line once.
pub(super) fn commands(edits: &[Edit], before: &LabSetup, after: &LabSetup) -> Vec<String> {
    let writer = Writer { before, after };
    let mut lines: Vec<String> = Vec::new();
    for line in edits.iter().flat_map(|edit| writer.of(edit)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

struct Writer<'a> {
    before: &'a LabSetup,
    after: &'a LabSetup,
}

impl Writer<'_> {
    fn of(&self, edit: &Edit) -> Vec<String> {
        match edit {
            Edit::AddToChain { side, .. }
            | Edit::ReplaceInChain { side, .. }
            | Edit::DropFromChain { side, .. }
            | Edit::ReorderChain { side, .. }
            | Edit::UseCertificate { side, .. }
            | Edit::UseKey { side, .. } => self.identity(*side),
            Edit::SwapSlots(side) => [self.identity(*side), self.trust(*side)].concat(),
            Edit::Swap(Swap::Identities | Swap::Chains | Swap::Keys) => {
                Side::BOTH.map(|side| self.identity(side)).concat()
            }
            Edit::Swap(Swap::Trust) => Side::BOTH.map(|side| self.trust(side)).concat(),
            Edit::TrustAlso { side, .. } | Edit::TrustInstead { side, .. } => self.trust(*side),
            Edit::MoveClock(None) => vec!["timedatectl set-ntp true".to_owned()],
            Edit::MoveClock(Some(unix_s)) => vec![format!(
                "faketime {} {}",
                shell_quote(moment_words(*unix_s).trim_end_matches(" UTC")),
                self.curl()
            )],
            Edit::AskFor(_) => vec![self.curl()],
            Edit::Speak { side, also } => speak(*side, also),
            Edit::MendWire => Vec::new(),
        }
    }

    /// The chain's file, made where it has to be, and where it is named.
    fn identity(&self, side: Side) -> Vec<String> {
        let chain = self.after.chain(side);
        if chain.is_empty() {
            return Vec::new();
        }
        let (mut lines, file) = self.file_of(chain, "chain");
        lines.push(match side {
            Side::Server => format!(
                "ssl_certificate {}; ssl_certificate_key {};  # nginx",
                shell_quote(&file),
                shell_quote(&self.key_file(side))
            ),
            Side::Client => self.curl_with(&file, None),
        });
        lines
    }

    fn trust(&self, side: Side) -> Vec<String> {
        let (mut lines, file) = self.file_of(&self.after.parties.of(side).trust, "trust");
        lines.push(match side {
            Side::Server => format!("ssl_client_certificate {};  # nginx", shell_quote(&file)),
            Side::Client => self.curl_with(&self.unchanged_chain(), Some(&file)),
        });
        lines
    }

    fn curl(&self) -> String {
        self.curl_with(&self.unchanged_chain(), None)
    }

    /// The client's chain where no edit touches it: what was never in a file stands in one.
    fn unchanged_chain(&self) -> String {
        self.as_one(self.after.chain(Side::Client), "chain")
    }

    fn as_one(&self, certificates: &[LoadedCertificate], what: &str) -> String {
        match certificates.first() {
            Some(first) if certificates.iter().all(|one| one.file.is_none()) => {
                format!("{}.pem", stem(first))
            }
            _ => self.file_of(certificates, what).1,
        }
    }

    /// A client that uses the files. Its trust is made where `trust` does not name it.
    fn curl_with(&self, chain_file: &str, trust: Option<&str>) -> String {
        let trust_file = trust.map_or_else(
            || self.as_one(&self.after.parties.client.trust, "trust"),
            str::to_owned,
        );
        let identity = if self.after.parties.client.identity.is_some() {
            format!(
                "--cert {} --key {} ",
                shell_quote(chain_file),
                shell_quote(&self.key_file(Side::Client))
            )
        } else {
            String::new()
        };
        let name = &self.after.server_name;
        let host = if name.contains(':') {
            format!("[{name}]")
        } else {
            name.clone()
        };
        format!(
            "curl {identity}--cacert {} {}",
            shell_quote(&trust_file),
            shell_quote(&format!("https://{host}/"))
        )
    }

    fn key_file(&self, side: Side) -> String {
        let file = self.after.key(side).and_then(|key| key.file.clone());
        file.unwrap_or_else(|| {
            let leaf = self.after.chain(side).first();
            format!("{}.key", leaf.map_or_else(|| side.word().to_owned(), stem))
        })
    }

    /// The one file that holds exactly these certificates in this order, with the command that makes it where there is
    /// none.
    fn file_of(&self, certificates: &[LoadedCertificate], what: &str) -> (Vec<String>, String) {
        let pieces = self.pieces(certificates);
        if let [PemPart::Whole(file)] = pieces.as_slice()
            && !self.holds_key(file)
        {
            return (Vec::new(), file.clone());
        }
        let Some(first) = certificates.first() else {
            return (Vec::new(), format!("{what}.pem"));
        };
        let out = format!("{}-{what}.pem", stem(first));
        (vec![joined(&pieces, &out)], out)
    }

    /// Certificates as parts of files: a whole file where all of it is wanted, in its own order.
    fn pieces(&self, certificates: &[LoadedCertificate]) -> Vec<PemPart> {
        let mut pieces = Vec::new();
        let mut rest = certificates;
        while let Some(first) = rest.first() {
            let Some(file) = &first.file else {
                pieces.push(PemPart::Whole(format!("{}.pem", stem(first))));
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            let count = self.count_in(file);
            let run = rest
                .iter()
                .enumerate()
                .take_while(|(at, one)| one.file.as_ref() == Some(file) && one.entry == *at)
                .count();
            let taken = if is_address(file) {
                pieces.push(PemPart::Fetched(file.clone(), first.line.map(|_| first.entry)));
                1
            } else if first.line.is_none() {
                pieces.push(PemPart::Der(file.clone()));
                1
            } else if run == count {
                pieces.push(PemPart::Whole(file.clone()));
                count
            } else {
                pieces.push(PemPart::One(file.clone(), first.entry));
                1
            };
            rest = rest.get(taken.max(1)..).unwrap_or_default();
        }
        pieces
    }

    /// How many certificates a file holds, as far as the set-up tells.
    fn count_in(&self, file: &str) -> usize {
        hand::all(self.before)
            .filter(|one| one.file.as_deref() == Some(file))
            .map(|one| one.entry + 1)
            .max()
            .unwrap_or(1)
    }

    fn holds_key(&self, file: &str) -> bool {
        Side::BOTH
            .into_iter()
            .filter_map(|side| self.before.key(side))
            .any(|key| key.file.as_deref() == Some(file))
    }
}

/// `orders` for `certs/orders.pem`; for what was never in a file, its name made fit for one.
fn stem(certificate: &LoadedCertificate) -> String {
    if let Some(file) = &certificate.file {
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
        if !stem.is_empty() {
            return stem.to_owned();
        }
    }
    let name = CertificateFacts::from_der(&certificate.der)
        .map_or_else(|_| "certificate".to_owned(), |facts| facts.display_name);
    let kept: String = name
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let kept = kept.trim_matches('-');
    if kept.is_empty() { "certificate" } else { kept }.to_owned()
}

fn speak(side: Side, also: &Spoken) -> Vec<String> {
    let line = match (side, also) {
        (Side::Server, Spoken::Versions(_)) => "ssl_protocols TLSv1.2 TLSv1.3;  # nginx".to_owned(),
        (Side::Client, Spoken::Versions(versions)) => {
            if versions.contains(&TlsVersion::Tls13) {
                "curl --tlsv1.2 --tls-max 1.3 …".to_owned()
            } else {
                "curl --tlsv1.2 …".to_owned()
            }
        }
        (Side::Server, Spoken::Groups(groups)) if !groups.is_empty() => {
            format!("ssl_ecdh_curve {}:auto;  # nginx", groups.join(":"))
        }
        (Side::Client, Spoken::Groups(groups)) if !groups.is_empty() => {
            format!("curl --curves {} …", groups.join(":"))
        }
        (Side::Server, Spoken::Protocols(protocols)) if protocols.iter().any(|one| one == "h2") => {
            "http2 on;  # nginx".to_owned()
        }
        (Side::Client, Spoken::Protocols(protocols)) if protocols.iter().any(|one| one == "h2") => {
            "curl --http2 …".to_owned()
        }
        (Side::Client, Spoken::Protocols(protocols)) if protocols.iter().any(|one| one == "http/1.1") => {
            "curl --http1.1 …".to_owned()
        }
        _ => return Vec::new(),
    };
    vec![line]
}
