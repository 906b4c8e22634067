//! OIDs of extensions and purposes as their DER contents, and their names.

use crate::pki::oid_words;

pub(in crate::diagnose) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
pub(in crate::diagnose) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
pub(in crate::diagnose) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
pub(in crate::diagnose) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
pub(in crate::diagnose) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
pub(in crate::diagnose) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
pub(in crate::diagnose) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 32];
pub(in crate::diagnose) const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1d, 33];
pub(in crate::diagnose) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
pub(in crate::diagnose) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
pub(in crate::diagnose) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
pub(in crate::diagnose) const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 54];
/// Netscape's certificate type, 2.16.840.1.113730.1.1.
pub(in crate::diagnose) const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
const SCT_LIST: &[u8] = &[0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];

pub(in crate::diagnose) const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(in crate::diagnose) const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
pub(in crate::diagnose) const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 37, 0];

/// The extensions that webpki keeps; any other critical one it refuses (RFC 5280 §4.2).
pub(in crate::diagnose) const READ_BY_WEBPKI: [&[u8]; 7] = [
    KEY_USAGE,
    SUBJECT_ALT_NAME,
    BASIC_CONSTRAINTS,
    NAME_CONSTRAINTS,
    CRL_DISTRIBUTION_POINTS,
    EXTENDED_KEY_USAGE,
    SCT_LIST,
];

/// Extensions about policies, which other stacks know and webpki does not.
pub(in crate::diagnose) const POLICY: [&[u8]; 4] = [
    CERTIFICATE_POLICIES,
    POLICY_MAPPINGS,
    POLICY_CONSTRAINTS,
    INHIBIT_ANY_POLICY,
];

pub(in crate::diagnose) use crate::pki::oid_dotted as dotted;

/// `policyConstraints (2.5.29.36)`, or the dotted number alone.
pub(in crate::diagnose) fn words(oid: &[u8]) -> String {
    match oid {
        SCT_LIST => format!("the list of certificate timestamps ({})", dotted(oid)),
        other => oid_words(other).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_oid_is_written_in_decimals() {
        assert_eq!(super::dotted(super::SCT_LIST), "1.3.6.1.4.1.11129.2.4.2");
        assert_eq!(
            super::words(super::SUBJECT_KEY_ID),
            "subjectKeyIdentifier (2.5.29.14)"
        );
    }
}
