//! A good run and a failing one, made once, and a state in which one is under way.

use std::sync::{Arc, LazyLock};

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::opinion::{AskedAt, Opinion, Presence, Said, Way};
use crate::scenario;
use crate::setup::LabSetup;
use crate::source::lab::run_blocking;
use crate::stack::Stack;
use crate::state::*;

pub(super) const NOW_UNIX_S: i64 = 1_800_000_000;

/// A set-up, run once for all tests.
pub(super) struct Tried {
    pub(super) lab: LabSetup,
    pub(super) analysis: Arc<Analysis>,
}

pub(super) fn tried(id: &str) -> Tried {
    let mut lab = scenario::find(id)
        .and_then(|scenario| scenario.setup(NOW_UNIX_S))
        .expect("it mints");
    lab.wall_clock = crate::clock::Clock::still(NOW_UNIX_S);
    let capture = run_blocking(&lab, &Cancel::default()).expect("it runs");
    Tried {
        lab,
        analysis: Arc::new(Analysis::of(Arc::new(capture))),
    }
}

pub(super) static GOOD: LazyLock<Tried> = LazyLock::new(|| tried("good-tls13"));
pub(super) static FAILING: LazyLock<Tried> = LazyLock::new(|| tried("root-rotated"));

impl Tried {
    pub(super) fn setup(&self) -> Box<Setup> {
        Box::new(Setup::from_lab(self.lab.clone()))
    }

    pub(super) fn ran(&self, ticket: u64) -> Done {
        let ran = Ran {
            analysis: Arc::clone(&self.analysis),
            setup: Box::new(self.lab.clone()),
            issuers_elsewhere: Vec::new(),
            read_again: Vec::new(),
        };
        Done::Lab(LabDone::Ran {
            ticket,
            result: Ok(Box::new(ran)),
        })
    }
}

pub(super) fn jobs(effects: Vec<Effect>) -> Vec<Job> {
    let job = |effect| match effect {
        Effect::Work(job) => Some(job),
        _ => None,
    };
    effects.into_iter().filter_map(job).collect()
}

/// The run that was asked for: its ticket and its cancel token.
pub(super) fn run_in(effects: Vec<Effect>) -> Option<(u64, Cancel)> {
    jobs(effects).into_iter().find_map(|job| match job {
        Job::Lab(LabJob::Run { ticket, cancel, .. }) => Some((ticket, cancel)),
        _ => None,
    })
}

pub(super) fn lab(state: &mut State, command: LabCommand) -> Vec<Effect> {
    state.apply(Command::Lab(command))
}

/// Just opened: the built-in identities stand and their run is under way.
pub(super) fn opened() -> (State, u64) {
    let mut state = State::default();
    state.now_unix_s = NOW_UNIX_S;
    let effects = state.absorb(Done::Lab(LabDone::Started {
        setup: Ok(GOOD.setup()),
        scenarios: vec![ScenarioCard {
            id: "root-rotated".to_owned(),
            title: "A root was rotated".to_owned(),
            summary: String::new(),
            look_for: "the root".to_owned(),
            heading: "",
        }],
    }));
    let (ticket, _) = run_in(effects).expect("it runs by itself");
    (state, ticket)
}

/// A failing run of the user's own is on the stage.
pub(super) fn failed() -> State {
    let (mut state, ticket) = opened();
    state.absorb(FAILING.ran(ticket));
    state
}

pub(super) fn trouble(state: &State) -> Vec<&str> {
    let all = state.notes.iter().filter(|note| note.kind == NoteKind::Trouble);
    all.map(|note| note.text.as_str()).collect()
}

/// A stack that is installed.
pub(super) fn here(stack: Stack) -> (Stack, Presence) {
    let presence = Presence::Installed {
        program: "/usr/bin/stack".into(),
        version: "1.0".to_owned(),
    };
    (stack, presence)
}

/// What a stack said, asked as was wanted.
pub(super) fn opinion(stack: Stack, said: Said) -> Arc<Opinion> {
    Arc::new(Opinion {
        stack,
        version: "1.0".to_owned(),
        way: Way::Handshake,
        asked_at: AskedAt::Wanted,
        command: vec!["stack".to_owned()],
        exit_status: Some(0),
        said,
        output: String::new(),
        took_ms: 1,
        capture: None,
    })
}
