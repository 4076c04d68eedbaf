//! The few commands that a bare system knows: enough for containers that wait, end or fail.

/// What a command comes to: how long it runs, and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// It ends after so many milliseconds with this exit code.
    Ends(u64, i64),
    /// It runs until it is stopped.
    Runs,
}

/// What this command line does; `sh -c '…'` is looked into.
///
/// It knows `sleep`, `exit`, `true`, `false`, `echo`, `tail -f` and `cat`, joined by `;` and `&&`. A command
/// that the simulation does not know counts as a server that runs until it is stopped.
pub fn script(words: &[String]) -> Script {
    let line = match words {
        [shell, flag, line, ..] if shell.rsplit('/').next().is_some_and(is_shell) && flag == "-c" => {
            line.clone()
        }
        [] => return Script::Ends(0, 0),
        [shell] if is_shell(shell) => return Script::Ends(0, 0),
        words => words.join(" "),
    };
    let mut millis: u64 = 0;
    let mut code = 0;
    for (joined, part) in parts(&line) {
        if joined == Joined::And && code != 0 {
            continue;
        }
        let mut words = part.split_whitespace();
        let (name, argument) = (words.next().unwrap_or_default(), words.next());
        match name.rsplit('/').next().unwrap_or(name) {
            "" => {}
            "true" | ":" | "echo" | "ls" | "env" | "printenv" | "date" | "mkdir" | "touch" => code = 0,
            "false" => code = 1,
            "sleep" => match argument.map(seconds) {
                Some(Some(span)) => {
                    millis = millis.saturating_add(span);
                    code = 0;
                }
                Some(None) if argument == Some("infinity") => return Script::Runs,
                _ => code = 1,
            },
            "exit" => {
                let code = argument.map_or(Some(code), |text| text.parse::<i64>().ok());
                return Script::Ends(millis, code.map_or(2, |code| code & 0xff));
            }
            _ => return Script::Runs,
        }
    }
    Script::Ends(millis, code)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined {
    And,
    Then,
}

fn is_shell(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sh" | "bash" | "ash"))
}

/// The line's commands, each with how it is joined to the one before it.
fn parts(line: &str) -> Vec<(Joined, &str)> {
    line.split(';')
        .flat_map(|group| {
            group
                .split("&&")
                .enumerate()
                .map(|(index, part)| (if index == 0 { Joined::Then } else { Joined::And }, part.trim()))
        })
        .collect()
}

/// `5`, `5s`, `2m`, `1h` in milliseconds.
fn seconds(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(digits) => (digits, text.chars().last()),
        None => (text, None),
    };
    let unit = match unit {
        Some('m') => 60_000,
        Some('h') => 3_600_000,
        _ => 1000,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::{Script, script};

    #[test]
    fn a_command_line_comes_to_an_end_or_runs_on() {
        let rows: &[(&[&str], Script)] = &[
            (&["sleep", "30"], Script::Ends(30_000, 0)),
            (&["sh", "-c", "sleep 5; exit 3"], Script::Ends(5000, 3)),
            (&["sh", "-c", "false && sleep 9"], Script::Ends(0, 1)),
            (&["/bin/sh", "-c", "echo hello"], Script::Ends(0, 0)),
            (&["sleep", "infinity"], Script::Runs),
            (&["sleep", "99999999999999999999"], Script::Ends(0, 1)),
            (&["python", "-m", "http.server"], Script::Runs),
            (&[], Script::Ends(0, 0)),
        ];
        for (words, expected) in rows {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            assert_eq!(script(&words), *expected, "{words:?}");
        }
    }
}
