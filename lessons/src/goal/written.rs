//! Goals as they are written: a flat table whose first word says which node it is.

use crate::goal::{Compare, Did, Goal, Happened, Look, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A goal as written. Exactly one of the members that name a node must be there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_order: Option<Vec<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Box<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never: Option<Box<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Box<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eventually: Option<Box<Goal>>,

    #[serde(skip_serializing_if = "Option::is_none", rename = "for")]
    pub span: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Box<Goal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", alias = "equals")]
    pub is: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_not: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none", alias = "contains")]
    pub has: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

const NODES: &str =
    "state, query, happened, did, answered, elapsed, all, any, not, in_order, was, never, held, eventually";

impl TryFrom<Written> for Goal {
    type Error = String;
    fn try_from(mut written: Written) -> Result<Goal, String> {
        let goal = node(&mut written)?;
        let left = serde_json::to_value(&written).unwrap_or_default();
        match left.as_object().and_then(|left| left.keys().next()) {
            Some(key) => Err(format!("`{key}` does not belong to this goal; one goal has one of {NODES}")),
            None => Ok(goal),
        }
    }
}

/// Takes the members of the node that is named.
fn node(written: &mut Written) -> Result<Goal, String> {
    if let Some(find) = written.state.take() {
        return look(written, find).map(Goal::State);
    }
    if let Some(find) = written.query.take() {
        return look(written, find).map(Goal::Query);
    }
    if let Some(text) = written.happened.take() {
        return Ok(Goal::Happened(Happened {
            text,
            kind: written.kind.take(),
            about: written.about.take(),
            rule: written.rule.take(),
            compare: count(written),
            says: says(written)?,
        }));
    }
    if let Some(operation) = written.did.take() {
        return Ok(Goal::Did(Did {
            operation,
            with: written.with.take(),
            refused: written.refused.take(),
            compare: count(written),
            says: says(written)?,
        }));
    }
    if let Some(question) = written.answered.take() {
        return Ok(Goal::Answered { question, with: written.with.take() });
    }
    if let Some(span) = written.elapsed.take() {
        return Ok(Goal::Elapsed(span));
    }
    for (parts, make) in [
        (written.all.take(), Goal::All as fn(Vec<Goal>) -> Goal),
        (written.any.take(), Goal::Any),
        (written.in_order.take(), Goal::InOrder),
    ] {
        match parts {
            Some(parts) if parts.is_empty() => return Err("a list of goals needs at least one".to_string()),
            Some(parts) => return Ok(make(parts)),
            None => {}
        }
    }
    for (part, make) in [
        (written.not.take(), Goal::Not as fn(Box<Goal>) -> Goal),
        (written.was.take(), Goal::Was),
        (written.never.take(), Goal::Never),
    ] {
        if let Some(part) = part {
            return Ok(make(part));
        }
    }
    if let Some(goal) = written.held.take() {
        let span = written.span.take().ok_or("`held` needs a time: for = \"60s\"")?;
        return Ok(Goal::Held { goal, span });
    }
    if let Some(goal) = written.eventually.take() {
        let within = written.within.take().ok_or("`eventually` needs a time: within = \"2m\"")?;
        return Ok(Goal::Eventually { goal, within, after: written.after.take() });
    }
    Err(format!("a goal needs one of {NODES}"))
}

fn look(written: &mut Written, find: String) -> Result<Look, String> {
    let compare = compare(written);
    if compare.is_empty() {
        return Err(format!("`{find}` is compared with nothing; add is, is_not, has, at_least or at_most"));
    }
    // The options of a question say in their own text what they claim.
    Ok(Look { find, compare, says: written.says.take().unwrap_or_default() })
}

fn says(written: &mut Written) -> Result<String, String> {
    written.says.take().ok_or_else(|| "this goal needs its sentence: says = \"…\"".to_string())
}

fn count(written: &mut Written) -> Compare {
    let compare = compare(written);
    if compare.is_empty() { Compare { at_least: Some(1), ..Compare::default() } } else { compare }
}

fn compare(written: &mut Written) -> Compare {
    Compare {
        is: written.is.take(),
        is_not: written.is_not.take(),
        has: written.has.take(),
        at_least: written.at_least.take(),
        at_most: written.at_most.take(),
    }
}

impl From<Goal> for Written {
    fn from(goal: Goal) -> Written {
        let mut written = Written::default();
        let compared = |compare: Compare| Written {
            is: compare.is,
            is_not: compare.is_not,
            has: compare.has,
            at_least: compare.at_least,
            at_most: compare.at_most,
            ..Written::default()
        };
        let spoken = |says: String| Some(says).filter(|says| !says.is_empty());
        match goal {
            Goal::State(look) => {
                written = compared(look.compare);
                written.state = Some(look.find);
                written.says = spoken(look.says);
            }
            Goal::Query(look) => {
                written = compared(look.compare);
                written.query = Some(look.find);
                written.says = spoken(look.says);
            }
            Goal::Happened(happened) => {
                written = compared(happened.compare);
                written.happened = Some(happened.text);
                written.kind = happened.kind;
                written.about = happened.about;
                written.rule = happened.rule;
                written.says = Some(happened.says);
            }
            Goal::Did(did) => {
                written = compared(did.compare);
                written.did = Some(did.operation);
                written.with = did.with;
                written.refused = did.refused;
                written.says = Some(did.says);
            }
            Goal::Answered { question, with } => {
                written.answered = Some(question);
                written.with = with;
            }
            Goal::Elapsed(span) => written.elapsed = Some(span),
            Goal::All(parts) => written.all = Some(parts),
            Goal::Any(parts) => written.any = Some(parts),
            Goal::InOrder(parts) => written.in_order = Some(parts),
            Goal::Not(part) => written.not = Some(part),
            Goal::Was(part) => written.was = Some(part),
            Goal::Never(part) => written.never = Some(part),
            Goal::Held { goal, span } => {
                written.held = Some(goal);
                written.span = Some(span);
            }
            Goal::Eventually { goal, within, after } => {
                written.eventually = Some(goal);
                written.within = Some(within);
                written.after = after;
            }
        }
        written
    }
}
