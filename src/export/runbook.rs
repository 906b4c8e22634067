//! What to do when it happens again: symptom, cause, proof, mend, check, way back. With the user's names, and nothing invented.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::bounds::MOST_CAUSES;
use super::escape::{code, fenced, markdown};
use super::format::MARK;
use super::markdown::{evidence, left_out, notes, other_words, remedies};
use super::material::Material;
use super::told::{ending_words, figures, headline, standing, verdict_words};
use crate::capture::{AtHand, Side, Slot};
use crate::diagnose::{Cause, Verdict, check_of};
use crate::pki::{makes_a_file, shell_quote};

pub(super) fn text(material: &Material) -> String {
    let told = headline(material);
    let mut out = format!("<!-- {MARK} -->\n\n# Runbook: {}\n\n", markdown(&told.title));
    let figures: Vec<String> = figures(material).iter().map(|one| markdown(one)).collect();
    let figures = if figures.is_empty() {
        String::new()
    } else {
        format!(" · {}", figures.join(" · "))
    };
    let _ = write!(out, "From: {}{figures}\n\n", markdown(&material.heading()));
    left_out(&mut out, material);
    notes(&mut out, material);
    match material.analysis.diagnosis.causes.first() {
        Some(cause) => failed(&mut out, material, cause),
        None => without_cause(&mut out, material),
    }
    step_notes(&mut out, material);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn failed(out: &mut String, material: &Material, cause: &Cause) {
    out.push_str("## 1. What one sees\n\n");
    endings(out, material);
    out.push_str("The same failure in other programs’ words, as real runs of them said it:\n\n");
    let before = out.len();
    other_words(out, material, cause);
    if out.len() == before {
        out.push_str("No run of another program with this fault is on record.\n\n");
    }
    let _ = write!(
        out,
        "## 2. The cause\n\n**{}**\n\n{}\n\n{} · {}\n\n",
        markdown(&cause.title),
        markdown(&cause.detail),
        code(cause.id.word()),
        markdown(&standing(material, cause))
    );
    let others: Vec<&Cause> = material.analysis.diagnosis.causes.iter().skip(1).collect();
    if !others.is_empty() {
        out.push_str("Also found, to be looked at after it:\n\n");
        for other in others.iter().take(MOST_CAUSES) {
            let _ = writeln!(
                out,
                "- {} · {} · {}",
                markdown(&other.title),
                code(other.id.word()),
                markdown(&standing(material, other))
            );
        }
        out.push('\n');
    }
    out.push_str("## 3. Prove it\n\n");
    evidence(out, material, cause);
    let check = check_of(cause, &material.analysis.capture);
    let proof: Vec<String> = show(material)
        .into_iter()
        .chain((!check.is_empty()).then_some(check))
        .collect();
    commands(out, &proof);
    out.push_str("## 4. Mend it\n\n");
    if cause.remedies.is_empty() {
        out.push_str("No command mends this by itself.\n\n");
        if !cause.needs.is_empty() {
            let _ = write!(out, "What is missing: {}.\n\n", markdown(&cause.needs));
        }
    }
    keep(out, cause);
    remedies(out, cause);
    afterwards(out, material, cause);
    back(out, cause);
}

/// Before anything is changed.
fn keep(out: &mut String, cause: &Cause) {
    if !cause.remedies.is_empty() {
        out.push_str("Keep a copy of each file that you change before you change it (step 6 needs it).\n\n");
    }
}

fn afterwards(out: &mut String, material: &Material, cause: &Cause) {
    out.push_str("## 5. Check it afterwards\n\n");
    out.push_str(
        "Load the new files where the old ones were loaded (restart or reload whoever reads them), and run the handshake again. It \
         is mended when both sides say accepted and no cause is printed; a client that connects proves nothing in TLS 1.3, where \
         the server judges after the client has finished.\n\n",
    );
    let check = check_of(cause, &material.analysis.capture);
    let mut lines: Vec<String> = (!check.is_empty()).then_some(check).into_iter().collect();
    lines.extend(verify(material));
    commands(out, &lines);
}

fn back(out: &mut String, cause: &Cause) {
    out.push_str("## 6. Go back\n\n");
    let made: BTreeSet<String> = cause
        .remedies
        .iter()
        .flat_map(|remedy| &remedy.commands)
        .filter_map(|command| made_by(command))
        .collect();
    if made.is_empty() {
        out.push_str(
            "The commands above write no file. Where you changed a file or a setting by hand, put the copy that you kept back in \
             its place, and reload whoever reads it.\n\n",
        );
        return;
    }
    out.push_str(
        "The commands above write these files. What you had is not written over by them: point the configuration at the old files \
         again, or put the copies that you kept back, and reload whoever reads them. Then the new files can be deleted.\n\n",
    );
    for file in made {
        let _ = writeln!(out, "- {}", code(&file));
    }
    out.push('\n');
}

/// The file that a command writes, as the command names it.
fn made_by(command: &str) -> Option<String> {
    if !makes_a_file(command) {
        return None;
    }
    let (_, rest) = command
        .rsplit_once(" > ")
        .or_else(|| command.rsplit_once(" -out "))?;
    let word = match rest.strip_prefix('\'') {
        // A quoted word may hold blanks.
        Some(quoted) => format!("'{}'", quoted.split('\'').next()?),
        None => rest.split_whitespace().next()?.to_owned(),
    };
    let is_a_file = !word.starts_with(['&', '$']) && word != "/dev/null";
    is_a_file.then_some(word)
}

fn without_cause(out: &mut String, material: &Material) {
    let told = headline(material);
    let _ = write!(
        out,
        "## 1. What one sees\n\n**{}.** {}\n\n",
        verdict_words(material),
        markdown(&told.text)
    );
    endings(out, material);
    if material.analysis.diagnosis.verdict == Verdict::Accepted {
        out.push_str("## 2. There is nothing to mend\n\n");
        if let Some(turned) = &material.analysis.diagnosis.turned_away {
            let _ = write!(
                out,
                "TLS accepted; what refused is the application: {}\n\n",
                markdown(&turned.words)
            );
        }
        out.push_str("## 3. Prove that it stays so\n\n");
        out.push_str("Judge the chains again before they run out, and in each pipeline that ships them:\n\n");
        let mut lines = show(material);
        lines.extend(
            verify(material)
                .into_iter()
                .map(|line| line + " --expires-within 30d"),
        );
        commands(out, &lines);
        runs_out(out, material);
        return;
    }
    out.push_str(
        "## 2. What is known\n\nThe evidence does not say why. Look at every step and every check:\n\n",
    );
    commands(out, &show(material));
    out.push_str(
        "What would tell more: the other side's log (paste its lines to `mtlscope explain -`), a key log (SSLKEYLOGFILE), and what \
         each side trusts.\n\n",
    );
}

/// When what was shown ends, leaf by leaf.
fn runs_out(out: &mut String, material: &Material) {
    let analysis = &material.analysis;
    for side in Side::BOTH {
        let Some((_, sent)) = analysis.transcript.chain_sent_by(side) else {
            continue;
        };
        for (der, _) in &sent.chain {
            let Some(facts) = analysis.certificates().facts(der) else {
                continue;
            };
            let Ok(at) = jiff::Timestamp::from_second(facts.not_after) else {
                continue;
            };
            let _ = writeln!(
                out,
                "- {} of the {}: ends {}",
                markdown(&facts.display_name),
                side.word(),
                at.strftime("%Y-%m-%d %H:%M:%S UTC")
            );
        }
    }
    out.push('\n');
}

fn endings(out: &mut String, material: &Material) {
    for side in Side::BOTH {
        let words = ending_words(material.analysis.diagnosis.endings.of(side));
        let _ = writeln!(out, "- {}: {}", side.word(), markdown(&words));
    }
    out.push('\n');
}

fn step_notes(out: &mut String, material: &Material) {
    let steps = &material.analysis.story.steps;
    let noted: Vec<(&str, &str)> = material
        .step_notes
        .iter()
        .filter_map(|(step, words)| Some((steps.get(step)?.title.as_str(), words)))
        .collect();
    if noted.is_empty() {
        return;
    }
    out.push_str("## Notes on single steps\n\n");
    for (title, words) in noted {
        let words: Vec<&str> = words.lines().map(str::trim).collect();
        let _ = writeln!(out, "- **{}**: {}", markdown(title), markdown(&words.join(" ")));
    }
    out.push('\n');
}

/// Look at the evidence again.
fn show(material: &Material) -> Vec<String> {
    let file = material.file.as_ref();
    file.map(|file| format!("mtlscope show {}", shell_quote(file)))
        .into_iter()
        .collect()
}

/// Judges each chain by the files that it came from, where all of them have names.
fn verify(material: &Material) -> Vec<String> {
    let capture = &material.analysis.capture;
    let file = |is_it: &dyn Fn(&AtHand) -> bool| {
        let mut files: Vec<&str> = Vec::new();
        for one in capture.at_hand.iter().filter(|one| is_it(one)) {
            match one.file.as_deref() {
                Some(file) if !files.contains(&file) => files.push(file),
                Some(_) => {}
                // One that has no file cannot be named.
                None => return Vec::new(),
            }
        }
        files
    };
    Side::BOTH
        .into_iter()
        .filter_map(|sender| {
            let judge = sender.peer();
            let chain = file(&|one| one.side == Some(sender) && one.slot == Slot::Certificate);
            let trust = file(&|one| one.side == Some(judge) && one.slot == Slot::Trust);
            let (chain, _) = chain.split_first().filter(|(_, rest)| rest.is_empty())?;
            if trust.is_empty() {
                return None;
            }
            let quoted: Vec<String> = trust.iter().map(|one| shell_quote(one)).collect();
            let trust = format!(" --trust {}", quoted.join(" --trust "));
            let name = capture.sides.of(judge).trust.as_ref()?.expected_name.as_ref();
            let name = name.map_or_else(String::new, |name| format!(" --name {}", shell_quote(name)));
            Some(format!(
                "mtlscope verify {} --for {}{trust}{name}",
                shell_quote(chain),
                sender.word()
            ))
        })
        .collect()
}

fn commands(out: &mut String, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(out, "{}", fenced(&lines.join("\n"), "sh"));
    }
}

#[cfg(test)]
mod tests {
    use super::made_by;

    #[test]
    fn a_command_names_what_it_writes() {
        assert_eq!(
            made_by("cat a.pem b.pem > chain.pem"),
            Some("chain.pem".to_owned())
        );
        assert_eq!(
            made_by("openssl x509 -req -in a.csr -out 'my chain.pem' -days 3"),
            Some("'my chain.pem'".to_owned())
        );
        assert_eq!(made_by("openssl x509 -in a.pem -noout -text"), None);
        assert_eq!(made_by("true > /dev/null"), None);
    }
}
