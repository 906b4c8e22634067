//! The subject of what is minted: from a recipe's words, or another certificate's, attribute for attribute.

use rcgen::{DistinguishedName, DnType, DnValue};
use x509_parser::der_parser::asn1_rs::Tag;
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use super::mint::Recipe;

pub(super) fn subject(recipe: &Recipe) -> DistinguishedName {
    if let Some(found) = recipe.subject_der.as_deref().and_then(same) {
        return found;
    }
    let mut name = DistinguishedName::new();
    if let Some(organization) = &recipe.organization {
        name.push(DnType::OrganizationName, organization.clone());
    }
    // Where it has letters that a PrintableString has not, it stays what it is.
    match recipe.subject.as_str().try_into() {
        Ok(text) if recipe.is_printable => name.push(DnType::CommonName, DnValue::PrintableString(text)),
        _ => name.push(DnType::CommonName, recipe.subject.clone()),
    }
    name
}

/// The same name. The library keeps one value of each attribute, the last.
fn same(der: &[u8]) -> Option<DistinguishedName> {
    let (_, name) = X509Name::from_der(der).ok()?;
    let mut out = DistinguishedName::new();
    for attribute in name.iter_attributes() {
        let oid: Vec<u64> = attribute.attr_type().iter()?.collect();
        let text = attribute.as_str().ok()?;
        let value = match (attribute.attr_value().tag(), text.try_into()) {
            (Tag::PrintableString, Ok(printable)) => DnValue::PrintableString(printable),
            _ => DnValue::Utf8String(text.to_owned()),
        };
        out.push(DnType::from_oid(&oid), value);
    }
    Some(out)
}
