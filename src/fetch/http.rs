//! One plain HTTP request, within bounds.

use std::io::Read;
use std::time::{Duration, Instant};

use ureq::{Agent, Body, Error as HttpError};
use url::{Host, Url};

use super::Limits;
use crate::cancel::Cancel;
use crate::pki::shell_quote;

/// An address may lead to another one so often.
const MOST_REDIRECTS: u32 = 3;
/// A cancel is heeded after each part of this size.
const PART_BYTES: usize = 64 * 1024;

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
        "{url}: no server could be reached ({words}); check the network and the proxy (http_proxy), or load the file"
    )]
    Unreachable { url: String, words: String },
    #[error(
        "{url}: no full answer came within {seconds} s; try again, or get it elsewhere and load the file"
    )]
    TimedOut { url: String, seconds: u64 },
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
    #[error("{url}: the asking was cancelled")]
    Cancelled { url: String },
}

/// The body of the answer to one GET, wherever that leads.
pub(super) fn get(url: &str, limits: &Limits, cancel: &Cancel) -> Result<Vec<u8>, FetchError> {
    let until = Instant::now() + limits.in_all;
    let mut at = readable(url, url)?;
    for _ in 0..=MOST_REDIRECTS {
        let left = until.saturating_duration_since(Instant::now());
        let answer = agent(&at, limits, left)
            .get(at.as_str())
            .call()
            .map_err(|error| explain(url, &error, limits))?;
        if !answer.status().is_redirection() {
            return body(url, answer.into_body(), limits, cancel);
        }
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
        let to = to
            .and_then(|to| at.join(to).ok())
            .ok_or_else(|| FetchError::Status {
                url: url.to_owned(),
                status: answer.status().as_u16(),
            })?;
        // By hand, so that nobody is led on to an address that would not have been asked.
        at = readable(to.as_str(), url)?;
    }
    Err(FetchError::Address {
        url: url.to_owned(),
        words: format!("it leads to another address more than {MOST_REDIRECTS} times"),
    })
}

fn agent(at: &Url, limits: &Limits, left: Duration) -> Agent {
    let mut settings = Agent::config_builder()
        .timeout_connect(Some(limits.connect))
        .timeout_global(Some(left))
        .max_redirects(0)
        .user_agent(concat!("mtlscope/", env!("CARGO_PKG_VERSION")));
    let is_this_machine = match at.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if is_this_machine {
        // A proxy's idea of this machine is another one.
        settings = settings.proxy(None);
    }
    settings.build().into()
}

fn body(url: &str, body: Body, limits: &Limits, cancel: &Cancel) -> Result<Vec<u8>, FetchError> {
    let mut body = body.into_reader();
    let mut bytes = Vec::new();
    let mut part = vec![0; PART_BYTES];
    loop {
        if cancel.is_cancelled() {
            return Err(FetchError::Cancelled { url: url.to_owned() });
        }
        let count = body
            .read(&mut part)
            .map_err(|error| explain(url, &HttpError::from(error), limits))?;
        bytes.extend_from_slice(part.get(..count).unwrap_or_default());
        if bytes.len() as u64 > limits.most_bytes {
            return Err(FetchError::TooLong {
                url: url.to_owned(),
                megabytes: limits.most_bytes.div_ceil(1_048_576),
            });
        }
        if count == 0 {
            return Ok(bytes);
        }
    }
}

/// An address that can be asked; `named` is the one in the certificate, for the sentence.
fn readable(url: &str, named: &str) -> Result<Url, FetchError> {
    let parsed = Url::parse(url).map_err(|error| FetchError::Address {
        url: named.to_owned(),
        words: error.to_string(),
    })?;
    let scheme = parsed.scheme();
    if scheme == "http" {
        return Ok(parsed);
    }
    Err(FetchError::Scheme {
        scheme: scheme.to_owned(),
        why: match scheme {
            "https" if url != named => {
                "the server sends whoever asks on to one, and its certificate would have to be trusted first: RFC 5280 §8"
            }
            "https" => "the server's certificate would have to be trusted first: RFC 5280 §8",
            _ => "RFC 5280 §4.2.1.13 lets a CA name others, and few peers follow them",
        },
        command: format!("curl -LO {}", shell_quote(named)),
        url: named.to_owned(),
    })
}

fn explain(url: &str, error: &HttpError, limits: &Limits) -> FetchError {
    let url = url.to_owned();
    match error {
        HttpError::StatusCode(status) => FetchError::Status { url, status: *status },
        HttpError::Timeout(which) => FetchError::TimedOut {
            url,
            seconds: whole_seconds(match which {
                ureq::Timeout::Connect => limits.connect,
                _ => limits.in_all,
            }),
        },
        other => FetchError::Unreachable {
            url,
            words: other.to_string(),
        },
    }
}

fn whole_seconds(span: Duration) -> u64 {
    span.as_millis().div_ceil(1000) as u64
}
