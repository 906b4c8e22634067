//! What mends a warning of `verify` is run as it is printed, with the keys that it names: then whoever refused the chain of that rule
//! accepts it, by its own program.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use mtlscope::diagnose::deviations;
use serde_json::Value;

use crate::support::judges::{Asked, Judge};
use crate::support::rules::{self, Made};
use crate::support::{machine, openssl};

fn shell(folder: &Path, command: &str) -> Result<String, String> {
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .output()
        .expect("a shell");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!(
            "{command}\n{}{}",
            text(&output.stdout),
            text(&output.stderr)
        ))
    }
}

fn verified(folder: &Path, chain: &str, trust: &str, host: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .args([
            "verify", chain, "--trust", trust, "--name", host, "--format", "json",
        ])
        .current_dir(folder)
        .output()
        .expect("the program starts");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The commands that make something of the warning that tells of this rule; `None` where nothing is told.
fn mend(report: &Value, made: &Made) -> Option<Vec<String>> {
    let chain = &report["chains"][0];
    let tells = |warned: &&Value| {
        warned["demand"] == false
            && warned["rows"].as_array().expect("rows").iter().any(|row| {
                let row = &chain["matrix"][usize::try_from(row.as_u64().expect("a number")).expect("small")];
                row["check"] == made.check
                    && row["detail"]
                        .as_str()
                        .is_some_and(|text| text.contains(made.words))
            })
    };
    let found = chain["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .find(tells)?;
    let all = found["remedies"].as_array().expect("remedies").iter();
    let of_openssl = all.filter(|remedy| remedy["tool"].is_null() || remedy["tool"] == "openssl");
    let lists = of_openssl.map(|remedy| {
        let commands = remedy["commands"].as_array().expect("commands").iter();
        commands
            .map(|one| one.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    });
    let makes = |command: &String| command.contains(" > ") || command.contains(" -out ");
    Some(lists.filter(|list| list.iter().any(makes)).flatten().collect())
}

/// The word after another in a command.
fn after<'a>(command: &'a str, word: &str) -> Option<&'a str> {
    command.split_whitespace().skip_while(|one| *one != word).nth(1)
}

/// Puts the key that a command means by a placeholder in its place: that of the CA that it signs with, or of what it is made for.
fn put_key(folder: &Path, command: &str) {
    for placeholder in ["CA-KEY.pem", "ISSUER-KEY.pem", "INTERMEDIATE-KEY.pem"] {
        if !command.split_whitespace().any(|word| word == placeholder) {
            continue;
        }
        let signs = after(command, "-CAkey") == Some(placeholder);
        let of = after(command, if signs { "-CA" } else { "-in" });
        let subject = of
            .filter(|file| Path::new(file).extension().is_some_and(|ending| ending == "pem"))
            .map_or_else(
                || command.to_owned(),
                |file| shell(folder, &format!("openssl x509 -noout -subject -in {file}")).expect("a subject"),
            );
        // A CA that had no name has one made up for it: it is the issuer of the leaf, or the root above that.
        let key = if subject.to_lowercase().contains("root") {
            "root.key"
        } else {
            "issuer.key"
        };
        std::fs::copy(folder.join(key), folder.join(placeholder)).expect("copied");
    }
}

fn write_keys(made: &Made, folder: &Path) {
    for (file, key) in ["root.key", "issuer.key", "KEY.pem"].iter().zip(&made.keys) {
        let text = base64::prelude::BASE64_STANDARD.encode(key);
        let text = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
        std::fs::write(folder.join(file), text).expect("a key");
    }
}

/// Runs the mend; the chain and the trust that come of it lie where the judges look.
fn mended(made: &Made, from: &Path, to: &Path) -> Result<(), String> {
    let folder = from.join(made.rule);
    made.write(from);
    write_keys(made, &folder);
    let report = verified(&folder, "chain.pem", "root.pem", made.host);
    let commands = mend(&report, made).ok_or("nothing is told of it")?;
    if commands.is_empty() {
        return Err("no command".to_owned());
    }
    let (mut chain, mut trust) = ("chain.pem", "root.pem");
    for command in &commands {
        put_key(&folder, command);
        let is_trial = command.starts_with("openssl verify");
        if let Err(words) = shell(&folder, command)
            && !is_trial
        {
            return Err(words);
        }
        match after(command, ">") {
            Some(file) if file.starts_with("new-trust") => trust = file,
            Some(file) if file.contains("-chain") => chain = file,
            _ => {}
        }
    }
    let again = verified(&folder, chain, trust, made.host);
    if again["verdict"] != "accepted" {
        let words = &again["chains"][0]["stack"]["error"];
        return Err(format!("rustls: {words}\n{}", commands.join("\n")));
    }
    let out = to.join(made.rule);
    std::fs::create_dir_all(&out).expect("a folder");
    let text = std::fs::read_to_string(folder.join(chain)).expect("a chain");
    let at = text.match_indices("-----END CERTIFICATE-----\n").next();
    let end = at.map_or(text.len(), |(at, end)| at + end.len());
    std::fs::write(out.join("leaf.pem"), &text[..end]).expect("a file");
    std::fs::write(out.join("rest.pem"), &text[end..]).expect("a file");
    std::fs::write(out.join("chain.pem"), &text).expect("a file");
    std::fs::copy(folder.join(trust), out.join("root.pem")).expect("a file");
    std::fs::write(out.join("commands"), commands.join("\n")).expect("a file");
    Ok(())
}

#[test]
fn every_warning_that_somebody_refuses_is_mended_for_whoever_refused() {
    if !openssl::is_at_hand("every_warning_that_somebody_refuses_is_mended_for_whoever_refused") {
        return;
    }
    let (from, to) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let refused = |rule: &str| {
        deviations()
            .rules
            .get(rule)
            .is_some_and(|rule| !rule.refused.is_empty())
    };
    let chains: Vec<(&str, Made)> = rules::all()
        .into_iter()
        .map(|made| (made.rule, made))
        .chain(rules::of_a_ca())
        .filter(|(rule, made)| made.rustls_accepts && (refused(rule) || *rule == "serial-negative"))
        .filter(|(_, made)| !made.keys.is_empty())
        .collect();
    assert!(chains.len() > 30, "{}", chains.len());
    let rule_of: BTreeMap<&str, &str> = chains.iter().map(|(rule, made)| (made.rule, *rule)).collect();
    let mut wrong: Vec<String> = Vec::new();
    let mut asked: Vec<Asked> = Vec::new();
    for (_, made) in &chains {
        match mended(made, from.path(), to.path()) {
            Ok(()) => asked.push(Asked {
                rule: made.rule,
                host: made.host,
            }),
            Err(words) => wrong.push(format!("{}: {words}", made.rule)),
        }
    }
    for judge in Judge::ALL {
        if judge == Judge::Go && machine::is_left_out("Go", "the mends of warnings") {
            continue;
        }
        if judge.version().is_none() {
            machine::skipped(judge.id(), "it is not installed here");
            continue;
        }
        let verdicts: BTreeMap<&str, Result<(), String>> = judge.ask(to.path(), &asked);
        for (rule, verdict) in verdicts {
            let has_refused = deviations()
                .rules
                .get(rule_of[rule])
                .is_some_and(|rule| rule.refused.contains_key(judge.id()));
            if let (true, Err(words)) = (has_refused, verdict) {
                let commands = std::fs::read_to_string(to.path().join(rule).join("commands")).expect("text");
                wrong.push(format!(
                    "{rule}: {} still refuses it: {words}\n{commands}",
                    judge.id()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        chains.len(),
        wrong.join("\n\n")
    );
}
