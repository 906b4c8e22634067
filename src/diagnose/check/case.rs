//! What a check is given, and what it says.

use crate::capture::Side;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::lists::Status;
use crate::diagnose::memo::Signature;
use crate::diagnose::record::Recorded;
use crate::diagnose::search::Pool;
use crate::diagnose::{CauseId, Demand, Outcome, Role, Variety, deviation};

pub(in crate::diagnose) use crate::pki::moment_words as moment;

/// A certificate in its place, with all that a check may ask.
pub(in crate::diagnose) struct Case<'a> {
    /// The certificate judged.
    pub certificate: &'a Certificate,
    pub role: Role,
    /// Who judges.
    pub judge: Side,
    /// CAs between this one and the leaf, this one not counted.
    pub cas_below: usize,
    /// All certificates below it in the path, leaf first.
    pub below: &'a [&'a Certificate],
    /// Who issued it in this path; `None` where nobody is at hand.
    pub issuer: Option<&'a Certificate>,
    /// The issuer is the path's anchor, of which webpki knows name and key only.
    pub is_issuer_anchor: bool,
    /// What the judge has about revocation.
    pub status: &'a Status,
    /// What is on record of other stacks about the whole chain.
    pub record: &'a Recorded<'a>,
    /// The chain as sent.
    pub sent: &'a Pool,
    /// The judge's roots; `None` where they are not known.
    pub roots: Option<&'a Pool>,
    /// Whatever else is at hand.
    pub pool: &'a Pool,
    pub expected_name: Option<&'a str>,
    /// Seconds since the Unix epoch.
    pub clock_unix_s: i64,
    /// SubjectPublicKeyInfo of the key that the sender signs with; for the leaf only.
    pub key_in_use: Option<&'a [u8]>,
    /// What came of the proof of possession; for the leaf only.
    pub possession: Option<&'a Signature>,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diagnose) struct Finding {
    pub outcome: Outcome,
    pub cause: Option<CauseId>,
    /// Of a warning: whether a stack on record refuses it.
    pub is_refused_elsewhere: bool,
    pub detail: String,
    /// The rules behind a warning, by their names in the record of who refuses what.
    pub rules: Vec<&'static str>,
    /// Of a failure: which of the faults of its cause it is, where stacks differ over them.
    pub variety: Option<Variety>,
    /// What a program may be set to ask for beyond this check, and does not find here.
    pub demand: Option<Demand>,
}

/// What is said of a warning, and whether any stack minds.
pub(in crate::diagnose) struct Warning {
    words: String,
    is_refused_elsewhere: bool,
    rule: Option<&'static str>,
}

impl From<String> for Warning {
    fn from(words: String) -> Self {
        Self {
            words,
            is_refused_elsewhere: true,
            rule: None,
        }
    }
}

impl From<&str> for Warning {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl From<deviation::Sentence> for Warning {
    fn from(sentence: deviation::Sentence) -> Self {
        Self {
            words: sentence.words,
            is_refused_elsewhere: sentence.is_refused_by_any,
            rule: sentence.is_refused_by_any.then_some(sentence.rule),
        }
    }
}

impl Finding {
    pub(super) fn pass(detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Pass,
            cause: None,
            is_refused_elsewhere: false,
            detail: detail.into(),
            rules: Vec::new(),
            variety: None,
            demand: None,
        }
    }

    pub(super) fn fail(cause: CauseId, detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Fail,
            cause: Some(cause),
            is_refused_elsewhere: false,
            detail: detail.into(),
            rules: Vec::new(),
            variety: None,
            demand: None,
        }
    }

    pub(super) fn warn(cause: impl Into<Option<CauseId>>, warning: impl Into<Warning>) -> Self {
        let Warning {
            words,
            is_refused_elsewhere,
            rule,
        } = warning.into();
        Self {
            outcome: Outcome::Warn,
            cause: cause.into(),
            is_refused_elsewhere,
            detail: words,
            rules: rule.into_iter().collect(),
            variety: None,
            demand: None,
        }
    }

    /// Which of the faults of its cause it is.
    pub(super) fn of_variety(mut self, variety: Option<Variety>) -> Self {
        self.variety = variety;
        self
    }

    /// With what a program may be set to ask for besides.
    pub(super) fn asked_for(mut self, demand: Option<Demand>) -> Self {
        self.demand = demand.or(self.demand);
        self
    }

    /// Both findings in one: the worse outcome with its cause, the words of both.
    pub(super) fn and(self, other: impl Into<Option<Self>>) -> Self {
        let Some(other) = other.into() else {
            return self;
        };
        let weight = |finding: &Self| match finding.outcome {
            Outcome::Fail => 4,
            Outcome::Warn => 3,
            Outcome::Unknown | Outcome::NotReached => 2,
            Outcome::Pass => 1,
            Outcome::NotApplicable => 0,
        };
        let (worse, better) = if weight(&other) > weight(&self) {
            (other, self)
        } else {
            (self, other)
        };
        let mut rules = worse.rules;
        rules.extend(better.rules);
        Self {
            rules,
            variety: worse.variety,
            demand: worse.demand.or(better.demand),
            outcome: worse.outcome,
            cause: worse.cause,
            is_refused_elsewhere: worse.is_refused_elsewhere || better.is_refused_elsewhere,
            // What says that nothing is the matter, or nothing at all, need not be repeated beside what is.
            detail: match better.outcome {
                Outcome::NotApplicable => worse.detail,
                _ => format!("{}; {}", worse.detail, better.detail),
            },
        }
    }

    pub(super) fn unknown(detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Unknown,
            cause: None,
            is_refused_elsewhere: false,
            detail: detail.into(),
            rules: Vec::new(),
            variety: None,
            demand: None,
        }
    }

    pub(super) fn not_applicable(detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::NotApplicable,
            cause: None,
            is_refused_elsewhere: false,
            detail: detail.into(),
            rules: Vec::new(),
            variety: None,
            demand: None,
        }
    }
}
