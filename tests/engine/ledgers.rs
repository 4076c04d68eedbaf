//! Properties of any history of tasks and instances: the books balance, and time can be cut anywhere.

use crate::world::World;
use drydock::State;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Something that may happen to a cluster of three instances.
#[derive(Debug, Clone)]
enum Move {
    Run(u64),
    Stop(usize),
    Kill(usize),
    Wait(u64),
    Agent(usize, bool),
    Terminate(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => (1..4_u64).prop_map(Move::Run),
        3 => (0..20_usize).prop_map(Move::Stop),
        2 => (0..20_usize).prop_map(Move::Kill),
        4 => (1..50_u64).prop_map(Move::Wait),
        1 => (0..3_usize, any::<bool>()).prop_map(|(at, clear)| Move::Agent(at, clear)),
        1 => (0..3_usize).prop_map(Move::Terminate),
    ];
    proptest::collection::vec(one, 1..30)
}

fn fleet() -> (World, Vec<Value>) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    let mut ids = Vec::new();
    for subnet in ["subnet-pri-a", "subnet-pri-b", "subnet-pri-b"] {
        let asked = json!({
            "ImageId": "ami-ecs", "InstanceType": "t3.small", "SubnetId": subnet, "UserData": "ECS_CLUSTER=shop",
        });
        let launched = world.call("ec2", "RunInstances", asked).expect("it launches");
        ids.push(launched["Instances"][0]["InstanceId"].clone());
    }
    world.wait(90);
    let container = json!({
        "name": "web", "image": "shop/web:stubborn", "cpu": 300, "memory": 500,
        "portMappings": [{ "containerPort": 80 }],
    });
    let definition = json!({ "family": "web", "networkMode": "bridge", "containerDefinitions": [container] });
    world.ok("RegisterTaskDefinition", definition);
    (world, ids)
}

/// Plays moves, with each wait cut into so many parts, and looks at the state after each move. A move that is
/// refused must change nothing.
fn play(moves: &[Move], parts: u64, look: impl Fn(&State)) -> World {
    let (mut world, ids) = fleet();
    for each in moves {
        let before = world.sim.clone();
        let task = |at: usize| {
            let tasks: Vec<_> = before.state().tasks.keys().collect();
            tasks.get(at % tasks.len().max(1)).map(|arn| arn.to_string()).unwrap_or_default()
        };
        let answer = match each {
            Move::Run(count) => {
                let asked = json!({ "cluster": "shop", "taskDefinition": "web", "count": count });
                world.ecs("RunTask", asked)
            }
            Move::Stop(at) => world.ecs("StopTask", json!({ "cluster": "shop", "task": task(*at) })),
            Move::Kill(at) => world.call("drydock", "Kill", json!({ "task": task(*at) })),
            Move::Agent(at, clear) => {
                let asked = json!({ "what": "agent", "instance": ids[*at], "clear": clear });
                world.call("drydock", "Fail", asked)
            }
            Move::Terminate(at) => {
                world.call("ec2", "TerminateInstances", json!({ "InstanceIds": [ids[*at]] }))
            }
            Move::Wait(seconds) => {
                let until = world.sim.clock() + drydock::SimDuration::secs(*seconds);
                for part in 1..=parts {
                    let to = before.clock() + drydock::SimDuration::millis(seconds * 1000 * part / parts);
                    world.sim.advance(to.min(until), u32::MAX, &mut world.timeline);
                }
                Ok(Value::Null)
            }
        };
        if answer.is_err() {
            assert_eq!(world.sim, before, "a refused request changes nothing: {each:?}");
        }
        look(world.sim.state());
    }
    world
}

/// What is reserved on each instance is the sum of its tasks and within its capacity (TASKDEF-24), and so is
/// what its agent has admitted (LIFE-14).
fn books_balance(state: &State) {
    for instance in state.container_instances.values() {
        let here = |task: &&drydock::ecs::task::Task| task.container_instance.as_ref() == Some(&instance.arn);
        let reserved: Vec<_> = state.tasks.values().filter(here).filter(|task| !task.told_to_stop).collect();
        assert_eq!(instance.cpu_taken.0, reserved.iter().map(|task| task.cpu.0).sum::<u64>());
        assert_eq!(instance.memory_taken.0, reserved.iter().map(|task| task.memory.0).sum::<u64>());
        assert_eq!(instance.groups.values().sum::<u64>(), reserved.len() as u64);
        assert!(instance.cpu_taken <= instance.cpu && instance.memory_taken <= instance.memory);
        let admitted = instance.agent.admitted.iter().filter_map(|arn| state.tasks.get(arn));
        assert_eq!(instance.agent.memory_held, admitted.map(|task| task.memory.0).sum::<u64>());
        assert!(instance.agent.cpu_held <= instance.cpu.0 && instance.agent.memory_held <= instance.memory.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_reserved_is_the_sum_of_the_tasks_and_within_capacity(moves in moves()) {
        play(&moves, 1, books_balance);
    }

    #[test]
    fn one_long_wait_equals_many_short_ones(moves in moves(), parts in 2..9_u64) {
        let (long, short) = (play(&moves, 1, |_| {}), play(&moves, parts, |_| {}));
        prop_assert_eq!(&long.sim, &short.sim);
        prop_assert_eq!(long.timeline.hash(), short.timeline.hash());
    }
}
