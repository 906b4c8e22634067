//! Commands of one remedy as a block to paste.

use crate::pki::makes_a_file;

/// Whether these are steps of one script, of which one needs what another made: whoever runs them stops at the first that fails.
pub(super) fn are_steps(commands: &[String]) -> bool {
    let is_for_a_shell = |command: &String| !command.contains(['\n', '#']) && !command.ends_with(';');
    commands.len() > 1
        && commands.iter().any(|command| makes_a_file(command))
        && commands.iter().all(is_for_a_shell)
}

/// Steps joined, so that a shell stops at the first that fails: pasted as a block, they are one line of many. Questions that stand
/// for themselves stay apart.
pub(super) fn until_the_first_error(commands: &[String]) -> Vec<String> {
    if !are_steps(commands) {
        return commands.to_vec();
    }
    let last = commands.len().saturating_sub(1);
    commands
        .iter()
        .enumerate()
        .map(|(at, command)| {
            if at < last {
                format!("{command} &&")
            } else {
                command.clone()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps make a file, and each is a whole line for a shell: nothing can be joined to a comment, a line of a configuration or
    /// what goes on below.
    #[test]
    fn steps_are_several_commands_of_a_shell_of_which_one_makes_a_file() {
        let make = "openssl x509 -in a.pem -out b.pem";
        let look = "openssl x509 -in b.pem -noout -text";
        for (commands, wanted) in [
            (&[make, look][..], true),
            (&[look, make], true),
            (&[make, look, look], true),
            (&[make], false),
            (&[look, look], false),
            (&[], false),
            (&[make, "# look at it"], false),
            (&[make, "ssl_certificate b.pem;"], false),
            (&[make, "a:\n  b"], false),
            (&["# first", make], false),
        ] {
            let commands: Vec<String> = commands.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(are_steps(&commands), wanted, "{commands:?}");
            let joined = until_the_first_error(&commands);
            let last = commands.len().saturating_sub(1);
            for (at, (before, after)) in commands.iter().zip(&joined).enumerate() {
                let ending = if wanted && at < last { " &&" } else { "" };
                assert_eq!(*after, format!("{before}{ending}"), "{commands:?}");
            }
            assert_eq!(joined.len(), commands.len());
        }
    }
}
