//! A session's text; one that opens is decoded, judged, told, and written again.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use mtlscope::analysis::Analysis;
use mtlscope::session;

fuzz_target!(|text: &str| {
    let Ok(opened) = session::parse(text, "fuzz.ron") else {
        return;
    };
    let written = session::to_text(&opened).expect("what was opened can be written");
    let again = session::parse(&written, "fuzz.ron").expect("what was written opens");
    assert_eq!(again, opened);
    let analysis = Analysis::of(Arc::clone(&opened.capture));
    shared::check(&analysis.transcript);
});
