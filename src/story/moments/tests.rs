//! Which alerts refuse a chain, and what a judge is said to have refused it for.

use super::{Seen, refuses_a_chain, with_figures};
use crate::capture::{PerSide, Side};
use crate::decode::Transcript;
use crate::diagnose::{Cause, CauseId, Certainty, ChainView, Diagnosis, Ending, Verdict};

#[test]
fn these_alerts_refuse_a_chain_and_no_others() {
    let found: Vec<u8> = (0..=255).filter(|code| refuses_a_chain(*code)).collect();
    let wanted = [
        41, 42, 43, 44, 45, 46, 47, 48, 49, 51, 111, 112, 113, 114, 115, 116,
    ];
    assert_eq!(found, wanted);
}

fn diagnosis(causes: Vec<Cause>) -> Diagnosis {
    let ending = || Ending {
        verdict: Verdict::Rejected,
        error: None,
        connected_at_us: None,
        ended_at_us: None,
    };
    Diagnosis {
        verdict: Verdict::Rejected,
        endings: PerSide {
            client: ending(),
            server: ending(),
        },
        causes,
        matrix: Vec::new(),
        chains: PerSide::<ChainView>::default(),
        records: PerSide::default(),
        proofs: Vec::new(),
        withhold: None,
        turned_away: None,
    }
}

fn cause(id: CauseId, side: Option<Side>, certainty: Certainty) -> Cause {
    Cause {
        certainty,
        side,
        ..Cause::bare(id)
    }
}

/// A judge refused for the first cause that is its own; where none is, for the first of all.
#[test]
fn a_judge_refuses_for_its_own_cause() {
    use CauseId::{Expired, KeyUsage, NameMismatch, Revoked};
    let (client, server) = (Some(Side::Client), Some(Side::Server));
    let (proven, possible) = (Certainty::Proven, Certainty::Possible);
    let own_of_both = [
        cause(Expired, client, proven),
        cause(Revoked, server, possible),
        cause(KeyUsage, server, proven),
        cause(NameMismatch, client, possible),
    ];
    let nobodys = [cause(Revoked, None, possible), cause(Expired, server, proven)];
    for (causes, judge, wanted) in [
        (&own_of_both[..], Side::Client, Some((Expired, false))),
        (&own_of_both[..], Side::Server, Some((Revoked, true))),
        (&own_of_both[1..], Side::Client, Some((NameMismatch, true))),
        (&own_of_both[2..], Side::Server, Some((KeyUsage, false))),
        (&own_of_both[3..], Side::Server, Some((NameMismatch, true))),
        (&nobodys[..], Side::Server, Some((Expired, false))),
        (&nobodys[..], Side::Client, Some((Revoked, true))),
        (&[], Side::Client, None),
    ] {
        for is_accepted in [Some(false), Some(true), None] {
            let seen = Seen {
                judge,
                at_us: 0,
                took_us: None,
                follows: None,
                is_accepted,
            };
            let found = with_figures(&seen, &Transcript::default(), &diagnosis(causes.to_vec()));
            let wanted = wanted.filter(|_| is_accepted == Some(false));
            let told = found.refused_for.map(|id| (id, found.is_likely));
            assert_eq!(told, wanted, "{judge:?}, {is_accepted:?}, {causes:?}");
            assert_eq!(found.is_refused, is_accepted == Some(false));
        }
    }
}
