//! What a test needs of the machine that it runs on: programs, corpora, a clock. What is not there is said aloud, and fails
//! where everything must be there: in CI.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Longer than anything may take on a machine under load. Only a hang gets here.
pub const HANG: Duration = Duration::from_mins(2);

/// Whether `CI` is set: then nothing may be left out for want of a program or a file.
pub fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Whether the whole run sees another clock than the machine's, as the second run of `.ci/run` does (Debian's `faketime`).
pub fn is_clock_moved() -> bool {
    std::env::var_os("MTLSCOPE_MOVED_CLOCK").is_some()
}

/// Says that `what` is left out because `why`. In CI that is a failure.
pub fn skipped(what: &str, why: &str) {
    assert!(!is_ci(), "{what}: {why}, and this is CI");
    say_skipped(what, why);
}

/// To the real stderr: what the macros print, the test harness keeps to itself where a test passes.
fn say_skipped(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}

/// The folder of the corpora, which are not part of this repository: where `MTLSCOPE_CORPORA` points. `None`, said aloud, where
/// it is not set; in CI it must be.
pub fn corpora(what: &str) -> Option<PathBuf> {
    let set = std::env::var_os("MTLSCOPE_CORPORA").filter(|root| !root.is_empty());
    let Some(root) = set.map(PathBuf::from) else {
        skipped(what, "it needs the corpora, and MTLSCOPE_CORPORA is not set");
        return None;
    };
    assert!(
        root.is_dir(),
        "{what}: MTLSCOPE_CORPORA names no folder: {}",
        root.display()
    );
    Some(root)
}

/// The peers that do not see a moved clock, or break under one, with the reason: `faketime` works on what loads the C
/// library's clock at run time.
pub const BLIND_TO_A_MOVED_CLOCK: [(&str, &str); 4] = [
    (
        "Chromium",
        "its processes are sandboxed and started without the library that moves it",
    ),
    (
        "Go",
        "its programs are linked statically and ask the kernel for the time",
    ),
    (
        "Envoy",
        "under faketime it hangs, even when it is only asked for its version",
    ),
    ("Python", "under faketime its sockets' time-outs end in EINVAL"),
];

/// Whether this peer judges today's certificates by another day than the rest of this run.
pub fn is_blind(peer: &str) -> bool {
    is_clock_moved() && BLIND_TO_A_MOVED_CLOCK.iter().any(|(name, _)| *name == peer)
}

/// Whether this peer is left out of `test`, said aloud, because it does not see the moved clock. This is no failure in CI.
pub fn is_left_out(peer: &str, test: &str) -> bool {
    let blind = BLIND_TO_A_MOVED_CLOCK.iter().find(|(name, _)| *name == peer);
    if let Some((name, why)) = blind.filter(|_| is_clock_moved()) {
        say_skipped(
            &format!("{name} in {test}"),
            &format!("the clock is moved, and {why}"),
        );
    }
    is_blind(peer)
}

/// Waits until it is so, for what gives no event of its own: another process that begins to listen, or writes a file.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < HANG, "waited {HANG:?} for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
