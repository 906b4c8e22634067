//! What was handed over is read and sorted out: files that come together as the parts of one thing, as a folder is.

use std::path::Path;

use super::closed::Closed;
use super::distribute::Found;
use super::lists;
use super::offer::Offer;
use super::setup::Setup;
use super::slot::{SetupSlot, Source, file_name};
use super::sort;
use super::sorted::Sorted;
use super::told;
use crate::capture::Side;
use crate::pki::{self, Bundle, Passphrases};

/// Reads everything with the passphrases that are known for it, and finds its place.
pub(super) fn read_all(offers: &[Offer], target: Option<(Side, SetupSlot)>, setup: &Setup) -> Vec<Sorted> {
    let read: Vec<(&Offer, Read)> = offers
        .iter()
        .map(|offer| (offer, Read::of(offer, target, setup)))
        .collect();
    let parts = target.is_none().then(|| parts(&read, setup)).flatten();
    let mut sorted = Vec::new();
    for (offer, read) in read {
        match read {
            Read::Sorted(one) => sorted.push(one),
            // It has its place among the parts.
            Read::Held(bundle) if parts.is_some() && is_part(offer, &bundle) => {
                let nothing_more = Sorted::Several(Vec::new());
                sorted.push(told::with_remarks(&bundle, offer, nothing_more));
            }
            Read::Held(bundle) => sorted.push(place(offer, &bundle, target, setup)),
        }
    }
    // What else is asked stands behind what was placed.
    parts.into_iter().chain(sorted).collect()
}

/// What one of them is.
enum Read {
    /// It holds these.
    Held(Bundle),
    /// It is sorted out already: a folder, or what is closed or refused.
    Sorted(Sorted),
}

impl Read {
    fn of(offer: &Offer, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Self {
        if let Offer::File(path) = offer
            && path.is_dir()
        {
            return Self::Sorted(folder(path, target, setup));
        }
        load(offer, target, &setup.passphrases.of(offer.path())).map_or_else(Self::Sorted, Self::Held)
    }
}

fn is_part(offer: &Offer, bundle: &Bundle) -> bool {
    matches!(offer, Offer::File(_)) && !bundle.has_status()
}

/// Files that come together belong together: a certificate, its key and its CA are sorted out as those of a folder are. `None`
/// where each tells its place by itself.
fn parts(read: &[(&Offer, Read)], setup: &Setup) -> Option<Sorted> {
    let mut bundle = Bundle::default();
    let mut files = 0;
    for (offer, one) in read {
        if let Read::Held(held) = one
            && is_part(offer, held)
        {
            bundle.add_file(held.clone());
            bundle.meant_for = bundle.meant_for.or_else(|| held.meant_for.clone());
            files += 1;
        }
    }
    let sorted = pki::sorted(&bundle);
    let leaf = sorted.presented.first().and_then(|one| one.chain.first());
    let name = leaf
        .and_then(|leaf| leaf.file.as_deref())
        .map(|file| file_name(Path::new(file)))?;
    let found = Found {
        name: &name,
        sorted,
        meant_for: sort::meant_for(&bundle),
    };
    let belongs_together = files > 1 && (found.has_several() || found.has_trust_beside());
    belongs_together.then(|| found.distributed(None, setup))
}

/// Reads one with these passphrases, and finds its place.
pub(super) fn read_with(
    offer: &Offer,
    target: Option<(Side, SetupSlot)>,
    setup: &Setup,
    passphrases: &Passphrases,
) -> Sorted {
    load(offer, target, passphrases)
        .map_or_else(|sorted| sorted, |bundle| place(offer, &bundle, target, setup))
}

fn load(
    offer: &Offer,
    target: Option<(Side, SetupSlot)>,
    passphrases: &Passphrases,
) -> Result<Bundle, Sorted> {
    let read = match offer {
        Offer::File(path) | Offer::Lists(_, path) => pki::read_file_with(path, passphrases),
        Offer::Text(text) => pki::read_text_with(text, passphrases),
    };
    read.map_err(|error| {
        Closed::of(&error, offer, target).map_or_else(
            || Sorted::Refuse(error.to_string()),
            |closed| Sorted::Closed(Box::new(closed)),
        )
    })
}

fn place(offer: &Offer, bundle: &Bundle, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    let sorted = match offer {
        Offer::Lists(side, path) => lists::chosen(*side, path, bundle, setup),
        Offer::File(path) => sort::sort(bundle, &Source::File(path.clone()), target, setup),
        Offer::Text(_) => sort::sort(bundle, &Source::Pasted, target, setup),
    };
    told::with_remarks(bundle, offer, sorted)
}

/// All that a folder holds. Each file that is closed is asked for, and goes where it belongs by itself.
fn folder(path: &Path, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    let folder = match pki::read_folder(path, &setup.passphrases.all()) {
        Ok(folder) => folder,
        Err(error) => return Sorted::Refuse(error.to_string()),
    };
    let name = file_name(path);
    let found = Found {
        name: &name,
        sorted: pki::sorted(&folder.bundle),
        meant_for: None,
    };
    let mut all = Vec::new();
    let is_empty = folder.bundle.certificates.is_empty() && folder.bundle.keys.is_empty();
    if let Some(lists) = lists::found(
        &folder.bundle,
        &Source::File(path.to_owned()),
        target.map(|(side, _)| side),
        setup,
    ) {
        all.push(Sorted::Lists(Box::new(lists), None));
    }
    if !is_empty {
        all.push(found.distributed(target, setup));
    }
    all.extend(folder.closed.iter().filter_map(|(file, error)| {
        let closed = Closed::of(error, &Offer::File(file.clone()), target)?;
        Some(Sorted::Closed(Box::new(closed)))
    }));
    if all.is_empty() {
        return Sorted::Refuse(format!(
            "{}: no file in this folder holds a certificate or a key; choose the folder or the file that does",
            path.display()
        ));
    }
    Sorted::Told(told::of_folder(&folder, &found), Box::new(Sorted::Several(all)))
}

#[cfg(test)]
mod tests;
