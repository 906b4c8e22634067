//! Needs real peers: would each stack send the certificate?
#[path = "support/withhold/mod.rs"]
mod withhold;

use withhold::pki::Pki;
use withhold::stacks::{STACKS, ask};

#[test]
fn explore() {
    let pki = Pki::new();
    let began = std::time::Instant::now();
    let only = std::env::var("ONLY").unwrap_or_default();
    std::thread::scope(|scope| {
        for stack in STACKS.iter().filter(|stack| stack.name.contains(&only)) {
            let pki = &pki;
            scope.spawn(move || {
                let Some(version) = (stack.version)() else { eprintln!("SKIPPED {}", stack.name); return };
                let meetings = ask(stack, pki);
                let mut out = format!("== {} {version} after {:?}\n", stack.name, began.elapsed());
                for m in meetings {
                    out += &format!("{:6?} {} {:60} {}\n", m.observed, if m.is_13 {"1.3"} else {"1.2"}, m.case.name,
                        if false { String::new() } else { let mut a: Vec<String> = m.transcript.iter().flat_map(|t| t.failure_alerts().map(|(_, m, a)| format!("{} alert {}", m.side.word(), a.code)).collect::<Vec<_>>()).collect(); a.push(m.words.clone()); if m.transcript.is_none() { a.push("NEVER CAME".into()) }; a.join(" · ") });
                }
                eprintln!("{out}");
            });
        }
    });
}
