//! The faults: what each side presents and believes, and what the reference peer does besides.

use mtlscope::capture::Side;
use mtlscope::diagnose::CauseId as Id;

/// What one side is given. File names are those of [`super::pki`].
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// Its certificate; `None` presents none.
    pub identity: Option<&'static str>,
    /// Whom it asks for, as the client.
    pub name: &'static str,
    /// The roots that it trusts.
    pub trust: &'static str,
    /// The revocation lists that it checks against.
    pub crl: Option<&'static str>,
    /// The only version that it speaks.
    pub tls: Option<&'static str>,
    /// The protocol that it offers or wants.
    pub alpn: Option<&'static str>,
}

const USUAL: Given = Given {
    identity: None,
    name: super::NAME,
    trust: "root.leaf.pem",
    crl: None,
    tls: None,
    alpn: None,
};
const CLIENT: Given = Given {
    identity: Some("client"),
    ..USUAL
};
const SERVER: Given = Given {
    identity: Some("server"),
    ..USUAL
};

/// Who stands at the other end of the stack under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// OpenSSL, with these arguments besides when it is the client, and when it is the server. `None`: this fault cannot be
    /// made with OpenSSL on that side.
    OpenSsl(Option<&'static [&'static str]>, Option<&'static [&'static str]>),
    /// Something that speaks HTTP without TLS.
    PlainHttp,
    /// Something that closes the connection: a client at once, a server when it has read the hello.
    Closes,
    /// Nobody: the program should refuse what it is given.
    Nobody,
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its name in the data file.
    pub id: &'static str,
    pub cause: Id,
    pub judge: Side,
    pub client: Given,
    pub server: Given,
    pub reference: Reference,
}

const OPENSSL: Reference = Reference::OpenSsl(Some(&[]), Some(&[]));
/// OpenSSL will not load such a certificate of its own at its usual security level.
const LAX: &[&str] = &["-cipher", "DEFAULT:@SECLEVEL=0"];
const ONE_GROUP: &[&str] = &[
    "-tls1_2",
    "-cipher",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "-groups",
    "brainpoolP512r1",
];
const ONE_CIPHER: &[&str] = &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"];
const OLD: &[&str] = &["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"];

/// A fault in the client's certificate, and its like in the server's.
const CERTIFICATES: &[(&str, Id)] = &[
    ("unknown", Id::UnknownIssuer),
    ("unknown-above", Id::UnknownIssuer),
    ("impostor", Id::SameNameDifferentKey),
    ("impostor-above", Id::SameNameDifferentKey),
    ("alone", Id::MissingIntermediate),
    ("self", Id::SelfSignedNotTrusted),
    ("expired", Id::Expired),
    ("future", Id::NotYetValid),
    ("inverted", Id::ValidityInverted),
    ("purpose", Id::WrongPurpose),
    ("purpose-issuer", Id::WrongPurpose),
    ("old-issuer", Id::Expired),
    ("old-root", Id::Expired),
    ("critical", Id::UnknownCriticalExtension),
    ("narrow", Id::NameConstraintViolated),
    ("deep", Id::PathLengthExceeded),
    ("ca", Id::LeafIsCa),
    ("no-ca", Id::IssuerNotCa),
    ("no-sign", Id::IssuerCannotSign),
    ("weak", Id::WeakKey),
    ("sha1", Id::WeakSignature),
    ("usage", Id::KeyUsage),
    ("flipped", Id::BadSignature),
    ("revoked", Id::Revoked),
    ("stale-list", Id::CrlExpired),
    ("mixed", Id::KeyMismatch),
];

/// `client-expired` and the like, spelt once: the data file and the certificates carry the same names.
fn named(side: Side, kind: &str) -> &'static str {
    // A handful of short names for the life of a test.
    Box::leak(format!("{}-{kind}", side.word()).into_boxed_str())
}

/// Every fault, in the order of the data file.
pub fn all() -> Vec<Fault> {
    let plain = |id, cause, judge, client, server, reference| Fault {
        id,
        cause,
        judge,
        client,
        server,
        reference,
    };
    let mut faults = Vec::new();
    for sender in Side::BOTH {
        for (kind, cause) in CERTIFICATES {
            let id = named(sender, kind);
            let (mut client, mut server) = (CLIENT, SERVER);
            let (own, judge) = match sender {
                Side::Client => (&mut client, &mut server),
                Side::Server => (&mut server, &mut client),
            };
            own.identity = Some(id);
            let mut reference = OPENSSL;
            match *kind {
                "weak" | "sha1" => {
                    reference = match sender {
                        Side::Client => Reference::OpenSsl(Some(LAX), Some(&[])),
                        Side::Server => Reference::OpenSsl(Some(&[]), Some(LAX)),
                    };
                }
                "old-root" => judge.trust = "old-root.leaf.pem",
                "revoked" => judge.crl = Some("good.crl"),
                "stale-list" => {
                    own.identity = Some(sender.word());
                    judge.crl = Some("stale.crl");
                }
                "mixed" => reference = Reference::Nobody,
                _ => {}
            }
            // With another root, the judge's own certificate must still be good to its peer, which trusts the usual one.
            faults.push(plain(id, *cause, sender.peer(), client, server, reference));
        }
    }
    for (kind, cause) in [
        ("server-name", Id::NameMismatch),
        ("server-uri-only", Id::NameMismatch),
        ("server-no-san", Id::NoSan),
        ("server-common-name", Id::NoSan),
        ("server-ip", Id::IpInDnsName),
        ("server-wildcard", Id::WildcardMisuse),
        ("server-wildcard-part", Id::WildcardMisuse),
    ] {
        let server = Given {
            identity: Some(kind),
            ..SERVER
        };
        let client = Given {
            name: if cause == Id::IpInDnsName {
                super::ADDRESS
            } else {
                super::NAME
            },
            ..CLIENT
        };
        faults.push(plain(kind, cause, Side::Client, client, server, OPENSSL));
    }
    let tls = |given: Given, tls| Given {
        tls: Some(tls),
        ..given
    };
    let alpn = |given: Given, alpn| Given {
        alpn: Some(alpn),
        ..given
    };
    faults.extend([
        plain(
            "client-none",
            Id::ClientCertificateMissing,
            Side::Server,
            USUAL,
            SERVER,
            OPENSSL,
        ),
        plain(
            "version",
            Id::NoCommonVersion,
            Side::Server,
            tls(CLIENT, "1.2"),
            tls(SERVER, "1.3"),
            OPENSSL,
        ),
        plain(
            "version-old",
            Id::NoCommonVersion,
            Side::Server,
            CLIENT,
            SERVER,
            Reference::OpenSsl(Some(OLD), Some(OLD)),
        ),
        plain(
            "cipher",
            Id::NoCommonCipher,
            Side::Server,
            CLIENT,
            SERVER,
            Reference::OpenSsl(Some(ONE_CIPHER), Some(ONE_CIPHER)),
        ),
        plain(
            "group",
            Id::NoCommonGroup,
            Side::Server,
            CLIENT,
            SERVER,
            Reference::OpenSsl(Some(ONE_GROUP), Some(ONE_GROUP)),
        ),
        plain(
            "scheme",
            Id::NoCommonSignatureScheme,
            Side::Server,
            CLIENT,
            SERVER,
            Reference::OpenSsl(Some(&["-sigalgs", "RSA-PSS+SHA256"]), None),
        ),
        plain(
            "scheme-ed448",
            Id::NoCommonSignatureScheme,
            Side::Server,
            CLIENT,
            Given {
                identity: Some("server-ed448"),
                ..SERVER
            },
            Reference::OpenSsl(None, Some(&[])),
        ),
        plain(
            "alpn",
            Id::AlpnMismatch,
            Side::Server,
            alpn(CLIENT, "shop/1"),
            alpn(SERVER, "http/1.1"),
            OPENSSL,
        ),
        plain(
            "http-client",
            Id::NotTls,
            Side::Server,
            USUAL,
            SERVER,
            Reference::PlainHttp,
        ),
        plain(
            "http-server",
            Id::NotTls,
            Side::Client,
            CLIENT,
            USUAL,
            Reference::PlainHttp,
        ),
        plain(
            "closing-client",
            Id::PeerClosed,
            Side::Server,
            USUAL,
            SERVER,
            Reference::Closes,
        ),
        plain(
            "closing-server",
            Id::PeerClosed,
            Side::Client,
            CLIENT,
            USUAL,
            Reference::Closes,
        ),
    ]);
    faults
}

impl Given {
    /// Whether it asks for an address.
    pub fn asks_for_an_address(&self) -> bool {
        self.name.parse::<std::net::IpAddr>().is_ok()
    }
}

impl Fault {
    /// Whether the stack under test may be this side: where the reference is no TLS program, it is one side alone.
    pub fn is_for(&self, tested: Side) -> bool {
        match self.reference {
            Reference::OpenSsl(client, server) => match tested {
                Side::Server => client.is_some(),
                Side::Client => server.is_some(),
            },
            Reference::PlainHttp | Reference::Closes => self.judge == tested,
            Reference::Nobody => self.judge == tested.peer(),
        }
    }
}
