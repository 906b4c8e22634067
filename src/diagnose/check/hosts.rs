//! Hosts in URIs and addresses, held against a constraint on hosts (RFC 5280 §4.2.1.10).

/// The host of a URI (RFC 3986 §3.2.2); `None` where it has none.
pub(super) fn host_of(uri: &[u8]) -> Option<&[u8]> {
    let text = uri
        .windows(3)
        .position(|three| three == b"://")
        .and_then(|at| uri.get(at + 3..))?;
    let end = text
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
        .unwrap_or(text.len());
    let authority = text.get(..end)?;
    let from = authority
        .iter()
        .rposition(|byte| *byte == b'@')
        .map_or(0, |at| at + 1);
    let host = authority.get(from..)?;
    let port = host.iter().position(|byte| *byte == b':').unwrap_or(host.len());
    host.get(..port).filter(|host| !host.is_empty())
}

/// `.example` is every host below example, `example` that host alone.
pub(super) fn host_lies_in(host: &[u8], base: &[u8]) -> bool {
    if base.first() == Some(&b'.') {
        let cut = host.len().saturating_sub(base.len());
        return host.len() > base.len() && host.get(cut..).is_some_and(|end| end.eq_ignore_ascii_case(base));
    }
    host.eq_ignore_ascii_case(base)
}

#[cfg(test)]
mod tests {
    use super::{host_lies_in, host_of};

    #[test]
    fn a_leading_dot_is_for_what_lies_below() {
        for (uri, host) in [
            ("spiffe://cluster.local/ns/a", Some("cluster.local")),
            ("https://user@shop.example:8443?x", Some("shop.example")),
            ("urn:plant:server", None),
            ("https:///x", None),
        ] {
            assert_eq!(host_of(uri.as_bytes()), host.map(str::as_bytes), "{uri}");
        }
        for (host, base, is_within) in [
            ("a.mesh.example", ".mesh.example", true),
            ("mesh.example", ".mesh.example", false),
            ("xmesh.example", ".mesh.example", false),
            ("Mesh.example", "mesh.example", true),
            ("a.mesh.example", "mesh.example", false),
        ] {
            assert_eq!(
                host_lies_in(host.as_bytes(), base.as_bytes()),
                is_within,
                "{host} {base}"
            );
        }
    }
}
