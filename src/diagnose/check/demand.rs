//! What a program asks for when it is told to, although no rule does: OpenVPN's remote-cert-tls and remote-cert-ku
//! (openvpn(8); x509_verify_cert_ku and x509_verify_cert_eku in src/openvpn/ssl_verify_openssl.c).

use super::case::Case;
use crate::capture::Side;
use crate::diagnose::{Asker, Demand, Role};
use crate::pki::KeyUsage;

const WHO: Asker = Asker::OpenVpn;

/// keyUsage as OpenVPN writes it: the first bit of RFC 5280 §4.2.1.3 is the highest of the first byte.
fn number(usage: KeyUsage) -> u8 {
    [
        (usage.digital_signature, 0x80),
        (usage.non_repudiation, 0x40),
        (usage.key_encipherment, 0x20),
        (usage.data_encipherment, 0x10),
        (usage.key_agreement, 0x08),
        (usage.key_cert_sign, 0x04),
        (usage.crl_sign, 0x02),
    ]
    .into_iter()
    .filter_map(|(is_set, bit)| is_set.then_some(bit))
    .sum()
}

/// `remote-cert-tls server` of version 2.3, and remote-cert-ku of every version.
pub(super) fn key_usage(case: &Case<'_>, usage: Option<KeyUsage>) -> Option<Demand> {
    if case.role != Role::Leaf {
        return None;
    }
    let side = case.judge.peer().word();
    let (setting, asks_for, words) = match usage {
        None => (
            format!("remote-cert-tls {side}"),
            "a keyUsage",
            format!(
                "it has no keyUsage, and OpenVPN with remote-cert-tls {side} asks for one (Certificate does not have key usage extension)"
            ),
        ),
        Some(usage) if case.judge == Side::Client && usage.digital_signature => {
            let has = usage.key_encipherment || usage.key_agreement;
            if has {
                return None;
            }
            let setting = "remote-cert-ku a0 88, or up to version 2.3 with remote-cert-tls server,";
            let words = format!(
                "digitalSignature is among its uses, but neither keyEncipherment nor keyAgreement: OpenVPN with {setting} refuses it \
                 (Certificate has key usage {:04x}, expects 00a0)",
                number(usage)
            );
            (setting.to_owned(), "keyEncipherment or keyAgreement", words)
        }
        Some(_) => return None,
    };
    Some(Demand {
        who: WHO,
        setting,
        asks_for: asks_for.to_owned(),
        words,
    })
}

/// `remote-cert-tls` of every version: the purpose has to be stated.
pub(super) fn purpose(case: &Case<'_>) -> Option<Demand> {
    let (side, purpose) = match case.judge {
        Side::Client => ("server", "serverAuth"),
        Side::Server => ("client", "clientAuth"),
    };
    (case.role == Role::Leaf).then(|| Demand {
        who: WHO,
        setting: format!("remote-cert-tls {side}"),
        asks_for: format!("{purpose} in an extendedKeyUsage"),
        words: format!(
            "it has no extendedKeyUsage, and OpenVPN with remote-cert-tls {side} asks for {purpose} in it (Certificate does not have \
             extended key usage extension)"
        ),
    })
}
