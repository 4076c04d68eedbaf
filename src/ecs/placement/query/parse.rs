//! Reads an expression: `or` binds least, then `and`, then `not` (PLACE-21).

use super::pattern::Pattern;
use super::token::{Token, tokens};
use super::value::{Literal, Order};
use super::{Condition, Mistake, Node, Subject, Test};
use crate::ecs::rules::placement as rules;
use crate::rules::Rule;

/// How deep conditions may be nested.
const DEEPEST: usize = 60;

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    /// The place behind the last character.
    end: usize,
    depth: usize,
}

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, end: text.chars().count() + 1, depth: 0 };
    let root = parser.any()?;
    match parser.peek() {
        None => Ok(root),
        Some(Token::Close) => parser.fail("this parenthesis was never opened"),
        Some(_) => parser.fail("`and`, `or` or the end is missing here"),
    }
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += usize::from(token.is_some());
        token
    }

    fn fail<T>(&self, what: impl Into<String>) -> Result<T, Mistake> {
        self.breaks(rules::SYNTAX, what)
    }

    fn breaks<T>(&self, rule: &'static Rule, what: impl Into<String>) -> Result<T, Mistake> {
        let at = self.tokens.get(self.next).map_or(self.end, |(at, _)| *at);
        Err(Mistake { at, what: what.into(), rule })
    }

    /// Takes the next token if it is this sign or this word, in any case.
    fn accept(&mut self, sign: &Token, word: &str) -> bool {
        let there = match self.peek() {
            Some(Token::Word(there)) => there.eq_ignore_ascii_case(word),
            Some(there) => there == sign,
            None => false,
        };
        self.next += usize::from(there);
        there
    }

    fn any(&mut self) -> Result<Node, Mistake> {
        let mut parts = vec![self.all()?];
        while self.accept(&Token::Or, "or") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Node::Any))
    }

    fn all(&mut self) -> Result<Node, Mistake> {
        let mut parts = vec![self.not()?];
        while self.accept(&Token::And, "and") {
            parts.push(self.not()?);
        }
        Ok(joined(parts, Node::All))
    }

    fn not(&mut self) -> Result<Node, Mistake> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fail(format!("conditions are nested more than {DEEPEST} deep"));
        }
        let node = if self.accept(&Token::Bang, "not") {
            Node::Not(Box::new(self.not()?))
        } else if self.peek() == Some(&Token::Open) {
            self.next += 1;
            let inside = self.any()?;
            if self.peek() != Some(&Token::Close) {
                return self.fail("a closing parenthesis is missing here");
            }
            self.next += 1;
            inside
        } else {
            Node::Is(self.condition()?)
        };
        self.depth -= 1;
        Ok(node)
    }

    fn condition(&mut self) -> Result<Condition, Mistake> {
        let subject = self.subject()?;
        let begun = self.next;
        let Some(operator) = self.operator() else {
            return self.breaks(rules::QUERY, "an operator is missing here, such as ==, in, =~ or exists");
        };
        if !operator.fits(&subject) {
            self.next = begun;
            return self.breaks(rules::QUERY, format!("{subject} cannot be asked like this"));
        }
        let (test, negated) = match operator {
            Operator::Exists(negated) => (Test::Exists, negated),
            Operator::Equals(negated) => (Test::OneOf(vec![self.literal(&subject)?]), negated),
            Operator::In(negated) => (Test::OneOf(self.list(&subject)?), negated),
            Operator::Matches(negated) => (Test::Matches(self.pattern()?), negated),
            Operator::Order(order) => (Test::Order(order, self.literal(&subject)?), false),
        };
        Ok(Condition { subject, test, negated })
    }

    fn subject(&mut self) -> Result<Subject, Mistake> {
        let subject = match self.peek() {
            Some(Token::Word(word)) => match word.as_str() {
                "agentConnected" => Some(Subject::AgentConnected),
                "agentVersion" => Some(Subject::AgentVersion),
                "ec2InstanceId" => Some(Subject::Ec2InstanceId),
                "registeredAt" => Some(Subject::RegisteredAt),
                "runningTasksCount" => Some(Subject::RunningTasksCount),
                "task:group" => Some(Subject::TaskGroup),
                word => word
                    .strip_prefix("attribute:")
                    .filter(|name| !name.is_empty())
                    .map(|name| Subject::Attribute(name.to_string())),
            },
            _ => None,
        };
        match subject {
            Some(subject) => {
                self.next += 1;
                Ok(subject)
            }
            None => self.breaks(
                rules::QUERY,
                "a subject is missing here: attribute:NAME, task:group, agentConnected, agentVersion, \
                 ec2InstanceId, registeredAt or runningTasksCount",
            ),
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        let operator = match self.take()? {
            Token::Sign(sign) => Operator::of(sign)?,
            Token::Word(word) => Operator::of(&word.to_ascii_lowercase())?,
            Token::Bang => match self.take()? {
                Token::Word(word) if word.eq_ignore_ascii_case("exists") => Operator::Exists(true),
                Token::Word(word) if word.eq_ignore_ascii_case("in") => Operator::In(true),
                _ => return None,
            },
            _ => return None,
        };
        Some(operator)
    }

    fn text(&mut self) -> Result<String, Mistake> {
        match self.peek().cloned() {
            Some(Token::Word(text) | Token::Quoted(text)) => {
                self.next += 1;
                Ok(text)
            }
            _ => self.fail("a value is missing here"),
        }
    }

    fn literal(&mut self, subject: &Subject) -> Result<Literal, Mistake> {
        let text = self.text()?;
        let read = match subject {
            Subject::AgentVersion => Literal::version(&text).ok_or("a version, such as 1.105.1,"),
            Subject::RegisteredAt => Literal::moment(&text).ok_or("a date, such as 2026-01-05T09:00:00Z,"),
            Subject::RunningTasksCount => Literal::count(&text).ok_or("a whole number"),
            Subject::AgentConnected if !matches!(text.as_str(), "true" | "false") => Err("true or false"),
            _ => Ok(Literal::text(text)),
        };
        read.or_else(|wanted| {
            self.next -= 1;
            self.fail(format!("{wanted} is missing here"))
        })
    }

    fn list(&mut self, subject: &Subject) -> Result<Vec<Literal>, Mistake> {
        if self.peek() != Some(&Token::OpenList) {
            return self.fail("a list in [ ] is missing here");
        }
        self.next += 1;
        let mut list = vec![self.literal(subject)?];
        loop {
            match self.peek() {
                Some(Token::Comma) => self.next += 1,
                Some(Token::CloseList) => {
                    self.next += 1;
                    return Ok(list);
                }
                _ => return self.fail("a comma or ] is missing here"),
            }
            list.push(self.literal(subject)?);
        }
    }

    fn pattern(&mut self) -> Result<Pattern, Mistake> {
        let text = self.text()?;
        Pattern::parse(&text).or_else(|what| {
            self.next -= 1;
            self.breaks(rules::PATTERNS, what)
        })
    }
}

fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => join(parts),
    }
}

/// What stands between a subject and its value; the flag says whether it is negated.
#[derive(Debug, Clone, Copy)]
enum Operator {
    Exists(bool),
    Equals(bool),
    In(bool),
    Matches(bool),
    Order(Order),
}

impl Operator {
    fn of(word: &str) -> Option<Operator> {
        Some(match word {
            "exists" => Operator::Exists(false),
            "not_exists" => Operator::Exists(true),
            "==" | "equals" => Operator::Equals(false),
            "!=" | "not_equals" => Operator::Equals(true),
            "in" => Operator::In(false),
            "not_in" => Operator::In(true),
            "=~" | "matches" => Operator::Matches(false),
            "!~" | "not_matches" => Operator::Matches(true),
            ">" | "greater_than" => Operator::Order(Order::Greater),
            ">=" | "greater_than_equal" => Operator::Order(Order::GreaterOrEqual),
            "<" | "less_than" => Operator::Order(Order::Less),
            "<=" | "less_than_equal" => Operator::Order(Order::LessOrEqual),
            _ => return None,
        })
    }

    /// Whether AWS lets this subject be asked like this.
    fn fits(self, subject: &Subject) -> bool {
        match subject {
            Subject::Attribute(_) => true,
            Subject::AgentConnected | Subject::Ec2InstanceId | Subject::TaskGroup => {
                matches!(self, Operator::Equals(_) | Operator::In(_) | Operator::Matches(_))
            }
            Subject::AgentVersion | Subject::RegisteredAt | Subject::RunningTasksCount => {
                matches!(self, Operator::Equals(_) | Operator::Order(_))
            }
        }
    }
}
