//! The first line of a list of connections.

use super::list;
use crate::diagnose::Verdict;
use crate::survey::{ClientCertificate, Row};

#[test]
fn what_failed_and_what_never_ended_is_counted() {
    let row = |verdict| Row {
        connection: 0,
        started_at_unix_us: 0,
        client: "10.0.0.1:1".to_owned(),
        server: "10.0.0.2:443".to_owned(),
        sni: None,
        version: None,
        preamble: None,
        client_certificate: ClientCertificate::Unknown,
        began_before_recording: verdict == Verdict::Unknown,
        verdict,
        ending: "end".to_owned(),
        payload_bytes: 0,
    };
    let first = |verdicts: &[Verdict]| {
        let rows: Vec<Row> = verdicts.iter().copied().map(row).collect();
        list(&rows).lines().next().unwrap_or_default().to_owned()
    };
    let (good, bad, open) = (Verdict::Accepted, Verdict::Rejected, Verdict::Unfinished);
    assert_eq!(
        first(&[good, good]),
        "2 TLS connections, none of them seen to fail"
    );
    assert_eq!(first(&[good, bad]), "2 TLS connections, one of which failed");
    assert_eq!(first(&[good, open]), "2 TLS connections, one of which failed");
    assert_eq!(
        first(&[open, bad, Verdict::Unknown]),
        "3 TLS connections, 2 of which failed; 1 began before the recording"
    );
}
