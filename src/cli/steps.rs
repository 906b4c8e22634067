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
