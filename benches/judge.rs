//! What an explanation costs beside webpki's bare verdict, for a chain of three certificates with P-256 keys.
//!
//! `cargo bench --bench judge`. `cold` chains are made anew for every run, so that nothing is remembered of their signatures (and
//! the remembering itself is paid for); `warm` ones are judged again and again, as in a mesh where the same few CAs sign
//! everything: webpki checks their signatures each time, we remember them.
#![allow(missing_docs, reason = "a bench")]

#[allow(dead_code, reason = "the bench uses a part")]
#[path = "../tests/support/forge.rs"]
mod forge;

use std::time::Duration;

use divan::{Bencher, black_box};
use forge::{Forge, Key, validity};
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{ChainInput, ChainJudgement, judge_chain};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

const HOST: &str = "pay.shop.example";
const NOW: i64 = 1_800_000_000;
/// What may be wrong with a chain.
const CHAINS: [&str; 4] = ["good", "wrong-name", "unknown-issuer", "expired-leaf"];

fn main() {
    divan::main();
}

struct Chain {
    sent: Vec<Der>,
    trust: Trust,
}

fn made(kind: &str) -> Chain {
    let keys = [Key::new(), Key::new(), Key::new(), Key::new()];
    let root = Forge::ca("Root", "Root", &keys[0], &keys[0]).sign(&keys[0]);
    let stranger = Forge::ca("Stranger", "Stranger", &keys[3], &keys[3]).sign(&keys[3]);
    let issuer = Forge::ca("Issuer", "Root", &keys[1], &keys[0]).sign(&keys[0]);
    let host = if kind == "wrong-name" {
        "ledger.shop.example"
    } else {
        HOST
    };
    let mut leaf = Forge::leaf(host, "Issuer", &keys[2], &keys[1]);
    if kind == "expired-leaf" {
        leaf.validity = validity("250101000000Z", "260101000000Z");
    }
    let root = if kind == "unknown-issuer" { stranger } else { root };
    Chain {
        sent: vec![Der::from(leaf.sign(&keys[1])), Der::from(issuer)],
        trust: Trust {
            roots: vec![Der::from(root)],
            expected_name: Some(HOST.to_owned()),
            clock_unix_s: NOW,
            ..Trust::default()
        },
    }
}

fn explain(chain: &Chain) -> ChainJudgement {
    judge_chain(&ChainInput {
        chain: &chain.sent,
        trust: Some(&chain.trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: NOW,
        key_in_use: None,
        possession: None,
    })
}

/// All that webpki does for a client: read the certificates and the root, find a path, compare the name.
fn webpki_verdict(chain: &Chain) -> bool {
    let ders: Vec<CertificateDer<'_>> = chain
        .sent
        .iter()
        .map(|der| CertificateDer::from(der.as_bytes()))
        .collect();
    let root = CertificateDer::from(chain.trust.roots[0].as_bytes());
    let anchors = [webpki::anchor_from_trusted_cert(&root).expect("an anchor")];
    let leaf = webpki::EndEntityCert::try_from(&ders[0]).expect("a leaf");
    let path = leaf.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &anchors,
        &ders[1..],
        UnixTime::since_unix_epoch(Duration::from_secs(NOW as u64)),
        webpki::KeyUsage::server_auth(),
        None,
        None,
    );
    let name = ServerName::try_from(HOST).expect("a name");
    path.is_ok() && leaf.verify_is_valid_for_subject_name(&name).is_ok()
}

#[divan::bench(args = CHAINS)]
fn cold_webpki(bencher: Bencher<'_, '_>, kind: &str) {
    bencher
        .with_inputs(|| made(kind))
        .bench_refs(|chain| webpki_verdict(black_box(chain)));
}

#[divan::bench(args = CHAINS)]
fn cold_explanation(bencher: Bencher<'_, '_>, kind: &str) {
    bencher
        .with_inputs(|| made(kind))
        .bench_refs(|chain| explain(black_box(chain)));
}

#[divan::bench(args = CHAINS)]
fn warm_webpki(bencher: Bencher<'_, '_>, kind: &str) {
    let chain = made(kind);
    bencher.bench(|| webpki_verdict(black_box(&chain)));
}

#[divan::bench(args = CHAINS)]
fn warm_explanation(bencher: Bencher<'_, '_>, kind: &str) {
    let chain = made(kind);
    bencher.bench(|| explain(black_box(&chain)));
}
