//! Which stacks are installed here: on the path, or where the user says; and which version each of them is.

use std::path::Path;
use std::time::Duration;

use super::path::on_path;
use super::question::Programs;
use super::run::{Finished, Running, Task};
use super::verdict::Presence;
use super::workspace::Workspace;
use crate::cancel::Cancel;
use crate::net::Limit;
use crate::stack::Stack;

/// A program that does not say its version in this time is of no use.
const VERSION_TIME: Duration = Duration::from_secs(10);

/// Every stack that can be asked somewhere, with whether it can here. What is built in is not among them.
pub fn find_all(programs: &Programs, cancel: &Cancel) -> Vec<(Stack, Presence)> {
    Stack::ALL
        .into_iter()
        .filter(|stack| !stack.programs().is_empty())
        .map(|stack| (stack, find(stack, programs, cancel)))
        .collect()
}

/// Whether this one can be asked here.
pub fn find(stack: Stack, programs: &Programs, cancel: &Cancel) -> Presence {
    let names = stack.programs();
    let program = match programs.get(&stack) {
        Some(given) => Some(given.clone()),
        None => names.first().and_then(|name| on_path(name)),
    };
    let Some(program) = program else {
        return Presence::Absent {
            looked_for: names.iter().map(|name| (*name).to_owned()).collect(),
        };
    };
    match version(stack, &program, cancel) {
        Ok(version) => Presence::Installed { program, version },
        Err(words) => Presence::Unusable { program, words },
    }
}

fn version(stack: Stack, program: &Path, cancel: &Cancel) -> Result<String, String> {
    let workspace = Workspace::new().map_err(|error| error.to_string())?;
    let task = Task {
        program: std::path::absolute(program).unwrap_or_else(|_| program.to_owned()),
        arguments: question(stack).iter().map(|word| (*word).to_owned()).collect(),
        environment: super::stacks::environment(stack, workspace.path()),
        stdin: "",
    };
    let mut running =
        Running::start(&task, workspace.path()).map_err(|error| format!("it does not start: {error}"))?;
    running.close_stdin();
    if !running.wait_for(&Limit::for_the_next(VERSION_TIME, cancel), |_| false) {
        return Err("it does not say its version in time".to_owned());
    }
    let Finished { output, .. } = running.finish();
    said(stack, &output).ok_or_else(|| {
        let first = output.lines().map(str::trim).find(|line| !line.is_empty());
        match first {
            Some(line) => format!("asked for its version it says “{line}”"),
            None => "asked for its version it says nothing".to_owned(),
        }
    })
}

/// How it is asked for its version.
fn question(stack: Stack) -> &'static [&'static str] {
    match stack {
        Stack::OpenSsl | Stack::Go => &["version"],
        Stack::GnuTls | Stack::Curl | Stack::Envoy => &["--version"],
        // Since Java 1.0, on standard error.
        Stack::Java => &["-version"],
        Stack::Node => &[
            "-p",
            "process.versions.node + ' (OpenSSL ' + process.versions.openssl + ')'",
        ],
        Stack::Python => &[
            "-c",
            "import ssl, sys; print(sys.version.split()[0] + ' (' + ' '.join(ssl.OPENSSL_VERSION.split()[:2]) + ')')",
        ],
        Stack::Nginx => &["-V"],
        Stack::Rustls => &[],
    }
}

/// The version out of what it said, with that of the library that does TLS for it.
fn said(stack: Stack, text: &str) -> Option<String> {
    let begins_as_version = |word: &String| word.starts_with(|first: char| first.is_ascii_digit());
    match stack {
        Stack::OpenSsl => after(text, "OpenSSL ")
            // macOS's own calls itself so.
            .or_else(|| after(text, "LibreSSL ").map(|version| format!("LibreSSL {version}"))),
        Stack::GnuTls => after(text, "gnutls-cli ")
            .or_else(|| after(text, "gnutls-serv "))
            .or_else(|| after(text, "certtool ")),
        Stack::Curl => Some(format!("{} ({})", after(text, "curl ")?, library(text)?)),
        Stack::Nginx => Some(format!(
            "{} ({})",
            after(text, "nginx/")?,
            ["OpenSSL", "LibreSSL", "BoringSSL"]
                .iter()
                .find_map(|name| { Some(format!("{name} {}", after(text, &format!("{name} "))?)) })?
        )),
        Stack::Go => after(text, "go version go"),
        Stack::Java => text
            .split('"')
            .nth(1)
            .map(str::to_owned)
            .filter(begins_as_version),
        Stack::Node | Stack::Python => text
            .lines()
            .find(|line| line.contains(" (") && line.starts_with(|first: char| first.is_ascii_digit()))
            .map(|line| line.trim().to_owned()),
        // `…/1.40.0/Clean/RELEASE/BoringSSL`.
        Stack::Envoy => {
            let line = text.lines().find(|line| line.contains("version:"))?;
            let parts: Vec<&str> = line.trim().rsplit('/').collect();
            let library = parts.first()?.split_whitespace().next()?;
            Some(format!("{} ({library})", parts.get(3)?))
        }
        Stack::Rustls => None,
    }
}

/// `OpenSSL 3.0.22` of `libcurl/7.88.1 OpenSSL/3.0.22 zlib/1.2.13`.
fn library(text: &str) -> Option<String> {
    const LIBRARIES: [&str; 9] = [
        "OpenSSL",
        "LibreSSL",
        "GnuTLS",
        "BoringSSL",
        "AWS-LC",
        "mbedTLS",
        "wolfSSL",
        "rustls-ffi",
        "Schannel",
    ];
    LIBRARIES.iter().find_map(|name| {
        let at = text.split_whitespace().find(|word| {
            word.trim_matches(['(', ')'])
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })?;
        Some(at.trim_matches(['(', ')']).replace('/', " "))
    })
}

/// The word after `mark`.
fn after(text: &str, mark: &str) -> Option<String> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_programs_say_them() {
        for (stack, text, version) in [
            (
                Stack::OpenSsl,
                "OpenSSL 3.0.22 25 Aug 2026 (Library: OpenSSL 3.0.22 25 Aug 2026)",
                "3.0.22",
            ),
            (Stack::OpenSsl, "LibreSSL 3.3.6", "LibreSSL 3.3.6"),
            (Stack::GnuTls, "gnutls-cli 3.7.9\nCopyright", "3.7.9"),
            (
                Stack::Curl,
                "curl 7.88.1 (x86_64) libcurl/7.88.1 OpenSSL/3.0.22 zlib/1",
                "7.88.1 (OpenSSL 3.0.22)",
            ),
            (
                Stack::Curl,
                "curl 8.7.1 (x86_64) libcurl/8.7.1 (SecureTransport) LibreSSL/3.3.6",
                "8.7.1 (LibreSSL 3.3.6)",
            ),
            (
                Stack::Nginx,
                "nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.8 7 Feb 2023",
                "1.22.1 (OpenSSL 3.0.8)",
            ),
            (Stack::Go, "go version go1.19.8 linux/amd64", "1.19.8"),
            (
                Stack::Java,
                "openjdk version \"17.0.15\" 2025-04-15\nOpenJDK",
                "17.0.15",
            ),
            (
                Stack::Node,
                "20.20.2 (OpenSSL 3.0.19)\n",
                "20.20.2 (OpenSSL 3.0.19)",
            ),
            (
                Stack::Envoy,
                "\nenvoy  version: abc/1.40.0/Clean/RELEASE/BoringSSL\n",
                "1.40.0 (BoringSSL)",
            ),
        ] {
            assert_eq!(said(stack, text).as_deref(), Some(version), "{text}");
        }
        for stack in Stack::ALL {
            assert_eq!(said(stack, "command not found"), None, "{stack:?}");
        }
        // Words that look like a version in part.
        for (stack, text) in [
            (Stack::Java, "openjdk version \"x17\" 2025-04-15"),
            (Stack::Java, "openjdk 17"),
            (Stack::Node, "v20.20.2 (OpenSSL 3.0.19)"),
            (Stack::Node, "20.20.2 OpenSSL 3.0.19"),
            (Stack::Python, "Traceback (most recent call last)"),
            (Stack::Curl, "curl 8.7.1 (x86_64) libcurl/8.7.1 zlib/1"),
            (Stack::Curl, "curl 8.7.1 (x86_64) OpenSSLish/1"),
            (Stack::Envoy, "envoy  version: abc/1.40.0"),
            (Stack::Nginx, "nginx version: nginx/1.22.1\nbuilt with other"),
        ] {
            assert_eq!(said(stack, text), None, "{stack:?}: {text}");
        }
        assert_eq!(
            said(Stack::Curl, "curl 8.7.1 (x86_64) libcurl/8.7.1 (Schannel) zlib").as_deref(),
            Some("8.7.1 (Schannel)"),
            "a library without its version"
        );
        assert_eq!(
            said(Stack::Python, "warning: 1\n3.11.2 (OpenSSL 3.0.22)").as_deref(),
            Some("3.11.2 (OpenSSL 3.0.22)")
        );
    }
}
