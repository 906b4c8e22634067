//! Which stack holds what against a certificate. Every line here is held against the real program by `tests/stacks/withhold.rs`.

use super::asked::Asked;
use super::opinion::{Answer, Opinion};
use super::rules::{
    Comparison, Objection, Taste, chain_signature_not_named, key_too_small, kind_not_named_for_certificates,
    may_not_sign, no_issuer_named, no_scheme, no_scheme_of_this_kind, signed_with_sha1, type_not_named,
};
use super::shown::{Key, Shown};
use super::tested;
use crate::stack::Stack;

/// One stack as a client.
struct Client {
    stack: Stack,
    /// What it is called, where a stack has several ways: by key manager, or by program.
    way: Option<&'static str>,
    judge: fn(&Asked, &Shown) -> Judged,
}

impl Client {
    fn name(&self) -> &'static str {
        self.way.unwrap_or(self.stack.name())
    }
}

/// `None`: it sends. Otherwise what it does instead, why, and its rule.
struct Judged {
    instead: Option<(Answer, Objection)>,
    rule: &'static str,
}

/// Goes through objections in the stack's own order; the first counts.
struct Judging {
    found: Option<(Answer, Objection, &'static str)>,
}

impl Judging {
    fn new() -> Self {
        Self { found: None }
    }

    fn unless(mut self, objection: Option<Objection>, answer: Answer, rule: &'static str) -> Self {
        if self.found.is_none()
            && let Some(objection) = objection
        {
            self.found = Some((answer, objection, rule));
        }
        self
    }

    fn sends(self, rule: &'static str) -> Judged {
        match self.found {
            Some((answer, objection, rule)) => Judged {
                instead: Some((answer, objection)),
                rule,
            },
            None => Judged { instead: None, rule },
        }
    }
}

const CLIENTS: &[Client] = &[
    Client {
        stack: Stack::OpenSsl,
        way: None,
        judge: openssl,
    },
    Client {
        stack: Stack::Curl,
        way: None,
        judge: openssl,
    },
    Client {
        stack: Stack::Nginx,
        way: None,
        judge: openssl,
    },
    Client {
        stack: Stack::Node,
        way: None,
        judge: node,
    },
    Client {
        stack: Stack::Python,
        way: None,
        judge: openssl,
    },
    Client {
        stack: Stack::Go,
        way: None,
        judge: go,
    },
    Client {
        stack: Stack::Java,
        way: Some("Java (SunX509)"),
        judge: java_sun,
    },
    Client {
        stack: Stack::Java,
        way: Some("Java (PKIX)"),
        judge: java_pkix,
    },
    Client {
        stack: Stack::GnuTls,
        way: None,
        judge: gnutls,
    },
    Client {
        stack: Stack::GnuTls,
        way: Some("gnutls-cli"),
        judge: gnutls_cli,
    },
    Client {
        stack: Stack::Envoy,
        way: None,
        judge: envoy,
    },
    Client {
        stack: Stack::Rustls,
        way: None,
        judge: rustls,
    },
];

/// The stacks that have rules, in the order in which they are told.
pub fn stack_names() -> impl Iterator<Item = &'static str> {
    CLIENTS.iter().map(Client::name)
}

pub(super) fn opinions(asked: &Asked, own: &Shown) -> Vec<Opinion> {
    CLIENTS
        .iter()
        .map(|client| {
            let judged = (client.judge)(asked, own);
            let (answer, why, decides) = match judged.instead {
                Some((answer, objection)) => (answer, objection.why, objection.decides),
                None => (Answer::Sends, String::new(), asked.places.whole.clone()),
            };
            Opinion {
                stack: client.name(),
                answer,
                why,
                rule: judged.rule.to_owned(),
                decides,
                tested: tested::of(client.name()),
            }
        })
        .collect()
}

/// OpenSSL at Debian's security level 2 (OpenSSL's own from 3.2 on), and what is built on it: curl, nginx (proxy_ssl_certificate), Python.
fn openssl(asked: &Asked, own: &Shown) -> Judged {
    openssl_from(asked, own, 2048)
}

/// Node, whose own OpenSSL 3.0 is at level 1.
fn node(asked: &Asked, own: &Shown) -> Judged {
    openssl_from(asked, own, 1024)
}

fn openssl_from(asked: &Asked, own: &Shown, least_bits: usize) -> Judged {
    let of_leaf = (!asked.certificate_schemes.is_empty())
        .then(|| chain_signature_not_named(asked, own, &asked.certificate_schemes, 1))
        .flatten();
    Judging::new()
        .unless(
            key_too_small(asked, own, least_bits),
            Answer::Fails,
            "Its security level decides: 2 (112 bits) loads RSA keys from 2048 bits on, 1 (80 bits) from 1024; else `ee key too small` \
             before any connection (SSL_CTX_set_security_level(3), SSL_CTX_use_certificate).",
        )
        .unless(
            signed_with_sha1(asked, own),
            Answer::Fails,
            "From security level 1 on it does not load a certificate with a SHA-1 signature, unless it signed itself: `ca md too weak` \
             (SSL_CTX_set_security_level(3), SSL_CTX_use_certificate).",
        )
        .unless(
            no_scheme(asked, own, Taste::default()),
            Answer::Withholds,
            "Without a common scheme it sends an empty Certificate: ssl3_check_client_certificate asks tls_choose_sigalg \
             (ssl/statem/statem_clnt.c, ssl/t1_lib.c). SHA-1 counts for nothing at its default security level.",
        )
        .unless(
            of_leaf,
            Answer::Withholds,
            "In TLS 1.3, signature_algorithms_cert must name the leaf's own signature: check_cert_usable (ssl/t1_lib.c).",
        )
        .sends(
            "It sends what it was given. Authorities and certificate_types are handed to the application and not looked at \
             (ssl3_check_client_certificate, ssl/statem/statem_clnt.c); only a scheme that fits the key must be there.",
        )
}

fn go(asked: &Asked, own: &Shown) -> Judged {
    let taste = Taste {
        takes_sha1_in_12: true,
        ..Taste::default()
    };
    Judging::new()
        .unless(
            type_not_named(asked, own),
            Answer::Withholds,
            "In TLS 1.2 it strikes out every scheme whose certificate type is missing (certificateRequestInfoFromMsg, \
             crypto/tls/handshake_client.go), and nothing is left for this key.",
        )
        .unless(
            no_scheme(asked, own, taste),
            Answer::Withholds,
            "CertificateRequestInfo.SupportsCertificate asks selectSignatureScheme (crypto/tls/common.go, auth.go); without a common scheme \
             Config.Certificates counts as empty. GetClientCertificate is not bound by it.",
        )
        .unless(
            no_issuer_named(asked, own, Comparison::Bytes),
            Answer::Withholds,
            "CertificateRequestInfo.SupportsCertificate (crypto/tls/common.go): some certificate of the chain must have, byte for byte, a \
             listed issuer, else `chain is not signed by an acceptable CA`, which nobody sees. GetClientCertificate is not bound by it.",
        )
        .sends(
            "CertificateRequestInfo.SupportsCertificate (crypto/tls/common.go): a common scheme, and a listed issuer anywhere in the chain or no list.",
        )
}

const JAVA_TASTE: Taste = Taste {
    ties_curve_in_12: true,
    takes_sha1_in_12: true,
    takes_ecdsa_sha1_in_13: true,
};

fn java_sun(asked: &Asked, own: &Shown) -> Judged {
    java(asked, own, None)
}

fn java_pkix(asked: &Asked, own: &Shown) -> Judged {
    java(
        asked,
        own,
        chain_signature_not_named(asked, own, asked.schemes_for_certificates(), own.chain.len()),
    )
}

fn java(asked: &Asked, own: &Shown, of_chain: Option<Objection>) -> Judged {
    Judging::new()
        .unless(
            type_not_named(asked, own),
            Answer::Withholds,
            "In TLS 1.2 it offers its key manager only the key types of certificate_types (sun.security.ssl.CertificateRequest).",
        )
        .unless(
            no_scheme_of_this_kind(asked, own, JAVA_TASTE),
            Answer::Withholds,
            "Without a scheme for the key's algorithm it never asks its key manager (sun.security.ssl.CertificateMessage, choosePossession); \
             `No available authentication scheme` stands only in -Djavax.net.debug=ssl,handshake.",
        )
        .unless(
            kind_not_named_for_certificates(asked, own),
            Answer::Withholds,
            "It looks for the key's algorithm among the schemes for *certificates*, and asks its key manager for no other \
             (sun.security.ssl.CertificateMessage, choosePossession), though they speak of issuers' signatures (RFC 8446 §4.2.3).",
        )
        .unless(
            no_issuer_named(asked, own, Comparison::Meaning),
            Answer::Withholds,
            "The key manager's chooseClientAlias finds no alias with a listed issuer in its chain; names are compared as X500Principal does. \
             Nothing is said but in -Djavax.net.debug=ssl,handshake,keymanager.",
        )
        .unless(
            of_chain,
            Answer::Withholds,
            "KeyManagerFactory `PKIX` (NewSunX509) holds every signature of the chain against the schemes that the server named \
             (X509KeyManagerImpl, conformsToAlgorithmConstraints); `SunX509`, the default, does not.",
        )
        .unless(
            no_scheme(asked, own, JAVA_TASTE),
            Answer::Fails,
            "The key manager goes by the algorithm EC alone, whatever the curve: Java sends the certificate, and then ends the connection with \
             internal_error, `No supported CertificateVerify signature algorithm for EC  key` (sun.security.ssl.CertificateVerify).",
        )
        .sends(
            "A scheme for the key's algorithm, and a listed issuer anywhere in the chain or no list. Of several aliases PKIX prefers one in its \
             validity and with the purpose clientAuth; a single one is sent all the same.",
        )
}

/// GnuTLS choosing by itself among the credentials that it was given: Wget, and whoever calls gnutls_certificate_set_x509_key_file.
fn gnutls(asked: &Asked, own: &Shown) -> Judged {
    let names_issuers = !asked.authorities.is_empty();
    let pss_alone = match own.key {
        Key::Rsa { .. } if asked.is_13 && names_issuers => {
            let is_named = asked.schemes.iter().any(|scheme| scheme.starts_with("rsa_pkcs1"));
            (!is_named).then(|| Objection {
                why: "the server names authorities and, for RSA, PSS alone; GnuTLS takes an RSA key for named only where an rsa_pkcs1 scheme is there too"
                    .to_owned(),
                decides: asked.places.schemes.clone(),
            })
        }
        _ => None,
    };
    let ed25519_in_12 = (own.key == Key::Ed25519 && !asked.is_13 && names_issuers).then(|| Objection {
        why: "certificate_types of TLS 1.2 cannot say Ed25519, and GnuTLS does not take ecdsa_sign for it"
            .to_owned(),
        decides: asked.places.types.clone(),
    });
    Judging::new()
        .unless(
            may_not_sign(asked, own).filter(|_| asked.is_13),
            Answer::Fails,
            "With such a certificate GnuTLS does not offer TLS 1.3 at all, where every key must sign. Observed.",
        )
        .unless(
            may_not_sign(asked, own),
            Answer::Withholds,
            "find_x509_client_cert passes over keys that may not sign (lib/auth/cert.c, _gnutls_check_key_usage_for_sig).",
        )
        .unless(
            ed25519_in_12,
            Answer::Withholds,
            "find_x509_client_cert wants the key's algorithm among those of certificate_types, where rsa_sign is RSA and ecdsa_sign is ECDSA \
             (lib/auth/cert.c); only with an empty list of authorities it does not look.",
        )
        .unless(
            type_not_named(asked, own).filter(|_| names_issuers),
            Answer::Withholds,
            "find_x509_client_cert wants the key's algorithm among those of certificate_types (lib/auth/cert.c).",
        )
        .unless(
            no_issuer_named(asked, own, Comparison::Bytes),
            Answer::Withholds,
            "find_x509_client_cert wants, byte for byte, a listed issuer somewhere in the chain (lib/auth/cert.c). GNUTLS_FORCE_CLIENT_CERT lifts it.",
        )
        .unless(
            no_scheme(asked, own, GNUTLS_TASTE),
            if asked.is_13 { Answer::Withholds } else { Answer::Fails },
            "In TLS 1.3 it sends an empty Certificate; in TLS 1.2 it finds out only when it must sign, and ends the connection. Observed.",
        )
        .unless(
            pss_alone,
            Answer::Withholds,
            "find_x509_client_cert wants the key's algorithm among those of the schemes, and counts rsa_pss_rsae schemes as RSA-PSS \
             (lib/auth/cert.c); only with an empty list of authorities it does not look. Observed.",
        )
        .sends("A common scheme, and a listed issuer anywhere in the chain or no list (find_x509_client_cert, lib/auth/cert.c).")
}

const GNUTLS_TASTE: Taste = Taste {
    ties_curve_in_12: false,
    takes_sha1_in_12: true,
    takes_ecdsa_sha1_in_13: false,
};

/// The tool gnutls-cli, which hands over its one certificate without looking (a retrieve function of its own).
fn gnutls_cli(asked: &Asked, own: &Shown) -> Judged {
    Judging::new()
        .unless(
            may_not_sign(asked, own).filter(|_| !asked.is_13),
            Answer::Fails,
            "In TLS 1.2 it ends the connection with internal_error, `Key usage violation in certificate has been detected`. Observed.",
        )
        .unless(
            no_scheme(asked, own, GNUTLS_TASTE),
            if asked.is_13 { Answer::Withholds } else { Answer::Fails },
            "In TLS 1.3 it sends an empty Certificate; in TLS 1.2 it ends the connection with handshake_failure, \
             `An algorithm that is not enabled was negotiated`. Observed.",
        )
        .sends("Its callback hands over the one certificate that it has, whatever the authorities (cert_callback, src/cli.c).")
}

/// Envoy towards its upstream: BoringSSL with one certificate.
fn envoy(asked: &Asked, own: &Shown) -> Judged {
    let taste = Taste {
        takes_sha1_in_12: true,
        ..Taste::default()
    };
    Judging::new()
        .unless(
            key_too_small(asked, own, 2048),
            Answer::Fails,
            "Envoy takes RSA keys from 2048 bits on, and refuses the configuration with a smaller one. Observed.",
        )
        .unless(
            may_not_sign(asked, own),
            Answer::Fails,
            "BoringSSL does not load such a certificate, and Envoy refuses the configuration: `Failed to load certificate chain`. Observed.",
        )
        .unless(
            type_not_named(asked, own),
            Answer::Fails,
            "BoringSSL does not send an empty Certificate where it has one that does not fit: it ends the connection with handshake_failure. Observed.",
        )
        .unless(
            no_scheme(asked, own, taste),
            Answer::Fails,
            "BoringSSL does not send an empty Certificate where it has one that cannot sign: it ends the connection with handshake_failure, \
             NO_COMMON_SIGNATURE_ALGORITHMS (tls1_choose_signature_algorithm, ssl/extensions.cc).",
        )
        .sends("It sends what it was given; authorities are looked at only by credentials that were told to (must_match_issuer).")
}

/// rustls with `with_client_auth_cert`, and mtlscope's own client, whose resolver answers the same.
fn rustls(asked: &Asked, own: &Shown) -> Judged {
    let taste = Taste {
        ties_curve_in_12: true,
        ..Taste::default()
    };
    let none_of_13 = asked.is_13 && !asked.schemes.iter().any(|scheme| is_of_13(scheme));
    Judging::new()
        .unless(
            key_too_small(asked, own, 2048),
            Answer::Fails,
            "aws-lc-rs loads RSA keys from 2048 bits on; with_client_auth_cert returns an error. Observed.",
        )
        .unless(
            none_of_13
                .then(|| no_scheme(asked, own, taste))
                .flatten(),
            Answer::Fails,
            "Among the schemes is none that TLS 1.3 allows in CertificateVerify: rustls ends the connection with handshake_failure, \
             NoCertificateRequestSignatureSchemesInCommon (rustls/src/client/tls13.rs).",
        )
        .unless(
            no_scheme(asked, own, taste),
            Answer::Withholds,
            "Without a common scheme it sends an empty Certificate and says so only in its debug log (ClientAuthDetails::resolve, \
             rustls/src/client/common.rs).",
        )
        .sends(
            "The resolver of with_client_auth_cert does not look at the authorities; a resolver of one's own may (ResolvesClientCert). \
             Only a common scheme must be there, and its curve must be the key's in TLS 1.2, too.",
        )
}

/// Whether rustls counts a scheme as one of TLS 1.3 (RFC 8446 §4.2.3).
fn is_of_13(scheme: &str) -> bool {
    !(scheme.starts_with("rsa_pkcs1") || scheme.ends_with("_sha1") || scheme.ends_with("_sha224"))
}
