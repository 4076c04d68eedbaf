//! Names as the CLI writes them, and the word that somebody may have meant.

/// An API name in the CLI's form: `RunTask` is `run-task`, `ec2InstanceId` is `ec2-instance-id`.
pub fn kebab(name: &str) -> String {
    let chars: Vec<char> = plural_acronym(name).chars().collect();
    let mut result = String::with_capacity(name.len() + 4);
    for (index, &current) in chars.iter().enumerate() {
        if index > 0 && current.is_ascii_uppercase() {
            let before = chars[index - 1];
            let starts_word = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
            if before != '-' && (starts_word || before.is_ascii_lowercase() || before.is_ascii_digit()) {
                result.push('-');
            }
        }
        result.push(current.to_ascii_lowercase());
    }
    result
}

/// `taskARNs` as `task-arns`: the plural of an acronym is one word.
fn plural_acronym(name: &str) -> String {
    let Some(stem) = name.strip_suffix('s') else { return name.to_string() };
    let head = stem.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
    match stem.len() - head.len() {
        0 | 1 => name.to_string(),
        _ => format!("{head}-{}", name[head.len()..].to_ascii_lowercase()),
    }
}

/// The choices that look like `word`, the likest first, three at most.
pub fn meant<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word: Vec<char> = word.chars().take(80).collect();
    let mut ranked: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let letters: Vec<char> = choice.chars().collect();
            let alike = 2 * common(&word, &letters);
            (alike * 1000 / (word.len() + letters.len()).max(1), choice)
        })
        .filter(|(alike, _)| *alike >= 800)
        .collect();
    crate::order::sort_by(&mut ranked, |left, right| right.cmp(left));
    ranked.into_iter().take(3).map(|(_, choice)| choice).collect()
}

/// How many letters the two share: their longest common piece, and the same on both sides of it.
fn common(left: &[char], right: &[char]) -> usize {
    let (mut from, mut at, mut length) = (0, 0, 0);
    for start in 0..left.len() {
        for begin in 0..right.len() {
            let same = left[start..].iter().zip(&right[begin..]).take_while(|(a, b)| a == b).count();
            if same > length {
                (from, at, length) = (start, begin, same);
            }
        }
    }
    match length {
        0 => 0,
        _ => {
            length
                + common(&left[..from], &right[..at])
                + common(&left[from + length..], &right[at + length..])
        }
    }
}

/// A text as Python shows it, which is how the CLI quotes it.
pub fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut result = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\t' => result.push_str("\\t"),
            '\r' => result.push_str("\\r"),
            letter if letter == quote => {
                result.push('\\');
                result.push(letter);
            }
            letter => result.push(letter),
        }
    }
    result.push(quote);
    result
}
