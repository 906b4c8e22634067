//! Causes: what is wrong, how sure that is, who objects, what proves it, and what to do.

use std::ops::Range;

use crate::capture::Side;

/// One cause of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its stable id.
    pub id: CauseId,
    /// Whether the evidence proves it.
    pub certainty: Certainty,
    /// Who judges, or objects; `None` where it concerns both.
    pub side: Option<Side>,
    /// The certificate judged.
    pub certificate: Option<CertificateRef>,
    /// One sentence that a beginner understands.
    pub title: String,
    /// A second one or two with the files, subjects and figures.
    pub detail: String,
    /// What would mend it and has to be loaded where nothing at hand does: `the revocation list of Mesh Issuer`; empty where
    /// no file would.
    pub needs: String,
    /// For whoever wrote the RFC: the rule that is broken, its section, and how stacks differ over it.
    pub rule: String,
    /// A stack's own error, or failing that an alert, names this fault or its family.
    pub reported: bool,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// What to do, best first.
    pub remedies: Vec<Remedy>,
}

#[cfg(test)]
impl Cause {
    /// A proven cause of which nothing else is said.
    pub(crate) fn bare(id: CauseId) -> Self {
        Self {
            id,
            certainty: Certainty::Proven,
            side: None,
            certificate: None,
            title: String::new(),
            detail: String::new(),
            needs: String::new(),
            rule: String::new(),
            reported: false,
            evidence: Vec::new(),
            remedies: Vec::new(),
        }
    }
}

/// What to say where no edit of what is at hand mends these causes: what is missing, for the first of them.
pub fn what_is_missing(causes: &[Cause]) -> String {
    match causes.first().map(|cause| cause.needs.as_str()) {
        None | Some("") => "Nothing at hand mends it.".to_owned(),
        Some(needs) => format!("Nothing at hand mends it. Load {needs}, and run again."),
    }
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// The bytes or a stack's own verdict prove it.
    Proven,
    /// It fits; other causes fit as well.
    Possible,
}

impl Certainty {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Possible => "possible",
        }
    }
}

/// Bytes, or a stack's words, that back a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Index into [`crate::decode::Transcript::messages`]; `None` for a stack's words or a file.
    pub message: Option<usize>,
    /// Bytes of that message; where `message` is `None`, of the certificate's DER, or none.
    pub range: Range<usize>,
    /// What they show.
    pub words: String,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Whose commands these are; `None` where it is no tool's affair.
    pub tool: Option<Tool>,
    /// In words.
    pub text: String,
    /// Shell commands or configuration lines, with the user's own file names filled in.
    pub commands: Vec<String>,
}

impl Remedy {
    /// Whether it is for everybody: no tool's affair, or OpenSSL's, which is everywhere.
    pub fn is_general(&self) -> bool {
        self.tool.is_none_or(|tool| tool == Tool::OpenSsl)
    }
}

/// A tool that a remedy speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs, reason = "the tools by name")]
pub enum Tool {
    OpenSsl,
    Step,
    CertManager,
    Nginx,
    Envoy,
    Kubernetes,
}

impl Tool {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::OpenSsl,
        Self::Step,
        Self::CertManager,
        Self::Nginx,
        Self::Envoy,
        Self::Kubernetes,
    ];

    /// Its name, as on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL",
            Self::Step => "step",
            Self::CertManager => "cert-manager",
            Self::Nginx => "nginx",
            Self::Envoy => "Envoy",
            Self::Kubernetes => "Kubernetes",
        }
    }

    /// The word in JSON and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::Step => "step",
            Self::CertManager => "cert-manager",
            Self::Nginx => "nginx",
            Self::Envoy => "envoy",
            Self::Kubernetes => "kubernetes",
        }
    }
}

/// Which certificate, by hash and subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertificateRef {
    /// Lowercase hex SHA-256 of the DER.
    pub sha256: String,
    /// RFC 4514.
    pub subject: String,
}

macro_rules! cause_ids {
    ($($name:ident = $word:literal,)*) => {
        /// Stable cause ids. Add to them, never rename.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the words say it; assets/causes.ron explains each")]
        pub enum CauseId { $($name,)* }

        impl CauseId {
            /// Every id.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The id as published: kebab-case.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// In at most three words, for a short line: `unknown issuer`, `CRL expired`.
            pub fn words(self) -> String {
                in_words(self.word())
            }

            /// The id for its published word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

/// The parts of a kebab-case id as words. What is short for something is in capitals.
fn in_words(id: &str) -> String {
    const SHORT: [&str; 10] = [
        "alpn", "ca", "crl", "dns", "id", "ip", "san", "sni", "spiffe", "tls",
    ];
    let words: Vec<String> = id
        .split('-')
        .map(|word| {
            if SHORT.contains(&word) {
                word.to_uppercase()
            } else {
                word.to_owned()
            }
        })
        .collect();
    words.join(" ")
}

cause_ids! {
    Expired = "expired",
    NotYetValid = "not-yet-valid",
    ValidityInverted = "validity-inverted",
    UnknownIssuer = "unknown-issuer",
    MissingIntermediate = "missing-intermediate",
    SelfSignedNotTrusted = "self-signed-not-trusted",
    SameNameDifferentKey = "same-name-different-key",
    NameEncodingDiffers = "name-encoding-differs",
    BadSignature = "bad-signature",
    ChainTooLong = "chain-too-long",
    NoTrustAnchors = "no-trust-anchors",
    IssuerNotCa = "issuer-not-ca",
    IssuerCannotSign = "issuer-cannot-sign",
    PathLengthExceeded = "path-length-exceeded",
    LeafIsCa = "leaf-is-ca",
    LeafNotFirst = "leaf-not-first",
    NameMismatch = "name-mismatch",
    NoSan = "no-san",
    IpInDnsName = "ip-in-dns-name",
    WildcardMisuse = "wildcard-misuse",
    NameConstraintViolated = "name-constraint-violated",
    SpiffeIdMismatch = "spiffe-id-mismatch",
    WrongPurpose = "wrong-purpose",
    KeyUsage = "key-usage",
    WeakKey = "weak-key",
    WeakSignature = "weak-signature",
    UnsupportedAlgorithm = "unsupported-algorithm",
    Malformed = "malformed",
    UnknownCriticalExtension = "unknown-critical-extension",
    UnsupportedCertificateVersion = "unsupported-certificate-version",
    Revoked = "revoked",
    CrlExpired = "crl-expired",
    CrlInvalid = "crl-invalid",
    RevocationUnknown = "revocation-unknown",
    ClientCertificateMissing = "client-certificate-missing",
    ServerCertificateMissing = "server-certificate-missing",
    ClientCertificateNotAcceptable = "client-certificate-not-acceptable",
    KeyMismatch = "key-mismatch",
    NoCommonVersion = "no-common-version",
    NoCommonCipher = "no-common-cipher",
    NoCommonGroup = "no-common-group",
    NoCommonSignatureScheme = "no-common-signature-scheme",
    AlpnMismatch = "alpn-mismatch",
    SniRejected = "sni-rejected",
    NotTls = "not-tls",
    Tampered = "tampered",
    Truncated = "truncated",
    UnexpectedMessage = "unexpected-message",
    Timeout = "timeout",
    PeerClosed = "peer-closed",
    MessageTooLarge = "message-too-large",
    UnexplainedRefusal = "unexplained-refusal",
    NotConformant = "not-conformant",
    BudgetExceeded = "budget-exceeded",
    ProxyHeaderMismatch = "proxy-header-mismatch",
    KeyNotUsable = "key-not-usable",
    PostHandshakeAuth = "post-handshake-auth",
    RefusedWithoutAlert = "refused-without-alert",
}
