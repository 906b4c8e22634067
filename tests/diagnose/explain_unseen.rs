//! Lines of the field's shape (`tests/fixtures/log-lines.tsv`), written from the stacks' own lists of messages: how many are
//! understood; and everyday log lines, in which nothing may be found.

use mtlscope::diagnose::{LogReading, read_log};

/// Of a hundred lines of faults, so many have to be understood; what fails is printed.
const UNDERSTOOD: usize = 100;
/// So many begin with a cause that is right.
const RIGHT_FIRST: usize = 99;
/// So many tell the side, of those whose words do.
const SIDE_TOLD: usize = 98;
/// So many tell the stack.
const STACK_TOLD: usize = 98;

struct Line {
    text: String,
    /// Any of these may come first; none: nothing may be found.
    causes: Vec<String>,
    side: String,
    stack: String,
}

fn lines() -> Vec<Line> {
    include_str!("../fixtures/log-lines.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut parts = line.splitn(4, '\t').map(str::to_owned);
            let mut next = || parts.next().expect("four columns");
            let causes = next()
                .split(',')
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect();
            let (side, stack) = (next(), next());
            Line {
                causes,
                side,
                stack,
                text: unescaped(&next()),
            }
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                other => out.extend(other),
            },
            other => out.push(other),
        }
    }
    out
}

/// A percentage, and the lines that failed.
#[derive(Default)]
struct Tally {
    asked: usize,
    failed: Vec<String>,
}

impl Tally {
    fn count(&mut self, is_right: bool, line: &Line, reading: &LogReading) {
        self.asked += 1;
        if !is_right {
            let ids: Vec<&str> = reading
                .candidates
                .iter()
                .map(|one| one.id.word())
                .take(4)
                .collect();
            let speaker = &reading.speaker;
            self.failed.push(format!(
                "{}\n    {ids:?} {:?} {:?} for {:?} {} {}",
                line.text, speaker.side, speaker.stack, line.causes, line.side, line.stack
            ));
        }
    }

    fn hold(&self, what: &str, floor: usize) {
        let right = (self.asked - self.failed.len()) * 100 / self.asked;
        println!(
            "{what}: {right} of 100 ({} lines)\n{}",
            self.asked,
            self.failed.join("\n")
        );
        assert!(right >= floor, "{what}: {right} of 100, and it was {floor}");
    }
}

#[test]
fn lines_of_every_family_are_understood() {
    let [mut understood, mut first, mut side, mut stack] = [(); 4].map(|()| Tally::default());
    let mut wrong = Vec::new();
    for line in lines().iter().filter(|line| !line.causes.is_empty()) {
        let reading = read_log(&line.text);
        let leading = reading.candidates.first().map(|one| one.id.word());
        understood.count(reading.is_understood(), line, &reading);
        first.count(
            leading.is_some_and(|id| line.causes.iter().any(|cause| cause == id)),
            line,
            &reading,
        );
        let told = reading.speaker.side.map(mtlscope::capture::Side::word);
        if line.side != "any" {
            side.count(told == Some(line.side.as_str()), line, &reading);
            // What the words do not tell may be left open, but never told wrongly.
            if told.is_some_and(|told| told != line.side) {
                wrong.push(line.text.clone());
            }
        }
        if line.stack != "any" {
            stack.count(reading.speaker.stack == Some(line.stack.as_str()), line, &reading);
        }
    }
    understood.hold("understood", UNDERSTOOD);
    first.hold("a right cause first", RIGHT_FIRST);
    side.hold("side", SIDE_TOLD);
    stack.hold("stack", STACK_TOLD);
    assert!(wrong.is_empty(), "the wrong side: {wrong:#?}");
}

#[test]
fn everyday_lines_raise_no_alarm() {
    let mut asked = 0;
    let mut alarms = Vec::new();
    for line in lines().iter().filter(|line| line.causes.is_empty()) {
        asked += 1;
        let reading = read_log(&line.text);
        if reading.is_understood() {
            let why: Vec<&str> = reading
                .candidates
                .iter()
                .map(|one| one.why.as_str())
                .take(2)
                .collect();
            alarms.push(format!("{}\n    {why:?}", line.text));
        }
    }
    assert!(asked >= 80, "{asked} lines");
    assert!(
        alarms.is_empty(),
        "{} of {asked}:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
}
