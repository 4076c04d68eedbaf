//! How a value of each type is read from JSON and written as JSON.

use super::{Field, Structure, Type};
use crate::time::SimTime;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A place in a document, as AWS's clients write it: `containerDefinitions[0].cpu`.
#[derive(Debug, Clone, Default)]
pub struct Place(String);

impl Place {
    fn field(&self, name: &str) -> Place {
        if self.0.is_empty() { Place(name.to_string()) } else { Place(format!("{}.{name}", self.0)) }
    }

    fn index(&self, index: usize) -> Place {
        Place(format!("{}[{index}]", self.0))
    }

    /// The place, or `input` for the whole document.
    fn or_input(&self) -> &str {
        if self.0.is_empty() { "input" } else { &self.0 }
    }
}

/// A value that can be read from JSON, written as JSON, and described.
pub trait Slot {
    /// What the value looks like.
    const TYPE: Type;
    /// Reads the value; what is wrong is added to `issues`, in the words of AWS's clients.
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>);
    /// The value as JSON; `None` when it is absent.
    fn write(&self) -> Option<Value>;
}

/// The part of [`Slot`] that a walk over fields of different types needs.
pub trait SlotMut {
    /// See [`Slot::read`].
    fn read_from(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>);
    /// See [`Slot::write`].
    fn write_out(&self) -> Option<Value>;
}

impl<T: Slot> SlotMut for T {
    fn read_from(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        self.read(value, place, issues);
    }
    fn write_out(&self) -> Option<Value> {
        self.write()
    }
}

fn wrong_type(value: &Value, place: &Place, valid: &str, issues: &mut Vec<String>) {
    let (shown, found) = match value {
        Value::Null => ("None".to_string(), "NoneType"),
        Value::Bool(yes) => (if *yes { "True" } else { "False" }.to_string(), "bool"),
        Value::Number(number) if number.is_f64() => (number.to_string(), "float"),
        Value::Number(number) => (number.to_string(), "int"),
        Value::String(text) => (text.clone(), "str"),
        Value::Array(_) => (value.to_string(), "list"),
        Value::Object(_) => (value.to_string(), "dict"),
    };
    issues.push(format!(
        "Invalid type for parameter {}, value: {shown}, type: <class '{found}'>, valid types: {valid}",
        place.or_input()
    ));
}

/// What is missing in a structure, and what does not belong there.
fn check_members(fields: &[Field], members: &Map<String, Value>, place: &Place, issues: &mut Vec<String>) {
    for field in fields.iter().filter(|field| field.required && !members.contains_key(field.name)) {
        issues.push(format!("Missing required parameter in {}: \"{}\"", place.or_input(), field.name));
    }
    for name in members.keys().filter(|name| !fields.iter().any(|field| field.name == *name)) {
        let known: Vec<_> = fields.iter().map(|field| field.name).collect();
        issues.push(format!(
            "Unknown parameter in {}: \"{name}\", must be one of: {}",
            place.or_input(),
            known.join(", ")
        ));
    }
}

impl<T: Structure> Slot for T {
    const TYPE: Type = Type::Structure(&T::SHAPE);

    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        let Value::Object(members) = value else {
            return wrong_type(value, place, "<class 'dict'>", issues);
        };
        check_members(T::SHAPE.fields, members, place, issues);
        self.slots(&mut |field, slot| {
            if let Some(value) = members.get(field.name) {
                slot.read_from(value, &place.field(field.name), issues);
            }
        });
    }

    fn write(&self) -> Option<Value> {
        let mut members = Map::new();
        self.each(&mut |field, slot| {
            if let Some(value) = slot.write_out() {
                members.insert(field.name.to_string(), value);
            }
        });
        Some(Value::Object(members))
    }
}

impl Slot for String {
    const TYPE: Type = Type::String;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        match value {
            Value::String(text) => *self = text.clone(),
            _ => wrong_type(value, place, "<class 'str'>", issues),
        }
    }
    fn write(&self) -> Option<Value> {
        Some(Value::String(self.clone()))
    }
}

impl Slot for i64 {
    const TYPE: Type = Type::Integer;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        match value.as_i64() {
            Some(number) => *self = number,
            None => wrong_type(value, place, "<class 'int'>", issues),
        }
    }
    fn write(&self) -> Option<Value> {
        Some(Value::from(*self))
    }
}

/// A number that may have a fraction, in thousandths; what comes after them is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thousandths(pub i64);

impl Thousandths {
    /// `-12.5` as 12500 thousandths below nothing, without floats.
    pub fn from_decimal(text: &str) -> Option<Thousandths> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
        let whole = if whole.is_empty() && digits.len() > 1 { "0" } else { whole };
        let size = whole
            .parse::<u32>()
            .map(i64::from)
            .ok()?
            .checked_mul(1000)?
            .checked_add(fraction.parse().ok()?)?;
        Some(Thousandths(if negative { -size } else { size }))
    }
}

impl Slot for Thousandths {
    const TYPE: Type = Type::Double;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        match value.as_number().and_then(|number| Thousandths::from_decimal(&number.to_string())) {
            Some(thousandths) => *self = thousandths,
            None => wrong_type(value, place, "<class 'float'>", issues),
        }
    }
    fn write(&self) -> Option<Value> {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let fraction = format!("{:03}", size % 1000);
        let fraction = fraction.trim_end_matches('0');
        let fraction = if fraction.is_empty() { "0" } else { fraction };
        serde_json::from_str(&format!("{sign}{}.{fraction}", size / 1000)).ok()
    }
}

impl Slot for bool {
    const TYPE: Type = Type::Boolean;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        match value {
            Value::Bool(yes) => *self = *yes,
            _ => wrong_type(value, place, "<class 'bool'>", issues),
        }
    }
    fn write(&self) -> Option<Value> {
        Some(Value::Bool(*self))
    }
}

/// A part of a document that is kept as it came.
impl Slot for Value {
    const TYPE: Type = Type::Document;
    fn read(&mut self, value: &Value, _place: &Place, _issues: &mut Vec<String>) {
        *self = value.clone();
    }
    fn write(&self) -> Option<Value> {
        Some(self.clone())
    }
}

/// A moment: seconds since 1970 from programs, a date or a time from people.
impl Slot for SimTime {
    const TYPE: Type = Type::Timestamp;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        let read = match value {
            Value::Number(number) => SimTime::from_seconds(&number.to_string()),
            Value::String(text) => SimTime::from_text(text),
            _ => None,
        };
        if let Some(moment) = read {
            *self = moment;
            return;
        }
        wrong_type(value, place, "<class 'datetime.datetime'>, timestamp-string", issues);
    }
    fn write(&self) -> Option<Value> {
        Some(Value::String(self.iso()))
    }
}

impl<T: Slot> Slot for Option<T>
where
    T: Default,
{
    const TYPE: Type = T::TYPE;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        self.insert(T::default()).read(value, place, issues);
    }
    fn write(&self) -> Option<Value> {
        self.as_ref().and_then(Slot::write)
    }
}

impl<T: Slot + Default> Slot for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        let Value::Array(items) = value else {
            return wrong_type(value, place, "<class 'list'>, <class 'tuple'>", issues);
        };
        for (index, item) in items.iter().enumerate() {
            let mut slot = T::default();
            slot.read(item, &place.index(index), issues);
            self.push(slot);
        }
    }
    fn write(&self) -> Option<Value> {
        Some(Value::Array(self.iter().filter_map(Slot::write).collect()))
    }
}

impl Slot for BTreeMap<String, String> {
    const TYPE: Type = Type::Map;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        let Value::Object(members) = value else {
            return wrong_type(value, place, "<class 'dict'>", issues);
        };
        for (name, value) in members {
            let mut text = String::new();
            text.read(value, &place.field(name), issues);
            self.insert(name.clone(), text);
        }
    }
    fn write(&self) -> Option<Value> {
        Some(Value::Object(
            self.iter().map(|(name, text)| (name.clone(), Value::String(text.clone()))).collect(),
        ))
    }
}
