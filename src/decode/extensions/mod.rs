//! Extensions (RFC 8446 §4.2): each with its type, its length and its own fields.

mod bygone;
mod credential;
mod ech;
mod hello;
mod lists;
mod newer;
mod other;
#[cfg(test)]
pub(super) mod ownership;
mod quic;
mod said;
#[cfg(test)]
mod several_tests;
mod status;
#[cfg(test)]
mod tests;
mod transparency;

pub(super) use lists::authorities;
pub(super) use said::{Place, Said};
pub(super) use status::staple;

use std::borrow::Cow;

use super::reader::Reader;
use super::scts::scts;
use super::words::{self, Words};
use crate::iana::{self, Table};

/// Reads the extensions vector, if any byte is left for one.
pub(super) fn read(reader: &mut Reader<'_>, place: Place) -> Said {
    let mut said = Said::default();
    if reader.remaining() == 0 {
        return said;
    }
    reader.vector("extensions", 2, |list| {
        let mut count = 0;
        while list.remaining() > 0 {
            one(list, place, &mut said);
            count += 1;
        }
        words::number(count)
    });
    said
}

fn one(list: &mut Reader<'_>, place: Place, said: &mut Said) {
    let [a, b, c, d] = *list.peek(4) else {
        let left = list.remaining();
        list.bytes("unparsed", left, |bytes| words::size(bytes.len()));
        if let Some(field) = list.last() {
            field.error = Some("too short for an extension".to_owned());
        }
        return;
    };
    let number = u16::from_be_bytes([a, b]);
    let length = usize::from(u16::from_be_bytes([c, d]));
    let name: Cow<'static, str> = match iana::name(Table::Extension, number) {
        Some(name) => name.into(),
        None if iana::is_grease(number) => "GREASE".into(),
        None => format!("extension 0x{number:04x}").into(),
    };
    list.group(name, 4 + length, |inner| {
        inner.u16("extension_type", |number| {
            if iana::name(Table::Extension, number).is_some() {
                iana::numbered(Table::Extension, number)
            } else {
                format!("not registered (0x{number:04x})").into()
            }
        });
        inner.number("length", 2, words::number);
        body(number, inner, place, said)
    });
}

/// The extension's own fields; returns its value in words.
fn body(number: u16, reader: &mut Reader<'_>, place: Place, said: &mut Said) -> Words {
    if reader.remaining() == 0 {
        match number {
            41 => said.offers_psk = true,
            42 => said.offers_early_data = true,
            22 => said.encrypt_then_mac = true,
            23 => said.extended_master_secret = true,
            4 => said.truncated_hmac = true,
            _ => {}
        }
        if iana::is_grease(number) {
            return other::grease(reader);
        }
        return Words::Borrowed("empty");
    }
    match number {
        0 => hello::server_name(reader, said),
        1 => other::max_fragment_length(reader),
        // Present or absent, never with content: client_certificate_url and truncated_hmac (RFC 6066 §5, §7),
        // encrypt_then_mac (RFC 7366 §2), extended_master_secret (RFC 7627 §5.1), tls_lts (draft-gutmann-tls-lts §3),
        // tls_cert_with_extern_psk (RFC 8773 §5), post_handshake_auth (RFC 8446 §4.2.6), rrc (RFC 9853 §3).
        2 | 4 | 22 | 23 | 26 | 33 | 49 | 61 => other::nothing(reader),
        3 => bygone::trusted_ca_keys(reader),
        5 if place == Place::CertificateEntry => staple(reader),
        5 => status::request(reader),
        6 => bygone::user_mapping(reader),
        7 | 8 => bygone::authz(reader),
        9 => lists::certificate_types(reader, &mut None),
        19 => lists::certificate_types(reader, &mut said.certificate_types.client),
        20 => lists::certificate_types(reader, &mut said.certificate_types.server),
        10 => lists::supported_groups(reader, said),
        11 => lists::ec_point_formats(reader),
        12 => bygone::srp(reader),
        13 => lists::signature_algorithms(reader, &mut said.signature_schemes),
        14 => newer::use_srtp(reader),
        15 => bygone::heartbeat(reader),
        16 => hello::alpn(reader, said),
        17 => status::request_v2(reader),
        18 => scts(reader),
        21 => other::padding(reader),
        24 => bygone::token_binding(reader),
        25 => bygone::cached_info(reader, place),
        27 => lists::compress_certificate(reader),
        28 => other::record_size_limit(reader),
        29 => bygone::pwd_protect(reader),
        30 => bygone::pwd_clear(reader),
        31 => bygone::password_salt(reader),
        32 => bygone::ticket_pinning(reader, place),
        34 if place == Place::CertificateEntry => credential::delegated_credential(reader),
        34 => lists::signature_algorithms(reader, &mut Vec::new()),
        35 => other::opaque(reader, "ticket"),
        39 => newer::ekt_ciphers(reader, place),
        41 => hello::pre_shared_key(reader, place, said),
        42 => other::early_data(reader),
        43 => hello::supported_versions(reader, place, said),
        44 => other::cookie(reader),
        45 => lists::psk_key_exchange_modes(reader),
        47 => lists::certificate_authorities(reader, said),
        48 => lists::oid_filters(reader),
        50 => lists::signature_algorithms(reader, &mut said.certificate_schemes),
        // Drafts of TLS 1.3 before the 23rd had the number 40 for it.
        40 | 51 => hello::key_share(reader, place, said),
        52 => transparency::transparency_info(reader),
        54 => newer::connection_id(reader),
        55 => newer::external_id_hash(reader),
        56 => newer::external_session_id(reader),
        57 => quic::transport_parameters(reader),
        58 => newer::ticket_request(reader, place),
        59 => newer::dnssec_chain(reader, place),
        62 => newer::tls_flags(reader),
        0x3374 => bygone::next_protocols(reader),
        0x4469 | 0x44cd => newer::application_settings(reader, place),
        0xfd00 => ech::outer_extensions(reader),
        0xfe0d => ech::encrypted_client_hello(reader, place),
        0xff01 => other::renegotiation_info(reader),
        _ if iana::is_grease(number) => other::grease(reader),
        _ => other::opaque(reader, "extension_data"),
    }
}
