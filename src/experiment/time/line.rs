//! The time line: the stretches in which nothing changes, and what fails in each.

use super::judge::{self, Failure};
use super::moments::{self, FIRST_UNIX_S, LAST_UNIX_S, Window};
use crate::cancel::Cancel;
use crate::setup::LabSetup;

/// When a pair works, from the first second that rustls can judge at to the last that a certificate can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLine {
    /// Without gaps, in order; neighbours differ.
    pub spans: Vec<Span>,
    /// The certificates and lists in play, as they are drawn: the client's chain, what judges it, the server's, what judges
    /// that.
    pub windows: Vec<Window>,
    /// The real time when this was worked out, in seconds since the epoch.
    pub now_unix_s: i64,
}

/// A stretch of time in which nothing changes. Seconds since the epoch, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first second.
    pub from_unix_s: i64,
    /// Its last second.
    pub until_unix_s: i64,
    /// What fails; empty where the pair works. The first is what is seen first: the client judges before the server does.
    pub failures: Vec<Failure>,
}

impl Span {
    /// Whether the pair works.
    pub fn works(&self) -> bool {
        self.failures.is_empty()
    }

    /// `works`, or what fails first and how many more.
    pub fn words(&self) -> String {
        match self.failures.as_slice() {
            [] => "works".to_owned(),
            [only] => only.words(),
            [first, rest @ ..] => format!("{} (and {} more)", first.words(), rest.len()),
        }
    }
}

impl TimeLine {
    /// What holds at a second; times beyond either end are taken for the end.
    pub fn at(&self, unix_s: i64) -> Option<&Span> {
        let unix_s = unix_s.clamp(FIRST_UNIX_S, LAST_UNIX_S);
        self.spans.iter().find(|span| span.until_unix_s >= unix_s)
    }

    /// The first seconds of all spans but the first: where something changes.
    pub fn edges(&self) -> impl DoubleEndedIterator<Item = i64> + '_ {
        self.spans.iter().skip(1).map(|span| span.from_unix_s)
    }

    /// The next edge after a second.
    pub fn edge_after(&self, unix_s: i64) -> Option<i64> {
        self.edges().find(|edge| *edge > unix_s)
    }

    /// The last edge before a second.
    pub fn edge_before(&self, unix_s: i64) -> Option<i64> {
        self.edges().rev().find(|edge| *edge < unix_s)
    }
}

/// Works out when a set-up works. Both sides' clocks are moved together. Blocks for some milliseconds of judging and a run
/// for each stretch that works; `None` where it was cancelled.
pub fn time_line(setup: &LabSetup, now_unix_s: i64, cancel: &Cancel) -> Option<TimeLine> {
    let judges = judge::Judges::of(setup, cancel);
    let windows = moments::windows(setup, &judges.trusts);
    let mut spans: Vec<Span> = Vec::new();
    let starts = moments::starts(&windows);
    for (index, from) in starts.iter().enumerate() {
        if cancel.is_cancelled() {
            return None;
        }
        let until = starts.get(index + 1).map_or(LAST_UNIX_S, |next| next - 1);
        let failures = judges.judge(*from);
        match spans.last_mut() {
            Some(last) if last.failures == failures => last.until_unix_s = until,
            _ => spans.push(Span {
                from_unix_s: *from,
                until_unix_s: until,
                failures,
            }),
        }
    }
    // Certificates alone do not make a handshake: a key that does not match or a policy without anything in common fails at
    // any time, and only a run finds it.
    for span in &mut spans {
        if span.works() {
            span.failures = judge::run_at(setup, span.from_unix_s, cancel)?;
        }
    }
    spans.dedup_by(|next, before| {
        let is_same = next.failures == before.failures;
        if is_same {
            before.until_unix_s = next.until_unix_s;
        }
        is_same
    });
    Some(TimeLine {
        spans,
        windows,
        now_unix_s,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(edges: &[i64]) -> TimeLine {
        let starts = [&[FIRST_UNIX_S], edges].concat();
        let ends = edges.iter().map(|edge| edge - 1).chain([LAST_UNIX_S]);
        let span = |(from, until): (&i64, i64)| Span {
            from_unix_s: *from,
            until_unix_s: until,
            failures: Vec::new(),
        };
        TimeLine {
            spans: starts.iter().zip(ends).map(span).collect(),
            windows: Vec::new(),
            now_unix_s: 0,
        }
    }

    #[test]
    fn from_an_edge_the_next_and_the_last_are_others() {
        let line = line(&[100, 200]);
        assert_eq!(line.edges().collect::<Vec<_>>(), [100, 200]);
        for (at, before, after) in [
            (99, None, Some(100)),
            (100, None, Some(200)),
            (101, Some(100), Some(200)),
            (199, Some(100), Some(200)),
            (200, Some(100), None),
            (201, Some(200), None),
        ] {
            assert_eq!(
                (line.edge_before(at), line.edge_after(at)),
                (before, after),
                "{at}"
            );
        }
    }

    #[test]
    fn each_second_belongs_to_one_span_and_times_beyond_to_the_ends() {
        let line = line(&[100, 200]);
        for (at, from) in [
            (i64::MIN, 0),
            (-1, 0),
            (0, 0),
            (99, 0),
            (100, 100),
            (199, 100),
            (200, 200),
            (LAST_UNIX_S, 200),
            (i64::MAX, 200),
        ] {
            assert_eq!(line.at(at).map(|span| span.from_unix_s), Some(from), "{at}");
        }
    }

    #[test]
    fn what_fails_first_is_told_and_the_rest_is_counted() {
        use crate::capture::Side;
        use crate::diagnose::CauseId;
        let failure = |judge, cause, name: &str| Failure {
            judge,
            cause,
            certificate: None,
            name: name.to_owned(),
            reported: true,
        };
        let all = [
            failure(Some(Side::Client), Some(CauseId::Expired), "payments"),
            failure(Some(Side::Server), Some(CauseId::ClientCertificateMissing), ""),
            failure(None, None, ""),
        ];
        let words = |failures: &[Failure]| {
            let span = Span {
                from_unix_s: 0,
                until_unix_s: 1,
                failures: failures.to_vec(),
            };
            assert_eq!(span.works(), failures.is_empty());
            span.words()
        };
        let expired = CauseId::Expired.words();
        assert_eq!(words(&[]), "works");
        assert_eq!(
            words(&all[..1]),
            format!("the client refuses payments: {expired}")
        );
        assert!(words(&all[1..2]).starts_with("the server objects: "));
        assert_eq!(words(&all[2..]), "it fails at any time: refused");
        assert_eq!(
            words(&all),
            format!("the client refuses payments: {expired} (and 2 more)")
        );
    }
}
