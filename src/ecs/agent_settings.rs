//! What user data says to the ECS agent in /etc/ecs/ecs.config; settings that change nothing here are kept.

use crate::ec2::instance::Instance;
use crate::ecs::attribute::{self, Attribute};
use crate::ecs::registration::Joining;
use crate::ecs::rules::instances as rules;
use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::time::SimDuration;
use crate::units::Mib;
use serde_json::Value;
use std::collections::BTreeMap;

/// Log drivers that the agent of our machine images knows (TASKDEF-49).
const DRIVER: &str = "com.amazonaws.ecs.capability.logging-driver.";

/// What an agent was told about how it treats tasks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSettings {
    /// Between SIGTERM and SIGKILL where a container does not say (LIFE-15).
    pub stop_timeout: Option<SimDuration>,
    /// From where Docker takes dynamic host ports (TASKDEF-41).
    pub dynamic_ports: Option<(i64, i64)>,
    /// Whether an image that is there is used without asking the registry (LIFE-25).
    pub trusts_cache: bool,
    /// Whether it drains its instance on a Spot notice (CINST-18).
    pub drains_for_spot: bool,
}

/// Puts an agent's settings into what it registers ([`rules::AGENT_SETTINGS`]).
///
/// # Errors
/// `ClientException` for more memory reserved than there is (CINST-02), `InvalidParameterException` for
/// attributes and tags that ECS does not take (CINST-08).
pub fn apply(machine: &Instance, joining: &mut Joining) -> Result<(), ApiError> {
    let said = |name: &str| machine.agent_setting(name);
    if let Some(reserved) = said("ECS_RESERVED_MEMORY").and_then(|mib| mib.parse::<u64>().ok()) {
        let memory = joining.memory.unwrap_or_default();
        let Some(left) = memory.0.checked_sub(reserved) else {
            let message =
                format!("ECS_RESERVED_MEMORY: {reserved} MiB are more than the {memory} that there are");
            return Err(ApiError::client(message, rules::REGISTERED_RESOURCES));
        };
        joining.memory = Some(Mib(left));
    }
    for (name, ports) in [
        ("ECS_RESERVED_PORTS", &mut joining.reserved_ports),
        ("ECS_RESERVED_PORTS_UDP", &mut joining.reserved_udp_ports),
    ] {
        if let Some(Value::Array(asked)) = document(machine, name) {
            let asked = asked.iter().filter_map(Value::as_u64).filter(|port| (1..=65_535).contains(port));
            *ports = asked.take(100).collect();
        }
    }
    for (name, value) in texts(document(machine, "ECS_INSTANCE_ATTRIBUTES")) {
        let asked = Attribute { name, value: Some(value), ..Default::default() };
        asked.check()?;
        if attribute::is_own(&asked.name) {
            let message =
                format!("The attribute '{}' is set by Amazon ECS and cannot be changed.", asked.name);
            return Err(ApiError::invalid(message, rules::CUSTOM_ATTRIBUTES));
        }
        joining.attributes.insert(asked.name, asked.value);
    }
    attribute::check_limit("InvalidParameterException", joining.attributes.keys().map(String::as_str))?;
    let tags = texts(document(machine, "ECS_CONTAINER_INSTANCE_TAGS"));
    joining.tags.extend(tags.into_iter().map(|(key, value)| Tag { key, value }));
    tag::check(&joining.tags)?;
    switches(machine, joining);
    joining.settings = AgentSettings {
        stop_timeout: said("ECS_CONTAINER_STOP_TIMEOUT").and_then(span),
        dynamic_ports: said("ECS_DYNAMIC_HOST_PORT_RANGE").and_then(range),
        trusts_cache: matches!(said("ECS_IMAGE_PULL_BEHAVIOR"), Some("once" | "prefer-cached")),
        drains_for_spot: said("ECS_ENABLE_SPOT_INSTANCE_DRAINING") == Some("true"),
    };
    Ok(())
}

/// What an agent cannot do because a setting switches it off (TASKDEF-62).
fn switches(machine: &Instance, joining: &mut Joining) {
    let off = |name: &str| machine.agent_setting(name) == Some("false");
    let mut without = |names: &[&str]| joining.lacks.extend(names.iter().map(|name| (*name).to_string()));
    if off("ECS_ENABLE_TASK_ENI") {
        without(&["ecs.capability.task-eni"]);
    }
    if off("ECS_ENABLE_TASK_IAM_ROLE") {
        without(&["com.amazonaws.ecs.capability.task-iam-role"]);
    }
    if off("ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST") {
        without(&["com.amazonaws.ecs.capability.task-iam-role-network-host"]);
    }
    if off("ECS_ENABLE_TASK_CPU_MEM_LIMIT") {
        without(&["ecs.capability.task-cpu-mem-limit"]);
    }
    if let Some(Value::Array(drivers)) = document(machine, "ECS_AVAILABLE_LOGGING_DRIVERS") {
        let known = |name: &str| drivers.iter().any(|driver| driver.as_str() == Some(name));
        let all = crate::ecs::registration::CAPABILITIES.iter().filter_map(|name| name.strip_prefix(DRIVER));
        joining.lacks.extend(all.filter(|name| !known(name)).map(|name| format!("{DRIVER}{name}")));
    }
}

/// The JSON that user data wrote for a variable, quoted for the shell or not; none where it is no JSON.
fn document(machine: &Instance, name: &str) -> Option<Value> {
    machine.user_data.lines().rev().find_map(|line| {
        let (_, rest) = line.rsplit_once(&format!("{name}="))?;
        let plain = rest.trim_start_matches(['\'', '"']).replace("\\\"", "\"");
        serde_json::Deserializer::from_str(&plain).into_iter::<Value>().next()?.ok()
    })
}

/// The names and texts of a document.
fn texts(document: Option<Value>) -> BTreeMap<String, String> {
    let Some(Value::Object(members)) = document else { return BTreeMap::new() };
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        _ => None,
    };
    members.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

/// A span as Go writes it, such as `90s`, `2m` or `1m30s`; at least a second (LIFE-15).
fn span(text: &str) -> Option<SimDuration> {
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    for sign in text.chars() {
        let unit = match sign {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            digit => {
                digits.push(digit);
                continue;
            }
        };
        let count: u64 = std::mem::take(&mut digits).parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
    }
    (digits.is_empty() && (1..=86_400).contains(&seconds)).then(|| SimDuration::secs(seconds))
}

/// A range of ports, such as `40000-45000` (TASKDEF-41).
fn range(text: &str) -> Option<(i64, i64)> {
    let (first, last) = text.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (1 <= first && first <= last && last <= 65_535).then_some((first, last))
}
