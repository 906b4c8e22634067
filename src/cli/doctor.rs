//! `mtlscope doctor`: whether a workshop could start on this machine, and what to do where not.

mod checks;
mod portal;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::outcome::{Format, Outcome, Unusable};
use super::page::Page;
use super::{interrupt, output};
pub use checks::WindowFound;
use checks::{Finding, Standing};

const EXIT_STATUS: &str = "Exit status: 0 a workshop can start; 1 something is missing that it needs, each with what to do; 2 the \
command is unusable, said in one sentence.";

/// `doctor`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(super) struct DoctorArguments {
    /// The pack that will be taught: a folder or a zip of lessons [default: the built-in lessons]
    #[arg(value_name = "PACK")]
    pack: Option<PathBuf>,
    /// Where attendees will reach this machine, such as 192.168.1.20:8000; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    address: SocketAddr,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct DoctorJson<'a> {
    schema: &'static str,
    ready: bool,
    findings: &'a [Finding],
}

/// Looks at everything and tells it. `window` tries to get a window, or says in a sentence why there is none.
pub(super) fn run(
    arguments: &DoctorArguments,
    window: impl FnOnce() -> Result<WindowFound, String>,
) -> Result<Outcome, Unusable> {
    let cancel = interrupt::cancel();
    let mut findings = checks::window(window());
    findings.push(checks::file_dialog(portal::ask()));
    findings.push(checks::pack(arguments.pack.as_deref(), &cancel));
    findings.push(checks::address(arguments.address));
    findings.push(checks::stacks(&cancel));
    if interrupt::has_come() {
        return Err(Unusable("cancelled; nothing was changed".to_owned()));
    }
    let missing = findings
        .iter()
        .filter(|finding| finding.standing == Standing::Missing)
        .count();
    match arguments.format {
        Format::Json => output::json(&DoctorJson {
            schema: "mtlscope.doctor/1",
            ready: missing == 0,
            findings: &findings,
        })?,
        Format::Text => output::text(&told(&findings, missing))?,
    }
    Ok(if missing == 0 {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

fn told(findings: &[Finding], missing: usize) -> String {
    let mut page = Page::default();
    for finding in findings {
        let lead = format!("{} {:<14} ", finding.standing.sign(), finding.what);
        page.hanging(0, &lead, &finding.words);
        for step in &finding.steps {
            page.hanging(17, "▸ ", step);
        }
    }
    page.heading(&match missing {
        0 => "A workshop can start here.".to_owned(),
        1 => "A workshop cannot start yet: one thing is missing, marked ✗.".to_owned(),
        some => format!("A workshop cannot start yet: {some} things are missing, marked ✗."),
    });
    page.text
}
