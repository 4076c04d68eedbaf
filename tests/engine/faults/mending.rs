//! How a trial ends: everything is mended and every service comes back in time; then tasks are lost again, and
//! services come back by themselves.

use super::Trial;
use super::blows::is_spot;
use super::stage::{IMAGES, SERVICES, of_fargate};
use drydock::autoscaling::group;
use serde_json::{Value, json};

/// A healthy service with room is whole again within so many seconds, its deployment included.
const WHOLE_AGAIN: u64 = 900;

impl Trial {
    /// Everything is mended; then every service is whole again in time.
    pub fn mend(&mut self) {
        self.make_room(3);
        self.asks("drydock", "Fail", Some(json!({"what": "spot-capacity", "clear": true})));
        let visitors = self.state().tasks.values().filter(|it| it.service.is_none() && !it.told_to_stop);
        let visitors: Vec<String> = visitors.map(|task| task.arn.to_string()).collect();
        for task in visitors {
            self.asks("ecs", "StopTask", Some(json!({"cluster": "shop", "task": task})));
        }
        self.resize("fleet", 2);
        for name in SERVICES {
            self.register(name, IMAGES[1]);
            let mut input = json!({"cluster": "shop", "service": name, "taskDefinition": name});
            if name != "agent" {
                input["desiredCount"] = json!(3);
                input["availabilityZoneRebalancing"] = json!("DISABLED");
                input["deploymentConfiguration"] =
                    json!({"minimumHealthyPercent": 50, "maximumPercent": 150});
            }
            if name == "web" {
                input["capacityProviderStrategy"] = of_fargate();
            }
            self.asks("ecs", "UpdateService", Some(input));
        }
        self.come_back(true);
        // A group has what it wants, and never less; what is protected may be too many (ASG-15).
        let fleet =
            self.state().auto_scaling_groups.values().find(|it| it.name.to_string() == "fleet").unwrap();
        let (has, wants) = (fleet.counted().count() as u64, fleet.desired_capacity);
        let kept = fleet.counted().filter(|it| it.protected).count() as u64;
        assert_eq!(has, wants.max(kept), "seed {}", self.seed);
        assert!(fleet.counted().all(|it| it.is_in_service()), "seed {}", self.seed);
        // CAP-11: whatever was lost and came back, the providers have their shares.
        let running = || self.state().tasks.values().filter(|task| task.is_running());
        let fargate = running().filter(|task| task.capacity_provider.as_deref() == Some("FARGATE")).count();
        assert_eq!((fargate, running().filter(|task| is_spot(task)).count()), (2, 1), "seed {}", self.seed);
    }

    /// Tasks and machines are lost, and nobody updates a service: it comes back by itself, in the same time.
    pub fn lose(&mut self) {
        let (mut completed, zones) = (Vec::new(), self.below(2) == 0);
        for name in SERVICES {
            completed.push(self.shown(name)["deployments"][0]["id"].clone());
            if zones && name != "agent" {
                let asked =
                    json!({"cluster": "shop", "service": name, "availabilityZoneRebalancing": "ENABLED"});
                self.asks("ecs", "UpdateService", Some(asked));
            }
            for _ in 0..=self.below(3) {
                let task = self.victim(name);
                match self.below(4) {
                    0 => self.fails("health-check", "task", task, false),
                    1 => self.asks("ecs", "StopTask", task.map(|it| json!({"cluster": "shop", "task": it}))),
                    _ => self.asks("drydock", "Kill", task.map(|it| json!({"task": it}))),
                }
            }
        }
        let machines = self.state().container_instances.values();
        let machines: Vec<String> = machines.map(|it| it.instance.to_string()).collect();
        for what in ["instance", "agent", "spot"] {
            let machine = self.any(machines.clone());
            self.fails(what, "instance", machine, false);
        }
        let host = self.victim("web");
        self.fails("host", "task", host, false);
        let seconds = self.below(60);
        self.pass(seconds);
        self.make_room(2);
        self.come_back(!zones);
        let now: Vec<Value> =
            SERVICES.iter().map(|name| self.shown(name)["deployments"][0]["id"].clone()).collect();
        assert_eq!(now, completed, "seed {}: nothing was deployed", self.seed);
    }

    /// New machines come; agents speak again, machines are ACTIVE again, and those that are gone are
    /// deregistered.
    fn make_room(&mut self, machines: u64) {
        self.machines(machines);
        self.pass(150);
        let state = self.state();
        let stays = |id| {
            let member = group::of_instance(state, id).and_then(|group| group.instances.get(id));
            member.is_none_or(|member| member.is_in_service())
        };
        let machines = state.container_instances.values().filter(|it| stays(&it.instance));
        let machines: Vec<(String, String)> =
            machines.map(|it| (it.arn.to_string(), it.instance.to_string())).collect();
        for (arn, instance) in machines {
            self.fails("agent", "instance", Some(instance), true);
            let asked = json!({"cluster": "shop", "containerInstances": [arn], "status": "ACTIVE"});
            self.asks("ecs", "UpdateContainerInstancesState", Some(asked));
        }
        // Machines that ended while their agent was lost stay registered until somebody deregisters them.
        let silent = self.state().container_instances.values().filter(|each| !each.agent_connected);
        let silent: Vec<String> = silent.map(|each| each.arn.to_string()).collect();
        for arn in silent {
            let asked = json!({"cluster": "shop", "containerInstance": arn, "force": true});
            self.asks("ecs", "DeregisterContainerInstance", Some(asked));
        }
        // A machine that was deregistered runs on in its group, where it is counted and takes no tasks.
        let state = self.state();
        let members = state.auto_scaling_groups.values().flat_map(|it| it.instances.values());
        let members = members.filter(|it| it.is_in_service());
        let idle = |id| state.instances.get(id).is_some_and(|it| it.container_instance.is_none());
        let idle: Vec<String> =
            members.filter(|it| idle(&it.instance)).map(|it| it.instance.to_string()).collect();
        for id in idle {
            self.asks("ec2", "TerminateInstances", Some(json!({"InstanceIds": [id]})));
        }
    }

    /// Waits until every service is whole, each for so long at most; and whether that lasts, where nothing moves.
    fn come_back(&mut self, lasts: bool) {
        let mut waiting = SERVICES.to_vec();
        let mut seconds = 0;
        while !waiting.is_empty() {
            if seconds >= WHOLE_AGAIN {
                let shown = self.shown(waiting[0]);
                panic!("seed {}: {} is not whole: {shown:#}", self.seed, waiting[0]);
            }
            self.pass(10);
            seconds += 10;
            waiting.retain(|name| !self.is_whole(name));
        }
        self.slowest = self.slowest.max(seconds);
        self.pass(WHOLE_AGAIN - seconds);
        // Nothing was broken since; only tasks on machines may go, with a machine that is too many.
        assert!(!lasts || self.is_whole("web"), "seed {}: web did not stay whole", self.seed);
    }

    fn is_whole(&mut self, name: &str) -> bool {
        let service = self.shown(name);
        let deployments = service["deployments"].as_array().unwrap();
        service["runningCount"] == service["desiredCount"]
            && service["pendingCount"] == 0
            && deployments.len() == 1
            && deployments[0]["rolloutState"] == "COMPLETED"
    }

    fn shown(&mut self, name: &str) -> Value {
        let mut answer = self.world.ok("DescribeServices", json!({"cluster": "shop", "services": [name]}));
        answer["services"][0].take()
    }
}
