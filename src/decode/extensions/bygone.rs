//! Extensions of TLS 1.2 and before that few speak any more.

use super::lists::{choices, named, summary};
use super::said::Place;
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};

/// trusted_ca_keys (RFC 6066 §6): a TrustedAuthorities from the client; the server answers with nothing.
pub(super) fn trusted_ca_keys(reader: &mut Reader<'_>) -> Words {
    const TYPES: &[(u16, &str)] = &[
        (0, "pre_agreed"),
        (1, "key_sha1_hash"),
        (2, "x509_name"),
        (3, "cert_sha1_hash"),
    ];
    let mut said = Vec::new();
    reader.vector("trusted_authorities_list", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(3) {
                [0, ..] => 1,
                [1 | 3, ..] => 21,
                [2, high, low] => 3 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("TrustedAuthority", length, |one| {
                let kind = one.u8("identifier_type", |kind| named(u16::from(kind), TYPES));
                let name = |der: &[u8]| {
                    crate::pki::distinguished_name(der).map_or_else(|| words::size(der.len()), Words::from)
                };
                let value = match kind {
                    Some(0) => Words::Borrowed("agreed on before"),
                    Some(1) => words::hex(one.bytes("key_sha1_hash", 20, words::hex)),
                    Some(2) => name(one.opaque("x509_name", 2, "name", name)),
                    Some(3) => words::hex(one.bytes("cert_sha1_hash", 20, words::hex)),
                    _ => words::hex(one.rest("identifier", words::hex)),
                };
                said.push(value.clone());
                value
            });
        }
        summary(&said)
    });
    summary(&said)
}

/// user_mapping (RFC 4681 §2).
pub(super) fn user_mapping(reader: &mut Reader<'_>) -> Words {
    const TYPES: &[(u16, &str)] = &[(64, "upn_domain_hint")];
    choices(reader, "user_mapping_types", 1, ("UserMappingType", 1), TYPES)
}

/// client_authz and server_authz (RFC 5878 §2.3).
pub(super) fn authz(reader: &mut Reader<'_>) -> Words {
    const FORMATS: &[(u16, &str)] = &[
        (0, "x509_attr_cert"),
        (1, "saml_assertion"),
        (2, "x509_attr_cert_url"),
        (3, "saml_assertion_url"),
        (64, "keynote_assertion_list"),
        (65, "keynote_assertion_list_url"),
        (66, "dtcp_authorization"),
    ];
    choices(reader, "authz_format_list", 1, ("AuthzDataFormat", 1), FORMATS)
}

/// srp (RFC 5054 §2.8): the user's name.
pub(super) fn srp(reader: &mut Reader<'_>) -> Words {
    words::shown(reader.opaque("srp_I", 1, "user_name", words::shown))
}

/// heartbeat (RFC 6520 §2).
pub(super) fn heartbeat(reader: &mut Reader<'_>) -> Words {
    const MODES: &[(u16, &str)] = &[(1, "peer_allowed_to_send"), (2, "peer_not_allowed_to_send")];
    let mode = |mode: u8| named(u16::from(mode), MODES);
    reader.u8("mode", mode).map(mode).unwrap_or_default()
}

/// token_binding (RFC 8472 §2): TokenBindingParameters.
pub(super) fn token_binding(reader: &mut Reader<'_>) -> Words {
    const KEYS: &[(u16, &str)] = &[(0, "rsa2048_pkcs1.5"), (1, "rsa2048_pss"), (2, "ecdsap256")];
    let mut version = Words::default();
    reader.group("token_binding_version", 2, |inner| {
        let major = inner.u8("major", |number| number.to_string());
        let minor = inner.u8("minor", |number| number.to_string());
        version = said!("{}.{}", major.unwrap_or_default(), minor.unwrap_or_default());
        version.clone()
    });
    let keys = choices(
        reader,
        "key_parameters_list",
        1,
        ("TokenBindingKeyParameters", 1),
        KEYS,
    );
    said!("version {version} · {keys}")
}

/// cached_info (RFC 7924 §3): the client sends hashes of what it has, the server only the types it will leave out.
pub(super) fn cached_info(reader: &mut Reader<'_>, place: Place) -> Words {
    const TYPES: &[(u16, &str)] = &[(1, "cert"), (2, "cert_req")];
    let mut said = Vec::new();
    reader.vector("cached_info", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(2) {
                _ if place != Place::ClientHello => 1,
                [_, hash] => 2 + usize::from(hash),
                _ => list.remaining(),
            };
            list.group("CachedObject", length, |one| {
                let kind = one.u8("type", |kind| named(u16::from(kind), TYPES));
                if place == Place::ClientHello {
                    one.opaque("hash_value", 1, "hash", words::hex);
                }
                let words = kind.map(|kind| named(u16::from(kind), TYPES)).unwrap_or_default();
                said.push(words.clone());
                words
            });
        }
        summary(&said)
    });
    summary(&said)
}

/// pwd_protect (RFC 8492 §4): the user's name, encrypted.
pub(super) fn pwd_protect(reader: &mut Reader<'_>) -> Words {
    let name = reader.opaque("protected_name", 1, "encrypted_name", words::hex);
    words::size(name.len())
}

/// pwd_clear (RFC 8492 §4): the user's name in the clear.
pub(super) fn pwd_clear(reader: &mut Reader<'_>) -> Words {
    words::shown(reader.opaque("name", 1, "user_name", words::shown))
}

/// password_salt (RFC 8492 §4): in a HelloRetryRequest.
pub(super) fn password_salt(reader: &mut Reader<'_>) -> Words {
    let salt = reader.opaque("pwd_salt", 2, "salt", words::hex);
    words::size(salt.len())
}

/// ticket_pinning (RFC 8672 §3): PinningTicketExtension.
pub(super) fn ticket_pinning(reader: &mut Reader<'_>, place: Place) -> Words {
    let tickets = |reader: &mut Reader<'_>| {
        reader.vector("ticket", 2, |list| {
            while list.remaining() > 0 {
                list.opaque("pinning_ticket", 2, "pinning_ticket_data", words::hex);
            }
            Words::default()
        });
    };
    if place == Place::ClientHello {
        tickets(reader);
        return Words::Borrowed("a ticket from before");
    }
    reader.vector("proof", 1, |list| {
        while list.remaining() > 0 {
            list.opaque("pinning_proof", 1, "pinning_proof_data", words::hex);
        }
        Words::default()
    });
    tickets(reader);
    reader
        .number("lifetime", 4, |seconds| said!("{seconds} s"))
        .map(|seconds| said!("for {seconds} s"))
        .unwrap_or_default()
}

/// next_protocol_negotiation (draft-agl-tls-nextprotoneg-04 §3): names without a length around them.
pub(super) fn next_protocols(reader: &mut Reader<'_>) -> Words {
    let mut names = Vec::new();
    while reader.remaining() > 0 {
        names.push(words::shown(reader.opaque(
            "ProtocolName",
            1,
            "protocol_name",
            words::shown,
        )));
    }
    summary(&names)
}
