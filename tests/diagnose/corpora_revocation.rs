//! Real revocation lists and OCSP responses: read without a stumble, and refused for the reason that their names tell.
//!
//! The files are not part of this repository. The tests read them where `MTLSCOPE_CORPORA` points, say so when it is unset, and
//! must run in CI.

use crate::support::machine;
use std::path::{Path, PathBuf};

use mtlscope::capture::{Der, Revocation, RevocationFile, Side, Trust};
use mtlscope::diagnose::{ChainInput, CheckKind, MatrixRow, Outcome, judge_chain};
use mtlscope::pki::{OcspFacts, OcspStatus, RevocationListFacts, read_file};
use mtlscope::source::oracle;

fn corpora() -> Option<PathBuf> {
    machine::corpora("the revocation lists and OCSP responses of the corpora")
}

/// Every file below a folder, in the order of their names.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

#[test]
fn every_list_is_read_and_where_webpki_loads_one_so_do_we() {
    let Some(folder) = corpora() else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    let (mut lists, mut entries, mut loaded) = (0, 0, 0);
    let mut differences = Vec::new();
    for path in &all {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        if !name.is_some_and(|name| name.contains("crl")) {
            continue;
        }
        let Ok(bundle) = read_file(path) else { continue };
        for list in bundle.revocation_lists {
            lists += 1;
            let facts = RevocationListFacts::from_der(&list.der);
            let webpki = webpki::OwnedCertRevocationList::from_der(&list.der);
            loaded += usize::from(webpki.is_ok());
            match (&webpki, &facts) {
                (Ok(_), Err(error)) => differences.push(format!("{}: {error}", path.display())),
                (Ok(list), Ok(facts)) => {
                    let list = webpki::CertRevocationList::from(list.clone());
                    for entry in &facts.entries {
                        entries += 1;
                        let serial = hex::decode(&entry.serial).expect("hexadecimal");
                        let found = list.find_serial(&serial).ok().flatten();
                        let date = found.map(|found| found.revocation_date.as_secs() as i64);
                        assert_eq!(date, Some(entry.revoked_at), "{}", path.display());
                    }
                }
                _ => {}
            }
        }
    }
    eprintln!("{lists} lists, {loaded} loaded by webpki, {entries} entries");
    assert!(lists > 60 && loaded > 30 && entries > 100);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn judged(
    chain: &[Der],
    root: Der,
    lists: &[PathBuf],
    judge: Side,
    clock: i64,
    strict: bool,
) -> (bool, Vec<MatrixRow>) {
    let lists = lists
        .iter()
        .map(|path| RevocationFile {
            file: Some(path.display().to_string()),
            line: None,
            der: Der::from(std::fs::read(path).expect("a list")),
            wrapping: None,
        })
        .collect();
    let trust = Trust {
        roots: vec![root],
        expected_name: None,
        clock_unix_s: clock,
        revocation: Revocation {
            lists,
            refuses_stale: strict,
            ..Revocation::default()
        },
    };
    let verdict = oracle::judge(chain, &trust, judge);
    let rows = judge_chain(&ChainInput {
        chain,
        trust: Some(&trust),
        judge,
        at_hand: &[],
        clock_unix_s: clock,
        key_in_use: None,
        possession: None,
    })
    .matrix;
    (verdict.is_ok(), rows)
}

#[test]
fn webpkis_own_cases_come_out_as_rustls_decides() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("webpki-tests/tests/client_auth_revocation");
    let mut all = Vec::new();
    files(&folder, &mut all);
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let der = |name: &str| std::fs::read(folder.join(name)).ok().map(Der::from);
    let lists: Vec<PathBuf> = all
        .iter()
        .filter(|path| name(path).ends_with(".crl.der"))
        .cloned()
        .collect();
    let mut cases = 0;
    let mut refused = 0;
    for path in &all {
        let leaf_name = name(path);
        let Some(base) = leaf_name.strip_suffix(".ee.der") else {
            continue;
        };
        let Some(root) = der(&format!("{base}.root.ca.der")) else {
            continue;
        };
        let mut chain = vec![Der::from(std::fs::read(path).expect("a leaf"))];
        for part in ["int.a.ca", "int.b.ca"] {
            chain.extend(der(&format!("{base}.{part}.der")));
        }
        // The clock of webpki's own tests, and one after every list.
        for (clock, strict) in [(0x1fed_f00d, false), (0x1fed_f00d, true), (4_000_000_000, true)] {
            for list in lists.iter().map(Some).chain([None]) {
                let given: Vec<PathBuf> = list.into_iter().cloned().collect();
                let (is_accepted, rows) = judged(&chain, root.clone(), &given, Side::Server, clock, strict);
                let failed: Vec<_> = rows
                    .iter()
                    .filter(|row| row.outcome == Outcome::Fail)
                    .map(|row| (row.check.word(), &row.detail))
                    .collect();
                assert_eq!(
                    is_accepted,
                    failed.is_empty(),
                    "{base} {list:?} {clock} {strict}: {failed:#?}"
                );
                cases += 1;
                refused += usize::from(!is_accepted);
            }
        }
    }
    eprintln!("{cases} cases, {refused} refused");
    assert!(
        cases >= 72 && refused > 50 && refused < cases,
        "{cases} {refused}"
    );
}

#[test]
fn a_list_that_webpki_refuses_is_refused_for_what_its_name_says() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("webpki-tests/tests");
    let cases = folder.join("client_auth_revocation");
    let read = |name: &str| Der::from(std::fs::read(cases.join(name)).expect("the corpus has it"));
    let chain = [
        read("invalid_dp_chain.ee.der"),
        read("invalid_dp_chain.int.a.ca.der"),
        read("invalid_dp_chain.int.b.ca.der"),
    ];
    for (list, words) in [
        ("crl.delta.der", "delta list"),
        ("crl.unknown.crit.ext.der", "critical extension"),
        ("crl.entry.unknown.crit.ext.der", "on one of its entries"),
        ("crl.wrong.version.der", "version 2"),
        ("crl.missing.next.update.der", "nextUpdate"),
        ("crl.negative.crl.number.der", "cRLNumber"),
        ("crl.too.long.crl.number.der", "cRLNumber"),
        ("crl.mismatched.sigalg.der", "two different signature algorithms"),
        ("crl.idp.indirect_crl.der", "indirect list"),
        ("crl.idp.only_some_reasons.der", "onlySomeReasons"),
        ("crl.idp.no_distribution_point_name.der", "no full name"),
    ] {
        let path = folder.join("crls").join(list);
        let (is_accepted, rows) = judged(
            &chain,
            read("invalid_dp_chain.root.ca.der"),
            std::slice::from_ref(&path),
            Side::Server,
            0x1fed_f00d,
            false,
        );
        assert!(!is_accepted, "{list}");
        let row = rows
            .iter()
            .find(|row| row.check == CheckKind::Revocation)
            .expect("judged");
        assert_eq!(
            row.cause.map(mtlscope::diagnose::CauseId::word),
            Some("crl-invalid"),
            "{list}"
        );
        assert!(row.detail.contains(words), "{list}: {}", row.detail);
        assert!(row.detail.contains(list), "the file is named: {}", row.detail);
    }
}

#[test]
fn every_response_is_read() {
    let Some(folder) = corpora() else { return };
    let folder = folder.join("pyca/cryptography_vectors/x509/ocsp");
    let mut all = Vec::new();
    files(&folder, &mut all);
    let (mut read, mut revoked) = (0, 0);
    for path in all {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if !name.is_some_and(|name| name.starts_with("resp-")) {
            continue;
        }
        let bundle = read_file(&path).unwrap_or_else(|error| panic!("{error}"));
        let [response] = bundle.ocsp_responses.as_slice() else {
            panic!("{}: one response", path.display())
        };
        let facts =
            OcspFacts::from_der(&response.der).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        read += 1;
        let singles = facts.basic.iter().flat_map(|basic| &basic.singles);
        revoked += singles
            .filter(|single| matches!(single.status, OcspStatus::Revoked { .. }))
            .count();
        for length in 0..response.der.len() {
            assert!(OcspFacts::from_der(&response.der[..length]).is_err());
        }
    }
    eprintln!("{read} responses, {revoked} revoked");
    assert!(read > 3 && revoked > 0);
}
