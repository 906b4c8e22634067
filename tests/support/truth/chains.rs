//! Chains out of the corpora: x509-limbo's, Chromium's, the BSI's and x509test's own cases, and every certificate of the other
//! folders below those of its neighbours that name each other as issuers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mtlscope::capture::{Der, Side};
use mtlscope::pki::{CertificateFacts, GeneralName, outline};
use serde_json::Value;

use super::super::chains::{blocks, certificates, certificates_of, files_below, moment};
use super::lists::{self, LIST};

/// A chain, and what it is judged by.
#[derive(Clone)]
pub struct Case {
    /// `limbo/rfc5280::…`, for people.
    pub id: String,
    /// Leaf first.
    pub chain: Vec<Der>,
    pub roots: Vec<Der>,
    pub judge: Side,
    pub name: Option<String>,
    pub at_unix_s: i64,
    /// Revocation lists; none where nobody asks for any.
    pub lists: Vec<Der>,
    /// Whether the leaf alone is looked for on them.
    pub is_leaf_only: bool,
    /// The most intermediates that the judge allows, where it is told.
    pub most_intermediates: Option<u64>,
}

/// Neighbours of one certificate that may stand in its chain.
const MOST_NEIGHBOURS: usize = 24;

/// All of them, each once, in an order that does not change.
pub fn all(root: &Path) -> Vec<Case> {
    let mut cases = limbo(root);
    cases.extend(chromium(root));
    cases.extend(bsi(root));
    cases.extend(x509test(root));
    cases.extend(neighbours(root));
    cases.into_iter().flat_map(lists::of_both_scopes).collect()
}

fn limbo(root: &Path) -> Vec<Case> {
    let Ok(text) = std::fs::read_to_string(root.join("limbo/limbo.json")) else {
        return Vec::new();
    };
    let file: Value = serde_json::from_str(&text).expect("it is JSON");
    let pems = |value: &Value| -> Vec<Der> {
        let blocks = value.as_array().into_iter().flatten();
        blocks.filter_map(Value::as_str).flat_map(certificates).collect()
    };
    let cases = file["testcases"].as_array().into_iter().flatten();
    cases
        .filter_map(|case| {
            let lists = case["crls"].as_array().into_iter().flatten();
            let is_client = case["validation_kind"] == "CLIENT";
            let name = case["expected_peer_name"]["value"].as_str();
            if name.is_some_and(|name| name.contains('@')) {
                return None;
            }
            let mut chain = certificates(case["peer_certificate"].as_str()?);
            chain.extend(pems(&case["untrusted_intermediates"]));
            Some(Case {
                id: format!("limbo/{}", case["id"].as_str()?),
                chain,
                roots: pems(&case["trusted_certs"]),
                judge: if is_client { Side::Server } else { Side::Client },
                name: name.filter(|_| !is_client).map(str::to_owned),
                at_unix_s: moment(case["validation_time"].as_str()),
                lists: lists
                    .filter_map(Value::as_str)
                    .flat_map(|text| blocks(text, LIST))
                    .collect(),
                is_leaf_only: true,
                most_intermediates: case["max_chain_depth"].as_u64(),
            })
        })
        .collect()
}

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .unwrap_or_default()
        .trim()
}

/// Chromium's paths: the last certificate is the anchor.
fn chromium(root: &Path) -> Vec<Case> {
    let folder = root.join("chromium-verify/verify_certificate_chain_unittest");
    let mut files = Vec::new();
    files_below(&folder, &mut files);
    files
        .into_iter()
        .filter(|file| file.extension().is_some_and(|end| end == "test"))
        .filter_map(|file| {
            let text = std::fs::read_to_string(&file).ok()?;
            let mut chain = certificates_of(&file.with_file_name(field(&text, "chain")));
            let at = match field(&text, "utc_time") {
                "DEFAULT" => "2021-10-05T12:00:00Z".to_owned(),
                time => format!(
                    "20{}-{}-{}T{}:{}:{}Z",
                    time.get(..2)?,
                    time.get(2..4)?,
                    time.get(4..6)?,
                    time.get(6..8)?,
                    time.get(8..10)?,
                    time.get(10..12)?
                ),
            };
            let roots = if chain.len() > 1 {
                vec![chain.pop()?]
            } else {
                chain.clone()
            };
            let is_client = field(&text, "key_purpose").starts_with("CLIENT_AUTH");
            let id = file.strip_prefix(root).ok()?.display().to_string();
            (!chain.is_empty()).then_some(Case {
                id,
                chain,
                roots,
                judge: if is_client { Side::Server } else { Side::Client },
                name: None,
                at_unix_s: moment(Some(&at)),
                lists: Vec::new(),
                is_leaf_only: false,
                most_intermediates: None,
            })
        })
        .collect()
}

fn bsi(root: &Path) -> Vec<Case> {
    let folder = root.join("bsi-x509");
    let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
    let names = expected
        .lines()
        .filter_map(|line| line.split_once('$'))
        .map(|(name, _)| name);
    names
        .filter(|name| folder.join(name).is_dir())
        .map(|name| {
            let file = |end: &str| certificates_of(&folder.join(name).join(format!("{name}_{end}")));
            let mut chain = file("ee.TC.pem.crt");
            chain.extend(file("sub_ca.ca.pem.crt"));
            Case {
                id: format!("bsi-x509/{name}"),
                chain,
                roots: file("root_ca.TA.pem.crt"),
                judge: Side::Client,
                name: None,
                at_unix_s: moment(Some("2017-08-19T12:00:00Z")),
                lists: lists::in_folder(&folder.join(name).join("crls")),
                is_leaf_only: false,
                most_intermediates: None,
            }
        })
        .collect()
}

fn x509test(root: &Path) -> Vec<Case> {
    let folder = root.join("x509test");
    let mut files = Vec::new();
    files_below(&folder, &mut files);
    let anchor = folder.join("root.pem");
    files
        .into_iter()
        .filter(|file| file.extension().is_some_and(|end| end == "pem") && *file != anchor)
        .map(|file| Case {
            id: format!("x509test/{}", file.file_name().unwrap_or_default().display()),
            chain: certificates_of(&file),
            roots: certificates_of(&anchor),
            judge: Side::Client,
            name: Some("www.tls.test".to_owned()),
            at_unix_s: moment(Some("2016-10-21T04:20:00Z")),
            lists: Vec::new(),
            is_leaf_only: false,
            most_intermediates: None,
        })
        .collect()
}

/// PEM blocks, or the whole file where it begins like DER.
fn certificates_in(path: &Path) -> Vec<Der> {
    let bytes = std::fs::read(path).unwrap_or_default();
    if bytes.starts_with(&[0x30, 0x82]) {
        let is_one = CertificateFacts::from_der(&bytes).is_ok() || outline(&bytes).subject.is_some();
        return if is_one {
            vec![Der::from(bytes)]
        } else {
            Vec::new()
        };
    }
    certificates(&String::from_utf8_lossy(&bytes))
}

/// What a certificate is called and by whom it was issued, as far as its bytes tell.
fn names(der: &Der) -> Option<(Vec<u8>, Vec<u8>)> {
    let facts = CertificateFacts::from_der(der.as_bytes()).ok()?;
    Some((facts.subject_der, facts.issuer_der))
}

/// Every certificate of a folder as a leaf: below those of its neighbours that its issuer's name leads to, before those of
/// them that issued themselves, or before the topmost.
fn neighbours(root: &Path) -> Vec<Case> {
    let mut files = Vec::new();
    files_below(root, &mut files);
    let mut folders: BTreeMap<PathBuf, Vec<(String, Der)>> = BTreeMap::new();
    for file in files {
        let is_read_above = ["limbo", "bsi-x509", "x509test", "golden"]
            .iter()
            .any(|name| file.starts_with(root.join(name)));
        if is_read_above || file.starts_with(root.join("chromium-verify/verify_certificate_chain_unittest")) {
            continue;
        }
        let (Some(folder), Ok(id)) = (file.parent(), file.strip_prefix(root)) else {
            continue;
        };
        let all = folders.entry(folder.to_owned()).or_default();
        for (place, der) in certificates_in(&file).into_iter().enumerate() {
            if !all.iter().any(|(_, known)| *known == der) {
                all.push((format!("{}#{place}", id.display()), der));
            }
        }
    }
    folders
        .iter()
        .flat_map(|(folder, certificates)| {
            let cases = below_neighbours(certificates);
            let listed = lists::beside(folder, &cases);
            cases.into_iter().chain(listed)
        })
        .collect()
}

fn below_neighbours(folder: &[(String, Der)]) -> Vec<Case> {
    let known: Vec<Option<(Vec<u8>, Vec<u8>)>> = folder.iter().map(|(_, der)| names(der)).collect();
    let mut cases = Vec::new();
    for (place, (id, leaf)) in folder.iter().enumerate() {
        let mut above: Vec<usize> = Vec::new();
        let mut wanted: Vec<Vec<u8>> = known[place].iter().map(|(_, issuer)| issuer.clone()).collect();
        let mut met: BTreeSet<Vec<u8>> = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            if !met.insert(name.clone()) {
                continue;
            }
            for (other, names) in known.iter().enumerate() {
                let Some((subject, issuer)) = names else { continue };
                if *subject == name
                    && other != place
                    && !above.contains(&other)
                    && above.len() < MOST_NEIGHBOURS
                {
                    above.push(other);
                    wanted.push(issuer.clone());
                }
            }
        }
        let is_own_issuer = |at: &usize| {
            known[*at]
                .as_ref()
                .is_some_and(|(subject, issuer)| subject == issuer)
        };
        let mut roots: Vec<usize> = above.iter().copied().filter(is_own_issuer).collect();
        if roots.is_empty() {
            roots.extend(above.last().copied().or(Some(place)));
        }
        let der = |at: &usize| folder[*at].1.clone();
        let mut chain = vec![leaf.clone()];
        chain.extend(above.iter().filter(|at| !roots.contains(at)).map(der));
        let facts = CertificateFacts::from_der(leaf.as_bytes()).ok();
        let at_unix_s = facts
            .as_ref()
            .map_or(1_700_000_000, |facts| facts.not_before.midpoint(facts.not_after));
        let own_name = facts.and_then(|facts| {
            facts.subject_alt_names?.into_iter().find_map(|name| match name {
                GeneralName::Dns(name) => Some(name.replace('*', "www")),
                GeneralName::Ip(address) => Some(address.to_string()),
                _ => None,
            })
        });
        // A name that no program takes on its command line is not asked for.
        let own_name = own_name.filter(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()) && !name.starts_with('-')
        });
        for (judge, name) in [(Side::Client, own_name), (Side::Server, None)] {
            cases.push(Case {
                id: format!("{id} for the {}", judge.word()),
                chain: chain.clone(),
                roots: roots.iter().map(der).collect(),
                judge,
                name,
                at_unix_s,
                lists: Vec::new(),
                is_leaf_only: false,
                most_intermediates: None,
            });
        }
    }
    cases
}
