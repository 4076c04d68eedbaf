//! How the fields of requests and answers are declared: once, for every reader.

mod slot;

use crate::timeline::Kind;
use serde_json::{Map, Value};
pub use slot::{Place, Slot, SlotMut, Thousandths};

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

/// A structure that `shape!` made.
pub trait Structure: Default {
    /// Its declaration.
    const SHAPE: Shape;
    /// Visits every field in order, to fill it.
    fn slots(&mut self, visit: &mut dyn FnMut(&'static Field, &mut dyn SlotMut));
    /// Visits every field in order, to look at it.
    fn each(&self, visit: &mut dyn FnMut(&'static Field, &dyn SlotMut));
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
