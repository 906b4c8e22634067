//! What no message can carry: a sentence each, where the library would end the whole program.

use super::hostile::run;
use crate::support::chain_files::Folder;
use crate::support::command::mtlscope;
use crate::support::pem::pem;
use crate::support::pki::minted;

/// RFC 7301 §3.1. The library ends the whole program over what does not fit into a hello.
#[test]
fn protocols_that_no_hello_can_carry_get_a_sentence() {
    let name = |count: usize| "x".repeat(count);
    let many = |count: usize| vec![name(255); count].join(",");
    for (protocols, fits) in [
        (name(255), true),
        (name(256), false),
        (many(128), true),
        (many(129), false),
    ] {
        for flag in ["--client-alpn", "--server-alpn"] {
            let output = mtlscope(&["lab", flag, &protocols]);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                said.contains("(ALPN) cannot be sent"),
                !fits,
                "{flag} {}: {said}",
                protocols.len()
            );
            assert_eq!(output.status.code() == Some(2), !fits, "{flag}: {said}");
        }
    }
}

/// RFC 8446 §4.2.4: a server names the CAs that it trusts, and a message has an end. So many are refused with a sentence.
#[test]
fn more_authorities_than_a_request_can_name_get_a_sentence() {
    let long = "x".repeat(240);
    // Each name has 263 bytes as the request has it: a common name of 243, its type, four headers, and two for its length.
    for (count, fits) in [(247, true), (248, false)] {
        let recipes: Vec<String> = (0..count)
            .map(|n| format!(r#"(name: "{n}", subject: "{n:03}{long}", is_ca: true)"#))
            .collect();
        let pki = minted(&format!("[{}]", recipes.join(",")));
        let folder = Folder::new(minted("[]"));
        let all: String = (0..count)
            .map(|n| {
                pem(
                    "CERTIFICATE",
                    &pki.find(&n.to_string()).expect("minted").certificate.der,
                )
            })
            .collect();
        folder.write("all.pem", all);
        for asks in ["required", "optional", "none"] {
            let output = run(
                &folder,
                &["lab", "--server-trust", "all.pem", "--client-auth", asks],
            );
            let said = String::from_utf8_lossy(&output.stderr);
            let is_refused = !fits && asks != "none";
            assert_eq!(
                said.contains("cannot name them all"),
                is_refused,
                "{count} {asks}: {said}"
            );
            assert_eq!(
                output.status.code() == Some(2),
                is_refused,
                "{count} {asks}: {said}"
            );
        }
    }
}
