//! What is compared: sessions, one connection of a packet capture, runs of built-in scenarios.

use std::path::Path;
use std::sync::Arc;

use super::arguments::CompareArguments;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::KeyLog;
use crate::cli::input::key_log;
use crate::cli::outcome::Unusable;
use crate::compare::{Both, Named, Subject};
use crate::pki::first_bytes;
use crate::printable::{quoted_path, quoted_value};
use crate::scenario::{self, Scenario};
use crate::session::{StepNotes, load};
use crate::setup::LabSetup;
use crate::source::lab::run_blocking;
use crate::source::packets::{PacketIndex, key_log_beside, may_be_packet_capture};
use crate::survey::analyse;

/// What stands before a scenario's id.
const SCENARIO: &str = "scenario:";

/// Both ends are in this process: a side that got nothing by then never will.
const LONGEST_WAIT_MS: u64 = 200;

/// One of the two.
pub(in crate::cli) struct Given {
    /// As it was given.
    pub name: String,
    pub analysis: Analysis,
    /// What a scenario was made of.
    pub setup: Option<LabSetup>,
    /// What a person said of it.
    pub words: Words,
}

/// What a person said of a handshake, as its session has it.
#[derive(Debug, Default)]
pub(in crate::cli) struct Words {
    pub title: String,
    pub notes: String,
    pub step_notes: StepNotes,
    /// It was read from a file, which commands can name.
    pub is_a_file: bool,
}

impl Given {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            analysis: &self.analysis,
            setup: self.setup.as_ref(),
        }
    }

    pub fn named(&self) -> Named<'_> {
        Named {
            name: &self.name,
            analysis: &self.analysis,
        }
    }

    fn of_scenario(scenario: &Scenario, mut setup: LabSetup) -> Result<Self, Unusable> {
        setup.timeout_ms = setup.timeout_ms.min(LONGEST_WAIT_MS);
        let capture =
            run_blocking(&setup, &Cancel::default()).map_err(|error| Unusable(error.to_string()))?;
        Ok(Self {
            name: format!("{SCENARIO}{}", scenario.id),
            analysis: Analysis::of(Arc::new(capture)),
            setup: Some(setup),
            words: Words {
                title: scenario.title.clone(),
                ..Words::default()
            },
        })
    }
}

fn no_scenario(error: &scenario::ScenarioError) -> Unusable {
    Unusable(error.to_string())
}

/// The scenario of `scenario:ID`.
fn named_scenario(
    path: &Path,
    connection: Option<usize>,
    flag: &str,
) -> Result<Option<&'static Scenario>, Unusable> {
    let Some(id) = path.to_str().and_then(|text| text.strip_prefix(SCENARIO)) else {
        return Ok(None);
    };
    if connection.is_some() {
        return Err(Unusable(format!(
            "{}: a scenario is one connection; leave {flag} out",
            quoted_path(path)
        )));
    }
    scenario::find(id).map(Some).map_err(|error| no_scenario(&error))
}

/// One alone, for a command that takes the same kinds.
pub(in crate::cli) fn given(
    path: &Path,
    connection: Option<usize>,
    keylog: Option<&Path>,
) -> Result<Given, Unusable> {
    if let Some(scenario) = named_scenario(path, connection, "--connection")? {
        let now_unix_s = jiff::Timestamp::now().as_second();
        return Given::of_scenario(
            scenario,
            scenario.setup(now_unix_s).map_err(|error| no_scenario(&error))?,
        );
    }
    let log = keylog.map(key_log).transpose()?;
    recorded(path, connection, "--connection", log.as_ref())
}

/// Reads both. Two scenarios are minted together: what both describe alike is the same in both.
pub(super) fn read(arguments: &CompareArguments) -> Result<Both<Given>, Unusable> {
    let now_unix_s = jiff::Timestamp::now().as_second();
    let a = named_scenario(&arguments.a, arguments.a_connection, "--a-connection")?;
    let b = named_scenario(&arguments.b, arguments.b_connection, "--b-connection")?;
    if let (Some(a), Some(b)) = (a, b) {
        let (of_a, of_b) = scenario::pair(a, b, now_unix_s).map_err(|error| no_scenario(&error))?;
        return Ok(Both {
            a: Given::of_scenario(a, of_a)?,
            b: Given::of_scenario(b, of_b)?,
        });
    }
    let log = arguments.keylog.as_deref().map(key_log).transpose()?;
    let one = |scenario: Option<&Scenario>, path: &Path, connection, flag| match scenario {
        Some(scenario) => Given::of_scenario(
            scenario,
            scenario.setup(now_unix_s).map_err(|error| no_scenario(&error))?,
        ),
        None => recorded(path, connection, flag, log.as_ref()),
    };
    Ok(Both {
        a: one(a, &arguments.a, arguments.a_connection, "--a-connection")?,
        b: one(b, &arguments.b, arguments.b_connection, "--b-connection")?,
    })
}

fn recorded(
    path: &Path,
    connection: Option<usize>,
    flag: &str,
    log: Option<&KeyLog>,
) -> Result<Given, Unusable> {
    if first_bytes(path, 4).is_some_and(|start| may_be_packet_capture(&start)) {
        return of_packets(path, connection, flag, log);
    }
    if connection.is_some_and(|connection| connection != 1) {
        return Err(Unusable(format!(
            "{}: a session holds one connection; leave {flag} out",
            quoted_path(path)
        )));
    }
    let session = load(path).map_err(|error| Unusable(error.to_string()))?;
    Ok(Given {
        name: if session.title.is_empty() {
            quoted_path(path)
        } else {
            session.title.clone()
        },
        analysis: Analysis::of(session.capture),
        setup: None,
        words: Words {
            title: session.title,
            notes: session.notes,
            step_notes: session.step_notes,
            is_a_file: true,
        },
    })
}

/// One TLS connection of a packet capture; the only one where none is named.
fn of_packets(
    path: &Path,
    wanted: Option<usize>,
    flag: &str,
    log: Option<&KeyLog>,
) -> Result<Given, Unusable> {
    let index = PacketIndex::open(path, &Cancel::default(), &mut |_| {})?;
    let mut secrets = match log {
        Some(log) => log.clone(),
        None => key_log_beside(path).0,
    };
    secrets.add(&index.key_log);
    let (mut seen, mut found) = (0, None);
    for connection in &index.connections {
        let Some(analysis) = analyse(&index, connection, &secrets, &|_, _| {})? else {
            continue;
        };
        seen += 1;
        if wanted.is_none() && seen > 1 {
            return Err(Unusable(format!(
                "{}: it has several TLS connections; say which one with {flag} N (mtlscope show lists them)",
                quoted_path(path)
            )));
        }
        if wanted.is_none_or(|wanted| wanted == seen) {
            found = Some(analysis);
        }
        if wanted == Some(seen) {
            break;
        }
    }
    let analysis = found.ok_or_else(|| {
        let which = wanted.map_or_else(
            || "no TLS connection".to_owned(),
            |wanted| format!("no TLS connection {wanted}"),
        );
        Unusable(format!(
            "{}: there is {which} in it; it has {seen}",
            quoted_value(&path.display().to_string())
        ))
    })?;
    Ok(Given {
        name: wanted.map_or_else(
            || quoted_path(path),
            |wanted| format!("{}, connection {wanted}", quoted_path(path)),
        ),
        analysis,
        setup: None,
        words: Words {
            is_a_file: true,
            ..Words::default()
        },
    })
}
