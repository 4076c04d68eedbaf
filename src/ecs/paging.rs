//! Pages of List calls: `maxResults` and an opaque `nextToken` (API-07).

use crate::ecs::rules;
use crate::error::ApiError;

/// One page of `items`, and the token of the next.
///
/// # Errors
/// `InvalidParameterException` for a size or a token that AWS would not take (API-07).
pub fn page<T>(
    items: Vec<T>,
    max_results: Option<i64>,
    next_token: Option<&str>,
    default_size: usize,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let size = match max_results {
        None => default_size,
        Some(size @ 1..=100) => usize::try_from(size).unwrap_or(default_size),
        Some(_) => {
            return Err(ApiError::invalid("maxResults should be between 1 and 100 inclusive.", rules::PAGES));
        }
    };
    let skip = match next_token {
        None => 0,
        Some(token) => read(token)
            .filter(|skip| *skip <= items.len())
            .ok_or_else(|| ApiError::invalid("Invalid token in request.", rules::PAGES))?,
    };
    let more = items.len() > skip + size;
    let page = items.into_iter().skip(skip).take(size).collect();
    Ok((page, more.then(|| token(skip + size))))
}

/// Nobody should read meaning into a token; its digits are written as letters.
fn token(skip: usize) -> String {
    let letters = skip.to_string().bytes().map(|digit| char::from(digit - b'0' + b'k')).collect::<String>();
    format!("eyJuZXh0VG9rZW4i{letters}")
}

fn read(token: &str) -> Option<usize> {
    let letters = token.strip_prefix("eyJuZXh0VG9rZW4i")?;
    let digits: Option<String> = letters
        .bytes()
        .map(|letter| {
            letter.checked_sub(b'k').filter(|digit| *digit < 10).map(|digit| char::from(digit + b'0'))
        })
        .collect();
    digits?.parse().ok()
}
