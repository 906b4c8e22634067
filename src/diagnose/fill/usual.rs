//! What commands need besides what is known of a case: names of files beside the leaf's, of a Secret, the names to issue for.
//! What nobody knows gets a name that is plainly none of the user's: `KEY.pem`.

use std::collections::HashSet;

use super::file_names::{chain_file_of, resource_of};
use super::traits::Trait;
use super::values::Fill;
use crate::capture::Side;
use crate::pki::{
    CERTIFICATES_OF, KeptExtension, Wrapping, key_out_of, names_as_der, openssl_value, shell_file,
    shell_quote, subject_value,
};

/// Stands for a private key whose file nobody named.
const KEY: &str = "KEY.pem";
/// Stands for the private key of the CA at fault.
const OWN_KEY: &str = "INTERMEDIATE-KEY.pem";
/// Stands for the certificate of a CA that is not at hand.
pub(in crate::diagnose) const CA: &str = "CA.pem";
/// Stands for a CA's private key, which is never at hand.
const CA_KEY: &str = "CA-KEY.pem";
/// Stands for the private key of the issuer, where another CA's stands beside it.
const ISSUER_KEY: &str = "ISSUER-KEY.pem";
/// Stands for a revocation list that was in no file.
const LIST: &str = "LIST.pem";
/// Stands for a leaf that is not at hand.
const LEAF: &str = "LEAF.pem";
/// Stands for the certificate of an intermediate that nobody here has.
const INTERMEDIATE: &str = "INTERMEDIATE.pem";
/// Stands for names that are too many for a command.
const NAMES: &str = "NAMES";
/// Stands for a subject that is too long for a command.
const SUBJECT: &str = "SUBJECT";

/// More letters of names are not put on a command line.
const MOST_OF_NAMES: usize = 8 * 1024;
/// A longer subject is not put on a command line.
const MOST_OF_SUBJECT: usize = 2 * 1024;

/// The same with everything that a template can ask for.
pub(in crate::diagnose) fn completed(fill: &Fill) -> Fill {
    let mut whole = fill.clone();
    let sender = fill.value("sender").unwrap_or("peer").to_owned();
    let judge = fill.value("judge").unwrap_or("peer").to_owned();
    let leaf_file = fill
        .value("leaf_file")
        .map_or_else(|| format!("{sender}.pem"), str::to_owned);
    let name = fill.value("name").unwrap_or(&sender).to_owned();
    let resource = resource_of(&leaf_file);
    whole.usual("chain_file", chain_file_of(&leaf_file));
    whole.usual("key_file", KEY);
    whole.usual("new", format!("{resource}-new"));
    whole.usual("new_trust", "new-trust.pem");
    whole.usual("new_list", "new-list.pem");
    let used_key = if fill.has(Trait::NewKey) {
        format!("{}.key", whole.value("new").unwrap_or_default())
    } else {
        whole.value("key_file").unwrap_or(KEY).to_owned()
    };
    whole.usual("used_key", used_key);
    whole.usual("secret", format!("{resource}-tls"));
    whole.usual("judge_resource", judge.as_str());
    whole.usual("ca_resource", "intermediate");
    let ca_resource = whole.value("ca_resource").unwrap_or_default().to_owned();
    whole.usual("ca_new", format!("{ca_resource}-new"));
    whole.usual("resource", resource);
    whole.usual("file", leaf_file.as_str());
    whole.usual("leaf_file", leaf_file);
    whole.usual("name", name.as_str());
    let needed = if sender == Side::Client.word() {
        "clientAuth"
    } else {
        "serverAuth"
    };
    whole.usual("needed", needed);
    whole.usual("purposes", "serverAuth,clientAuth");
    whole.usual("usage", "critical,digitalSignature");
    whole.usual("constraints", "critical,CA:TRUE");
    whole.usual("ca_usage", "critical,keyCertSign,cRLSign");
    whole.usual("new_ca", "new-ca");
    whole.usual("issuer_subj", "/CN=New CA");
    whole.usual("upper_ca", CA);
    whole.usual("twin", format!("the one that the {judge} knows"));
    whole.usual("twin_file", CA);
    whole.usual("key_of", "another certificate");
    whole.usual("key_id", "hash");
    for subject in ["subj", "ca_subj"] {
        let is_long = whole
            .value(subject)
            .is_some_and(|text| text.len() > MOST_OF_SUBJECT);
        if is_long {
            whole = whole.with(subject, format!("/CN={SUBJECT}"));
        }
        let common_name = if name.len() > MOST_OF_SUBJECT {
            SUBJECT.to_owned()
        } else {
            subject_value(&name)
        };
        whole.usual(subject, format!("/CN={common_name}"));
    }
    whole.usual("trust_file", format!("{judge}-trust.pem"));
    for file in ["ca_file", "issuer_file"] {
        whole.usual(file, CA);
    }
    whole.usual("ca_meaning", "the certificate of the CA that signs");
    whole.usual("ca_key", CA_KEY);
    // A root signs itself.
    whole.usual("own_key", if whole.has(Trait::Root) { CA_KEY } else { OWN_KEY });
    let issuer_key = if whole.has(Trait::IssuerIsBelow) {
        ISSUER_KEY.to_owned()
    } else {
        whole.value("ca_key").unwrap_or(CA_KEY).to_owned()
    };
    whole.usual("issuer_key", issuer_key);
    whole.usual("issuer_key_id", "hash");
    whole.usual("issuer_usage", "critical,keyCertSign,cRLSign");
    whole.usual("issuer_constraints", "critical,CA:TRUE");
    whole.usual("issuer_why", "it cannot issue what is asked for");
    whole.usual("list_file", LIST);
    let new_list = whole.value("new_list").unwrap_or_default().to_owned();
    whole.usual("all_lists", new_list);
    whole.usual("expected", "NAME");
    whole.usual("issuer_is", "which was neither sent nor trusted");
    whole.usual("which", "certificate");
    whole.usual("what", "certificate");
    whole.usual("did", "ended the handshake");
    whole.usual("renewed", "another certificate");
    // A wildcard for a name stands in place of its first label.
    let expected = fill.value("expected").unwrap_or_default();
    let is_address = expected.parse::<std::net::IpAddr>().is_ok();
    whole.usual("check", if is_address { "checkip" } else { "checkhost" });
    whole.usual(
        "level_below",
        expected
            .split_once('.')
            .filter(|_| !is_address)
            .map_or_else(|| "*.NAME".to_owned(), |(_, domain)| format!("*.{domain}")),
    );
    // A name that begins as an option does is told apart from one.
    let is_like_an_option = name.starts_with('-');
    whole.usual_command("no_option", if is_like_an_option { " --" } else { "" });
    add_names(&mut whole, &name);
    add_extensions(&mut whole);
    add_commands(&mut whole);
    whole
}

/// The names to issue for, as step, a request and an extension file take them.
fn add_names(whole: &mut Fill, name: &str) {
    let mut names = match &whole.names {
        Some(names) => names.clone(),
        None if name.is_empty() => Vec::new(),
        None if name.len() > MOST_OF_NAMES => vec![format!("DNS:{NAMES}")],
        None => vec![format!("DNS:{name}")],
    };
    if names.iter().map(String::len).sum::<usize>() > MOST_OF_NAMES {
        names = vec![format!("DNS:{NAMES}")];
    }
    let pairs: Vec<(&str, &str)> = names.iter().filter_map(|name| name.split_once(':')).collect();
    let flags: Vec<String> = pairs
        .iter()
        .map(|(_, value)| format!(" --san {}", shell_quote(value)))
        .collect();
    whole.usual_command("san_flags", flags.concat());
    // Where the subject is empty, the names are all that says who it is (RFC 5280 §4.2.1.6).
    if !whole.names_in_der.is_empty() {
        add_names_in_der(whole, &names);
        return;
    }
    let critical = if whole.value("subj") == Some("/") {
        "critical,"
    } else {
        ""
    };
    if names.is_empty() {
        for nothing in ["addext_san", "ext_san", "ext_names"] {
            whole.usual_command(nothing, "");
        }
        return;
    }
    if names.iter().all(|name| is_plain_name(name)) {
        let value = shell_quote(&format!("{critical}{}", names.join(",")));
        whole.usual_command("addext_san", format!(" -addext subjectAltName={value}"));
        whole.usual_command("ext_san", format!(" subjectAltName={value}"));
        whole.usual_command("ext_names", "");
        return;
    }
    // A comma parts names, and much else means something: then each stands on a line of its own, in a section (x509v3_config(5)).
    let reference = format!("subjectAltName={critical}@names");
    let mut section = vec!["[names]".to_owned()];
    section.extend(
        pairs
            .iter()
            .enumerate()
            .map(|(at, (kind, value))| format!("{kind}.{}={}", at + 1, openssl_value(value))),
    );
    let words: Vec<String> = section
        .iter()
        .map(|line| format!(" {}", shell_quote(line)))
        .collect();
    let together = shell_quote(&format!("{reference}\n{}", section.join("\n")));
    whole.usual_command("addext_san", format!(" -addext {together}"));
    whole.usual_command("ext_san", format!(" {}", shell_quote(&reference)));
    whole.usual_command("ext_names", words.concat());
}

/// All names as DER: some of them have no word of OpenSSL's.
fn add_names_in_der(whole: &mut Fill, names: &[String]) {
    let critical = if whole.value("subj") == Some("/") {
        "critical,"
    } else {
        ""
    };
    let pairs: Vec<(&str, &str)> = names.iter().filter_map(|name| name.split_once(':')).collect();
    let value = shell_quote(&format!(
        "{critical}{}",
        names_as_der(&pairs, &whole.names_in_der)
    ));
    whole.usual_command("addext_san", format!(" -addext subjectAltName={value}"));
    whole.usual_command("ext_san", format!(" subjectAltName={value}"));
    whole.usual_command("ext_names", "");
}

/// The extensions that are kept as they were, and in words those that are not.
fn add_extensions(whole: &mut Fill) {
    let lines = |kept: &[KeptExtension]| -> String {
        let lines = kept.iter().filter_map(|one| one.line.as_deref());
        lines.fold(String::new(), |all, line| all + " " + &shell_quote(line))
    };
    let (own, ca, issuer) = (
        lines(&whole.kept),
        lines(&whole.ca_kept),
        lines(&whole.issuer_kept),
    );
    // Where OpenSSL copies all of them, none is stated.
    let is_copying = !whole.has_command("copy");
    let left_out = |kept: &[KeptExtension]| {
        let names: Vec<&str> = kept
            .iter()
            .filter(|one| one.line.is_none())
            .map(|one| one.words.as_str())
            .collect();
        if names.is_empty() {
            String::new()
        } else {
            format!(" Not kept of the old one: {}.", names.join(", "))
        }
    };
    let (mut own_left, ca_left) = (left_out(&whole.kept), left_out(&whole.ca_kept));
    let issuer_left = left_out(&whole.issuer_kept);
    let ca_same_left = if is_copying {
        String::new()
    } else {
        ca_left.clone()
    };
    whole.usual("ca_same_left_out", ca_same_left);
    whole.usual("issuer_left_out", issuer_left);
    whole.usual_command("issuer_ext_others", issuer);
    whole.usual_command("ca_ext_kept", if is_copying { "" } else { &ca });
    let has_no_id = whole.is_left_out("authority");
    if has_no_id && !whole.has(Trait::IssuerAgain) {
        own_left += " The CA has no subjectKeyIdentifier, so that no authorityKeyIdentifier can name it.";
    }
    whole.usual_command("ext_others", own);
    whole.usual_command("root_ext_kept", ca.as_str());
    whole.usual_command("ca_ext_others", ca);
    whole.usual("left_out", own_left);
    whole.usual("ca_left_out", ca_left);
    whole.usual_command("authority", " authorityKeyIdentifier=keyid");
}

/// Whether OpenSSL reads a name in a list as it is written.
fn is_plain_name(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-*:/@+~%=?&".contains(&byte))
}

/// Commands that were not made from what is known of the files; of a certificate that is alone in its file, there is
/// nothing to take out.
fn add_commands(whole: &mut Fill) {
    for nothing in [
        "take",
        "take_ca",
        "take_twin",
        "join_right",
        "take_issuer",
        "take_list",
        "ca_purposes",
        "partial_chain",
        "use_renewed",
        "join_lists",
        "join_new_trust",
        "join_self_trust",
        "take_upper_ca",
        "upper_authority",
    ] {
        whole.usual_command(nothing, "");
    }
    whole.usual_command("pem", CERTIFICATES_OF);
    for (name, template) in [
        ("untrusted", " -untrusted {leaf_file}"),
        ("copy", " -copy_extensions copyall"),
        ("join_chain", "{pem} {leaf_file} {issuer_file} > {chain_file}"),
        ("join_trust", "{pem} {trust_file} {ca_file} > {new_trust}"),
        ("join_own_trust", "{pem} {trust_file} {file} > {new_trust}"),
        ("join_new_root", "{pem} {ca_new}.pem > {new_trust}"),
        ("new_chain", "{pem} {new}.pem > {chain_file}"),
        ("new_ca_leaf_chain", "{pem} {new}.pem {new_ca}.pem > {chain_file}"),
        ("new_ca_chain", "{pem} {leaf_file} {ca_new}.pem > {chain_file}"),
        ("sign_below_chain", "{pem} {new}.pem {file} > {chain_file}"),
        (
            "issuer_request",
            "openssl x509 -x509toreq -in {ca_file} -signkey {issuer_key} -out {new_ca}.csr",
        ),
        ("in_order", "{pem} LEAF.pem {file} > {chain_file}"),
    ] {
        whole.usual_template(name, template);
    }
}

/// The key's file: as the user named it, or as PEM made of it, which is the one form that every tool reads. `form`: whether it is
/// DER, and what it has to be taken out of; where no command does that, it stays one that stands for it.
pub(in crate::diagnose) fn with_key(
    fill: Fill,
    file: &str,
    (is_der, wrapping): (bool, Option<Wrapping>),
    free: impl Fn(&str) -> String,
) -> Fill {
    let pem = free(&format!("{}-key.pem", resource_of(file)));
    if let Some(wrapping) = wrapping {
        return match key_out_of(wrapping, file, &pem) {
            Some(commands) => fill.with_prepared("key_file", pem, commands),
            None => fill,
        };
    }
    if !is_der {
        return fill.with("key_file", file);
    }
    let command = format!(
        "openssl pkey -inform DER -in {} -out {}",
        shell_file(file),
        shell_file(&pem)
    );
    fill.with_prepared("key_file", pem, vec![command])
}

/// What the placeholders in these commands stand for, as sentences; empty where there are none. `told` is what was said
/// already.
pub(in crate::diagnose) fn placeholders(fill: &Fill, commands: &[String], told: &[&str]) -> String {
    let sender = fill.value("sender").unwrap_or("peer");
    let value = |name: &'static str| match fill.value(name) {
        Some(_) => name,
        None => "",
    };
    let said = |template: &'static str, name: &'static str| {
        if value(name).is_empty() {
            "the CA".to_owned()
        } else {
            fill.sentence(template)
        }
    };
    let is_between_words = |c: char| !(c.is_alphanumeric() || "-._".contains(c));
    // Read once for all names: this is done for every remedy of every cause.
    let used: HashSet<&str> = commands
        .iter()
        .flat_map(|command| command.split(is_between_words))
        .collect();
    [
        (KEY, format!("the {sender}'s private key")),
        (OWN_KEY, format!("the private key of {}", said("{subject}", "subject"))),
        (CA, said("{ca_meaning}", "ca_meaning")),
        (CA_KEY, "the private key of the CA that signs".to_owned()),
        (
            ISSUER_KEY,
            format!("the private key of {}", said("{issuer}", "issuer")),
        ),
        (LIST, "the revocation list".to_owned()),
        (LEAF, format!("the {sender}'s own certificate")),
        (
            INTERMEDIATE,
            "the certificate of the intermediate that may be missing".to_owned(),
        ),
        (
            NAMES,
            "all the names of the certificate, which are too many for a line: openssl x509 -noout -ext subjectAltName prints them"
                .to_owned(),
        ),
        (
            SUBJECT,
            "the subject of the certificate, which is too long for a line: openssl x509 -noout -subject prints it".to_owned(),
        ),
    ]
    .into_iter()
    .filter(|(name, _)| used.contains(name))
    .map(|(name, meaning)| format!(" {name} stands for {meaning}."))
    .filter(|sentence| !told.iter().any(|text| text.contains(sentence.as_str())))
    .collect()
}
