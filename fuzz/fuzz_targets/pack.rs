//! A pack of lessons: a zip, or the text of one lesson. What opens is seeded, and what was seeded opens again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::lesson::{Lesson, Pack};

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = if bytes.starts_with(b"PK") {
        folder.path().join("pack.zip")
    } else {
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Ok(lesson) = Lesson::parse("fuzz.md", text)
        {
            // Its seed chooses a fault that there is.
            assert!(lesson.faults().any(|fault| std::ptr::eq(fault, lesson.fault())));
        }
        folder.path().join("lesson.md")
    };
    std::fs::write(&path, bytes).expect("a file");
    let opened = if path.extension().is_some_and(|extension| extension == "zip") {
        Pack::open(&path)
    } else {
        Pack::open(folder.path())
    };
    // A pack that is refused says why in one line.
    let Ok(pack) = opened.inspect_err(|error| assert_eq!(error.to_string().lines().count(), 1)) else {
        return;
    };
    for problem in &pack.problems {
        assert_eq!(problem.to_string().lines().count(), 1, "{problem}");
    }
    let again = tempfile::tempdir().expect("a folder");
    for (file, text) in pack.seeded(7) {
        let path = again.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    if !pack.lessons.is_empty() {
        let again = Pack::open(again.path()).expect("what was seeded opens");
        assert_eq!(again.lessons.len(), pack.lessons.len());
    }
});
