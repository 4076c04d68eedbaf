//! `help` at each level, made from the declarations.

use super::names::kebab;
use super::options::{CliOption, GLOBAL, Takes, Target, options};
use super::wait::{Declared, waiters_of};
use super::{operations_of, services};
use crate::operation::Operation;
use crate::shape::{Shape, Type};

/// The widest line of running text.
const WIDTH: usize = 78;

/// `aws help`.
pub fn everything() -> String {
    let mut page = Page::new("aws");
    page.named("aws", "the AWS Command Line Interface, as far as this sandbox has services");
    page.synopsis("aws [options] <command> <subcommand> [parameters]\n\nUse aws command help for information on a specific command.");
    page.title("Commands");
    for service in services() {
        page.item(service, &about(service));
    }
    page.item(
        "drydock",
        "What only a sandbox can do: let time pass, run a container by hand, cause faults. See drydock help.",
    );
    page.globals();
    page.text
}

/// `aws SERVICE help`.
pub fn service(service: &str) -> String {
    let mut page = Page::new(service);
    page.named(service, &about(service));
    page.title("Available commands");
    for operation in operations_of(service) {
        page.item(&kebab(operation.name), operation.doc.trim());
    }
    if waiters_of(service).next().is_some() {
        page.item("wait", "Waits until something is so; simulated time passes meanwhile.");
    }
    page.text
}

/// `drydock help`.
pub fn drydock() -> String {
    let mut page = Page::new("drydock");
    page.named("drydock", &about("drydock"));
    page.title("Available commands");
    page.item("wait <duration>", "Lets simulated time pass: 30s, 5m, 1h30m, or seconds.");
    for operation in operations_of("drydock") {
        page.item(&usage_words(operation), operation.doc.trim());
    }
    page.title("Documents and values");
    page.paragraph(
        "put web.json <<'END' ... END keeps a document; file://web.json then stands for it. \
         NAME=$(command) keeps what a command prints; $NAME then stands for it. \
         NAME=$(base64 -w0 user-data.sh) keeps a document in base64, as launch templates take user data.",
    );
    page.text
}

/// `drydock wait help`.
pub fn pass() -> String {
    let mut page = Page::new("wait");
    page.named("wait", "lets simulated time pass");
    page.synopsis("drydock wait <duration>");
    page.title("Examples");
    page.paragraph("drydock wait 30s    drydock wait 5m    drydock wait 1h30m    drydock wait 90");
    page.text
}

/// `aws SERVICE wait help`.
pub fn waiters(service: &str) -> String {
    let mut page = Page::new("wait");
    page.named("wait", "waits until something is so; simulated time passes meanwhile");
    page.title("Available commands");
    for waiter in waiters_of(service) {
        page.item(waiter.name, waiter.doc);
    }
    page.text
}

/// `aws SERVICE wait NAME help`.
pub fn waiter(declared: &Declared, operation: &Operation) -> String {
    let mut page = Page::new(declared.name);
    page.named(declared.name, declared.doc);
    page.options(&kebab_command(declared.name), &options(operation));
    page.globals();
    page.text
}

/// `aws SERVICE OPERATION help`.
pub fn operation(operation: &Operation) -> String {
    let own = operation.service == "drydock";
    let name = if own { kebab(operation.name).replace('-', " ") } else { kebab(operation.name) };
    let mut page = Page::new(&name);
    page.named(&name, operation.doc.trim());
    page.options(&name, &options(operation));
    page.title("Output");
    for field in operation.output.fields {
        page.item(&format!("{} -> ({})", field.name, type_name(&field.ty)), field.doc.trim());
    }
    if operation.output.fields.is_empty() {
        page.paragraph("None");
    }
    page.globals();
    page.text
}

fn kebab_command(name: &str) -> String {
    format!("wait {name}")
}

/// What a service is for.
pub fn about(service: &str) -> String {
    match service {
        "ecs" => "Amazon Elastic Container Service: runs containers on a cluster",
        "ec2" => "Amazon Elastic Compute Cloud: virtual machines and their network",
        "autoscaling" => "Amazon EC2 Auto Scaling: groups that keep a number of instances running",
        "cloudwatch" => "Amazon CloudWatch: metrics, and alarms on them",
        "sts" => "AWS Security Token Service: who am I",
        "drydock" => "what only a sandbox can do: let time pass, run containers by hand, cause faults",
        other => other,
    }
    .to_string()
}

/// A sandbox command with the words that it needs: `docker run <image> --on <value>`.
fn usage_words(operation: &Operation) -> String {
    let mut words = kebab(operation.name).replace('-', " ");
    for option in options(operation).iter().filter(|option| option.required) {
        words.push_str(&match option.positional {
            true => format!(" <{}>", option.name),
            false => format!(" --{} <value>", option.name),
        });
    }
    words
}

/// A type in the words of the CLI's help.
pub fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::String => "string",
        Type::Integer => "integer",
        Type::Double => "double",
        Type::Boolean => "boolean",
        Type::Timestamp => "timestamp",
        Type::List(_) => "list",
        Type::Map => "map",
        Type::Structure(_) => "structure",
        Type::Document => "document",
    }
}

/// How a value of this type is written in shorthand; `None` for single values.
fn shorthand(ty: &Type) -> Option<String> {
    match ty {
        Type::Structure(shape) => Some(members(shape, 0)),
        Type::Map => Some("KeyName1=string,KeyName2=string".to_string()),
        Type::List(Type::Document) => None,
        Type::List(of @ (Type::Structure(_) | Type::Map)) => Some(format!("{} ...", shorthand(of)?)),
        Type::List(of) => Some(format!("\"{0}\" \"{0}\" ...", type_name(of))),
        _ => None,
    }
}

fn members(shape: &Shape, depth: u32) -> String {
    let members = shape.fields.iter().filter(|_| depth < 6);
    let written: Vec<String> =
        members.map(|field| format!("{}={}", field.name, inner(&field.ty, depth + 1))).collect();
    written.join(",")
}

fn inner(ty: &Type, depth: u32) -> String {
    match ty {
        Type::Structure(shape) => format!("{{{}}}", members(shape, depth)),
        Type::Map => "{KeyName1=string,KeyName2=string}".to_string(),
        Type::List(of) => format!("[{0},{0}]", inner(of, depth)),
        other => type_name(other).to_string(),
    }
}

/// A page that is being written.
struct Page {
    text: String,
}

impl Page {
    fn new(name: &str) -> Page {
        let name = format!("{}()", name.to_ascii_uppercase());
        Page { text: format!("{name}{}{name}\n", " ".repeat(WIDTH.saturating_sub(2 * name.len()).max(2))) }
    }

    fn title(&mut self, title: &str) {
        self.text.push_str(&format!("\n{}\n", title.to_ascii_uppercase()));
    }

    fn named(&mut self, name: &str, what: &str) {
        self.title("Name");
        self.text.push_str(&wrapped(&format!("{name} - {what}"), 7));
    }

    fn synopsis(&mut self, text: &str) {
        self.title("Synopsis");
        for line in text.lines() {
            self.text.push_str(&format!("          {line}\n"));
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push_str(&wrapped(text, 7));
    }

    fn item(&mut self, name: &str, what: &str) {
        self.text.push_str(&format!("       {name}\n"));
        self.text.push_str(&wrapped(what, 10));
    }

    fn options(&mut self, command: &str, options: &[CliOption]) {
        let mut synopsis = command.to_string();
        for option in options {
            let word = match (option.positional, option.takes) {
                (true, _) => format!("<{}>", option.name),
                (_, Takes::Nothing(false)) => continue,
                (_, Takes::Nothing(true)) => format!("--{0} | --no-{0}", option.name),
                _ => format!("--{} <value>", option.name),
            };
            synopsis.push_str(&if option.required { format!("\n{word}") } else { format!("\n[{word}]") });
        }
        self.synopsis(&synopsis);
        self.title("Options");
        if options.is_empty() {
            self.paragraph("None");
        }
        for option in options.iter().filter(|option| option.takes != Takes::Nothing(false)) {
            self.option(option);
        }
    }

    fn option(&mut self, option: &CliOption) {
        let dashes = if option.positional { "" } else { "--" };
        let Target::Field(field) = option.target else {
            return self.item(&format!("{dashes}{} (string)", option.name), option.doc);
        };
        let name = match option.takes {
            Takes::Nothing(_) => format!("--{0} | --no-{0} (boolean)", option.name),
            _ => format!("{dashes}{} ({})", option.name, type_name(&field.ty)),
        };
        let needed = if option.required { " [required]" } else { "" };
        self.item(&format!("{name}{needed}"), option.doc);
        if !field.values.is_empty() {
            self.text.push_str(&wrapped(&format!("Possible values: {}.", field.values.join(", ")), 10));
        }
        if let Some((least, most)) = field.range {
            let most = if most == i64::MAX { "any number".to_string() } else { most.to_string() };
            self.text.push_str(&wrapped(&format!("From {least} to {most}."), 10));
        }
        if let Some(shorthand) = shorthand(&field.ty).filter(|_| option.takes != Takes::Nothing(true)) {
            self.text.push_str(&wrapped(&format!("Shorthand syntax: {shorthand}"), 10));
        }
    }

    fn globals(&mut self) {
        self.title("Global options");
        let (used, accepted): (Vec<_>, Vec<_>) = GLOBAL.iter().partition(|option| option.changes_something);
        for option in used {
            let takes = if option.takes_value { "string" } else { "boolean" };
            self.item(&format!("--{} ({takes})", option.name), option.doc);
            if option.values.len() > 1 {
                self.text.push_str(&wrapped(&format!("Possible values: {}.", option.values.join(", ")), 10));
            }
        }
        let names: Vec<String> = accepted.iter().map(|option| format!("--{}", option.name)).collect();
        self.paragraph(&format!("Accepted, and without effect in this sandbox: {}.", names.join(", ")));
    }
}

/// Running text, broken between words (long ones also at commas), indented.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in
        text.split_whitespace().flat_map(|word| word.split_inclusive(',').map(move |part| (word, part)))
    {
        let (whole, part) = word;
        let begins = part.as_ptr() == whole.as_ptr();
        let gap = usize::from(begins && !line.is_empty());
        if !line.is_empty() && indent + line.chars().count() + gap + part.chars().count() > WIDTH {
            lines.push_str(&format!("{}{line}\n", " ".repeat(indent)));
            line.clear();
        } else if gap == 1 {
            line.push(' ');
        }
        line.push_str(part);
    }
    if !line.is_empty() {
        lines.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    }
    lines
}
