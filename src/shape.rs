//! How the fields of requests and answers are declared: once, for every reader.

use crate::time::SimTime;
use crate::timeline::Kind;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A structure of the API: its name and its fields, in AWS's order.
#[derive(Debug)]
pub struct Shape {
    /// AWS's name for the shape.
    pub name: &'static str,
    /// The fields, in the order in which AWS writes them.
    pub fields: &'static [Field],
}

/// A field of a structure.
#[derive(Debug)]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// What its value looks like.
    pub ty: Type,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// Whether a client refuses to send the request without it.
    pub required: bool,
    /// The kind of resource that its value names, for completion.
    pub names: Option<Kind>,
    /// The values it may have, where they are few.
    pub values: &'static [&'static str],
    /// Whether other values are taken to the operation too, which says what it makes of them.
    pub open: bool,
    /// The smallest and largest number allowed.
    pub range: Option<(i64, i64)>,
    /// Whether a command line gives it by its place, without a flag.
    pub positional: bool,
    /// The name in forms and XML, as AWS's answers spell it; empty where it follows from the name in JSON.
    pub wire: &'static str,
    /// Whether clients encode the text in base64 before they send it.
    pub base64: bool,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number that may have a fraction.
    Double,
    /// true or false.
    Boolean,
    /// A moment; printed as the CLI prints it.
    Timestamp,
    /// A list of values alike.
    List(&'static Type),
    /// Names and texts.
    Map,
    /// Any JSON; it is kept as it came.
    Document,
    /// A structure with fields.
    Structure(&'static Shape),
}

impl Field {
    /// A field that may be left out.
    pub const fn new(name: &'static str, ty: Type, doc: &'static str) -> Field {
        Field {
            name,
            ty,
            doc,
            required: false,
            names: None,
            values: &[],
            open: false,
            range: None,
            positional: false,
            wire: "",
            base64: false,
        }
    }

    /// Clients refuse to send the request without this field.
    pub const fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// The value names a resource of this kind.
    pub const fn names(mut self, kind: Kind) -> Field {
        self.names = Some(kind);
        self
    }

    /// The value is one of these.
    pub const fn one_of(mut self, values: &'static [&'static str]) -> Field {
        self.values = values;
        self
    }

    /// These values exist here; AWS has more.
    pub const fn such_as(mut self, values: &'static [&'static str]) -> Field {
        self.values = values;
        self.open = true;
        self
    }

    /// A command line gives the value by its place, without a flag.
    pub const fn positional(mut self) -> Field {
        self.positional = true;
        self
    }

    /// Forms and XML have another name for it than follows from the name in JSON.
    pub const fn wire(mut self, name: &'static str) -> Field {
        self.wire = name;
        self
    }

    /// Clients encode the text in base64 before they send it.
    pub const fn base64(mut self) -> Field {
        self.base64 = true;
        self
    }

    /// The number lies between these two, both allowed.
    pub const fn range(mut self, least: i64, most: i64) -> Field {
        self.range = Some((least, most));
        self
    }
}

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

/// A structure that `shape!` made.
pub trait Structure: Default {
    /// Its declaration.
    const SHAPE: Shape;
    /// Visits every field in order, to fill it.
    fn slots(&mut self, visit: &mut dyn FnMut(&'static Field, &mut dyn SlotMut));
    /// Visits every field in order, to look at it.
    fn each(&self, visit: &mut dyn FnMut(&'static Field, &dyn SlotMut));
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

/// Declares structures of the API; see the module.
#[macro_export]
macro_rules! shape {
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])* $field:ident : $ty:ty = $json:literal $(. $how:ident ( $($arg:expr),* ))* ; )*
        }
    )+) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
        }

        impl $crate::shape::Structure for $name {
            const SHAPE: $crate::shape::Shape = $crate::shape::Shape {
                name: stringify!($name),
                fields: &[ $(
                    $crate::shape::Field::new(
                        $json,
                        <$ty as $crate::shape::Slot>::TYPE,
                        concat!($($field_doc),*),
                    ) $(. $how ( $($arg),* ))*
                ),* ],
            };

            #[allow(unused_variables, unused_mut, unused_assignments)]
            fn slots(&mut self, visit: &mut dyn FnMut(&'static $crate::shape::Field, &mut dyn $crate::shape::SlotMut)) {
                let fields = Self::SHAPE.fields;
                let mut index = 0;
                $( visit(&fields[index], &mut self.$field); index += 1; )*
            }

            #[allow(unused_variables, unused_mut, unused_assignments)]
            fn each(&self, visit: &mut dyn FnMut(&'static $crate::shape::Field, &dyn $crate::shape::SlotMut)) {
                let fields = Self::SHAPE.fields;
                let mut index = 0;
                $( visit(&fields[index], &self.$field); index += 1; )*
            }
        }
    )+ };
}

/// Reads a whole request; the issues come back together, as AWS's clients report them.
pub fn read<T: Structure>(input: &Value) -> Result<T, Vec<String>> {
    let mut issues = Vec::new();
    let mut request = T::default();
    request.read(input, &Place::default(), &mut issues);
    if issues.is_empty() { Ok(request) } else { Err(issues) }
}

/// An answer as JSON; absent members are left out (API-02).
pub fn write<T: Structure>(answer: &T) -> Value {
    answer.write().unwrap_or_else(|| Value::Object(Map::new()))
}

/// The first value that is not one of the few that its field may have, in the words of the service.
pub fn stray_value(shape: &Shape, input: &Value) -> Option<String> {
    shape.fields.iter().find_map(|field| {
        let value = input.get(field.name)?;
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        values.iter().find_map(|value| match (value, inner(field.ty)) {
            (Value::String(text), _)
                if !field.open && !field.values.is_empty() && !field.values.contains(&text.as_str()) =>
            {
                Some(format!(
                    "Value '{text}' at '{}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                    field.name,
                    field.values.join(", ")
                ))
            }
            (Value::Object(_), Type::Structure(shape)) => stray_value(shape, value),
            _ => None,
        })
    })
}

/// The type of a list's elements, or the type itself.
fn inner(ty: Type) -> Type {
    match ty {
        Type::List(element) => inner(*element),
        other => other,
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

/// A number that may have a fraction, in thousandths; only answers hold such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thousandths(pub i64);

impl Slot for Thousandths {
    const TYPE: Type = Type::Double;
    fn read(&mut self, value: &Value, place: &Place, issues: &mut Vec<String>) {
        match value.as_i64().and_then(|number| number.checked_mul(1000)) {
            Some(thousandths) => self.0 = thousandths,
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
