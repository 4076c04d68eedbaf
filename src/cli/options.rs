//! The options of an operation, made from the fields that its request declares.

use super::names::kebab;
use crate::operation::Operation;
use crate::shape::{Field, Type};

/// What an option sets.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A field of the request.
    Field(&'static Field),
    /// `--count` of `run-instances`: MinCount and MaxCount at once.
    Count,
    /// The whole request as JSON.
    InputJson,
    /// Print the request's outline instead of sending it.
    Skeleton,
    /// How long a listing may be altogether.
    MaxItems,
}

/// How many words stand behind an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Exactly one.
    One,
    /// One or more.
    Many,
    /// One, or none.
    Maybe,
    /// None; the option itself says true or false.
    Nothing(bool),
}

/// An option, or a word that is known by its place.
#[derive(Debug)]
pub struct CliOption {
    /// Its name without dashes.
    pub name: String,
    /// What it sets.
    pub target: Target,
    /// What it takes.
    pub takes: Takes,
    /// Whether the command needs it.
    pub required: bool,
    /// Whether it is known by its place and has no dashes.
    pub positional: bool,
    /// What it means.
    pub doc: &'static str,
}

/// Every option of the operation, in the order of `help`.
pub fn options(operation: &Operation) -> Vec<CliOption> {
    let mut all = Vec::new();
    let counted = is_run_instances(operation);
    for field in operation.input.fields {
        if counted && matches!(field.name, "MinCount" | "MaxCount") {
            continue;
        }
        let option = |name: String, takes| CliOption {
            name,
            target: Target::Field(field),
            takes,
            required: field.required,
            positional: field.positional,
            doc: field.doc.trim(),
        };
        let name = kebab(field.name);
        match field.ty {
            Type::Boolean => {
                all.push(option(name.clone(), Takes::Nothing(true)));
                all.push(option(format!("no-{name}"), Takes::Nothing(false)));
            }
            Type::List(_) => all.push(option(name, Takes::Many)),
            _ => all.push(option(name, Takes::One)),
        }
    }
    let extra = |name: &str, target, takes, doc| CliOption {
        name: name.to_string(),
        target,
        takes,
        required: false,
        positional: false,
        doc,
    };
    if counted {
        all.push(extra(
            "count",
            Target::Count,
            Takes::One,
            "How many instances to launch: a number, or least:most.",
        ));
    }
    if let Some(next) = field_named(operation, &["nextToken", "NextToken"]) {
        all.push(extra(
            "starting-token",
            Target::Field(next),
            Takes::One,
            "Where to go on: the NextToken of the answer before.",
        ));
        if let Some(most) = field_named(operation, &["maxResults", "MaxResults", "MaxRecords"]) {
            all.push(extra(
                "page-size",
                Target::Field(most),
                Takes::One,
                "How many items one request asks for.",
            ));
        }
        all.push(extra("max-items", Target::MaxItems, Takes::One, "How many items to print."));
    }
    if operation.service != "drydock" {
        all.push(extra(
            "cli-input-json",
            Target::InputJson,
            Takes::One,
            "The whole request as JSON, or file:// and a document's name; other options overwrite its parts.",
        ));
        all.push(extra(
            "generate-cli-skeleton",
            Target::Skeleton,
            Takes::Maybe,
            "Prints an outline of the request, for --cli-input-json, and sends nothing.",
        ));
    }
    all
}

/// The first of these fields that the request has.
pub fn field_named(operation: &Operation, names: &[&str]) -> Option<&'static Field> {
    operation.input.fields.iter().find(|field| names.contains(&field.name))
}

/// The one operation whose counts the CLI gives a name of its own.
pub fn is_run_instances(operation: &Operation) -> bool {
    (operation.service, operation.name) == ("ec2", "RunInstances")
}

/// An option that every command takes.
pub struct GlobalOption {
    /// Its name without dashes.
    pub name: &'static str,
    /// Whether a word stands behind it.
    pub takes_value: bool,
    /// The values it may have, where they are few.
    pub values: &'static [&'static str],
    /// What it means.
    pub doc: &'static str,
    /// Whether it has an effect here.
    pub changes_something: bool,
}

const fn used(
    name: &'static str,
    takes_value: bool,
    values: &'static [&'static str],
    doc: &'static str,
) -> GlobalOption {
    GlobalOption { name, takes_value, values, doc, changes_something: true }
}

const fn accepted(name: &'static str, takes_value: bool, values: &'static [&'static str]) -> GlobalOption {
    GlobalOption {
        name,
        takes_value,
        values,
        doc: "Accepted, without effect here.",
        changes_something: false,
    }
}

/// The options that every command takes.
pub static GLOBAL: &[GlobalOption] = &[
    used("output", true, &["json", "text", "table", "yaml"], "How the answer is printed."),
    used("query", true, &[], "A JMESPath expression: which part of the answer is printed."),
    used("region", true, &[crate::arn::REGION], "The Region; this sandbox has one."),
    used("no-paginate", false, &[], "Print the first page of a listing only."),
    used("profile", true, &["default"], "The profile; this sandbox has one."),
    accepted("color", true, &["on", "off", "auto"]),
    accepted("endpoint-url", true, &[]),
    accepted("ca-bundle", true, &[]),
    accepted("cli-read-timeout", true, &[]),
    accepted("cli-connect-timeout", true, &[]),
    accepted("cli-binary-format", true, &["base64", "raw-in-base64-out"]),
    accepted("debug", false, &[]),
    accepted("no-verify-ssl", false, &[]),
    accepted("no-sign-request", false, &[]),
    accepted("no-cli-pager", false, &[]),
    accepted("cli-auto-prompt", false, &[]),
    accepted("no-cli-auto-prompt", false, &[]),
];
