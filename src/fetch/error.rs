//! Why nothing came.

use crate::net::NetError;

/// Why nothing came. `Display` is one sentence: the address, what is wrong, the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum FetchError {
    #[error("{whose} names no address of a {what}; get the file from its CA")]
    NoAddress { whose: String, what: &'static str },
    #[error(
        "{url}: {scheme} addresses are not asked, only http ones ({why}); get it yourself and load the file: {command}"
    )]
    Scheme {
        url: String,
        scheme: String,
        why: &'static str,
        command: String,
    },
    #[error("{url}: this is no address that can be asked ({words}); get the file from the CA")]
    Address { url: String, words: String },
    #[error(
        "{url}: it leads to {what}, and no certificate may make this machine call its own network; if you know the place, \
         allow private addresses and ask again"
    )]
    Private { url: String, what: String },
    #[error(
        "{url}: no server could be reached ({words}); check the network and the proxy (http_proxy), or load the file"
    )]
    Unreachable { url: String, words: String },
    #[error(
        "{url}: no full answer came within {seconds} s; try again, or get it elsewhere and load the file"
    )]
    TimedOut { url: String, seconds: u64 },
    #[error(
        "{url}: it was not asked any more: {bound}, and no more is allowed at once; get it elsewhere and load the file"
    )]
    Spent { url: String, bound: String },
    #[error(
        "{url}: the server answered with the status {status}; get the file from the CA, whose certificate names a place where it is not"
    )]
    Status { url: String, status: u16 },
    #[error("{url}: the answer is longer than {megabytes} MB, which no list here may be; get it elsewhere")]
    TooLong { url: String, megabytes: u64 },
    #[error("{url}: what came is no {wanted} ({what}); look at it with: {command}")]
    SomethingElse {
        url: String,
        wanted: &'static str,
        what: String,
        command: String,
    },
    #[error("{url}: the request was cancelled")]
    Cancelled { url: String },
}

impl FetchError {
    /// What an error of the connection means for this address, whose time was so long.
    pub(super) fn of_net(url: &str, error: &NetError, seconds: u64) -> Self {
        let url = url.to_owned();
        match error {
            NetError::TimedOut => Self::TimedOut { url, seconds },
            NetError::Cancelled => Self::Cancelled { url },
            NetError::Private { address, range } => Self::Private {
                url,
                what: format!("{address}, {range}"),
            },
            NetError::NoAddress { words } | NetError::Refused { words } => Self::Unreachable {
                url,
                words: words.clone(),
            },
        }
    }
}
