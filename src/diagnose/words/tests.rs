//! The asset holds to its rules, whatever the case.

use super::*;

fn fill(sender: Side) -> Fill {
    Fill::default()
        .with("sender", sender.word())
        .with("judge", sender.peer().word())
        .with_names(vec![
            "DNS:orders.shop.svc".to_owned(),
            "URI:spiffe://shop/orders".to_owned(),
        ])
        .with("leaf_file", "certs/orders.pem")
        .with("name", "orders")
}

#[test]
fn every_cause_has_its_words_its_rule_and_a_command() {
    let book = read(include_str!("../../../assets/causes.ron")).expect("the asset parses");
    assert_eq!(book.causes.len(), CauseId::ALL.len());
    for id in CauseId::ALL {
        let template = book
            .causes
            .iter()
            .find(|template| template.id == id.word())
            .unwrap_or_else(|| panic!("{} has no words", id.word()));
        assert!(!template.title.is_empty() && !template.detail.is_empty() && template.rule.ends_with('.'));
        for sender in Side::BOTH {
            let told = tell(*id, &fill(sender));
            let commands = told.remedies.iter().filter(|remedy| !remedy.commands.is_empty());
            assert!(commands.count() > 0, "{}", id.word());
        }
    }
    for (name, block) in &book.blocks {
        for remedy in block {
            if let RemedyTemplate::Use(other) = remedy {
                assert!(
                    book.blocks.contains_key(other) && other != name,
                    "{name} uses {other}"
                );
            }
        }
    }
}

#[test]
fn what_certificates_break_is_mended_with_every_tool() {
    // From expired to revocation-unknown, and the key that does not fit: all that a certificate's owner mends.
    let of_certificates = CauseId::ALL
        .iter()
        .take_while(|id| **id != CauseId::ClientCertificateMissing)
        .chain([&CauseId::KeyMismatch, &CauseId::ClientCertificateMissing]);
    for id in of_certificates {
        for sender in Side::BOTH {
            // A server judges no name, and a client's SPIFFE ID is for Envoy and nginx as servers alike.
            let told = tell(*id, &fill(sender));
            for tool in Tool::ALL {
                let is_named = told.remedies.iter().any(|remedy| remedy.tool == Some(tool));
                let judges_no_name = sender == Side::Client && *id == CauseId::NameMismatch;
                assert!(
                    is_named || judges_no_name,
                    "{} says nothing of {}",
                    id.word(),
                    tool.name()
                );
            }
        }
    }
}

#[test]
fn no_command_has_an_open_brace() {
    for id in CauseId::ALL {
        for sender in Side::BOTH {
            for command in tell(*id, &fill(sender))
                .remedies
                .iter()
                .flat_map(|remedy| &remedy.commands)
            {
                let open = command.match_indices('{').any(|(at, _)| {
                    let rest: String = command.chars().skip(at + 1).collect();
                    let word = rest.split('}').next().unwrap_or_default();
                    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                });
                // The line that takes an issuer out of a bundle is there only where a bundle is.
                assert!(!open || command == "{take_issuer}", "{}: {command}", id.word());
            }
        }
    }
}

#[test]
fn commands_speak_of_the_users_own_files_and_names() {
    let told = tell(CauseId::WrongPurpose, &fill(Side::Client));
    let all: Vec<&str> = told
        .remedies
        .iter()
        .flat_map(|remedy| remedy.commands.iter().map(String::as_str))
        .collect();
    let has = |part: &str| all.iter().any(|command| command.contains(part));
    assert!(
        has("subjectAltName=DNS:orders.shop.svc,URI:spiffe://shop/orders"),
        "{all:#?}"
    );
    assert!(has("proxy_ssl_certificate     orders-chain.pem;"), "{all:#?}");
    assert!(has("kubectl create secret tls orders-tls"), "{all:#?}");
    assert!(
        !has("ssl_client_certificate"),
        "what only a server does is not said of a client"
    );
}

#[test]
fn what_gets_a_new_key_is_presented_with_it() {
    let told = tell(CauseId::WeakKey, &fill(Side::Server).with("key_file", "old.key"));
    let all: Vec<&String> = told.remedies.iter().flat_map(|remedy| &remedy.commands).collect();
    let has = |part: &str| all.iter().any(|command| command.contains(part));
    assert!(has("ssl_certificate_key orders-new.key;"), "{all:#?}");
    assert!(
        has("--san orders.shop.svc --san spiffe://shop/orders"),
        "{all:#?}"
    );
    assert!(!has("old.key"), "{all:#?}");
}

/// The files that a command writes.
fn made_by(command: &str) -> Vec<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let after = |sign: &str| {
        let place = words.iter().position(|word| *word == sign);
        place.and_then(|at| words.get(at + 1)).copied()
    };
    let by_name = [after(">"), after("-out"), after("--out")].into_iter().flatten();
    let last = words.len().saturating_sub(1);
    let by_place: &[usize] = match words.as_slice() {
        ["step", "ca", "certificate", ..] => &[last.saturating_sub(1), last],
        ["step", "certificate", "bundle", ..] => &[last],
        _ => &[],
    };
    let by_place = by_place.iter().filter_map(|at| words.get(*at)).copied();
    by_name.chain(by_place).map(str::to_owned).collect()
}

#[test]
fn every_file_of_a_command_is_the_users_or_was_made_before() {
    const OURS: [&str; 7] = [
        "new-trust.pem",
        "-chain.pem",
        "-new.pem",
        "-new.key",
        "-new.csr",
        "-new.ext",
        "new-list.pem",
    ];
    let cases: [&[Trait]; 5] = [
        &[],
        &[Trait::Ca],
        &[Trait::Renewed],
        &[Trait::Ca, Trait::Renewed],
        &[Trait::Ca, Trait::Root],
    ];
    for id in CauseId::ALL {
        for (sender, traits) in Side::BOTH.iter().flat_map(|side| cases.map(|case| (*side, case))) {
            let fill = traits
                .iter()
                .fold(fill(sender), |fill, one| fill.with_trait(*one))
                .with_command("use_renewed", "cat a b > orders-chain.pem");
            let told = tell(*id, &fill);
            let mut made: Vec<String> = Vec::new();
            for command in told.remedies.iter().flat_map(|remedy| &remedy.commands) {
                made.extend(made_by(command));
                let words = command.split(|c: char| c.is_whitespace() || ";=\"'".contains(c));
                for word in words.filter(|word| OURS.iter().any(|ending| word.ends_with(ending))) {
                    assert!(
                        made.iter().any(|file| file == word),
                        "{} ({traits:?}): {word} was made by nobody: {command}",
                        id.word()
                    );
                }
            }
        }
    }
}

#[test]
fn placeholders_are_explained_where_they_stand() {
    let told = tell(CauseId::KeyMismatch, &fill(Side::Server));
    let remedy = told
        .remedies
        .iter()
        .find(|remedy| remedy.commands.iter().any(|command| command.contains(" KEY.pem")))
        .expect("no key file is known");
    assert!(
        remedy
            .text
            .ends_with("KEY.pem stands for the server's private key."),
        "{}",
        remedy.text
    );
}

#[test]
fn a_sentence_that_begins_with_a_name_keeps_its_case() {
    let fill = Fill::default().with("subject", "orders").with_proper("lists");
    for (text, told) in [
        ("int-7.crl was good until noon", "int-7.crl was good until noon."),
        ("api.acme.test: no", "api.acme.test: no."),
        ("../pki/int was good..", "../pki/int was good."),
        ("orders signed it", "orders signed it."),
        ("lists was good", "lists was good."),
        ("no list speaks for it", "No list speaks for it."),
    ] {
        assert_eq!(sentence(text, &fill), told);
    }
}

#[test]
fn a_file_name_cannot_break_out_of_a_command() {
    let fill = Fill::default()
        .with("file", "a b; rm -rf x.pem")
        .with("sender", "client")
        .with("judge", "server");
    let told = tell(CauseId::Expired, &fill);
    let commands: Vec<&String> = told
        .remedies
        .iter()
        .flat_map(|remedy| &remedy.commands)
        .filter(|command| command.contains("rm -rf"))
        .collect();
    assert!(!commands.is_empty(), "{:?}", told.remedies);
    for command in commands {
        assert!(command.contains("'a b; rm -rf x.pem'"), "{command}");
    }
}

#[test]
fn a_tools_own_page_says_where_its_files_come_from() {
    for id in CauseId::ALL {
        for sender in Side::BOTH {
            let told = tell(*id, &fill(sender));
            for tool in Tool::ALL.into_iter().filter(|tool| *tool != Tool::OpenSsl) {
                let page: Vec<&Remedy> = told
                    .remedies
                    .iter()
                    .filter(|remedy| remedy.tool.is_none_or(|other| other == tool))
                    .collect();
                let has = |part: &str| {
                    page.iter()
                        .any(|remedy| remedy.commands.iter().any(|one| one.contains(part)))
                };
                for file in ["orders-chain.pem", "new-trust.pem"]
                    .iter()
                    .filter(|file| has(file))
                {
                    let is_made = page.iter().any(|remedy| {
                        remedy
                            .commands
                            .iter()
                            .any(|one| made_by(one).iter().any(|made| made == file))
                    });
                    let is_told = page
                        .iter()
                        .any(|remedy| remedy.text.contains("OpenSSL make") && remedy.text.contains(*file));
                    assert!(is_made || is_told, "{} with {}: {file}", id.word(), tool.name());
                }
            }
        }
    }
}
