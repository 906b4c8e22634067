//! What is asked of the path building, and what it tells.

use crate::capture::{AtHand, Der, Side, Slot, Trust};
use crate::diagnose::{CauseId, CertificateRef, LinkState};

/// A chain and all that lies around it; no handshake is needed.
#[derive(Clone, Debug)]
pub struct PathsInput<'a> {
    /// DER, leaf first, as it was sent or would be.
    pub chain: &'a [Der],
    /// What the judge trusts; `None` where it is not known.
    pub trust: Option<&'a Trust>,
    /// Who judges.
    pub judge: Side,
    /// Every certificate at hand, with its place.
    pub at_hand: &'a [AtHand],
    /// The clock to judge by where there is no trust, in seconds since the epoch.
    pub clock_unix_s: i64,
}

/// What became of every path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathReport {
    /// Who judges; `None` where nobody does.
    pub judge: Option<Side>,
    /// The path taken first, then those over what was sent in rustls's order, then those that need something else.
    pub paths: Vec<CandidatePath>,
    /// How many more there are than are told.
    pub more: usize,
    /// Whether there may be more still: the search was ended.
    pub is_cut_short: bool,
    /// What nearly fits, nearest first.
    pub near_misses: Vec<NearMiss>,
}

/// One way up from the leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidatePath {
    /// From the leaf upwards.
    pub steps: Vec<PathStep>,
    /// What became of it.
    pub outcome: PathOutcome,
}

/// One certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// Which; `None` where only its name is known.
    pub certificate: Option<CertificateRef>,
    /// What to call it.
    pub name: String,
    /// Where it comes from.
    pub from: Whereabouts,
    /// Whether it fails by itself.
    pub is_bad: bool,
    /// Whether the link to the next one holds; `None` at the end.
    pub link_to_next: Option<LinkState>,
}

/// Where a certificate of a path comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepFrom {
    /// It was sent.
    Sent,
    /// It is in the judge's store.
    Store,
    /// It lies in a file at hand: neither sent nor trusted by the judge.
    AtHand,
    /// Nobody has it.
    Absent,
}

impl StepFrom {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Store => "store",
            Self::AtHand => "at-hand",
            Self::Absent => "absent",
        }
    }
}

/// Where a certificate comes from, and the file that holds it where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// Sent, in the store, at hand.
    pub from: StepFrom,
    /// Who loaded it; `None` for known certificates.
    pub side: Option<Side>,
    /// The slot that it was loaded into.
    pub slot: Option<Slot>,
    /// The file's path as the user gave it.
    pub file: Option<String>,
}

impl Whereabouts {
    /// In a word or two: `sent`, `in the store`, `old-root.pem`.
    pub fn brief(&self) -> String {
        match (self.from, &self.file) {
            (StepFrom::Sent, _) => "sent".to_owned(),
            (StepFrom::Store, _) => "in the store".to_owned(),
            (StepFrom::Absent, _) => "nowhere at hand".to_owned(),
            (StepFrom::AtHand, Some(file)) => file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned(),
            (StepFrom::AtHand, None) => "at hand".to_owned(),
        }
    }

    /// As the end of a sentence: `lies in old-root.pem`, `is among what the client trusts`.
    pub fn words(&self) -> String {
        let file = self
            .file
            .as_ref()
            .map(|file| format!(" ({file})"))
            .unwrap_or_default();
        match (self.from, self.side, self.slot) {
            (StepFrom::Sent, ..) => "was sent".to_owned(),
            (StepFrom::Absent, ..) => "is nowhere at hand".to_owned(),
            (StepFrom::Store, Some(side), _) => format!("is in what the {} trusts{file}", side.word()),
            (StepFrom::Store, ..) => "is in the trust store".to_owned(),
            (StepFrom::AtHand, Some(side), Some(Slot::Trust)) => {
                format!("is in what the {} trusts{file}", side.word())
            }
            (StepFrom::AtHand, Some(side), _) => format!("is in what the {} has loaded{file}", side.word()),
            (StepFrom::AtHand, None, _) => match &self.file {
                Some(file) => format!("lies in {file}"),
                None => "is among the known certificates".to_owned(),
            },
        }
    }
}

/// What became of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathOutcome {
    /// rustls took it.
    Taken,
    /// rustls did not take it, or could not.
    Dropped(Dropped),
    /// What the judge trusts is not known.
    NotKnown,
}

/// Why and where a path was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Why.
    pub why: DropReason,
    /// The step at which it breaks, from 0; for a link, the step below it.
    pub step: usize,
    /// A sentence with names and files; then whatever else would stop it.
    pub words: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $kind:ident { $($(#[$variant:meta])* $name:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $kind { $($(#[$variant])* $name,)* }

        impl $kind {
            /// The word in JSON.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

words! {
    /// Why a path was dropped.
    DropReason {
        /// An earlier path held: rustls takes the first.
        NotNeeded = "not-needed",
        /// It comes back to a name and key that it has passed.
        Loop = "loop",
        /// More intermediates than rustls allows.
        TooDeep = "too-deep",
        /// rustls's budget of signature checks was spent.
        Budget = "budget",
        /// The signature is not the work of the next one's key.
        SignatureFails = "signature-fails",
        /// The same, and the key identifiers tell as much.
        KeyIdDiffers = "key-id-differs",
        /// The signature's algorithm or key is one that rustls does not verify.
        SignatureUnsupported = "signature-unsupported",
        /// Past its validity.
        Expired = "expired",
        /// Before its validity.
        NotYetValid = "not-yet-valid",
        /// It issues and is not a CA.
        NotACa = "not-a-ca",
        /// A CA stands where the leaf should.
        LeafIsCa = "leaf-is-ca",
        /// pathLenConstraint.
        PathLength = "path-length",
        /// nameConstraints.
        NameConstraints = "name-constraints",
        /// extendedKeyUsage.
        Purpose = "purpose",
        /// Revoked, or not known not to be.
        Revocation = "revocation",
        /// It cannot be read, or says what cannot be understood.
        Unreadable = "unreadable",
        /// Nobody here has the next one.
        IssuerNotAtHand = "issuer-not-at-hand",
        /// A certificate on it was not sent.
        NotSent = "not-sent",
        /// It ends at a root that the judge does not trust.
        RootNotTrusted = "root-not-trusted",
    }
}

words! {
    /// In what way a certificate nearly fits.
    NearMissKind {
        /// The issuer's name, with another key.
        SameNameOtherKey = "same-name-other-key",
        /// The issuer's key, and key identifiers that do not agree (RFC 5280 §4.2.1.1).
        KeyIdDiffers = "key-id-differs",
        /// A name like the issuer's.
        SimilarName = "similar-name",
        /// The issuer's name letter for letter, in another string type: rustls compares bytes.
        NameEncodingDiffers = "name-encoding-differs",
        /// The key that made the signature, under another name.
        SameKeyOtherName = "same-key-other-name",
        /// The leaf and its issuer have changed places.
        SwappedOrder = "swapped-order",
        /// The one in the path is past its time; a renewed one is at hand.
        ExpiredTwin = "expired-twin",
        /// The issuer is at hand, and not where the judge looks.
        IssuerInOtherSlot = "issuer-in-other-slot",
        /// The same name and key, once signed by itself and once by another.
        SelfSignedTwin = "self-signed-twin",
    }
}

/// A certificate that is not the one wanted, and nearly is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// In what way.
    pub kind: NearMissKind,
    /// The certificate that wants an issuer, or that has a twin.
    pub child: CertificateRef,
    /// What to call it.
    pub child_name: String,
    /// What nearly fits.
    pub candidate: CertificateRef,
    /// What to call it.
    pub candidate_name: String,
    /// Where that is.
    pub candidate_from: Whereabouts,
    /// A sentence with names and files.
    pub words: String,
    /// What the two have in common, such as the subject.
    pub same: Vec<(&'static str, String)>,
    /// In what they differ.
    pub differs: Vec<Difference>,
}

/// One thing in which what is there is not what is wanted: of a candidate that nearly fits, or, between twins, of the one in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `key identifier`, `common name`, `valid until`.
    pub what: &'static str,
    /// What does not fit.
    pub has: String,
    /// What would.
    pub wanted: String,
}

impl PathReport {
    /// Whether there is anything to tell beyond the chain itself.
    pub fn is_worth_telling(&self) -> bool {
        let is_taken = self.paths.iter().any(|path| path.outcome == PathOutcome::Taken);
        let is_known = self
            .paths
            .iter()
            .any(|path| path.outcome != PathOutcome::NotKnown);
        !self.near_misses.is_empty() || self.paths.len() > 1 || (is_known && !is_taken)
    }

    /// The near miss that explains a cause on this certificate, for its detail.
    pub fn near_miss(&self, certificate: &CertificateRef, cause: CauseId) -> Option<&NearMiss> {
        use NearMissKind as Kind;
        let kinds: &[NearMissKind] = match cause {
            CauseId::SameNameDifferentKey | CauseId::BadSignature => {
                &[Kind::SameNameOtherKey, Kind::KeyIdDiffers]
            }
            CauseId::UnknownIssuer | CauseId::MissingIntermediate => &[
                Kind::NameEncodingDiffers,
                Kind::SameKeyOtherName,
                Kind::IssuerInOtherSlot,
                Kind::SelfSignedTwin,
                Kind::SimilarName,
            ],
            CauseId::SelfSignedNotTrusted => {
                &[Kind::SelfSignedTwin, Kind::SimilarName, Kind::IssuerInOtherSlot]
            }
            CauseId::Expired => &[Kind::ExpiredTwin],
            CauseId::LeafNotFirst | CauseId::LeafIsCa => &[Kind::SwappedOrder],
            _ => return None,
        };
        kinds.iter().find_map(|kind| {
            self.near_misses
                .iter()
                .find(|miss| miss.kind == *kind && miss.child.sha256 == certificate.sha256)
        })
    }
}
