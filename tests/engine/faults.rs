//! Services under random faults: kills, failing checks, lost agents, drained and terminated machines,
//! Fargate hosts that end, Spot interruptions and shortages, groups that are scaled, failing images,
//! stopped and protected tasks, and several updates at one moment.
//!
//! `DRYDOCK_FAULT_SEEDS=1000` plays so many seeds instead of a few; `cargo xtask bench --faults` does it.

use crate::world::World;
use drydock::arn::{ServiceArn, TaskArn};
use drydock::dice::{Dice, Seed};
use drydock::ecs::container_instance::InstanceStatus;
use drydock::ecs::service::{Scheduling, ServiceStatus};
use drydock::ecs::task::{Health, StopCode, Task, TaskStatus};
use drydock::timeline::RecordKind;
use drydock::{Record, State};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A healthy service with room is whole again within so many seconds, its deployment included.
const WHOLE_AGAIN: u64 = 900;
const SPOT: &str = "FARGATE_SPOT";
const SERVICES: [&str; 3] = ["web", "api", "agent"];
const IMAGES: [&str; 5] =
    ["shop/web:1", "shop/web:2", "shop/web:3-crash", "shop/web:3-broken", "shop/web:9-missing"];
/// Floors and ceilings with which a deployment of two tasks or more can move.
const PAIRS: [(u64, u64); 5] = [(100, 200), (50, 150), (0, 100), (50, 100), (100, 150)];

/// What was there before an event, to compare with what is there after it.
#[derive(Default)]
struct Before {
    tasks: BTreeMap<TaskArn, Known>,
}

/// A task as it was.
#[derive(Clone, Copy)]
struct Known {
    status: TaskStatus,
    told: bool,
    unhealthy: bool,
    protected: bool,
}

struct Trial {
    world: World,
    dice: Dice,
    seed: u64,
    records: usize,
}

impl Trial {
    fn below(&mut self, bound: u64) -> u64 {
        let raw = self.dice.hex("fault");
        u64::from_str_radix(&raw[..12], 16).unwrap() % bound
    }

    /// A service on Fargate and Fargate Spot, one on machines, a DAEMON beside it.
    fn begin(seed: u64) -> Trial {
        let mut world = World::new();
        let providers = ["FARGATE", "FARGATE_SPOT"];
        world.ok("CreateCluster", json!({"clusterName": "shop", "capacityProviders": providers}));
        let mut trial = Trial { world, dice: Dice::new(Seed(seed)), seed, records: 0 };
        for family in SERVICES {
            trial.register(family, IMAGES[0]);
        }
        trial.machines(3);
        trial.group();
        trial.pass(150);
        let breaker = json!({"enable": trial.below(2) == 0, "rollback": trial.below(2) == 0});
        for (name, desired) in [("web", 3), ("api", 4)] {
            let (minimum, maximum) = PAIRS[trial.below(5) as usize];
            let mut input = json!({
                "cluster": "shop", "serviceName": name, "taskDefinition": name, "desiredCount": desired,
                "deploymentConfiguration": {"minimumHealthyPercent": minimum, "maximumPercent": maximum,
                                            "deploymentCircuitBreaker": breaker},
            });
            if name == "web" {
                input["capacityProviderStrategy"] = json!([
                    {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
                    {"capacityProvider": "FARGATE_SPOT", "weight": 2},
                ]);
                input["networkConfiguration"] =
                    json!({"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}});
            }
            trial.world.ok("CreateService", input);
        }
        trial.world.ok(
            "CreateService",
            json!({"cluster": "shop", "serviceName": "agent", "taskDefinition": "agent", "schedulingStrategy": "DAEMON"}),
        );
        trial.pass(240);
        trial
    }

    fn register(&mut self, family: &str, image: &str) {
        let mut container = json!({"name": "c", "image": image, "memory": 128, "cpu": 64});
        if self.below(2) == 0 && !image.ends_with("crash") {
            container["healthCheck"] =
                json!({"command": ["CMD-SHELL", "curl -f localhost"], "interval": 5, "retries": 2});
        }
        let mut input = json!({"family": family, "containerDefinitions": [container]});
        if family == "web" {
            input["networkMode"] = json!("awsvpc");
            input["requiresCompatibilities"] = json!(["FARGATE"]);
            input["cpu"] = json!("256");
            input["memory"] = json!("512");
        }
        self.world.ok("RegisterTaskDefinition", input);
    }

    /// An Auto Scaling group whose machines join the cluster.
    fn group(&mut self) {
        // `echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config`
        let data = "ZWNobyBFQ1NfQ0xVU1RFUj1zaG9wID4+IC9ldGMvZWNzL2Vjcy5jb25maWc=";
        let data = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": data});
        let template = json!({"LaunchTemplateName": "machines", "LaunchTemplateData": data});
        self.world.call("ec2", "CreateLaunchTemplate", template).unwrap();
        let group = json!({
            "AutoScalingGroupName": "fleet", "MinSize": 0, "MaxSize": 3, "DesiredCapacity": 1,
            "LaunchTemplate": {"LaunchTemplateName": "machines"},
            "VPCZoneIdentifier": "subnet-pri-a,subnet-pri-b,subnet-pri-c",
        });
        self.world.call("autoscaling", "CreateAutoScalingGroup", group).unwrap();
    }

    fn machines(&mut self, count: u64) {
        for place in 0..count {
            let subnet = ["subnet-pri-a", "subnet-pri-b", "subnet-pri-c"][(place % 3) as usize];
            let data = "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config";
            let mut input = json!({"ImageId": "ami-ecs-optimized", "InstanceType": "m5.large",
                "MinCount": 1, "MaxCount": 1, "SubnetId": subnet, "UserData": data});
            // Every second machine is a Spot instance; every fourth drains when it is warned.
            if place % 2 == 1 {
                input["InstanceMarketOptions"] = json!({"MarketType": "spot"});
            }
            if self.below(4) == 0 {
                let drains =
                    format!("{data}\necho ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config");
                input["UserData"] = json!(drains);
            }
            self.world.call("ec2", "RunInstances", input).unwrap();
        }
    }

    fn state(&self) -> &State {
        self.world.sim.state()
    }

    /// A task of this service that is RUNNING, as the dice fall.
    fn victim(&mut self, name: &str) -> Option<String> {
        let arn = ServiceArn::named("shop", name);
        let service = self.state().services.get(&arn)?;
        let running: Vec<String> = self
            .state()
            .tasks_of_service(service)
            .filter(|task| task.is_running())
            .map(|task| task.arn.to_string())
            .collect();
        let at = self.below(running.len().max(1) as u64) as usize;
        running.get(at).cloned()
    }

    /// A task on Fargate Spot that was not told to stop, as the dice fall.
    fn spot(&mut self) -> Option<String> {
        let on_spot = |task: &&Task| !task.told_to_stop && task.capacity_provider.as_deref() == Some(SPOT);
        let tasks = self.state().tasks.values().filter(on_spot);
        let tasks: Vec<String> = tasks.map(|task| task.arn.to_string()).collect();
        let at = self.below(tasks.len().max(1) as u64) as usize;
        tasks.get(at).cloned()
    }

    /// One thing goes wrong, or is changed; a refusal is fine.
    fn fault(&mut self) {
        let name = SERVICES[self.below(3) as usize];
        let victim = self.victim(name);
        let machines: Vec<(String, String)> = self
            .state()
            .container_instances
            .values()
            .map(|each| (each.arn.to_string(), each.instance.to_string()))
            .collect();
        let at = self.below(machines.len().max(1) as u64) as usize;
        let machine = machines.get(at).cloned();
        let before = self.before();
        match self.below(21) {
            0 | 1 => self.asks("drydock", "Kill", victim.map(|task| json!({"task": task}))),
            2 => {
                self.asks("drydock", "Fail", victim.map(|task| json!({"what": "health-check", "task": task})))
            }
            3 => self.asks("ecs", "StopTask", victim.map(|task| json!({"cluster": "shop", "task": task}))),
            4 => {
                let clear = self.below(2) == 0;
                self.asks(
                    "drydock",
                    "Fail",
                    machine.map(|it| json!({"what": "agent", "instance": it.1, "clear": clear})),
                );
            }
            5 | 6 => {
                let status = ["DRAINING", "ACTIVE"][self.below(2) as usize];
                self.asks(
                    "ecs",
                    "UpdateContainerInstancesState",
                    machine
                        .map(|it| json!({"cluster": "shop", "containerInstances": [it.0], "status": status})),
                );
            }
            7 if machines.len() > 2 => {
                self.asks("ec2", "TerminateInstances", machine.map(|it| json!({"InstanceIds": [it.1]})));
            }
            8 => self.machines(1),
            9 | 10 => {
                let image = IMAGES[self.below(5) as usize];
                self.register(name, image);
                self.asks(
                    "ecs",
                    "UpdateService",
                    Some(json!({"cluster": "shop", "service": name, "taskDefinition": name})),
                );
            }
            17 => {
                let (minutes, on) = (self.below(5) + 1, self.below(4) > 0);
                self.asks(
                    "ecs",
                    "UpdateTaskProtection",
                    victim.map(|task| {
                        json!({"cluster": "shop", "tasks": [task], "protectionEnabled": on,
                               "expiresInMinutes": minutes})
                    }),
                );
            }
            19 if machines.len() > 2 => {
                self.asks("drydock", "Fail", machine.map(|it| json!({"what": "spot", "instance": it.1})));
            }
            18 => {
                let victim = self.victim("web");
                self.asks("drydock", "Fail", victim.map(|task| json!({"what": "host", "task": task})));
            }
            11 if name != "agent" => {
                let desired = self.below(5) + 1;
                self.asks(
                    "ecs",
                    "UpdateService",
                    Some(json!({"cluster": "shop", "service": name, "desiredCount": desired})),
                );
            }
            12 if name != "agent" => {
                let (minimum, maximum) = PAIRS[self.below(5) as usize];
                self.asks("ecs", "UpdateService", Some(json!({"cluster": "shop", "service": name,
                    "availabilityZoneRebalancing": "DISABLED",
                    "deploymentConfiguration": {"minimumHealthyPercent": minimum, "maximumPercent": maximum}})));
            }
            13 => {
                let desired = self.below(4);
                let asked = json!({"AutoScalingGroupName": "fleet", "DesiredCapacity": desired});
                self.asks("autoscaling", "SetDesiredCapacity", Some(asked));
            }
            14 => {
                let protect = self.below(2) == 0;
                let asked = machine.map(|it| {
                    json!({"AutoScalingGroupName": "fleet", "InstanceIds": [it.1], "ProtectedFromScaleIn": protect})
                });
                self.asks("autoscaling", "SetInstanceProtection", asked);
            }
            15 => {
                let spot = self.spot();
                self.asks("drydock", "Fail", spot.map(|task| json!({"what": "spot", "task": task})));
            }
            16 => {
                let (zone, clear) =
                    (["us-east-1a", "us-east-1b"][self.below(2) as usize], self.below(2) == 0);
                let fault = json!({"what": "spot-capacity", "zone": zone, "clear": clear});
                self.asks("drydock", "Fail", Some(fault));
            }
            _ => self.asks(
                "ecs",
                "UpdateService",
                Some(json!({"cluster": "shop", "service": name, "forceNewDeployment": true})),
            ),
        }
        self.compare(&before);
    }

    fn asks(&mut self, service: &str, operation: &str, input: Option<Value>) {
        if let Some(input) = input {
            let _ = self.world.call(service, operation, input);
        }
    }

    /// Lets time pass, an event after the other, and looks behind each.
    fn pass(&mut self, seconds: u64) {
        let until = self.world.sim.clock() + drydock::SimDuration::secs(seconds);
        while let Some(next) = self.world.sim.agenda().next_at().filter(|next| *next <= until) {
            let before = self.before();
            self.world.sim.advance(next, 1, &mut self.world.timeline);
            self.compare(&before);
        }
        self.world.sim.advance(until, 1, &mut self.world.timeline);
    }

    fn before(&self) -> Before {
        let tasks = self.state().tasks.values();
        let known = tasks.map(|task| {
            let unhealthy = task.health() == Health::Unhealthy;
            let known = Known {
                status: task.last_status,
                told: task.told_to_stop,
                unhealthy,
                protected: task.protected_until.is_some(),
            };
            (task.arn.clone(), known)
        });
        Before { tasks: known.collect() }
    }

    /// What must hold after every event, whatever went wrong before it.
    fn compare(&mut self, before: &Before) {
        let (seed, state) = (self.seed, self.world.sim.state());
        // A task only goes forward, and what was told to stop stays told (LIFE-01, LIFE-09).
        for task in state.tasks.values() {
            let Some(Known { status, told, protected, unhealthy }) = before.tasks.get(&task.arn) else {
                continue;
            };
            assert!(task.last_status >= *status, "seed {seed}: {} went back", task.arn);
            assert!(task.told_to_stop || !told, "seed {seed}: {} was told to go on", task.arn);
            // PLACE-30: the scheduler itself stops no protected task, unless its checks fail.
            let by_scheduler = task.stop_code == Some(StopCode::ServiceSchedulerInitiated);
            let checked = *unhealthy || task.health() == Health::Unhealthy;
            assert!(
                *told
                    || !task.told_to_stop
                    || !by_scheduler
                    || checked
                    || !(*protected && task.protected_until.is_some()),
                "seed {seed}: {} was stopped under protection",
                task.arn
            );
        }
        // CAP-12: nothing begins on Fargate Spot where it has no capacity.
        let on_spot = |task: &&Task| task.capacity_provider.as_deref() == Some(SPOT);
        for task in state.tasks.values().filter(on_spot).filter(|task| !before.tasks.contains_key(&task.arn))
        {
            assert!(!state.spot_shortage.contains(&task.availability_zone), "seed {seed}: {}", task.arn);
        }
        for service in state.services.values().filter(|it| it.status == ServiceStatus::Active) {
            let floor = service.minimum_healthy_percent.of_rounded_up(service.desired_count);
            let ceiling = service.maximum_percent.of_rounded_down(service.desired_count);
            let tasks = || state.tasks_of_service(service);
            let count =
                |some: &dyn Fn(&&drydock::ecs::task::Task) -> bool| tasks().filter(some).count() as u64;
            let known = |arn: &TaskArn| before.tasks.get(arn).copied();
            let begun = count(&|task| known(&task.arn).is_none());
            let stopped = |task: &&drydock::ecs::task::Task| {
                task.told_to_stop
                    && task.stop_code == Some(StopCode::ServiceSchedulerInitiated)
                    && known(&task.arn).is_some_and(|known| !known.told)
            };
            let stopped_running = count(&|task| {
                stopped(task)
                    && known(&task.arn)
                        .is_some_and(|known| known.status == TaskStatus::Running && !known.unhealthy)
            });
            // A daemon that is the last to leave a draining machine is none of those that are wished for.
            let replica = service.scheduling == Scheduling::Replica;
            let counts = |task: &&drydock::ecs::task::Task| {
                let on = task.container_instance.as_ref().and_then(|on| state.container_instances.get(on));
                replica || on.is_some_and(|on| on.status == InstanceStatus::Active)
            };
            let alive = count(&|task| !task.told_to_stop && counts(task));
            let running = count(&|task| task.is_running());
            // DEPLOY-07: the scheduler never starts above the ceiling, and never stops below the floor.
            if begun > 0 {
                let most = alive + count(&|task| stopped(task) && counts(task));
                assert!(
                    most <= ceiling.max(service.desired_count),
                    "seed {seed}: {most} tasks of {} above {ceiling}",
                    service.name
                );
            }
            if stopped_running > 0 && replica {
                assert!(running >= floor, "seed {seed}: {running} running of {} under {floor}", service.name);
            }
        }
        // What is reserved is the sum of the tasks, within capacity (PLACE-12).
        for instance in state.container_instances.values() {
            let on = || {
                instance
                    .tasks
                    .iter()
                    .filter_map(|task| state.tasks.get(task))
                    .filter(|task| !task.told_to_stop)
            };
            assert_eq!(on().map(|task| task.cpu.0).sum::<u64>(), instance.cpu_taken.0, "seed {seed}");
            assert_eq!(on().map(|task| task.memory.0).sum::<u64>(), instance.memory_taken.0, "seed {seed}");
            assert!(
                instance.cpu_taken <= instance.cpu && instance.memory_taken <= instance.memory,
                "seed {seed}"
            );
        }
        // A group wants what it may want, and its machines are its own (ASG-01).
        for group in state.auto_scaling_groups.values() {
            assert!((group.min_size..=group.max_size).contains(&group.desired_capacity), "seed {seed}");
            for id in group.instances.keys() {
                let of = drydock::autoscaling::group::of_instance(state, id);
                assert_eq!(of.map(|it| &it.name), Some(&group.name), "seed {seed}: {id}");
            }
        }
        // No record is without a cause.
        let records = self.world.timeline.records();
        for (place, record) in records.iter().enumerate().skip(self.records) {
            assert!(caused(place, record), "seed {seed}: {record}");
        }
        self.records = records.len();
    }

    /// Everything is mended; then every service is whole again in time.
    fn mend(&mut self) {
        self.machines(3);
        self.pass(150);
        let state = self.state();
        let machines: Vec<(String, String)> = state
            .container_instances
            .values()
            .map(|each| (each.arn.to_string(), each.instance.to_string()))
            .collect();
        for (arn, instance) in machines {
            self.asks("drydock", "Fail", Some(json!({"what": "agent", "instance": instance, "clear": true})));
            self.asks(
                "ecs",
                "UpdateContainerInstancesState",
                Some(json!({"cluster": "shop", "containerInstances": [arn], "status": "ACTIVE"})),
            );
        }
        self.asks("drydock", "Fail", Some(json!({"what": "spot-capacity", "clear": true})));
        // Machines that ended while their agent was lost stay registered until somebody deregisters them.
        let gone: Vec<String> = self
            .state()
            .container_instances
            .values()
            .filter(|each| !each.agent_connected)
            .map(|each| each.arn.to_string())
            .collect();
        for arn in gone {
            self.asks(
                "ecs",
                "DeregisterContainerInstance",
                Some(json!({"cluster": "shop", "containerInstance": arn, "force": true})),
            );
        }
        for name in SERVICES {
            self.register(name, IMAGES[1]);
            let mut input = json!({"cluster": "shop", "service": name, "taskDefinition": name});
            if name != "agent" {
                input["desiredCount"] = json!(3);
                input["availabilityZoneRebalancing"] = json!("DISABLED");
                input["deploymentConfiguration"] =
                    json!({"minimumHealthyPercent": 50, "maximumPercent": 150});
            }
            self.world.ok("UpdateService", input);
        }
        self.pass(WHOLE_AGAIN);
        // A group has what it wants, and never less; what is protected may be too many (ASG-15).
        for group in self.state().auto_scaling_groups.values() {
            let (has, wants) = (group.counted().count() as u64, group.desired_capacity);
            let kept = group.counted().filter(|it| it.protected).count() as u64;
            assert_eq!(has, wants.max(kept), "seed {}: {}", self.seed, group.name);
            assert!(group.counted().all(|it| it.is_in_service()), "seed {}", self.seed);
        }
        for name in SERVICES {
            let mut answer =
                self.world.ok("DescribeServices", json!({"cluster": "shop", "services": [name]}));
            let service = answer["services"][0].take();
            let seed = self.seed;
            assert_eq!(service["runningCount"], service["desiredCount"], "seed {seed}: {name} {service:#}");
            assert_eq!(service["deployments"].as_array().unwrap().len(), 1, "seed {seed}: {name}");
            assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED", "seed {seed}: {name}");
            assert_eq!(service["pendingCount"], 0, "seed {seed}: {name}");
        }
        // CAP-11: whatever was lost and came back, the providers have their shares.
        let shares = |name: &str| {
            let tasks = self.state().tasks.values().filter(|task| task.is_running());
            tasks.filter(|task| task.capacity_provider.as_deref() == Some(name)).count()
        };
        assert_eq!((shares("FARGATE"), shares(SPOT)), (2, 1), "seed {}", self.seed);
    }
}

fn caused(place: usize, record: &Record) -> bool {
    let asked = matches!(
        record.kind,
        RecordKind::Command | RecordKind::Fault | RecordKind::Answer | RecordKind::Refusal
    );
    asked || record.cause.is_some_and(|cause| (cause.0 as usize) < place)
}

#[test]
fn whatever_fails_services_keep_their_bounds_and_come_back() {
    let seeds = std::env::var("DRYDOCK_FAULT_SEEDS").ok().and_then(|it| it.parse().ok()).unwrap_or(4);
    for seed in 1..=seeds {
        let mut trial = Trial::begin(seed);
        for _ in 0..24 {
            // Several things may go wrong or be asked for at one moment.
            for _ in 0..=trial.below(3) {
                trial.fault();
            }
            let seconds = trial.below(90) + 1;
            trial.pass(seconds);
        }
        trial.mend();
    }
}
