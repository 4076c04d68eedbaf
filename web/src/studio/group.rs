//! An Auto Scaling group in the engine's terms: its head, its summary, what can be done to it.
use drydock::State;
use drydock::arn::GroupName;
use drydock::autoscaling::group::Group;
use drydock::ecs::capacity_provider::CapacityProvider;

use super::fleet;
use super::subject::{Action, Fact, Head, action};

/// The group of this name.
pub fn named<'a>(state: &'a State, name: &str) -> Option<&'a Group> {
    state.auto_scaling_groups.get(&GroupName::from(name))
}

/// The capacity provider whose group this is.
pub fn provider<'a>(state: &'a State, name: &str) -> Option<&'a CapacityProvider> {
    let mut providers = state.capacity_providers.values();
    providers.find(|provider| provider.group().is_some_and(|group| group.group_name() == name))
}

/// What it is and how it is.
pub fn head(state: &State, name: &str) -> Option<Head> {
    let group = named(state, name)?;
    let in_service = group.instances.values().filter(|member| member.is_in_service()).count();
    let (least, most) = (group.min_size, group.max_size);
    Some(Head {
        title: format!("Auto Scaling group {name}"),
        sentence: format!(
            "{} wanted, {in_service} in service; never fewer than {least} or more than {most}.",
            group.desired_capacity
        ),
        wrong: group.launch_failures > 0,
    })
}

/// The summary, a line each.
pub fn facts(state: &State, name: &str) -> Vec<Fact> {
    let Some(group) = named(state, name) else { return Vec::new() };
    let template = &group.launch_template;
    let template_name = template
        .launch_template_name
        .clone()
        .or_else(|| template.launch_template_id.clone())
        .unwrap_or_default();
    let mut facts = vec![
        ("Wanted", group.desired_capacity.to_string()),
        ("Bounds", format!("{} to {}", group.min_size, group.max_size)),
        ("Launches", format!("template {template_name}")),
        ("Zones", group.zones.join(", ")),
    ];
    for member in group.instances.values() {
        let id = member.instance.as_str();
        let plate = state
            .instances
            .get(&member.instance)
            .and_then(|machine| machine.container_instance.as_ref())
            .and_then(|host| fleet::plate(state, host.short()))
            .map(|plate| format!("{plate}, "))
            .unwrap_or_default();
        let protected = if member.protected { ", protected from scale-in" } else { "" };
        facts.push(("Instance", format!("{plate}{id}, {}{protected}", member.lifecycle.word())));
    }
    if let Some(provider) = provider(state, name) {
        facts.push(("Provider", provider.name.clone()));
        if let Some(own) = provider.group() {
            let on = |yes: bool| if yes { "ENABLED" } else { "DISABLED" };
            let scaling = own.managed_scaling.map_or("DISABLED".to_string(), |scaling| {
                format!("ENABLED, target {} %", scaling.target_capacity.0)
            });
            facts.push(("Scaling", format!("managed scaling {scaling}")));
            facts.push(("Protection", format!("managed, {}", on(own.managed_termination_protection))));
            facts.push(("Draining", format!("managed, {}", on(own.managed_draining))));
        }
    }
    facts
}

/// The command that describes it.
pub fn describing(name: &str) -> String {
    format!("aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names {name}")
}

/// What can be done to it.
pub fn actions(state: &State, name: &str) -> Vec<Action> {
    let Some(group) = named(state, name).filter(|group| !group.deleting) else { return Vec::new() };
    let set = |wanted: u64| {
        format!(
            "aws autoscaling set-desired-capacity --auto-scaling-group-name {name} --desired-capacity {wanted}"
        )
    };
    let desired = group.desired_capacity;
    let want =
        |count: u64| if count == 1 { "Want 1 machine".to_string() } else { format!("Want {count} machines") };
    let mut actions = Vec::new();
    if desired < group.max_size {
        actions.push(action(want(desired + 1), set(desired + 1)));
    }
    if desired > group.min_size {
        actions.push(action(want(desired - 1), set(desired - 1)));
    }
    actions
}
