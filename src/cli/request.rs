//! What becomes of a request: it is asked page by page, and its answer is printed.

use super::{CliError, Pages, Program, Request, options, print};
use crate::error::{ApiError, PARAM_VALIDATION};
use crate::operation::Operation;
use serde_json::Value;

impl Request {
    /// Asks for every page that is wanted and puts their lists together.
    ///
    /// # Errors
    /// The first refusal.
    pub fn ask(&self, mut call: impl FnMut(&Value) -> Result<Value, ApiError>) -> Result<Value, ApiError> {
        let token = options::field_named(self.operation, &["nextToken", "NextToken"]);
        let (Some(token), Pages::All | Pages::Items(_)) = (token, self.pages) else {
            return call(&self.input);
        };
        let most = options::field_named(self.operation, &["maxResults", "MaxResults", "MaxRecords"]);
        let mut input = self.input.clone();
        let mut whole = Value::Null;
        let mut left = if let Pages::Items(items) = self.pages { items } else { usize::MAX };
        loop {
            if let (Pages::Items(_), Some(most)) = (self.pages, most) {
                let largest = most.range.map_or(100, |(_, largest)| largest);
                input[most.name] = Value::from(i64::try_from(left).unwrap_or(largest).clamp(1, largest));
            }
            let mut page = call(&input)?;
            let next = page.as_object_mut().and_then(|members| members.shift_remove(token.name));
            left = left.saturating_sub(longest(&page));
            append(&mut whole, page);
            match next {
                None => return Ok(whole),
                Some(next) if left == 0 => {
                    whole["NextToken"] = next;
                    return Ok(whole);
                }
                Some(next) => input[token.name] = next,
            }
        }
    }

    /// Prints the answer, without the last line's end.
    ///
    /// # Errors
    /// The refusal, as the AWS CLI words it; or a query that the answer does not suit.
    pub fn print(&self, answer: &Result<Value, ApiError>) -> Result<String, CliError> {
        let program = Program::of(self.operation.service);
        let answer = answer.as_ref().map_err(|refusal| program.refused(self.operation, refusal))?;
        let Some(query) = &self.query else {
            return Ok(print::print(self.format, self.operation.name, answer));
        };
        let part = query.search(answer).map_err(|problem| program.fault(255, &problem))?;
        Ok(print::print(self.format, self.operation.name, &part))
    }
}

impl Program {
    fn refused(self, operation: &Operation, refusal: &ApiError) -> CliError {
        match (self, refusal.code) {
            (_, PARAM_VALIDATION) => {
                self.fault(252, &format!("Parameter validation failed:\n{}", refusal.message))
            }
            (Program::Drydock, _) => self.fault(254, &refusal.message),
            (Program::Aws, code) => self.fault(
                254,
                &format!(
                    "An error occurred ({code}) when calling the {} operation: {}",
                    operation.name, refusal.message
                ),
            ),
        }
    }
}

/// The length of the longest list in a page.
fn longest(page: &Value) -> usize {
    let members = page.as_object().into_iter().flatten();
    members.filter_map(|(_, value)| value.as_array().map(Vec::len)).max().unwrap_or(0)
}

/// Puts the lists of a page behind those of the pages before.
fn append(whole: &mut Value, page: Value) {
    let (Value::Object(members), Value::Object(more)) = (&mut *whole, &page) else {
        *whole = page;
        return;
    };
    for (name, value) in more {
        match (members.get_mut(name), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more.iter().cloned()),
            _ => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
}
