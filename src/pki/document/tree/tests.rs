//! What is taken for YAML and for JSON, and what is not: a wrong guess hides a PEM file.

use super::*;

#[test]
fn a_mapping_is_yaml_and_a_line_with_a_colon_is_not() {
    let long = |length: usize| format!("{}: x\n", "k".repeat(length));
    let (hundred, more) = (long(100), long(101));
    for text in [
        "apiVersion: v1\n",
        "apiVersion:\tv1",
        "key:\n  a: b\n",
        "# a word first\n\n  \n---\nkind: List\n",
        "%YAML 1.2\n---\nkind: List\n",
        "- name: a\n",
        "\"tls.crt\": x\n",
        "'a/b-c_d.e': x\n",
        "kind: x\ndata: |\n  -----BEGIN CERTIFICATE-----\n",
        hundred.as_str(),
    ] {
        assert!(is_yaml(text), "{text:?}");
    }
    for text in [
        "",
        "\n# a word\n",
        "http://example.com/\n",
        "C:\\certs\\a.pem\n",
        "12:30:15 it failed\n",
        "a:b\n",
        ": x\n",
        "two words: x\n",
        "Bag Attributes\n",
        "no colon\n",
        // The text before a PEM block, as openssl writes it.
        "subject: CN=a\n-----BEGIN CERTIFICATE-----\n",
        more.as_str(),
    ] {
        assert!(!is_yaml(text), "{text:?}");
    }
}

#[test]
fn an_object_or_an_array_is_json_and_a_section_or_a_template_is_not() {
    for text in [
        "{}",
        " {\n\"a\": 1}",
        "[{}]",
        "[ \"a\"]",
        "[]",
        "[[1]]",
        "{ \"kind\": 1",
    ] {
        assert!(is_json(text), "{text:?}");
    }
    for text in [
        "",
        "[section]\n",
        "{{ template }}",
        "{a: 1}",
        "[1, 2]",
        "x {}",
        "-----BEGIN",
    ] {
        assert!(!is_json(text), "{text:?}");
    }
}
