//! What makes a fix permanent: shell commands and configuration lines with the user's own file names.
//!
//! They follow from the set-up before and after, so that two edits of one chain give one chain file.

use std::collections::HashMap;

use super::edit::{Edit, Spoken, Swap};
use crate::capture::{Der, Side};
use crate::diagnose::stand_ins;
use crate::experiment::hand;
use crate::experiment::time::moment_words;
use crate::pki::{
    LoadedCertificate, LoadedKey, PemPart, asking_once, certificate_out_of, curl_certificate, is_address,
    joined, key_out_of, nginx_word, shell_file, shell_quote,
};
use crate::setup::{LabSetup, TlsVersion};

/// The commands for `edits`, which lead from `before` to `after`. Each line once.
pub(super) fn commands(edits: &[Edit], before: &LabSetup, after: &LabSetup) -> Vec<String> {
    let unfiled = hand::all(before).filter(|one| one.file.is_none());
    let writer = Writer {
        before,
        after,
        stand_ins: stand_ins(unfiled.map(|one| &one.der)),
    };
    let mut lines: Vec<String> = Vec::new();
    for line in edits.iter().flat_map(|edit| writer.of(edit)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    asking_once(&mut [&mut lines], |name| {
        writer.free(name.strip_suffix(".pem").unwrap_or(name))
    });
    lines
}

/// Stands for a key that no short command takes out.
const KEY: &str = "KEY.pem";

struct Writer<'a> {
    before: &'a LabSetup,
    after: &'a LabSetup,
    /// What those are called that were never in a file.
    stand_ins: HashMap<&'a Der, String>,
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
            Edit::MoveClock(Some(unix_s)) => {
                let mut lines = self.curl("");
                if let Some(last) = lines.last_mut() {
                    let moment = moment_words(*unix_s);
                    *last = format!("faketime {} {last}", shell_quote(moment.trim_end_matches(" UTC")));
                }
                lines
            }
            Edit::AskFor(_) => self.curl(""),
            Edit::Speak { side, also } => self.speak(*side, also),
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
        match side {
            Side::Server => {
                let (made, key) = self.pem_key();
                lines.extend(made);
                lines.push(format!(
                    "ssl_certificate {}; ssl_certificate_key {};  # nginx",
                    nginx_word(&file),
                    nginx_word(&key)
                ));
            }
            Side::Client => lines.extend(self.curl_with("", Some(&file), None)),
        }
        lines
    }

    fn trust(&self, side: Side) -> Vec<String> {
        let (mut lines, file) = self.file_of(&self.after.parties.of(side).trust, "trust");
        match side {
            Side::Server => lines.push(format!("ssl_client_certificate {};  # nginx", nginx_word(&file))),
            Side::Client => lines.extend(self.curl_with("", None, Some(&file))),
        }
        lines
    }

    fn curl(&self, flags: &str) -> Vec<String> {
        self.curl_with(flags, None, None)
    }

    /// What no edit touches: what was never in a file stands in one, and what lies in several is joined.
    fn unchanged(&self, certificates: &[LoadedCertificate], what: &str) -> (Vec<String>, String) {
        match certificates.first() {
            Some(first) if certificates.iter().all(|one| one.file.is_none()) => {
                (Vec::new(), format!("{}.pem", stem(first, &self.stand_ins)))
            }
            _ => self.file_of(certificates, what),
        }
    }

    /// A client that uses the files, the last line; before it, what makes those that are not there yet. Chain and trust are
    /// those of the set-up where they are not named.
    fn curl_with(&self, flags: &str, chain: Option<&str>, trust: Option<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut file_of = |named: Option<&str>, certificates: &[LoadedCertificate], what: &str| {
            if let Some(file) = named {
                return file.to_owned();
            }
            let (made, file) = self.unchanged(certificates, what);
            lines.extend(made);
            file
        };
        let trust_file = file_of(trust, &self.after.parties.client.trust, "trust");
        let identity = if self.after.parties.client.identity.is_some() {
            let chain_file = file_of(chain, self.after.chain(Side::Client), "chain");
            let form = if self.key_is_der(Side::Client) {
                "--key-type DER "
            } else {
                ""
            };
            let (made, key) = self
                .key_out(Side::Client)
                .unwrap_or_else(|| (Vec::new(), self.key_file(Side::Client)));
            lines.extend(made);
            format!(
                "--cert {} --key {} {form}",
                curl_certificate(&chain_file),
                shell_file(&key)
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
        // What curl would read as a pattern is a name here.
        let as_it_is = if name.contains(['{', '}', '[', ']']) {
            "--globoff "
        } else {
            ""
        };
        lines.push(format!(
            "curl {flags}{as_it_is}{identity}--cacert {} {}",
            shell_file(&trust_file),
            shell_quote(&format!("https://{host}/"))
        ));
        lines
    }

    fn key_is_der(&self, side: Side) -> bool {
        self.after.key(side).is_some_and(LoadedKey::is_der)
    }

    /// A key that lies in a container or a document, in a file of its own, with the commands that take it out; where none does, a
    /// file that stands for it.
    fn key_out(&self, side: Side) -> Option<(Vec<String>, String)> {
        let key = self.after.key(side)?;
        let (wrapping, file) = (key.wrapping?, key.file.as_deref()?);
        let out = self.free(&format!("{}-key", without_endings(base_stem(file))));
        Some(match key_out_of(wrapping, file, &out) {
            Some(commands) => (commands, out),
            None => (Vec::new(), KEY.to_owned()),
        })
    }

    /// The server's key as nginx reads it, with the command that makes it so.
    fn pem_key(&self) -> (Vec<String>, String) {
        if let Some((made, key)) = self.key_out(Side::Server) {
            return (made, key);
        }
        let file = self.key_file(Side::Server);
        if !self.key_is_der(Side::Server) {
            return (Vec::new(), file);
        }
        let pem = self.free(&format!("{}-key", without_endings(base_stem(&file))));
        let make = format!(
            "openssl pkey -inform DER -in {} -out {}",
            shell_file(&file),
            shell_file(&pem)
        );
        (vec![make], pem)
    }

    fn key_file(&self, side: Side) -> String {
        let file = self.after.key(side).and_then(|key| key.file.clone());
        file.unwrap_or_else(|| {
            let leaf = self.after.chain(side).first();
            format!(
                "{}.key",
                leaf.map_or_else(|| side.word().to_owned(), |leaf| stem(leaf, &self.stand_ins))
            )
        })
    }

    /// A PEM file that no file of the set-up is called.
    fn free(&self, stem: &str) -> String {
        let is_taken = |name: &str| {
            let keys = Side::BOTH
                .into_iter()
                .filter_map(|side| self.before.key(side)?.file.as_deref());
            hand::all(self.before)
                .filter_map(|one| one.file.as_deref())
                .chain(keys)
                .any(|file| file.rsplit(['/', '\\']).next() == Some(name))
        };
        let numbered = (2..10_000_u32).map(|count| format!("{stem}-{count}.pem"));
        std::iter::once(format!("{stem}.pem"))
            .chain(numbered)
            .find(|name| !is_taken(name))
            .unwrap_or_else(|| format!("{stem}.pem"))
    }

    fn speak(&self, side: Side, also: &Spoken) -> Vec<String> {
        let has = |protocols: &[String], wanted: &str| protocols.iter().any(|one| one == wanted);
        match (side, also) {
            (Side::Server, Spoken::Versions(_)) => vec!["ssl_protocols TLSv1.2 TLSv1.3;  # nginx".to_owned()],
            (Side::Client, Spoken::Versions(versions)) => {
                self.curl(if versions.contains(&TlsVersion::Tls13) {
                    "--tlsv1.2 --tls-max 1.3 "
                } else {
                    "--tlsv1.2 "
                })
            }
            (Side::Server, Spoken::Groups(groups)) if !groups.is_empty() => {
                vec![format!("ssl_ecdh_curve {}:auto;  # nginx", groups.join(":"))]
            }
            (Side::Client, Spoken::Groups(groups)) if !groups.is_empty() => {
                self.curl(&format!("--curves {} ", shell_quote(&groups.join(":"))))
            }
            (Side::Server, Spoken::Protocols(protocols)) if has(protocols, "h2") => {
                vec!["http2 on;  # nginx".to_owned()]
            }
            (Side::Client, Spoken::Protocols(protocols)) if has(protocols, "h2") => self.curl("--http2 "),
            (Side::Client, Spoken::Protocols(protocols)) if has(protocols, "http/1.1") => {
                self.curl("--http1.1 ")
            }
            _ => Vec::new(),
        }
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
        let out = self.free(&format!(
            "{}-{what}",
            without_endings(&stem(first, &self.stand_ins))
        ));
        (vec![joined(&pieces, &out)], out)
    }

    /// Certificates as parts of files: a whole file where all of it is wanted, in its own order.
    fn pieces(&self, certificates: &[LoadedCertificate]) -> Vec<PemPart> {
        let mut pieces = Vec::new();
        let mut rest = certificates;
        while let Some(first) = rest.first() {
            let Some(file) = &first.file else {
                pieces.push(PemPart::Whole(format!("{}.pem", stem(first, &self.stand_ins))));
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            if let Some(wrapping) = first.wrapping {
                let command = certificate_out_of(wrapping, file, &first.der);
                pieces.push(PemPart::Out(file.clone(), command));
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
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

/// The last part of a path, without its ending.
fn base_stem(file: &str) -> &str {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem)
}

/// Without what a fix adds to a name: what is called so already is not called so twice.
fn without_endings(mut stem: &str) -> &str {
    while let Some(shorter) = ["-chain", "-trust", "-key", "-new"]
        .iter()
        .find_map(|ending| stem.strip_suffix(ending))
        .filter(|shorter| !shorter.is_empty())
    {
        stem = shorter;
    }
    stem
}

/// `orders` for `certs/orders.pem`; for what was never in a file, and for a file that is called nothing or too long, that of the file
/// that stands for it.
fn stem(certificate: &LoadedCertificate, stand_ins: &HashMap<&Der, String>) -> String {
    let own = certificate.file.as_deref().map(base_stem);
    if let Some(stem) = own.filter(|stem| !stem.is_empty() && stem.len() <= 200) {
        return stem.to_owned();
    }
    let alone = || crate::diagnose::stand_ins([&certificate.der]).remove(&certificate.der);
    let name = stand_ins.get(&certificate.der).cloned().or_else(alone);
    base_stem(&name.unwrap_or_default()).to_owned()
}

#[cfg(test)]
mod tests;
