//! Verdicts, causes, checks, chains, and what others do.

use std::collections::BTreeSet;

use mtlscope::analysis::Analysis;
use mtlscope::capture::Side;
use mtlscope::diagnose::withhold::{Lens, Opinion};
use mtlscope::diagnose::{
    Cause, ChainLink, ChainView, CheckKind, Demand, Ending, Evidence, MatrixRow, OnRecord, Proof, Remedy,
    Warned,
};

use super::{Text, certificate, range, side, tag, written};

/// Verdicts, causes with their remedies, the matrix, both chains, what is on record, proofs, and who would send.
pub fn diagnosis(text: &mut Text, analysis: &Analysis) {
    let found = &analysis.diagnosis;
    text.line(format!("verdict {}", found.verdict.word()));
    for who in Side::BOTH {
        let Ending {
            verdict,
            error,
            connected_at_us,
            ended_at_us,
        } = found.endings.of(who);
        text.line(format!(
            "{}: {}, connected {connected_at_us:?}, ended {ended_at_us:?}, {error:?}",
            who.word(),
            verdict.word()
        ));
    }
    for found in &found.causes {
        cause(text, found);
    }
    matrix(text, &found.matrix);
    for who in Side::BOTH {
        chain(text, who, found.chains.of(who));
        for found in found.records.of(who) {
            on_record(text, found);
        }
    }
    for Proof {
        message,
        side,
        kind,
        holds,
        words,
    } in &found.proofs
    {
        text.line(format!(
            "proof {message} {} {kind} holds {holds:?}: {words}",
            side.word()
        ));
    }
    if let Some(found) = &found.withhold {
        lens(text, found);
    }
}

/// What rustls lets pass, with its remedies.
pub fn warned(text: &mut Text, all: &[Warned]) {
    for Warned {
        cause: told,
        rows,
        is_demand,
        is_quiet,
    } in all
    {
        text.line(format!(
            "warned of rows {rows:?}, demand {is_demand}, quiet {is_quiet}"
        ));
        let whole = written(|text| cause(text, told));
        let mut shorter = told.clone();
        shorter.remedies.clear();
        text.below(|text| {
            cause(text, &shorter);
            // They are as those of a refusal, which are told whole.
            text.line(format!("whole {}", tag(&whole)));
        });
    }
}

/// The same with every remedy.
pub fn warned_whole(text: &mut Text, all: &[Warned]) {
    for one in all {
        cause(text, &one.cause);
    }
}

/// A cause with evidence and remedies.
pub fn cause(text: &mut Text, found: &Cause) {
    let Cause {
        id,
        certainty,
        side: who,
        certificate: of,
        title,
        detail,
        needs,
        rule,
        reported,
        evidence,
        remedies,
    } = found;
    text.line(format!(
        "cause {} {} by {}, reported {reported}, of {}",
        id.word(),
        certainty.word(),
        side(*who),
        certificate(of.as_ref())
    ));
    text.below(|text| {
        text.line(title);
        text.line(detail);
        text.line(format!("needs {needs}"));
        text.line(format!("rule {rule}"));
        for Evidence {
            message,
            range: place,
            words,
        } in evidence
        {
            text.line(format!("evidence {message:?} {}: {words}", range(place)));
        }
        for Remedy {
            tool,
            text: words,
            commands,
        } in remedies
        {
            text.line(format!(
                "mend {}: {words}",
                tool.map_or("anybody", |tool| tool.word())
            ));
            text.below(|text| {
                for command in commands {
                    text.line(format!("$ {command}"));
                }
            });
        }
    });
}

/// Every check, below the certificate that it is on; those in a row of which the same is said, in a line.
pub fn matrix(text: &mut Text, all: &[MatrixRow]) {
    let mut before = String::new();
    let place = |found: &MatrixRow| {
        let of = certificate(found.certificate.as_ref());
        format!("the {} judges {} {of}", found.side.word(), found.role.word())
    };
    let said = |found: &MatrixRow| MatrixRow {
        check: CheckKind::Encoding,
        ..found.clone()
    };
    for same in all.chunk_by(|one, next| said(one) == said(next)) {
        let Some(first) = same.first() else { continue };
        let heading = place(first);
        if heading != before {
            text.line(&heading);
        }
        before = heading;
        let names: Vec<&str> = same.iter().map(|found| found.check.word()).collect();
        text.below(|text| check(text, &names.join(" "), first));
    }
}

fn check(text: &mut Text, names: &str, found: &MatrixRow) {
    let MatrixRow {
        side: _,
        certificate: _,
        role: _,
        check: _,
        outcome,
        cause,
        is_refused_elsewhere,
        rules,
        variety,
        demand,
        detail,
    } = found;
    let mut more = String::new();
    if let Some(cause) = cause {
        more += &format!(" ({})", cause.word());
    }
    if *is_refused_elsewhere {
        more += " refused elsewhere";
    }
    if !rules.is_empty() {
        more += &format!(" rules {}", rules.join(" "));
    }
    if let Some(variety) = variety {
        more += &format!(" {variety:?}");
    }
    text.line(format!("{} {}{more}: {detail}", names, outcome.word()));
    if let Some(Demand {
        who,
        setting,
        asks_for,
        words,
    }) = demand
    {
        text.below(|text| {
            text.line(format!(
                "{} with {setting} asks for {asks_for}: {words}",
                who.name()
            ))
        });
    }
}

/// A chain as it is drawn.
pub fn chain(text: &mut Text, who: Side, found: &ChainView) {
    let ChainView {
        judge,
        links,
        completes,
        store,
    } = found;
    let store = store
        .as_ref()
        .map(|all| all.iter().map(|one| certificate(Some(one))).collect::<Vec<_>>());
    text.line(format!(
        "chain of the {} judged by {}, completed by {}, store {store:?}",
        who.word(),
        side(*judge),
        certificate(completes.as_ref())
    ));
    text.below(|text| {
        for ChainLink {
            certificate: of,
            name,
            note,
            role,
            presence,
            is_bad,
            link_to_next,
        } in links
        {
            text.line(format!(
                "{} {name} {presence:?} bad {is_bad} next {link_to_next:?} ({}): {note}",
                role.word(),
                certificate(of.as_ref())
            ));
        }
    });
}

/// What another stack does, on record.
pub fn on_record(text: &mut Text, found: &OnRecord) {
    let OnRecord {
        id,
        name: _,
        stance,
        notes,
    } = found;
    text.line(format!("record {id} {stance:?} {notes:?}"));
}

fn lens(text: &mut Text, found: &Lens) {
    let Lens {
        message,
        certificate: of,
        name,
        was_sent,
        opinions,
    } = found;
    text.line(format!(
        "asked in message {message}, of {} ({name}), sent {was_sent:?}",
        certificate(Some(of))
    ));
    text.below(|text| {
        for Opinion {
            stack,
            answer,
            why,
            rule,
            decides,
            tested,
        } in opinions
        {
            let rule = tag(rule);
            text.line(format!(
                "{stack} {} {} tested {} by {rule}: {why}",
                answer.word(),
                range(decides),
                tested.is_some()
            ));
        }
    });
}

/// The rules of all stacks that were told of, each once, with what stands for it elsewhere.
pub fn rules<'a>(text: &mut Text, all: impl Iterator<Item = &'a Lens>) {
    let mut rules = BTreeSet::new();
    for opinion in all.flat_map(|lens| &lens.opinions) {
        let tag = tag(&opinion.rule);
        rules.insert(format!("{} {tag} {}", opinion.stack, opinion.rule));
    }
    for rule in rules {
        text.line(rule);
    }
}
