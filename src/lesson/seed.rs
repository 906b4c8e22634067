//! The same lesson with other names: what one attendee solves is no answer for the next.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};

use super::files::has_extension;
use super::pack::Pack;

/// Names of services, of which a seed takes two. None is part of another word of the built-in scenarios.
const SERVICES: [&str; 12] = [
    "baskets",
    "deliveries",
    "invoices",
    "stock",
    "parcels",
    "ratings",
    "tickets",
    "refunds",
    "coupons",
    "menus",
    "rosters",
    "meters",
];

/// Names of what the services belong to.
const PLACES: [&str; 8] = [
    "depot", "clinic", "library", "harbour", "museum", "bakery", "garage", "theatre",
];

/// The number that stands for an attendee: the same name always gives the same, and two names nearly never do.
pub fn seed_of(attendee: &str) -> u64 {
    let digest = digest(&SHA256, attendee.trim().as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_ref()[..8]);
    u64::from_be_bytes(first)
}

impl Pack {
    /// The files of this pack for one attendee: other names, and a fault chosen among equals. The scenarios that its lessons
    /// use are among them, built-in ones included. The same seed gives the same files.
    pub fn seeded(&self, seed: u64) -> BTreeMap<String, String> {
        let names = names(seed);
        let mut files: BTreeMap<String, String> = self
            .files
            .iter()
            .map(|(file, text)| {
                let is_scenario = has_extension(file, "ron");
                let text = if is_scenario {
                    with_server_name(text)
                } else {
                    text.clone()
                };
                (file.clone(), renamed(&text, &names))
            })
            .collect();
        for lesson in &self.lessons {
            if let Some(text) = files.get_mut(&lesson.file) {
                *text = with_seed(text, seed);
            }
            for case in [&lesson.case, &lesson.twin] {
                if let Some(text) = crate::scenario::text(&case.scenario)
                    && !self.has_own(&case.scenario)
                {
                    let text = renamed(&with_server_name(text), &names);
                    files.insert(format!("scenarios/{}.ron", case.scenario), text);
                }
            }
        }
        files
    }
}

/// What is written in place of the names of the built-in scenarios.
fn names(seed: u64) -> [(&'static str, &'static str); 3] {
    let pick = |from: &[&'static str], at: u64| {
        let count = from.len() as u64;
        usize::try_from(at % count).map_or(from[0], |index| from[index])
    };
    let services = SERVICES.len() as u64;
    let first = seed % services;
    // Never the first once more.
    let second = (first + 1 + (seed / services) % (services - 1)) % services;
    [
        ("payments", pick(&SERVICES, first)),
        ("orders", pick(&SERVICES, second)),
        ("shop", pick(&PLACES, seed / 1_000)),
    ]
}

/// The text with whole words in place of others, in one pass: what was written is not looked at again.
fn renamed(text: &str, names: &[(&str, &str)]) -> String {
    let is_letter = |character: char| character.is_alphanumeric() || character == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if is_letter(first) {
            rest.find(|character| !is_letter(character)).unwrap_or(rest.len())
        } else {
            rest.find(is_letter).unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at(end);
        let new = names.iter().find(|(old, _)| *old == word);
        out.push_str(new.map_or(word, |(_, new)| new));
        rest = after;
    }
    out
}

/// A scenario that says which name is asked for. Most leave it to the usual one, which is renamed like any other.
fn with_server_name(text: &str) -> String {
    if text.contains("server_name:") {
        return text.to_owned();
    }
    text.replacen(
        '(',
        &format!("(\n    server_name: \"{}\",", crate::scenario::USUAL_SERVER_NAME),
        1,
    )
}

/// The lesson with this seed in its front matter.
fn with_seed(text: &str, seed: u64) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut fences = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            fences += 1;
            if fences == 2 {
                out.push_str(&format!("seed: {seed}\n"));
            }
        }
        if fences == 1 && line.starts_with("seed:") {
            continue;
        }
        out.push_str(line);
    }
    out
}
