//! A command in the form that works on real AWS, with the documents and values that it needs.
use drydock::SimTime;
use drydock::arn::REGION;
use drydock::run::Run;
use leptos::prelude::*;

use super::copy;
use super::desk::Desk;
use super::notice::{Notice, Notices};

/// A command for a shell with the real AWS CLI.
///
/// # Errors
/// Why AWS has nothing like it, in a sentence.
pub fn on_aws(run: &Run, command: &str, at: SimTime) -> Result<String, String> {
    let mut given = Vec::new();
    let own = line(run, command.trim(), at, &mut given)?;
    given.retain(|earlier| *earlier != own);
    given.push(own);
    Ok(given.join("\n"))
}

/// One line; the lines that it needs are put before it.
fn line(run: &Run, command: &str, at: SimTime, given: &mut Vec<String>) -> Result<String, String> {
    let first = command.split_whitespace().next().unwrap_or_default();
    if command.starts_with("drydock wait") {
        return Err("On AWS time passes by itself: drydock wait has no counterpart.".to_string());
    }
    if let "drydock" | "clear" | "help" | "act-as" | "" = first {
        return Err(format!("{first} is part of this sandbox only: AWS has no counterpart."));
    }
    if first == "put" {
        return Ok(command.replacen("put ", "cat > ", 1));
    }
    if let Some((name, value)) = assigned(command) {
        let Some(inner) = value.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')) else {
            needs(run, value, at, given);
            return Ok(command.to_string());
        };
        let inner = line(run, inner.trim(), at, given)?;
        return Ok(format!("{name}=$({inner})"));
    }
    if first == "as" {
        let rest = command["as".len()..].trim_start();
        let (user, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let inner = line(run, rest.trim(), at, given)?;
        return Ok(with(&inner, "profile", user));
    }
    needs(run, command, at, given);
    let command = if first == "aws" { command.to_string() } else { format!("aws {command}") };
    Ok(with(&command, "region", REGION))
}

/// The command with an option, unless it has it. A remark at its end stays behind it.
fn with(command: &str, option: &str, value: &str) -> String {
    let flag = format!("--{option}");
    if command.split_whitespace().any(|word| word == flag || word.starts_with(&format!("{flag}="))) {
        return command.to_string();
    }
    match command.strip_prefix("aws ").filter(|_| command.contains(" #")) {
        Some(rest) => format!("aws {flag} {value} {rest}"),
        None => format!("{command} {flag} {value}"),
    }
}

/// A name and what is kept under it.
fn assigned(command: &str) -> Option<(&str, &str)> {
    let (name, value) = command.split_once('=')?;
    let fits = name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    (fits && name.starts_with(|sign: char| !sign.is_ascii_digit())).then_some((name, value))
}

/// Puts the documents and values before a command that names them.
fn needs(run: &Run, command: &str, at: SimTime, given: &mut Vec<String>) {
    for name in values(command) {
        let kept = last(run, at, |line| assigned(line).is_some_and(|(own, _)| own == name));
        if let Some(earlier) = kept.and_then(|kept| line(run, &kept, at, given).ok()) {
            add(given, earlier);
        }
    }
    for name in documents(command) {
        let head = format!("put {name} ");
        let put = last(run, at, |line| line.starts_with(&head))
            .or_else(|| run.documents().get(&name).map(|text| super::json_text::put(&name, text)));
        if let Some(put) = put {
            add(given, put.replacen("put ", "cat > ", 1));
        }
    }
}

fn add(given: &mut Vec<String>, line: String) {
    if !given.contains(&line) {
        given.push(line);
    }
}

/// The last line of the run up to a moment that fits.
fn last(run: &Run, at: SimTime, fits: impl Fn(&str) -> bool) -> Option<String> {
    let lines = run.lines().iter().rev().filter(|line| line.at <= at);
    lines.map(|line| &line.command).find(|command| fits(command)).cloned()
}

/// The documents that a command names.
fn documents(command: &str) -> Vec<String> {
    let named = command
        .match_indices("://")
        .filter(|(place, _)| command[..*place].ends_with("file") || command[..*place].ends_with("fileb"));
    named
        .map(|(place, _)| {
            let rest = command[place + 3..].trim_start_matches("./");
            let end = rest.find(|sign: char| sign.is_whitespace() || "'\"),]".contains(sign));
            rest[..end.unwrap_or(rest.len())].to_string()
        })
        .collect()
}

/// The values that a command names, where a shell would put them in.
fn values(command: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut double = false;
    let mut signs = command.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\'' if !double => quoted = !quoted,
            '"' if !quoted => double = !double,
            '\\' if !quoted => {
                signs.next();
            }
            '$' if !quoted => {
                signs.next_if_eq(&'{');
                let mut name = String::new();
                while let Some(part) = signs.next_if(|part| part.is_ascii_alphanumeric() || *part == '_') {
                    name.push(part);
                }
                if !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
            _ => {}
        }
    }
    names
}

/// Copies a command as it works on real AWS, or says that AWS has nothing like it.
#[component]
pub fn CopyForAws(
    /// The command as typed.
    command: String,
    /// When it was given.
    at: SimTime,
    /// Whether Tab stops here.
    #[prop(into)]
    stops: Signal<bool>,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let notices = use_context::<Notices>();
    let name = command.lines().next().unwrap_or_default().to_string();
    let press = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        let said = match desk.run.look(|run| on_aws(run, &command, at)) {
            Ok(text) => {
                copy(&text);
                "Copied as it works with the real AWS CLI. Ids and the account number in it are the sandbox's.".to_string()
            }
            Err(why) => why,
        };
        if let Some(notices) = notices {
            notices.set(Some(Notice::tell(said)));
        }
    };
    view! {
        <button class="for-aws" title="Copy in the form that works on real AWS" aria-label=format!("Copy for AWS: {name}")
            tabindex=move || if stops.get() { "0" } else { "-1" } on:click=press>"Copy for AWS"</button>
    }
}

#[cfg(test)]
mod tests {
    use super::on_aws;
    use drydock::dice::Seed;
    use drydock::run::Run;

    fn run() -> Run {
        let mut run = Run::new(Seed(7));
        run.enter("put web.json <<'END'\n{ \"family\": \"web\" }\nEND");
        run.enter("CLUSTER=shop");
        run.enter("TASK=$(ecs list-tasks --cluster $CLUSTER --query 'taskArns[0]' --output text)");
        run
    }

    fn real(command: &str) -> Result<String, String> {
        let run = run();
        on_aws(&run, command, run.clock())
    }

    #[test]
    fn a_command_names_its_program_and_its_region() {
        let region = "aws ecs list-clusters --region us-east-1";
        for command in ["ecs list-clusters", "aws ecs list-clusters", region] {
            assert_eq!(real(command).as_deref(), Ok(region));
        }
        assert_eq!(
            real("aws ecs list-clusters # all").as_deref(),
            Ok("aws --region us-east-1 ecs list-clusters # all")
        );
    }

    #[test]
    fn documents_and_values_come_first() {
        assert_eq!(
            real("aws ecs register-task-definition --cli-input-json file://web.json").as_deref(),
            Ok(
                "cat > web.json <<'END'\n{ \"family\": \"web\" }\nEND\naws ecs register-task-definition --cli-input-json file://web.json --region us-east-1"
            )
        );
        assert_eq!(
            real("aws ecs stop-task --task \"$TASK\"").as_deref(),
            Ok(
                "CLUSTER=shop\nTASK=$(aws ecs list-tasks --cluster $CLUSTER --query 'taskArns[0]' --output text --region us-east-1)\naws ecs stop-task --task \"$TASK\" --region us-east-1"
            )
        );
        assert_eq!(real("put a.json <<'END'\n{}\nEND").as_deref(), Ok("cat > a.json <<'END'\n{}\nEND"));
    }

    #[test]
    fn another_user_is_another_profile() {
        assert_eq!(
            real("as anna aws ecs list-clusters").as_deref(),
            Ok("aws ecs list-clusters --region us-east-1 --profile anna")
        );
    }

    #[test]
    fn what_is_of_the_sandbox_has_no_counterpart() {
        for command in
            ["drydock wait 5m", "drydock kill --task a --container b", "clear", "X=$(drydock docker ps)"]
        {
            assert!(real(command).is_err_and(|why| why.contains("no counterpart")), "{command}");
        }
    }
}
