//! A folder, read whole and sorted; and the corpora's containers and documents, counted.

use mtlscope::pki::{Passphrases, read_folder, sorted};

use crate::load_containers::{passphrase, path};

#[test]
fn a_folder_is_read_whole_and_sorted() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    std::fs::create_dir_all(at("a/b")).expect("folders");
    for (name, to) in [
        ("orders-chain.pem", "a/orders.crt"),
        ("pbes2.key", "a/orders.key"),
        ("billing.pem", "billing.pem"),
        ("orders.p12", "a/b/orders.p12"),
        ("ca.pem", "ca.pem"),
        ("ca.crl", "ca.crl"),
        ("make.sh", "notes.txt"),
        ("dek-des.key", "closed.key"),
    ] {
        std::fs::copy(path(name), at(to)).expect("a copy");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(directory.path(), at("a/b/round")).expect("a link in a circle");
        std::os::unix::fs::symlink(at("ca.pem"), at("again.pem")).expect("a link");
        std::os::unix::fs::symlink("/dev/zero", at("endless")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.is_ok_and(|status| status.success()), "a named pipe");
    }
    let folder = read_folder(directory.path(), &Passphrases::NONE).expect("it reads");
    assert_eq!(folder.closed.len(), 3, "{:?}", folder.closed);
    assert_eq!(folder.bundle.certificates.len(), 4);
    assert_eq!(folder.bundle.revocation_lists.len(), 1);
    assert!(folder.stopped_by.is_none());

    let folder = read_folder(directory.path(), &passphrase("changeit")).expect("it reads");
    assert!(folder.closed.is_empty(), "{:?}", folder.closed);
    let sorted = sorted(&folder.bundle);
    let lengths: Vec<(usize, bool)> = sorted
        .presented
        .iter()
        .map(|one| (one.chain.len(), one.key.is_some()))
        .collect();
    assert_eq!(lengths, [(2, true), (2, true), (1, false)]);
    assert_eq!(sorted.authorities.len(), 1, "a file is read once");
    assert_eq!(sorted.keys.len(), 1, "the same key a third time");
    let left: Vec<&str> = folder.leftovers.iter().map(|error| error.what.as_str()).collect();
    assert_eq!(left.len(), if cfg!(unix) { 3 } else { 1 }, "{left:?}");
}

#[test]
fn the_depth_of_a_folder_is_bounded() {
    let directory = tempfile::tempdir().expect("a directory");
    let deep = directory.path().join("a/".repeat(40));
    std::fs::create_dir_all(&deep).expect("folders");
    std::fs::copy(path("ca.pem"), deep.join("ca.pem")).expect("a copy");
    let folder = read_folder(directory.path(), &Passphrases::NONE).expect("it reads");
    assert!(folder.bundle.is_empty());
    assert!(folder.stopped_by.is_some());
    assert!(read_folder(&directory.path().join("missing"), &Passphrases::NONE).is_err());
}
