//! Where a certificate says that more is to be had: lists, responders, its issuer (RFC 5280 §4.2.1.13, §4.2.2.1).

use x509_parser::extensions::DistributionPointName;
use x509_parser::prelude::GeneralName as ParsedName;

use super::oids::oid_dotted;

/// Where a certificate says that lists about it are to be had (RFC 5280 §4.2.1.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// URIs of its full name.
    pub uris: Vec<String>,
    /// Another issuer's list, or one of some reasons only: no list of the certificate's own issuer.
    pub is_partial: bool,
}

/// The URIs that authorityInfoAccess names (RFC 5280 §4.2.2.1): OCSP responders, then the issuer's own certificate.
pub(super) fn access_points(
    access: &x509_parser::extensions::AuthorityInfoAccess<'_>,
) -> (Vec<String>, Vec<String>) {
    let of = |method: &str| {
        access
            .accessdescs
            .iter()
            .filter(|one| oid_dotted(one.access_method.as_bytes()) == method)
            .filter_map(|one| match &one.access_location {
                ParsedName::URI(uri) => Some((*uri).to_owned()),
                _ => None,
            })
            .collect()
    };
    // id-ad-ocsp, id-ad-caIssuers
    (of("1.3.6.1.5.5.7.48.1"), of("1.3.6.1.5.5.7.48.2"))
}

impl DistributionPoint {
    pub(super) fn read(point: &x509_parser::extensions::CRLDistributionPoint<'_>) -> Self {
        Self {
            uris: point.distribution_point.as_ref().map(uris).unwrap_or_default(),
            is_partial: point.reasons.is_some() || point.crl_issuer.is_some(),
        }
    }
}

fn uris(name: &DistributionPointName<'_>) -> Vec<String> {
    match name {
        DistributionPointName::FullName(names) => names
            .iter()
            .filter_map(|name| match name {
                ParsedName::URI(uri) => Some((*uri).to_owned()),
                _ => None,
            })
            .collect(),
        DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
    }
}
