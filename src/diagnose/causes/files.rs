//! The user's own files in commands: where the certificate at fault lies, who issued it, what is to be sent or trusted in its
//! place; and the commands that take one certificate out of a file of several.

use super::beside::issuer_again;
use super::called::stand_in;
use super::grounds::{Grounds, Place};
use super::instead::list_command;
use super::naming::words_of;
use super::parts::Files;
use crate::capture::{AtHand, Der};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::{CA, Fill, Trait, resource_of, with_key};
use crate::diagnose::{CauseId, CertificateRef, ChainView, CheckKind, MatrixRow, Presence, Role};
use crate::pki::{CertificateFacts, PemPart, RevocationListFacts, fetched, is_address, joined, shell_file};
use crate::printable::quoted_value;

/// An intermediate that may have been forgotten, and that nobody here has.
pub(super) const UNKNOWN: &str = "INTERMEDIATE.pem";

/// The certificates that nobody sent and that complete the path, from the lowest upwards; a root need not be sent.
pub(super) fn missing<'a>(view: &ChainView, grounds: &Grounds<'a>) -> Vec<&'a AtHand> {
    let lying = |certificate: &CertificateRef| grounds.lying_at(&certificate.sha256, grounds.judge.peer());
    let drawn: Vec<&CertificateRef> = view
        .links
        .iter()
        .filter(|link| link.presence == Presence::AtHand)
        .filter_map(|link| link.certificate.as_ref())
        .collect();
    match &view.completes {
        // Another certificate of a CA that was sent: what is drawn is the issuer of the one that was.
        Some(twin) if !drawn.contains(&twin) => lying(twin).into_iter().collect(),
        _ => drawn.into_iter().filter_map(lying).collect(),
    }
}

/// Everything of files.
pub(super) fn with_files(
    fill: Fill,
    row: &MatrixRow,
    view: &ChainView,
    grounds: &Grounds<'_>,
    place: &Place<'_>,
) -> Fill {
    let files = Files::of(grounds);
    let made = files.made();
    let chain_file = made.chain.clone();
    let leaf_file = files.leaf_file();
    let resource = resource_of(&leaf_file);
    let mut fill = fill
        .with("leaf_file", leaf_file)
        .with("resource", resource.as_str())
        .with("chain_file", chain_file.as_str())
        .with("new", made.leaf.as_str())
        .with("new_trust", made.trust.as_str())
        .with("new_list", made.list.as_str());
    if let Some(file) = grounds.key_file {
        let form = (grounds.key_is_der, grounds.key_wrapping);
        fill = with_key(fill, file, form, |name| files.free(name));
    }
    if let Some(file) = files.trust_file() {
        fill = fill.with("trust_file", file);
    }
    let only_recorded = grounds.chain.iter().any(|der| files.is_on_the_wire_only(der));
    if only_recorded {
        fill = fill.with("recorded", "the recording");
    }
    if let Some(der) = grounds.chain.first()
        && files.sent(der).is_none()
        && let part @ PemPart::Out(..) = files.not_in_a_file(der)
    {
        let file = part.file().to_owned();
        fill = fill.with_prepared("leaf_file", file.as_str(), vec![joined(&[part], &file)]);
    }
    // Most tools read PEM only, and none an address.
    let leaf = grounds.chain.first().and_then(|der| files.sent(der));
    for (name, item) in [
        ("leaf_file", leaf),
        ("trust_file", files.trusted().first().copied()),
    ] {
        let Some(item) = item else { continue };
        match files.part(item) {
            part @ (PemPart::Der(_) | PemPart::Fetched(..)) => {
                let file = files.free(&format!("{}.pem", resource_of(part.file())));
                fill = fill.with_prepared(name, file.as_str(), vec![joined(&[part], &file)]);
            }
            PemPart::Out(from, _) if name == "trust_file" => {
                if let Some((file, command)) = files.trust_out_of(&from) {
                    fill = fill.with_prepared(name, file, vec![command]);
                }
            }
            PemPart::Out(..) => {
                let alone = files.alone(item);
                fill = fill.with_prepared(name, alone.file, vec![alone.take]);
            }
            PemPart::Whole(_) | PemPart::One(..) => {}
        }
    }
    fill = files.judged(fill, row, place);
    fill = files.issuer(fill, row, view, place, &chain_file);
    fill = files.list(fill, place);
    if row.cause == Some(CauseId::LeafNotFirst) {
        let parts = files.parts(grounds.holdings().in_order());
        fill = fill.with_command("in_order", joined(&parts, &chain_file));
    }
    fill
}

impl<'a> Files<'_, 'a> {
    /// The certificate at fault, what stands in its place once it is issued again, and its renewed twin.
    fn judged(&self, mut fill: Fill, row: &MatrixRow, place: &Place<'_>) -> Fill {
        let chain_file = self.made().chain.as_str();
        // OpenSSL reads a file's first certificate.
        let is_first = |item: &&AtHand| {
            item.entry == 0
                && item.line.is_some()
                && item.lies_in().is_none()
                && row.cause != Some(CauseId::SelfSignedNotTrusted)
        };
        match place.at_hand {
            Some(item) if is_first(&item) && item.file.as_deref().is_some_and(|file| !is_address(file)) => {
                fill = fill.with("file", item.file.clone().unwrap_or_default());
            }
            Some(item) => {
                let alone = self.alone(item);
                fill = fill.with("file", alone.file).with_command("take", alone.take);
            }
            None if place.der().is_some_and(|der| self.is_on_the_wire_only(der)) => {
                let part = place.der().map(|der| self.not_in_a_file(der));
                let file = part
                    .as_ref()
                    .map_or_else(String::new, |part| part.file().to_owned());
                let take = match part {
                    Some(part @ PemPart::Out(..)) => joined(&[part], &file),
                    _ => String::new(),
                };
                fill = fill.with("file", file).with_command("take", take);
            }
            None => {
                let read = place.der().filter(|_| place.facts().is_some());
                let unread = || format!("{}.pem", row.side.peer().word());
                let name = read.map_or_else(unread, |der| self.grounds.holdings().stand_in(der));
                fill = fill.with("file", name);
            }
        }
        let (Some(facts), Some(der)) = (place.facts(), place.der()) else {
            return fill;
        };
        let is_leaf = row.role == Role::Leaf;
        fill = self.twin(fill, row, facts, chain_file);
        if facts.is_self_issued() {
            fill = fill.with_trait(Trait::SelfSigned).with_command(
                "join_self_trust",
                self.trust_with(der, PemPart::Whole(format!("{}.pem", self.made().leaf))),
            );
        }
        let of_another = |key: &[u8]| {
            let belongs = |item: &&AtHand| {
                item.der != *der
                    && Certificate::read(&item.der)
                        .facts()
                        .is_some_and(|facts| facts.spki == key)
            };
            self.grounds.at_hand.iter().find(belongs)
        };
        if row.cause == Some(CauseId::KeyMismatch)
            && let Some(item) = self.grounds.key_in_use.and_then(of_another)
        {
            fill = fill
                .with_trait(Trait::KeyOfAnother)
                .with("key_of", words_of(item));
        }
        if row.cause == Some(CauseId::WeakKey) && row.check == CheckKind::Signature {
            fill = fill.with_trait(Trait::WeakIssuer);
        }
        if row.cause == Some(CauseId::SelfSignedNotTrusted)
            && let Some(item) = place.at_hand
        {
            let mut trust = self.parts_of_trust();
            trust.push(self.part(item));
            fill = fill.with_command(
                "join_own_trust",
                joined(&self.collapsed(&trust), &self.made().trust),
            );
        }
        let ca_resource = resource_of(&stand_in(&facts.display_name));
        let ca_new = self.free_stem(&format!("{ca_resource}-new"));
        let order = self.ordered();
        let replaced = |old: &Der, new: PemPart| {
            let each: Vec<PemPart> = order
                .iter()
                .map(|one| {
                    if one == old {
                        new.clone()
                    } else {
                        self.part_of(one)
                    }
                })
                .collect();
            joined(&self.collapsed(&each), chain_file)
        };
        if let Some(leaf) = order.first() {
            let new = PemPart::Whole(format!("{}.pem", self.made().leaf));
            fill = fill.with_command("new_chain", replaced(leaf, new));
        }
        if !is_leaf {
            let new = PemPart::Whole(format!("{ca_new}.pem"));
            fill = fill
                .with_trait(Trait::Ca)
                .with("constraints", self.constraints(row, facts, der))
                .with_command("new_ca_chain", replaced(der, new))
                .with_command(
                    "join_new_root",
                    self.trust_with(der, PemPart::Whole(format!("{ca_new}.pem"))),
                );
            if let Some(id) = self.key_id_of(facts) {
                // What it signed names it by this (RFC 5280 §4.2.1.1): however the ID was made, it stays.
                fill = fill.with("key_id", hex::encode_upper(id));
            }
        }
        fill = fill.with("ca_resource", ca_resource).with("ca_new", ca_new);
        if let Some(twin) = self.renewed(facts, der) {
            fill = fill
                .with_trait(Trait::Renewed)
                .with("renewed", words_of(twin))
                .with_command("use_renewed", replaced(der, self.part(twin)));
        }
        fill
    }

    /// basicConstraints for a CA that is issued again: as before, but with room for the CAs that stand below it.
    fn constraints(&self, row: &MatrixRow, facts: &CertificateFacts, der: &Der) -> String {
        let below = self
            .grounds
            .chain
            .iter()
            .position(|one| one == der)
            .map_or(0, |at| at.saturating_sub(1));
        let limit = match facts.path_len {
            Some(_) if row.cause == Some(CauseId::PathLengthExceeded) => u32::try_from(below).ok(),
            other => other,
        };
        limit.map_or_else(
            || "critical,CA:TRUE".to_owned(),
            |limit| format!("critical,CA:TRUE,pathlen:{limit}"),
        )
    }

    /// A certificate of the same name and key that is valid where this one is not.
    fn renewed(&self, facts: &CertificateFacts, der: &Der) -> Option<&'a AtHand> {
        let clock = self.grounds.clock();
        if facts.is_valid_at(clock) {
            return None;
        }
        let twin = self.grounds.at_hand.iter().find(|item| {
            item.der != *der
                && Certificate::read(&item.der).facts().is_some_and(|other| {
                    other.subject_der == facts.subject_der
                        && other.spki == facts.spki
                        && other.is_valid_at(clock)
                })
        })?;
        self.anywhere(&twin.der)
    }

    /// Whoever issued the certificate at fault, and what nobody sent.
    fn issuer(
        &self,
        mut fill: Fill,
        row: &MatrixRow,
        view: &ChainView,
        place: &Place<'_>,
        chain_file: &str,
    ) -> Fill {
        let mut trust = self.parts_of_trust();
        // Where a CA stands in the leaf's place, it is the leaf that is to be issued again.
        let child = if row.role == Role::Leaf {
            self.ordered().first()
        } else {
            place.der()
        };
        let child = child.map(Certificate::read);
        let issuer = child.as_ref().and_then(|child| {
            // A signature by a key that is too weak, or in a way that is no longer safe, rustls cannot check: then the name tells.
            let is_weak = row.cause == Some(CauseId::WeakKey) && row.check == CheckKind::Signature
                || row.cause == Some(CauseId::WeakSignature);
            self.true_issuer(child)
                .or_else(|| self.named_issuer(child).filter(|_| is_weak))
        });
        let facts = child.as_ref().and_then(Certificate::facts);
        let name = facts.map_or_else(
            || "the issuer".to_owned(),
            |facts| facts.issuer_display_name.clone(),
        );
        let meaning = if facts.is_some_and(CertificateFacts::is_self_issued) {
            format!(
                "the certificate of a CA that the {} trusts",
                self.grounds.judge.word()
            )
        } else {
            format!("the certificate of {}", quoted_value(&name))
        };
        fill = fill.with("ca_meaning", meaning);
        if let Some(item) = issuer {
            let mut alone = self.alone(item);
            // A CA may be called as its issuer is.
            if !alone.take.is_empty() && fill.value("file") == Some(alone.file.as_str()) {
                alone.file = self.free("issuer.pem");
                alone.take = joined(&[self.part(item)], &alone.file);
            }
            trust.push(PemPart::Whole(alone.file.clone()));
            if row.role == Role::Leaf {
                fill = self.with_its_issuer(fill, item, &alone.file, chain_file);
            }
            fill = fill
                .with("ca_file", alone.file.clone())
                .with("issuer_file", alone.file)
                .with_command("take_ca", alone.take.clone())
                .with_command("take_issuer", alone.take);
            let read = Certificate::read(&item.der);
            if read.facts().is_some_and(|facts| facts.subject_key_id.is_none()) {
                // OpenSSL cannot write a key identifier that is not there, and leaves an empty file.
                fill = fill.with_command("authority", "");
            }
            fill = self.new_ca(fill, &read, item);
            fill = issuer_again(fill, row, child.as_ref(), &read);
            let is_root = read.facts().is_some_and(CertificateFacts::is_self_issued);
            fill = if is_root {
                fill.with_trait(Trait::IssuerIsTop)
            } else {
                fill.with_trait(Trait::IssuerIsBelow)
                    .with_command("partial_chain", " -partial_chain")
            };
        } else {
            trust.push(PemPart::Whole(CA.to_owned()));
        }
        let absent: Vec<&AtHand> = missing(view, self.grounds)
            .into_iter()
            .filter_map(|item| self.anywhere(&item.der))
            .collect();
        let mut chain = self.parts(self.grounds.chain);
        let mut files: Vec<String> = Vec::new();
        // An address is no file; what is fetched is in the leaf's file by then.
        for part in chain
            .iter()
            .filter(|part| !is_address(part.file()) && !matches!(part, PemPart::Out(..)))
        {
            let file = format!(" -untrusted {}", shell_file(part.file()));
            if !files.contains(&file) {
                files.push(file);
            }
        }
        // Of a leaf alone, the file that it is taken out to is what was sent.
        if chain.len() > 1 && chain.iter().any(|part| matches!(part, PemPart::Out(..))) {
            let file = self.free("sent-chain.pem");
            fill = fill
                .with_prepared("untrusted_file", file.as_str(), vec![joined(&chain, &file)])
                .with_template("untrusted", " -untrusted {untrusted_file}");
        } else if !files.is_empty() {
            fill = fill.with_command("untrusted", files.concat());
        }
        if let [_, _, ..] = absent.as_slice() {
            let parts: Vec<PemPart> = absent.iter().map(|item| self.part(item)).collect();
            let file = self.free("intermediates.pem");
            fill = fill
                .with_command("take_issuer", joined(&parts, &file))
                .with("issuer_file", file);
        } else if let Some(item) = absent.first() {
            let mut alone = self.alone(item);
            if !alone.take.is_empty() && fill.value("file") == Some(alone.file.as_str()) {
                alone.file = self.free("intermediate.pem");
                alone.take = joined(&[self.part(item)], &alone.file);
            }
            fill = fill
                .with_command("take_issuer", alone.take)
                .with("issuer_file", alone.file);
        }
        let mut with_unknown = chain.clone();
        with_unknown.push(PemPart::Whole(UNKNOWN.to_owned()));
        let issuer_file = fill.value("issuer_file").unwrap_or(CA);
        chain.push(PemPart::Whole(issuer_file.to_owned()));
        fill.with_command("join_trust", joined(&self.collapsed(&trust), &self.made().trust))
            .with_command("join_chain", joined(&self.collapsed(&chain), chain_file))
            .with_command("join_unknown", joined(&self.collapsed(&with_unknown), chain_file))
    }

    /// The judge's revocation list that speaks, or should speak, for the certificate at fault.
    fn list(&self, fill: Fill, place: &Place<'_>) -> Fill {
        let lists = self
            .grounds
            .trust
            .map(|trust| trust.revocation.lists.as_slice())
            .unwrap_or_default();
        let issuer = place.facts().map(|facts| &facts.issuer_der);
        let is_its_issuers = |der: &Der| {
            RevocationListFacts::from_der(der.as_bytes()).is_ok_and(|list| Some(&list.issuer_der) == issuer)
        };
        let fill = lists
            .iter()
            .filter(|list| list.wrapping.is_none())
            .filter_map(|list| list.file.clone())
            .fold(fill, Fill::with_proper);
        let fill = self.with_all_lists(fill, lists, &is_its_issuers);
        let Some((at, list)) = lists
            .iter()
            .enumerate()
            .find(|(_, list)| is_its_issuers(&list.der))
            .or_else(|| lists.iter().enumerate().next())
        else {
            return fill;
        };
        let Some(file) = &list.file else { return fill };
        if is_address(file) {
            let out = self.free("list.crl");
            let take = format!("{} -o {}", fetched(file), shell_file(&out));
            return fill.with("list_file", out).with_command("take_list", take);
        }
        let entry = lists
            .iter()
            .take(at)
            .filter(|other| other.file == list.file)
            .count();
        if entry == 0 && list.wrapping.is_none() {
            return fill.with("list_file", file);
        }
        let out = self.free("list.pem");
        let Some(print) = list_command(list, file, entry) else {
            return fill;
        };
        let take = format!("{print} > {}", shell_file(&out));
        fill.with("list_file", out).with_command("take_list", take)
    }
}
