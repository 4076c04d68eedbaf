//! Which command of a step comes next, told from what was entered.
use drydock::SimTime;

/// A command that was entered, and when.
pub type Entered = (SimTime, String);

/// Where in a step's commands the learner is: the place of the next one.
///
/// A wait is no line of a run; it counts as done once time has passed behind the command before it.
pub fn next(commands: &[String], entered: &[Entered], now: SimTime) -> usize {
    let mut place = 0;
    let mut last: Option<SimTime> = None;
    let mut from = 0;
    for (index, command) in commands.iter().enumerate() {
        if let Some(wait) = wait_of(command) {
            let reached = last.is_some_and(|last| now.since(last).0 >= wait);
            if place == index && reached {
                place = index + 1;
            }
            continue;
        }
        let found = entered[from..].iter().position(|(_, line)| same(line, command));
        let Some(found) = found else { break };
        last = Some(entered[from + found].0);
        from += found + 1;
        place = index + 1;
    }
    place
}

fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// How many milliseconds a waiting command has to wait at least; `None` for other commands.
fn wait_of(command: &str) -> Option<u64> {
    let command = command.trim();
    if let Some(span) = command.strip_prefix("drydock wait ") {
        let span = span.trim();
        let (figure, unit) =
            span.split_at(span.find(|sign: char| sign.is_ascii_alphabetic()).unwrap_or(span.len()));
        let unit = match unit {
            "m" => 60_000,
            "h" => 3_600_000,
            "ms" => 1,
            _ => 1_000,
        };
        return Some(figure.parse::<u64>().unwrap_or(1) * unit);
    }
    // A waiter asks every 15 seconds or so; it is over when the world says so.
    let mut words = command.split_whitespace().skip_while(|word| *word == "aws");
    words.next();
    (words.next() == Some("wait")).then_some(15_000)
}

#[cfg(test)]
mod tests {
    use super::next;
    use drydock::SimTime;

    const COMMANDS: [&str; 4] = [
        "TASK=$(aws ecs list-tasks)",
        "drydock wait 60s",
        "aws ecs wait tasks-running --tasks a",
        "aws ecs stop-task",
    ];

    fn at(entered: &[(u64, &str)], now: u64) -> usize {
        let commands: Vec<String> = COMMANDS.map(str::to_string).to_vec();
        let entered: Vec<_> =
            entered.iter().map(|(at, line)| (SimTime(at * 1000), (*line).to_string())).collect();
        next(&commands, &entered, SimTime(now * 1000))
    }

    #[test]
    fn each_command_leads_to_the_next() {
        assert_eq!(at(&[], 0), 0);
        assert_eq!(at(&[(5, "TASK=$(aws  ecs list-tasks)")], 5), 1);
        assert_eq!(at(&[(0, "help"), (5, "TASK=$(aws ecs list-tasks)")], 64), 1);
        assert_eq!(at(&[(5, "TASK=$(aws ecs list-tasks)")], 70), 3);
        assert_eq!(at(&[(5, "TASK=$(aws ecs list-tasks)"), (6, "aws ecs stop-task")], 6), 4);
    }
}
