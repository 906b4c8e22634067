//! Where a program lies.

use std::path::{Path, PathBuf};

/// Where servers lie that a user's own path may leave out.
#[cfg(unix)]
const ALSO: &[&str] = &["/usr/sbin", "/usr/local/sbin", "/sbin"];
#[cfg(not(unix))]
const ALSO: &[&str] = &[];

/// The file of that name on the path. Relative places on it are passed over: a program of the folder that mtlscope happens
/// to be started in is not what is installed.
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(ALSO.iter().map(PathBuf::from))
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(file_name(name)))
        .find(|file| is_program(file))
}

/// Another program of the same stack: beside the first, else on the path.
pub(super) fn beside(program: &Path, name: &str) -> Option<PathBuf> {
    program
        .parent()
        .map(|folder| folder.join(file_name(name)))
        .filter(|file| is_program(file))
        .or_else(|| on_path(name))
}

fn file_name(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}
