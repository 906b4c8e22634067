//! Values of Secrets and ConfigMaps: how often they are encoded, and which of them are passphrases.

use base64::Engine;
use serde_json::json;

use super::*;

fn encoded(text: &str, times: usize) -> String {
    (0..times).fold(text.to_owned(), |text, _| {
        base64::prelude::BASE64_STANDARD.encode(text)
    })
}

fn read(object: &Value) -> Document {
    let mut document = Document::default();
    let name = name(object);
    assert!(values(object, &name, &mut document));
    document
}

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/// Once is right; up to four times it is undone, and how often is said.
#[test]
fn a_value_that_is_encoded_again_and_again_is_opened_and_counted() {
    for times in 1..=4 {
        let object =
            json!({"kind": "Secret", "metadata": {"name": "a"}, "data": {"tls.crt": encoded(PEM, times)}});
        let document = read(&object);
        let [piece] = document.pieces.as_slice() else {
            panic!("{times}: {} pieces", document.pieces.len());
        };
        assert_eq!(piece.bytes.as_slice(), PEM.as_bytes(), "{times} times");
        let words = format!("Secret a, tls.crt is encoded {times} times");
        match (times, document.notes.as_slice()) {
            (1, []) => {}
            (2.., [note]) => assert!(note.starts_with(&words), "{note}"),
            other => panic!("{other:?}"),
        }
    }
    // More often nobody does it; and what only looks encoded is left as it is.
    for (value, wanted) in [
        (encoded(PEM, 5), encoded(PEM, 4)),
        (encoded("changeit", 1), "changeit".to_owned()),
        (encoded("changeit", 2), encoded("changeit", 1)),
    ] {
        let document = read(&json!({"kind": "Secret", "data": {"a": value}}));
        let [piece] = document.pieces.as_slice() else {
            panic!("{wanted}: {} pieces", document.pieces.len());
        };
        assert_eq!(piece.bytes.as_slice(), wanted.as_bytes());
        assert!(document.notes.is_empty(), "{:?}", document.notes);
    }
    let plain = json!({"kind": "Secret", "data": {"tls.crt": PEM}, "stringData": {"ca.crt": PEM, "b": "x"}});
    let document = read(&plain);
    let places: Vec<&str> = document
        .pieces
        .iter()
        .map(|piece| piece.within.as_str())
        .collect();
    assert_eq!(places, ["Secret, tls.crt", "Secret, ca.crt"]);
    assert_eq!(document.notes.len(), 1);
    assert!(document.notes[0].starts_with("Secret, tls.crt is not encoded"));
}

#[test]
fn the_names_under_which_operators_write_a_passphrase() {
    for name in [
        "password",
        "user.password",
        "keystore-password",
        "KEYSTORE_PASSWORD",
        "passphrase",
        "ca.passphrase",
        "storepass",
        "keyStorePass",
    ] {
        assert!(is_name_of_passphrase(name), "{name}");
    }
    for name in [
        "",
        "pass",
        "word",
        "tls.key",
        "ca.crt",
        "store.p12",
        "pass-word",
        "user",
    ] {
        assert!(!is_name_of_passphrase(name), "{name}");
    }
}

/// A passphrase stands beside every value of its object, from both places, and from no other object.
#[test]
fn a_passphrase_goes_with_what_lies_beside_it() {
    let object = |data: Value, plain: Value| json!({"kind": "Secret", "data": data, "stringData": plain});
    let many = |object: &Value| {
        let document = read(object);
        let counts: Vec<usize> = document
            .pieces
            .iter()
            .map(|piece| piece.passphrases.len())
            .collect();
        counts
    };
    let store = encoded("a store", 1);
    let (secret, long, longest) = (encoded("changeit", 1), "x".repeat(4096), "x".repeat(4095));
    assert_eq!(many(&object(json!({"a.p12": store}), json!({}))), [0]);
    // The value of the passphrase's own name is a piece too: what it is, the loader tells.
    assert_eq!(
        many(&object(json!({"a.p12": store, "password": secret}), json!({}))),
        [1, 1]
    );
    assert_eq!(
        many(&object(json!({"a.p12": store}), json!({"storepass": "changeit"}))),
        [1]
    );
    assert_eq!(
        many(&object(
            json!({"a.p12": store, "password": secret}),
            json!({"passphrase": "x"})
        )),
        [2, 2]
    );
    // No passphrase is as long as this, and what is no text is none.
    assert_eq!(
        many(&object(json!({"a.p12": store}), json!({"password": long}))),
        [0]
    );
    assert_eq!(
        many(&object(json!({"a.p12": store}), json!({"password": longest}))),
        [1]
    );
    let noise = base64::prelude::BASE64_STANDARD.encode([0xff, 0xfe]);
    assert_eq!(
        many(&object(json!({"a.p12": store, "password": noise}), json!({}))),
        [0, 0]
    );
    let keys: serde_json::Map<String, Value> = (0..12)
        .map(|number| (format!("password{number:02}"), json!("x")))
        .collect();
    assert_eq!(many(&object(json!({"a.p12": store}), Value::Object(keys))), [8]);
}

#[test]
fn objects_are_called_by_what_they_are() {
    for (object, wanted) in [
        (
            json!({"kind": "Secret", "metadata": {"namespace": "shop", "name": "a"}}),
            "Secret shop/a",
        ),
        (json!({"kind": "Secret", "metadata": {"name": "a"}}), "Secret a"),
        (
            json!({"kind": "Secret", "metadata": {"namespace": "shop"}}),
            "Secret",
        ),
        (json!({"kind": "Secret"}), "Secret"),
        (json!({"kind": "Config", "clusters": []}), "kubeconfig"),
        (json!({"kind": "Config", "metadata": {"name": "a"}}), "Config a"),
        (json!({"metadata": {"name": "a"}}), ""),
    ] {
        assert_eq!(name(&object), wanted, "{object}");
    }
    let secret = json!({"kind": "Secret", "metadata": {"name": "a"}});
    let set = json!({"keys": []});
    let bundle = json!({"keys": [], "spiffe_sequence": 1});
    let other = json!({"a": 1});
    for (objects, wanted) in [
        (vec![&secret], "the Kubernetes Secret a"),
        (vec![&secret, &secret], "2 Kubernetes objects"),
        (vec![&secret, &other, &other], "3 Kubernetes objects"),
        (vec![&set], "a JSON Web Key Set"),
        (vec![&bundle], "a SPIFFE trust bundle"),
        (vec![&bundle, &set], "a YAML or JSON document"),
        (vec![&other], "a YAML or JSON document"),
        (vec![], "a YAML or JSON document"),
    ] {
        assert_eq!(what(&objects), wanted);
    }
}
