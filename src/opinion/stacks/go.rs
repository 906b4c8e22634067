//! Go's crypto/tls, compiled by the toolchain that is here. The first time it compiles its library too; what it compiled is kept in
//! the user's cache folder.

use super::Asked;
use super::driven::{self, Driven};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::given::{CannotBeAsked, Given, Start};

pub(super) const ASKED: Asked = Asked {
    server: |given| with_cache(DRIVEN.server(given), given),
    client: |given, port| with_cache(DRIVEN.client(given, port), given),
    chain_tool: |given| with_cache(DRIVEN.chain_tool(given), given),
    words: driven::telling,
    accepts: driven::accepts,
    compares_names_in_files: true,
    takes_time: true,
    deadline: Duration::from_secs(90),
};

const DRIVEN: Driven = Driven {
    file: "peer.go",
    text: include_str!("../../../assets/opinions/peer.go"),
    before: &["run"],
    takes_time: true,
    takes_lists: false,
    name: "Go",
};

/// No module, no network, no other toolchain than the one that was found.
pub(super) fn environment(workspace: &Path) -> Vec<(&'static str, OsString)> {
    let cache = directories::ProjectDirs::from("", "", "mtlscope")
        .map_or_else(|| workspace.to_owned(), |dirs| dirs.cache_dir().to_owned())
        .join("go-build");
    vec![
        ("GO111MODULE", "off".into()),
        ("GOFLAGS", "".into()),
        ("GOPROXY", "off".into()),
        ("GOTOOLCHAIN", "local".into()),
        ("GOENV", "off".into()),
        ("GOPATH", workspace.join("go").into()),
        ("GOCACHE", cache.into()),
    ]
}

fn with_cache(start: Result<Start, CannotBeAsked>, given: &Given<'_>) -> Result<Start, CannotBeAsked> {
    start.map(|mut start| {
        start.task.environment = environment(given.directory);
        start
    })
}
