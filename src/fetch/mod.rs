//! Asking a certificate's own addresses for what they promise, when the user says so: the revocation list about it, the
//! certificate of its issuer. Nothing calls this by itself.
//!
//! `place` finds the addresses, `http` asks one of them. What comes back is read as a file of that name would be: its
//! signature is for the checks to judge, so that an answer need not be trusted for where it came from (RFC 5280 §8).
//!
//! Deliberately absent: https, whose own certificate would have to be trusted first, perhaps by the very list that is
//! asked for; LDAP; and asking an OCSP responder, which would tell it who is being looked at.

mod http;
mod place;

use std::time::Duration;

pub use http::FetchError;
pub use place::{Kind, Place, lists, missing_issuers};

use crate::cancel::Cancel;
use crate::pki::{Bundle, LARGEST_FILE_BYTES, LoadedCertificate, read_bytes, shell_quote};

/// How long and how much.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// From the name's resolution to the last byte, for each address.
    pub in_all: Duration,
    /// The longest answer, in bytes.
    pub most_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            in_all: Duration::from_secs(20),
            most_bytes: LARGEST_FILE_BYTES,
        }
    }
}

/// The far end of a chain of issuers: nobody's is longer, and an address may lead in a circle.
const MOST_ISSUERS: usize = 8;

/// Asks for one thing, address by address, until one answers with it. Blocks, for no longer than the limits allow; a cancel
/// is heeded between addresses and between parts of an answer.
///
/// What is found carries its address where a file's path would stand. The error is the last address's.
pub fn fetch(place: &Place, limits: &Limits, cancel: &Cancel) -> Result<Bundle, FetchError> {
    let mut last = FetchError::NoAddress {
        whose: place.whose.clone(),
        what: place.kind.word(),
    };
    for url in &place.urls {
        if cancel.is_cancelled() {
            return Err(FetchError::Cancelled { url: url.clone() });
        }
        match http::get(url, limits, cancel).and_then(|bytes| read(&bytes, url, place.kind)) {
            Ok(bundle) => return Ok(bundle),
            Err(error @ FetchError::Cancelled { .. }) => return Err(error),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn read(bytes: &[u8], url: &str, kind: Kind) -> Result<Bundle, FetchError> {
    let other = |what: String| FetchError::SomethingElse {
        url: url.to_owned(),
        wanted: kind.word(),
        what,
        command: format!("curl -sSL {} | head -c 300", shell_quote(url)),
    };
    let bundle = read_bytes(bytes, url).map_err(|error| other(error.what))?;
    let is_it = match kind {
        Kind::List => !bundle.revocation_lists.is_empty(),
        Kind::Issuer => !bundle.certificates.is_empty(),
    };
    if is_it {
        Ok(bundle)
    } else {
        Err(other("it holds something of another kind".to_owned()))
    }
}

/// Asks for the issuers that `chain` does not hold, and for theirs, until a root is reached or one is at hand
/// (`at_hand`; all DER). `ask` is [`fetch`], or remembers what it answered.
pub fn issuers(
    chain: &[&[u8]],
    at_hand: &[&[u8]],
    mut ask: impl FnMut(&Place) -> Result<Bundle, FetchError>,
) -> Result<Vec<LoadedCertificate>, FetchError> {
    let mut found: Vec<LoadedCertificate> = Vec::new();
    let mut asked: Vec<Place> = Vec::new();
    while asked.len() < MOST_ISSUERS {
        let everything: Vec<&[u8]> = chain
            .iter()
            .copied()
            .chain(found.iter().map(|one| one.der.as_slice()))
            .collect();
        let Some(place) = missing_issuers(&everything, at_hand)
            .into_iter()
            .find(|place| !asked.contains(place))
        else {
            break;
        };
        found.extend(ask(&place)?.certificates);
        asked.push(place);
    }
    Ok(found)
}
