//! What goes wrong in a trial, and what is asked for meanwhile.

use super::Trial;
use super::stage::{IMAGES, PAIRS, SERVICES, of_fargate};
use drydock::arn::ServiceArn;
use drydock::ecs::capacity_provider::FARGATE_SPOT;
use drydock::ecs::task::Task;
use serde_json::{Value, json};

impl Trial {
    /// One thing goes wrong, or is changed; a refusal is fine.
    pub fn fault(&mut self) {
        let name = self.one(&SERVICES);
        match self.below(32) {
            0..=5 => self.task_fault(name),
            6..=15 => self.machine_fault(),
            16 | 17 => self.spot_capacity(),
            18..=20 => self.group_fault(),
            21 => self.standalone(),
            _ => self.update(name),
        }
    }

    /// Something happens to a task.
    fn task_fault(&mut self, name: &str) {
        let task = self.victim(name);
        let spot = self.tasks(|task| !task.told_to_stop && is_spot(task));
        let spot = self.any(spot);
        let hosted = self.victim("web");
        match self.below(7) {
            0 | 1 => self.asks("drydock", "Kill", task.map(|it| json!({"task": it}))),
            2 => self.fails("health-check", "task", task, false),
            3 => self.asks("ecs", "StopTask", task.map(|it| json!({"cluster": "shop", "task": it}))),
            4 => self.fails("host", "task", hosted, false),
            5 => self.fails("spot", "task", spot, false),
            _ => {
                let (minutes, on) = (self.below(5) + 1, self.below(4) > 0);
                let asked = task.map(|it| {
                    json!({"cluster": "shop", "tasks": [it], "protectionEnabled": on, "expiresInMinutes": minutes})
                });
                self.asks("ecs", "UpdateTaskProtection", asked);
            }
        }
    }

    /// Something happens to a machine; two of them stay.
    fn machine_fault(&mut self) {
        let registered = self.state().container_instances.values();
        let names: Vec<String> = registered.map(|it| format!("{} {}", it.arn, it.instance)).collect();
        let enough = names.len() > 2;
        let Some(name) = self.any(names) else { return };
        let (arn, id) = name.split_once(' ').map(|(arn, id)| (arn.to_string(), id.to_string())).unwrap();
        match self.below(10) {
            0 | 1 => {
                let clear = self.below(2) == 0;
                self.fails("agent", "instance", Some(id), clear);
            }
            2..=4 => {
                let status = self.one(&["DRAINING", "ACTIVE"]);
                let asked = json!({"cluster": "shop", "containerInstances": [arn], "status": status});
                self.asks("ecs", "UpdateContainerInstancesState", Some(asked));
            }
            5 if enough => self.asks("ec2", "TerminateInstances", Some(json!({"InstanceIds": [id]}))),
            6 if enough => self.fails("instance", "instance", Some(id), false),
            7 if enough => self.fails("spot", "instance", Some(id), false),
            8 if enough => {
                let asked = json!({"cluster": "shop", "containerInstance": arn, "force": true});
                self.asks("ecs", "DeregisterContainerInstance", Some(asked));
            }
            _ => self.machines(1),
        }
    }

    fn spot_capacity(&mut self) {
        let mut fault = json!({"what": "spot-capacity", "clear": self.below(3) == 0});
        if self.below(2) == 0 {
            fault["zone"] = json!(self.one(&["us-east-1a", "us-east-1b"]));
        }
        self.asks("drydock", "Fail", Some(fault));
    }

    /// A group is made larger or smaller by hand, or some of its instances are kept from being ended.
    fn group_fault(&mut self) {
        let group = self.one(&["fleet", "crew"]);
        if self.below(2) == 0 {
            let desired = self.below(4);
            return self.resize(group, desired);
        }
        let protect = self.below(2) == 0;
        let groups = self.state().auto_scaling_groups.values();
        let of = groups.filter(|it| it.name.to_string() == group);
        let ids: Vec<String> = of.flat_map(|it| it.instances.keys().map(ToString::to_string)).collect();
        let asked = self.any(ids).map(
            |id| json!({"AutoScalingGroupName": group, "InstanceIds": [id], "ProtectedFromScaleIn": protect}),
        );
        self.asks("autoscaling", "SetInstanceProtection", asked);
    }

    /// Tasks of no service take room for a while, or wait for an instance.
    fn standalone(&mut self) {
        let family = self.one(&["api", "edge", "jobs"]);
        let mut asked = json!({"cluster": "shop", "taskDefinition": family, "count": 1 + self.below(3), "group": "visitors"});
        if family == "jobs" {
            asked["capacityProviderStrategy"] = json!([{"capacityProvider": "crew", "weight": 1}]);
        }
        self.asks("ecs", "RunTask", Some(asked));
    }

    /// Somebody changes a service.
    fn update(&mut self, name: &str) {
        let mut asked = json!({"cluster": "shop", "service": name});
        match self.below(12) {
            0..=3 => {
                let image = self.one(&IMAGES);
                self.register(name, image);
                asked["taskDefinition"] = json!(name);
            }
            4..=6 if name != "agent" => asked["desiredCount"] = json!(self.below(5) + 1),
            7 | 8 if name != "agent" => {
                let (minimum, maximum) = self.one(&PAIRS);
                let moves = maximum > 100 && self.below(4) > 0;
                asked["availabilityZoneRebalancing"] = json!(if moves { "ENABLED" } else { "DISABLED" });
                asked["deploymentConfiguration"] =
                    json!({"minimumHealthyPercent": minimum, "maximumPercent": maximum});
            }
            9 if name == "web" => asked["capacityProviderStrategy"] = self.other_shares(),
            9 if name == "api" => asked["placementStrategy"] = self.other_strategy(),
            10 => return self.stop_deployment(name),
            _ => asked["forceNewDeployment"] = json!(true),
        }
        self.asks("ecs", "UpdateService", Some(asked));
    }

    fn other_shares(&mut self) -> Value {
        let item = |name: &str, weight: u64| json!({"capacityProvider": name, "weight": weight});
        match self.below(3) {
            0 => of_fargate(),
            1 => json!([item("FARGATE", 1), item(FARGATE_SPOT, 1)]),
            _ => json!([item(FARGATE_SPOT, 1)]),
        }
    }

    fn other_strategy(&mut self) -> Value {
        let zones = json!({"type": "spread", "field": "attribute:ecs.availability-zone"});
        match self.below(4) {
            0 => json!([]),
            1 => json!([zones, {"type": "binpack", "field": "memory"}]),
            2 => json!([{"type": "binpack", "field": "cpu"}]),
            _ => json!([zones, {"type": "spread", "field": "instanceId"}]),
        }
    }

    fn stop_deployment(&mut self, name: &str) {
        let input = json!({"cluster": "shop", "service": name, "status": ["IN_PROGRESS"]});
        let found = self.world.ok("ListServiceDeployments", input);
        let arn = found["serviceDeployments"][0]["serviceDeploymentArn"].clone();
        if arn.is_string() {
            self.asks("ecs", "StopServiceDeployment", Some(json!({"serviceDeploymentArn": arn})));
        }
    }

    /// A task of this service that is RUNNING, as the dice fall.
    pub fn victim(&mut self, name: &str) -> Option<String> {
        let arn = ServiceArn::named("shop", name);
        let running = self.tasks(|task| task.is_running() && task.service.as_ref() == Some(&arn));
        self.any(running)
    }

    fn tasks(&self, such: impl Fn(&Task) -> bool) -> Vec<String> {
        self.state().tasks.values().filter(|task| such(task)).map(|task| task.arn.to_string()).collect()
    }

    /// Breaks something, or mends it.
    pub fn fails(&mut self, what: &str, of: &str, subject: Option<String>, clear: bool) {
        self.asks("drydock", "Fail", subject.map(|it| json!({"what": what, of: it, "clear": clear})));
    }
}

pub fn is_spot(task: &Task) -> bool {
    task.capacity_provider.as_deref() == Some(FARGATE_SPOT)
}
