//! The JDK's JSSE. The program is a source file, which `java` compiles each time; a Java without its compiler says that it cannot.

use super::Asked;
use super::driven::{self, Driven};
use std::time::Duration;

pub(super) const ASKED: Asked = Asked {
    server: |given| DRIVEN.server(given),
    client: |given, port| DRIVEN.client(given, port),
    chain_tool: |given| DRIVEN.chain_tool(given),
    words: telling,
    accepts: driven::accepts,
    compares_names_in_files: false,
    takes_time: true,
    deadline: Duration::from_secs(20),
};

const DRIVEN: Driven = Driven {
    file: "Peer.java",
    text: include_str!("../../../assets/opinions/Peer.java"),
    before: &["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"],
    takes_time: true,
    takes_lists: true,
    name: "Java",
};

/// Of an exception and its causes the innermost: it says what is wrong, and the others that something is.
fn telling(text: &str) -> Option<String> {
    let all = driven::telling(text)?;
    all.rsplit(" · Caused by: ").next().map(str::to_owned)
}
