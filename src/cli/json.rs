//! JSON as it is typed: where it goes wrong, and how.

use serde_json::Value;

/// How deep JSON may nest.
const DEEPEST: usize = 128;

/// Reads JSON; the complaint names line, column and what was expected there, as the CLI words it,
/// and shows the line with a caret.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|_| {
        let letters: Vec<char> = text.chars().collect();
        let Fault { reason, at } = Reader { letters: &letters, depth: 0 }.fault();
        let begin = letters[..at].iter().rposition(|letter| *letter == '\n').map_or(0, |newline| newline + 1);
        let line = letters[..at].iter().filter(|letter| **letter == '\n').count();
        let shown = text.split('\n').nth(line).unwrap_or_default().trim_end_matches('\r');
        format!(
            "Invalid JSON: {reason}: line {} column {} (char {at})\nJSON received: {text}\n\n{shown}\n{}^",
            line + 1,
            at - begin + 1,
            " ".repeat(at - begin)
        )
    })
}

/// What does not fit, and the letter at which it shows.
struct Fault {
    reason: &'static str,
    at: usize,
}

/// Walks through JSON as Python's reader does, whose complaints the CLI repeats.
struct Reader<'a> {
    letters: &'a [char],
    depth: usize,
}

impl Reader<'_> {
    fn fault(mut self) -> Fault {
        let begin = self.space(0);
        match self.value(begin) {
            Err(fault) => fault,
            // What Python takes and we do not, such as NaN, is no value here.
            Ok(end) if self.space(end) == self.letters.len() => {
                Fault { reason: "Expecting value", at: begin }
            }
            Ok(end) => Fault { reason: "Extra data", at: self.space(end) },
        }
    }

    fn letter(&self, at: usize) -> Option<char> {
        self.letters.get(at).copied()
    }

    fn space(&self, mut at: usize) -> usize {
        while matches!(self.letter(at), Some(' ' | '\t' | '\n' | '\r')) {
            at += 1;
        }
        at
    }

    /// Where the value that begins here ends.
    fn value(&mut self, at: usize) -> Result<usize, Fault> {
        if self.depth >= DEEPEST {
            return Err(Fault { reason: "Nested too deeply", at });
        }
        self.depth += 1;
        let end = match self.letter(at) {
            Some('"') => self.string(at),
            Some('{') => self.object(at + 1),
            Some('[') => self.array(at + 1),
            _ => self.word(at).ok_or(Fault { reason: "Expecting value", at }),
        };
        self.depth -= 1;
        end
    }

    fn word(&self, at: usize) -> Option<usize> {
        let rest = &self.letters[at.min(self.letters.len())..];
        for word in ["null", "true", "false"] {
            if rest.iter().copied().take(word.len()).eq(word.chars()) {
                return Some(at + word.len());
            }
        }
        let digits = |from: usize| {
            (from..).take_while(|at| self.letter(*at).is_some_and(|letter| letter.is_ascii_digit())).count()
        };
        let first = at + usize::from(self.letter(at) == Some('-'));
        let mut end = match self.letter(first) {
            Some('0') => first + 1,
            _ => first + digits(first),
        };
        if end == first {
            return None;
        }
        if self.letter(end) == Some('.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if matches!(self.letter(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.letter(end + 1), Some('+' | '-')));
            if digits(end + 1 + sign) > 0 {
                end += 1 + sign + digits(end + 1 + sign);
            }
        }
        Some(end)
    }

    fn string(&self, begin: usize) -> Result<usize, Fault> {
        let unterminated = Fault { reason: "Unterminated string starting at", at: begin };
        let mut at = begin + 1;
        loop {
            match self.letter(at) {
                None => return Err(unterminated),
                Some('"') => return Ok(at + 1),
                Some('\\') => match self.letter(at + 1) {
                    None => return Err(unterminated),
                    Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => at += 2,
                    Some('u') => {
                        let hex = |at| self.letter(at).is_some_and(|letter| letter.is_ascii_hexdigit());
                        if !(at + 2..at + 6).all(hex) {
                            return Err(Fault { reason: "Invalid \\uXXXX escape", at: at + 1 });
                        }
                        at += 6;
                    }
                    Some(_) => return Err(Fault { reason: "Invalid \\escape", at }),
                },
                Some(letter) if letter < ' ' => {
                    return Err(Fault { reason: "Invalid control character at", at });
                }
                Some(_) => at += 1,
            }
        }
    }

    fn object(&mut self, at: usize) -> Result<usize, Fault> {
        let mut at = self.space(at);
        if self.letter(at) == Some('}') {
            return Ok(at + 1);
        }
        loop {
            if self.letter(at) != Some('"') {
                return Err(Fault { reason: "Expecting property name enclosed in double quotes", at });
            }
            at = self.string(at)?;
            at = self.space(at);
            if self.letter(at) != Some(':') {
                return Err(Fault { reason: "Expecting ':' delimiter", at });
            }
            at = self.value(self.space(at + 1))?;
            at = self.space(at);
            match self.letter(at) {
                Some('}') => return Ok(at + 1),
                Some(',') => {}
                _ => return Err(Fault { reason: "Expecting ',' delimiter", at }),
            }
            let comma = at;
            at = self.space(at + 1);
            if self.letter(at) == Some('}') {
                return Err(Fault { reason: "Illegal trailing comma before end of object", at: comma });
            }
        }
    }

    fn array(&mut self, at: usize) -> Result<usize, Fault> {
        let mut at = self.space(at);
        if self.letter(at) == Some(']') {
            return Ok(at + 1);
        }
        loop {
            at = self.value(at)?;
            at = self.space(at);
            match self.letter(at) {
                Some(']') => return Ok(at + 1),
                Some(',') => {}
                _ => return Err(Fault { reason: "Expecting ',' delimiter", at }),
            }
            let comma = at;
            at = self.space(at + 1);
            if self.letter(at) == Some(']') {
                return Err(Fault { reason: "Illegal trailing comma before end of array", at: comma });
            }
        }
    }
}
