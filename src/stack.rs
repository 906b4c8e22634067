//! The TLS stacks that mtlscope knows by heart: the one list of them.
//!
//! What the real programs said (rosetta), which of them send a certificate (withhold), whose log lines are understood
//! (explain), which of them the tests drive and `.ci/run` installs: each is about these, under these names.

/// A TLS stack, or a program that brings one along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs, reason = "the stacks by name")]
pub enum Stack {
    OpenSsl,
    GnuTls,
    Curl,
    Go,
    Java,
    Node,
    Python,
    Nginx,
    Envoy,
    Rustls,
}

impl Stack {
    /// Every one, in the order in which they are told.
    pub const ALL: [Self; 10] = [
        Self::OpenSsl,
        Self::GnuTls,
        Self::Curl,
        Self::Go,
        Self::Java,
        Self::Node,
        Self::Python,
        Self::Nginx,
        Self::Envoy,
        Self::Rustls,
    ];

    /// As its makers write it, on the screen and in the data files.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL",
            Self::GnuTls => "GnuTLS",
            Self::Curl => "curl",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::Node => "Node.js",
            Self::Python => "Python",
            Self::Nginx => "nginx",
            Self::Envoy => "Envoy",
            Self::Rustls => "rustls",
        }
    }

    /// The Debian package that holds the program; `None` where there is none.
    pub fn package(self) -> Option<&'static str> {
        match self {
            Self::OpenSsl => Some("openssl"),
            Self::GnuTls => Some("gnutls-bin"),
            Self::Curl => Some("curl"),
            Self::Go => Some("golang-go"),
            Self::Java => Some("default-jdk-headless"),
            Self::Node => Some("nodejs"),
            Self::Python => Some("python3"),
            Self::Nginx => Some("nginx-light"),
            Self::Envoy | Self::Rustls => None,
        }
    }

    /// The programs by which it is asked, the first for its version; none for what is built in.
    pub fn programs(self) -> &'static [&'static str] {
        match self {
            Self::OpenSsl => &["openssl"],
            Self::GnuTls => &["gnutls-cli", "gnutls-serv", "certtool"],
            Self::Curl => &["curl"],
            Self::Go => &["go"],
            Self::Java => &["java"],
            Self::Node => &["node"],
            Self::Python => &["python3"],
            Self::Nginx => &["nginx"],
            Self::Envoy => &["envoy"],
            Self::Rustls => &[],
        }
    }

    /// Its name as one word of a command line: `openssl`, `node`.
    pub fn word(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::GnuTls => "gnutls",
            Self::Curl => "curl",
            Self::Go => "go",
            Self::Java => "java",
            Self::Node => "node",
            Self::Python => "python",
            Self::Nginx => "nginx",
            Self::Envoy => "envoy",
            Self::Rustls => "rustls",
        }
    }

    /// The stack of that word, or of its name as its makers write it; case does not count.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|stack| stack.word().eq_ignore_ascii_case(word) || stack.name().eq_ignore_ascii_case(word))
    }

    /// Whether it only ever calls, and serves nobody.
    pub fn is_only_client(self) -> bool {
        self == Self::Curl
    }

    /// All of them in a sentence: `OpenSSL, GnuTLS, … or rustls`.
    pub fn any_of_all() -> String {
        let [first @ .., last] = Self::ALL.map(Self::name);
        format!("{} or {last}", first.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Stack;

    #[test]
    fn every_name_stands_in_the_sentence() {
        for stack in Stack::ALL {
            assert!(Stack::any_of_all().contains(stack.name()));
        }
        assert!(Stack::any_of_all().ends_with("Envoy or rustls"));
    }
}
