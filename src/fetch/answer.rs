//! What an address answered, read as the file that it should be.

use super::{FetchError, Kind};
use crate::pki::{Bundle, read_bytes, shell_quote};

/// What was asked for, or why this is something else.
pub(super) fn read(bytes: &[u8], url: &str, kind: Kind) -> Result<Bundle, FetchError> {
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

#[cfg(test)]
mod tests;
