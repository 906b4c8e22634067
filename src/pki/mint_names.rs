//! The subject of what is minted: from a recipe's words, or another certificate's, attribute for attribute.

use rcgen::{DistinguishedName, DnType, DnValue};
use x509_parser::der_parser::asn1_rs::Tag;
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

/// `whole` is a Name's DER, which goes before all words where it can be read. A common name that has letters which a
/// PrintableString has not is a UTF8String even where `is_printable`.
pub(super) fn subject(
    whole: Option<&[u8]>,
    organization: Option<&str>,
    common_name: &str,
    is_printable: bool,
) -> DistinguishedName {
    if let Some(found) = whole.and_then(same) {
        return found;
    }
    let mut name = DistinguishedName::new();
    if let Some(organization) = organization {
        name.push(DnType::OrganizationName, organization);
    }
    match common_name.try_into() {
        Ok(text) if is_printable => name.push(DnType::CommonName, DnValue::PrintableString(text)),
        _ => name.push(DnType::CommonName, common_name),
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
