//! Where in a half-typed shorthand value the cursor stands.

use crate::shape::{Field, Shape, Type};

/// A part of a shorthand value.
pub enum Part {
    /// A key of this structure.
    Key(&'static Shape),
    /// A value of this field; whether it is one of a list in brackets.
    Value(&'static Field, bool),
}

/// What the end of a half-typed value is a part of, and at which byte that part begins.
pub fn inside(field: &'static Field, typed: &str) -> Option<(Part, usize)> {
    let Type::Structure(shape) = element(&field.ty) else { return Some((Part::Value(field, false), 0)) };
    let mut open = vec![Bracket { shape, list: false, key: None }];
    let mut begins = 0;
    for (at, letter) in typed.char_indices() {
        let bracket = open.last_mut()?;
        match letter {
            '=' if bracket.key.is_none() => {
                bracket.key =
                    Some(bracket.shape.fields.iter().find(|field| field.name == &typed[begins..at])?);
            }
            '[' => {
                let (shape, key) = (bracket.shape, bracket.key);
                open.push(Bracket { shape, list: true, key });
            }
            '{' => {
                if let Type::Structure(shape) = element(&bracket.key?.ty) {
                    open.push(Bracket { shape, list: false, key: None });
                }
            }
            ']' | '}' => {
                open.pop();
            }
            ',' if bracket.list => {}
            ',' => bracket.key = None,
            _ => continue,
        }
        begins = at + 1;
    }
    let bracket = open.last()?;
    match bracket.key {
        Some(field) if !matches!(element(&field.ty), Type::Structure(_)) => {
            Some((Part::Value(field, bracket.list), begins))
        }
        Some(_) => None,
        None => Some((Part::Key(bracket.shape), begins)),
    }
}

/// Where the last name of a half-typed list begins, whose names stand between commas.
pub fn last_name(typed: &str) -> usize {
    typed.rfind(',').map_or(0, |comma| comma + 1)
}

/// An open bracket of a half-typed value, and the key that stands last in it.
struct Bracket {
    shape: &'static Shape,
    list: bool,
    key: Option<&'static Field>,
}

/// The type itself, or of what the list holds.
fn element(ty: &'static Type) -> &'static Type {
    if let Type::List(of) = ty { of } else { ty }
}
