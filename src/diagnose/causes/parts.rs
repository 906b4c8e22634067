//! Certificates as parts of the user's files: where each lies, and what is to be taken out or joined.

use std::collections::HashSet;

use super::called::{display_name, stand_in};
use super::grounds::Grounds;
use crate::capture::{AtHand, Der};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::{chain_file_of, resource_of};
use crate::pki::{
    PemPart, Wrapping, certificate_out_of, certificates_out_of, is_address, joined, shell_file,
};

/// A longer command is none to paste.
pub(super) const LONGEST_COMMAND: usize = 32 * 1024;

/// The files at hand, asked for what commands need.
pub(super) struct Files<'g, 'a> {
    pub grounds: &'g Grounds<'a>,
    /// What commands make: nothing else is called so.
    made: Made,
}

/// The files that commands make, under names that no file at hand has.
#[derive(Default)]
pub(super) struct Made {
    /// The sender's chain as it is to be sent.
    pub chain: String,
    /// What the leaf is issued again as, without an ending.
    pub leaf: String,
    /// What the judge is to trust.
    pub trust: String,
    /// A revocation list.
    pub list: String,
}

/// A certificate in a file of its own: the command that puts it there, empty where it lies so already, and the file.
pub(super) struct Alone {
    pub take: String,
    pub file: String,
}

impl<'g, 'a> Files<'g, 'a> {
    pub(super) fn of(grounds: &'g Grounds<'a>) -> Self {
        let mut files = Self {
            grounds,
            made: Made::default(),
        };
        let leaf = files.leaf_file();
        files.made = Made {
            chain: files.free(&chain_file_of(&leaf)),
            leaf: files.free_stem(&format!("{}-new", resource_of(&leaf))),
            trust: files.free("new-trust.pem"),
            list: files.free("new-list.pem"),
        };
        files
    }

    pub(super) fn made(&self) -> &Made {
        &self.made
    }

    /// The file of the certificate that the sender presents as its own.
    pub(super) fn leaf_file(&self) -> String {
        let Some(leaf) = self.grounds.chain.first() else {
            return format!("{}.pem", self.grounds.judge.peer().word());
        };
        let item = self.sent(leaf);
        if item.is_none() && self.is_on_the_wire_only(leaf) {
            return self.file_from_the_wire(leaf);
        }
        item.and_then(|item| item.file.clone())
            .unwrap_or_else(|| self.grounds.holdings().stand_in(leaf))
    }

    /// Whether nobody has a file of a certificate that a recording of packets holds.
    pub(super) fn is_on_the_wire_only(&self, der: &Der) -> bool {
        self.grounds.is_from_packets && self.anywhere(der).is_none()
    }

    /// The name of a file for what a recording holds.
    pub(super) fn file_from_the_wire(&self, der: &Der) -> String {
        self.free(&self.grounds.holdings().stand_in(der))
    }

    /// A certificate that was sent and lies in no file of the sender's: as a recording of packets holds it, else a file that stands
    /// for it.
    pub(super) fn not_in_a_file(&self, der: &Der) -> PemPart {
        if !self.is_on_the_wire_only(der) {
            return PemPart::Whole(self.grounds.holdings().stand_in(der));
        }
        let command = certificate_out_of(Wrapping::Other, "", der.as_bytes());
        if command.len() > LONGEST_COMMAND {
            return PemPart::Whole(self.grounds.holdings().stand_in(der));
        }
        PemPart::Out(self.file_from_the_wire(der), command)
    }

    pub(super) fn trust_file(&self) -> Option<String> {
        let first = self.trusted().first().and_then(|item| item.file.clone());
        let root = || {
            let root = self.grounds.trust?.roots.first()?;
            Some(self.grounds.holdings().stand_in(root))
        };
        first.or_else(root)
    }

    pub(super) fn trusted(&self) -> &'g [&'a AtHand] {
        self.grounds.holdings().trusted()
    }

    /// Where what the sender presents lies in its own files.
    pub(super) fn sent(&self, der: &Der) -> Option<&'a AtHand> {
        self.grounds.holdings().sent(der)
    }

    /// A name that no file at hand has, and none that commands make.
    pub(super) fn free(&self, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "pem"));
        self.free_of(stem, &[ending]) + "." + ending
    }

    /// The same of a name without an ending, for a certificate, its key, a request and its extensions.
    pub(super) fn free_stem(&self, stem: &str) -> String {
        self.free_of(stem, &["pem", "key", "csr", "ext"])
    }

    fn free_of(&self, stem: &str, endings: &[&str]) -> String {
        let is_free = |stem: &String| {
            endings
                .iter()
                .all(|ending| !self.is_taken(&format!("{stem}.{ending}")))
        };
        let numbered = (2..10_000_u32).map(|count| format!("{stem}-{count}"));
        std::iter::once(stem.to_owned())
            .chain(numbered)
            .find(is_free)
            .unwrap_or_else(|| stem.to_owned())
    }

    fn is_taken(&self, name: &str) -> bool {
        let made = &self.made;
        let ours = [&made.chain, &made.trust, &made.list];
        ours.into_iter().any(|file| file == name)
            || name.strip_suffix(".pem") == Some(made.leaf.as_str())
            || self.grounds.holdings().has_file(name)
    }

    fn count_in(&self, file: &str) -> usize {
        self.grounds.holdings().count_in(file)
    }

    pub(super) fn part(&self, item: &AtHand) -> PemPart {
        let Some(file) = &item.file else {
            return PemPart::Whole(self.grounds.holdings().stand_in(&item.der));
        };
        if let Some(wrapping) = item.lies_in() {
            let command = certificate_out_of(wrapping, file, item.der.as_bytes());
            return PemPart::Out(file.clone(), command);
        }
        if is_address(file) {
            PemPart::Fetched(file.clone(), item.line.map(|_| item.entry))
        } else if item.line.is_none() {
            PemPart::Der(file.clone())
        } else if self.count_in(file) == 1 {
            PemPart::Whole(file.clone())
        } else {
            PemPart::One(file.clone(), item.entry)
        }
    }

    /// A certificate of the chain as a part of a file: the sender's own, else whoever's holds the same bytes, for a command runs
    /// where those lie; else of a file that stands for it.
    pub(super) fn part_of(&self, der: &Der) -> PemPart {
        match self.sent(der).or_else(|| self.anywhere(der)) {
            Some(item) => self.part(item),
            None => self.not_in_a_file(der),
        }
    }

    /// Certificates as parts of files; a file of which everything is wanted, in its own order, as a whole.
    pub(super) fn parts(&self, chain: &[Der]) -> Vec<PemPart> {
        let each: Vec<PemPart> = chain.iter().map(|der| self.part_of(der)).collect();
        self.collapsed(&each)
    }

    pub(super) fn collapsed(&self, each: &[PemPart]) -> Vec<PemPart> {
        let mut parts = Vec::new();
        let mut seen = HashSet::new();
        let mut rest = each;
        while let Some(first) = rest.first() {
            let mut taken = 1;
            let mut part = first.clone();
            if let PemPart::One(file, 0) = first {
                let run = rest
                    .iter()
                    .enumerate()
                    .take_while(
                        |(at, one)| matches!(one, PemPart::One(other, entry) if other == file && entry == at),
                    )
                    .count();
                if run == self.count_in(file) {
                    part = PemPart::Whole(file.clone());
                    taken = run;
                }
            }
            if seen.insert(part.clone()) {
                parts.push(part);
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        parts
    }

    /// Where a certificate lies, whoever has it: in a file of its own, if it can be.
    pub(super) fn anywhere(&self, der: &Der) -> Option<&'a AtHand> {
        self.grounds.holdings().anywhere(der)
    }

    /// A certificate in a file of its own, made where there is none.
    pub(super) fn alone(&self, item: &AtHand) -> Alone {
        match self.part(item) {
            PemPart::Whole(file) => Alone {
                take: String::new(),
                file,
            },
            part => {
                let file = self.free(&stand_in(&display_name(&item.der)));
                Alone {
                    take: joined(&[part], &file),
                    file,
                }
            }
        }
    }

    /// The certificate at hand that made the signature on this one.
    pub(super) fn true_issuer(&self, child: &Certificate) -> Option<&'a AtHand> {
        let issuer = self.grounds.holdings().true_issuer(child)?;
        self.anywhere(&issuer.der)
    }

    /// The trusted certificates of a container in a file of their own; `None` where the command would be too long to paste.
    pub(super) fn trust_out_of(&self, from: &str) -> Option<(String, String)> {
        let of_it = |item: &&&AtHand| item.file.as_deref() == Some(from);
        let items: Vec<&AtHand> = self.trusted().iter().filter(of_it).copied().collect();
        let file = self.free(&format!("{}-trust.pem", resource_of(from)));
        let wrapping = items.first()?.lies_in()?;
        let all = certificates_out_of(wrapping, from).filter(|_| items.len() == self.count_in(from));
        let command = if let Some(all) = all {
            format!("{all} > {}", shell_file(&file))
        } else {
            let parts: Vec<PemPart> = items.iter().map(|item| self.part(item)).collect();
            joined(&parts, &file)
        };
        (command.len() <= LONGEST_COMMAND).then_some((file, command))
    }

    /// The one container that is trusted as it is, with everything in it.
    fn whole_container_of_trust(&self) -> Option<PemPart> {
        let first = self.trusted().first()?;
        let from = first.file.as_deref()?;
        let is_whole = self.trusted().len() == self.count_in(from)
            && self
                .trusted()
                .iter()
                .all(|item| item.file.as_deref() == Some(from));
        let command = certificates_out_of(first.lies_in()?, from).filter(|_| is_whole)?;
        Some(PemPart::Out(from.to_owned(), command))
    }

    pub(super) fn parts_of_trust(&self) -> Vec<PemPart> {
        if let Some(whole) = self.whole_container_of_trust() {
            return vec![whole];
        }
        let each: Vec<PemPart> = self.trusted().iter().map(|item| self.part(item)).collect();
        let parts = self.collapsed(&each);
        if parts.is_empty() {
            let file = self.trust_file();
            return file.map(PemPart::Whole).into_iter().collect();
        }
        parts
    }

    /// What the sender presents, the leaf first even where a CA stands there.
    pub(super) fn ordered(&self) -> &'g [Der] {
        self.grounds.holdings().ordered()
    }
}
