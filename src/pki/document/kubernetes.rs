//! Kubernetes objects: Secrets and ConfigMaps by their data, everything else by the PEM that stands in it.

use serde_json::Value;
use zeroize::Zeroizing;

use super::super::passphrase::Passphrase;
use super::piece::{Document, Piece};
use super::text::{decoded, holds_something};
use crate::printable::quoted_value;

/// A List's items in the List's place, Lists within Lists too.
pub fn flatten<'a>(document: &'a Value, out: &mut Vec<&'a Value>) {
    let is_list = text(document, "kind").is_some_and(|kind| kind.ends_with("List"));
    match (is_list, document.get("items").and_then(Value::as_array)) {
        (true, Some(items)) => {
            for item in items {
                flatten(item, out);
            }
        }
        // A bare array of objects.
        _ => match document.as_array() {
            Some(all) if all.iter().any(|one| one.get("kind").is_some()) => {
                for one in all {
                    flatten(one, out);
                }
            }
            _ if document.is_null() => {}
            _ => out.push(document),
        },
    }
}

fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// `Secret shop/orders-tls`, `kubeconfig`; nothing for what is no object of Kubernetes. Safe to show.
pub fn name(object: &Value) -> String {
    let Some(kind) = text(object, "kind") else {
        return String::new();
    };
    if is_kubeconfig(object) {
        return "kubeconfig".to_owned();
    }
    let metadata = object.get("metadata");
    let part = |key: &str| metadata.and_then(|metadata| text(metadata, key));
    let name = match (part("namespace"), part("name")) {
        (Some(namespace), Some(name)) => format!("{kind} {namespace}/{name}"),
        (None, Some(name)) => format!("{kind} {name}"),
        _ => kind.to_owned(),
    };
    quoted_value(&name)
}

/// What `kubectl` reads: whose certificate a cluster is shown.
pub fn is_kubeconfig(object: &Value) -> bool {
    text(object, "kind") == Some("Config") && object.get("clusters").is_some()
}

/// What a file of these objects is.
pub fn what(objects: &[&Value]) -> String {
    let is_set = |object: &Value| object.get("keys").is_some_and(Value::is_array);
    match objects {
        [one] if is_kubeconfig(one) => "a kubeconfig".to_owned(),
        [one] if text(one, "kind").is_some() => format!("the Kubernetes {}", name(one)),
        [one] if is_set(one) && one.get("spiffe_sequence").is_some() => "a SPIFFE trust bundle".to_owned(),
        [one] if is_set(one) => "a JSON Web Key Set".to_owned(),
        all if all.iter().any(|one| text(one, "kind").is_some()) => {
            format!("{} Kubernetes objects", all.len())
        }
        _ => "a YAML or JSON document".to_owned(),
    }
}

/// The data of a Secret or a ConfigMap; `false` for any other object.
pub fn values(object: &Value, name: &str, out: &mut Document) -> bool {
    let first = out.pieces.len();
    match text(object, "kind") {
        Some("Secret") => {
            for (key, value) in entries(object, "data") {
                secret_value(format!("{name}, {}", quoted_value(key)), value, out);
            }
            for (key, value) in entries(object, "stringData") {
                plain(name, key, value, out);
            }
        }
        Some("ConfigMap") => {
            for (key, value) in entries(object, "data") {
                plain(name, key, value, out);
            }
            for (key, value) in entries(object, "binaryData") {
                if let Some(bytes) = decoded(value) {
                    out.add(format!("{name}, {}", quoted_value(key)), bytes);
                }
            }
        }
        _ => return false,
    }
    let added = out.pieces.split_off(first.min(out.pieces.len()));
    out.pieces.extend(with_passphrases(added, object));
    true
}

fn entries<'a>(object: &'a Value, of: &str) -> impl Iterator<Item = (&'a String, &'a str)> {
    let all = object.get(of).and_then(Value::as_object);
    all.into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key, value.as_str()?)))
}

fn plain(name: &str, key: &str, value: &str, out: &mut Document) {
    if holds_something(value) {
        let within = format!("{name}, {}", quoted_value(key));
        out.add(within, Zeroizing::new(value.as_bytes().to_vec()));
    }
}

/// Where PEM begins.
const BEGIN: &str = "-----BEGIN ";
/// So often what was encoded again and again is decoded.
const MOST_TIMES: usize = 4;

/// A value of a Secret is base64 once. Twice or not at all is a mistake that people make, and that pods then meet.
fn secret_value(within: String, value: &str, out: &mut Document) {
    if value.contains(BEGIN) {
        out.notes.push(format!(
            "{within} is not encoded: the cluster refuses it or hands out nonsense; put it under stringData, or encode it once"
        ));
        out.add(within, Zeroizing::new(value.as_bytes().to_vec()));
        return;
    }
    let Some(mut bytes) = decoded(value) else { return };
    let mut times = 1;
    let mut inner = bytes.clone();
    for again in 2..=MOST_TIMES {
        let Some(text) = std::str::from_utf8(&inner)
            .ok()
            .filter(|text| !text.contains(BEGIN))
        else {
            break;
        };
        let Some(next) = decoded(text) else { break };
        inner = next;
        // Only what leads to PEM was encoded again: any short word reads as base64.
        if std::str::from_utf8(&inner).is_ok_and(|text| text.contains(BEGIN)) {
            bytes.clone_from(&inner);
            times = again;
        }
    }
    if times > 1 {
        out.notes.push(format!(
            "{within} is encoded {times} times: a pod gets base64 where it expects PEM; encode it once"
        ));
    }
    out.add(within, bytes);
}

/// Operators put the passphrase of a store beside it: `user.p12` and `user.password`, `keystore.jks` and
/// `keystore-password`.
fn with_passphrases(pieces: Vec<Piece>, object: &Value) -> Vec<Piece> {
    let passphrases: Vec<Passphrase> = ["data", "stringData"]
        .into_iter()
        .flat_map(|of| entries(object, of).map(move |(key, value)| (of, key, value)))
        .filter(|(_, key, value)| is_name_of_passphrase(key) && value.len() < 4096)
        .filter_map(|(of, _, value)| {
            let text = if of == "data" {
                String::from_utf8(decoded(value)?.to_vec()).ok()?
            } else {
                value.to_owned()
            };
            Some(Passphrase::new(text))
        })
        .take(8)
        .collect();
    pieces
        .into_iter()
        .map(|piece| Piece {
            passphrases: passphrases.clone(),
            ..piece
        })
        .collect()
}

fn is_name_of_passphrase(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["password", "passphrase", "storepass"]
        .iter()
        .any(|word| key.contains(word))
}

#[cfg(test)]
mod tests;
