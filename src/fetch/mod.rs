//! Fetching what a certificate's own addresses promise, when the user says so: the revocation list about it, the certificate
//! of its issuer. Nothing calls this by itself.
//!
//! `place` finds the addresses, `limits` are the bounds, `request` holds them for all that one request of the user's
//! asks, `http` asks one address, `answer` reads what came, `wire` is the HTTP library's way through `net`. What comes back is read as a file of that name would be: its
//! signature is for the checks to judge, so that an answer need not be trusted for where it came from (RFC 5280 §8).
//!
//! A certificate comes from outside, and so do its addresses: private ones are refused unless the user allows them, or a
//! stranger's certificate could make this machine call its own network. Redirects are held to the same.
//!
//! Deliberately absent: https, whose own certificate would have to be trusted first, perhaps by the very list that is
//! asked for; LDAP; and asking an OCSP responder, which would tell it who is being looked at.

mod answer;
mod error;
mod http;
mod limits;
mod place;
mod request;
mod wire;

pub use error::FetchError;
pub use limits::Limits;
pub use place::{Kind, Place, lists, missing_issuers};
pub use request::Request;

use crate::pki::{Bundle, LoadedCertificate};

/// The far end of a chain of issuers: nobody's is longer, and an address may lead in a circle.
const MOST_ISSUERS: usize = 8;

/// Asks for the issuers that `chain` does not hold, and for theirs, until a root is reached or one is at hand
/// (`at_hand`; all DER). `ask` is [`Request::fetch`], or remembers what it answered.
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
            .chain(found.iter().map(|one| one.der.as_bytes()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{Recipe, mint};

    /// Of a longer way the first part is followed: an address may lead on for ever.
    #[test]
    fn eight_issuers_are_followed_and_no_more() {
        for above in [7usize, 8, 9, 12] {
            let recipes: Vec<Recipe> = (0..=above)
                .rev()
                .map(|place| {
                    let text = format!(r#"(name: "{place}", subject: "CA {place}", is_ca: true)"#);
                    let mut recipe: Recipe = ron::from_str(&text).expect("a recipe");
                    if place < above {
                        recipe.issuer = Some((place + 1).to_string());
                        recipe.issuer_urls = vec![format!("http://ca.example/{}", place + 1)];
                    }
                    recipe
                })
                .collect();
            let minted = mint(&recipes, 1_800_000_000).expect("it mints");
            let find = |name: &str| minted.find(name).expect("there").certificate.clone();
            let mut asked = 0;
            let leaf = find("0");
            let found = issuers(&[leaf.der.as_bytes()], &[], |place| {
                asked += 1;
                let name = place.urls[0].rsplit('/').next().expect("a name");
                Ok(Bundle {
                    certificates: vec![find(name)],
                    ..Bundle::default()
                })
            })
            .expect("each answers");
            assert_eq!(
                (asked, found.len()),
                (above.min(8), above.min(8)),
                "{above} above"
            );
        }
    }
}
