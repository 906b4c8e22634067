//! The exit status for several at once: connections of a capture, and files that are named one after the other.

use crate::support::command::{mtlscope, status, stderr, stdout};
use crate::support::packets::{Ends, PacketFile};
use crate::support::traffic::{Traffic, handshake, key_log_of};

/// A capture of so many connections, the failing ones at these places, with a key log beside it.
fn capture(folder: &tempfile::TempDir, many: usize, failing: &[usize]) -> String {
    let handshakes = ["good-tls13", "client-wrong-ca"].map(|id| handshake(id).expect("it runs"));
    let mut file = PacketFile::new();
    for place in 0..many {
        let capture = &handshakes[usize::from(failing.contains(&place))];
        let ends = Ends {
            client: (1, 40_000 + place as u16),
            server: (2, 443),
            at_us: 1_800_000_000_000_000 + place as u64 * 1_000_000,
        };
        file.connection(capture, ends);
    }
    let path = folder.path().join(format!("{many}-{failing:?}.pcap"));
    std::fs::write(&path, file.bytes()).expect("written");
    Traffic::of_captures(handshakes.to_vec())
        .write_key_log(&key_log_of(&path))
        .expect("written");
    path.to_string_lossy().into_owned()
}

/// Whichever of the connections failed, the first, the last or one between: the status says so.
#[test]
fn one_failed_connection_of_many_is_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    for (many, failing) in [
        (1, vec![]),
        (1, vec![0]),
        (4, vec![]),
        (4, vec![0]),
        (4, vec![1]),
        (4, vec![2]),
        (4, vec![3]),
        (4, vec![1, 3]),
        (6, vec![]),
        (6, vec![4]),
        (6, vec![5]),
        (9, vec![8]),
    ] {
        let path = capture(&folder, many, &failing);
        for format in ["text", "json"] {
            let output = mtlscope(&["show", &path, "--format", format]);
            assert_eq!(
                status(&output),
                i32::from(!failing.is_empty()),
                "{failing:?} of {many} as {format}: {}{}",
                stdout(&output),
                stderr(&output)
            );
        }
    }
}

/// Of one connection that is asked for, its own end counts; and one that is not there is refused, with what there is.
#[test]
fn the_connection_that_is_asked_for_is_the_one_that_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = capture(&folder, 3, &[1]);
    for (wanted, code) in [("1", 0), ("2", 1), ("3", 0), ("0", 2), ("4", 2)] {
        for format in ["text", "json"] {
            let output = mtlscope(&["show", &path, "--connection", wanted, "--format", format]);
            assert_eq!(status(&output), code, "{wanted} as {format}: {}", stdout(&output));
            if code == 2 {
                let words = stderr(&output);
                let told = format!("there is no connection {wanted}; the file has 3 that speak TLS");
                assert!(words.contains(&told), "{words}");
                assert_eq!(stdout(&output), "");
            }
        }
    }
}

/// Without a display every file that is named is told, in its order, and one that failed is enough.
#[test]
fn one_failed_file_of_several_is_enough() {
    let session = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/sessions")
            .join(format!("{name}.ron"));
        path.to_string_lossy().into_owned()
    };
    let (good, bad, absent) = (session("good-tls13"), session("revoked"), session("absent"));
    for (files, code, verdicts) in [
        (&[&good][..], 0, &["ACCEPTED"][..]),
        (&[&bad], 1, &["REJECTED"]),
        (&[&good, &good], 0, &["ACCEPTED", "ACCEPTED"]),
        (&[&good, &bad], 1, &["ACCEPTED", "REJECTED"]),
        (&[&bad, &good], 1, &["REJECTED", "ACCEPTED"]),
        (&[&bad, &good, &good], 1, &["REJECTED", "ACCEPTED", "ACCEPTED"]),
        (&[&good, &bad, &good], 1, &["ACCEPTED", "REJECTED", "ACCEPTED"]),
        (&[&absent], 2, &[]),
        (&[&bad, &absent], 2, &["REJECTED"]),
    ] {
        let arguments: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        let output = mtlscope(&arguments);
        assert_eq!(status(&output), code, "{arguments:?}: {}", stderr(&output));
        let words = stdout(&output);
        let told: Vec<&str> = words
            .lines()
            .filter_map(|line| line.split_once(": ").map(|(first, _)| first))
            .filter(|first| ["ACCEPTED", "REJECTED", "UNFINISHED"].contains(first))
            .collect();
        assert_eq!(told, verdicts, "{arguments:?}");
    }
}
