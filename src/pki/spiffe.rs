//! SPIFFE IDs: which text is one, and whose certificate carries it (SPIFFE-ID §2; X509-SVID §2, §5.1).

use super::kinds::GeneralName;

/// Whether a name to ask for is meant as a SPIFFE ID, and not as a host.
pub fn is_spiffe_id(name: &str) -> bool {
    name.starts_with("spiffe://")
}

/// Why a text is no SPIFFE ID, in a few words.
pub fn spiffe_id_fault(text: &str) -> Option<&'static str> {
    let Some(rest) = text.strip_prefix("spiffe://") else {
        return Some("it does not begin with spiffe://");
    };
    let (domain, path) = rest
        .split_once('/')
        .map_or((rest, None), |(domain, path)| (domain, Some(path)));
    let is_in_domain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if domain.is_empty() || domain.len() > 255 || !domain.chars().all(is_in_domain) {
        return Some(
            "its trust domain holds something other than lower-case letters, digits, dots, dashes and underscores",
        );
    }
    if text.len() > 2048 {
        return Some("it is longer than 2048 bytes");
    }
    let is_in_path = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.chars().all(is_in_path);
    if path.is_some_and(|path| !path.split('/').all(is_segment)) {
        return Some(
            "a segment of its path is empty, a dot, or holds something other than letters, digits, dots, dashes and underscores",
        );
    }
    None
}

/// Holds the names of a certificate against the SPIFFE ID that is expected: exactly one URI, and that one.
///
/// `Err` says what it carries instead, as the second half of a sentence: `it carries spiffe://…`.
pub fn expect_spiffe_id(expected: &str, names: &[GeneralName]) -> Result<(), String> {
    let uris: Vec<&str> = names
        .iter()
        .filter_map(|name| match name {
            GeneralName::Uri(uri) => Some(uri.as_str()),
            _ => None,
        })
        .collect();
    match uris.as_slice() {
        [only] if *only == expected => Ok(()),
        [only] => Err(format!("it carries {only}")),
        [] => Err("it carries no URI and so no SPIFFE ID".to_owned()),
        several => Err(format!(
            "it carries {} URIs, where a SPIFFE certificate has exactly one: {}",
            several.len(),
            several.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_the_standards() {
        for good in [
            "spiffe://shop.example",
            "spiffe://shop.example/ns/shop/sa/orders",
            "spiffe://a_b-1/x.Y",
        ] {
            assert_eq!(spiffe_id_fault(good), None, "{good}");
        }
        for bad in [
            "https://shop.example",
            "spiffe://",
            "spiffe:///ns",
            "spiffe://Shop.example",
            "spiffe://shop.example:443/x",
            "spiffe://user@shop/x",
            "spiffe://shop/",
            "spiffe://shop//x",
            "spiffe://shop/../x",
            "spiffe://shop/a%20b",
        ] {
            assert!(spiffe_id_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn exactly_one_uri_and_that_one() {
        let uri = |text: &str| GeneralName::Uri(text.to_owned());
        let wanted = "spiffe://shop.example/a";
        assert_eq!(
            expect_spiffe_id(wanted, &[uri(wanted), GeneralName::Dns("a".to_owned())]),
            Ok(())
        );
        for names in [
            vec![],
            vec![uri("spiffe://shop.example/b")],
            vec![uri(wanted), uri(wanted)],
        ] {
            assert!(expect_spiffe_id(wanted, &names).is_err(), "{names:?}");
        }
    }

    #[test]
    fn a_trust_domain_and_an_id_end_at_their_lengths() {
        let domain = |length: usize| spiffe_id_fault(&format!("spiffe://{}", "a".repeat(length)));
        assert_eq!(domain(255), None);
        assert!(domain(256).is_some());
        let whole = |length: usize| {
            let begin = "spiffe://shop.example/";
            spiffe_id_fault(&format!("{begin}{}", "a".repeat(length - begin.len())))
        };
        assert_eq!(whole(2048), None);
        assert!(whole(2049).is_some());
    }
}
