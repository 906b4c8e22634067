//! The extensions that decide a hello: name, protocol, versions, shares, pre-shared keys.

use std::borrow::Cow;

use super::said::{Place, Said};
use crate::decode::reader::Reader;
use crate::decode::value::Writing;
use crate::decode::words::{self, Words, said};
use crate::iana::{self, Group, Table, Version};

/// RFC 6066 §3. A server answers with an empty one.
pub(super) fn server_name(reader: &mut Reader<'_>, said: &mut Said) -> Words {
    reader.vector("server_name_list", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(3) {
                [_, high, low] => 3 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("ServerName", length, |entry| {
                let kind = entry.u8("name_type", |kind| match kind {
                    0 => Words::Borrowed("host_name (0)"),
                    other => said!("unknown ({other})"),
                });
                let name = entry.opaque("HostName", 2, "host_name", words::shown);
                if kind == Some(0) && said.server_name.is_none() && !name.is_empty() {
                    said.server_name = Some(words::text(name));
                }
                words::shown(name)
            });
        }
        Words::default()
    });
    match &said.server_name {
        Some(name) => words::pieces(&[name]),
        None => Words::default(),
    }
}

/// RFC 7301 §3.1.
pub(super) fn alpn(reader: &mut Reader<'_>, said: &mut Said) -> Words {
    reader.vector("protocol_name_list", 2, |list| {
        while list.remaining() > 0 {
            let name = list.opaque("ProtocolName", 1, "protocol_name", words::shown);
            said.alpn.push(words::text(name));
        }
        said.alpn.join(", ")
    });
    said.alpn.join(", ").into()
}

/// RFC 8446 §4.2.1.
pub(super) fn supported_versions(reader: &mut Reader<'_>, place: Place, said: &mut Said) -> Words {
    let version = iana::version_numbered;
    if place == Place::ClientHello {
        reader.vector("versions", 1, |list| {
            while list.remaining() > 0 {
                if let Some(number) = list.u16("version", version)
                    && !iana::is_grease(number)
                {
                    said.versions.push(Version(number));
                }
            }
            all(&said.versions)
        });
        all(&said.versions)
    } else {
        let chosen = reader.u16("selected_version", version).map(Version);
        said.versions.extend(chosen);
        chosen.map_or_else(Words::default, |chosen| chosen.name().into())
    }
}

fn all(versions: &[Version]) -> Words {
    let mut words = Writing::default();
    for version in versions {
        words.push_after(", ", &version.name());
    }
    words.finish()
}

/// RFC 8446 §4.2.8: shares offered, the one asked for, or the one given.
pub(super) fn key_share(reader: &mut Reader<'_>, place: Place, said: &mut Said) -> Words {
    let group_words = |number: u16| iana::numbered(Table::Group, number);
    match place {
        Place::HelloRetryRequest => {
            let group = reader.u16("selected_group", group_words).map(Group);
            said.key_shares.extend(group);
            group.map_or_else(Words::default, |group| group.name().into())
        }
        Place::ClientHello => {
            let mut sizes = Writing::default();
            reader.vector("client_shares", 2, |list| {
                let mut count = 0;
                while list.remaining() > 0 {
                    sizes.push_after(", ", &entry(list, said));
                    count += 1;
                }
                said!("{count} shares")
            });
            sizes.finish()
        }
        _ => entry(reader, said),
    }
}

fn entry(list: &mut Reader<'_>, said: &mut Said) -> Words {
    let length = match *list.peek(4) {
        [_, _, high, low] => 4 + usize::from(u16::from_be_bytes([high, low])),
        _ => list.remaining(),
    };
    let mut value = Words::default();
    list.group("KeyShareEntry", length, |entry| {
        let group = entry
            .u16("group", |number| iana::numbered(Table::Group, number))
            .map(Group);
        let key = entry.opaque("key_exchange", 2, "public_key", words::hex);
        let name = group.map_or(Cow::Borrowed(""), Group::name);
        value = said!("{name} · {} B", words::thousands(key.len()));
        said.key_shares
            .extend(group.filter(|group| !iana::is_grease(group.0)));
        value.clone()
    });
    value
}

/// RFC 8446 §4.2.11.
pub(super) fn pre_shared_key(reader: &mut Reader<'_>, place: Place, said: &mut Said) -> Words {
    if place != Place::ClientHello {
        said.chose_psk = true;
        return reader
            .u16("selected_identity", |index| words::number(u64::from(index)))
            .map(|index| said!("identity {index}"))
            .unwrap_or_default();
    }
    said.offers_psk = true;
    let mut count = 0;
    reader.vector("identities", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(2) {
                [high, low] => 6 + usize::from(u16::from_be_bytes([high, low])),
                _ => list.remaining(),
            };
            list.group("PskIdentity", length, |one| {
                let identity = one.opaque("identity", 2, "identity_data", words::hex);
                one.number("obfuscated_ticket_age", 4, words::number);
                words::size(identity.len())
            });
            count += 1;
        }
        words::number(count)
    });
    reader.vector("binders", 2, |list| {
        while list.remaining() > 0 {
            list.opaque("PskBinderEntry", 1, "binder", words::hex);
        }
        Words::default()
    });
    said!("{count} identities")
}
