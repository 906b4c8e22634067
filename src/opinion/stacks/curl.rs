//! curl, which only calls.

use super::given::{
    Asked, CannotBeAsked, DEADLINE, Given, LISTS, OWN, OWN_KEY, Port, Start, TRUST, line,
    only_in_a_handshake, words,
};
use crate::opinion::run::Task;
use crate::setup::TlsVersion;

pub(super) const ASKED: Asked = Asked {
    server: |_| Err("curl only calls: it judges servers, not clients".to_owned()),
    client,
    chain_tool: |_| Err(only_in_a_handshake("curl")),
    words: |text| line(text, |line| line.starts_with("curl: (")),
    accepts: |_| None,
    compares_names_in_files: false,
    takes_time: false,
    deadline: DEADLINE,
};

fn client(given: &Given<'_>, port: u16) -> Result<Start, CannotBeAsked> {
    let name = given
        .some_name()
        .ok_or("curl always compares a name, and there is none")?;
    if !given.trusts_any() {
        return Err("curl cannot be told to trust nobody".to_owned());
    }
    // -q: not the user's own configuration.
    let mut all = words(&[
        "-q",
        "-sS",
        "--max-time",
        "8",
        "--noproxy",
        "*",
        "--cacert",
        TRUST,
        "--capath",
        ".",
    ]);
    all.extend(words(&["--cert", OWN, "--key", OWN_KEY]));
    if given.has_lists() {
        all.extend(words(&["--crlfile", LISTS]));
    }
    match given.only_version() {
        Some(TlsVersion::Tls12) => all.extend(words(&["--tlsv1.2", "--tls-max", "1.2"])),
        Some(TlsVersion::Tls13) => all.push("--tlsv1.3".to_owned()),
        None => {}
    }
    // Whatever the name leads to elsewhere, it is asked for here.
    let host = if name.contains(':') {
        format!("[{name}]")
    } else {
        name
    };
    all.extend(["--connect-to".to_owned(), format!("::127.0.0.1:{port}")]);
    all.push(format!("https://{host}:{port}/"));
    Ok(Start {
        task: Task {
            program: given.program.to_owned(),
            arguments: all,
            environment: Vec::new(),
            stdin: "",
        },
        files: Vec::new(),
        port: Port::None,
    })
}
