//! What placement remembers of instances from one request to the next changes nothing.

use super::{constraints, fleet, strategies};
use crate::world::World;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Machines, some alike and some not.
const MACHINES: &[(&str, &str)] = &[
    ("a", "m5.large"),
    ("b", "t3.small"),
    ("b", "m5.large"),
    ("c", "t3.medium"),
    ("a", "t3.small"),
    ("c", "m5.large"),
    ("a", "t3.medium"),
    ("b", "m5.large"),
    ("c", "t3.small"),
    ("a", "m5.large"),
    ("b", "t3.medium"),
    ("c", "m5.large"),
    ("a", "t3.small"),
    ("b", "t3.small"),
];

/// Something that befalls the cluster.
#[derive(Debug, Clone)]
enum Deed {
    /// So many tasks, by these strategies and constraints.
    Run(u64, Value, Value),
    /// A service has so many tasks.
    Scale(u64),
    /// A task is stopped.
    Stop(usize),
    /// An instance has another value of an attribute, or loses it.
    Attribute(usize, Option<&'static str>),
    /// An instance is put into this state.
    Status(usize, &'static str),
    /// An instance is taken out of its cluster.
    Deregister(usize),
    /// An agent is cut off, or comes back.
    Agent(usize, bool),
    /// Time passes.
    Wait(u64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let run = (1..11_u64, strategies(), constraints())
        .prop_map(|(count, strategies, constraints)| Deed::Run(count, json!(strategies), json!(constraints)));
    let value = prop_oneof![Just(None), Just(Some("red")), Just(Some("blue"))];
    let one = prop_oneof![
        6 => run,
        2 => (0..30_u64).prop_map(Deed::Scale),
        3 => (0..1000_usize).prop_map(Deed::Stop),
        2 => (0..MACHINES.len(), value).prop_map(|(place, value)| Deed::Attribute(place, value)),
        2 => (0..MACHINES.len(), prop_oneof![Just("DRAINING"), Just("ACTIVE")])
            .prop_map(|(place, status)| Deed::Status(place, status)),
        1 => (0..MACHINES.len()).prop_map(Deed::Deregister),
        1 => (0..MACHINES.len(), any::<bool>()).prop_map(|(place, cut)| Deed::Agent(place, cut)),
        3 => (1..90_u64).prop_map(Deed::Wait),
    ];
    proptest::collection::vec(one, 4..24)
}

/// Does it, or has it refused.
fn befalls(world: &mut World, ids: &[String], deed: &Deed) {
    let named = |world: &World, place: &usize| {
        let mut instances = world.sim.state().container_instances.values();
        instances.find(|it| it.instance.as_str() == ids[*place]).map(|it| it.arn.to_string())
    };
    match deed {
        Deed::Run(count, strategies, constraints) => {
            let request = json!({ "cluster": "shop", "taskDefinition": "web", "count": count,
                "placementStrategy": strategies, "placementConstraints": constraints });
            world.ok("RunTask", request);
        }
        Deed::Scale(count) => {
            world.ok("UpdateService", json!({ "cluster": "shop", "service": "web", "desiredCount": count }));
        }
        Deed::Stop(place) => {
            let tasks: Vec<String> = world.sim.state().tasks.keys().map(ToString::to_string).collect();
            if let Some(task) = tasks.get(place % tasks.len().max(1)) {
                let _ = world.ecs("StopTask", json!({ "cluster": "shop", "task": task }));
            }
        }
        Deed::Attribute(place, value) => {
            let Some(target) = named(world, place) else { return };
            let mut attribute = json!({ "name": "stack", "targetId": target });
            if let Some(value) = value {
                attribute["value"] = json!(value);
            }
            let verb = if value.is_some() { "PutAttributes" } else { "DeleteAttributes" };
            let _ = world.ecs(verb, json!({ "cluster": "shop", "attributes": [attribute] }));
        }
        Deed::Status(place, status) => {
            let Some(target) = named(world, place) else { return };
            let asked = json!({ "cluster": "shop", "containerInstances": [target], "status": status });
            let _ = world.ecs("UpdateContainerInstancesState", asked);
        }
        Deed::Deregister(place) => {
            let Some(target) = named(world, place) else { return };
            let asked = json!({ "cluster": "shop", "containerInstance": target, "force": true });
            let _ = world.ecs("DeregisterContainerInstance", asked);
        }
        Deed::Agent(place, cut) => {
            let asked = json!({ "what": "agent", "instance": ids[*place], "clear": !cut });
            let _ = world.call("drydock", "Fail", asked);
        }
        Deed::Wait(seconds) => world.wait(*seconds),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// PLACE-10: a world that forgets what placement remembers before every deed lives through the same.
    #[test]
    fn what_is_remembered_changes_nothing(deeds in deeds()) {
        let (mut world, ids) = fleet(MACHINES);
        let service = json!({ "cluster": "shop", "serviceName": "web", "taskDefinition": "web",
            "desiredCount": 3, "placementStrategy": [{ "type": "spread", "field": "attribute:stack" },
                { "type": "binpack", "field": "cpu" }] });
        world.ok("CreateService", service);
        let mut forgetful = World { sim: world.sim.clone(), timeline: world.timeline.clone() };
        for deed in &deeds {
            befalls(&mut world, &ids, deed);
            // A copy remembers nothing.
            forgetful.sim = forgetful.sim.clone();
            befalls(&mut forgetful, &ids, deed);
            prop_assert_eq!(&world.sim, &forgetful.sim);
        }
        prop_assert_eq!(world.timeline.records(), forgetful.timeline.records());
    }
}
