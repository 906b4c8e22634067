//! Object identifiers with their names (RFC 5280, RFC 5480, RFC 8017, RFC 8410, X.520).

/// `1.2.840.10045.4.3.2` from its content octets (X.690 §8.19).
pub(super) fn dotted(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(3 * bytes.len() + 2);
    let mut value = 0u64;
    for byte in bytes {
        value = value.checked_shl(7).unwrap_or(0) | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        // Writing to a string does not fail.
        let _ = if out.is_empty() {
            let first = (value / 40).min(2);
            write!(out, "{first}.{}", value - first * 40)
        } else {
            write!(out, ".{value}")
        };
        value = 0;
    }
    out
}

/// `ecdsa-with-SHA256 (1.2.840.10045.4.3.2)`, or the numbers alone.
pub(super) fn words(bytes: &[u8]) -> String {
    let dotted = dotted(bytes);
    name(&dotted).map_or_else(|| dotted.clone(), |name| format!("{name} ({dotted})"))
}

fn name(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "2.5.4.3" => "commonName",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "countryName",
        "2.5.4.7" => "localityName",
        "2.5.4.8" => "stateOrProvinceName",
        "2.5.4.9" => "streetAddress",
        "2.5.4.10" => "organizationName",
        "2.5.4.11" => "organizationalUnitName",
        "0.9.2342.19200300.100.1.25" => "domainComponent",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "2.5.29.14" => "subjectKeyIdentifier",
        "2.5.29.15" => "keyUsage",
        "2.5.29.17" => "subjectAltName",
        "2.5.29.18" => "issuerAltName",
        "2.5.29.19" => "basicConstraints",
        "2.5.29.30" => "nameConstraints",
        "2.5.29.31" => "cRLDistributionPoints",
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.36" => "policyConstraints",
        "2.5.29.37" => "extKeyUsage",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        "1.3.6.1.5.5.7.1.24" => "tlsFeature",
        "1.3.6.1.4.1.11129.2.4.2" => "signedCertificateTimestampList",
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        "1.2.840.10045.2.1" => "ecPublicKey",
        "1.2.840.10045.3.1.7" => "secp256r1",
        "1.3.132.0.34" => "secp384r1",
        "1.3.132.0.35" => "secp521r1",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.113549.1.1.1" => "rsaEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.3.14.3.2.26" => "sha1",
        "2.16.840.1.101.3.4.2.1" => "sha256",
        "2.16.840.1.101.3.4.2.2" => "sha384",
        "2.16.840.1.101.3.4.2.3" => "sha512",
        "2.16.840.1.101.3.4.2.4" => "sha224",
        "1.3.6.1.5.5.7.48.1.1" => "id-pkix-ocsp-basic",
        "1.3.6.1.5.5.7.48.1.2" => "id-pkix-ocsp-nonce",
        "1.3.6.1.5.5.7.48.1.3" => "id-pkix-ocsp-crl",
        "1.3.6.1.5.5.7.48.1.5" => "id-pkix-ocsp-nocheck",
        "1.3.6.1.5.5.7.48.1.6" => "id-pkix-ocsp-archive-cutoff",
        "1.3.6.1.5.5.7.48.1.9" => "id-pkix-ocsp-extended-revoke",
        "2.5.29.21" => "reasonCode",
        "2.5.29.24" => "invalidityDate",
        "1.3.6.1.4.1.11129.2.4.5" => "signedCertificateTimestampList",
        "1.3.6.1.4.1.44363.44" => "delegationUsage",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn oids_are_read_and_named() {
        assert_eq!(words(&[0x55, 0x1d, 0x11]), "subjectAltName (2.5.29.17)");
        assert_eq!(
            words(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
            "ecdsa-with-SHA256 (1.2.840.10045.4.3.2)"
        );
        assert_eq!(words(&[0x88, 0x37, 0x01]), "2.999.1");
    }
}
