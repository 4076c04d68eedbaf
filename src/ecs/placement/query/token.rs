//! The words and signs of an expression, each with its place.

use super::Mistake;
use crate::ecs::rules::placement as rules;

/// A word or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    /// `!`
    Bang,
    /// `&&`
    And,
    /// `||`
    Or,
    /// An operator of two values: `==`, `=~`, `<`, …
    Sign(&'static str),
    /// Letters without quotes.
    Word(String),
    /// A text in quotes.
    Quoted(String),
}

/// Signs, the longer ones first.
const SIGNS: &[(&str, Token)] = &[
    ("==", Token::Sign("==")),
    ("=~", Token::Sign("=~")),
    ("!=", Token::Sign("!=")),
    ("!~", Token::Sign("!~")),
    (">=", Token::Sign(">=")),
    ("<=", Token::Sign("<=")),
    ("&&", Token::And),
    ("||", Token::Or),
    (">", Token::Sign(">")),
    ("<", Token::Sign("<")),
    ("!", Token::Bang),
    ("(", Token::Open),
    (")", Token::Close),
    ("[", Token::OpenList),
    ("]", Token::CloseList),
    (",", Token::Comma),
];

/// Takes an expression apart: tokens, and the place of each in characters from 1.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Mistake> {
    let mut tokens = Vec::new();
    let (mut rest, mut at) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if first == '"' || first == '\'' {
            let (inside, length) = quoted(rest, first).ok_or_else(|| Mistake {
                at,
                what: format!("the quote {first} is never closed"),
                rule: rules::SYNTAX,
            })?;
            tokens.push((at, Token::Quoted(inside)));
            length
        } else if let Some((sign, token)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            tokens.push((at, token.clone()));
            sign.len()
        } else {
            let end = rest.find(ends_word).unwrap_or(rest.len());
            if end == 0 {
                let what = format!("{first} stands alone; the operators are ==, !=, =~, !~, &&, ||");
                return Err(Mistake { at, what, rule: rules::QUERY });
            }
            tokens.push((at, Token::Word(rest[..end].to_string())));
            end
        };
        at += rest[..length].chars().count();
        rest = &rest[length..];
    }
    Ok(tokens)
}

fn ends_word(sign: char) -> bool {
    sign.is_whitespace() || "()[],'\"!=<>&|".contains(sign)
}

/// The text in quotes at the beginning of `rest`, and its length with them; `\` keeps a quote inside.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut signs = rest.char_indices().skip(1).peekable();
    while let Some((place, sign)) = signs.next() {
        match sign {
            '\\' if signs.peek().is_some_and(|next| next.1 == quote) => {
                inside.push(quote);
                signs.next();
            }
            sign if sign == quote => return Some((inside, place + quote.len_utf8())),
            sign => inside.push(sign),
        }
    }
    None
}
