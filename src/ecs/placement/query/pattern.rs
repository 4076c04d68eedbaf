//! Regular expressions of the query language, as far as Java and everybody else agree on them.
//!
//! A pattern has to match the whole text (PLACE-22). Every place that a part can end at is followed at
//! the same time, so no pattern takes long.

/// The most that `{…}` may count to.
const MOST: usize = 1000;
/// How deep groups may be nested.
const DEEPEST: usize = 40;

/// A regular expression (PLACE-22).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Part);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Sign(char),
    /// Any sign of these ranges, or any but them.
    Class {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
    Start,
    End,
    Row(Vec<Part>),
    Choice(Vec<Part>),
    Repeat {
        part: Box<Part>,
        least: usize,
        most: usize,
    },
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let mut reader = Reader { signs: text.chars().collect(), next: 0, depth: 0 };
        let part = reader.choice()?;
        match reader.peek() {
            None => Ok(Pattern(part)),
            Some(_) => Err("the pattern closes a group that was never opened".to_string()),
        }
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let signs: Vec<char> = text.chars().collect();
        self.0.ends(&signs, vec![0]).contains(&signs.len())
    }
}

impl Part {
    /// Where a match of this part can end that begins at one of these places, ascending.
    fn ends(&self, signs: &[char], starts: Vec<usize>) -> Vec<usize> {
        let step = |fits: &dyn Fn(char) -> bool| {
            let fitting = starts.iter().filter(|at| signs.get(**at).is_some_and(|sign| fits(*sign)));
            fitting.map(|at| at + 1).collect()
        };
        match self {
            Part::Sign(own) => step(&|sign| sign == *own),
            Part::Class { ranges, negated } => {
                step(&|sign| ranges.iter().any(|(from, to)| (*from..=*to).contains(&sign)) != *negated)
            }
            Part::Start => starts.into_iter().filter(|at| *at == 0).collect(),
            Part::End => starts.into_iter().filter(|at| *at == signs.len()).collect(),
            Part::Row(parts) => parts.iter().fold(starts, |starts, part| part.ends(signs, starts)),
            Part::Choice(parts) => {
                merged(parts.iter().flat_map(|part| part.ends(signs, starts.clone())).collect())
            }
            Part::Repeat { part, least, most } => {
                let mut frontier = starts;
                let mut ends = Vec::new();
                for round in 0..=*most {
                    if round >= *least {
                        frontier.retain(|at| !ends.contains(at));
                        ends.extend(&frontier);
                    }
                    if frontier.is_empty() || round == *most {
                        break;
                    }
                    let next = part.ends(signs, frontier.clone());
                    // What stays as it is stays so in the rounds that are still owed.
                    if round < *least && next == frontier {
                        ends.extend(&frontier);
                        break;
                    }
                    frontier = next;
                }
                merged(ends)
            }
        }
    }
}

fn merged(mut places: Vec<usize>) -> Vec<usize> {
    crate::order::sort(&mut places);
    places.dedup();
    places
}

struct Reader {
    signs: Vec<char>,
    next: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.signs.get(self.next).copied()
    }

    fn take(&mut self) -> Option<char> {
        let sign = self.peek();
        self.next += usize::from(sign.is_some());
        sign
    }

    fn accept(&mut self, sign: char) -> bool {
        let there = self.peek() == Some(sign);
        self.next += usize::from(there);
        there
    }

    fn choice(&mut self) -> Result<Part, String> {
        let mut rows = vec![self.row()?];
        while self.accept('|') {
            rows.push(self.row()?);
        }
        Ok(if rows.len() == 1 { rows.swap_remove(0) } else { Part::Choice(rows) })
    }

    fn row(&mut self) -> Result<Part, String> {
        let mut parts = Vec::new();
        while let Some(sign) = self.peek().filter(|sign| !"|)".contains(*sign)) {
            self.next += 1;
            let part = self.single(sign)?;
            parts.push(self.repeated(part)?);
        }
        Ok(Part::Row(parts))
    }

    fn single(&mut self, sign: char) -> Result<Part, String> {
        match sign {
            '.' => Ok(Part::Class { ranges: vec![('\n', '\n'), ('\r', '\r')], negated: true }),
            '^' => Ok(Part::Start),
            '$' => Ok(Part::End),
            '(' => self.group(),
            '[' => self.class(),
            '*' | '+' | '?' | '{' => Err(format!("the pattern has nothing before {sign}")),
            '\\' => match self.take() {
                None => Err("the pattern ends behind a backslash".to_string()),
                Some(letter) => escape(letter),
            },
            sign => Ok(Part::Sign(sign)),
        }
    }

    fn group(&mut self) -> Result<Part, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("the pattern's groups are nested more than {DEEPEST} deep"));
        }
        if self.accept('?') && !self.accept(':') {
            return Err("the pattern has a kind of group that is not known here".to_string());
        }
        let inside = self.choice()?;
        self.depth -= 1;
        if self.accept(')') { Ok(inside) } else { Err("the pattern has an open group".to_string()) }
    }

    fn class(&mut self) -> Result<Part, String> {
        let open = || "the pattern has an open [".to_string();
        let negated = self.accept('^');
        let mut ranges = Vec::new();
        loop {
            match self.take().ok_or_else(open)? {
                ']' if !ranges.is_empty() => return Ok(Part::Class { ranges, negated }),
                '\\' => match escape(self.take().ok_or_else(open)?)? {
                    Part::Class { ranges: inner, negated: false } => ranges.extend(inner),
                    Part::Sign(sign) => ranges.push((sign, sign)),
                    _ => return Err("the pattern has a class that is not known here".to_string()),
                },
                from => {
                    let ranged = self.peek() == Some('-')
                        && self.signs.get(self.next + 1).is_some_and(|sign| *sign != ']');
                    let to = if ranged {
                        self.next += 1;
                        self.take().ok_or_else(open)?
                    } else {
                        from
                    };
                    if to < from {
                        return Err(format!("the pattern's range {from}-{to} runs backwards"));
                    }
                    ranges.push((from, to));
                }
            }
        }
    }

    fn repeated(&mut self, part: Part) -> Result<Part, String> {
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let end = self.signs[self.next..].iter().position(|sign| *sign == '}');
                let end = self.next + end.ok_or("the pattern has an open {")?;
                let inside: String = self.signs[self.next + 1..end].iter().collect();
                self.next = end;
                counts(&inside).ok_or_else(|| format!("the pattern cannot count {{{inside}}}"))?
            }
            _ => return Ok(part),
        };
        self.next += 1;
        // Greedy or not, a match of the whole text is the same.
        let _ = self.accept('?') || self.accept('+');
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return Err("the pattern repeats a repetition".to_string());
        }
        Ok(Part::Repeat { part: Box::new(part), least, most })
    }
}

fn counts(inside: &str) -> Option<(usize, usize)> {
    let number = |text: &str| text.parse().ok().filter(|number| *number <= MOST);
    match inside.split_once(',') {
        None => number(inside).map(|number| (number, number)),
        Some((least, "")) => Some((number(least)?, usize::MAX)),
        Some((least, most)) => Some((number(least)?, number(most)?)).filter(|(least, most)| least <= most),
    }
}

fn escape(letter: char) -> Result<Part, String> {
    let class =
        |ranges: &[(char, char)]| Part::Class { ranges: ranges.to_vec(), negated: letter.is_uppercase() };
    Ok(match letter {
        'd' | 'D' => class(&[('0', '9')]),
        'w' | 'W' => class(&[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]),
        's' | 'S' => class(&[(' ', ' '), ('\t', '\r')]),
        't' => Part::Sign('\t'),
        letter if letter.is_ascii_alphanumeric() => {
            return Err(format!("the pattern has \\{letter}, which is not known here"));
        }
        sign => Part::Sign(sign),
    })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    /// Java's own answers.
    const ROWS: &str = r"
        t2.*             t2.micro          yes
        t2.*             t3.micro          no
        t2               t2.micro          no
        .*micro          t2.micro          yes
        ^t2\.micro$      t2.micro          yes
        t2\.micro        t2xmicro          no
        (t2|t3)\..*      t3.large          yes
        (?:t2|t3)\..*    m5.large          no
        m[45]\.x?large   m4.xlarge         yes
        m[45]\.x?large   m6.large          no
        m[^45]\..+       m6.large          yes
        [a-c]+           abcabc            yes
        [a-c]{2}         abc               no
        [a-c]{2,3}       abc               yes
        [a-c]{2,}        abcabc            yes
        \d+\w*           12ab              yes
        \D+              12                no
        [\w-]+           a-b_c             yes
        [a-]+            a-a               yes
        t2[\.]micro      t2.micro          yes
        t2[\.]micro      t2xmicro          no
        a++b             aaab              yes
        a*?b             aaab              yes
        (a|aa)+          aaaaa             yes
        (a*)*            aaa               yes
        a|               a                 yes
        service:.*       service:web       yes
    ";

    #[test]
    fn patterns_match_whole_texts() {
        for row in ROWS.lines().filter(|row| !row.trim().is_empty()) {
            let [pattern, text, answer] = row.split_whitespace().collect::<Vec<_>>()[..] else {
                panic!("a row has three cells: {row}");
            };
            let pattern = Pattern::parse(pattern).expect("a good pattern");
            assert_eq!(pattern.matches(text), answer == "yes", "{row}");
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_is_refused_and_none_takes_long() {
        for wrong in [
            "(", ")", "[", "[]", "a**", "*", "a{", "a{x}", "a{3,2}", "a{9999}", "\\", "\\q", "(?=a)", "[b-a]",
        ] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Pattern::parse(&"(".repeat(10_000)).is_err());
        let nested = |deep: usize| format!("{}a{}", "(".repeat(deep), ")".repeat(deep));
        assert!(Pattern::parse(&nested(40)).is_ok());
        assert_eq!(
            Pattern::parse(&nested(41)),
            Err("the pattern's groups are nested more than 40 deep".to_string())
        );
        assert!(Pattern::parse(&"(a)".repeat(50)).is_ok(), "groups beside each other are not nested");
        let slow = Pattern::parse("(a*)*(a*)*(a|a?)+b").expect("a good pattern");
        assert!(!slow.matches(&"a".repeat(200)));
        let owed = Pattern::parse("(((a*){1000}){1000}){1000}").expect("a good pattern");
        assert!(owed.matches(&"a".repeat(200)));
    }
}
