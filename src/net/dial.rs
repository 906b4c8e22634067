//! A connection to the first address of a name that answers.

use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use super::limit::wait;
use super::{Connection, Limit, NetError, Reach, resolve};

/// An address that says nothing holds up the next one for so long (RFC 8305 §5).
const HEAD_START: Duration = Duration::from_millis(250);

/// Resolves a name (or takes the address that it is), and connects to the first of its addresses that answers.
pub fn dial(host: &str, port: u16, reach: Reach, limit: &Limit) -> Result<Connection, NetError> {
    connect(&resolve(host, port, limit)?, reach, limit)
}

/// Connects to the first of these addresses that answers. Each is begun once the one before it failed, or has said nothing
/// for a moment. What `reach` refuses is not connected to; where that leaves none, it is the error.
pub fn connect(addresses: &[SocketAddr], reach: Reach, limit: &Limit) -> Result<Connection, NetError> {
    connect_by(&attempt, addresses, reach, limit)
}

/// The same, with attempts that begin as `begin` begins them.
fn connect_by(
    begin: &dyn Fn(SocketAddr, Duration, mpsc::Sender<Attempt>) -> Result<(), NetError>,
    addresses: &[SocketAddr],
    reach: Reach,
    limit: &Limit,
) -> Result<Connection, NetError> {
    let allowed: Vec<SocketAddr> = addresses
        .iter()
        .copied()
        .filter(|address| reach.refuses(address.ip()).is_none())
        .collect();
    if allowed.is_empty() {
        let refused = addresses
            .iter()
            .find_map(|address| Some((address.ip(), reach.refuses(address.ip())?)));
        return Err(refused.map_or(
            NetError::NoAddress {
                words: "there is none".to_owned(),
            },
            |(address, range)| NetError::Private { address, range },
        ));
    }
    let (result, results) = mpsc::channel();
    let mut next = allowed.iter();
    let mut failures: Vec<String> = Vec::new();
    let mut under_way = 0;
    loop {
        if let Some(address) = next.next().copied() {
            begin(address, limit.left()?, result.clone())?;
            under_way += 1;
        } else if under_way == 0 {
            return Err(NetError::Refused {
                words: failures.join("; "),
            });
        }
        let is_last = next.len() == 0;
        let moment = if is_last {
            limit.clone()
        } else {
            limit.at_most(HEAD_START)
        };
        loop {
            match wait(&results, &moment) {
                Ok(Some((_, Ok(tcp)))) => {
                    return Connection::new(tcp, limit.clone()).map_err(|error| NetError::Refused {
                        words: error.to_string(),
                    });
                }
                Ok(Some((address, Err(error)))) => {
                    under_way -= 1;
                    failures.push(format!("{address}: {}", words(&error)));
                    if under_way == 0 || !is_last {
                        break;
                    }
                }
                // The sender is ours: it never closes.
                Ok(None) => break,
                Err(NetError::TimedOut) if !is_last => break,
                Err(NetError::TimedOut) if !failures.is_empty() => {
                    return Err(NetError::Refused {
                        words: format!("{}; the others say nothing", failures.join("; ")),
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }
}

type Attempt = (SocketAddr, std::io::Result<TcpStream>);

/// On a thread of its own, which ends with the deadline at the latest.
fn attempt(address: SocketAddr, left: Duration, result: mpsc::Sender<Attempt>) -> Result<(), NetError> {
    std::thread::Builder::new()
        .name("connect".to_owned())
        .spawn(move || {
            // A connection that nobody waits for any more is closed.
            let _ = result.send((address, TcpStream::connect_timeout(&address, left)));
        })
        .map(drop)
        .map_err(|error| NetError::Refused {
            words: error.to_string(),
        })
}

/// The system's words without its number.
fn words(error: &std::io::Error) -> String {
    let all = error.to_string();
    all.split(" (os error").next().unwrap_or(&all).to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::cancel::Cancel;

    fn limit() -> Limit {
        Limit::for_the_next(Duration::from_mins(1), &Cancel::default())
    }

    fn closed() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address")
    }

    #[test]
    fn every_address_is_tried() {
        let open = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = open.local_addr().expect("an address");
        // As a name that is ::1 and 127.0.0.1, whose server listens at one of them.
        let v6 = SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, address.port()));
        for addresses in [&[v6, address][..], &[closed(), closed(), address], &[address]] {
            connect(addresses, Reach::Any, &limit()).expect("one of them answers");
            open.accept().expect("it came");
        }
        let both = [closed(), closed()];
        let Err(NetError::Refused { words }) = connect(&both, Reach::Any, &limit()) else {
            panic!("nobody is there");
        };
        for address in both {
            assert!(words.contains(&format!("{address}: ")), "{words}");
        }
    }

    /// Addresses that refuse (`r`) or say nothing (`s`), in this order; each has its place as its port.
    fn told(which: &str) -> NetError {
        let addresses: Vec<SocketAddr> = (1..=which.len())
            .map(|place| SocketAddr::from(([127, 0, 0, 1], place as u16)))
            .collect();
        // An attempt that is dropped would end the wait: they are kept.
        let kept = std::cell::RefCell::new(Vec::new());
        let begin = |address: SocketAddr, _, result: mpsc::Sender<Attempt>| {
            let place = usize::from(address.port()) - 1;
            if which.chars().nth(place) == Some('r') {
                let error = std::io::Error::other(format!("No {}", address.port()));
                result.send((address, Err(error))).expect("somebody waits");
            }
            kept.borrow_mut().push(result);
            Ok(())
        };
        // Long beside the head starts, so that a machine under load has begun them all.
        let span = HEAD_START * 10;
        let limit = Limit::for_the_next(span, &Cancel::default());
        connect_by(&begin, &addresses, Reach::Any, &limit).expect_err("nobody lets us in")
    }

    /// Whatever the last address does, what the others said is told, in the order in which they said it.
    #[test]
    fn every_failure_is_told_and_so_is_silence() {
        let cases = [
            ("r", "1"),
            ("rr", "12"),
            ("rrr", "123"),
            ("rs", "1s"),
            ("sr", "2s"),
            ("rrs", "12s"),
            ("rsr", "13s"),
            ("srr", "23s"),
            ("rss", "1s"),
            ("s", ""),
            ("ss", ""),
        ];
        // At once: each of them waits for its deadline.
        let found = std::thread::scope(|scope| {
            let running = cases.map(|(which, _)| scope.spawn(move || told(which)));
            running.map(|one| one.join().expect("it ends"))
        });
        for ((which, wanted), error_found) in cases.into_iter().zip(found) {
            let mut parts: Vec<String> = wanted
                .chars()
                .filter(char::is_ascii_digit)
                .map(|place| format!("127.0.0.1:{place}: no {place}"))
                .collect();
            parts.extend(wanted.ends_with('s').then(|| "the others say nothing".to_owned()));
            let error = match wanted {
                "" => NetError::TimedOut,
                _ => NetError::Refused {
                    words: parts.join("; "),
                },
            };
            assert_eq!(error_found, error, "{which}");
        }
    }

    #[test]
    fn what_the_guard_refuses_is_not_connected_to() {
        let open = TcpListener::bind("127.0.0.1:0").expect("a port");
        open.set_nonblocking(true).expect("a listener");
        let address = open.local_addr().expect("an address");
        let mapped = SocketAddr::from((std::net::Ipv4Addr::LOCALHOST.to_ipv6_mapped(), address.port()));
        for address in [address, mapped] {
            let error = connect(&[address], Reach::Public, &limit()).expect_err("it is private");
            assert_eq!(
                error,
                NetError::Private {
                    address: address.ip(),
                    range: "this machine's own address"
                }
            );
        }
        assert!(open.accept().is_err(), "nobody came");
    }

    #[test]
    fn a_cancel_and_a_deadline_come_before_everything() {
        let cancel = Cancel::default();
        cancel.cancel();
        let cancelled = Limit::for_the_next(Duration::from_mins(1), &cancel);
        assert_eq!(
            dial("localhost", 1, Reach::Any, &cancelled).err(),
            Some(NetError::Cancelled)
        );
        let over = limit().at_most(Duration::ZERO);
        assert_eq!(
            dial("localhost", 1, Reach::Any, &over).err(),
            Some(NetError::TimedOut)
        );
    }
}
