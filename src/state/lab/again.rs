//! Reading a set-up's files again before each run: they may have been mended since.

use std::path::{Path, PathBuf};

use super::setup::Setup;
use super::slot::{SetupSlot, Slot, Source};
use crate::capture::Side;
use crate::pki;

/// Reads every file of the set-up again: it may have been mended since.
#[allow(clippy::type_complexity, reason = "slots, or sentences, each with its place")]
pub(super) fn read_again(
    setup: &mut Setup,
) -> Result<Vec<(Side, SetupSlot, Slot)>, Vec<(Side, SetupSlot, String)>> {
    let mut again = Vec::new();
    let mut refused = Vec::new();
    for (side, slot, content) in setup.slots() {
        let Source::File(path) = &content.source else {
            continue;
        };
        let read = if content.is_picked {
            content.read_picked(slot)
        } else {
            read_all(path, content).and_then(|bundle| Slot::of_bundle(slot, content.source.clone(), &bundle))
        };
        match read {
            Ok(content) => again.push((side, slot, content)),
            Err(sentence) => refused.push((side, slot, sentence)),
        }
    }
    refused.extend(super::lists::read_again(setup));
    if !refused.is_empty() {
        return Err(refused);
    }
    for (side, slot, content) in &again {
        *setup.slot_mut(*side, *slot) = content.clone();
    }
    Ok(again)
}

/// A slot's file, and every other that its certificates came from: the command line may name several.
fn read_all(first: &Path, content: &Slot) -> Result<pki::Bundle, String> {
    let mut paths = vec![first.to_path_buf()];
    for file in content.certificates.iter().filter_map(|one| one.file.as_ref()) {
        let path = PathBuf::from(file);
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let mut all = pki::Bundle::default();
    for path in paths {
        let bundle = pki::read_file(&path).map_err(|error| error.to_string())?;
        all.certificates.extend(bundle.certificates);
        all.keys.extend(bundle.keys);
    }
    Ok(all)
}
