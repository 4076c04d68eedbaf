//! `--output table`: boxes as the CLI draws them.

use super::print::{is_scalar, partition, plain};
use serde_json::Value;

/// A table that is wider than this turns single rows into two columns.
const TERMINAL: usize = 80;
/// Spaces and edge around a cell.
const PADDING: usize = 4;

/// A box with a title: a row of headers and rows of cells.
#[derive(Default)]
struct Section {
    title: String,
    indent: usize,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The value as boxes in boxes; nothing for an empty value.
pub fn print(title: &str, value: &Value) -> String {
    let mut sections = Vec::new();
    build(Some(title), value, 0, &mut sections);
    if sections.is_empty() {
        return String::new();
    }
    let mut width = widest(&sections);
    if width > TERMINAL {
        sections.iter_mut().for_each(Section::stand_up);
        width = widest(&sections);
    }
    let mut out = format!("{}\n", "-".repeat(width));
    for section in &sections {
        section.draw(width - 2 * section.indent, &mut out);
    }
    out
}

fn build(title: Option<&str>, value: &Value, indent: usize, sections: &mut Vec<Section>) {
    let empty = match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Bool(true) => false,
    };
    if empty {
        return;
    }
    if let Some(title) = title {
        sections.push(Section { title: title.to_string(), indent, ..Section::default() });
    }
    match value {
        Value::Array(items) if items[0].is_object() => structures(items, indent, title, sections),
        Value::Array(items) => {
            for item in items {
                match item {
                    Value::Array(cells) if cells.iter().all(is_scalar) => {
                        add(sections, cells.iter().map(plain).collect());
                    }
                    item if is_scalar(item) => add(sections, vec![plain(item)]),
                    item => build(None, item, indent, sections),
                }
            }
        }
        Value::Object(members) => {
            let (single, more) = partition([value]);
            let cells: Vec<String> = single.iter().map(|name| plain(&members[*name])).collect();
            match single.as_slice() {
                [] => {}
                [name] => add(sections, vec![name.to_string(), cells[0].clone()]),
                names => {
                    head(sections, names);
                    add(sections, cells);
                }
            }
            for name in more {
                build(Some(name), &members[name], indent + 1, sections);
            }
        }
        // A single value leaves its box empty, in the CLI too.
        _ => {}
    }
}

fn structures(items: &[Value], indent: usize, title: Option<&str>, sections: &mut Vec<Section>) {
    let (single, more) = partition(items);
    head(sections, &single);
    for (index, item) in items.iter().enumerate() {
        if index > 0 && !more.is_empty() {
            let title = title.unwrap_or_default().to_string();
            sections.push(Section { title, indent, ..Section::default() });
            head(sections, &single);
        }
        let cell = |name: &&str| item.get(*name).map(plain).unwrap_or_default();
        add(sections, single.iter().map(cell).collect());
        for name in &more {
            if let Some(value) = item.get(*name) {
                build(Some(name), value, indent + 1, sections);
            }
        }
    }
}

fn head(sections: &mut [Section], names: &[&str]) {
    if let Some(section) = sections.last_mut() {
        section.headers = names.iter().map(ToString::to_string).collect();
    }
}

fn add(sections: &mut [Section], row: Vec<String>) {
    if let Some(section) = sections.last_mut() {
        section.rows.push(row);
    }
}

fn widest(sections: &[Section]) -> usize {
    sections.iter().map(Section::total_width).max().unwrap_or(0)
}

impl Section {
    /// A single row becomes two columns: header and value.
    fn stand_up(&mut self) {
        if self.rows.len() == 1 && !self.headers.is_empty() {
            let row = self.rows.remove(0);
            self.rows = self.headers.drain(..).zip(row).map(|(header, cell)| vec![header, cell]).collect();
        }
    }

    fn columns(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = Vec::new();
        for row in self.rows.iter().chain([&self.headers]) {
            for (index, cell) in row.iter().enumerate() {
                let width = cell.chars().count() + PADDING;
                match widths.get_mut(index) {
                    Some(widest) => *widest = (*widest).max(width),
                    None => widths.push(width),
                }
            }
        }
        widths
    }

    fn total_width(&self) -> usize {
        let outside = 2 + 2 * self.indent;
        let cells: usize = self.columns().iter().sum();
        (self.title.chars().count() + outside).max(cells + outside)
    }

    /// The columns stretched to fill the width.
    fn stretched(&self, width: usize) -> Vec<usize> {
        let columns = self.columns();
        let sum: usize = columns.iter().sum();
        if sum == 0 {
            return columns;
        }
        let mut widths: Vec<usize> =
            columns.iter().map(|column| rounded(width * column, sum).max(1)).collect();
        let count = widths.len();
        let mut step = 0;
        loop {
            let total: usize = widths.iter().sum();
            match total.cmp(&width) {
                std::cmp::Ordering::Equal => return widths,
                // Too much is taken from the left, too little is given from the right.
                std::cmp::Ordering::Greater => widths[step % count] = widths[step % count].saturating_sub(1),
                std::cmp::Ordering::Less => widths[count - 1 - step % count] += 1,
            }
            step += 1;
        }
    }

    fn draw(&self, width: usize, out: &mut String) {
        let edge = "|".repeat(self.indent);
        let mut line = |text: &str| out.push_str(&format!("{edge}{text}{edge}\n"));
        if !self.title.is_empty() {
            line(&centred(&self.title, width, "|"));
            if self.headers.is_empty() && self.rows.is_empty() {
                line(&format!("+{}+", "-".repeat(width.saturating_sub(2))));
            }
        }
        let widths = self.stretched(width);
        let rule: String = widths
            .iter()
            .enumerate()
            .map(|(index, width)| match index {
                0 => format!("+{}+", "-".repeat(width.saturating_sub(2))),
                _ => format!("{}+", "-".repeat(width.saturating_sub(1))),
            })
            .collect();
        let row = |cells: &[String], place: fn(&str, usize, &str) -> String| -> String {
            let cells = widths.iter().zip(cells).enumerate();
            cells
                .map(|(index, (width, cell))| place(cell, *width, if index == 0 { "|" } else { "" }))
                .collect()
        };
        if !self.headers.is_empty() {
            line(&rule);
            line(&row(&self.headers, centred));
        }
        if !self.rows.is_empty() && !widths.is_empty() {
            line(&rule);
            for cells in &self.rows {
                line(&row(cells, left));
            }
            line(&rule);
        }
    }
}

/// `a / b`, rounded to the nearest whole number, halves to the even one.
fn rounded(a: usize, b: usize) -> usize {
    let (whole, rest) = (a / b, a % b);
    match (rest * 2).cmp(&b) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole % 2,
    }
}

fn centred(text: &str, width: usize, edge: &str) -> String {
    let length = text.chars().count();
    let before = (width / 2).saturating_sub(length / 2 + 1);
    let after = width.saturating_sub(edge.len() + before + length + 1);
    format!("{edge}{}{text}{}|", " ".repeat(before), " ".repeat(after))
}

fn left(text: &str, width: usize, edge: &str) -> String {
    let length = text.chars().count();
    let before = if length + 2 + edge.len() < width { 2 } else { 0 };
    let after = width.saturating_sub(edge.len() + before + length + 1);
    format!("{edge}{}{text}{}|", " ".repeat(before), " ".repeat(after))
}
