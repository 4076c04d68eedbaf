//! Pasted text as commands: a command ends with its line, unless it is plainly not finished.

/// The commands in a text, and what is left over because it is not finished.
#[derive(Debug, PartialEq, Eq)]
pub struct Commands {
    /// Finished commands, in order, without empty lines and comments.
    pub whole: Vec<String>,
    /// The beginning of one more.
    pub rest: String,
}

/// Splits a text into commands as a shell would: a backslash, an open quote or an open
/// here-document carries on over the end of the line.
pub fn split(text: &str) -> Commands {
    let mut whole = Vec::new();
    let mut open = String::new();
    for line in text.lines() {
        if open.is_empty() && (line.trim().is_empty() || line.trim_start().starts_with('#')) {
            continue;
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(line.strip_prefix("$ ").filter(|_| open.is_empty()).unwrap_or(line));
        if is_whole(&open) {
            whole.push(std::mem::take(&mut open));
        }
    }
    Commands { whole, rest: open }
}

/// Whether nothing more has to follow.
pub fn is_whole(command: &str) -> bool {
    if let Some(word) = here_word(command) {
        let mut lines = command.lines();
        lines.next();
        return lines.any(|line| line.trim_end() == word);
    }
    let mut quote = None;
    let mut signs = command.chars();
    while let Some(sign) = signs.next() {
        match (quote, sign) {
            (None, '\'' | '"') => quote = Some(sign),
            (Some(open), _) if open == sign => quote = None,
            (None | Some('"'), '\\') => {
                let escaped = signs.next();
                let at_the_end = matches!(escaped, None | Some('\n')) && signs.as_str().is_empty();
                if at_the_end {
                    return false;
                }
            }
            _ => {}
        }
    }
    quote.is_none()
}

/// The word that ends a here-document begun in the first line.
fn here_word(command: &str) -> Option<&str> {
    let first = command.lines().next()?;
    let (before, after) = first.split_once("<<")?;
    if before.matches('\'').count() % 2 == 1 || before.matches('"').count() % 2 == 1 {
        return None;
    }
    let word = after.trim().trim_matches(|sign| sign == '\'' || sign == '"');
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn each_line_is_a_command() {
        let commands = split("$ aws ecs list-clusters\n\n# a remark\ndrydock wait 5m\n");
        assert_eq!(commands.whole, ["aws ecs list-clusters", "drydock wait 5m"]);
        assert_eq!(commands.rest, "");
    }

    #[test]
    fn backslashes_quotes_and_documents_carry_on() {
        let commands = split(
            "aws ecs run-task \\\n  --cluster shop\necho 'a\nb' \"it's\"\nput web.json <<'END'\n{ \"a\": \"b'\" }\nEND\nlast",
        );
        assert_eq!(
            commands.whole,
            [
                "aws ecs run-task \\\n  --cluster shop",
                "echo 'a\nb' \"it's\"",
                "put web.json <<'END'\n{ \"a\": \"b'\" }\nEND",
                "last"
            ]
        );
    }

    #[test]
    fn what_is_not_finished_waits_for_more() {
        for open in ["aws ecs \\", "echo 'a", "put web.json <<END\n{}"] {
            let commands = split(open);
            assert!(commands.whole.is_empty(), "{open}");
            assert_eq!(commands.rest, open);
        }
    }

    #[test]
    fn two_less_signs_inside_quotes_are_text() {
        assert_eq!(split("echo 'a << b'").whole.len(), 1);
    }
}
