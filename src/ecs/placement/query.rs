//! The cluster query language: conditions on container instances (PLACE-21).

pub mod parse;
pub mod pattern;
mod token;
pub mod value;

use crate::ecs::container_instance::ContainerInstance;
use crate::ecs::rules::placement as rules;
use crate::error::ApiError;
use crate::rules::Rule;
use pattern::Pattern;
use std::cmp::Ordering;
use value::{Literal, Order};

/// The longest expression that AWS takes.
const LONGEST: usize = 2000;

/// A condition that an instance meets or does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    root: Node,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    Any(Vec<Node>),
    All(Vec<Node>),
    Not(Box<Node>),
    Is(Condition),
}

/// A single condition.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    subject: Subject,
    test: Test,
    /// `!=`, `!in`, `!~`, `!exists`.
    negated: bool,
}

/// What a condition is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    AgentConnected,
    AgentVersion,
    Attribute(String),
    Ec2InstanceId,
    RegisteredAt,
    RunningTasksCount,
    TaskGroup,
}

/// What a condition asks of its subject.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Exists,
    OneOf(Vec<Literal>),
    Order(Order, Literal),
    Matches(Pattern),
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The place, in characters from 1.
    pub at: usize,
    /// What is missing or too much there.
    pub what: String,
    /// The rule that it breaks.
    pub rule: &'static Rule,
}

impl Expression {
    /// Reads an expression (PLACE-21).
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(text: &str) -> Result<Expression, Mistake> {
        if text.chars().count() > LONGEST {
            let what = format!("an expression has at most {LONGEST} characters");
            return Err(Mistake { at: LONGEST + 1, what, rule: rules::SYNTAX });
        }
        Ok(Expression { text: text.to_string(), root: parse::parse(text)? })
    }

    /// Reads the expression of a request.
    ///
    /// # Errors
    /// `InvalidParameterException` in AWS's words, with the place as its hint (PLACE-26).
    pub fn read(text: &str) -> Result<Expression, ApiError> {
        Expression::parse(text).map_err(|mistake| {
            let refusal = ApiError::invalid(format!("Invalid expression '{text}'."), mistake.rule);
            refusal.hint(format!("At character {}: {}.", mistake.at, mistake.what))
        })
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether an instance meets it.
    pub fn holds(&self, instance: &ContainerInstance) -> bool {
        self.root.holds(instance)
    }

    /// The rule by which an instance does not meet it: it lacks what is asked about, or it is otherwise.
    pub fn rule(&self, instance: &ContainerInstance) -> &'static Rule {
        let mut subjects = Vec::new();
        self.root.subjects(&mut subjects);
        let lacks = |subject: &&Subject| match subject {
            Subject::Attribute(name) => !instance.attributes.contains_key(name),
            _ => false,
        };
        if subjects.iter().any(lacks) { rules::ABSENT } else { rules::MEMBER_OF }
    }

    /// What the expression asks about, and what this instance answers: `attribute:stack is prod`.
    pub fn facts(&self, instance: &ContainerInstance) -> String {
        let mut subjects = Vec::new();
        self.root.subjects(&mut subjects);
        let facts: Vec<String> =
            subjects.iter().map(|subject| format!("{subject} {}", subject.shown(instance))).collect();
        facts.join(", ")
    }
}

impl Node {
    fn holds(&self, instance: &ContainerInstance) -> bool {
        match self {
            Node::Any(parts) => parts.iter().any(|part| part.holds(instance)),
            Node::All(parts) => parts.iter().all(|part| part.holds(instance)),
            Node::Not(part) => !part.holds(instance),
            Node::Is(condition) => condition.holds(instance),
        }
    }

    fn subjects<'a>(&'a self, into: &mut Vec<&'a Subject>) {
        match self {
            Node::Any(parts) | Node::All(parts) => parts.iter().for_each(|part| part.subjects(into)),
            Node::Not(part) => part.subjects(into),
            Node::Is(condition) if into.contains(&&condition.subject) => {}
            Node::Is(condition) => into.push(&condition.subject),
        }
    }
}

impl Condition {
    /// Whether an instance meets it; of an attribute that is not there, only `!exists` is true (PLACE-24).
    fn holds(&self, instance: &ContainerInstance) -> bool {
        let says = |yes: bool| yes != self.negated;
        match &self.subject {
            Subject::Attribute(name) => match instance.attributes.get(name) {
                None => self.negated && self.test == Test::Exists,
                Some(value) => says(self.test.of_text(value.as_deref().unwrap_or_default())),
            },
            Subject::AgentConnected => {
                says(self.test.of_text(if instance.agent_connected { "true" } else { "false" }))
            }
            Subject::Ec2InstanceId => says(self.test.of_text(instance.instance.as_str())),
            Subject::TaskGroup => says(instance.groups.keys().any(|group| self.test.of_text(group))),
            // An instance that was registered without a version has none to compare.
            Subject::AgentVersion => value::version(&instance.agent_version)
                .is_some_and(|version| says(self.test.of(|literal| literal.against_version(&version)))),
            Subject::RegisteredAt => {
                let seconds = i64::try_from(instance.registered_at.epoch_millis() / 1000).unwrap_or(i64::MAX);
                says(self.test.of(|literal| literal.against_number(seconds)))
            }
            Subject::RunningTasksCount => {
                let count = i64::try_from(tasks_on(instance)).unwrap_or(i64::MAX);
                says(self.test.of(|literal| literal.against_number(count)))
            }
        }
    }
}

/// The tasks on an instance that were not told to stop, whether they run yet or not.
fn tasks_on(instance: &ContainerInstance) -> u64 {
    instance.groups.values().sum()
}

impl Test {
    /// Asks a text: the order of two numbers is that of numbers, else that of texts.
    fn of_text(&self, text: &str) -> bool {
        match self {
            Test::Exists => true,
            Test::Matches(pattern) => pattern.matches(text),
            Test::OneOf(literals) => literals.iter().any(|literal| literal.is_text(text)),
            Test::Order(order, literal) => order.holds(literal.against_text(text)),
        }
    }

    /// Asks a value that can be compared with a literal.
    fn of(&self, compare: impl Fn(&Literal) -> Ordering) -> bool {
        match self {
            Test::Exists => true,
            Test::Matches(_) => false,
            Test::OneOf(literals) => literals.iter().any(|literal| compare(literal) == Ordering::Equal),
            Test::Order(order, literal) => order.holds(compare(literal)),
        }
    }
}

impl Subject {
    /// The value on an instance, in words.
    fn shown(&self, instance: &ContainerInstance) -> String {
        match self {
            Subject::AgentConnected => format!("is {}", instance.agent_connected),
            Subject::AgentVersion => format!("is {}", instance.agent_version),
            Subject::Ec2InstanceId => format!("is {}", instance.instance),
            Subject::RegisteredAt => format!("is {}", instance.registered_at.iso()),
            Subject::RunningTasksCount => format!("is {}", tasks_on(instance)),
            Subject::Attribute(name) => match instance.attributes.get(name) {
                None => "is absent".to_string(),
                Some(None) => "has no value".to_string(),
                Some(Some(value)) => format!("is {value}"),
            },
            Subject::TaskGroup if instance.groups.is_empty() => "is empty".to_string(),
            Subject::TaskGroup => {
                format!("is {}", instance.groups.keys().cloned().collect::<Vec<_>>().join(" and "))
            }
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::AgentConnected => f.write_str("agentConnected"),
            Subject::AgentVersion => f.write_str("agentVersion"),
            Subject::Attribute(name) => write!(f, "attribute:{name}"),
            Subject::Ec2InstanceId => f.write_str("ec2InstanceId"),
            Subject::RegisteredAt => f.write_str("registeredAt"),
            Subject::RunningTasksCount => f.write_str("runningTasksCount"),
            Subject::TaskGroup => f.write_str("task:group"),
        }
    }
}
