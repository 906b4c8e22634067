//! YAML and JSON: parsed within a budget, each document handed on as a tree.

use serde::Deserialize;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::super::kinds::Purpose;
use super::kubernetes;
use super::piece::Document;
use super::text::holds_something;
use crate::printable::quoted_value;

/// More documents than a dump of a cluster has.
const MOST_DOCUMENTS: usize = 4096;
/// An object or an array.
pub fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let is_next = |begin: char, next: &[char]| {
        text.strip_prefix(begin)
            .is_some_and(|rest| rest.trim_start().starts_with(next))
    };
    // A section of TOML begins with a bracket too, and a template with two braces.
    is_next('{', &['"', '}']) || is_next('[', &['{', '[', '"', ']'])
}

/// Whether its first line that says something is a key of a mapping, and no PEM block begins at a line's start: in YAML
/// they are indented.
pub fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| {
        !line.trim().is_empty() && !line.trim_start().starts_with('#') && !line.starts_with('%')
    });
    let mut first = lines.next();
    if first.is_some_and(|line| line.starts_with("---") && !line.starts_with("-----")) {
        first = lines.next();
    }
    let first = first.unwrap_or_default();
    let first = first.strip_prefix("- ").unwrap_or(first).trim_start();
    let key = first
        .split_once(':')
        .map(|(key, rest)| (key.trim_matches(['"', '\'']), rest));
    let is_key = key.is_some_and(|(key, rest)| {
        !key.is_empty()
            && key.len() <= 100
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte))
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
    });
    is_key && !text.lines().any(|line| line.starts_with("-----BEGIN "))
}

/// The pieces of all documents in it. `Err` says where it cannot be read: never what stands there, which may be a key.
pub fn tree(text: &str) -> Result<Document, (Option<usize>, String)> {
    let mut documents = if is_json(text) { json(text)? } else { yaml(text)? };
    let document = of_all(&documents);
    documents.iter_mut().for_each(wipe);
    Ok(document)
}

fn json(text: &str) -> Result<Vec<Value>, (Option<usize>, String)> {
    let mut documents = Vec::new();
    for value in serde_json::Deserializer::from_str(text)
        .into_iter::<Value>()
        .take(MOST_DOCUMENTS)
    {
        documents.push(value.map_err(|error| (Some(error.line()), "this JSON cannot be read".to_owned()))?);
    }
    Ok(documents)
}

fn yaml(text: &str) -> Result<Vec<Value>, (Option<usize>, String)> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 64,
            max_documents: MOST_DOCUMENTS,
            max_anchors: 256,
            max_aliases: 256,
            max_recorded_anchor_bytes: 4 * 1024 * 1024,
            max_total_scalar_bytes: 64 * 1024 * 1024,
            max_nodes: 250_000,
        },
        with_snippet: false,
    };
    serde_saphyr::from_multiple_with_options::<Lenient>(text, options)
        .map(|all| all.into_iter().map(|Lenient(value)| value).collect())
        .map_err(|error| {
            let line = error.location().map(|place| place.line() as usize);
            (line, "this YAML cannot be read".to_owned())
        })
}

/// A tree of YAML.
#[derive(Deserialize)]
#[serde(transparent)]
struct Lenient(Value);

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(all) => all.iter_mut().for_each(wipe),
        Value::Object(all) => all.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn of_all(documents: &[Value]) -> Document {
    let mut out = Document::default();
    let mut objects = Vec::new();
    for document in documents {
        kubernetes::flatten(document, &mut objects);
    }
    for object in &objects {
        let name = kubernetes::name(object);
        if !kubernetes::values(object, &name, &mut out) {
            keys_of_jwks(object, &mut out);
            strings(object, &name, &mut String::new(), 0, &mut out);
        }
    }
    out.what = kubernetes::what(&objects);
    // What is beside a kubeconfig in the same file is its user's as well.
    out.meant_for = objects
        .iter()
        .any(|object| kubernetes::is_kubeconfig(object))
        .then_some(Purpose::ClientAuth);
    out
}

/// The certificates of a JSON Web Key Set (RFC 7517 §4.7): SPIFFE's trust bundles are such (SPIFFE Trust Domain and Bundle §4).
fn keys_of_jwks(object: &Value, out: &mut Document) {
    let Some(keys) = object.get("keys").and_then(Value::as_array) else {
        return;
    };
    let mut for_tokens = 0;
    for (at, key) in keys.iter().enumerate() {
        let Some(certificates) = key.get("x5c").and_then(Value::as_array) else {
            for_tokens += usize::from(key.get("kty").is_some());
            continue;
        };
        for text in certificates.iter().filter_map(Value::as_str) {
            out.add(
                format!("key {} of the set", at + 1),
                Zeroizing::new(text.as_bytes().to_vec()),
            );
        }
    }
    if for_tokens > 0 {
        out.notes.push(format!(
            "{for_tokens} of its keys have no certificate (they sign tokens) and are not used"
        ));
    }
}

/// Every string that holds PEM, in the clear or as base64, under the path that leads to it.
fn strings(value: &Value, name: &str, path: &mut String, depth: usize, out: &mut Document) {
    /// As deep as the parsers go.
    const DEEPEST: usize = 130;
    if depth > DEEPEST {
        return;
    }
    let length = path.len();
    match value {
        Value::String(text) if holds_something(text) => {
            let within = match (name.is_empty(), path.is_empty()) {
                (true, _) => quoted_value(path),
                (false, true) => name.to_owned(),
                (false, false) => format!("{name}, {}", quoted_value(path)),
            };
            out.add(within, Zeroizing::new(text.as_bytes().to_vec()));
        }
        Value::Array(all) => {
            for (at, one) in all.iter().enumerate() {
                let own = one.get("name").and_then(Value::as_str);
                path.push_str(&own.map_or_else(|| format!("[{at}]"), |own| format!("[{own}]")));
                strings(one, name, path, depth + 1, out);
                path.truncate(length);
            }
        }
        Value::Object(all) => {
            for (key, one) in all {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
                strings(one, name, path, depth + 1, out);
                path.truncate(length);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
