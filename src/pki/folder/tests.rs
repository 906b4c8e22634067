//! A folder's bounds from both sides, its order, and what links lead to.

use super::*;

const NOTHING: &str = "nothing of ours\n";

fn write(path: &Path, text: &str) {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).expect("a folder");
    }
    std::fs::write(path, text).expect("written");
}

fn read(path: &Path) -> Folder {
    read_folder(path, &Passphrases::default()).expect("it reads")
}

fn names(folder: &Folder, under: &Path) -> Vec<String> {
    let short = |path: &Path| path.strip_prefix(under).unwrap_or(path).display().to_string();
    folder.recognised.iter().map(|(path, _)| short(path)).collect()
}

fn certificate() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers/orders.pem");
    std::fs::read_to_string(path).expect("a fixture")
}

/// By name, the files of a folder before the folders in it; each file once, however many links lead to it.
#[test]
fn files_stand_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    for name in ["b/x.pem", "c.pem", "a.pem", "b/a/y.pem", "a/z.pem"] {
        write(&folder.join(name), &certificate());
    }
    write(&folder.join("README"), NOTHING);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("a.pem"), folder.join("z-link.pem")).expect("a link");
        std::os::unix::fs::symlink(folder, folder.join("round")).expect("a link");
    }
    let found = read(folder);
    assert_eq!(
        names(&found, folder),
        ["a.pem", "c.pem", "a/z.pem", "b/x.pem", "b/a/y.pem"]
    );
    let files: Vec<String> = found
        .bundle
        .certificates
        .iter()
        .filter_map(|one| one.file.clone())
        .collect();
    let wanted: Vec<String> = names(&found, folder)
        .iter()
        .map(|name| folder.join(name).display().to_string())
        .collect();
    assert_eq!(files, wanted);
    assert!(
        found
            .recognised
            .iter()
            .all(|(_, words)| words == "PEM text: 1 certificate"),
        "{:?}",
        found.recognised
    );
    let leftovers: Vec<&str> = found.leftovers.iter().map(|error| error.place.as_str()).collect();
    assert_eq!(leftovers, [folder.join("README").display().to_string()]);
    assert_eq!((found.closed.len(), found.stopped_by), (0, None));
}

#[test]
fn what_is_closed_is_no_leftover() {
    let folder = tempfile::tempdir().expect("a folder");
    let containers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers");
    for name in ["orders.p12", "pbes2.key", "orders.pem"] {
        std::fs::copy(containers.join(name), folder.path().join(name)).expect("a copy");
    }
    let found = read(folder.path());
    let closed: Vec<String> = found
        .closed
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    let wanted = ["orders.p12", "pbes2.key"].map(|name| folder.path().join(name).display().to_string());
    assert_eq!(closed, wanted);
    assert_eq!((found.leftovers.len(), found.bundle.certificates.len()), (0, 1));
    let none = read_folder(&folder.path().join("none"), &Passphrases::default()).expect_err("there is none");
    assert_eq!(none.place, folder.path().join("none").display().to_string());
}

/// Eight levels below the folder are looked into; the ninth is not, and that is said. A level that is empty is one too.
#[test]
fn so_many_levels_are_looked_into() {
    for (levels, is_read) in [(1, true), (DEEPEST, true), (DEEPEST + 1, false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = (0..levels).fold(folder.path().to_owned(), |path, level| {
            path.join(level.to_string())
        });
        write(&deep.join("a.pem"), &certificate());
        let found = read(folder.path());
        assert_eq!(found.bundle.certificates.len(), usize::from(is_read), "{levels}");
        let words = (!is_read).then(|| "folders below the 8th level are not looked into".to_owned());
        assert_eq!(found.stopped_by, words, "{levels}");
    }
}

#[test]
fn so_many_files_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..MOST_FILES {
        write(&folder.path().join(format!("{number:04}")), "x");
    }
    let found = read(folder.path());
    assert_eq!((found.leftovers.len(), found.stopped_by), (MOST_FILES, None));
    write(&folder.path().join("9999.pem"), &certificate());
    let found = read(folder.path());
    assert_eq!(
        (found.leftovers.len(), found.bundle.certificates.len()),
        (MOST_FILES, 0)
    );
    assert_eq!(
        found.stopped_by.as_deref(),
        Some("only the first 4096 files were read")
    );
}

/// So many bytes may be gone over by the last file that is begun.
#[test]
fn so_many_bytes_are_read() {
    let mut reading = Reading {
        passphrases: &Passphrases::default(),
        folder: Folder::default(),
        seen: HashSet::new(),
        files: MOST_FILES - 1,
        bytes: MOST_BYTES,
    };
    assert!(reading.may_go_on());
    reading.bytes += 1;
    assert!(!reading.may_go_on());
    assert_eq!(
        reading.folder.stopped_by.as_deref(),
        Some("only the first 134 MB were read")
    );
}
