//! `docs/coverage.md`: what there is of each API, beside AWS's own models.

use std::collections::BTreeMap;

use drydock::{Operation, Simplification};

use crate::docs::{cell, write_line};
use crate::model::{Comparison, Model};

/// Which entries of the fidelity ledger simplify an operation; one that no longer stands is left out.
const SIMPLIFIED: &[(&str, &[&str])] = &[
    ("AttachInstances", &["group-moves"]),
    ("CreateAutoScalingGroup", &["group-launches", "group-health"]),
    ("CreateService", &["service-daemon", "service-controllers", "service-load-balancers"]),
    ("DetachInstances", &["group-moves"]),
    ("EnterStandby", &["group-moves"]),
    ("ExitStandby", &["group-moves"]),
    ("DescribeContainerInstances", &["instance-memory", "trunks-made"]),
    ("DescribeInstances", &["instances-shown"]),
    ("DescribeSecurityGroups", &["default-vpc"]),
    ("DescribeSubnets", &["default-vpc", "addresses"]),
    ("DescribeVpcs", &["default-vpc"]),
    ("ListContainerInstances", &["cluster-query"]),
    ("PutLifecycleHook", &["group-hooks"]),
    ("PutScheduledUpdateGroupAction", &["group-schedules"]),
    ("RegisterTaskDefinition", &["restart-policy", "secrets-logs-volumes"]),
    ("StartInstanceRefresh", &["group-refreshes"]),
    ("RunInstances", &["machine-images", "instance-role"]),
    ("RunTask", &["placement-default", "platform-versions", "client-tokens"]),
    ("UpdateAutoScalingGroup", &["group-launches", "group-health"]),
    ("UpdateContainerAgent", &["agent-updates"]),
    ("UpdateService", &["service-breaker", "service-rebalancing", "service-load-balancers"]),
];

/// The page.
pub fn page(model: &Model) -> String {
    let mut services: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in drydock::operations() {
        services.entry(operation.service).or_default().push(operation);
    }
    let mut page = format!(
        "# Coverage\n\n\
         Written by `cargo xtask docs` from the rows that declare the operations and from the digest of \
         AWS's models in botocore {}; do not edit.\n\n\
         *Done*: every member of AWS's request and answer is there. *Partly*: what is not there stands \
         beside it; the terminal refuses a member that is not there, as AWS's clients refuse one that they do \
         not know, and the endpoint passes over it. *Absent*: AWS has it, and here it is \
         refused by name. In requests a member in bold must be given. Every name, type, required member and enum \
         that is declared agrees with the model, which a test holds.\n",
        model.version()
    );
    for (service, operations) in &mut services {
        operations.sort_by_key(|operation| operation.name);
        write_line(&mut page, &format!("\n## {service}\n"));
        summary(&mut page, model, service, operations);
        let own = *service == "drydock";
        write_line(
            &mut page,
            if own { "| Operation | What it does | Members |\n|---|---|---|" } else { HEAD },
        );
        for operation in operations.iter() {
            let row = if own {
                format!("| {} | {} | {} |", operation.name, cell(operation.doc), members(operation))
            } else {
                row(model, operation)
            };
            write_line(&mut page, &row);
        }
        for name in absent(model, service, operations) {
            write_line(&mut page, &format!("| {name} | absent | | |"));
        }
    }
    page
}

const HEAD: &str = "| Operation | State | What it does, and takes | What it lacks |\n|---|---|---|---|";

fn summary(page: &mut String, model: &Model, service: &str, operations: &[&Operation]) {
    match service {
        "drydock" => write_line(page, "The sandbox's own commands; AWS has none of them.\n"),
        // The digest has all of some services, and of the others what is declared.
        whole if crate::model::WHOLE.contains(&whole) => {
            let all = model.operations(service).count();
            write_line(page, &format!("{} of the API's {all} operations are there.\n", operations.len()));
        }
        _ => write_line(page, "The API's other operations are out of scope.\n"),
    }
}

fn absent<'a>(model: &'a Model, service: &'a str, there: &'a [&Operation]) -> impl Iterator<Item = &'a str> {
    model.operations(service).filter(|name| !there.iter().any(|operation| operation.name == *name))
}

fn row(model: &Model, operation: &Operation) -> String {
    let found = model.compare(operation).unwrap_or_default();
    let lacks = lacks(operation, &found);
    let state = if lacks.is_empty() { "done" } else { "partly" };
    let takes = members(operation);
    let takes = if takes.is_empty() { String::new() } else { format!(" *Members:* {takes}.") };
    format!("| {} | {state} | {}{takes} | {} |", operation.name, cell(operation.doc), lacks.join(" "))
}

/// What an operation lacks, a sentence each.
fn lacks(operation: &Operation, found: &Comparison) -> Vec<String> {
    let mut lacks = Vec::new();
    for (what, places) in [
        ("Not in the request", &found.request_lacks),
        ("Kept without a look inside", &found.unread),
        ("Not in the answer", &found.answer_lacks),
    ] {
        if !places.is_empty() {
            lacks.push(format!("*{what}:* {}.", places.join(", ")));
        }
    }
    lacks.extend(
        simplifications(operation)
            .map(|entry| format!("*AWS:* {} *Here:* {}", cell(entry.aws), cell(entry.here))),
    );
    lacks
}

fn simplifications(operation: &Operation) -> impl Iterator<Item = &'static Simplification> {
    let named = SIMPLIFIED.iter().find(|(name, _)| *name == operation.name);
    let ids = named.map(|(_, ids)| *ids).unwrap_or_default();
    ids.iter().filter_map(|id| drydock::fidelity().iter().find(|entry| entry.id == *id))
}

/// The members of a request, those in bold that must be given.
fn members(operation: &Operation) -> String {
    let members = operation.input.fields.iter().map(|field| match field.required {
        true => format!("**{}**", field.name),
        false => field.name.to_owned(),
    });
    members.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_ecs_has_its_row() {
        let model = Model::committed().expect("the digest reads");
        let page = page(&model);
        for name in crate::model::WHOLE.iter().flat_map(|service| model.operations(service)) {
            assert!(page.matches(&format!("\n| {name} | ")).count() > 0, "{name}");
        }
        let names: Vec<&str> = drydock::operations().map(|operation| operation.name).collect();
        for (name, ids) in SIMPLIFIED {
            assert!(names.contains(name) && !ids.is_empty(), "{name}");
        }
    }
}
