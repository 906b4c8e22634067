//! What takes the place of something: a CA with a new key, a trust store with it, revocation lists with a new one among them.

use super::called::stand_in;
use super::parts::{Files, LONGEST_COMMAND};
use crate::capture::{AtHand, Der, RevocationFile};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::{Fill, resource_of};
use crate::pki::{
    CertificateFacts, PemPart, fetched, is_address, joined, kept_extensions, list_out_of, one_of_several,
    openssl_subject, shell_file,
};

impl<'a> Files<'_, 'a> {
    /// The certificate at hand that bears the name of a certificate's issuer, and its key identifier where there is one.
    pub(super) fn named_issuer(&self, child: &Certificate) -> Option<&'a AtHand> {
        let mut all = self.grounds.at_hand.iter();
        let found = all.find(|item| {
            let read = Certificate::read(&item.der);
            let wants_no_key = child.facts().is_none_or(|facts| facts.authority_key_id.is_none());
            child.names_as_issuer(&read) && (wants_no_key || child.names_key_of(&read))
        })?;
        self.anywhere(&found.der)
    }

    /// A CA with a new key in place of the issuer: its name, who signs it, and what is trusted then.
    pub(super) fn new_ca(&self, mut fill: Fill, read: &Certificate, item: &AtHand) -> Fill {
        let Some(facts) = read.facts() else { return fill };
        let new_ca = self.free_stem(&format!("{}-new", resource_of(&stand_in(&facts.display_name))));
        if let Some(subject) = openssl_subject(&facts.subject_der).filter(|subject| subject != "/") {
            fill = fill.with("issuer_subj", subject);
        }
        fill = self.issuer_as_before(fill, facts, &item.der);
        if !facts.is_self_issued()
            && let Some(upper) = self.true_issuer(read)
        {
            let mut alone = self.alone(upper);
            if !alone.take.is_empty() && fill.value("ca_file") == Some(alone.file.as_str()) {
                alone.file = self.free("upper-ca.pem");
                alone.take = joined(&[self.part(upper)], &alone.file);
            }
            fill = fill
                .with("upper_ca", alone.file)
                .with_command("take_upper_ca", alone.take);
            let has_id = Certificate::read(&upper.der)
                .facts()
                .is_some_and(|facts| facts.subject_key_id.is_some());
            if has_id {
                fill = fill.with_command("upper_authority", " authorityKeyIdentifier=keyid");
            }
        }
        fill = fill.with_command("new_ca_leaf_chain", self.chain_from(&item.der, &new_ca));
        fill.with_command(
            "join_new_trust",
            self.trust_with(&item.der, PemPart::Whole(format!("{new_ca}.pem"))),
        )
        .with("new_ca", new_ca)
    }

    /// What the issuer's certificate says, for one that takes its place.
    fn issuer_as_before(&self, mut fill: Fill, facts: &CertificateFacts, der: &Der) -> Fill {
        let mut usage = facts.key_usage.unwrap_or_default();
        usage.key_cert_sign = true;
        usage.crl_sign = true;
        fill = fill.with("issuer_usage", format!("critical,{}", usage.words().join(",")));
        if let Some(limit) = facts.path_len {
            fill = fill.with("issuer_constraints", format!("critical,CA:TRUE,pathlen:{limit}"));
        }
        if let Some(id) = self.key_id_of(facts) {
            fill = fill.with("issuer_key_id", hex::encode_upper(id));
        }
        fill.issuer_kept = kept_extensions(der.as_bytes());
        fill
    }

    /// The key identifier that a CA has, or that what it signed names it by.
    pub(super) fn key_id_of(&self, facts: &CertificateFacts) -> Option<Vec<u8>> {
        let named = || {
            self.grounds.chain.iter().find_map(|der| {
                let read = Certificate::read(der);
                let child = read.facts()?;
                let is_its = child.issuer_der == facts.subject_der && child.subject_der != facts.subject_der;
                child.authority_key_id.clone().filter(|_| is_its)
            })
        };
        facts.subject_key_id.clone().or_else(named)
    }

    /// The chain with what is newly issued in place of the leaf, and the new certificate of its issuer in place of the old.
    fn chain_from(&self, issuer: &Der, new_ca: &str) -> String {
        let order = self.ordered();
        let mut parts = vec![PemPart::Whole(format!("{}.pem", self.made().leaf))];
        if !order.contains(issuer) {
            parts.push(PemPart::Whole(format!("{new_ca}.pem")));
        }
        parts.extend(order.iter().skip(1).map(|one| {
            if one == issuer {
                PemPart::Whole(format!("{new_ca}.pem"))
            } else {
                self.part_of(one)
            }
        }));
        joined(&self.collapsed(&parts), &self.made().chain)
    }

    /// The command that writes what is trusted with one certificate in the place of another.
    pub(super) fn trust_with(&self, old: &Der, new: PemPart) -> String {
        let rest = self.trusted().iter().filter(|item| item.der != *old);
        let mut parts: Vec<PemPart> = rest.map(|item| self.part(item)).collect();
        parts.push(new);
        joined(&self.collapsed(&parts), &self.made().trust)
    }
}

impl Files<'_, '_> {
    /// What the judge is to be given: the new list beside those of other issuers, which stay needed.
    pub(super) fn with_all_lists(
        &self,
        fill: Fill,
        lists: &[RevocationFile],
        is_replaced: &dyn Fn(&Der) -> bool,
    ) -> Fill {
        let mut commands: Vec<String> = Vec::new();
        for (at, list) in lists.iter().enumerate() {
            let Some(file) = &list.file else { continue };
            if is_replaced(&list.der) {
                continue;
            }
            let entry = lists
                .iter()
                .take(at)
                .filter(|other| other.file == list.file)
                .count();
            let Some(command) = list_command(list, file, entry) else {
                return fill;
            };
            commands.push(command);
        }
        if commands.is_empty() {
            return fill;
        }
        commands.push(format!("openssl crl -in {}", shell_file(&self.made().list)));
        let all = self.free("all-lists.pem");
        let each: Vec<String> = commands.iter().map(|command| format!("{command};")).collect();
        let command = format!("{{ {} }} > {}", each.join(" "), shell_file(&all));
        fill.with("all_lists", all).with_command("join_lists", command)
    }
}

/// Prints a revocation list as PEM; `entry` is its place among those of its file. `None` where the command would be too long to paste.
pub(super) fn list_command(list: &RevocationFile, file: &str, entry: usize) -> Option<String> {
    if let Some(wrapping) = list.wrapping {
        let command = list_out_of(wrapping, file, list.der.as_bytes());
        return (command.len() <= LONGEST_COMMAND).then_some(command);
    }
    Some(match (is_address(file), list.line) {
        (true, None) => format!("{} | openssl crl -inform DER", fetched(file)),
        (true, Some(_)) => format!("{} | {}", fetched(file), one_of_several("X509 CRL", entry)),
        (false, None) => format!("openssl crl -inform DER -in {}", shell_file(file)),
        (false, Some(_)) => format!("{} {}", one_of_several("X509 CRL", entry), shell_file(file)),
    })
}
