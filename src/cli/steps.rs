//! Commands of one remedy as a block to paste.

/// Commands of which one needs what another made, so that a shell stops at the first that fails: pasted as a block, they are
/// one line of many. Questions that stand for themselves stay apart.
pub(super) fn until_the_first_error(commands: &[String]) -> Vec<String> {
    let makes_a_file = |command: &String| command.contains(" > ") || command.contains(" -out ");
    let is_for_a_shell = |command: &String| !command.contains(['\n', '#']) && !command.ends_with(';');
    if !commands.iter().any(makes_a_file) || !commands.iter().all(is_for_a_shell) {
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
