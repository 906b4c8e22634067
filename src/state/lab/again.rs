//! Reading a set-up's files again before each run: they may have been mended since.

use std::path::{Path, PathBuf};

use super::passphrases::{Refused, Rereading, Unread};
use super::setup::Setup;
use super::slot::{SetupSlot, Slot, Source};
use crate::capture::Side;
use crate::pki;

/// Reads every file of the set-up again: it may have been mended since.
pub(super) fn read_again(setup: &mut Setup) -> Result<Vec<(Side, SetupSlot, Slot)>, Vec<Refused>> {
    let mut again = Vec::new();
    let mut refused = Vec::new();
    let known = setup.passphrases.clone();
    let mut files = Rereading::new(&known);
    for (side, slot, content) in setup.slots() {
        let Source::File(path) = &content.source else {
            continue;
        };
        let read = if content.is_picked {
            read_picked(content, slot, &mut files)
        } else {
            read_all(path, content, &mut files)
                .and_then(|bundle| Ok(Slot::of_bundle(slot, content.source.clone(), &bundle)?))
        };
        match read {
            Ok(content) => again.push((side, slot, content)),
            Err(unread) => refused.push(unread.at(side, slot)),
        }
    }
    refused.extend(super::lists::read_again(setup, &mut files));
    if !refused.is_empty() {
        return Err(refused);
    }
    for (side, slot, content) in &again {
        *setup.slot_mut(*side, *slot) = content.clone();
    }
    Ok(again)
}

/// A slot's file, and every other that its certificates came from: the command line may name several.
fn read_all(first: &Path, content: &Slot, files: &mut Rereading<'_>) -> Result<pki::Bundle, Unread> {
    let mut paths = vec![first.to_path_buf()];
    for file in content.certificates.iter().filter_map(|one| one.file.as_ref()) {
        let path = PathBuf::from(file);
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let mut all = pki::Bundle::default();
    for path in paths {
        let bundle = files.file(&path)?.clone();
        all.certificates.extend(bundle.certificates);
        all.keys.extend(bundle.keys);
        all.recognised.extend(bundle.recognised);
        all.notes.extend(bundle.notes);
    }
    Ok(all)
}

/// Reads a picked slot's files again and picks the same places. `Err` says what is gone.
fn read_picked(slot: &Slot, kind: SetupSlot, files: &mut Rereading<'_>) -> Result<Slot, Unread> {
    let mut again = if let Some(key) = &slot.key {
        let Some(file) = &key.file else {
            return Ok(slot.clone());
        };
        let is_there = |other: &&pki::LoadedKey| other.line == key.line && other.within == key.within;
        let found = files.file(Path::new(file))?.keys.iter().find(is_there).cloned();
        let found = found.ok_or_else(|| {
            format!("{file}: the private key is no longer where it was; load the file again")
        })?;
        Slot::of_key(slot.source.clone(), found)
    } else {
        let mut certificates = Vec::new();
        for certificate in slot.certificates.iter() {
            let Some(file) = &certificate.file else {
                certificates.push(certificate.clone());
                continue;
            };
            let found = files.file(Path::new(file))?.certificates.get(certificate.entry);
            certificates.push(found.cloned().ok_or_else(|| {
                format!(
                    "{file}: it no longer holds a certificate {}; load the file again",
                    certificate.entry + 1
                )
            })?);
        }
        Slot::of_certificates(kind, slot.source.clone(), certificates)
    };
    again.is_picked = true;
    Ok(again)
}

#[cfg(test)]
mod tests;
