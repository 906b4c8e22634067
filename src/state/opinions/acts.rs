//! How stacks are asked, and what becomes of their answers.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::{
    Agreement, Answers, Asked, LastRun, OpinionCommand, OpinionDone, OpinionJob, Opinions, Round, Row, agree,
};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::opinion::{Heard, Opinion, Presence, Programs, Question, ask, find_all};
use crate::setup::LabSetup;
use crate::stack::Stack;
use crate::state::documents::{Document, Trial};
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::notes::NoteKind;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::tools::{Tools, analyse};

impl OpinionJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> OpinionDone {
        match self {
            Self::Ask {
                ticket,
                setup,
                programs,
                cancel,
            } => {
                // Where the clock stands still, the programs of this machine live at another time, and their answers would be
                // of that: whoever made it stand brings the answers.
                if tools.clock.is_still() {
                    cancel.cancelled().await;
                    let result = Ok(Answers::default());
                    return OpinionDone::Ended { ticket, result };
                }
                let here = tools.clone();
                let work = move || ask_all(ticket, &setup, (&programs, &cancel), &here);
                OpinionDone::Ended {
                    ticket,
                    result: Ok(tools.off_thread(work).await),
                }
            }
            Self::Agree {
                ticket,
                setup,
                analysis,
                voters,
                cancel,
            } => {
                // As above: the programs live at another time.
                if tools.clock.is_still() {
                    cancel.cancelled().await;
                    let result = Ok(Agreement::default());
                    return OpinionDone::Agreed { ticket, result };
                }
                let here = tools.clone();
                let work = move || agree::search(ticket, &setup, &analysis, &voters, &cancel, &here);
                OpinionDone::Agreed {
                    ticket,
                    result: Ok(tools.off_thread(work).await),
                }
            }
            Self::Open { title, capture } => {
                let work = move || Arc::new(analyse(capture));
                OpinionDone::Opened {
                    title,
                    analysis: tools.off_thread(work).await,
                }
            }
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::Ask { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |sentence| {
                    Done::Opinion(OpinionDone::Ended {
                        ticket,
                        result: Err(sentence),
                    })
                })
            }
            Self::Agree { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |sentence| {
                    Done::Opinion(OpinionDone::Agreed {
                        ticket,
                        result: Err(sentence),
                    })
                })
            }
            Self::Open { .. } => Box::new(|sentence| Done::Told(Some(sentence))),
        }
    }
}

/// Finds the stacks and asks each about both chains, telling of each answer as it comes. The programs take their time.
fn ask_all(
    ticket: u64,
    setup: &LabSetup,
    (programs, cancel): (&Programs, &Cancel),
    tools: &Tools,
) -> Answers {
    let stacks = find_all(programs, cancel);
    tools.tell(Done::Opinion(OpinionDone::Found {
        ticket,
        stacks: stacks.clone(),
    }));
    let said: Mutex<Vec<(Side, Arc<Opinion>)>> = Mutex::default();
    for question in Side::BOTH
        .into_iter()
        .rev()
        .filter_map(|judge| Question::of_pair(setup, judge))
    {
        let judge = question.judge;
        ask(&question, &stacks, cancel, &|heard| {
            let opinion = match heard {
                Heard::Begins(stack) => {
                    let begins = OpinionDone::Begins { ticket, judge, stack };
                    return tools.tell(Done::Opinion(begins));
                }
                Heard::Said(opinion) => opinion,
            };
            let opinion = Arc::new(opinion.clone());
            said.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((judge, Arc::clone(&opinion)));
            tools.tell(Done::Opinion(OpinionDone::Said {
                ticket,
                judge,
                opinion,
            }));
        });
    }
    Answers {
        stacks,
        said: said.into_inner().unwrap_or_else(PoisonError::into_inner),
    }
}

impl Asked {
    fn found(&mut self, stacks: &[(Stack, Presence)]) {
        for round in &mut self.rounds {
            if round.rows.is_empty() {
                let row = |(stack, presence): &(Stack, Presence)| Row {
                    stack: *stack,
                    presence: presence.clone(),
                    asked_since_unix_s: None,
                    opinion: None,
                };
                round.rows = stacks.iter().map(row).collect();
            }
        }
    }

    fn row_mut(&mut self, judge: Side, stack: Stack) -> Option<&mut Row> {
        let rounds = self.rounds.iter_mut().filter(|round| round.judge == judge);
        rounds
            .flat_map(|round| &mut round.rows)
            .find(|row| row.stack == stack)
    }

    fn said(&mut self, judge: Side, opinion: Arc<Opinion>) {
        if let Some(row) = self.row_mut(judge, opinion.stack) {
            row.asked_since_unix_s = None;
            row.opinion = Some(opinion);
        }
    }
}

impl State {
    /// The run on the stage, if it is the lab's last: others can be asked about it.
    fn run_on_stage(&self) -> Option<&LastRun> {
        let on_stage = self.analysis()?;
        let run = self.opinions.run.as_ref();
        run.filter(|run| Arc::ptr_eq(&run.of, on_stage))
    }

    /// Whether others can be asked about what is on the stage: it was run here, and somebody showed a chain.
    pub fn can_ask_stacks(&self) -> bool {
        self.run_on_stage().is_some_and(|run| {
            Side::BOTH
                .into_iter()
                .any(|judge| !run.setup.chain(judge.peer()).is_empty() && run.setup.is_judged(judge.peer()))
        })
    }

    /// What other stacks were asked last, where the lab's run is on the stage.
    pub fn asked_stacks(&self) -> Option<&Asked> {
        self.run_on_stage()?;
        self.opinions.asked.as_ref()
    }

    /// Whether files or settings are others by now than those that were asked about.
    pub fn is_asked_before_change(&self, asked: &Asked) -> bool {
        let run = self.run_on_stage();
        self.lab.is_setup_newer || run.is_some_and(|run| run.fingerprint != asked.fingerprint)
    }

    /// Whether stacks are being asked.
    pub fn is_asking(&self) -> bool {
        self.opinions.asked.as_ref().is_some_and(|asked| !asked.is_over)
    }

    /// The judge whose round is shown.
    pub fn shown_round<'a>(&self, asked: &'a Asked) -> Option<&'a Round> {
        self.opinions
            .shown
            .and_then(|judge| asked.round(judge))
            .or_else(|| asked.first_to_show())
    }

    /// Whether the row of this stack is open to its exact words.
    pub fn is_opinion_open(&self, judge: Side, stack: Stack) -> bool {
        self.opinions.open_rows.contains(&(judge, stack))
    }

    /// The inspector is wider where it shows a table of stacks.
    pub fn make_room(&mut self) {
        self.settings.panels.right_needs_room = self.asked_stacks().is_some();
    }

    /// A run ended: from now on this is what is asked about.
    pub(in crate::state) fn has_run(&mut self, setup: Box<LabSetup>, analysis: &Arc<Analysis>) {
        self.opinions.run = Some(LastRun {
            of: Arc::clone(analysis),
            fingerprint: setup.fingerprint(),
            setup,
        });
    }

    pub(in crate::state) fn apply_opinion(&mut self, command: OpinionCommand) -> Vec<Effect> {
        match command {
            OpinionCommand::Ask => return self.ask_stacks(),
            OpinionCommand::Cancel => self.give_up_asking(),
            OpinionCommand::Show(judge) => self.opinions.shown = Some(judge),
            OpinionCommand::ToggleRow(judge, stack) => {
                if !self.opinions.open_rows.remove(&(judge, stack)) {
                    self.opinions.open_rows.insert((judge, stack));
                }
            }
            OpinionCommand::OpenOnStage(judge, stack) => return self.open_opinion(judge, stack),
            OpinionCommand::ChooseProgram(stack) => {
                return self.ask_for_file(PickPurpose::Program(stack));
            }
            OpinionCommand::UseProgram(stack, program) => return self.use_program(stack, program),
            OpinionCommand::FindAgreement => return self.find_agreement(),
            OpinionCommand::CancelAgreement => self.give_up_agreement(),
            OpinionCommand::ApplyAgreement => return self.apply_agreement(),
            OpinionCommand::ShowAgreement => self.show_agreement(),
        }
        Vec::new()
    }

    /// Asks every stack about the lab's last run, in place of an older question.
    pub(in crate::state) fn ask_stacks(&mut self) -> Vec<Effect> {
        if !self.can_ask_stacks() {
            return Vec::new();
        }
        self.give_up_asking();
        let ticket = self.ticket();
        let Some(run) = self.run_on_stage() else {
            return Vec::new();
        };
        let (setup, cancel) = (run.setup.clone(), Cancel::default());
        let rounds = Side::BOTH.into_iter().rev().filter_map(|judge| {
            let is_asked = !setup.chain(judge.peer()).is_empty() && setup.is_judged(judge.peer());
            let party = setup.parties.of(judge);
            is_asked.then(|| Round {
                judge,
                trusted: party.trust.len(),
                has_time: party.policy.clock_unix_s.is_some(),
                rows: Vec::new(),
            })
        });
        self.opinions.asked = Some(Asked {
            of: Arc::clone(&run.of),
            at_unix_s: self.now_unix_s,
            rounds: rounds.collect(),
            is_over: false,
            fingerprint: run.fingerprint,
            ticket,
            cancel: cancel.clone(),
        });
        vec![Effect::Work(Job::Opinion(OpinionJob::Ask {
            ticket,
            setup,
            programs: self.settings.programs.clone(),
            cancel,
        }))]
    }

    /// Ends what is being asked; what was said so far stays.
    pub(in crate::state) fn give_up_asking(&mut self) {
        if let Some(asked) = &mut self.opinions.asked {
            asked.cancel.cancel();
            asked.is_over = true;
        }
        self.give_up_agreement();
    }

    /// The user says where a stack's program is, or that the path is to be searched again. All are asked anew.
    fn use_program(&mut self, stack: Stack, program: Option<PathBuf>) -> Vec<Effect> {
        match program {
            Some(program) => self.settings.programs.insert(stack, program),
            None => self.settings.programs.remove(&stack),
        };
        let mut effects = vec![self.remember()];
        effects.extend(self.ask_stacks());
        effects
    }

    /// The question that an answer belongs to, while it is awaited.
    fn awaited(&mut self, ticket: u64) -> Option<&mut Asked> {
        self.opinions
            .asked
            .as_mut()
            .filter(|asked| asked.ticket == ticket && !asked.is_over)
    }

    pub(in crate::state) fn absorb_opinion(&mut self, done: OpinionDone) -> Vec<Effect> {
        match done {
            OpinionDone::Found { ticket, stacks } => {
                if let Some(asked) = self.awaited(ticket) {
                    asked.found(&stacks);
                }
            }
            OpinionDone::Begins { ticket, judge, stack } => {
                let now_unix_s = self.now_unix_s;
                let row = self
                    .awaited(ticket)
                    .and_then(|asked| asked.row_mut(judge, stack))
                    .filter(|row| row.opinion.is_none());
                if let Some(row) = row {
                    row.asked_since_unix_s = Some(now_unix_s);
                }
            }
            OpinionDone::Agreeing { ticket, tried } => self.is_agreeing(ticket, tried),
            OpinionDone::Agreed { ticket, result } => self.has_agreed(ticket, result),
            OpinionDone::Said {
                ticket,
                judge,
                opinion,
            } => {
                if let Some(asked) = self.awaited(ticket) {
                    asked.said(judge, opinion);
                }
            }
            OpinionDone::Ended { ticket, result } => {
                let Some(asked) = self.awaited(ticket) else {
                    return Vec::new();
                };
                asked.is_over = true;
                match result {
                    Ok(Answers { stacks, said }) => {
                        asked.found(&stacks);
                        for (judge, opinion) in said {
                            asked.said(judge, opinion);
                        }
                    }
                    Err(sentence) => {
                        self.opinions.asked = None;
                        self.notes.add(NoteKind::Trouble, sentence);
                    }
                }
            }
            OpinionDone::Opened { title, analysis } => self.show(Document {
                trial: Some(Trial::Opinion),
                ..Document::new(title, String::new(), analysis)
            }),
        }
        Vec::new()
    }

    fn open_opinion(&self, judge: Side, stack: Stack) -> Vec<Effect> {
        let row = self
            .asked_stacks()
            .and_then(|asked| asked.round(judge))
            .and_then(|round| round.rows.iter().find(|row| row.stack == stack));
        let capture = row.and_then(|row| row.opinion.as_ref()?.capture.clone());
        capture.map_or_else(Vec::new, |capture| {
            vec![Effect::Work(Job::Opinion(OpinionJob::Open {
                title: format!("{} as the {}", stack.name(), judge.word()),
                capture: Arc::new(capture),
            }))]
        })
    }
}

impl Opinions {
    /// What a run of the lab was made of, where it is the last one of its tab.
    pub(in crate::state) fn setup_of(&self, analysis: &Arc<Analysis>) -> Option<&LabSetup> {
        let run = self.run.as_ref().filter(|run| Arc::ptr_eq(&run.of, analysis));
        run.map(|run| &*run.setup)
    }
}
