//! The CLI's shorthand syntax: `key=value,list=a,b,inner={key=value},more=[a,b]`.

use super::documents::Documents;
use crate::shape::{Shape, Slot, Thousandths, Type};
use serde_json::{Map, Value};

/// How deep brackets may stand in each other.
const DEEPEST: usize = 64;

/// Why a text is not shorthand.
#[derive(Debug)]
pub enum Problem {
    /// The syntax: the text says where.
    Syntax(String),
    /// A number that is none.
    Number(String),
    /// A document that does not exist.
    Document(String),
}

/// Reads a structure or map in shorthand, untyped: every leaf is a text.
pub fn parse(text: &str, documents: &Documents<'_>) -> Result<Value, Problem> {
    Reader { text: text.chars().collect(), index: 0, depth: 0, from_document: false, documents }.parameter()
}

struct Reader<'a> {
    text: Vec<char>,
    index: usize,
    depth: usize,
    from_document: bool,
    documents: &'a Documents<'a>,
}

impl Reader<'_> {
    fn parameter(&mut self) -> Result<Value, Problem> {
        let mut members = Map::new();
        let mut last = 0;
        loop {
            let (key, value) = self.key_value(Self::values)?;
            if members.contains_key(&key) {
                return Err(Problem::Syntax(format!(
                    "Second instance of key \"{key}\" encountered for input:\n{}\nThis is often because there is a \
                     preceding \",\" instead of a space.",
                    self.pointed(last + 1)
                )));
            }
            members.insert(key, value);
            last = self.index;
            if self.at_end() {
                return Ok(Value::Object(members));
            }
            self.expect_spaced(',')?;
        }
    }

    fn key_value(
        &mut self,
        values: fn(&mut Self) -> Result<Value, Problem>,
    ) -> Result<(String, Value), Problem> {
        let key = self.take_while(|letter| letter.is_ascii_alphanumeric() || "-_.#/:".contains(letter));
        self.from_document = false;
        self.skip_space();
        if self.current() == Some('@') {
            self.index += 1;
            self.from_document = true;
        }
        self.expect_spaced('=')?;
        Ok((key, values(self)?))
    }

    /// What may stand behind `key=` outside brackets, where commas make a list.
    fn values(&mut self) -> Result<Value, Problem> {
        match self.current() {
            None => Ok(Value::String(String::new())),
            Some('[') => self.list(),
            Some('{') => self.structure(),
            Some(_) => self.comma_list(),
        }
    }

    /// What may stand inside brackets, where a comma ends the value.
    fn inner_value(&mut self) -> Result<Value, Problem> {
        match self.current() {
            Some('[') => self.list(),
            Some('{') => self.structure(),
            _ => self.first_value().map(Value::String),
        }
    }

    /// `a` is a text, `a,b` a list; in `a,key=…` the comma ends the value.
    fn comma_list(&mut self) -> Result<Value, Problem> {
        let first = self.first_value()?;
        self.skip_space();
        if self.current() != Some(',') {
            return Ok(Value::String(first));
        }
        let mut comma = self.index;
        self.expect_spaced(',')?;
        let mut values = vec![Value::String(first)];
        loop {
            let next = self.second_value();
            self.skip_space();
            match next {
                Ok(value) if self.at_end() => {
                    values.push(Value::String(value));
                    break;
                }
                Ok(value) if self.current() == Some(',') => {
                    values.push(Value::String(value));
                    comma = self.index;
                    self.expect_spaced(',')?;
                }
                Err(problem) if self.at_end() => return Err(problem),
                _ => {
                    self.index = comma;
                    break;
                }
            }
        }
        match values.len() {
            1 => Ok(values.remove(0)),
            _ => Ok(Value::Array(values)),
        }
    }

    fn list(&mut self) -> Result<Value, Problem> {
        self.deeper()?;
        self.expect_spaced('[')?;
        let mut values = Vec::new();
        while self.current() != Some(']') {
            values.push(self.inner_value()?);
            self.skip_space();
            if self.current() != Some(']') {
                self.expect_spaced(',')?;
            }
        }
        self.index += 1;
        self.depth -= 1;
        Ok(Value::Array(values))
    }

    fn structure(&mut self) -> Result<Value, Problem> {
        self.deeper()?;
        self.expect_spaced('{')?;
        let mut members = Map::new();
        while self.current() != Some('}') {
            let (key, value) = self.key_value(Self::inner_value)?;
            members.insert(key, value);
            self.skip_space();
            if self.current() != Some('}') {
                self.expect_spaced(',')?;
            }
        }
        self.index += 1;
        self.depth -= 1;
        Ok(Value::Object(members))
    }

    fn deeper(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        match self.depth <= DEEPEST {
            true => Ok(()),
            false => Err(Problem::Syntax(format!(
                "brackets stand more than {DEEPEST} deep:\n{}",
                self.pointed(self.index)
            ))),
        }
    }

    /// A value that may hold `=`: it stands right behind its key, or inside brackets.
    fn first_value(&mut self) -> Result<String, Problem> {
        match self.current() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => {
                let word = self.word(|letter| !"\"',]}".contains(letter));
                self.resolved(word)
            }
        }
    }

    /// A later value of a comma list: an `=` would make it the next key.
    fn second_value(&mut self) -> Result<String, Problem> {
        match self.current() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => {
                let start = self.index;
                let word = self.word(|letter| !"\"',=".contains(letter));
                match self.index == start {
                    true => Err(self.expected("<second>", "<none>")),
                    false => self.resolved(word),
                }
            }
        }
    }

    /// A bare word; `\,` is a comma in it.
    fn word(&mut self, follows: fn(char) -> bool) -> String {
        let mut word = String::new();
        let mut first = true;
        while let Some(letter) = self.current() {
            if letter == '\\' && self.text.get(self.index + 1) == Some(&',') {
                word.push(',');
                self.index += 2;
            } else if if first {
                !letter.is_whitespace() && !"\"',=[{".contains(letter)
            } else {
                follows(letter)
            } {
                word.push(letter);
                self.index += 1;
            } else {
                break;
            }
            first = false;
        }
        word.trim_end().to_string()
    }

    /// A quoted value; a backslash stands before a quote or a backslash that is meant.
    fn quoted(&mut self, quote: char) -> Result<String, Problem> {
        let begin = self.index + 1;
        let mut end = None;
        let mut at = begin;
        while let Some(&letter) = self.text.get(at) {
            if letter == '\\' && self.text.get(at + 1) == Some(&quote) {
                // Should no other quote follow, this one closes.
                end = Some(at + 1);
                at += 2;
            } else if letter == quote {
                end = Some(at);
                break;
            } else {
                at += 1;
            }
        }
        let Some(end) = end else {
            let kind = if quote == '"' { "<double quoted>" } else { "<singled quoted>" };
            return Err(self.expected(kind, "<none>"));
        };
        self.index = end + 1;
        let inner: String = self.text[begin..end].iter().collect();
        self.resolved(inner.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\"))
    }

    /// The document that `key@=file://…` names, or the text itself.
    fn resolved(&self, text: String) -> Result<String, Problem> {
        match self.from_document {
            true => Ok(self.documents.load(&text).map_err(Problem::Document)?.unwrap_or(text)),
            false => Ok(text),
        }
    }

    fn take_while(&mut self, follows: impl Fn(char) -> bool) -> String {
        let start = self.index;
        while self.current().is_some_and(&follows) {
            self.index += 1;
        }
        self.text[start..self.index].iter().collect()
    }

    fn skip_space(&mut self) {
        while self.current().is_some_and(|letter| letter.is_ascii_whitespace()) {
            self.index += 1;
        }
    }

    fn expect_spaced(&mut self, letter: char) -> Result<(), Problem> {
        self.skip_space();
        match self.current() {
            Some(found) if found == letter => self.index += 1,
            Some(found) => return Err(self.expected(&letter.to_string(), &found.to_string())),
            None => return Err(self.expected(&letter.to_string(), "EOF")),
        }
        self.skip_space();
        Ok(())
    }

    fn current(&self) -> Option<char> {
        self.text.get(self.index).copied()
    }

    fn at_end(&self) -> bool {
        self.index >= self.text.len()
    }

    fn expected(&self, what: &str, found: &str) -> Problem {
        Problem::Syntax(format!(
            "Expected: '{what}', received: '{found}' for input:\n{}",
            self.pointed(self.index)
        ))
    }

    /// The text with a caret under this place.
    fn pointed(&self, index: usize) -> String {
        let index = index.min(self.text.len());
        let line_begins =
            self.text[..index].iter().rposition(|letter| *letter == '\n').map_or(0, |at| at + 1);
        let line_ends = self.text[index..]
            .iter()
            .position(|letter| *letter == '\n')
            .map_or(self.text.len(), |at| index + at);
        let before: String = self.text[..line_ends].iter().collect();
        let after: String = self.text[line_ends..].iter().collect();
        format!("{before}\n{}^{after}", " ".repeat(index - line_begins))
    }
}

/// Gives the texts of a shorthand value the types that the API declares.
pub fn typed(value: Value, ty: &Type) -> Result<Value, Problem> {
    match (ty, value) {
        (Type::List(of), Value::Array(items)) => {
            items.into_iter().map(|item| typed(item, of)).collect::<Result<_, _>>().map(Value::Array)
        }
        (Type::List(of), single) => Ok(Value::Array(vec![typed(single, of)?])),
        (Type::Structure(shape), Value::Object(members)) => members
            .into_iter()
            .map(|(key, value)| {
                let value = match field_type(shape, &key) {
                    Some(ty) => typed(value, ty)?,
                    None => value,
                };
                Ok((key, value))
            })
            .collect::<Result<Map<_, _>, _>>()
            .map(Value::Object),
        (Type::Integer, Value::String(text)) => integer(&text).map(Value::from).map_err(Problem::Number),
        (Type::Double, Value::String(text)) => decimal(&text).map_err(Problem::Number),
        (Type::Boolean, Value::String(text)) => Ok(match text.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::String(text),
        }),
        (_, value) => Ok(value),
    }
}

fn field_type<'a>(shape: &'a Shape, name: &str) -> Option<&'a Type> {
    shape.fields.iter().find(|field| field.name == name).map(|field| &field.ty)
}

/// A whole number, or the CLI's complaint about it.
pub fn integer(text: &str) -> Result<i64, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("invalid literal for int() with base 10: {}", super::names::quoted(text)))
}

/// A number that may have a fraction, or the CLI's complaint about it.
pub fn decimal(text: &str) -> Result<Value, String> {
    Thousandths::from_decimal(text.trim())
        .and_then(|number| number.write())
        .ok_or_else(|| format!("could not convert string to float: {}", super::names::quoted(text)))
}
