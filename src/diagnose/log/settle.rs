//! Holds what a line can mean against what the files at hand show, and names those files in the commands.

use super::rank::check;
use super::reading::{Candidate, LogReading, LogRole, Speaker};
use crate::capture::{AtHand, Capture, Side, Slot};
use crate::diagnose::fill::Fill;
use crate::diagnose::refuted::{deciding_check, is_refuted};
use crate::diagnose::{CauseId, Certainty, Diagnosis, Outcome, Presence, Verdict, family};

/// What the files at hand say to a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// They show it: which of the diagnosis's causes.
    Confirmed {
        /// Index into [`Diagnosis::causes`].
        cause: usize,
    },
    /// They show that it is not so, and how.
    RuledOut {
        /// Half a sentence.
        why: String,
    },
    /// They do not tell.
    Open {
        /// What would tell, in half a sentence.
        why: &'static str,
    },
}

impl Settled {
    /// What is shown comes first, what is ruled out last.
    pub fn order(&self) -> u8 {
        match self {
            Self::Confirmed { .. } => 0,
            Self::Open { .. } => 1,
            Self::RuledOut { .. } => 2,
        }
    }
}

/// Holds one candidate against a diagnosis of the loaded files. `judge`: the side that objects, where the line told it.
pub fn settle(candidate: &Candidate, judge: Option<Side>, diagnosis: &Diagnosis) -> Settled {
    let id = candidate.id;
    let fits = |side: Option<Side>| judge.is_none() || side.is_none() || side == judge;
    let is_proven = |id: CauseId, fits: &dyn Fn(Option<Side>) -> bool| {
        diagnosis
            .causes
            .iter()
            .position(|cause| cause.id == id && cause.certainty == Certainty::Proven && fits(cause.side))
    };
    if let Some(cause) = is_proven(id, &fits) {
        return Settled::Confirmed { cause };
    }
    let out = |why: String| Settled::RuledOut { why };
    let open = Settled::Open { why: what_tells(id) };
    if let Some(sender) = whose_absence(id) {
        let is_presented = diagnosis
            .chains
            .of(sender)
            .links
            .iter()
            .any(|link| link.presence == Presence::Sent);
        return if is_presented {
            out(format!(
                "with the loaded files the {} presents one",
                sender.word()
            ))
        } else {
            open
        };
    }
    let Some(check) = deciding_check(id) else {
        return if diagnosis.verdict == Verdict::Accepted {
            out("with the loaded files the handshake succeeds".to_owned())
        } else {
            open
        };
    };
    // What a side's chain really lacks: the others of its family look like it from outside, and only one of them can be so.
    let relative = |side: Side| {
        let kin = family::relatives(id);
        diagnosis.causes.iter().find(|cause| {
            cause.side == Some(side) && cause.certainty == Certainty::Proven && kin.contains(&cause.id)
        })
    };
    let sides: Vec<Side> = Side::BOTH.into_iter().filter(|side| fits(Some(*side))).collect();
    let relatives: Vec<_> = sides.iter().filter_map(|side| relative(*side)).collect();
    let is_excluded = |side: &Side| relative(*side).is_some() || is_refuted(&diagnosis.matrix, id, *side);
    // A side whom the check does not concern, as a name does no server, says nothing; but somebody must have judged.
    let judging = |side: &Side| {
        diagnosis
            .matrix
            .iter()
            .any(|row| row.side == *side && row.check == check && row.outcome != Outcome::NotApplicable)
    };
    let judged: Vec<&Side> = sides.iter().filter(|side| judging(side)).collect();
    if judged.is_empty() || !judged.into_iter().all(is_excluded) {
        return open;
    }
    match relatives.first() {
        Some(cause) if id == CauseId::UnknownIssuer => out(format!(
            "it is what “{}” looks like to whoever verifies, and that is what the files show",
            cause.id.words()
        )),
        Some(cause) => out(format!("the files show “{}” in its place", cause.id.words())),
        None => out(format!(
            "with the loaded files the check “{}” does not find it",
            check.words()
        )),
    }
}

/// Whose certificate is not there.
fn whose_absence(id: CauseId) -> Option<Side> {
    match id {
        CauseId::ClientCertificateMissing | CauseId::ClientCertificateNotAcceptable => Some(Side::Client),
        CauseId::ServerCertificateMissing => Some(Side::Server),
        _ => None,
    }
}

/// What would tell, where the files do not.
fn what_tells(id: CauseId) -> &'static str {
    match id {
        CauseId::Revoked | CauseId::CrlExpired | CauseId::CrlInvalid | CauseId::RevocationUnknown => {
            "no revocation list that settles it is loaded"
        }
        CauseId::PeerClosed
        | CauseId::Truncated
        | CauseId::Timeout
        | CauseId::Tampered
        | CauseId::UnexpectedMessage => "it is of the connection, not of the files",
        CauseId::NoCommonVersion
        | CauseId::NoCommonCipher
        | CauseId::NoCommonGroup
        | CauseId::NoCommonSignatureScheme
        | CauseId::AlpnMismatch
        | CauseId::SniRejected
        | CauseId::NotTls => "it is of the programs' settings, not of the files",
        _ => "the loaded files do not tell",
    }
}

/// Names the loaded files in every candidate's command, as far as they have names.
pub fn name_files(reading: &mut LogReading, diagnosis: &Diagnosis, capture: &Capture) {
    for candidate in &mut reading.candidates {
        let judge = judge_of(candidate.id, &reading.speaker, diagnosis);
        let file = |matches: &dyn Fn(&AtHand) -> bool| {
            capture
                .at_hand
                .iter()
                .find(|item| matches(item))
                .and_then(|item| item.file.clone())
        };
        let of_sender = |item: &AtHand| item.side == Some(judge.peer()) && item.slot == Slot::Certificate;
        let leaf = file(&|item| of_sender(item) && item.entry == 0);
        let trust = file(&|item| item.side == Some(judge) && item.slot == Slot::Trust);
        let issuer = file(&|item| of_sender(item) && item.entry > 0)
            .or_else(|| file(&|item| item.slot == Slot::Known));
        let mut fill = Fill::default()
            .with("judge", judge.word())
            .with("sender", judge.peer().word());
        for (name, file) in [
            ("leaf_file", leaf),
            ("trust_file", trust),
            ("issuer_file", issuer),
        ] {
            if let Some(file) = file {
                fill = fill.with(name, file);
            }
        }
        let expected = capture
            .sides
            .of(judge)
            .trust
            .as_ref()
            .and_then(|trust| trust.expected_name.clone());
        if let Some(expected) = expected {
            fill = fill.with("expected", expected);
        }
        candidate.check = check(candidate.id, reading.speaker.side, &fill);
    }
}

/// Who judges: as the line tells, else as the files show.
fn judge_of(id: CauseId, speaker: &Speaker, diagnosis: &Diagnosis) -> Side {
    let own = || match speaker.role {
        Some(LogRole::Own) if id == CauseId::NoTrustAnchors => speaker.side,
        Some(LogRole::Own) => speaker.side.map(Side::peer),
        _ => None,
    };
    let proven = || {
        let of = |cause: &&crate::diagnose::Cause| cause.certainty == Certainty::Proven;
        let causes = || diagnosis.causes.iter().filter(of);
        causes()
            .find(|cause| cause.id == id)
            .or_else(|| causes().next())
            .and_then(|cause| cause.side)
    };
    whose_absence(id)
        .map(Side::peer)
        .or_else(|| speaker.judge())
        .or_else(own)
        .or_else(proven)
        .unwrap_or(Side::Client)
}
