//! Any input at all, made up from seeds: terminal lines, API calls and scripts. Nothing panics, a refusal says
//! why and changes nothing. The fuzz targets ask the same of inputs that a fuzzer makes up.

#[path = "../../fuzz/inputs.rs"]
mod inputs;

use drydock::shape::{Field, Shape, Type};
use drydock::timeline::Kind;
use drydock::{Operation, operations};
use serde_json::{Map, Value, json};

/// Numbers from a seed (SplitMix64), so that a failure comes again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).expect("a number") % bound.max(1)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// Texts that mean something in the world, or are odd.
fn texts() -> Vec<String> {
    let run = inputs::world();
    let state = run.sim().state();
    let mut texts: Vec<String> = [
        "shop",
        "default",
        "web",
        "api",
        "web:1",
        "api:1",
        "web:99",
        "web:-1",
        "",
        " ",
        "é",
        "a b",
        "*",
        "FARGATE",
        "EC2",
        "DRAINING",
        "subnet-pri-a",
        "sg-default",
        "vpc-main",
        "us-east-1a",
        "shop/web:1",
        "nginx",
        "256",
        "512",
        "1 vCPU",
        "CMD-SHELL",
        "agent",
        "instance",
        "health-check",
        "distinctInstance",
        "memberOf",
        "attribute:ecs.availability-zone == us-east-1a",
        "not not ((",
        "a =~ (((((",
        "arn:aws:ecs:::",
        "arn:",
        "1",
        "-1",
        "99999999999999999999",
        "\u{0}",
        "service:web",
        "spread",
        "binpack",
        "cpu",
        "10.0.0.0/8",
    ]
    .map(str::to_string)
    .to_vec();
    texts.push("x".repeat(300));
    texts.extend(state.tasks.keys().map(ToString::to_string));
    texts.extend(state.services.keys().map(ToString::to_string));
    texts.extend(state.clusters.keys().map(ToString::to_string));
    texts.extend(state.container_instances.keys().map(ToString::to_string));
    texts.extend(state.instances.keys().map(ToString::to_string));
    texts.extend(state.task_definitions.keys().map(ToString::to_string));
    texts
}

const INTEGERS: &[i64] =
    &[0, 1, 2, 3, 10, -1, 60, 80, 100, 200, 300, 1000, 65_535, 65_536, i64::MAX, i64::MIN, i64::MAX - 1];

/// A value of this type, which is seldom of another one.
fn value(ty: &Type, field: Option<&Field>, texts: &[String], numbers: &mut Numbers) -> Value {
    if numbers.once_in(40) {
        return numbers
            .one(&[json!(null), json!([]), json!({}), json!(1), json!("x"), json!(1.5), json!([[]])])
            .clone();
    }
    match ty {
        Type::String if !numbers.once_in(6) && field.is_some_and(|field| field.names.is_some()) => {
            let named = field.and_then(|field| field.names).and_then(|kind| living(kind, numbers));
            json!(named.unwrap_or_else(|| numbers.one(texts).clone()))
        }
        Type::String | Type::Timestamp => match field.filter(|field| !field.values.is_empty()) {
            Some(field) if !numbers.once_in(8) => json!(numbers.one(field.values)),
            _ => json!(numbers.one(texts)),
        },
        Type::Integer => match field.and_then(|field| field.range) {
            Some((least, most)) if !numbers.once_in(4) => {
                json!(*numbers.one(&[least, most, (least / 2) + (most / 2)]))
            }
            _ => json!(numbers.one(INTEGERS)),
        },
        Type::Double => numbers.one(&[json!(0), json!(-1.5), json!(1e308), json!(70.0)]).clone(),
        Type::Boolean => json!(numbers.once_in(2)),
        Type::List(element) => (0..numbers.below(4)).map(|_| value(element, field, texts, numbers)).collect(),
        Type::Map => json!({numbers.one(texts).as_str(): numbers.one(texts)}),
        Type::Document => numbers.one(&[json!({"a": [1]}), json!([]), json!("x")]).clone(),
        Type::Structure(shape) => structure(shape, texts, numbers),
    }
}

/// A name of a resource of this kind that there is.
fn living(kind: Kind, numbers: &mut Numbers) -> Option<String> {
    let run = inputs::world();
    let state = run.sim().state();
    let some = |names: Vec<String>, numbers: &mut Numbers| Some(numbers.one(&names).clone());
    match kind {
        Kind::Cluster => Some("shop".to_string()),
        Kind::Task => some(state.tasks.keys().map(ToString::to_string).collect(), numbers),
        Kind::Service => Some(numbers.one(&["web", "api"]).to_string()),
        Kind::TaskDefinition => Some(numbers.one(&["web:1", "api:1"]).to_string()),
        Kind::Instance => some(state.instances.keys().map(ToString::to_string).collect(), numbers),
        Kind::ContainerInstance => {
            some(state.container_instances.keys().map(ToString::to_string).collect(), numbers)
        }
        Kind::Container => Some(numbers.one(&["web", "api"]).to_string()),
        Kind::Image => Some("shop/web:2".to_string()),
        Kind::Subnet => Some(numbers.one(&["subnet-pri-a", "subnet-pub-b"]).to_string()),
        Kind::SecurityGroup => Some("sg-default".to_string()),
        _ => None,
    }
}

/// operation, an input that it takes
const GOOD: &[(&str, &str)] = &[
    ("RunTask", r#"{"cluster": "shop", "taskDefinition": "api", "count": 2}"#),
    (
        "RunTask",
        r#"{"cluster": "shop", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pri-a"]}}}"#,
    ),
    (
        "CreateService",
        r#"{"cluster": "shop", "serviceName": "more", "taskDefinition": "api", "desiredCount": 3}"#,
    ),
    (
        "CreateService",
        r#"{"cluster": "shop", "serviceName": "more", "taskDefinition": "web", "desiredCount": 2, "launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pri-a"]}}}"#,
    ),
    ("UpdateService", r#"{"cluster": "shop", "service": "api", "desiredCount": 1}"#),
    ("UpdateService", r#"{"cluster": "shop", "service": "web", "forceNewDeployment": true}"#),
    ("DeleteService", r#"{"cluster": "shop", "service": "web", "force": true}"#),
    (
        "RegisterTaskDefinition",
        r#"{"family": "more", "containerDefinitions": [{"name": "a", "image": "shop/web:1", "memory": 100}]}"#,
    ),
    ("RunInstances", r#"{"ImageId": "ami-ecs", "MinCount": 1, "MaxCount": 2}"#),
    ("DockerRun", r#"{"image": "shop/web:1"}"#),
];

/// A good input of the operation where there is one, with some members of it made up.
fn input(operation: &Operation, texts: &[String], numbers: &mut Numbers) -> Value {
    let good: Vec<&str> =
        GOOD.iter().filter(|(name, _)| *name == operation.name).map(|(_, text)| *text).collect();
    if good.is_empty() || numbers.once_in(6) {
        return structure(operation.input, texts, numbers);
    }
    let mut input: Value = serde_json::from_str(numbers.one::<&str>(&good)).expect("it is JSON");
    for _ in 0..numbers.below(4) {
        let field = numbers.one(operation.input.fields);
        input[field.name] = value(&field.ty, Some(field), texts, numbers);
    }
    input
}

fn structure(shape: &Shape, texts: &[String], numbers: &mut Numbers) -> Value {
    let mut members = Map::new();
    for field in shape.fields {
        let there = if field.required { !numbers.once_in(30) } else { numbers.once_in(5) };
        if there {
            members.insert(field.name.to_string(), value(&field.ty, Some(field), texts, numbers));
        }
    }
    Value::Object(members)
}

#[test]
fn any_input_of_any_operation_is_answered_or_refused() {
    let texts = texts();
    for (choice, operation) in operations().enumerate() {
        for round in 0..60 {
            let seed = u64::try_from(choice * 1000 + round).expect("small");
            let input = input(operation, &texts, &mut Numbers(seed));
            inputs::api(choice, &input);
        }
    }
}

#[test]
fn any_line_is_answered_or_refused() {
    let texts = texts();
    let signs =
        ["'", "\"", "\\", "$", "$(", ")", "{", "[", "=", ",", "--", "|", "é", "\u{0}", "#", "file://", "`"];
    for seed in 0..250 {
        let mut numbers = Numbers(seed);
        let operation = operations().nth(numbers.below(operations().count())).expect("it is there");
        let mut line = format!("aws {} {}", operation.service, kebab(operation.name));
        for field in operation.input.fields {
            if field.required || numbers.once_in(4) {
                let value = value(&field.ty, Some(field), &texts, &mut numbers);
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
                line.push_str(&format!(" --{} '{}'", kebab(field.name), text.replace('\'', "")));
            }
        }
        for _ in 0..numbers.below(4) {
            let cuts: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
            let at = *numbers.one(&cuts);
            if numbers.once_in(3) {
                line.truncate(at)
            } else {
                line.insert_str(at, numbers.one::<&str>(&signs))
            }
            if line.is_empty() {
                line.push('a');
            }
        }
        // Completion is asked for at every letter, so a long value is enough once.
        inputs::terminal(&line.chars().take(160).collect::<String>());
    }
}

#[test]
fn any_script_is_played_or_refused() {
    let whole = include_str!("../runs/recipes.script");
    let lines: Vec<&str> = whole.lines().take(40).collect();
    let odd =
        ["+", "+9", "as ", "put a <<'END'", "END", "X=$(aws", "drydock wait 9d", "drydock 2", "\u{0}", "'"];
    for seed in 0..120 {
        let mut numbers = Numbers(seed);
        let mut mutated: Vec<String> = lines.iter().map(ToString::to_string).collect();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(mutated.len() - 1) + usize::from(!numbers.once_in(10));
            match numbers.below(4) {
                0 => drop(mutated.remove(at)),
                1 => mutated.insert(at, numbers.one(&odd).to_string()),
                2 => mutated[at].push_str(numbers.one::<&str>(&odd)),
                _ => {
                    let from = numbers.below(mutated.len());
                    mutated.swap(at, from);
                }
            }
        }
        inputs::script(&mutated.join("\n"));
    }
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
