//! What one stack would do when it is asked for a certificate, and by which rule.

use std::ops::Range;

use super::tested::Tested;

/// What a stack would do when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It sends the certificate and proves that it holds the key.
    Sends,
    /// It sends a Certificate message without a certificate, and goes on as if it had none.
    Withholds,
    /// It ends the connection, or cannot even begin one.
    Fails,
}

impl Answer {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Withholds => "withholds",
            Self::Fails => "fails",
        }
    }
}

/// What one stack would do, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// `OpenSSL`, `Java (PKIX)`, ….
    pub stack: &'static str,
    /// What it would do.
    pub answer: Answer,
    /// Why, in a sentence for whoever met mTLS last week; empty where it sends.
    pub why: String,
    /// The stack's rule, precisely, with where it stands.
    pub rule: String,
    /// The bytes of the CertificateRequest that decide, its 4-byte header included.
    pub decides: Range<usize>,
    /// With which version of the program the rule was tested; `None` where no run was recorded.
    pub tested: Option<&'static Tested>,
}
