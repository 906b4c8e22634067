//! Certificates, lists and OCSP responses in which every form stands, and damaged ones.

use std::path::PathBuf;

use mtlscope::capture::Side;
use mtlscope::decode::decode;
use mtlscope::pki::{CertificateFacts, OcspFacts, RevocationListFacts, outline, read_bytes};

use crate::digest;
use crate::files::{fixtures, name_of};
use crate::text::{self, Text, written};
use crate::wire::{capture, client_hello, longer, message, record, server_hello};

/// A message after two hellos of TLS 1.2.
fn sent(text: &mut Text, kind: u8, body: &[u8]) {
    let transcript = decode(&capture([
        (Side::Client, record(22, 0x0301, &client_hello(0x0303, &[]))),
        (
            Side::Server,
            record(22, 0x0303, &server_hello(0x0303, [8; 32], 0xc02f, &[])),
        ),
        (Side::Server, record(22, 0x0303, &message(kind, body))),
    ]));
    for message in transcript.messages.iter().skip(2) {
        text::field(text, &message.root);
    }
}

fn certificate(text: &mut Text, der: &[u8]) {
    sent(text, 11, &longer(&[&longer(&[der])]));
    text.line(format!("{:?}", CertificateFacts::from_der(der)));
}

fn response(text: &mut Text, der: &[u8]) {
    sent(text, 22, &[&[1][..], &longer(&[der])].concat());
    text.line(format!("{:?}", OcspFacts::from_der(der)));
}

fn list(text: &mut Text, der: &[u8]) {
    text.line(format!("{:?}", outline(der)));
    text.line(format!("{:?}", RevocationListFacts::from_der(der)));
}

fn read(path: &PathBuf) -> Vec<u8> {
    std::fs::read(path).expect("read")
}

fn forms(name: &str) -> Vec<u8> {
    let path = fixtures("forms").into_iter().find(|path| path.ends_with(name));
    read(&path.expect("it is there"))
}

#[test]
fn every_form_of_a_certificate() {
    insta::assert_snapshot!(written(|text| certificate(text, &forms("every.der"))));
}

#[test]
fn every_form_of_a_list() {
    let der = forms("every.crl");
    insta::assert_snapshot!(written(|text| {
        for line in format!("{:#?}", RevocationListFacts::from_der(&der)).lines() {
            text.line(line);
        }
    }));
}

#[test]
fn every_form_of_a_response() {
    insta::assert_snapshot!(written(|text| {
        for name in ["every.ocsp", "by-key.ocsp"] {
            text.line(name);
            response(text, &forms(name));
        }
        for path in fixtures("outside/ocsp") {
            text.line(name_of(&path));
            response(text, &read(&path));
        }
    }));
}

/// One byte of each changed in turn, every so many.
fn damaged(text: &mut Text, der: &[u8], step: usize, tell: impl Fn(&mut Text, &[u8])) {
    for at in (0..der.len()).step_by(step) {
        for bit in [1, 0x20, 0x80] {
            let mut der = der.to_vec();
            der[at] ^= bit;
            tell(text, &der);
        }
    }
}

#[test]
fn damaged_ones() {
    let mut texts = Vec::new();
    let mut add = |name: &str, write: &dyn Fn(&mut Text)| texts.push((name.to_owned(), written(write)));
    add("every.der", &|text| {
        damaged(text, &forms("every.der"), 11, certificate)
    });
    add("every.crl", &|text| damaged(text, &forms("every.crl"), 3, list));
    add("every.ocsp", &|text| {
        damaged(text, &forms("every.ocsp"), 5, response)
    });
    add("by-key.ocsp", &|text| {
        damaged(text, &forms("by-key.ocsp"), 5, response)
    });
    for path in fixtures("certs") {
        if path.extension().is_some_and(|extension| extension == "pem") {
            let bundle = read_bytes(&read(&path), "file").expect("it reads");
            for one in &bundle.certificates {
                add(&name_of(&path), &|text| {
                    damaged(text, one.der.as_bytes(), 5, certificate)
                });
            }
        }
    }
    digest::holds("damaged", &texts);
}
