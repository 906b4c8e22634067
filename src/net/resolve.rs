//! The addresses of a name, in the order in which they are tried.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;

use super::limit::Limit;
use super::{NetError, limit};

/// So many addresses of one name are tried; nobody's has more that matter.
const MOST_ADDRESSES: usize = 16;

/// `HOST:PORT` apart, without the brackets of an IPv6 address; `None` where it is none.
pub fn host_and_port(text: &str) -> Option<(&str, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    (!host.is_empty()).then_some((host, port))
}

/// All addresses of a name, or the address that it is. The system is asked on a thread of its own, since nothing ends it:
/// once the limit is over, nobody waits for it any longer.
pub fn resolve(host: &str, port: u16, limit: &Limit) -> Result<Vec<SocketAddr>, NetError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (answer, answers) = mpsc::channel();
    let name = host.to_owned();
    let no_address = |words: String| NetError::NoAddress { words };
    std::thread::Builder::new()
        .name("resolve".to_owned())
        .spawn(move || {
            // Nobody may listen any more.
            let _ = answer.send((name.as_str(), port).to_socket_addrs().map(Vec::from_iter));
        })
        .map_err(|error| no_address(error.to_string()))?;
    let found = limit::wait(&answers, limit)?
        .unwrap_or_else(|| Err(std::io::Error::other("the system gave no answer")))
        .map_err(|error| no_address(error.to_string()))?;
    if found.is_empty() {
        return Err(no_address("the name server knows none".to_owned()));
    }
    Ok(in_turns(found))
}

/// One family after the other, the system's first choice first (RFC 8305 §4); each address once.
fn in_turns(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let mut once: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !once.contains(&address) {
            once.push(address);
        }
        if once.len() == 4 * MOST_ADDRESSES {
            break;
        }
    }
    let first_is_v6 = once.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = once
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut turns = Vec::new();
    loop {
        let (one, other) = (first.next(), second.next());
        if one.is_none() && other.is_none() {
            break;
        }
        turns.extend(one.into_iter().chain(other));
    }
    turns.truncate(MOST_ADDRESSES);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns_and_their_number_has_an_end() {
        let of =
            |text: &[&str]| -> Vec<SocketAddr> { text.iter().map(|one| one.parse().expect(one)).collect() };
        let found = of(&[
            "[::1]:1",
            "[::2]:1",
            "[::2]:1",
            "[::3]:1",
            "127.0.0.1:1",
            "127.0.0.2:1",
        ]);
        assert_eq!(
            in_turns(found),
            of(&["[::1]:1", "127.0.0.1:1", "[::2]:1", "127.0.0.2:1", "[::3]:1"])
        );
        let many: Vec<SocketAddr> = (0..=255)
            .map(|last| SocketAddr::from(([9, 9, 9, last], 1)))
            .collect();
        assert_eq!(in_turns(many).len(), MOST_ADDRESSES);
    }

    #[test]
    fn a_place_comes_apart() {
        assert_eq!(host_and_port("localhost:8443"), Some(("localhost", 8443)));
        assert_eq!(host_and_port("[::1]:443"), Some(("::1", 443)));
        for wrong in [
            "localhost",
            "::1:443",
            "[::1:443",
            ":443",
            "a:b",
            "a:70000",
            "",
            "[]:1",
        ] {
            assert_eq!(host_and_port(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_systems_first_choice_comes_first_of_either_family() {
        let [v4, v6]: [SocketAddr; 2] = ["127.0.0.1:1", "[::1]:1"].map(|one| one.parse().expect(one));
        assert_eq!(in_turns(vec![v4, v6]), [v4, v6]);
        assert_eq!(in_turns(vec![v6, v4]), [v6, v4]);
    }
}
