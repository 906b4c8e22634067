//! `mtlscope lesson`: the lessons of a pack, without a window.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::outcome::{Format, Outcome, Unusable};
use super::page::Page;
use super::{interrupt, json, output, text};
use crate::lesson::{Case, Change, Finding, Lesson, Letter, Pack, Shown, built_in, check, seed_of};
use crate::printable::{printable, printable_lines, quoted_path, quoted_value};

const EXIT_STATUS: &str = "Exit status: 0 good; 1 `check` found something, or the answer that was given is not right; 130 after \
Ctrl+C; 2 the command or its input is unusable, said in one sentence.";

/// `lesson`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct LessonArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Name the lessons of a pack, in their order
    List(ListArguments),
    /// Ask a lesson's question; with --answer, make its handshake and compare
    Run(RunArguments),
    /// Prove that every lesson can be taught: it fails as shipped, its solution succeeds, and the run tells right from wrong
    Check(ListArguments),
    /// Make the same lessons for one attendee: other names, and a fault chosen among equals
    Seed(SeedArguments),
}

#[derive(Debug, Args)]
struct ListArguments {
    /// The pack: a folder or a zip of lessons [default: the built-in lessons]
    #[arg(value_name = "PACK")]
    pack: Option<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
struct RunArguments {
    /// The lesson, by its id
    #[arg(value_name = "LESSON")]
    lesson: String,
    /// The pack that it is in [default: the built-in lessons]
    #[arg(long, value_name = "PACK")]
    pack: Option<PathBuf>,
    /// Your answer, A to D, given before anything runs
    #[arg(long, value_name = "LETTER", value_parser = letter)]
    answer: Option<Letter>,
    /// The twin of the lesson: the same idea in another run
    #[arg(long)]
    twin: bool,
    /// Show this many of its hints
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
    hints: u8,
    /// Run it with its solution as well
    #[arg(long, conflicts_with = "twin")]
    solution: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct SeedArguments {
    /// The pack: a folder or a zip of lessons [default: the built-in lessons]
    #[arg(value_name = "PACK")]
    pack: Option<PathBuf>,
    /// Whom it is for: the same name always gives the same lessons
    #[arg(long, value_name = "NAME")]
    attendee: String,
    /// The folder to write the pack into; it must not be there yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

fn letter(word: &str) -> Result<Letter, String> {
    Letter::from_word(word).ok_or_else(|| "an answer is A, B, C or D".to_owned())
}

pub(super) fn run(arguments: &LessonArguments) -> Result<Outcome, Unusable> {
    match &arguments.what {
        What::List(list) => list_lessons(list),
        What::Run(run) => run_lesson(run),
        What::Check(list) => check_pack(list),
        What::Seed(seed) => seed_pack(seed),
    }
}

fn open(path: Option<&Path>) -> Result<Pack, Unusable> {
    path.map_or_else(
        || Ok(built_in()),
        |path| Pack::open(path).map_err(|error| Unusable(error.to_string())),
    )
}

#[derive(Serialize)]
struct ListJson<'a> {
    schema: &'static str,
    pack: &'a str,
    lessons: Vec<LessonJson<'a>>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct LessonJson<'a> {
    id: &'a str,
    title: &'a str,
    question: &'a str,
    scenario: &'a str,
    file: &'a str,
}

fn list_lessons(arguments: &ListArguments) -> Result<Outcome, Unusable> {
    let pack = open(arguments.pack.as_deref())?;
    match arguments.format {
        Format::Json => output::json(&ListJson {
            schema: "mtlscope.lessons/1",
            pack: &pack.name,
            lessons: pack.lessons.iter().map(LessonJson::of).collect(),
            problems: problems(&pack),
        })?,
        Format::Text => {
            let mut page = Page::default();
            for (number, lesson) in pack.lessons.iter().enumerate() {
                let lead = format!("{:>3}  ", number + 1);
                page.hanging(0, &lead, &format!("{}: {}", lesson.id, printable(&lesson.title)));
                page.paragraph(5, &printable(&lesson.case.question));
            }
            output::text(&page.text)?;
            for problem in problems(&pack) {
                output::error(&problem);
            }
        }
    }
    Ok(if pack.problems.is_empty() {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

impl<'a> LessonJson<'a> {
    fn of(lesson: &'a Lesson) -> Self {
        Self {
            id: &lesson.id,
            title: &lesson.title,
            question: &lesson.case.question,
            scenario: &lesson.case.scenario,
            file: &lesson.file,
        }
    }
}

fn problems(pack: &Pack) -> Vec<String> {
    pack.problems.iter().map(ToString::to_string).collect()
}

#[derive(Serialize)]
struct CheckJson<'a> {
    schema: &'static str,
    pack: &'a str,
    lessons: usize,
    problems: Vec<String>,
    findings: Vec<FindingJson>,
}

#[derive(Serialize)]
struct FindingJson {
    file: String,
    lesson: String,
    words: String,
}

fn check_pack(arguments: &ListArguments) -> Result<Outcome, Unusable> {
    let pack = open(arguments.pack.as_deref())?;
    let cancel = interrupt::cancel();
    let mut findings = Vec::new();
    for lesson in &pack.lessons {
        let found = check(&pack, lesson, &cancel).map_err(|error| {
            Unusable(format!(
                "{}: its run cannot be made: {error}",
                quoted_value(&lesson.file)
            ))
        });
        match found {
            Ok(found) => findings.extend(found),
            Err(unusable) if interrupt::has_come() => return Err(unusable),
            // One lesson that cannot run hides no other's faults.
            Err(unusable) => findings.push(Finding {
                file: lesson.file.clone(),
                lesson: lesson.id.clone(),
                words: unusable.0,
            }),
        }
    }
    let problems = problems(&pack);
    let is_good = problems.is_empty() && findings.is_empty();
    match arguments.format {
        Format::Json => output::json(&CheckJson {
            schema: "mtlscope.lesson-check/1",
            pack: &pack.name,
            lessons: pack.lessons.len(),
            problems,
            findings: findings.into_iter().map(FindingJson::from).collect(),
        })?,
        Format::Text => {
            let mut page = Page::default();
            for problem in &problems {
                page.hanging(0, "✗ ", problem);
            }
            for lesson in &pack.lessons {
                let own: Vec<&Finding> = findings
                    .iter()
                    .filter(|finding| finding.lesson == lesson.id)
                    .collect();
                let sign = if own.is_empty() { "✓ " } else { "✗ " };
                page.hanging(0, sign, &format!("{}: {}", lesson.id, printable(&lesson.title)));
                for finding in own {
                    page.hanging(2, "- ", &printable(&finding.words));
                }
            }
            let faults = problems.len() + findings.len();
            let count = match (pack.lessons.len(), faults) {
                (lessons, 0) => format!("{lessons} lessons, and each can be taught."),
                (lessons, 1) => format!("{lessons} lessons, 1 finding."),
                (lessons, faults) => format!("{lessons} lessons, {faults} findings."),
            };
            page.paragraph(0, &count);
            output::text(&page.text)?;
        }
    }
    Ok(if is_good { Outcome::Good } else { Outcome::NotGood })
}

impl From<Finding> for FindingJson {
    fn from(finding: Finding) -> Self {
        Self {
            file: finding.file,
            lesson: finding.lesson,
            words: finding.words,
        }
    }
}

#[derive(Serialize)]
struct RunJson<'a> {
    schema: &'static str,
    lesson: LessonJson<'a>,
    options: Vec<OptionJson<'a>>,
    /// What was given; nothing below is told without it.
    given: Option<String>,
    right: Option<bool>,
    answer: Option<String>,
    analysis: Option<json::AnalysisJson<'a>>,
    solved: Option<bool>,
}

#[derive(Serialize)]
struct OptionJson<'a> {
    letter: String,
    text: &'a str,
    because: Option<&'a str>,
}

fn run_lesson(arguments: &RunArguments) -> Result<Outcome, Unusable> {
    let pack = open(arguments.pack.as_deref())?;
    let Some(lesson) = pack.lesson(&arguments.lesson) else {
        let known: Vec<&str> = pack.lessons.iter().map(|lesson| lesson.id.as_str()).collect();
        return Err(Unusable(format!(
            "there is no lesson {} in this pack; choose from {}",
            quoted_value(&arguments.lesson),
            known.join(", ")
        )));
    };
    let (case, fault) = if arguments.twin {
        (&lesson.twin, &lesson.twin.change)
    } else {
        (&lesson.case, lesson.fault())
    };
    let shown = match arguments.answer {
        Some(_) => Some(show(&pack, case, fault, None)?),
        None => None,
    };
    let solved = if arguments.solution {
        Some(show(&pack, case, fault, Some(&lesson.solution))?)
    } else {
        None
    };
    match arguments.format {
        Format::Json => output::json(&RunJson {
            schema: "mtlscope.lesson-run/1",
            lesson: LessonJson::of(lesson),
            options: options_json(case, shown.is_some()),
            given: arguments.answer.map(|letter| letter.to_string()),
            right: arguments.answer.map(|letter| letter == case.answer),
            answer: shown.as_ref().map(|_| case.answer.to_string()),
            analysis: shown.as_ref().map(|shown| json::analysis(&shown.analysis, &[])),
            solved: solved.as_ref().map(|solved| lesson.success.holds(solved.seen())),
        })?,
        Format::Text => {
            let mut page = Page::default();
            tell(&mut page, arguments, lesson, case);
            if let (Some(given), Some(shown)) = (arguments.answer, &shown) {
                compare(&mut page, lesson, case, given);
                page.heading("The run");
                page.text.push_str(&text::analysis(&shown.analysis, &[], &[]));
                page.heading("Now mend it");
                page.paragraph(2, &printable(&lesson.task));
                markdown(&mut page, &lesson.reveal);
            }
            if let Some(solved) = &solved {
                page.heading("With its solution");
                let misses = lesson.success.misses(solved.seen());
                if misses.is_empty() {
                    page.paragraph(2, "✓ The lesson succeeds.");
                }
                for miss in misses {
                    page.paragraph(2, &format!("✗ It wants that {}, but {}.", miss.asked, miss.found));
                }
            }
            output::text(&page.text)?;
        }
    }
    let is_right = arguments.answer.is_none_or(|given| given == case.answer);
    Ok(if is_right { Outcome::Good } else { Outcome::NotGood })
}

fn show(pack: &Pack, case: &Case, fault: &Change, then: Option<&Change>) -> Result<Shown, Unusable> {
    pack.show(case, fault, then, &interrupt::cancel())
        .map_err(|error| Unusable(format!("the lesson's run cannot be made: {error}")))
}

fn options_json(case: &Case, is_told: bool) -> Vec<OptionJson<'_>> {
    Letter::ALL
        .into_iter()
        .zip(&case.choices)
        .map(|(letter, choice)| OptionJson {
            letter: letter.to_string(),
            text: &choice.text,
            because: is_told.then_some(choice.because.as_str()),
        })
        .collect()
}

fn tell(page: &mut Page, arguments: &RunArguments, lesson: &Lesson, case: &Case) {
    page.heading(&printable(&lesson.title));
    if !arguments.twin {
        markdown(page, &lesson.body);
    }
    page.heading(&printable(&case.question));
    for (letter, choice) in Letter::ALL.into_iter().zip(&case.choices) {
        page.hanging(2, &format!("{letter}  "), &printable(&choice.text));
    }
    for (number, hint) in lesson.hints.iter().take(usize::from(arguments.hints)).enumerate() {
        page.hanging(2, &format!("Hint {}: ", number + 1), &printable(hint));
    }
    if arguments.answer.is_none() {
        page.paragraph(2, "Say what you expect before it runs: --answer A, B, C or D.");
    }
}

fn compare(page: &mut Page, lesson: &Lesson, case: &Case, given: Letter) {
    if given == case.answer {
        page.heading(&format!("✓ {given} it is"));
    } else {
        page.heading(&format!("✗ You said {given}; it is {}", case.answer));
    }
    for (letter, choice) in Letter::ALL.into_iter().zip(&case.choices) {
        let sign = if letter == case.answer { "✓" } else { "✗" };
        page.hanging(2, &format!("{sign} {letter}  "), &printable(&choice.because));
    }
    page.paragraph(2, &format!("People often believe: {}", printable(&lesson.myth)));
}

/// Markdown as it was written, a paragraph for each of its own.
fn markdown(page: &mut Page, text: &str) {
    for paragraph in text.split("\n\n") {
        let is_list = paragraph.trim_start().starts_with(['-', '*', '`', '1']);
        if is_list {
            for line in printable_lines(paragraph).lines() {
                page.paragraph(2, line);
            }
        } else {
            page.paragraph(2, &printable(&paragraph.replace('\n', " ")));
        }
    }
}

fn seed_pack(arguments: &SeedArguments) -> Result<Outcome, Unusable> {
    let pack = open(arguments.pack.as_deref())?;
    if let Some(problem) = pack.problems.first() {
        return Err(Unusable(problem.to_string()));
    }
    let files = pack.seeded(seed_of(&arguments.attendee));
    write_new(&arguments.out, &files)?;
    let words = format!(
        "{} lessons for {} are in {}.\n",
        pack.lessons.len(),
        quoted_value(&arguments.attendee),
        quoted_path(&arguments.out)
    );
    output::text(&words)?;
    Ok(Outcome::Good)
}

/// Writes a folder whole or not at all: under another name first, then renamed.
fn write_new(folder: &Path, files: &std::collections::BTreeMap<String, String>) -> Result<(), Unusable> {
    let cannot = |error: std::io::Error| {
        Unusable(format!(
            "{}: it cannot be written ({error}); give --out a new folder",
            quoted_path(folder)
        ))
    };
    if folder.symlink_metadata().is_ok() {
        return Err(Unusable(format!(
            "{}: it is there already; give --out a new folder",
            quoted_path(folder)
        )));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let scratch = tempfile::tempdir_in(parent.unwrap_or(Path::new("."))).map_err(cannot)?;
    for (name, text) in files {
        let path = scratch.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(cannot)?;
        }
        let mut file = std::fs::File::create_new(&path).map_err(cannot)?;
        file.write_all(text.as_bytes()).map_err(cannot)?;
    }
    let made = scratch.keep();
    std::fs::rename(&made, folder).map_err(|error| {
        let _ = std::fs::remove_dir_all(&made);
        cannot(error)
    })
}
