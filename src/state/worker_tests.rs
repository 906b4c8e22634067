//! The worker answers each job once, refuses what is beyond its bound, and finishes what writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded, unbounded};

use super::{Answer, Answers, MOST_JOBS, Tools, Worker};
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::clock::Clock;
use crate::pki::LoadedCertificate;
use crate::scenario;
use crate::setup::{Fault, FaultTarget};
use crate::source::lab::{LabError, run_blocking};
use crate::state::tools::analyse;
use crate::state::{
    Done, FileDone, FileJob, Job, LabDone, LabJob, RunError, SavingJob, Settings, SettingsJob, Setup,
    SetupSlot, Slot, Source, Words,
};

/// A worker, and a channel that holds a message for each wake.
fn worker() -> (Worker, Receiver<()>) {
    let (bell, wakes) = unbounded();
    let wake = Box::new(move || {
        let _ = bell.send(());
    });
    let worker = Worker::start(wake, None, Clock::default()).expect("a thread");
    (worker, wakes)
}

fn wait(worker: &Worker) -> Done {
    worker.wait(Duration::from_mins(1)).expect("an answer")
}

fn built_in() -> Box<Setup> {
    let scenario = scenario::find(scenario::BUILT_IN).expect("it is there");
    let lab = scenario.setup(Clock::default().unix_s()).expect("it mints");
    Box::new(Setup::from_lab(lab))
}

fn run(setup: Box<Setup>, cancel: &Cancel) -> Job {
    Job::Lab(LabJob::Run {
        ticket: 1,
        setup,
        cancel: cancel.clone(),
    })
}

fn list(directory: &str) -> Job {
    Job::File(FileJob::ListDirectory(directory.into()))
}

#[test]
fn every_answer_wakes_once() {
    let (worker, wakes) = worker();
    assert!(worker.send(list("/")).is_ok());
    assert!(matches!(
        wait(&worker),
        Done::File(FileDone::Listed { entries: Ok(_), .. })
    ));
    assert!(worker.send(run(built_in(), &Cancel::default())).is_ok());
    assert!(matches!(
        wait(&worker),
        Done::Lab(LabDone::Ran {
            ticket: 1,
            result: Ok(_)
        })
    ));
    // The wake follows its answer at once, but from another thread; once the thread has ended there is no other.
    drop(worker);
    assert_eq!(wakes.try_iter().count(), 2);
}

#[test]
fn a_stalled_run_is_cancelled_and_holds_nothing_up() {
    let (worker, _wakes) = worker();
    let mut setup = built_in();
    setup.timeout_ms = 60_000;
    setup.fault = Some(Fault::Stall(FaultTarget {
        from: Side::Server,
        record: 0,
    }));
    let cancel = Cancel::default();
    assert!(worker.send(run(setup, &cancel)).is_ok());
    assert!(worker.send(list("/")).is_ok());
    assert!(matches!(wait(&worker), Done::File(FileDone::Listed { .. })));
    cancel.cancel();
    assert!(matches!(
        wait(&worker),
        Done::Lab(LabDone::Ran {
            result: Err(RunError::Lab(LabError::Cancelled)),
            ..
        })
    ));
}

#[test]
fn what_is_beyond_the_bound_is_refused_and_answered() {
    let (worker, _wakes) = worker();
    for _ in 0..MOST_JOBS {
        assert!(worker.send(list("/")).is_ok());
    }
    let refused = worker.send(list("/")).expect_err("one more than the bound");
    assert!(
        matches!(*refused, Done::File(FileDone::Listed { entries: Err(ref words), .. }) if words.contains("Too much"))
    );
    // Each answer makes room for one more.
    wait(&worker);
    assert!(worker.send(list("/")).is_ok());
    assert!(worker.send(list("/")).is_err());
    for _ in 0..MOST_JOBS {
        wait(&worker);
    }
    assert!(worker.next().is_none());
}

#[test]
fn a_panic_is_answered_with_a_sentence() {
    let (outbox, done) = bounded(4);
    let wakes = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&wakes);
    let answers = Answers {
        done: outbox,
        wake: Arc::new(Box::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        })),
        tools: Tools {
            clock: Clock::default(),
            settings: None,
            progress: Arc::new(|_| {}),
        },
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let tools = answers.tools.clone();
    let work = async move { tools.off_thread(|| panic!("a thumb in the gears")).await };
    let on_failure = Box::new(|sentence| Done::Told(Some(sentence)));
    runtime.block_on(answers.of_work(work, on_failure));
    let Ok(Answer::Final(Done::Told(Some(sentence)))) = done.try_recv() else {
        panic!("no answer");
    };
    assert!(sentence.contains("a thumb in the gears"), "{sentence}");
    assert!(done.try_recv().is_err(), "one answer");
    assert_eq!(wakes.load(Ordering::SeqCst), 1);
}

#[test]
fn every_job_has_an_answer_for_its_failure() {
    let analysis = Arc::new(analyse(Arc::new(
        run_blocking(&built_in().to_lab(), &Cancel::default()).expect("it runs"),
    )));
    let save = Job::Saving(SavingJob {
        path: "a.ron".into(),
        words: Words::default(),
        leaves_secrets_out: false,
        analysis,
    });
    assert!(save.writes() && Job::Settings(SettingsJob(Settings::default())).writes());
    assert!(!list("/").writes());
    let answered = format!("{:?}", run(built_in(), &Cancel::default()).refused("because"));
    assert!(
        answered.contains("Ran") && answered.contains("because"),
        "{answered}"
    );
}

#[test]
fn what_writes_keeps_its_order_and_is_finished_before_the_end() {
    let directory = tempfile::tempdir().expect("a directory");
    let settings = directory.path().join("settings.ron");
    let session = directory.path().join("session.ron");
    let worker = Worker::start(Box::new(|| {}), Some(settings.clone()), Clock::default()).expect("a thread");
    let capture = run_blocking(&built_in().to_lab(), &Cancel::default()).expect("it runs");
    let analysis = Arc::new(analyse(Arc::new(capture)));
    for number in 1..=20 {
        let job = Job::Settings(SettingsJob(Settings {
            zoom_steps: number,
            ..Settings::default()
        }));
        assert!(worker.send(job).is_ok());
    }
    let job = Job::Saving(SavingJob {
        path: session.clone(),
        words: Words {
            title: "kept".to_owned(),
            notes: String::new(),
            ..Words::default()
        },
        leaves_secrets_out: false,
        analysis,
    });
    assert!(worker.send(job).is_ok());
    drop(worker);
    assert_eq!(Settings::read(&settings).0.zoom_steps, 20);
    assert_eq!(crate::session::load(&session).expect("it is whole").title, "kept");
}

#[test]
fn every_file_of_a_slot_is_read_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut setup = built_in();
    let root = setup.sides.server.trust.certificates[0].clone();
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
    let (worker, _wakes) = worker();
    assert!(worker.send(run(setup.clone(), &Cancel::default())).is_ok());
    let Done::Lab(LabDone::Ran { result: Ok(ran), .. }) = wait(&worker) else {
        panic!("it runs");
    };
    assert_eq!(ran.read_again[0].2.certificates.len(), 2);
    std::fs::remove_file(directory.path().join("b.der")).expect("removed");
    assert!(worker.send(run(setup, &Cancel::default())).is_ok());
    let Done::Lab(LabDone::Ran {
        result: Err(RunError::Files(refused)),
        ..
    }) = wait(&worker)
    else {
        panic!("one file is gone");
    };
    let sentence = &refused[0].sentence;
    assert!(sentence.contains("b.der"), "{sentence}");
}
