//! Holds what a line can mean against what the files at hand show, and names those files in the commands.

use super::rank::set_commands;
use super::reading::{Candidate, Likelihood, LogReading, LogRole, Speaker};
use crate::capture::{AtHand, Capture, Side, Slot};
use crate::decode::Transcript;
use crate::diagnose::causes::stand_ins;
use crate::diagnose::fill::Fill;
use crate::diagnose::refuted::{deciding_check, is_refuted};
use crate::diagnose::warned::warned_for;
use crate::diagnose::{
    Asker, Cause, CauseId, Certainty, CheckKind, Diagnosis, MatrixRow, Outcome, Presence, Verdict, family,
};
use crate::printable::quoted_value;

/// What the files at hand say to a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// They show it: which of the diagnosis's causes.
    Confirmed {
        /// Index into [`Diagnosis::causes`].
        cause: usize,
    },
    /// They show it in what rustls lets pass and the writer of the line does not.
    Warned {
        /// As it would be told where it is a failure, with what mends it.
        cause: Box<Cause>,
        /// What was found, in which certificate, and who refuses it.
        words: String,
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
            Self::Confirmed { .. } | Self::Warned { .. } => 0,
            Self::Open { .. } => 1,
            Self::RuledOut { .. } => 2,
        }
    }
}

/// What the files at hand came to.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Judged.
    pub diagnosis: &'a Diagnosis,
    /// The evidence.
    pub capture: &'a Capture,
    /// Decoded.
    pub transcript: &'a Transcript,
}

/// Holds one candidate against a diagnosis of the loaded files; `speaker` is who wrote the line.
pub fn settle(candidate: &Candidate, speaker: &Speaker, shown: Shown<'_>) -> Settled {
    let id = candidate.id;
    let judge = speaker.judge();
    let diagnosis = shown.diagnosis;
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
    if let Some(warned) = warned(candidate, speaker, shown) {
        return warned;
    }
    let out = |why: String| Settled::RuledOut { why };
    let open = Settled::Open {
        why: what_tells(id, shown.capture),
    };
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
    if id == CauseId::NotConformant {
        return out("no certificate of the loaded files breaks such a rule".to_owned());
    }
    if is_of_the_program(id) {
        return open;
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

/// What no file of certificates can tell: what a program makes of its key, of a header, of its own limits.
fn is_of_the_program(id: CauseId) -> bool {
    matches!(
        id,
        CauseId::KeyNotUsable
            | CauseId::BudgetExceeded
            | CauseId::ProxyHeaderMismatch
            | CauseId::PostHandshakeAuth
            | CauseId::RefusedWithoutAlert
    )
}

/// What the words of a line call a rule, without blanks, and what the check calls it.
const RULES: &[(&str, &str)] = &[
    ("authoritykeyidentifier", "authorityKeyIdentifier"),
    ("subjectkeyidentifier", "subjectKeyIdentifier"),
    ("serialnumber", "serial number"),
    ("basicconstraints", "§4.2.1.9"),
    ("keyusage", "keyUsage"),
    ("keycertsign", "keyCertSign"),
    ("subjectaltname", "subjectAltName"),
    ("duplicateextension", "twice"),
    ("stringtype", "String and "),
    ("critical", "critical"),
];

/// A warning of the files that is what the line says: rustls lets it pass, and whoever wrote the line does not.
fn warned(candidate: &Candidate, speaker: &Speaker, shown: Shown<'_>) -> Option<Settled> {
    let id = candidate.id;
    let is_said = candidate.likelihood == Likelihood::Said;
    let said = format!("{} {}", candidate.title, candidate.why)
        .to_lowercase()
        .replace(' ', "");
    let fits = |row: &&MatrixRow| {
        let is_judges = speaker.judge().is_none_or(|judge| judge == row.side);
        let is_it = match id {
            CauseId::NotConformant => breaks_that_rule(row, &said),
            _ => row.cause == Some(id),
        };
        let is_meant = match id {
            // Words that may mean something else as well still name the rule that they are about.
            CauseId::NotConformant => {
                is_said || candidate.likelihood == Likelihood::Likely && names_a_rule(&said)
            }
            _ => is_said || is_refused_by(row, speaker),
        };
        let is_warned = row.outcome == Outcome::Warn && is_it && is_meant;
        is_judges && (is_warned || is_demanded(row, id, speaker))
    };
    let matrix = &shown.diagnosis.matrix;
    let mut rows: Vec<&MatrixRow> = matrix.iter().filter(fits).collect();
    // Where nobody knows who wrote the line, it was a client more often.
    rows.sort_by_key(|row| row.side != Side::Client);
    let row = *rows.first()?;
    let at = matrix.iter().position(|other| std::ptr::eq(other, row));
    let has_spoken = |asker: Asker| speaker.stack == Some(asker.name());
    let all = warned_for(&has_spoken, shown.diagnosis, shown.capture, shown.transcript);
    let mut tells = all
        .into_iter()
        .filter(|one| at.is_some_and(|at| one.rows.contains(&at)));
    let is_demand = is_demanded(row, id, speaker);
    let mut cause = tells.find(|one| one.is_demand == is_demand)?.cause;
    cause.id = id;
    let names: Vec<String> = rows.iter().skip(1).map(|row| place_of(row)).collect();
    let others = if names.is_empty() {
        String::new()
    } else {
        format!(" The same of the {}.", names.join(" and the "))
    };
    let words = format!(
        "{} of the {}: {}.{}{others}",
        row.check.words(),
        place_of(row),
        match &row.demand {
            Some(demand) if is_demand => demand.words.as_str(),
            _ => row.detail.trim_end_matches('.'),
        },
        if is_demand {
            String::new()
        } else {
            who_wrote(row, speaker)
        }
    );
    Some(Settled::Warned {
        cause: Box::new(cause),
        words,
    })
}

/// Whether the writer of the line may ask for what a row lacks, and the cause is that.
fn is_demanded(row: &MatrixRow, id: CauseId, speaker: &Speaker) -> bool {
    let of_this = match id {
        CauseId::KeyUsage => CheckKind::KeyUsage,
        CauseId::WrongPurpose => CheckKind::Purpose,
        _ => return false,
    };
    let asks = |demand: &crate::diagnose::Demand| speaker.stack == Some(demand.who.name());
    row.check == of_this && row.demand.as_ref().is_some_and(asks)
}

/// `root CN=Mesh Root`.
fn place_of(row: &MatrixRow) -> String {
    let subject = row.certificate.as_ref().map_or("", |of| of.subject.as_str());
    format!("{} {}", row.role.word(), quoted_value(subject))
}

/// That the writer of the line is among those who refuse it, and how that fits the record.
fn who_wrote(row: &MatrixRow, speaker: &Speaker) -> String {
    let Some(stack) = speaker.stack else {
        return String::new();
    };
    let is_openssl = stack == "OpenSSL" || speaker.library == Some("OpenSSL");
    if is_refused_by(row, speaker) {
        format!(" {stack} wrote the line.")
    } else if is_openssl && row.detail.contains(STRICT) {
        format!(" {stack} wrote the line, and runs OpenSSL in that strict mode.")
    } else {
        format!(" {stack} wrote the line, and so refuses it; the version on record did not.")
    }
}

/// Whether the words of a line, without blanks, name a rule.
fn names_a_rule(words: &str) -> bool {
    RULES.iter().any(|(said, _)| words.contains(said))
}

/// Whether a warning is of the rule that the words of a line name.
fn breaks_that_rule(row: &MatrixRow, words: &str) -> bool {
    let mut named = RULES.iter().filter(|(said, _)| words.contains(said)).peekable();
    if named.peek().is_none() {
        return row.cause == Some(CauseId::Malformed);
    }
    named.all(|(_, found)| row.detail.contains(found))
}

/// What the record says of OpenSSL where it refuses in its strict mode only.
const STRICT: &str = "with -x509_strict";

/// Whether the record names the writer of the line among those who refuse what a row warns of; anybody, where nobody knows who wrote
/// it.
fn is_refused_by(row: &MatrixRow, speaker: &Speaker) -> bool {
    let stacks: Vec<&str> = [speaker.stack, speaker.library].into_iter().flatten().collect();
    let names = |stack: &&str| {
        row.detail.match_indices(*stack).any(|(at, _)| {
            // In its strict mode it refuses what it otherwise lets pass.
            let rest = row.detail.get(at..).unwrap_or_default();
            let rest = rest.split([',', ';']).next().unwrap_or_default();
            let rest = rest.split(" and ").next().unwrap_or_default();
            !rest.contains(STRICT)
        })
    };
    row.is_refused_elsewhere && (stacks.is_empty() || stacks.iter().any(names))
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
fn what_tells(id: CauseId, capture: &Capture) -> &'static str {
    // Certificates were judged alone, where no key was there to run a handshake with.
    let is_run = !capture.segments.is_empty();
    match id {
        CauseId::KeyMismatch if !is_run => "the private key that signs is not among the files",
        CauseId::KeyNotUsable if !is_run => "it is of the program that loads the key",
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
        | CauseId::NotTls
        | CauseId::ProxyHeaderMismatch
        | CauseId::PostHandshakeAuth => "it is of the programs' settings, not of the files",
        CauseId::RefusedWithoutAlert => "the reason is in the log of the side that refused",
        CauseId::KeyNotUsable => "it is of the program that loads the key: rustls loaded it",
        CauseId::BudgetExceeded => "each program has a limit of its own",
        _ => "the loaded files do not tell",
    }
}

/// Names the loaded files in every candidate's command, as far as they have names.
pub fn name_files(reading: &mut LogReading, diagnosis: &Diagnosis, capture: &Capture) {
    name_in(&mut reading.candidates, &reading.speaker, diagnosis, capture);
    for line in &mut reading.lines {
        name_in(&mut line.candidates, &line.speaker, diagnosis, capture);
    }
}

fn name_in(candidates: &mut [Candidate], speaker: &Speaker, diagnosis: &Diagnosis, capture: &Capture) {
    for candidate in candidates {
        let judge = judge_of(candidate.id, speaker, diagnosis);
        let fill = loaded_files(judge, capture, &|item| item.file.clone());
        set_commands(candidate, speaker.side, &fill);
    }
}

/// The files that were loaded, by the names that commands give them.
fn loaded_files(judge: Side, capture: &Capture, name: &dyn Fn(&AtHand) -> Option<String>) -> Fill {
    let file =
        |matches: &dyn Fn(&AtHand) -> bool| capture.at_hand.iter().find(|item| matches(item)).and_then(name);
    let of_sender = |item: &AtHand| item.side == Some(judge.peer()) && item.slot == Slot::Certificate;
    let leaf = file(&|item| of_sender(item) && item.entry == 0);
    let trust = file(&|item| item.side == Some(judge) && item.slot == Slot::Trust);
    let issuer =
        file(&|item| of_sender(item) && item.entry > 0).or_else(|| file(&|item| item.slot == Slot::Known));
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
    fill
}

/// The command that tells a cause from its neighbours, with the files that were loaded; empty where no command does.
pub fn check_of(cause: &Cause, capture: &Capture) -> String {
    let judge = cause.side.unwrap_or(Side::Client);
    // What was in no file is called as the remedies call it.
    let all = capture.at_hand.iter().filter(|item| item.file.is_none());
    let names = stand_ins(all.map(|item| &item.der));
    let name = |item: &AtHand| item.file.clone().or_else(|| names.get(&item.der).cloned());
    super::rank::check(cause.id, None, &loaded_files(judge, capture, &name))
}

/// Who judges: as the line tells, else as the files show.
fn judge_of(id: CauseId, speaker: &Speaker, diagnosis: &Diagnosis) -> Side {
    let own = || match speaker.role {
        Some(LogRole::Own) if id == CauseId::NoTrustAnchors => speaker.side,
        Some(LogRole::Own) => speaker.side.map(Side::peer),
        _ => None,
    };
    let proven = || {
        let of = |cause: &&Cause| cause.certainty == Certainty::Proven;
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
