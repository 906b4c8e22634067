//! What commands need besides the files that were loaded: an issuer that was not sent, and a CA that was sent beside what it did
//! not sign.

use super::parts::Files;
use crate::capture::{AtHand, Der};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::fill::{CA, Fill, Trait};
use crate::diagnose::{CauseId, MatrixRow};
use crate::pki::{CertificateFacts, PemPart, illegal_character, joined};

impl Files<'_, '_> {
    /// A leaf that is issued again by an intermediate that was not sent has that sent with it.
    pub(super) fn with_its_issuer(&self, fill: Fill, issuer: &AtHand, file: &str, chain_file: &str) -> Fill {
        let is_root = Certificate::read(&issuer.der)
            .facts()
            .is_some_and(CertificateFacts::is_self_issued);
        let order = self.ordered();
        let is_trusted = self.trusted().iter().any(|item| item.der == issuer.der);
        if is_root || is_trusted || order.contains(&issuer.der) {
            return fill;
        }
        let mut each = vec![PemPart::Whole(format!("{}.pem", self.made().leaf))];
        each.extend(order.iter().skip(1).map(|one| self.part_of(one)));
        each.push(PemPart::Whole(file.to_owned()));
        fill.with_command("new_chain", joined(&self.collapsed(&each), chain_file))
    }

    /// The CA that was sent, or is trusted, under the name of the one that signed.
    pub(super) fn twin(
        &self,
        fill: Fill,
        row: &MatrixRow,
        facts: &CertificateFacts,
        chain_file: &str,
    ) -> Fill {
        if row.cause != Some(CauseId::SameNameDifferentKey) || facts.is_self_issued() {
            return fill;
        }
        let is_twin = |der: &&Der| {
            Certificate::read(der)
                .facts()
                .is_some_and(|one| one.subject_der == facts.issuer_der)
        };
        let order = self.ordered();
        let Some(twin) = order.iter().find(is_twin) else {
            return fill;
        };
        let Some(item) = self.sent(twin) else {
            return fill;
        };
        let mut alone = self.alone(item);
        if !alone.take.is_empty() && fill.value("file") == Some(alone.file.as_str()) {
            alone.file = self.free("issuer.pem");
            alone.take = joined(&[self.part(item)], &alone.file);
        }
        let each: Vec<PemPart> = order
            .iter()
            .map(|one| {
                if one == twin {
                    PemPart::Whole(CA.to_owned())
                } else {
                    self.part_of(one)
                }
            })
            .collect();
        fill.with_trait(Trait::TwinSent)
            .with("twin", "the one that was sent with it")
            .with("twin_file", alone.file)
            .with_command("take_twin", alone.take)
            .with_command("join_right", joined(&self.collapsed(&each), chain_file))
    }
}

/// Whether the issuer has to be made again before it can issue what is asked for, and how.
pub(super) fn issuer_again(
    fill: Fill,
    row: &MatrixRow,
    child: Option<&Certificate>,
    issuer: &Certificate,
) -> Fill {
    let breaks = |rule: &str| row.rules.contains(&rule);
    let Some(facts) = issuer.facts() else { return fill };
    let is_nameless = breaks("ca-without-subject") && issuer.subject().is_some_and(<[u8]>::is_empty);
    let is_misnamed = breaks("character-outside-its-type")
        && issuer
            .subject()
            .is_some_and(|name| illegal_character(name).is_some());
    let is_unnamed = breaks("without-authority-key-id") && facts.subject_key_id.is_none();
    let why = if is_nameless {
        "it has no name, and gets one; everything else that it signed has to be issued again as well"
    } else if is_misnamed {
        "its name gets a string type that holds all its characters (UTF8String); everything else that it signed names it by the          old bytes, and has to be issued again as well"
    } else if is_unnamed {
        "it has no subjectKeyIdentifier, and so no authorityKeyIdentifier can name it"
    } else {
        return fill;
    };
    // What it issued itself is made again by itself.
    if child.is_some_and(|child| child.der == issuer.der) {
        return fill;
    }
    let fill = fill
        .with_trait(Trait::IssuerAgain)
        .with("issuer_why", why)
        .with_command("authority", " authorityKeyIdentifier=keyid");
    if is_nameless || is_misnamed {
        fill.with_template(
            "issuer_request",
            "openssl req -new -utf8 -key {issuer_key} -subj {issuer_subj} -out {new_ca}.csr",
        )
    } else {
        fill
    }
}
