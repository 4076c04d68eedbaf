//! From the words of a command to the JSON of its request.

use super::documents::Documents;
use super::options::{CliOption, Takes, Target, is_run_instances, options};
use super::skeleton::Of;
use super::{CliError, Program, json, shorthand};
use crate::operation::Operation;
use crate::shape::Type;
use serde_json::{Map, Value};

/// What the words of a command ask for.
pub enum Asked {
    /// This request, cut to so many items.
    Input { input: Value, max_items: Option<usize>, paged_by_hand: bool },
    /// An outline.
    Skeleton(Of),
}

/// Reads the words that follow the operation's name.
pub fn read(
    program: Program,
    operation: &'static Operation,
    words: &[String],
    documents: &Documents<'_>,
) -> Result<Asked, CliError> {
    let options = options(operation);
    let given = sort(program, &options, words)?;
    for (option, words) in options.iter().zip(&given) {
        if let (Target::Skeleton, Some(words)) = (option.target, words) {
            return outline(program, words).map(Asked::Skeleton);
        }
    }
    let mut members = Map::new();
    let mut max_items = None;
    for (option, words) in options.iter().zip(&given) {
        if let (Target::InputJson, Some(words)) = (option.target, words) {
            members = whole_input(program, option, &words[0], documents)?;
        }
    }
    for (option, words) in options.iter().zip(&given) {
        let Some(words) = words else { continue };
        match option.target {
            Target::Field(field) if option.name == "page-size" => {
                let size = whole_number(program, option, &words[0])?;
                members.insert(field.name.to_string(), Value::from(size));
            }
            Target::Field(field) => {
                let value = match option.takes {
                    Takes::Nothing(yes) => Value::Bool(yes),
                    _ => value(program, option, &field.ty, words, documents)?,
                };
                members.insert(field.name.to_string(), value);
            }
            Target::Count => {
                let (least, most) = counts(&words[0]).ok_or_else(|| {
                    program.fault(255, "count parameter should be of form min[:max] (e.g. 1 or 1:10)")
                })?;
                members.insert("MinCount".to_string(), Value::from(least));
                members.insert("MaxCount".to_string(), Value::from(most));
            }
            Target::MaxItems => {
                let count = whole_number(program, option, &words[0])?;
                max_items = Some(usize::try_from(count).unwrap_or(0));
            }
            Target::InputJson | Target::Skeleton => {}
        }
    }
    if is_run_instances(operation) {
        for count in ["MinCount", "MaxCount"] {
            members.entry(count).or_insert(Value::from(1));
        }
    }
    let paged_by_hand = given.iter().zip(&options).any(|(words, option)| {
        words.is_some() && matches!(option.name.as_str(), "next-token" | "max-results" | "starting-token")
    });
    Ok(Asked::Input { input: Value::Object(members), max_items, paged_by_hand })
}

/// The number behind an option of the CLI's own.
fn whole_number(program: Program, option: &CliOption, word: &str) -> Result<i64, CliError> {
    word.trim().parse().map_err(|_| {
        let shown = super::names::quoted(word);
        program.misused(&format!("argument --{}: invalid int value: {shown}", option.name), "")
    })
}

/// Which outline is asked for.
fn outline(program: Program, words: &[String]) -> Result<Of, CliError> {
    Of::named(words.first().map(String::as_str)).ok_or_else(|| {
        let choices = ["input", "output"].map(str::to_string);
        let note = "\n\n--generate-cli-skeleton takes input, output.";
        program.no_such("--generate-cli-skeleton", &words[0], &choices, note)
    })
}

/// The words that each option was given, in the order of the options.
fn sort(
    program: Program,
    options: &[CliOption],
    words: &[String],
) -> Result<Vec<Option<Vec<String>>>, CliError> {
    let mut given: Vec<Option<Vec<String>>> = vec![None; options.len()];
    let mut unknown = Vec::new();
    let mut places = options
        .iter()
        .enumerate()
        .filter(|(_, option)| option.positional)
        .map(|(index, _)| index)
        .collect::<Vec<_>>()
        .into_iter();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let (name, behind) = match word.strip_prefix("--").map(|name| name.split_once('=')) {
            Some(Some((name, behind))) => (Some(name), Some(behind)),
            Some(None) => (word.strip_prefix("--"), None),
            None => (None, None),
        };
        let found =
            name.and_then(|name| options.iter().position(|option| !option.positional && option.name == name));
        let Some(index) = found else {
            match if is_option(word) { None } else { places.next() } {
                Some(place) => given[place] = Some(vec![word.clone()]),
                None => unknown.push(word.clone()),
            }
            continue;
        };
        let option = &options[index];
        let complain = |what: &str| program.misused(&format!("argument --{}: {what}", option.name), "");
        let mut values: Vec<String> = behind.map(str::to_string).into_iter().collect();
        match option.takes {
            Takes::Nothing(_) => {
                if let Some(behind) = behind {
                    return Err(complain(&format!(
                        "ignored explicit argument {}",
                        super::names::quoted(behind)
                    )));
                }
            }
            Takes::One | Takes::Maybe if behind.is_none() => {
                values.extend(rest.next_if(|word| !is_option(word)).cloned());
                if values.is_empty() && option.takes == Takes::One {
                    return Err(complain("expected one argument"));
                }
            }
            Takes::Many if behind.is_none() => {
                while let Some(word) = rest.next_if(|word| !is_option(word)) {
                    values.push(word.clone());
                }
            }
            _ => {}
        }
        given[index] = Some(values);
    }
    missing(program, options, &given)?;
    match unknown.is_empty() {
        true => Ok(given),
        false => Err(program.misused(&format!("Unknown options: {}", unknown.join(", ")), "")),
    }
}

/// Complains about options that the command needs and does not have.
fn missing(program: Program, options: &[CliOption], given: &[Option<Vec<String>>]) -> Result<(), CliError> {
    let whole = options.iter().zip(given).any(|(option, words)| {
        words.as_ref().is_some_and(|words| match option.target {
            Target::InputJson => true,
            // The outline of an answer wants the whole request, as the CLI has it.
            Target::Skeleton => words.first().is_none_or(|word| word != "output"),
            _ => false,
        })
    });
    let missing: Vec<String> = options
        .iter()
        .zip(given)
        .filter(|(option, words)| {
            option.required && words.is_none() && !matches!(option.takes, Takes::Nothing(_))
        })
        .map(|(option, _)| if option.positional { option.name.clone() } else { format!("--{}", option.name) })
        .collect();
    if whole || missing.is_empty() {
        return Ok(());
    }
    // Words of our own commands are few: their choices stand with the complaint.
    let unsaid = options.iter().zip(given).filter(|(option, words)| option.positional && words.is_none());
    let choices = unsaid.filter_map(|(option, _)| match option.target {
        Target::Field(field) if !field.values.is_empty() => {
            Some(format!("\n\nPossible values of {}: {}.", option.name, field.values.join(", ")))
        }
        _ => None,
    });
    let text = format!("the following arguments are required: {}", missing.join(", "));
    Err(program.misused(&text, &choices.collect::<String>()))
}

/// Whether the CLI takes the word for an option rather than a value.
pub fn is_option(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('-') else { return false };
    !rest.is_empty() && !rest.contains(' ') && rest.parse::<i64>().is_err()
}

/// `2` is 2 and 2; `1:3` is 1 and 3.
fn counts(text: &str) -> Option<(i64, i64)> {
    let (least, most) = text.split_once(':').unwrap_or((text, text));
    Some((least.trim().parse().ok()?, most.trim().parse().ok()?))
}

/// The request that `--cli-input-json` holds.
fn whole_input(
    program: Program,
    option: &CliOption,
    text: &str,
    documents: &Documents<'_>,
) -> Result<Map<String, Value>, CliError> {
    // The CLI leaves the dashes out of what it says of the JSON itself.
    let complain =
        |what: &str| program.fault(252, &format!("Error parsing parameter '{}': {what}", option.name));
    let loaded = documents.load(text).map_err(|what| program.parameter(option, &what))?;
    let text = loaded.unwrap_or_else(|| text.to_string());
    match json::parse(&text).map_err(|what| complain(&what))? {
        Value::Object(members) => Ok(members),
        other => Err(complain(&format!(
            "Invalid type: expecting JSON object, received {}",
            match other {
                Value::Array(_) => "list",
                Value::String(_) => "string",
                Value::Number(_) => "number",
                Value::Bool(_) => "boolean",
                _ => "null",
            }
        ))),
    }
}

/// The value of an option, from its words and the type that the API declares.
fn value(
    program: Program,
    option: &CliOption,
    ty: &Type,
    words: &[String],
    documents: &Documents<'_>,
) -> Result<Value, CliError> {
    let complain = |what: &str| program.parameter(option, what);
    let mut words = words.to_vec();
    if let [word] = words.as_mut_slice()
        && let Some(text) = documents.load(word).map_err(|what| complain(&what))?
    {
        *word = text;
    }
    let shorthand = |text: &str, ty: &Type| {
        shorthand::parse(text, documents).and_then(|value| shorthand::typed(value, ty)).map_err(|problem| {
            match problem {
                shorthand::Problem::Syntax(what) | shorthand::Problem::Document(what) => complain(&what),
                shorthand::Problem::Number(what) => program.fault(255, &what),
            }
        })
    };
    let looks_like_json = |text: &str| text.trim_start().starts_with(['{', '[']);
    match ty {
        Type::List(of) => {
            if words.len() == 1 && words[0].trim_start().starts_with('[') {
                return json::parse(&words[0]).map_err(|what| complain(&what));
            }
            let json = words.first().is_some_and(|word| looks_like_json(word));
            let items = words.iter().map(|word| match of {
                Type::String | Type::Integer | Type::Double | Type::Boolean | Type::Timestamp => {
                    scalar(program, of, word)
                }
                _ if json => json::parse(word).map_err(|what| complain(&what)),
                _ => shorthand(word, of),
            });
            items.collect::<Result<_, _>>().map(Value::Array)
        }
        Type::Structure(_) | Type::Map | Type::Document => match looks_like_json(&words[0]) {
            // A structure is no list.
            true if words[0].trim_start().starts_with('[') && !matches!(ty, Type::Document) => {
                Err(complain(&format!("Invalid JSON:\n{}", words[0])))
            }
            true => json::parse(&words[0]).map_err(|what| complain(&what)),
            false => shorthand(&words[0], ty),
        },
        _ => scalar(program, ty, &words[0]),
    }
}

fn scalar(program: Program, ty: &Type, word: &str) -> Result<Value, CliError> {
    match ty {
        Type::Integer => shorthand::integer(word).map(Value::from).map_err(|what| program.fault(255, &what)),
        Type::Double => shorthand::decimal(word).map_err(|what| program.fault(255, &what)),
        Type::Boolean => Ok(Value::Bool(!word.eq_ignore_ascii_case("false"))),
        _ => Ok(Value::String(word.to_string())),
    }
}
