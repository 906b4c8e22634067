//! What was loaded, sorted into what it is for: pairs, chains, authorities, and what is left.

use super::facts::CertificateFacts;
use super::load_opened::is_nameless;
use super::loaded::{Bundle, LoadedCertificate, LoadedKey};

/// A chain that somebody presents, leaf first as it lay, and its key where that is there too.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Not empty.
    pub chain: Vec<LoadedCertificate>,
    /// The private key that belongs to the first.
    pub key: Option<LoadedKey>,
}

/// Certificates and keys, sorted. Nothing is lost: each is in exactly one of the lists.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Chains with the key of their leaf, then those without.
    pub presented: Vec<Presented>,
    /// Certificates of authorities that lie by themselves: a trust store, a CA's own file.
    pub authorities: Vec<LoadedCertificate>,
    /// Keys that belong to no certificate here.
    pub keys: Vec<LoadedKey>,
}

/// Sorts by where the certificates lay: what stands together in a file, a Secret's value or a store's entry is one chain, and
/// each leaf in it begins one. Nothing is added that does not lie there: a chain that lacks its issuer is presented without
/// it.
pub fn sorted(bundle: &Bundle) -> Sorted {
    let mut out = Sorted::default();
    let mut keys = bundle.keys.clone();
    let mut rest = bundle.certificates.as_slice();
    while let Some(first) = rest.first() {
        let is_nameless = |one: &LoadedCertificate| one.within.as_deref().is_some_and(is_nameless);
        // What has no name of its own in a container, as in PKCS#7, is of one bag.
        let together = |one: &&LoadedCertificate| {
            let is_beside = one.within == first.within || is_nameless(one) && is_nameless(first);
            one.file == first.file && is_beside
        };
        let length = rest.iter().take_while(together).count();
        let (group, behind) = rest.split_at(length);
        rest = behind;
        take_group(group, &mut keys, &mut out);
    }
    out.presented.sort_by_key(|one| one.key.is_none());
    out.keys = keys;
    out
}

impl Bundle {
    /// The certificates that the owner of the file sends: all of them, but for CAs that lie in places of their own beside the
    /// one identity, as a Secret's `ca.crt` does: those are for trusting.
    pub fn presented(&self) -> Vec<LoadedCertificate> {
        let sorted = sorted(self);
        match sorted.presented.as_slice() {
            [one] if !sorted.authorities.is_empty() => one.chain.clone(),
            _ => self.certificates.clone(),
        }
    }
}

fn take_group(group: &[LoadedCertificate], keys: &mut Vec<LoadedKey>, out: &mut Sorted) {
    let facts: Vec<Option<CertificateFacts>> = group
        .iter()
        .map(|one| CertificateFacts::from_der(&one.der).ok())
        .collect();
    let fitting = |at: usize, keys: &[LoadedKey]| {
        let facts = facts.get(at)?.as_ref()?;
        let fits = |key: &LoadedKey| key.key.matches(facts);
        let lies_beside = |key: &LoadedKey| {
            group
                .get(at)
                .is_some_and(|one| one.file == key.file && one.within == key.within)
        };
        keys.iter()
            .position(|key| fits(key) && lies_beside(key))
            .or_else(|| keys.iter().position(fits))
    };
    // What cannot be read may be a leaf: it is judged.
    let is_leaf = |at: usize| {
        facts
            .get(at)
            .is_some_and(|facts| facts.as_ref().is_none_or(|facts| facts.is_ca != Some(true)))
    };
    let begins = |at: usize, keys: &[LoadedKey]| is_leaf(at) || fitting(at, keys).is_some();
    let starts: Vec<usize> = (0..group.len()).filter(|at| begins(*at, keys)).collect();
    let Some(&first_start) = starts.first() else {
        out.authorities.extend_from_slice(group);
        return;
    };
    for (index, start) in starts.iter().enumerate() {
        // Issuers before the first leaf are a chain in the wrong order: it is shown as it lies.
        let from = if index == 0 && first_start > 0 && starts.len() == 1 {
            0
        } else {
            *start
        };
        let to = starts.get(index + 1).copied().unwrap_or(group.len());
        if index == 0 && from == first_start {
            out.authorities
                .extend_from_slice(group.get(..from).unwrap_or_default());
        }
        let key = fitting(*start, keys).map(|at| keys.remove(at));
        out.presented.push(Presented {
            chain: group.get(from..to).unwrap_or_default().to_vec(),
            key,
        });
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;

    use super::super::{Bundle, Passphrases, Recipe, mint, read_text_with};

    fn pem(label: &str, der: &[u8]) -> String {
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    }

    /// A Secret with these values; how many certificates are sent of it, and how many there are.
    fn sent_of(values: &[(&str, String)]) -> (usize, usize) {
        let lines: Vec<String> = values
            .iter()
            .map(|(key, value)| {
                let value = base64::engine::general_purpose::STANDARD.encode(value);
                format!("  {key}: {value}")
            })
            .collect();
        let data = lines.join("\n");
        let text = format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n{data}");
        let bundle: Bundle = read_text_with(&text, &Passphrases::NONE).expect("it reads");
        (bundle.presented().len(), bundle.certificates.len())
    }

    #[test]
    fn a_ca_in_a_place_of_its_own_is_not_sent() {
        let recipes: Vec<Recipe> = ron::from_str(
            r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true),
            (name: "issuer", subject: "Issuer", issuer: "root", is_ca: true),
            (name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.example"])]"#,
        )
        .expect("recipes");
        let minted = mint(&recipes, 1_800_000_000).expect("it mints");
        let certificate =
            |name: &str| pem("CERTIFICATE", &minted.find(name).expect("minted").certificate.der);
        let key = pem(
            "PRIVATE KEY",
            minted.find("leaf").expect("minted").key.key.der.secret_der(),
        );
        let chain = certificate("leaf") + &certificate("issuer");
        for (values, wanted) in [
            // The CA's place is before the chain's in the alphabet.
            (
                vec![
                    ("ca.crt", certificate("root")),
                    ("tls.crt", chain.clone()),
                    ("tls.key", key.clone()),
                ],
                (2, 3),
            ),
            (vec![("tls.crt", chain.clone()), ("tls.key", key)], (2, 2)),
            // In one place it is a chain as it lies, in whatever order.
            (vec![("tls.crt", certificate("root") + &chain)], (3, 3)),
            (vec![("ca.crt", certificate("root"))], (1, 1)),
        ] {
            assert_eq!(
                sent_of(&values),
                wanted,
                "{:?}",
                values.iter().map(|one| one.0).collect::<Vec<_>>()
            );
        }
    }
}
