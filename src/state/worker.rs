//! The worker: a named thread with a tokio runtime. Jobs go in, results come out, and a wake function is called for each.
//!
//! The UI thread never waits for it. Jobs do not wait for one another either: reading a file goes on while a stalled
//! handshake runs into its time-out. Only what writes keeps its order, and is finished before the program ends.
//!
//! Two kinds of channel, each for what it does: tokio's on the way in, because the far end waits for it and for running
//! jobs at once; crossbeam's on the way out, because the near end is no async code: it looks without waiting, and tests
//! wait with a time-out.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::mpsc;

use super::features::{Done, Job, OnFailure};
use super::tools::Tools;
use crate::clock::Clock;

/// More jobs than this at once are refused: somebody leans on a key.
const MOST_JOBS: usize = 64;
/// What a refused job is answered with.
const TOO_MUCH: &str = "Too much is under way; try again in a moment.";
/// The program's end waits so long for what is being written; a file on a dead network mount may hang for ever.
const WAITS_FOR_WRITING: Duration = Duration::from_secs(10);

/// Called after each result, from the worker's threads: the window asks for a frame.
pub type Wake = Box<dyn Fn() + Send + Sync>;

/// The worker's near end. Dropping it waits for what is being written, and for nothing else.
pub struct Worker {
    /// `None` only while it is dropped.
    jobs: Option<mpsc::Sender<Job>>,
    done: Receiver<Answer>,
    /// Jobs taken whose answers were not.
    under_way: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

/// A result on its way back.
enum Answer {
    /// Of a job that is over: there is one for each.
    Final(Done),
    /// How far a job is.
    Progress(Done),
}

/// What every job needs to answer.
#[derive(Clone)]
struct Answers {
    done: Sender<Answer>,
    wake: Arc<Wake>,
    tools: Tools,
}

impl Answers {
    async fn of(self, job: Job) {
        let (on_failure, tools) = (job.on_failure(), self.tools.clone());
        self.of_work(job.run(tools), on_failure).await;
    }

    /// Does some work and answers it: once, and with a sentence where it panics.
    async fn of_work(self, work: impl Future<Output = Done> + Send + 'static, on_failure: OnFailure) {
        let done = match tokio::spawn(work).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => on_failure(panic_sentence(panic.as_ref())),
                // The runtime ends, and nobody is left to be answered.
                Err(_) => return,
            },
        };
        // There is room: no more jobs are taken than fit. An error means that the window is gone.
        let _ = self.done.try_send(Answer::Final(done));
        (self.wake)();
    }
}

/// What a job that panicked is answered with.
fn panic_sentence(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    let words = crate::printable::shortened(words, 200);
    format!("mtlscope made a mistake here, and nothing was changed ({words}); please report it")
}

impl Worker {
    /// Starts the thread. `settings` is where settings are written; `None` remembers nothing. Identities are minted at the
    /// clock's time.
    pub fn start(wake: Wake, settings: Option<PathBuf>, clock: Clock) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::channel(MOST_JOBS);
        // Answers to all jobs, and as much again for how far they are: a final answer never waits for the window.
        let (outbox, done) = bounded(2 * MOST_JOBS);
        let wake = Arc::new(wake);
        let tools = Tools {
            clock,
            settings,
            progress: Arc::new({
                let (outbox, wake) = (outbox.clone(), Arc::clone(&wake));
                move |done| {
                    if outbox.len() < MOST_JOBS && outbox.try_send(Answer::Progress(done)).is_ok() {
                        wake();
                    }
                }
            }),
        };
        let answers = Answers {
            done: outbox,
            wake,
            tools,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let thread = std::thread::Builder::new()
            .name("mtlscope worker".to_owned())
            .spawn(move || {
                runtime.block_on(work(inbox, answers));
                // What only reads is left behind: a dead network mount may hang for ever.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            under_way: Arc::default(),
            thread: Some(thread),
        })
    }

    /// Hands over a job. Where the worker has too many already it is not taken, and the error is its answer.
    pub fn send(&self, job: Job) -> Result<(), Box<Done>> {
        let refused = |job: &Job| Box::new(job.refused(TOO_MUCH));
        let Some(jobs) = &self.jobs else {
            return Err(refused(&job));
        };
        if self.under_way.fetch_add(1, Ordering::Relaxed) >= MOST_JOBS {
            self.under_way.fetch_sub(1, Ordering::Relaxed);
            return Err(refused(&job));
        }
        jobs.try_send(job).map_err(|error| {
            self.under_way.fetch_sub(1, Ordering::Relaxed);
            refused(&error.into_inner())
        })
    }

    /// The next result, if there is one. Never waits.
    pub fn next(&self) -> Option<Done> {
        self.done.try_recv().ok().map(|answer| self.taken(answer))
    }

    /// Waits for the next result: for tests and for programs without a window.
    pub fn wait(&self, at_most: Duration) -> Option<Done> {
        self.done
            .recv_timeout(at_most)
            .ok()
            .map(|answer| self.taken(answer))
    }

    fn taken(&self, answer: Answer) -> Done {
        match answer {
            Answer::Final(done) => {
                self.under_way.fetch_sub(1, Ordering::Relaxed);
                done
            }
            Answer::Progress(done) => done,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // An error means that it panicked, which its own message told.
            let _ = thread.join();
        }
    }
}

async fn work(mut inbox: mpsc::Receiver<Job>, answers: Answers) {
    let (writing, mut to_write) = mpsc::channel::<Job>(MOST_JOBS);
    let writer = tokio::spawn({
        let answers = answers.clone();
        async move {
            while let Some(job) = to_write.recv().await {
                answers.clone().of(job).await;
            }
        }
    });
    while let Some(job) = inbox.recv().await {
        if job.writes() {
            // No more are under way than it holds.
            let _ = writing.send(job).await;
        } else {
            tokio::spawn(answers.clone().of(job));
        }
    }
    drop(writing);
    // Past this time the disk does not answer, and nobody can be told.
    let _ = tokio::time::timeout(WAITS_FOR_WRITING, writer).await;
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
