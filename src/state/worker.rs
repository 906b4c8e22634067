//! The worker: a named thread with a tokio runtime. Jobs go in, results come out, and a wake function is called for each.
//!
//! The UI thread never waits for it. Jobs do not wait for one another either: reading a file goes on while a stalled
//! handshake runs into its time-out.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::mpsc;

use super::again::read_again;
use super::fetching::issuers_elsewhere;
use super::job::{Done, Job, Offer, Opened, Ran, RunError};
use super::picker;
use super::rooms;
use super::setup::Setup;
use super::slot::Source;
use super::sort::{self, Sorted};
use super::system_dialog;
use super::{SetupSlot, fit};
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::clock::Clock;
use crate::experiment::repair::Progress;
use crate::experiment::time::time_line;
use crate::pki;
use crate::source::lab::{self, LabError};
use crate::survey::Survey;

/// More jobs than this at once are refused: somebody leans on a key.
const MOST_JOBS: usize = 64;

/// Called after each result, from the worker's threads: the window asks for a frame.
pub type Wake = Box<dyn Fn() + Send + Sync>;

/// The worker's near end. Dropping it ends the thread when its jobs are done.
pub struct Worker {
    // tokio's channel on the way in, because the far end must wait for it and for running jobs at once.
    jobs: mpsc::Sender<(Job, Cancel)>,
    done: Receiver<Done>,
    /// Of the run handed over last.
    cancel: Mutex<Cancel>,
}

/// What every job needs to answer.
#[derive(Clone)]
struct Answers {
    done: Sender<Done>,
    wake: Arc<Wake>,
    settings: Option<PathBuf>,
    clock: Clock,
}

impl Answers {
    fn send(&self, done: Done) {
        // An error means that the window is gone: nobody is left to tell.
        let _ = self.done.send(done);
        (self.wake)();
    }

    /// How far something is. A window that is not drawn takes nothing: what is lost is only how far it was.
    fn tell(&self, progress: Done) {
        if self.done.try_send(progress).is_ok() {
            (self.wake)();
        }
    }
}

impl Worker {
    /// Starts the thread. `settings` is where [`Job::SaveSettings`] writes; `None` remembers nothing. Identities are minted
    /// at the clock's time.
    pub fn start(wake: Wake, settings: Option<PathBuf>, clock: Clock) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::channel(MOST_JOBS);
        let (outbox, done) = bounded(MOST_JOBS);
        let answers = Answers {
            done: outbox,
            wake: Arc::new(wake),
            settings,
            clock,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        std::thread::Builder::new()
            .name("mtlscope worker".to_owned())
            .spawn(move || {
                runtime.block_on(work(inbox, answers));
                // A file on a dead network mount may hang for ever; the window closes all the same.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            jobs,
            done,
            cancel: Mutex::default(),
        })
    }

    /// Hands over a job; false where the worker has too many already.
    pub fn send(&self, job: Job) -> bool {
        let cancel = Cancel::default();
        if matches!(job, Job::Run { .. }) {
            *self.cancel.lock().unwrap_or_else(PoisonError::into_inner) = cancel.clone();
        }
        self.jobs.try_send((job, cancel)).is_ok()
    }

    /// The next result, if there is one. Never waits.
    pub fn next(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    /// Waits for the next result: for tests and for programs without a window.
    pub fn wait(&self, at_most: Duration) -> Option<Done> {
        self.done.recv_timeout(at_most).ok()
    }

    /// Ends the run under way.
    pub fn cancel_run(&self) {
        self.cancel
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .cancel();
    }
}

async fn work(mut inbox: mpsc::Receiver<(Job, Cancel)>, answers: Answers) {
    while let Some((job, cancel)) = inbox.recv().await {
        let answers = answers.clone();
        match job {
            Job::Run { setup } => {
                tokio::spawn(async move {
                    let result = run(*setup, &cancel).await;
                    answers.send(Done::Ran(result));
                });
            }
            Job::AskSystem {
                ticket,
                purpose,
                directory,
            } => {
                system_dialog::ask(purpose, directory, move |path| {
                    answers.send(Done::SystemAnswered { ticket, path });
                });
            }
            other => {
                tokio::task::spawn_blocking(move || {
                    if let Some(done) = do_blocking(other, &answers) {
                        answers.send(done);
                    }
                });
            }
        }
    }
}

fn do_blocking(job: Job, answers: &Answers) -> Option<Done> {
    Some(match job {
        Job::Start { setup } => Done::Started {
            setup: setup.map_or_else(|| rooms::built_in(&answers.clock).map(Box::new), Ok),
            scenarios: rooms::scenarios(),
        },
        Job::Read {
            ticket,
            offers,
            target,
            setup,
        } => Done::Read {
            ticket,
            sorted: offers
                .into_iter()
                .map(|offer| {
                    let sorted = read(&offer, target, &setup);
                    (offer, sorted)
                })
                .collect(),
            target,
        },
        Job::JudgeFit {
            ticket,
            setup,
            now_unix_s,
        } => Done::Fits {
            ticket,
            fits: fit::judge(&setup, now_unix_s),
            lists: Box::new(super::lists::seen(&setup, now_unix_s)),
        },
        Job::FindFixes {
            ticket,
            setup,
            analysis,
            cancel,
        } => {
            let mut progress = Progress::default();
            let mut told = Instant::now();
            let found = rooms::find_fixes(&setup, &analysis, &cancel, &mut |now| {
                progress = now;
                if told.elapsed() >= TELLS_EVERY {
                    told = Instant::now();
                    answers.tell(Done::FixProgress { ticket, progress });
                }
            });
            Done::Fixes {
                ticket,
                progress,
                result: found,
            }
        }
        Job::TimeLine {
            ticket,
            setup,
            now_unix_s,
            cancel,
        } => Done::TimeLine {
            ticket,
            line: time_line(&setup, now_unix_s, &cancel).map(Arc::new),
        },
        Job::Fetch {
            ticket,
            place,
            reach,
            cancel,
        } => Done::Fetched {
            ticket,
            result: super::fetching::fetch(&place, reach, cancel),
        },
        Job::OpenScenario(id) => Done::Minted {
            setup: rooms::scenario(&id, &answers.clock).map(Box::new),
            scenario: Some(id),
        },
        Job::BuiltIn => Done::Minted {
            scenario: None,
            setup: rooms::built_in(&answers.clock).map(Box::new),
        },
        Job::OpenSession(path) if rooms::is_packets(&path) => Done::IsPackets(path),
        Job::OpenPackets {
            path,
            key_log,
            cancel,
        } => {
            let result = survey(&path, key_log.as_deref(), &cancel, answers);
            Done::Packets { path, cancel, result }
        }
        Job::OpenConnection { path, survey, row } => Done::Connection {
            result: rooms::connection(&survey, row).map(Arc::new),
            path,
            row,
        },
        Job::OpenSession(path) => Done::Opened {
            session: rooms::open(&path).map(|kept| {
                Box::new(Opened {
                    title: kept.title,
                    notes: kept.notes,
                    analysis: Arc::new(rooms::analyse(kept.capture)),
                })
            }),
            path,
        },
        Job::SaveSession {
            path,
            title,
            notes,
            analysis,
        } => {
            let kept = rooms::Kept {
                title,
                notes,
                capture: analysis.capture.clone(),
            };
            Done::Saved {
                result: rooms::save(&path, &kept),
                path,
                analysis,
            }
        }
        Job::ListDirectory(directory) => Done::Listed {
            entries: picker::list(&directory),
            directory,
        },
        Job::SaveSettings(settings) => {
            if let Some(path) = &answers.settings {
                // Nothing in it is worth a question to the user.
                let _ = settings.write(path);
            }
            return None;
        }
        Job::Run { .. } | Job::AskSystem { .. } => return None,
    })
}

/// Progress is told at most so often: an eye sees no more.
const TELLS_EVERY: Duration = Duration::from_millis(50);

/// Reads a packet capture, and tells now and then how far it is.
fn survey(
    path: &Path,
    key_log: Option<&Path>,
    cancel: &Cancel,
    answers: &Answers,
) -> Result<(Arc<Survey>, Vec<PathBuf>), String> {
    let told = Mutex::new(Instant::now());
    rooms::survey(path, key_log, cancel, &|what, fraction, words| {
        let Ok(mut told) = told.try_lock() else { return };
        if told.elapsed() < TELLS_EVERY {
            return;
        }
        *told = Instant::now();
        let progress = Done::PacketsProgress {
            path: path.to_owned(),
            what,
            fraction,
            words,
        };
        answers.tell(progress);
    })
}

fn read(offer: &Offer, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    let (bundle, source) = match offer {
        Offer::Lists(side, path) => return super::lists::chosen(*side, path, setup),
        Offer::File(path) => (pki::read_file(path), Source::File(path.clone())),
        Offer::Text(text) => (pki::read_text(text), Source::Pasted),
    };
    match bundle {
        Ok(bundle) => sort::sort(&bundle, &source, target, setup),
        Err(error) => Sorted::Refuse(error.to_string()),
    }
}

async fn run(mut setup: Setup, cancel: &Cancel) -> Result<Box<Ran>, RunError> {
    let (read_again, setup) =
        tokio::task::spawn_blocking(move || read_again(&mut setup).map(|again| (again, setup)))
            .await
            .map_err(|error| start_error(&error))?
            .map_err(RunError::Files)?;
    let lab = Box::new(setup.to_lab());
    let capture = lab::run(&lab, cancel).await.map_err(RunError::Lab)?;
    let analysis = tokio::task::spawn_blocking(move || rooms::analyse(Arc::new(capture)))
        .await
        .map_err(|error| start_error(&error))?;
    Ok(Box::new(Ran {
        analysis: Arc::new(analysis),
        issuers_elsewhere: issuers_elsewhere(&lab),
        setup: lab,
        read_again,
    }))
}

fn start_error(error: &tokio::task::JoinError) -> RunError {
    RunError::Lab(LabError::Start {
        words: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use crate::clock::Clock;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::{Done, Job, RunError, Source, Worker, rooms};
    use crate::capture::Side;
    use crate::pki::LoadedCertificate;
    use crate::source::lab::{Fault, FaultTarget, LabError};
    use crate::state::{SetupSlot, Slot};

    fn worker() -> (Worker, Arc<AtomicUsize>) {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counter = wakes.clone();
        let wake = Box::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        (
            Worker::start(wake, None, Clock::default()).expect("a thread"),
            wakes,
        )
    }

    fn wait(worker: &Worker) -> Done {
        worker.wait(Duration::from_secs(20)).expect("an answer")
    }

    #[test]
    fn every_answer_wakes_once() {
        let (worker, wakes) = worker();
        assert!(worker.send(Job::ListDirectory("/".into())));
        assert!(matches!(wait(&worker), Done::Listed { entries: Ok(_), .. }));
        let setup = Box::new(rooms::built_in(&Clock::default()).expect("it mints"));
        assert!(worker.send(Job::Run { setup }));
        assert!(matches!(wait(&worker), Done::Ran(Ok(_))));
        // The wake follows its answer at once, but from another thread.
        for _ in 0..100 {
            if wakes.load(Ordering::SeqCst) == 2 {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(wakes.load(Ordering::SeqCst), 2);
        assert!(worker.next().is_none());
    }

    #[test]
    fn every_file_of_a_slot_is_read_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let built_in = rooms::built_in(&Clock::default()).expect("it mints");
        let root = built_in.sides.server.trust.certificates[0].clone();
        let mut setup = built_in;
        let roots: Vec<_> = ["a.der", "b.der"]
            .map(|name| {
                let path = directory.path().join(name);
                std::fs::write(&path, &root.der).expect("written");
                let file = Some(path.display().to_string());
                LoadedCertificate { file, ..root.clone() }
            })
            .into();
        let source = Source::File(directory.path().join("a.der"));
        setup.sides.server.trust = Slot::of_certificates(SetupSlot::Trust, source, roots);
        let again = super::read_again(&mut setup).expect("both can be read");
        assert_eq!(again[0].2.certificates.len(), 2);
        std::fs::remove_file(directory.path().join("b.der")).expect("removed");
        let refused = super::read_again(&mut setup).expect_err("one is gone");
        assert!(refused[0].2.contains("b.der"), "{}", refused[0].2);
    }

    #[test]
    fn a_stalled_run_is_cancelled_and_holds_nothing_up() {
        let (worker, _) = worker();
        let mut setup = Box::new(rooms::built_in(&Clock::default()).expect("it mints"));
        setup.timeout_ms = 60_000;
        setup.fault = Some(Fault::Stall(FaultTarget {
            from: Side::Server,
            record: 0,
        }));
        assert!(worker.send(Job::Run { setup }));
        assert!(worker.send(Job::ListDirectory("/".into())));
        assert!(matches!(wait(&worker), Done::Listed { .. }));
        worker.cancel_run();
        assert!(matches!(
            wait(&worker),
            Done::Ran(Err(RunError::Lab(LabError::Cancelled)))
        ));
    }
}
