//! The built-in identities as files, by the names that remedies call them: a remedy can then be run as it is printed.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use base64::Engine;

use super::outcome::Unusable;
use crate::capture::Side;
use crate::diagnose::stand_ins;
use crate::pki::LoadedCertificate;
use crate::printable::quoted_path;
use crate::setup::LabSetup;

/// Writes what of this set-up is in no file. Nothing that exists is written over. Returns the names.
pub(super) fn write_built_in(setup: &LabSetup, folder: &Path) -> Result<Vec<String>, Unusable> {
    std::fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
    let unfiled = || {
        let all = Side::BOTH
            .into_iter()
            .flat_map(|side| setup.chain(side).iter().chain(&setup.parties.of(side).trust));
        all.filter(|one| one.file.is_none()).map(|one| &one.der)
    };
    let names = stand_ins(unfiled());
    let name = |one: &LoadedCertificate| names.get(&one.der).cloned().unwrap_or_default();
    let mut files: Vec<(String, String)> = Vec::new();
    let mut add = |name: String, text: String| {
        if files.iter().all(|(known, _)| *known != name) {
            files.push((name, text));
        }
    };
    for side in Side::BOTH {
        let party = setup.parties.of(side);
        for one in setup.chain(side).iter().chain(&party.trust) {
            if one.file.is_none() {
                add(name(one), pem("CERTIFICATE", one.der.as_bytes()));
            }
        }
        if let (Some(leaf), Some(key)) = (setup.chain(side).first(), setup.key(side))
            && key.file.is_none()
        {
            let stem = name(leaf);
            let stem = stem.trim_end_matches(".pem");
            add(
                format!("{stem}.key"),
                pem("PRIVATE KEY", key.key.der.secret_der()),
            );
        }
    }
    for (name, text) in &files {
        let path = folder.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(|error| unusable(&path, &error))?;
        file.write_all(text.as_bytes())
            .map_err(|error| unusable(&path, &error))?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

fn unusable(path: &Path, error: &std::io::Error) -> Unusable {
    Unusable(format!(
        "{}: it cannot be written ({error}); give --write-built-in a new folder",
        quoted_path(path)
    ))
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for (place, letter) in text.chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            out.push('\n');
        }
        out.push(letter);
    }
    out.push_str(&format!("\n-----END {label}-----\n"));
    out
}
