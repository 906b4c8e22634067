//! Python's ssl module.

use super::driven::{self, Driven};
use super::given::{Asked, DEADLINE, only_in_a_handshake};

pub(super) const ASKED: Asked = Asked {
    server: |given| DRIVEN.server(given),
    client: |given, port| DRIVEN.client(given, port),
    chain_tool: |_| Err(only_in_a_handshake("Python")),
    words: driven::telling,
    accepts: driven::accepts,
    compares_names_in_files: false,
    takes_time: false,
    deadline: DEADLINE,
};

const DRIVEN: Driven = Driven {
    file: "peer.py",
    text: include_str!("../../../assets/opinions/peer.py"),
    before: &["-u", "-B"],
    takes_time: false,
    takes_lists: true,
    name: "Python",
};
