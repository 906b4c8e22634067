//! Rules with a limit each: what DER is, what a place is called, what prints a certificate, how numbers and names are written.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::der::tagged;
use super::{Passphrases, Recipe, mint};

/// DER that is sound and nothing of ours has a name, and what differs from it by one thing has not.
#[test]
fn other_der_is_named_by_its_form() {
    let (sequence, integer) = (
        |parts: &[&[u8]]| tagged(0x30, &parts.concat()),
        |bytes: &[u8]| tagged(2, bytes),
    );
    let oid = tagged(6, &[42, 3]);
    let algorithm = sequence(&[&oid]);
    let bits = tagged(3, &[0, 1]);
    let info = sequence(&[&algorithm, &bits]);
    let modulus = integer(&[7; 33]);
    let exponent = integer(&[3]);
    let hash = tagged(4, &[1; 20]);
    let more = [5u8, 0];
    let request = |key: &[u8], behind: &[u8]| {
        let body = sequence(&[&integer(&[0]), &sequence(&[]), key, &tagged(0xa0, &[])]);
        sequence(&[&body, &algorithm, &bits, behind])
    };
    let question = |algorithm: &[u8], behind: &[u8]| {
        let certificate = sequence(&[algorithm, &hash, &hash, &integer(&[9]), behind]);
        let one = sequence(&[&certificate]);
        sequence(&[&sequence(&[&tagged(0xa0, &integer(&[0])), &sequence(&[&one])])])
    };
    let name = |bytes: &[u8]| super::load_der_other::named(bytes, "f.der").map(|(what, _)| what);
    let key = Some("this is a public key alone");
    let csr = Some("this is a certificate signing request, not a certificate");
    let ocsp = Some("this is a question to an OCSP responder, not its answer");
    for (case, bytes, wanted) in [
        ("a public key", info.clone(), key),
        ("more behind it", [&info[..], &more].concat(), None),
        ("more in it", sequence(&[&algorithm, &bits, &more]), None),
        ("no OID", sequence(&[&sequence(&[&exponent]), &bits]), None),
        ("no bits", sequence(&[&algorithm, &exponent]), None),
        ("RSA's", sequence(&[&modulus, &exponent]), key),
        (
            "a short modulus",
            sequence(&[&integer(&[7; 32]), &exponent]),
            None,
        ),
        (
            "a third number",
            sequence(&[&modulus, &exponent, &exponent]),
            None,
        ),
        ("one number", sequence(&[&modulus]), None),
        ("a request", request(&info, &[]), csr),
        ("a request with more behind it", request(&info, &more), None),
        (
            "a request with no key",
            request(&sequence(&[&algorithm, &bits, &more]), &[]),
            None,
        ),
        ("a question", question(&algorithm, &[]), ocsp),
        ("a question with more in it", question(&algorithm, &more), None),
        (
            "a question with no OID",
            question(&sequence(&[&exponent]), &[]),
            None,
        ),
        ("nothing", Vec::new(), None),
    ] {
        assert_eq!(name(&bytes), wanted, "{case}");
    }
}

#[test]
fn a_certificate_without_a_name_of_its_own_is_known_by_its_place() {
    let is = super::load_opened::is_nameless;
    for (within, wanted) in [
        ("certificate 2", true),
        ("Secret a, certificate 12", true),
        ("certificate 2, alias x", false),
        ("certificate 2x", false),
        ("certificate x", false),
        ("a certificate 2", false),
        ("alias certificate", false),
    ] {
        assert_eq!(is(within), wanted, "{within}");
    }
}

/// What prints one certificate of a file, for each thing that a file may be.
#[test]
fn each_wrapping_has_its_command() {
    use super::wrapping::{Wrapping, certificate_out_of, certificates_out_of};
    let recipes: Vec<Recipe> = ron::from_str(r#"[(name: "a", subject: "a")]"#).expect("recipes");
    let minted = mint(&recipes, 1_800_000_000).expect("it mints");
    let der = &minted.find("a").expect("minted").certificate.der;
    let mut seen = Vec::new();
    for (wrapping, start) in [
        (
            Wrapping::Pkcs12 { is_legacy: false },
            "openssl pkcs12 -in f -nokeys",
        ),
        (
            Wrapping::Pkcs12 { is_legacy: true },
            "openssl pkcs12 -legacy -in f -nokeys",
        ),
        (
            Wrapping::Pkcs7 { is_pem: true },
            "openssl pkcs7 -in f -print_certs",
        ),
        (
            Wrapping::Pkcs7 { is_pem: false },
            "openssl pkcs7 -inform DER -in f -print_certs",
        ),
        (
            Wrapping::JavaStore { is_jceks: false },
            "keytool -list -rfc -keystore f",
        ),
        (
            Wrapping::JavaStore { is_jceks: true },
            "keytool -list -rfc -keystore f -storetype JCEKS",
        ),
        (Wrapping::Text, "awk '{sub(/^[ \\t]+/,\"\")} 1' f"),
        (Wrapping::Base64 { is_pem: true }, "base64 -d f"),
        (
            Wrapping::Base64 { is_pem: false },
            "base64 -d f | openssl x509 -inform DER",
        ),
    ] {
        let one = certificate_out_of(wrapping, "f", der);
        let all = certificates_out_of(wrapping, "f").expect("there is one");
        assert!(all.starts_with(&format!("{start} | ")), "{all}");
        let rest = one.strip_prefix(start).unwrap_or_else(|| panic!("{one}"));
        if wrapping == (Wrapping::Base64 { is_pem: false }) {
            assert_eq!(rest, "");
        } else {
            assert!(rest.starts_with(" | awk '/BEGIN CERTIFICATE-/"), "{one}");
            seen.push(rest.to_owned());
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "the same certificate is meant");
    assert_eq!(certificates_out_of(Wrapping::Other, "f"), None);
    assert_eq!(
        certificate_out_of(Wrapping::Other, "f", der),
        format!(
            "echo {} | base64 -d | openssl x509 -inform DER",
            STANDARD.encode(der)
        )
    );
}

#[test]
fn names_for_an_extension_file_are_der_in_their_order() {
    use super::reissue::names_as_der;
    for (words, whole, wanted) in [
        (&[][..], vec![], "DER:3000"),
        (&[("DNS", "a")], vec![], "DER:3003820161"),
        (&[("email", "a"), ("URI", "b")], vec![], "DER:3006810161860162"),
        (&[("IP", "10.0.0.1")], vec![], "DER:300687040A000001"),
        (
            &[("IP", "::1")],
            vec![],
            "DER:3012871000000000000000000000000000000001",
        ),
        (&[("IP", "nowhere"), ("DNS", "a")], vec![], "DER:3003820161"),
        (
            &[("DNS", "a")],
            vec![vec![0x88, 1, 42], vec![0xa0, 0]],
            "DER:300882016188012AA000",
        ),
    ] {
        assert_eq!(names_as_der(words, &whole), wanted, "{words:?}");
    }
}

#[test]
fn names_of_oids_are_found_and_numbers_borrow() {
    use super::oids::{oid_dotted, oid_name};
    assert_eq!(oid_name("2.5.4.3"), Some("commonName"));
    assert_eq!(oid_name("2.5.4.300"), None);
    let of = |mut number: u128| {
        let mut digits = vec![(number & 0x7f) as u8];
        while number >> 7 > 0 {
            number >>= 7;
            digits.push((number & 0x7f) as u8 | 0x80);
        }
        digits.reverse();
        oid_dotted(&digits).into_owned()
    };
    let thousand_millions = 1_000_000_000u128;
    for number in [
        80,
        159,
        thousand_millions - 1,
        thousand_millions,
        thousand_millions + 5,
        thousand_millions + 79,
        thousand_millions + 80,
        thousand_millions * 7 + 3,
        thousand_millions * thousand_millions + 3,
        thousand_millions * thousand_millions + 80,
    ] {
        assert_eq!(of(number), format!("2.{}", number - 80));
    }
}

#[test]
fn small_rules_at_their_limits() {
    let one = |word: &str| super::Passphrase::new(word.to_owned());
    let mut all = Passphrases::NONE;
    for word in ["a", "b", "a", "c"] {
        all.add_within(one(word), 2);
    }
    let words = |all: &Passphrases| all.iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&all), ["c", "a"]);
    all.add_within(one("a"), 9);
    assert_eq!(words(&all), ["a", "c"]);
    // The year 0, and the last second before it.
    assert_eq!(super::moment_rfc3339(-62_167_219_200), "0000-01-01T00:00:00Z");
    assert_eq!(super::moment_rfc3339(-62_167_219_201), "-62167219201");
    for (value, wanted) in [
        ("./a.b", "./a.b"),
        ("../a", "../a"),
        ("/a.b", "/a.b"),
        ("a/b", "a/b"),
        (".a/b", "\".a/b\""),
        ("a", "\"a\""),
        ("1/2", "\"1/2\""),
    ] {
        assert_eq!(super::yaml_scalar(value), wanted);
    }
}
