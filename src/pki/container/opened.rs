//! What a container held, or why it stays closed.

use zeroize::Zeroizing;

use crate::stack::Stack;

/// What was in a container.
#[derive(Default)]
pub struct Opened {
    /// Certificates (DER), each with its place in words.
    pub certificates: Vec<(Vec<u8>, Option<String>)>,
    /// Private keys (DER), each with its place in words.
    pub keys: Vec<(Zeroizing<Vec<u8>>, Option<String>)>,
    /// Revocation lists (DER).
    pub lists: Vec<Vec<u8>>,
    /// What was passed over or is unusual, without full stops, who refuses it, and the command that mends it.
    pub notes: Vec<(String, &'static [Stack], Option<&'static str>)>,
}

/// Why a container gave nothing.
#[derive(Debug)]
pub enum Fault {
    /// It asks for a passphrase, and none was given.
    Needed {
        /// What is closed: `the PKCS#12 container`.
        what: String,
    },
    /// None of the passphrases given opens it.
    Wrong {
        /// What is closed.
        what: String,
    },
    /// It cannot be read here.
    Other {
        /// What is wrong.
        what: String,
        /// What to do, with `{file}` where the file's name stands in a command.
        mend: String,
    },
}

impl Fault {
    pub(super) fn other(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Other {
            what: what.into(),
            mend: mend.into(),
        }
    }

    /// Nobody gave one, or those given were wrong.
    pub(super) fn closed(what: &str, was_given: bool) -> Self {
        let what = what.to_owned();
        if was_given {
            Self::Wrong { what }
        } else {
            Self::Needed { what }
        }
    }
}
