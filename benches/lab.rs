//! What watching costs: the lab's pair, with all its witnesses, beside plain rustls in memory.
//!
//! `cargo bench --bench lab` prints the ratio first, then divan's own numbers. Both pairs are made anew for every handshake of the
//! same certificates, keys, roots, versions and provider, so that there is never a session to resume; both shake hands with a
//! certificate on each side, send a line each way, say good-bye and are dropped. The lab's pair records on the way every byte,
//! secret, event and verdict, and what it gives back is the finished capture. What is made of a capture later (decoding,
//! judging) is no part of it: see the benches `decode` and `judge`.
#![allow(missing_docs, reason = "a bench")]

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::{Bencher, black_box};
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, VerdictCode};
use mtlscope::scenario;
use mtlscope::setup::{LabSetup, Party, TlsVersion};
use mtlscope::source::lab::run_blocking;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{
    ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection,
    SupportedProtocolVersion,
};

/// Both good handshakes.
const HANDSHAKES: [&str; 2] = ["good-tls13", "good-tls12"];
/// How often the two take turns.
const ROUNDS: usize = 400;

fn main() {
    // Cargo says so when it wants numbers; without it, as in a test, each bench is merely run once.
    if std::env::args().any(|argument| argument == "--bench") {
        for id in HANDSHAKES {
            compare(id);
        }
    }
    divan::main();
}

/// Runs the two in turns, so that whatever else the machine does falls on both, and prints what the lab's pair costs more.
fn compare(id: &str) {
    let setup = setup(id);
    let (mut lab, mut plain, mut configured) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Who comes first changes too.
        if round % 2 == 0 {
            lab.push(timed(|| watched(&setup)));
            plain.push(timed(|| unwatched(&setup)));
        } else {
            plain.push(timed(|| unwatched(&setup)));
            lab.push(timed(|| watched(&setup)));
        }
        configured.push(timed(|| ends(&setup)));
    }
    for times in [&mut lab, &mut plain, &mut configured] {
        times.sort_unstable();
    }
    for (name, at) in [("fastest", 0), ("median ", ROUNDS / 2)] {
        let (lab, plain, configured) = (lab[at], plain[at], configured[at]);
        let ratio = lab.as_secs_f64() / plain.as_secs_f64();
        let more = lab.saturating_sub(plain);
        let alone = 1.0 + more.as_secs_f64() / plain.saturating_sub(configured).as_secs_f64();
        println!(
            "{id}, {name} of {ROUNDS}: lab {lab:.1?}, plain rustls {plain:.1?}: {ratio:.3} times as long, {more:.1?} more; without the \
             {configured:.1?} in which plain rustls makes its two configurations, {alone:.3} times"
        );
    }
}

fn timed<T>(what: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let made = black_box(what());
    let took = began.elapsed();
    drop(made);
    took
}

fn setup(id: &str) -> LabSetup {
    scenario::find(id)
        .and_then(|scenario| scenario.setup(jiff::Timestamp::now().as_second()))
        .expect("a set-up")
}

/// The lab's pair.
fn watched(setup: &LabSetup) -> Capture {
    let capture = run_blocking(setup, &Cancel::default()).expect("a capture");
    for side in [&capture.sides.client, &capture.sides.server] {
        let verdict = side.verdict.as_ref().map(|verdict| verdict.code);
        assert_eq!(verdict, Some(VerdictCode::Accepted));
    }
    capture
}

/// rustls's own provider with the groups in the lab's order.
fn provider() -> Arc<CryptoProvider> {
    let mut provider = aws_lc_rs::default_provider();
    provider
        .kx_groups
        .sort_by_key(|group| group.name() != rustls::NamedGroup::X25519MLKEM768);
    Arc::new(provider)
}

fn versions(party: &Party) -> Vec<&'static SupportedProtocolVersion> {
    let all = [
        (TlsVersion::Tls13, &rustls::version::TLS13),
        (TlsVersion::Tls12, &rustls::version::TLS12),
    ];
    let speaks = |version| party.policy.versions.is_empty() || party.policy.versions.contains(&version);
    all.into_iter()
        .filter_map(|(version, known)| speaks(version).then_some(known))
        .collect()
}

fn roots(party: &Party) -> Arc<RootCertStore> {
    let mut store = RootCertStore::empty();
    for root in &party.trust {
        store
            .add(CertificateDer::from(root.der.to_vec()))
            .expect("a root");
    }
    Arc::new(store)
}

fn identity(party: &Party, provider: &CryptoProvider) -> Arc<SingleCertAndKey> {
    let identity = party.identity.as_ref().expect("an identity");
    let key = identity.key.as_ref().expect("a key");
    let key = provider
        .key_provider
        .load_private_key(key.key.der.clone_key())
        .expect("a key that signs");
    let chain = identity
        .chain
        .iter()
        .map(|one| CertificateDer::from(one.der.to_vec()))
        .collect();
    Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key)))
}

fn protocols(party: &Party) -> Vec<Vec<u8>> {
    party
        .policy
        .alpn
        .iter()
        .map(|protocol| protocol.clone().into_bytes())
        .collect()
}

/// Both ends of plain rustls, ready to speak.
fn ends(setup: &LabSetup) -> (Connection, Connection) {
    let party = &setup.parties.client;
    let client_provider = provider();
    let judge = WebPkiServerVerifier::builder_with_provider(roots(party), Arc::clone(&client_provider))
        .build()
        .expect("a judge");
    let shown = identity(party, &client_provider);
    let mut config = ClientConfig::builder_with_provider(client_provider)
        .with_protocol_versions(&versions(party))
        .expect("versions")
        .with_webpki_verifier(judge)
        .with_client_cert_resolver(shown);
    config.alpn_protocols = protocols(party);
    let name = ServerName::try_from(setup.server_name.clone()).expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");

    let party = &setup.parties.server;
    let server_provider = provider();
    let judge = WebPkiClientVerifier::builder_with_provider(roots(party), Arc::clone(&server_provider))
        .build()
        .expect("a judge");
    let shown = identity(party, &server_provider);
    let mut config = ServerConfig::builder_with_provider(server_provider)
        .with_protocol_versions(&versions(party))
        .expect("versions")
        .with_client_cert_verifier(judge)
        .with_cert_resolver(shown);
    config.alpn_protocols = protocols(party);
    let server = ServerConnection::new(Arc::new(config)).expect("a server");
    (client.into(), server.into())
}

/// Plain rustls: shakes hands, sends a line each way, says good-bye.
fn unwatched(setup: &LabSetup) -> (Connection, Connection) {
    let (mut client, mut server) = ends(setup);
    let mut wire = Vec::new();
    while client.is_handshaking() || server.is_handshaking() {
        let moved = carry(&mut client, &mut server, &mut wire) + carry(&mut server, &mut client, &mut wire);
        assert!(moved > 0, "the handshake goes on");
    }
    say(&mut client, &mut server, &mut wire, b"GET /charge\n");
    say(&mut server, &mut client, &mut wire, b"200 OK\n");
    client.send_close_notify();
    carry(&mut client, &mut server, &mut wire);
    server.send_close_notify();
    carry(&mut server, &mut client, &mut wire);
    (client, server)
}

/// All that one end wants to write, through memory to the other. How many bytes it was.
fn carry(from: &mut Connection, to: &mut Connection, wire: &mut Vec<u8>) -> usize {
    wire.clear();
    while from.wants_write() {
        from.write_tls(wire).expect("written");
    }
    let mut rest = wire.as_slice();
    while !rest.is_empty() {
        to.read_tls(&mut rest).expect("read");
        to.process_new_packets().expect("good records");
    }
    wire.len()
}

fn say(from: &mut Connection, to: &mut Connection, wire: &mut Vec<u8>, line: &[u8]) {
    from.writer().write_all(line).expect("written");
    carry(from, to, wire);
    let mut heard = vec![0; line.len()];
    to.reader().read_exact(&mut heard).expect("read");
    assert_eq!(heard, line);
}

#[divan::bench(args = HANDSHAKES)]
fn lab(bencher: Bencher<'_, '_>, id: &str) {
    let setup = setup(id);
    bencher.bench(|| watched(black_box(&setup)));
}

#[divan::bench(args = HANDSHAKES)]
fn plain_rustls(bencher: Bencher<'_, '_>, id: &str) {
    let setup = setup(id);
    bencher.bench(|| unwatched(black_box(&setup)));
}
