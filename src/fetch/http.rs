//! One plain HTTP request, within bounds.

use std::io::Read;

use ureq::config::Config;
use ureq::{Agent, Body, Error as HttpError};
use url::{Host, Url};

use super::{FetchError, Limits, wire};
use crate::net::{Limit, NetError, Reach, private_name, private_range, resolve};
use crate::pki::shell_quote;

/// An address may lead to another one so often.
const MOST_REDIRECTS: u32 = 3;
/// A cancel is heeded after each part of this size.
const PART_BYTES: usize = 64 * 1024;
/// The lowest port without a service of its own. Below it only HTTP's is asked: nobody is made to speak to a mail server.
const FIRST_FREE_PORT: u16 = 1024;

/// The body of the answer to one GET, wherever that leads.
pub(super) fn get(url: &str, limits: &Limits, limit: &Limit) -> Result<Vec<u8>, FetchError> {
    let explain = |error: &HttpError| explain(url, error, limits);
    let mut at = readable(url, url, limits.reach)?;
    for _ in 0..=MOST_REDIRECTS {
        let answer = agent(&at, url, limits, limit)?
            .get(at.as_str())
            .call()
            .map_err(|error| explain(&error))?;
        if !answer.status().is_redirection() {
            return body(url, answer.into_body(), limits, limit);
        }
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
        let to = to
            .and_then(|to| at.join(to).ok())
            .ok_or_else(|| FetchError::Status {
                url: url.to_owned(),
                status: answer.status().as_u16(),
            })?;
        // By hand, so that nobody is led on to an address that would not have been asked.
        at = readable(to.as_str(), url, limits.reach)?;
    }
    Err(FetchError::Address {
        url: url.to_owned(),
        words: format!("it leads to another address more than {MOST_REDIRECTS} times"),
    })
}

fn agent(at: &Url, named: &str, limits: &Limits, whole: &Limit) -> Result<Agent, FetchError> {
    let connect = whole.at_most(limits.connect);
    let mut config: Config = Agent::config_builder()
        .max_redirects(0)
        .user_agent(concat!("mtlscope/", env!("CARGO_PKG_VERSION")))
        .build();
    let is_usable = config.proxy().is_some_and(|proxy| {
        // A proxy's idea of this machine is another one.
        !is_this_machine(at) && matches!(proxy.protocol(), ureq::ProxyProtocol::Http)
    });
    if is_usable {
        through_proxy(at, named, limits.reach, &connect)?;
    } else {
        config = Agent::config_builder()
            .max_redirects(0)
            .user_agent(concat!("mtlscope/", env!("CARGO_PKG_VERSION")))
            .proxy(None)
            .build();
    }
    Ok(wire::agent(config, limits.reach, &connect, whole))
}

fn is_this_machine(at: &Url) -> bool {
    match at.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A proxy connects, and to an address that nobody here sees. What can be known before is held against the guard: the
/// name itself, and where it leads from here, if that can be found out.
fn through_proxy(at: &Url, named: &str, reach: Reach, limit: &Limit) -> Result<(), FetchError> {
    let Some(Host::Domain(name)) = at.host() else {
        // A literal address was looked at already.
        return Ok(());
    };
    if reach == Reach::Any {
        return Ok(());
    }
    let private = |what: String| FetchError::Private {
        url: named.to_owned(),
        what,
    };
    if private_name(name) {
        return Err(private(format!("{name}, a name of a private network")));
    }
    match resolve(name, at.port_or_known_default().unwrap_or(80), limit) {
        Ok(addresses) => addresses
            .into_iter()
            .find_map(|one| Some((one.ip(), private_range(one.ip())?)))
            .map_or(Ok(()), |(address, range)| {
                Err(private(format!("{address}, {range}")))
            }),
        Err(NetError::Cancelled) => Err(FetchError::Cancelled {
            url: named.to_owned(),
        }),
        // Behind a proxy names are often unknown.
        Err(_) => Ok(()),
    }
}

fn body(url: &str, body: Body, limits: &Limits, limit: &Limit) -> Result<Vec<u8>, FetchError> {
    let most = limits.most_bytes;
    let mut body = body.into_with_config().limit(u64::MAX).reader();
    let mut bytes = Vec::new();
    let mut part = vec![0; PART_BYTES];
    loop {
        limit
            .left()
            .map_err(|error| FetchError::of_net(url, &error, limits.seconds()))?;
        let count = body
            .read(&mut part)
            .map_err(|error| explain(url, &HttpError::from(error), limits))?;
        bytes.extend_from_slice(part.get(..count).unwrap_or_default());
        if bytes.len() as u64 > most {
            return Err(FetchError::TooLong {
                url: url.to_owned(),
                megabytes: most.div_ceil(1_048_576),
            });
        }
        if count == 0 {
            return Ok(bytes);
        }
    }
}

/// An address that can be asked; `named` is the one in the certificate, for the sentence. A host written as a number
/// (`http://2130706433/`, `http://0x7f.1/`) is read as the address that it means, and then held against the guard.
fn readable(url: &str, named: &str, reach: Reach) -> Result<Url, FetchError> {
    let wrong = |words: String| FetchError::Address {
        url: named.to_owned(),
        words,
    };
    let parsed = Url::parse(url).map_err(|error| wrong(error.to_string()))?;
    let scheme = parsed.scheme();
    if scheme != "http" {
        return Err(other_scheme(scheme, url != named, named));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(wrong("it carries a user's name or password".to_owned()));
    }
    let port = parsed.port_or_known_default().unwrap_or(80);
    if port != 80 && port < FIRST_FREE_PORT {
        return Err(wrong(format!("port {port} belongs to another service than HTTP")));
    }
    let literal = match parsed.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    if let Some((address, range)) = literal.and_then(|address| Some((address, reach.refuses(address)?))) {
        return Err(FetchError::Private {
            url: named.to_owned(),
            what: format!("{address}, {range}"),
        });
    }
    Ok(parsed)
}

fn other_scheme(scheme: &str, was_led: bool, named: &str) -> FetchError {
    FetchError::Scheme {
        scheme: scheme.to_owned(),
        why: match scheme {
            "https" if was_led => {
                "the server sends whoever asks on to one, and its certificate would have to be trusted first: RFC 5280 §8"
            }
            "https" => "the server's certificate would have to be trusted first: RFC 5280 §8",
            _ => "RFC 5280 §4.2.1.13 lets a CA name others, and few peers follow them",
        },
        command: format!("curl -LO {}", shell_quote(named)),
        url: named.to_owned(),
    }
}

fn explain(url: &str, error: &HttpError, limits: &Limits) -> FetchError {
    if let Some(error) = wire::carried(error) {
        return FetchError::of_net(url, &error, limits.seconds());
    }
    let url = url.to_owned();
    match error {
        HttpError::StatusCode(status) => FetchError::Status { url, status: *status },
        other => FetchError::Unreachable {
            url,
            words: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (url, wanted) in [
            ("http://localhost:8080/", true),
            ("http://127.0.0.1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]/", true),
            ("http://localhost.example/", false),
            ("http://10.0.0.1/", false),
            ("http://[::2]/", false),
            ("mailto:localhost", false),
        ] {
            assert_eq!(is_this_machine(&Url::parse(url).expect(url)), wanted, "{url}");
        }
    }

    #[test]
    fn which_addresses_are_asked_and_which_are_not() {
        let asked = |url: &str| readable(url, url, Reach::Public).map(drop);
        for good in [
            "http://ca.example/a.crl",
            "http://ca.example:80/",
            "http://ca.example:1024/",
            "http://ca.example:65535/",
            "http://8.8.8.8/",
        ] {
            assert!(asked(good).is_ok(), "{good}: {:?}", asked(good));
        }
        for port in [0, 1, 25, 79, 81, 443, 1023] {
            let url = format!("http://ca.example:{port}/");
            let words = asked(&url).expect_err(&url).to_string();
            assert!(words.contains("belongs to another service"), "{words}");
        }
        for named in [
            "http://u@ca.example/",
            "http://:p@ca.example/",
            "http://u:p@ca.example/",
        ] {
            let words = asked(named).expect_err(named).to_string();
            assert!(words.contains("a user's name or password"), "{words}");
        }
        for scheme in ["https", "ldap", "ftp", "file"] {
            let url = format!("{scheme}://ca.example/a.crl");
            assert!(matches!(asked(&url), Err(FetchError::Scheme { .. })), "{url}");
        }
    }

    /// However the address is written, and wherever it was named: in the certificate or by a redirect.
    #[test]
    fn a_private_address_is_refused_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
        ] {
            for named in [url, "http://ca.example/"] {
                let refused = readable(url, named, Reach::Public);
                assert!(
                    matches!(refused, Err(FetchError::Private { .. })),
                    "{url}: {refused:?}"
                );
                assert!(readable(url, named, Reach::Any).is_ok(), "{url}");
            }
        }
    }

    /// A proxy would call a name that only this network knows, so such a name is not given to one.
    #[test]
    fn a_proxy_is_told_no_private_name() {
        let limit = Limit::for_the_next(
            std::time::Duration::from_mins(1),
            &crate::cancel::Cancel::default(),
        );
        let through = |text: &str, reach| {
            let url = Url::parse(text).expect(text);
            through_proxy(&url, text, reach, &limit)
        };
        for private in ["http://vault/a", "http://db.internal/", "http://printer.local/"] {
            assert!(
                matches!(through(private, Reach::Public), Err(FetchError::Private { .. })),
                "{private}"
            );
            assert!(through(private, Reach::Any).is_ok(), "{private}");
        }
    }
}
