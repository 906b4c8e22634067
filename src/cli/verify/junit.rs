//! The report as JUnit XML: a suite for each chain file, a case for each check, so that a pipeline's own page shows them.
//!
//! The form is the one that GitLab, Jenkins and Azure read: `failure` for what makes the run fail, `error` for a file that
//! could not be judged, `skipped` for what was not judged, `system-out` for warnings.

use std::fmt::Write;

use super::judging::stack;
use super::report::{
    Asked, EXPIRES_SOON, Entry, Judged, REFUSED_BY_A_STACK, Report, UNEXPLAINED, rule_of, shortened, whole,
};
use crate::cli::asking;
use crate::diagnose::{Cause, MatrixRow, Outcome};
use crate::opinion::Said;
use crate::pki::moment_rfc3339;
use crate::printable::printable_lines;

/// What came of a case.
enum Came {
    Passed,
    Skipped(String),
    Warned(String),
    Failed {
        kind: String,
        message: String,
        text: String,
    },
    Errored(String),
}

struct TestCase {
    name: String,
    came: Came,
    /// What is said beside it.
    notes: Vec<String>,
}

impl TestCase {
    fn new(name: impl Into<String>, came: Came) -> Self {
        Self {
            name: name.into(),
            came,
            notes: Vec::new(),
        }
    }
}

/// The whole document.
pub(super) fn document(report: &Report) -> String {
    let suites: Vec<(&str, Vec<TestCase>)> = report
        .entries
        .iter()
        .map(|entry| match entry {
            Entry::Judged(judged) => (entry.file(), cases(judged, &report.asked)),
            Entry::Unusable { sentence, .. } => (
                entry.file(),
                vec![TestCase::new(
                    "the file can be read",
                    Came::Errored(sentence.clone()),
                )],
            ),
        })
        .collect();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let _ = writeln!(xml, "<testsuites name=\"mtlscope verify\"{}>", counts(all()));
    for (file, cases) in &suites {
        suite(&mut xml, file, cases, &report.asked);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn counts<'a>(cases: impl Iterator<Item = &'a TestCase>) -> String {
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for case in cases {
        tests += 1;
        match case.came {
            Came::Failed { .. } => failures += 1,
            Came::Errored(_) => errors += 1,
            Came::Skipped(_) => skipped += 1,
            Came::Passed | Came::Warned(_) => {}
        }
    }
    format!(" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"")
}

fn suite(xml: &mut String, file: &str, cases: &[TestCase], asked: &Asked) {
    let file = escaped(file);
    let _ = writeln!(xml, "  <testsuite name=\"{file}\"{}>", counts(cases.iter()));
    let _ = writeln!(xml, "    <properties>");
    for (name, value) in [
        ("stack", stack()),
        ("for", asked.sender.word().to_owned()),
        ("at", moment_rfc3339(asked.at_unix_s)),
        ("name", asked.name.clone().unwrap_or_default()),
    ] {
        let _ = writeln!(
            xml,
            "      <property name=\"{name}\" value=\"{}\"/>",
            escaped(&value)
        );
    }
    let _ = writeln!(xml, "    </properties>");
    for case in cases {
        let name = escaped(&case.name);
        let open = format!("    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\"");
        let mut notes = case.notes.clone();
        let mut inside = match &case.came {
            Came::Passed => String::new(),
            Came::Skipped(why) => format!("<skipped message=\"{}\"/>", escaped(why)),
            Came::Warned(words) => {
                notes.insert(0, words.clone());
                String::new()
            }
            Came::Errored(words) => {
                let words = escaped(words);
                format!("<error type=\"unusable\" message=\"{words}\">{words}</error>")
            }
            Came::Failed { kind, message, text } => format!(
                "<failure type=\"{}\" message=\"{}\">{}</failure>",
                escaped(kind),
                escaped(message),
                escaped(text)
            ),
        };
        if !notes.is_empty() {
            let _ = write!(inside, "<system-out>{}</system-out>", escaped(&notes.join("\n")));
        }
        if inside.is_empty() {
            let _ = writeln!(xml, "{open}/>");
            continue;
        }
        let _ = writeln!(xml, "{open}>\n      {inside}\n    </testcase>");
    }
    let _ = writeln!(xml, "  </testsuite>");
}

fn cases(judged: &Judged, asked: &Asked) -> Vec<TestCase> {
    let causes = &judged.explained.causes;
    let mut cases = vec![TestCase::new(
        format!("verdict of {}", stack()),
        judged.error.as_ref().map_or(Came::Passed, |words| {
            let kind = causes.first().map_or(UNEXPLAINED, |cause| cause.id.word());
            Came::Failed {
                kind: kind.to_owned(),
                message: shortened(words),
                text: causes
                    .iter()
                    .map(told)
                    .chain(judged.on_record())
                    .collect::<Vec<_>>()
                    .join("\n"),
            }
        }),
    )];
    let matrix = &judged.explained.judgement.matrix;
    let first_check = matrix.first().map(|row| row.check);
    let mut place = 0;
    for (at, row) in matrix.iter().enumerate() {
        // Two certificates may have the same subject, or be the same: their place in the path tells them apart.
        if Some(row.check) == first_check {
            place += 1;
        }
        let mut case = case_of(judged, row, place, asked);
        case.notes = asked_for(judged, at);
        cases.push(case);
    }
    for opinion in judged.told.iter().flat_map(|told| &told.opinions) {
        let name = format!("opinion of {} {}", opinion.stack.name(), opinion.version);
        let came = match (&opinion.said, asking::silence(opinion)) {
            (Said::Refuses(words), _) if asked.is_ask_strict => Came::Failed {
                kind: REFUSED_BY_A_STACK.to_owned(),
                message: asking::refusal(opinion, words),
                text: printable_lines(&opinion.output).into_owned(),
            },
            (Said::Refuses(words), _) => Came::Warned(format!(
                "warning: {REFUSED_BY_A_STACK}: {}",
                asking::refusal(opinion, words)
            )),
            (_, Some(why)) => Came::Skipped(why),
            (_, None) => Came::Passed,
        };
        cases.push(TestCase::new(name, came));
    }
    if let Some(span) = &asked.expires_within {
        let words: Vec<&str> = judged
            .expiring
            .iter()
            .map(|expiring| expiring.words.as_str())
            .collect();
        cases.push(TestCase::new(
            format!("nothing ends within {}", span.words),
            if words.is_empty() {
                Came::Passed
            } else {
                Came::Failed {
                    kind: EXPIRES_SOON.to_owned(),
                    message: words.join("; "),
                    text: "Renew it before it ends, and automate the renewal.".to_owned(),
                }
            },
        ));
    }
    cases
}

fn case_of(judged: &Judged, row: &MatrixRow, place: usize, asked: &Asked) -> TestCase {
    let subject = row
        .certificate
        .as_ref()
        .map_or("", |certificate| certificate.subject.as_str());
    let subject = if subject.is_empty() { "no subject" } else { subject };
    let id = rule_of(row);
    let lies = judged
        .where_is(row.certificate.as_ref())
        .map_or_else(String::new, |place| format!("\nIt lies in {place}."));
    let came = match row.outcome {
        Outcome::Pass => Came::Passed,
        Outcome::Unknown | Outcome::NotReached | Outcome::NotApplicable => {
            Came::Skipped(shortened(&row.detail))
        }
        Outcome::Warn if !row.is_refused_elsewhere => {
            Came::Warned(format!("unusual: {id}: {}", shortened(&row.detail)))
        }
        Outcome::Warn if !asked.is_strict && !row.ends_every_handshake() => {
            let mend = judged
                .mend(row)
                .map_or_else(String::new, |cause| format!("\n{}", told(cause)));
            Came::Warned(format!(
                "warning: {id}: {}{}",
                whole(&row.detail),
                mend.trim_end()
            ))
        }
        Outcome::Warn | Outcome::Fail => {
            let cause = judged
                .explained
                .causes
                .iter()
                .find(|cause| Some(cause.id) == row.cause && cause.certificate == row.certificate)
                .or_else(|| judged.mend(row));
            Came::Failed {
                kind: id.to_owned(),
                message: shortened(&row.detail),
                text: format!("{}{lies}", cause.map_or_else(|| shortened(&row.detail), told)),
            }
        }
    };
    let name = format!("{place} {} {subject}: {}", row.role.word(), row.check.word());
    TestCase::new(name, came)
}

/// What programs ask for that the first of these rows tells of; with what mends it where they are there.
fn asked_for(judged: &Judged, row: usize) -> Vec<String> {
    let warned = judged.explained.warned.iter();
    let asked = warned.filter(|one| one.is_demand && one.rows.first() == Some(&row));
    asked
        .map(|one| {
            if one.is_quiet {
                format!("note: {}.", one.cause.title)
            } else {
                format!("note: {}", told(&one.cause).trim_end())
            }
        })
        .collect()
}

/// A cause as a paragraph, its remedies after it.
fn told(cause: &Cause) -> String {
    let mut words = format!("{}: {}. {}", cause.id.word(), cause.title, cause.detail);
    for remedy in cause.remedies.iter().filter(|remedy| remedy.is_general()) {
        let _ = write!(words, "\nFix: {}", remedy.text);
        for command in &remedy.commands {
            let _ = write!(words, "\n    {command}");
        }
    }
    words.push('\n');
    words
}

/// Text for XML 1.0, as an attribute or between tags. What would steer a terminal, or what XML cannot hold at all (§2.2), is
/// written out; line breaks are written as references, which survive in an attribute (§3.3.3).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in printable_lines(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_breaks_out_of_the_document() {
        assert_eq!(
            escaped("a<b>&\"c\"\u{1b}[31m\u{0}\u{fffe}\nd"),
            "a&lt;b&gt;&amp;&quot;c&quot;\\u{1b}[31m\\u{0}&#10;d"
        );
    }
}
