//! ClientHello, ServerHello, HelloRetryRequest, EncryptedExtensions (RFC 8446 §4.1, §4.3.1; RFC 5246 §7.4.1).

use crate::decode::extensions::{self, Place};
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};
use crate::decode::{Body, ClientHelloFacts, ServerHelloFacts};
use crate::iana::{self, CipherSuite, Table, Version};

fn suite_words(number: u16) -> Words {
    iana::numbered(Table::CipherSuite, number).into()
}

pub(super) fn client(reader: &mut Reader<'_>) -> Body {
    let mut facts = ClientHelloFacts::default();
    let legacy = reader.u16("legacy_version", iana::version_numbered);
    facts.random = reader.bytes("random", 32, words::hex).to_vec();
    reader.opaque("legacy_session_id", 1, "session_id", words::hex);
    let mut suites = Vec::new();
    reader.vector("cipher_suites", 2, |list| {
        suites.reserve(list.remaining() / 2);
        while list.remaining() > 0 {
            if let Some(number) = list.u16("cipher_suite", suite_words) {
                suites.push(number);
            }
        }
        said!("{} suites", suites.len())
    });
    facts.cipher_suites = suites
        .into_iter()
        .filter(|number| !iana::is_grease(*number))
        .map(CipherSuite)
        .collect();
    reader.vector("legacy_compression_methods", 1, |list| {
        while list.remaining() > 0 {
            list.u8("compression_method", compression_words);
        }
        Words::default()
    });
    let said = extensions::read(reader, Place::ClientHello);
    facts.versions = if said.versions.is_empty() {
        legacy.map(Version).into_iter().collect()
    } else {
        said.versions
    };
    facts.groups = said.groups;
    facts.key_shares = said.key_shares;
    facts.signature_schemes = said.signature_schemes;
    facts.alpn = said.alpn;
    facts.server_name = said.server_name;
    facts.offers_psk = said.offers_psk;
    facts.offers_early_data = said.offers_early_data;
    Body::ClientHello(facts)
}

fn compression_method(reader: &mut Reader<'_>) -> Option<u8> {
    reader.u8("legacy_compression_method", compression_words)
}

fn compression_words(method: u8) -> Words {
    match method {
        0 => Words::Borrowed("null (0)"),
        1 => Words::Borrowed("DEFLATE (1)"),
        other => words::number(u64::from(other)),
    }
}

pub(super) fn server(reader: &mut Reader<'_>, is_retry: bool) -> Body {
    let legacy = reader.u16("legacy_version", iana::version_numbered);
    let random = reader
        .bytes("random", 32, |bytes| {
            if is_retry {
                "SHA-256 of “HelloRetryRequest”".into()
            } else {
                words::hex(bytes)
            }
        })
        .to_vec();
    // Until draft 22 of TLS 1.3, its ServerHello had no session and no compression.
    let is_early_draft = legacy.is_some_and(|version| (0x7f00..0x7f16).contains(&version));
    let session_id = if is_early_draft {
        Vec::new()
    } else {
        reader
            .opaque("legacy_session_id_echo", 1, "session_id", words::hex)
            .to_vec()
    };
    let suite = reader.u16("cipher_suite", suite_words);
    let compression = (!is_early_draft).then(|| compression_method(reader)).flatten();
    let place = if is_retry {
        Place::HelloRetryRequest
    } else {
        Place::ServerHello
    };
    let said = extensions::read(reader, place);
    Body::ServerHello(ServerHelloFacts {
        random,
        version: said.versions.first().copied().or(legacy.map(Version)),
        cipher_suite: suite.map(CipherSuite),
        group: said.key_shares.first().copied(),
        alpn: said.alpn.first().cloned(),
        is_retry,
        session_id,
        chose_psk: said.chose_psk,
        certificate_types: said.certificate_types,
        extended_master_secret: said.extended_master_secret,
        encrypt_then_mac: said.encrypt_then_mac,
        truncated_hmac: said.truncated_hmac,
        compression: compression.unwrap_or_default(),
    })
}

pub(super) fn encrypted_extensions(reader: &mut Reader<'_>) -> Body {
    let said = extensions::read(reader, Place::EncryptedExtensions);
    Body::EncryptedExtensions {
        alpn: said.alpn.first().cloned(),
        certificate_types: said.certificate_types,
    }
}
