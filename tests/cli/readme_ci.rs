//! The pipelines in the README, run: what is written there works, and fails when it should.

use crate::support::pki;

use crate::support::chain_files;
use std::process::Command;

use chain_files::Folder;

const RECIPES: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true, until_hours: 9000),
    (name: "server", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], until_hours: 2000),
    (name: "client", subject: "orders", issuer: "root", purposes: ["clientAuth"], until_hours: 2000),
    (name: "expired", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], from_hours: -48, until_hours: -24),
    (name: "soon", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], until_hours: 48),
]"#;

/// The YAML blocks below the README's section on pipelines.
fn blocks() -> Vec<String> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let section = text.split("\n## In a pipeline\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

/// Shell scripts of a block: `run: |` and its lines, `run: COMMAND`, and the items of `script:`.
fn scripts(block: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    let lines: Vec<&str> = block.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    for (index, line) in lines.iter().enumerate() {
        let below = || {
            lines[index + 1..]
                .iter()
                .take_while(|next| next.trim().is_empty() || indent(next) > indent(line))
                .map(|next| next.trim())
        };
        let key = line.trim().trim_start_matches("- ");
        if key == "run: |" {
            scripts.push(below().collect::<Vec<_>>().join("\n"));
        } else if let Some(command) = key.strip_prefix("run: ") {
            scripts.push(command.to_owned());
        } else if key == "script:" {
            let items: Vec<&str> = below()
                .map(|item| item.strip_prefix("- ").expect("an item"))
                .collect();
            scripts.push(items.join("\n"));
        }
    }
    scripts.retain(|script| script.contains("mtlscope verify"));
    scripts
}

/// Runs a script as the pipelines do: it ends at the first command that fails.
fn run(folder: &Folder, script: &str) -> i32 {
    let program = chain_files::program();
    let path = format!(
        "{}:{}",
        program.parent().expect("a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .expect("a shell");
    output.status.code().expect("it ended by itself")
}

fn folder(server: &str) -> Folder {
    let folder = Folder::new(pki::minted(RECIPES));
    folder.chain("certs/root.pem", &["root"]);
    folder.chain("certs/payments.pem", &[server]);
    folder.chain("certs/clients/orders.pem", &["client"]);
    folder
}

#[test]
fn the_pipelines_of_the_readme_pass_and_fail_as_it_says() {
    let blocks = blocks();
    assert_eq!(blocks.len(), 2, "one for GitHub, one for GitLab");
    assert!(blocks[0].contains("github/codeql-action/upload-sarif@") && blocks[0].contains("--format sarif"));
    assert!(blocks[1].contains("junit: mtlscope.xml") && blocks[1].contains("--format junit"));
    let [github, gitlab] = [scripts(&blocks[0]), scripts(&blocks[1])];
    assert_eq!((github.len(), gitlab.len()), (2, 1));
    for script in github.iter().chain(&gitlab) {
        assert_eq!(run(&folder("server"), script), 0, "{script}");
    }
    for bad in ["expired", "soon"] {
        let folder = folder(bad);
        assert_eq!(run(&folder, &github[0]), 1, "{bad}");
        // The report is no guard: it is written, and the step is green.
        assert_eq!(run(&folder, &github[1]), 0, "{bad}");
        let log = std::fs::read_to_string(folder.path().join("mtlscope.sarif")).expect("the report");
        let log: serde_json::Value = serde_json::from_str(&log).expect("it is JSON");
        let id = if bad == "expired" {
            "expired"
        } else {
            "expires-soon"
        };
        let results = log["runs"][0]["results"].as_array().expect("results");
        assert!(
            results.iter().any(|result| result["ruleId"] == id),
            "{bad}: {log}"
        );
        assert_eq!(run(&folder, &gitlab[0]), 1, "{bad}");
        let xml = std::fs::read_to_string(folder.path().join("mtlscope.xml")).expect("the report");
        assert!(xml.contains(&format!("<failure type=\"{id}\"")), "{xml}");
    }
    // A mistake in the pipeline itself is never green, nor taken for a finding.
    let folder = folder("server");
    std::fs::remove_file(folder.path().join("certs/payments.pem")).expect("it was there");
    assert_ne!(run(&folder, &github[1]), 0);
    assert_eq!(run(&folder, &gitlab[0]), 2);
}

#[test]
fn the_yaml_of_the_readme_is_yaml() {
    for block in blocks() {
        for line in block.lines().filter(|line| !line.trim().is_empty()) {
            assert!(
                !line.contains('\t') && (line.len() - line.trim_start().len()) % 2 == 0,
                "{line}"
            );
        }
        let read: serde_json::Value =
            serde_saphyr::from_str(&block).unwrap_or_else(|error| panic!("{error}\n{block}"));
        assert!(read.is_object(), "{block}");
    }
}
