//! Goals: a small closed tree of what must be true, have happened or have been done.

pub mod compare;
pub mod written;

pub use compare::{Compare, Span};

use crate::goal::written::Written;
use serde::{Deserialize, Serialize};

/// What a step, a piece of feedback or an option of a question claims about a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Goal {
    /// What a JMESPath expression finds in the world compares like this now.
    State(Look),
    /// What a reading command prints compares like this now.
    Query(Look),
    /// So many records of this sort stand on the timeline.
    Happened(Happened),
    /// So many requests like this were made.
    Did(Did),
    /// A question was answered.
    Answered {
        /// The question's id.
        question: String,
        /// The option's letter, `right` for the key; any option when absent.
        with: Option<String>,
    },
    /// At least this much simulated time has passed since the start.
    Elapsed(Span),
    /// Every part is met.
    All(Vec<Goal>),
    /// At least one part is met.
    Any(Vec<Goal>),
    /// The part is not met.
    Not(Box<Goal>),
    /// Each part was met at some moment, none before the one in front of it.
    InOrder(Vec<Goal>),
    /// The part was met at some moment.
    Was(Box<Goal>),
    /// The part was met at no moment.
    Never(Box<Goal>),
    /// The part has been met without a break for this long.
    Held {
        /// What must hold.
        goal: Box<Goal>,
        /// For how long.
        span: Span,
    },
    /// The part was met within this time.
    Eventually {
        /// What must be met.
        goal: Box<Goal>,
        /// Within which time.
        within: Span,
        /// From when the time counts: from when this was met first, or else from the start.
        after: Option<Box<Goal>>,
    },
}

/// What is found, what it must be like, and the sentence for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// A JMESPath expression over the views, or a reading command of the terminal.
    pub find: String,
    /// What the find must be like.
    pub compare: Compare,
    /// The sentence that a learner reads.
    pub says: String,
}

/// So many records of this sort stand on the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// A part of the record's text, in its own words; any when empty.
    pub text: String,
    /// The sort of record: `change`, `service-event`, `failure`, `fault`, `refusal`, `decision`, `command`.
    pub kind: Option<String>,
    /// The kind of resource it is about: `task`, `service`, `instance`.
    pub about: Option<String>,
    /// The id of the rule by which it happened.
    pub rule: Option<String>,
    /// How many there must be; at least one when nothing is said.
    pub compare: Compare,
    /// The sentence that a learner reads.
    pub says: String,
}

/// So many requests like this were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Did {
    /// The operation as AWS names it, behind its service: `ecs RunTask`, `drydock DockerRun`.
    pub operation: String,
    /// A JMESPath expression over the request's input that must hold.
    pub with: Option<String>,
    /// Absent: it went through. Else it was refused, with this code, or with any when `*`.
    pub refused: Option<String>,
    /// How many there must be; at least one when nothing is said.
    pub compare: Compare,
    /// The sentence that a learner reads.
    pub says: String,
}

impl Goal {
    /// The parts of this node.
    pub fn parts(&self) -> Vec<&Goal> {
        match self {
            Goal::State(_)
            | Goal::Query(_)
            | Goal::Happened(_)
            | Goal::Did(_)
            | Goal::Answered { .. }
            | Goal::Elapsed(_) => Vec::new(),
            Goal::All(parts) | Goal::Any(parts) | Goal::InOrder(parts) => parts.iter().collect(),
            Goal::Not(part) | Goal::Was(part) | Goal::Never(part) => vec![part],
            Goal::Held { goal, .. } => vec![goal],
            Goal::Eventually { goal, after, .. } => {
                std::iter::once(goal.as_ref()).chain(after.as_deref()).collect()
            }
        }
    }

    /// This node and every node below it.
    pub fn every(&self) -> Vec<&Goal> {
        let mut every = vec![self];
        for part in self.parts() {
            every.extend(part.every());
        }
        every
    }

    /// The goal as a sentence for learners, made from the tree.
    pub fn sentence(&self) -> String {
        let list = |parts: &[Goal], word: &str| {
            parts.iter().map(Goal::sentence).collect::<Vec<_>>().join(&format!("{word} "))
        };
        match self {
            Goal::State(look) | Goal::Query(look) => look.says.clone(),
            Goal::Happened(happened) => happened.says.clone(),
            Goal::Did(did) => did.says.clone(),
            Goal::Answered { with: None, .. } => "you have said what you expect".to_string(),
            Goal::Answered { question, with: Some(with) } => {
                let number = question.trim_start_matches(char::is_alphabetic);
                format!(
                    "question {number} is answered {}",
                    if with == "right" { "right" } else { "otherwise" }
                )
            }
            Goal::Elapsed(span) => format!("{span} have passed"),
            Goal::All(parts) => list(parts, ", and"),
            Goal::Any(parts) => format!("one of these: {}", list(parts, "; or")),
            Goal::Not(part) => format!("it is not so that {}", part.sentence()),
            Goal::InOrder(parts) => format!("one after the other: {}", list(parts, ", then")),
            Goal::Was(part) => format!("at some moment, {}", part.sentence()),
            Goal::Never(part) => format!("never: {}", part.sentence()),
            Goal::Held { goal, span } => format!("for {span} without a break, {}", goal.sentence()),
            Goal::Eventually { goal, within, after: None } => {
                format!("within {within}, {}", goal.sentence())
            }
            Goal::Eventually { goal, within, after: Some(after) } => {
                format!("within {within} after this: {}; this: {}", after.sentence(), goal.sentence())
            }
        }
    }
}
