//! One goal at one moment: whether it is met, why or why not, and how far it is.

use crate::goal::compare::plain;
use crate::goal::{Compare, Goal, Look, Span};
use crate::moment::Moment;
use drydock::{SimDuration, SimTime};
use serde_json::Value;

/// How a goal stands, with the reason in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The goal as a sentence.
    pub sentence: String,
    /// Whether it is met now.
    pub met: bool,
    /// Why, or why not, with what is there in place of what is wanted.
    pub reason: String,
    /// What there is of that sort; the reason ends with it.
    pub around: Option<String>,
    /// How far it is: have and want.
    pub progress: Option<(u64, u64)>,
    /// How its parts stand.
    pub parts: Vec<Verdict>,
}

/// What is remembered of a goal between two moments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Memo {
    /// Whether it is met.
    pub met: bool,
    /// When it was first met.
    pub first: Option<SimTime>,
    /// Since when it has been met without a break.
    pub since: Option<SimTime>,
    /// How many parts of an order were met.
    pub reached: usize,
    /// Whether it can never be met any more.
    pub lost: bool,
    parts: Vec<Memo>,
}

impl Memo {
    /// Nothing is remembered yet.
    pub fn of(goal: &Goal) -> Memo {
        Memo { parts: goal.parts().into_iter().map(Memo::of).collect(), ..Memo::default() }
    }
}

fn span(span: Span) -> SimDuration {
    SimDuration::secs(span.seconds)
}

/// Looks at a goal at this moment and says whether it is met.
pub fn step(goal: &Goal, memo: &mut Memo, at: &Moment<'_>) -> bool {
    let now = at.now();
    let parts: Vec<bool> =
        goal.parts().into_iter().zip(&mut memo.parts).map(|(part, memo)| step(part, memo, at)).collect();
    let only = parts.first().copied().unwrap_or_default();
    memo.met = match goal {
        Goal::State(look) => at.find(&look.find).is_ok_and(|found| look.compare.holds(&found)),
        Goal::Query(look) => at.ask(&look.find).is_ok_and(|found| look.compare.holds(&found)),
        Goal::Happened(happened) => happened.compare.holds(&Value::from(at.happened(happened).count())),
        Goal::Did(did) => did.compare.holds(&Value::from(at.did(did).count())),
        Goal::Answered { question, with } => is_answered(question, with.as_deref(), at),
        Goal::Elapsed(wanted) => now >= at.start + span(*wanted),
        Goal::All(_) => parts.iter().all(|met| *met),
        Goal::Any(_) => parts.iter().any(|met| *met),
        Goal::Not(_) => !only,
        Goal::Was(_) => memo.first.is_some() || only,
        Goal::Never(_) => {
            memo.lost |= only;
            !memo.lost
        }
        Goal::InOrder(_) => {
            while parts.get(memo.reached) == Some(&true) {
                memo.reached += 1;
            }
            memo.reached == parts.len()
        }
        Goal::Held { span: wanted, .. } => {
            memo.parts.first().and_then(|part| part.since).is_some_and(|since| now >= since + span(*wanted))
        }
        Goal::Eventually { within, after, .. } => {
            let from = match after {
                Some(_) => memo.parts.get(1).and_then(|after| after.first),
                None => Some(at.start),
            };
            let in_time = from.is_some_and(|from| now <= from + span(*within));
            memo.lost |= from.is_some() && !in_time && memo.first.is_none();
            memo.first.is_some() || (only && in_time)
        }
    };
    if memo.met {
        memo.first.get_or_insert(now);
        memo.since.get_or_insert(now);
    } else {
        memo.since = None;
    }
    memo.met
}

/// The next moment behind `now` at which this goal may change by time alone.
pub fn wakes(goal: &Goal, memo: &Memo, start: SimTime, now: SimTime) -> Option<SimTime> {
    let own = match goal {
        Goal::Elapsed(wanted) => Some(start + span(*wanted)),
        Goal::Held { span: wanted, .. } => {
            memo.parts.first().and_then(|part| part.since).map(|since| since + span(*wanted))
        }
        _ => None,
    };
    let parts = goal.parts();
    let parts = parts.iter().zip(&memo.parts).filter_map(|(part, memo)| wakes(part, memo, start, now));
    parts.chain(own).filter(|wake| *wake > now).min()
}

/// Says how a goal stands that was looked at this moment.
pub fn explain(goal: &Goal, memo: &Memo, at: &Moment<'_>) -> Verdict {
    let parts: Vec<Verdict> =
        goal.parts().into_iter().zip(&memo.parts).map(|(part, memo)| explain(part, memo, at)).collect();
    let first_part = || parts.first().map(|part| part.reason.clone()).unwrap_or_default();
    let around = match goal {
        Goal::State(look) if !memo.met => at.around(&look.find),
        _ => None,
    };
    let (reason, progress) = match goal {
        Goal::State(look) => found(look, at.find(&look.find), memo.met, around.as_deref()),
        Goal::Query(look) => found(look, at.ask(&look.find), memo.met, None),
        Goal::Happened(happened) => {
            let last = at.happened(happened).last().map(|record| format!("{}: {}", record.at, record.text));
            counted(&happened.compare, at.happened(happened).count(), last)
        }
        Goal::Did(did) => {
            let last = at.did(did).last().map(|deed| format!("the last time at {}", deed.at));
            counted(&did.compare, at.did(did).count(), last)
        }
        Goal::Answered { question, .. } => {
            let reason = match (at.answer(question), memo.met) {
                (None, _) => "Choose one of the answers above.",
                (Some(_), true) => "You have chosen.",
                (Some(_), false) => "Your answer is not the one.",
            };
            (reason.to_string(), None)
        }
        Goal::Elapsed(wanted) => {
            let passed = at.now().since(at.start).as_secs().min(wanted.seconds);
            (format!("{passed} of {} seconds have passed.", wanted.seconds), Some((passed, wanted.seconds)))
        }
        Goal::All(_) => all(&parts, memo.met),
        Goal::Any(_) => any(&parts, memo.met),
        Goal::InOrder(_) => match parts.get(memo.reached) {
            None => ("Each of them happened, in this order.".to_string(), Some(full(&parts))),
            Some(next) => (
                format!("Next in order: {} {}", sentence(&next.sentence), next.reason),
                Some((memo.reached as u64, parts.len() as u64)),
            ),
        },
        Goal::Not(_) => (first_part(), None),
        Goal::Was(_) => match memo.first {
            Some(first) => (format!("That was so at {first}."), None),
            None => (first_part(), None),
        },
        Goal::Never(_) if memo.met => ("That has not happened.".to_string(), None),
        Goal::Never(part) => (format!("But it happened: {}", sentence(&part.sentence())), None),
        Goal::Held { span: wanted, .. } => {
            let since = memo.parts.first().and_then(|part| part.since);
            let held = since.map_or(0, |since| at.now().since(since).as_secs().min(wanted.seconds));
            let reason = match since {
                Some(_) => format!("It has been so for {held} of {} seconds.", wanted.seconds),
                None => format!("It is not so now. {}", first_part()),
            };
            (reason, Some((held, wanted.seconds)))
        }
        Goal::Eventually { within, .. } => match (memo.first, memo.lost) {
            (Some(first), _) => (format!("That was so at {first}, in time."), None),
            (None, true) => (format!("The {within} are over, and it was not so."), None),
            (None, false) => (first_part(), None),
        },
    };
    Verdict { sentence: goal.sentence(), met: memo.met, reason, around, progress, parts }
}

fn is_answered(question: &str, with: Option<&str>, at: &Moment<'_>) -> bool {
    at.answer(question).is_some_and(|answer| match with {
        None => true,
        Some("right") => at.keys.get(question).is_some_and(|key| key == answer),
        Some(with) => with == answer,
    })
}

fn found(
    look: &Look,
    found: Result<Value, String>,
    met: bool,
    around: Option<&str>,
) -> (String, Option<(u64, u64)>) {
    let value = match found {
        Err(complaint) => return (format!("That cannot be looked up now: {complaint}"), None),
        Ok(value) => value,
    };
    let there = plain(&value);
    let there = there.trim_end_matches('.');
    let reason = match (met, there) {
        (true, _) => format!("It is so: {there}."),
        (false, "nothing") => format!("Wanted is {}; nothing like that is there.", look.compare),
        (false, _) => format!("Wanted is {}; now it is {there}.", look.compare),
    };
    let around = around.map(|around| format!(" {around}")).unwrap_or_default();
    (format!("{reason}{around}"), look.compare.progress(&value))
}

fn counted(compare: &Compare, seen: usize, last: Option<String>) -> (String, Option<(u64, u64)>) {
    let value = Value::from(seen);
    let last = last.map(|last| format!(" ({last})")).unwrap_or_default();
    let reason = match (compare.holds(&value), seen) {
        (true, 0) => "It has not happened.".to_string(),
        (true, _) => format!("It happened{last}."),
        (false, 0) => "It has not happened yet.".to_string(),
        (false, _) => format!("Wanted is {compare}; it happened {seen} times{last}."),
    };
    (reason, compare.progress(&value))
}

fn all(parts: &[Verdict], met: bool) -> (String, Option<(u64, u64)>) {
    if met {
        return ("All of it is met.".to_string(), Some(full(parts)));
    }
    let open: Vec<&Verdict> = parts.iter().filter(|part| !part.met).collect();
    let mut told = Vec::new();
    for (place, part) in open.iter().enumerate() {
        // What there is of one sort is said once, behind the last part that speaks of it.
        let again =
            part.around.is_some() && open[place + 1..].iter().any(|later| later.around == part.around);
        let around = part.around.as_deref().filter(|_| again).unwrap_or_default();
        let reason = part.reason.strip_suffix(around).unwrap_or(&part.reason).trim_end();
        told.push(format!("{} {reason}", sentence(&part.sentence)));
    }
    let done = (parts.len() - open.len()) as u64;
    (format!("Not met yet: {}", told.join(" ")), Some((done, parts.len() as u64)))
}

fn any(parts: &[Verdict], met: bool) -> (String, Option<(u64, u64)>) {
    match parts.iter().find(|part| part.met) {
        Some(part) if met => (format!("{} {}", sentence(&part.sentence), part.reason), None),
        _ => {
            let each: Vec<String> =
                parts.iter().map(|part| format!("{} {}", sentence(&part.sentence), part.reason)).collect();
            (format!("None of these is met: {}", each.join(" ")), None)
        }
    }
}

fn full(parts: &[Verdict]) -> (u64, u64) {
    (parts.len() as u64, parts.len() as u64)
}

/// The words with a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
