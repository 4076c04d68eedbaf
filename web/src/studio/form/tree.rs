//! A JSON text as a tree that knows where each part stands, so that an edit touches that part alone.
use std::ops::Range;

/// A value and its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// From which byte to which.
    pub span: Range<usize>,
    /// What stands there.
    pub what: What,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Names and values.
    Object(Vec<Member>),
    /// Values in their order.
    List(Vec<Node>),
    /// Text, its escapes read.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// true or false.
    Boolean(bool),
    /// null.
    Null,
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where the name stands, with its quotes.
    pub key: Range<usize>,
    /// The name.
    pub name: String,
    /// The value.
    pub value: Node,
}

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// To the member of this name.
    Name(String),
    /// To the item at this place.
    Index(usize),
}

/// The way to a value from the whole document.
pub type Path = Vec<Step>;

/// The path as AWS's clients write it: `containerDefinitions[0].cpu`.
pub fn written(path: &[Step]) -> String {
    let mut words = String::new();
    for step in path {
        match step {
            Step::Name(name) if words.is_empty() => words.push_str(name),
            Step::Name(name) => words.push_str(&format!(".{name}")),
            Step::Index(index) => words.push_str(&format!("[{index}]")),
        }
    }
    words
}

impl Node {
    /// What a value is called in a sentence.
    pub fn kind(&self) -> &'static str {
        match self.what {
            What::Object(_) => "an object",
            What::List(_) => "a list",
            What::Text(_) => "a text",
            What::Number(_) => "a number",
            What::Boolean(_) => "true or false",
            What::Null => "null",
        }
    }

    /// The value at the end of this path.
    pub fn at(&self, path: &[Step]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| match (&node.what, step) {
            (What::Object(members), Step::Name(name)) => {
                members.iter().find(|member| member.name == *name).map(|member| &member.value)
            }
            (What::List(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
    }

    /// The first name that stands twice in one object, and where.
    pub fn doubled(&self) -> Option<(&str, usize)> {
        match &self.what {
            What::List(items) => items.iter().find_map(Node::doubled),
            What::Object(members) => members.iter().enumerate().find_map(|(place, member)| {
                let again = members[..place].iter().any(|earlier| earlier.name == member.name);
                if again { Some((member.name.as_str(), member.key.start)) } else { member.value.doubled() }
            }),
            _ => None,
        }
    }
}

/// The tree of a text that is JSON; `None` where it is not.
pub fn read(text: &str) -> Option<Node> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.value()?;
    reader.space();
    (reader.at == text.len()).then_some(node)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, sign: u8) -> bool {
        self.space();
        let there = self.peek() == Some(sign);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self) -> Option<Node> {
        self.space();
        let start = self.at;
        let what = match self.peek()? {
            b'{' => What::Object(self.members()?),
            b'[' => What::List(self.items()?),
            b'"' => What::Text(self.string()?),
            _ => self.word(start)?,
        };
        Some(Node { span: start..self.at, what })
    }

    fn word(&mut self, start: usize) -> Option<What> {
        while self.peek().is_some_and(|sign| sign.is_ascii_alphanumeric() || b"+-.".contains(&sign)) {
            self.at += 1;
        }
        match &self.text[start..self.at] {
            "true" => Some(What::Boolean(true)),
            "false" => Some(What::Boolean(false)),
            "null" => Some(What::Null),
            number => {
                serde_json::from_str::<serde_json::Number>(number).ok()?;
                Some(What::Number(number.to_string()))
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }

    fn items(&mut self) -> Option<Vec<Node>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Some(items);
        }
        loop {
            items.push(self.value()?);
            if self.take(b']') {
                return Some(items);
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    fn members(&mut self) -> Option<Vec<Member>> {
        self.at += 1;
        let mut members = Vec::new();
        if self.take(b'}') {
            return Some(members);
        }
        loop {
            self.space();
            let start = self.at;
            if self.peek()? != b'"' {
                return None;
            }
            let name = self.string()?;
            let key = start..self.at;
            if !self.take(b':') {
                return None;
            }
            members.push(Member { key, name, value: self.value()? });
            if self.take(b'}') {
                return Some(members);
            }
            if !self.take(b',') {
                return None;
            }
        }
    }
}
