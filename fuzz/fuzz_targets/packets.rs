//! A packet capture: its blocks, its packets, its connections, and each of them decoded.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mtlscope::cancel::Cancel;
use mtlscope::capture::KeyLog;
use mtlscope::source::packets::PacketIndex;
use mtlscope::survey::Survey;

// Packets are read where they lie in a file, so there has to be one.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fuzz_target!(|data: &[u8]| {
    let path = FOLDER.path().join("packets.pcap");
    std::fs::write(&path, data).expect("a file");
    let cancel = Cancel::default();
    let Ok(index) = PacketIndex::open(&path, &cancel, &mut |_| {}) else {
        return;
    };
    let survey = Survey::of(index, KeyLog::default(), &cancel, &|_, _| {}).expect("the file is still there");
    for row in &survey.rows {
        let capture = survey.capture(row).expect("the file is still there");
        shared::decode_and_check(&capture);
    }
});
