//! Commands that open one encrypted container several times, so that its passphrase is asked for once: everything is taken out into a
//! file that its owner alone may read, and the parts come from there. No passphrase stands on a command line, where others see it.

use super::quote::shell_file;
use super::wrapping::{
    FROM_JCEKS, FROM_JKS, IMPORT_JAVA, JCEKS, KEYS, NO_KEYS, ONLY_KEYS, OPEN_JAVA, OPEN_PKCS12,
};

/// Opens each container once, where several parts of it are needed and the first of them by the first script: each script runs after
/// those before it. `free` gives a name that no file has for one like this.
pub fn asking_once(scripts: &mut [&mut Vec<String>], free: impl Fn(&str) -> String) {
    java_by_its_container(scripts);
    let mut done: Vec<String> = Vec::new();
    loop {
        let all: Vec<Opening> = scripts.iter().flat_map(|script| all_openings(script)).collect();
        let Some(first) = scripts.first_mut() else { return };
        let repeated = all_openings(first).find(|one| {
            !done.contains(&one.open) && all.iter().filter(|other| other.open == one.open).count() > 1
        });
        let Some(opening) = repeated else { return };
        let open = opening.open.clone();
        done.push(open.clone());
        let is_java = open.starts_with(OPEN_JAVA);
        let has_key = all.iter().any(|one| one.open == open && one.is_key);
        // What holds a key has a name of its own: a file that is there already keeps the rights that it has.
        let file = free(&opening.name(if has_key { "all" } else { "certificates" }));
        let written = shell_file(&file);
        let take = match (is_java, has_key) {
            (true, _) => format!("{open} > {written}"),
            (false, true) => format!("( umask 077; {open} -nodes > {written} )"),
            (false, false) => format!("{open}{NO_KEYS} > {written}"),
        };
        let at = first.iter().position(|command| opens(command, &open));
        first.insert(at.unwrap_or_default(), take.clone());
        for command in scripts.iter_mut().flat_map(|script| script.iter_mut()) {
            if *command != take {
                *command = from_file(command, &open, &written);
            }
        }
    }
}

/// A Java store whose key is taken out becomes a PKCS#12 container: its certificates are taken out of that as well.
fn java_by_its_container(scripts: &mut [&mut Vec<String>]) {
    let commands = || scripts.iter().flat_map(|script| script.iter());
    let imports: Vec<(String, String, String)> = commands().filter_map(|command| import(command)).collect();
    for (made, store, container) in imports {
        for open in [
            format!("{OPEN_JAVA}{store}{JCEKS}"),
            format!("{OPEN_JAVA}{store}"),
        ] {
            let is_first_to_need = |script: &&mut Vec<String>| {
                script
                    .iter()
                    .any(|command| *command == made || opens(command, &open))
            };
            let Some(first) = scripts.iter().position(is_first_to_need) else {
                continue;
            };
            for script in scripts.iter_mut() {
                script.retain(|command| *command != made);
            }
            let Some(script) = scripts.get_mut(first) else {
                continue;
            };
            let uses = format!("{OPEN_PKCS12}-in {container}");
            let at = script
                .iter()
                .position(|command| opens(command, &open) || opens(command, &uses));
            script.insert(at.unwrap_or_default(), made.clone());
            for command in scripts.iter_mut().flat_map(|script| script.iter_mut()) {
                *command = replaced(command, &open, |_, _| format!("{uses}{NO_KEYS}"));
            }
        }
    }
}

/// The command that makes a container of a Java store, the store and the container, as the command writes them.
fn import(command: &str) -> Option<(String, String, String)> {
    let start = command.find(IMPORT_JAVA)?;
    let rest = command.get(start + IMPORT_JAVA.len()..)?;
    let store = word(rest)?;
    let rest = rest.get(store.len()..)?;
    let rest = [FROM_JKS, FROM_JCEKS]
        .iter()
        .find_map(|form| rest.strip_prefix(form))?;
    Some((command.to_owned(), store.to_owned(), word(rest)?.to_owned()))
}

/// One place in a command that opens a container.
struct Opening {
    /// Where it stands.
    start: usize,
    /// Where it ends, with what it takes out.
    end: usize,
    /// Program, options and file.
    open: String,
    /// The file, as the command writes it.
    file: String,
    /// It takes the key out.
    is_key: bool,
}

impl Opening {
    /// `orders.p12-all.pem` for `certs/orders.p12`.
    fn name(&self, what: &str) -> String {
        let plain: String = self.file.chars().filter(|c| *c != '\'').collect();
        let base = plain.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_letter = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let is_plain = !base.is_empty() && base.len() <= 200 && base.chars().all(is_letter);
        format!("{}-{what}.pem", if is_plain { base } else { "container" })
    }
}

fn all_openings(script: &[String]) -> impl Iterator<Item = Opening> {
    script.iter().flat_map(|command| openings(command))
}

fn opens(command: &str, open: &str) -> bool {
    openings(command).iter().any(|one| one.open == open)
}

/// The places in a command that open a container, outside of all quotes.
fn openings(command: &str) -> Vec<Opening> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = command.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(opening) = opening(rest, at) {
            at = opening.end;
            found.push(opening);
            continue;
        }
        let length = word(rest).map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), str::len);
        at += length;
    }
    found
}

/// What opens a container at the beginning of a text, which stands at `start` of the command.
fn opening(text: &str, start: usize) -> Option<Opening> {
    let (program, is_java) = if text.starts_with(OPEN_JAVA) {
        (OPEN_JAVA, true)
    } else if text.starts_with(OPEN_PKCS12) {
        (OPEN_PKCS12, false)
    } else {
        return None;
    };
    let mut at = program.len();
    if !is_java {
        if text.get(at..)?.starts_with("-legacy ") {
            at += "-legacy ".len();
        }
        at += text.get(at..)?.starts_with("-in ").then_some("-in ".len())?;
    }
    let file = word(text.get(at..)?)?;
    at += file.len();
    let rest = text.get(at..)?;
    if is_java && rest.starts_with(JCEKS) {
        at += JCEKS.len();
    }
    let open = text.get(..at)?.to_owned();
    let what = if is_java {
        ""
    } else {
        [NO_KEYS, ONLY_KEYS]
            .into_iter()
            .find(|what| rest.starts_with(what))?
    };
    Some(Opening {
        start,
        end: start + at + what.len(),
        open,
        file: file.to_owned(),
        is_key: what == ONLY_KEYS,
    })
}

/// The word of a shell at the beginning of a text, as it is written there: bare letters, and what stands in quotes.
fn word(text: &str) -> Option<&str> {
    let mut letters = text.char_indices();
    let mut quote = None;
    let mut end = text.len();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            // A backslash takes the next letter as it is, except within single quotes.
            (None | Some('"'), '\\') => {
                letters.next();
            }
            (None, c) if c.is_whitespace() || ";|&()<>{}".contains(c) => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    text.get(..end).filter(|word| !word.is_empty() && quote.is_none())
}

/// A command that takes its parts out of the file that holds everything of the container.
fn from_file(command: &str, open: &str, file: &str) -> String {
    replaced(command, open, |opening, rest| {
        if opening.is_key {
            return format!("awk '{KEYS}' {file}");
        }
        // What is behind it reads the file by itself.
        match rest.strip_prefix(" | awk ").and_then(word) {
            Some(program) => format!("awk {program} {file}"),
            None => format!("cat {file}"),
        }
    })
}

/// A command with each opening of one container replaced; what `with` gives stands for the awk behind it, too.
fn replaced(command: &str, open: &str, with: impl Fn(&Opening, &str) -> String) -> String {
    let mut out = String::with_capacity(command.len());
    let mut done = 0;
    for opening in openings(command).into_iter().filter(|one| one.open == open) {
        let rest = command.get(opening.end..).unwrap_or_default();
        let new = with(&opening, rest);
        let taken = match rest.strip_prefix(" | awk ").and_then(word) {
            Some(program) if new.starts_with("awk ") && !opening.is_key => " | awk ".len() + program.len(),
            _ => 0,
        };
        out.push_str(command.get(done..opening.start).unwrap_or_default());
        out.push_str(&new);
        done = opening.end + taken;
    }
    out.push_str(command.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::shell::{PemPart, joined};
    use crate::pki::{Wrapping, certificate_out_of, certificates_out_of, key_out_of};

    const P12: Wrapping = Wrapping::Pkcs12 { is_legacy: false };
    const OLD: Wrapping = Wrapping::Pkcs12 { is_legacy: true };
    const JKS: Wrapping = Wrapping::JavaStore { is_jceks: false };

    fn once(commands: &[String]) -> Vec<String> {
        let mut commands = commands.to_vec();
        asking_once(&mut [&mut commands], str::to_owned);
        commands
    }

    fn questions(commands: &[String]) -> usize {
        all_openings(commands).count()
    }

    fn two_of(wrapping: Wrapping, file: &str) -> String {
        let parts = [[1_u8; 200], [2; 200]]
            .map(|der| PemPart::Out(file.to_owned(), certificate_out_of(wrapping, file, &der)));
        joined(&parts, "a-chain.pem")
    }

    #[test]
    fn several_parts_of_a_container_cost_one_question() {
        for file in [
            "a.p12",
            "it's a; b|c.p12",
            "a\u{1b}\n.p12",
            "-v",
            "openssl pkcs12 -in b -nokeys",
        ] {
            for wrapping in [P12, OLD, JKS] {
                let before = vec![two_of(wrapping, file)];
                assert_eq!(questions(&before), 2, "{before:#?}");
                let after = once(&before);
                assert!(questions(&after) <= 1, "{after:#?}");
                assert_eq!(after.len(), 2);
                assert!(
                    after[0].ends_with("-certificates.pem") && !after[0].contains("-nodes"),
                    "no key is needed: {after:#?}"
                );
                assert!(after[1].matches("-certificates.pem").count() == 2, "{after:#?}");
            }
        }
    }

    #[test]
    fn one_part_is_taken_out_as_it_is() {
        let all = certificates_out_of(P12, "a.p12").expect("a command");
        let before = vec![format!("{all} > a.pem"), two_of(P12, "b.p12")];
        let after = once(&before);
        assert_eq!(after[0], before[0]);
        assert_eq!(after.len(), 3);
    }

    #[test]
    fn a_key_among_the_parts_is_for_its_owner_alone() {
        let mut before = key_out_of(P12, "a.p12", "a-key.pem").expect("a command");
        before.push(two_of(P12, "a.p12"));
        let after = once(&before);
        assert_eq!(
            after[0],
            "( umask 077; openssl pkcs12 -in a.p12 -nodes > a.p12-all.pem )"
        );
        assert_eq!(
            after[1],
            format!("( umask 077; awk '{KEYS}' a.p12-all.pem > a-key.pem )")
        );
    }

    #[test]
    fn a_java_store_is_turned_once_and_all_of_it_comes_from_there() {
        for is_jceks in [false, true] {
            let store = Wrapping::JavaStore { is_jceks };
            let keys = key_out_of(store, "a b.jks", "a-key.pem").expect("commands");
            let before = [vec![two_of(store, "a b.jks")], keys].concat();
            let after = once(&before);
            assert!(after[0].contains("keytool -importkeystore"), "{after:#?}");
            assert!(
                after[1].contains("-in a-key.p12 -nodes > a-key.p12-all.pem"),
                "{after:#?}"
            );
            assert_eq!(
                after.iter().filter(|one| one.contains("keytool")).count(),
                1,
                "{after:#?}"
            );
            assert_eq!(after.len(), 4);
        }
    }

    #[test]
    fn what_an_earlier_script_took_out_serves_those_after_it() {
        let mut key = key_out_of(P12, "a.p12", "a-key.pem").expect("a command");
        let mut chain = vec![two_of(P12, "a.p12")];
        let mut other = vec![two_of(P12, "b.p12")];
        asking_once(&mut [&mut key, &mut chain, &mut other], str::to_owned);
        assert_eq!((key.len(), questions(&chain)), (2, 0), "{key:#?} {chain:#?}");
        assert_eq!(other, [two_of(P12, "b.p12")], "the first script does not need it");
    }
}
