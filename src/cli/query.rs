//! `--query`: which part of an answer is printed.

use serde_json::Value;

/// The longest expression that is read, in characters.
const LONGEST: usize = 1000;
/// The most brackets, dots and signs; with more of them the crate could run out of stack.
const DEEPEST: usize = 64;

/// A JMESPath expression.
#[derive(Clone)]
pub struct Query {
    expression: jmespath::Expression<'static>,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Query({:?})", self.expression.as_str())
    }
}

impl Query {
    /// Reads an expression, or complains as the CLI does.
    pub(super) fn compile(text: &str) -> Result<Query, String> {
        let complain = |what: &str| format!("Bad value for --query {text}: {what}");
        if text.chars().count() > LONGEST {
            return Err(complain(&format!("the expression is longer than {LONGEST} characters")));
        }
        if text.matches(['[', '(', '{', '!', '&', '.', '|']).count() > DEEPEST {
            return Err(complain(&format!("the expression has more than {DEEPEST} brackets, dots and signs")));
        }
        let expression = jmespath::compile(text).map_err(|problem| {
            let before = text.char_indices().take_while(|(at, _)| *at < problem.offset).count();
            let kind = match problem.offset >= text.trim_end().len() {
                true => "Incomplete expression".to_string(),
                false => format!("Parse error at column {before}"),
            };
            complain(&format!("Invalid jmespath expression: {kind}:\n\"{text}\"\n {}^", " ".repeat(before)))
        })?;
        Ok(Query { expression })
    }

    /// The part of the answer that the expression names.
    pub(super) fn search(&self, answer: &Value) -> Result<Value, String> {
        let found = self.expression.search(answer).map_err(|problem| problem.to_string())?;
        serde_json::to_value(&*found).map_err(|problem| problem.to_string())
    }
}
