//! The cases: what the server asks, and which client is asked.

use rustls::SignatureScheme;

use super::pki::Pki;
use super::server::Ask;

/// One request and one client.
pub struct Case {
    pub name: &'static str,
    pub client: &'static str,
    pub authorities: &'static [Authority],
    pub schemes: &'static [SignatureScheme],
    pub types: Option<[u8; 2]>,
    /// signature_algorithms_cert.
    pub certificate_schemes: &'static [SignatureScheme],
    /// oid_filters wants serverAuth.
    pub wants_server_purpose: bool,
}

/// A name among the authorities.
#[derive(Clone, Copy, Debug)]
pub enum Authority {
    Root,
    RootOtherwiseWritten,
    RootInCapitals,
    Issuer,
    Foreign,
}

use Authority::{Foreign, Issuer, Root, RootInCapitals, RootOtherwiseWritten};
use SignatureScheme as S;

const ALL: &[S] = &[
    S::ECDSA_NISTP256_SHA256,
    S::ECDSA_NISTP384_SHA384,
    S::ED25519,
    S::RSA_PSS_SHA256,
    S::RSA_PSS_SHA384,
    S::RSA_PSS_SHA512,
    S::RSA_PKCS1_SHA256,
    S::RSA_PKCS1_SHA384,
    S::RSA_PKCS1_SHA512,
];
const RSA: &[S] = &[S::RSA_PSS_SHA256, S::RSA_PKCS1_SHA256];
const NO_PSS: &[S] = &[S::ECDSA_NISTP256_SHA256, S::RSA_PKCS1_SHA256];
const PKCS1_ONLY: &[S] = &[S::RSA_PKCS1_SHA256];
const PSS_ONLY: &[S] = &[S::ECDSA_NISTP256_SHA256, S::RSA_PSS_SHA256];
const P256_ONLY: &[S] = &[S::ECDSA_NISTP256_SHA256];
const P384_ONLY: &[S] = &[S::ECDSA_NISTP384_SHA384];
const P521: &[S] = &[S::ECDSA_NISTP256_SHA256, S::ECDSA_NISTP521_SHA512];
const SHA1: &[S] = &[S::ECDSA_SHA1_Legacy, S::RSA_PKCS1_SHA1];
const NO_ED25519: &[S] = &[S::ECDSA_NISTP256_SHA256, S::RSA_PSS_SHA256, S::RSA_PKCS1_SHA256];

const fn case(
    name: &'static str,
    client: &'static str,
    authorities: &'static [Authority],
    schemes: &'static [S],
) -> Case {
    Case {
        name,
        client,
        authorities,
        schemes,
        types: None,
        certificate_schemes: &[],
        wants_server_purpose: false,
    }
}

/// All of them.
pub const CASES: &[Case] = &[
    case("authorities name the issuer", "good", &[Root], ALL),
    case("authorities name another CA only", "good", &[Foreign], ALL),
    case("authorities name nobody", "good", &[], ALL),
    case(
        "authorities name the issuer among others",
        "good",
        &[Foreign, Root],
        ALL,
    ),
    case(
        "the issuer's name in another string type",
        "good",
        &[RootOtherwiseWritten],
        ALL,
    ),
    case("authorities name the root of a chain of two", "two", &[Root], ALL),
    case(
        "authorities name the intermediate of a chain of two",
        "two",
        &[Issuer],
        ALL,
    ),
    case(
        "authorities name the root, the intermediate is not sent",
        "leaf-alone",
        &[Root],
        ALL,
    ),
    case(
        "authorities name the intermediate, which is not sent",
        "leaf-alone",
        &[Issuer],
        ALL,
    ),
    case("no scheme for an EC key", "good", &[Root], RSA),
    case("no scheme for an RSA key", "rsa", &[Root], P256_ONLY),
    case("an RSA key, no PSS", "rsa", &[Root], NO_PSS),
    case("an RSA key, rsa_pkcs1 only", "rsa", &[Root], PKCS1_ONLY),
    case("an RSA key, PSS only", "rsa", &[Root], PSS_ONLY),
    case("an RSA key", "rsa", &[Root], ALL),
    case("a P-384 key, secp256r1 only", "p384", &[Root], P256_ONLY),
    case("a P-256 key, secp384r1 only", "good", &[Root], P384_ONLY),
    case("a P-384 key", "p384", &[Root], ALL),
    case("an Ed25519 key", "ed25519", &[Root], ALL),
    case("an Ed25519 key, no ed25519", "ed25519", &[Root], NO_ED25519),
    case("an Ed25519 key, authorities name nobody", "ed25519", &[], ALL),
    case("for servers only", "server-only", &[Root], ALL),
    case("without purposes", "no-purposes", &[Root], ALL),
    case("expired", "expired", &[Root], ALL),
    case("not yet valid", "not-yet", &[Root], ALL),
    case(
        "self-signed, authorities name a root",
        "self-signed",
        &[Root],
        ALL,
    ),
    case("self-signed, authorities name nobody", "self-signed", &[], ALL),
    case("may not sign", "no-signing", &[Root], ALL),
    case(
        "the certificate's own signature is of no named scheme",
        "of-rsa",
        &[],
        P256_ONLY,
    ),
    case(
        "an intermediate's signature is of no named scheme",
        "two-of-p384",
        &[],
        P256_ONLY,
    ),
    case("an RSA chain, PSS only", "rsa-of-rsa", &[], PSS_ONLY),
    case(
        "an RSA key, PSS only, authorities name nobody",
        "rsa",
        &[],
        PSS_ONLY,
    ),
    case("the issuer's name in capitals", "good", &[RootInCapitals], ALL),
    case("a P-521 key", "p521", &[Root], P521),
    case("a P-521 key, no secp521r1", "p521", &[Root], ALL),
    case("SHA-1 schemes only, EC key", "good", &[Root], SHA1),
    case("SHA-1 schemes only, RSA key", "rsa", &[Root], SHA1),
    Case {
        types: Some([1, 1]),
        ..case(
            "certificate_types without ecdsa_sign, EC key",
            "good",
            &[Root],
            ALL,
        )
    },
    Case {
        types: Some([64, 64]),
        ..case("certificate_types without rsa_sign, RSA key", "rsa", &[Root], ALL)
    },
    Case {
        types: Some([1, 1]),
        ..case(
            "certificate_types without ecdsa_sign, Ed25519 key",
            "ed25519",
            &[Root],
            ALL,
        )
    },
    Case {
        certificate_schemes: PKCS1_ONLY,
        ..case(
            "signature_algorithms_cert without the leaf's own, nor a scheme of its key",
            "good",
            &[],
            ALL,
        )
    },
    Case {
        certificate_schemes: P256_ONLY,
        ..case("signature_algorithms_cert with the leaf's own", "good", &[], ALL)
    },
    Case {
        certificate_schemes: P256_ONLY,
        ..case(
            "signature_algorithms_cert without the leaf's own, EC key",
            "of-rsa",
            &[],
            ALL,
        )
    },
    Case {
        certificate_schemes: PKCS1_ONLY,
        ..case(
            "signature_algorithms_cert with the leaf's own alone",
            "of-rsa",
            &[],
            ALL,
        )
    },
    Case {
        certificate_schemes: P256_ONLY,
        ..case(
            "signature_algorithms_cert without the intermediate's",
            "two-of-p384",
            &[],
            ALL,
        )
    },
    Case {
        certificate_schemes: P256_ONLY,
        ..case(
            "signature_algorithms_cert with the leaf's own, RSA key",
            "rsa",
            &[],
            ALL,
        )
    },
    Case {
        certificate_schemes: NO_PSS,
        ..case(
            "signature_algorithms_cert with the leaf's own and rsa_pkcs1, RSA key",
            "rsa",
            &[],
            PSS_ONLY,
        )
    },
    Case {
        wants_server_purpose: true,
        ..case(
            "oid_filters want serverAuth of a clientAuth certificate",
            "good",
            &[],
            ALL,
        )
    },
    case("an RSA key of 1024 bits", "rsa-1024", &[Root], ALL),
    case("signed with SHA-1", "of-sha1", &[Root], ALL),
];

impl Case {
    /// Whether it can be asked in this version.
    pub fn is_for(&self, is_13: bool) -> bool {
        let of_13 = !self.certificate_schemes.is_empty() || self.wants_server_purpose;
        let of_12 = self.types.is_some();
        if is_13 { !of_12 } else { !of_13 }
    }

    pub fn ask(&self, pki: &Pki, is_13: bool) -> Ask {
        Ask {
            is_13,
            authorities: self
                .authorities
                .iter()
                .map(|authority| match authority {
                    Root => pki.root_name.clone(),
                    RootOtherwiseWritten => pki.root_name_otherwise.clone(),
                    RootInCapitals => pki.root_name_in_capitals.clone(),
                    Issuer => pki.issuer_name.clone(),
                    Foreign => pki.foreign_name.clone(),
                })
                .collect(),
            schemes: self.schemes.to_vec(),
            types: self.types,
            certificate_schemes: self.certificate_schemes.to_vec(),
            wants_server_purpose: self.wants_server_purpose,
            is_required: false,
        }
    }
}
