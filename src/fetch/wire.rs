//! The HTTP library's way to the network: names are resolved and connected to by `net`, within its limit and its guard.

use std::fmt;
use std::io::{Read, Write};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, Error};

use crate::net::{self, Connection, Limit, NetError, Reach};

/// An agent that connects only so.
pub(super) fn agent(config: Config, reach: Reach, connect: &Limit, whole: &Limit) -> Agent {
    let has_proxy = config.proxy().is_some();
    let ways = ().chain(ConnectProxyConnector::default()).chain(Way {
        reach,
        has_proxy,
        connect: connect.clone(),
        whole: whole.clone(),
    });
    Agent::with_parts(config, ways, Names(connect.clone()))
}

/// What an error of ours was, after the library carried it.
pub(super) fn carried(error: &Error) -> Option<NetError> {
    match error {
        Error::Other(inner) => inner.downcast_ref().cloned(),
        Error::Io(inner) => inner.get_ref()?.downcast_ref().cloned(),
        _ => None,
    }
}

fn carry(error: NetError) -> Error {
    Error::Other(Box::new(error))
}

#[derive(Debug)]
struct Names(Limit);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = uri.port_u16().unwrap_or(80);
        let mut found = self.empty();
        // `net` gives no more than the array holds.
        for address in net::resolve(host, port, &self.0).map_err(carry)? {
            found.push(address);
        }
        Ok(found)
    }
}

struct Way {
    reach: Reach,
    has_proxy: bool,
    connect: Limit,
    whole: Limit,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Way")
    }
}

impl<In: Transport> Connector<In> for Way {
    type Out = Either<In, Wire>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        if let Some(chained) = chained {
            // A proxy's tunnel is there already.
            return Ok(Some(Either::A(chained)));
        }
        // The library connects to a proxy with the proxy taken out of its settings. A proxy is the user's own.
        let reach = match details.config.proxy() {
            None if self.has_proxy => Reach::Any,
            _ => self.reach,
        };
        let mut connection = net::connect(&details.addrs, reach, &self.connect).map_err(carry)?;
        connection.set_limit(self.whole.clone());
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(Some(Either::B(Wire { connection, buffers })))
    }
}

/// The bytes of one connection.
struct Wire {
    connection: Connection,
    buffers: LazyBuffers,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

/// The limit's own errors as they are, so that they can be told apart from the library's.
fn of_io(error: std::io::Error) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<NetError>()) {
        Some(inner) => carry(inner.clone()),
        None => Error::Io(error),
    }
}

impl Transport for Wire {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _timeout: NextTimeout) -> Result<(), Error> {
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.connection.write_all(output).map_err(of_io)
    }

    fn await_input(&mut self, _timeout: NextTimeout) -> Result<bool, Error> {
        let amount = self
            .connection
            .read(self.buffers.input_append_buf())
            .map_err(of_io)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // One request each.
        false
    }
}
