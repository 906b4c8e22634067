//! What came is what was asked for, or is named.

use super::*;

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers");
    std::fs::read(path.join(name)).expect("a fixture")
}

#[test]
fn each_kind_takes_its_own_and_no_other() {
    let url = "http://ca.example/it's";
    let told = |wanted: &str, what: &str| {
        format!(
            "{url}: what came is no {wanted} ({what}); look at it with: curl -sSL 'http://ca.example/it'\\''s' | head -c 300"
        )
    };
    for (file, kind, wanted) in [
        ("ca.crl", Kind::List, Ok((0, 1))),
        ("ca.pem", Kind::Issuer, Ok((1, 0))),
        ("chain.p7b", Kind::Issuer, Ok((2, 1))),
        ("chain.p7b", Kind::List, Ok((2, 1))),
        (
            "ca.pem",
            Kind::List,
            Err(told("revocation list", "it holds something of another kind")),
        ),
        (
            "ca.crl",
            Kind::Issuer,
            Err(told("issuer's certificate", "it holds something of another kind")),
        ),
        (
            "orders.key",
            Kind::Issuer,
            Err(told("issuer's certificate", "it holds something of another kind")),
        ),
    ] {
        let read = read(&fixture(file), url, kind)
            .map(|found| (found.certificates.len(), found.revocation_lists.len()))
            .map_err(|error| error.to_string());
        assert_eq!(read, wanted, "{file}, {kind:?}");
    }
    for bytes in [&b""[..], b"<html>404</html>"] {
        let refused = read(bytes, url, Kind::List).expect_err("nothing of ours");
        assert!(
            matches!(
                refused,
                FetchError::SomethingElse {
                    wanted: "revocation list",
                    ..
                }
            ),
            "{refused}"
        );
    }
}
