//! OpenSSL and Go, asked about many chains at once: one process of Go for all, and `openssl verify` for each, a few at a time.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mtlscope::capture::{Der, Side};

use super::super::pem::pem;
use super::chains::Case;
use super::lists::LIST;

/// What a program says: `Err` in its own words.
pub type Said = Result<(), String>;

/// A few, whatever the machine has.
const AT_ONCE: usize = 4;

fn pems(ders: &[Der]) -> String {
    ders.iter()
        .map(|der| pem("CERTIFICATE", der.as_bytes()))
        .collect()
}

/// The chains as files that both programs read: `N/{leaf,rest,chain,roots}.pem`.
pub fn write(folder: &Path, cases: &[Case]) {
    for (number, case) in cases.iter().enumerate() {
        let folder = folder.join(number.to_string());
        std::fs::create_dir(&folder).expect("a folder");
        let put = |file: &str, ders: &[Der]| std::fs::write(folder.join(file), pems(ders)).expect("a file");
        let leaf = case.chain.len().min(1);
        put("leaf.pem", &case.chain[..leaf]);
        put("rest.pem", &case.chain[leaf..]);
        put("chain.pem", &case.chain);
        put("roots.pem", &case.roots);
        // OpenSSL takes lists in the file of what it trusts.
        let lists = case.lists.iter().map(|list| pem(LIST, list.as_bytes()));
        let both: String = std::iter::once(pems(&case.roots)).chain(lists).collect();
        std::fs::write(folder.join("roots-and-lists.pem"), both).expect("a file");
    }
}

/// `openssl verify`, with nothing of the system's.
pub fn openssl(folder: &Path, cases: &[Case]) -> Vec<Said> {
    let next = AtomicUsize::new(0);
    let said: Mutex<Vec<(usize, Said)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(number) else { break };
                    let one = openssl_one(&folder.join(number.to_string()), case);
                    said.lock().expect("no panic").push((number, one));
                }
            });
        }
    });
    let mut said = said.into_inner().expect("no panic");
    said.sort_by_key(|(number, _)| *number);
    said.into_iter().map(|(_, one)| one).collect()
}

fn openssl_one(folder: &Path, case: &Case) -> Said {
    let mut command = Command::new("openssl");
    command
        .current_dir(folder)
        .args(["verify", "-no-CApath", "-no-CAstore"]);
    command.args(match case.judge {
        Side::Client => ["-purpose", "sslserver"],
        Side::Server => ["-purpose", "sslclient"],
    });
    command.args(["-attime", &case.at_unix_s.to_string()]);
    if let Some(name) = &case.name {
        let is_address = name.parse::<std::net::IpAddr>().is_ok();
        command.args([
            if is_address {
                "-verify_ip"
            } else {
                "-verify_hostname"
            },
            name,
        ]);
    }
    // Go has no such limit to set.
    if let Some(most) = case.most_intermediates {
        command.args(["-verify_depth", &most.to_string()]);
    }
    if !case.lists.is_empty() {
        command.arg(if case.is_leaf_only {
            "-crl_check"
        } else {
            "-crl_check_all"
        });
    }
    if case.roots.is_empty() && case.lists.is_empty() {
        command.arg("-no-CAfile");
    } else {
        command.args(["-CAfile", "roots-and-lists.pem"]);
    }
    if case.chain.len() > 1 {
        command.args(["-untrusted", "rest.pem"]);
    }
    let output = command.arg("leaf.pem").output().expect("openssl runs");
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let words = text
        .lines()
        .find_map(|line| line.split_once("lookup: ").map(|(_, words)| words.to_owned()))
        .or_else(|| text.lines().next().map(str::to_owned));
    Err(words.unwrap_or_default())
}

/// `crypto/x509`, every certificate that was sent parsed first, as `crypto/tls` does.
pub fn go(folder: &Path, cases: &[Case]) -> Vec<Said> {
    let mut list = String::new();
    for (number, case) in cases.iter().enumerate() {
        let name = case.name.as_deref().unwrap_or_default();
        let presenter = case.judge.peer().word();
        list += &format!("{number}\t{}\t{presenter}\t{name}\n", case.at_unix_s);
    }
    std::fs::write(folder.join("asked.txt"), list).expect("a file");
    std::fs::write(folder.join("truth.go"), include_str!("truth.go.txt")).expect("a file");
    let mut command = Command::new("go");
    // No module and no network: the standard library only.
    command
        .args(["run", "truth.go"])
        .env("GO111MODULE", "off")
        .env("GOFLAGS", "");
    let output = command.current_dir(folder).output().expect("go runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said: Vec<Said> = text
        .lines()
        .map(|line| match line {
            "ok" => Ok(()),
            words => Err(words.to_owned()),
        })
        .collect();
    assert_eq!(
        said.len(),
        cases.len(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
