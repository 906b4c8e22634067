//! Which lines are wanted.

use super::{ClientCertificate, Row};
use crate::diagnose::Verdict;

/// What to look for. The default lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that were rejected or stayed unfinished.
    pub failed: bool,
    /// Only those where the client was asked for a certificate.
    pub mutual: bool,
    /// Only those whose name, address, version or ending holds this text, in any case.
    pub text: String,
}

impl Filter {
    /// Whether a line is wanted.
    pub fn lets_through(&self, row: &Row) -> bool {
        let is_failed = matches!(row.verdict, Verdict::Rejected | Verdict::Unfinished);
        let is_mutual = matches!(
            row.client_certificate,
            ClientCertificate::Sent | ClientCertificate::Withheld
        );
        (is_failed || !self.failed) && (is_mutual || !self.mutual) && self.names(row)
    }

    fn names(&self, row: &Row) -> bool {
        let wanted = self.text.trim().to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&wanted);
        wanted.is_empty()
            || [&row.client, &row.server, &row.ending]
                .into_iter()
                .any(|text| holds(text))
            || [&row.sni, &row.version, &row.carrier, &row.client_said]
                .into_iter()
                .flatten()
                .any(|text| holds(text))
            || row.preamble.is_some_and(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            connection: 0,
            started_at_unix_us: 0,
            client: "10.0.0.1:50000".to_owned(),
            server: "10.0.0.2:443".to_owned(),
            sni: Some("payments.shop.svc".to_owned()),
            version: Some("TLS 1.3".to_owned()),
            preamble: None,
            tunnel: None,
            carrier: None,
            client_said: None,
            client_certificate: ClientCertificate::Sent,
            began_before_recording: false,
            verdict: Verdict::Rejected,
            ending: "unknown_ca from the server".to_owned(),
            payload_bytes: 1,
        }
    }

    #[test]
    fn lines_are_found_by_failure_mutuality_and_text() {
        let with = |failed, mutual, text: &str| Filter {
            failed,
            mutual,
            text: text.to_owned(),
        };
        assert!(Filter::default().lets_through(&row()));
        assert!(with(true, true, "Payments").lets_through(&row()));
        assert!(with(false, false, "unknown_ca").lets_through(&row()));
        assert!(with(false, false, " 10.0.0.2:443 ").lets_through(&row()));
        assert!(!with(false, false, "orders").lets_through(&row()));
        let fine = Row {
            verdict: Verdict::Accepted,
            client_certificate: ClientCertificate::NotAsked,
            ..row()
        };
        assert!(!with(true, false, "").lets_through(&fine));
        assert!(!with(false, true, "").lets_through(&fine));
    }

    #[test]
    fn every_verdict_and_every_kind_is_let_through_or_not() {
        let with = |failed, mutual| Filter {
            failed,
            mutual,
            text: String::new(),
        };
        for (verdict, is_failed) in [
            (Verdict::Rejected, true),
            (Verdict::Unfinished, true),
            (Verdict::Unknown, false),
            (Verdict::Accepted, false),
        ] {
            let row = Row { verdict, ..row() };
            assert_eq!(with(true, false).lets_through(&row), is_failed, "{verdict:?}");
        }
        for (client_certificate, is_mutual) in [
            (ClientCertificate::Sent, true),
            (ClientCertificate::Withheld, true),
            (ClientCertificate::NotAsked, false),
            (ClientCertificate::Unknown, false),
        ] {
            let row = Row {
                client_certificate,
                ..row()
            };
            assert_eq!(
                with(false, true).lets_through(&row),
                is_mutual,
                "{client_certificate:?}"
            );
        }
    }
}
