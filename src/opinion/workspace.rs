//! The private folder of one question: what the program may read, and nothing else. It is removed whatever happens.

use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::pki::{LoadedKey, pem_text};

/// A folder that only its owner can read; removed when it is dropped.
#[derive(Debug)]
pub(super) struct Workspace(TempDir);

impl Workspace {
    pub fn new() -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("mtlscope-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        builder.tempdir().map(Self)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        std::fs::write(self.path().join(name), text)
    }

    /// PEM blocks of one kind, one after the other.
    pub fn write_pem<'a>(
        &self,
        name: &str,
        label: &str,
        ders: impl Iterator<Item = &'a [u8]>,
    ) -> io::Result<()> {
        let text: String = ders.map(|der| pem_text(label, der).to_string()).collect();
        self.write(name, &text)
    }

    /// More blocks at the end of such a file.
    pub fn append_pem<'a>(
        &self,
        name: &str,
        label: &str,
        ders: impl Iterator<Item = &'a [u8]>,
    ) -> io::Result<()> {
        let before = std::fs::read_to_string(self.path().join(name))?;
        let text: String = ders.map(|der| pem_text(label, der).to_string()).collect();
        self.write(name, &(before + &text))
    }

    /// A key that was minted for the program. The user's is never written: [`Question`](super::Question) says so.
    pub fn write_throw_away_key(&self, name: &str, key: &LoadedKey) -> io::Result<()> {
        self.write(name, &pem_text("PRIVATE KEY", key.key.der.secret_der()))
    }
}
