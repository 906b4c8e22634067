//! Where a certificate says that something is to be had.

use crate::pki::CertificateFacts;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The revocation list about a certificate (cRLDistributionPoints, RFC 5280 §4.2.1.13).
    List,
    /// The certificate of its issuer (authorityInfoAccess caIssuers, RFC 5280 §4.2.2.1).
    Issuer,
}

impl Kind {
    /// For a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "revocation list",
            Self::Issuer => "issuer's certificate",
        }
    }
}

/// One thing to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// Addresses that all give the same (RFC 5280 §4.2.1.13), in the certificate's order; not empty.
    pub urls: Vec<String>,
    /// Whose certificate names them: a display name.
    pub whose: String,
}

/// The lists about these certificates (DER), each once. A point that speaks of some reasons only, or that another issuer
/// signs, is left out: rustls takes no such list. So is a root: nobody asks a list about an anchor.
pub fn lists(chain: &[&[u8]]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for facts in read(chain).filter(|facts| facts.issuer_der != facts.subject_der) {
        for point in facts.crl_distribution_points.iter().flatten() {
            let place = Place {
                kind: Kind::List,
                urls: point.uris.clone(),
                whose: facts.display_name.clone(),
            };
            add(&mut places, place, point.is_partial);
        }
    }
    places
}

/// The issuers of these certificates (DER) that neither they nor `at_hand` hold.
pub fn missing_issuers(chain: &[&[u8]], at_hand: &[&[u8]]) -> Vec<Place> {
    let all = [chain, at_hand].concat();
    let subjects: Vec<Vec<u8>> = read(&all).map(|facts| facts.subject_der).collect();
    let mut places: Vec<Place> = Vec::new();
    for facts in read(chain).filter(|facts| !subjects.contains(&facts.issuer_der)) {
        let place = Place {
            kind: Kind::Issuer,
            urls: facts.issuer_urls.clone(),
            whose: facts.display_name.clone(),
        };
        add(&mut places, place, false);
    }
    places
}

fn add(places: &mut Vec<Place>, place: Place, is_left_out: bool) {
    let is_known = places.iter().any(|known| known.urls == place.urls);
    if !is_left_out && !is_known && !place.urls.is_empty() {
        places.push(place);
    }
}

fn read<'a>(ders: &'a [&'a [u8]]) -> impl Iterator<Item = CertificateFacts> + 'a {
    ders.iter().filter_map(|der| CertificateFacts::from_der(der).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{Recipe, mint};

    /// Two leaves of one CA name the same list: it is asked for once. A root's own list is nobody's news of it.
    #[test]
    fn each_list_is_asked_for_once_and_a_roots_never() {
        let recipes: Vec<Recipe> = ron::from_str(
            r#"[
            (name: "root", subject: "Root", is_ca: true, crl_points: ["http://ca.example/root.crl"]),
            (name: "a", subject: "a", issuer: Some("root"), crl_points: ["http://ca.example/1.crl"]),
            (name: "b", subject: "b", issuer: Some("root"), crl_points: ["http://ca.example/1.crl"]),
            (name: "c", subject: "c", issuer: Some("root"), crl_points: ["http://ca.example/2.crl"]),
            (name: "d", subject: "d", issuer: Some("root")),
        ]"#,
        )
        .expect("recipes");
        let minted = mint(&recipes, 1_800_000_000).expect("it mints");
        let chain: Vec<Vec<u8>> = ["a", "b", "c", "d", "root"]
            .iter()
            .map(|name| {
                minted
                    .find(name)
                    .expect("there")
                    .certificate
                    .der
                    .as_bytes()
                    .to_vec()
            })
            .collect();
        let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
        let found: Vec<(String, Vec<String>)> = lists(&chain)
            .into_iter()
            .map(|place| (place.whose, place.urls))
            .collect();
        let url = |text: &str| vec![text.to_owned()];
        assert_eq!(
            found,
            [
                ("a".to_owned(), url("http://ca.example/1.crl")),
                ("c".to_owned(), url("http://ca.example/2.crl"))
            ]
        );
    }
}
