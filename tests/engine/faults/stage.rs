//! What a trial begins with: a cluster, machines, two groups behind providers, and five services.

use super::Trial;
use crate::world::World;
use drydock::dice::{Dice, Seed};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// On Fargate and Fargate Spot; on machines; there with a port of the host; on the machines of groups, which
/// managed scaling adds; one task on each machine.
pub const SERVICES: [&str; 5] = ["web", "api", "edge", "jobs", "agent"];
pub const IMAGES: [&str; 5] =
    ["shop/web:1", "shop/web:2", "shop/web:3-crash", "shop/web:3-broken", "shop/web:9-missing"];
/// Floors and ceilings with which a deployment of two tasks or more can move.
pub const PAIRS: [(u64, u64); 5] = [(100, 200), (50, 150), (0, 100), (50, 100), (100, 150)];
const DAEMON_PAIRS: [(u64, u64); 3] = [(0, 100), (50, 100), (50, 150)];
const SUBNETS: [&str; 3] = ["subnet-pri-a", "subnet-pri-b", "subnet-pri-c"];
const JOINS: &str = "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config";

/// How `web` shares its tasks out when nothing was changed: 2 and 1 of 3.
pub fn of_fargate() -> Value {
    json!([
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 2},
    ])
}

impl Trial {
    pub fn begin(seed: u64) -> Trial {
        let (world, dice) = (World::new(), Dice::new(Seed(seed)));
        let mut trial = Trial {
            world,
            dice,
            seed,
            before: Default::default(),
            records: 0,
            tried: BTreeSet::new(),
            slowest: 0,
        };
        trial.groups();
        let providers = ["FARGATE", "FARGATE_SPOT", "crew", "fleet"];
        trial.world.ok("CreateCluster", json!({"clusterName": "shop", "capacityProviders": providers}));
        for family in SERVICES {
            trial.register(family, IMAGES[0]);
        }
        trial.pass(30);
        trial.machines(3);
        trial.resize("fleet", 1);
        trial.pass(150);
        for (name, desired) in [("web", 3), ("api", 4), ("edge", 3), ("jobs", 3), ("agent", 0)] {
            trial.create(name, desired);
        }
        trial.pass(240);
        trial
    }

    fn create(&mut self, name: &str, desired: u64) {
        let (minimum, maximum) = if name == "agent" { self.one(&DAEMON_PAIRS) } else { self.one(&PAIRS) };
        let breaker = json!({"enable": self.below(2) == 0, "rollback": self.below(2) == 0});
        let mut input = json!({
            "cluster": "shop", "serviceName": name, "taskDefinition": name,
            "deploymentConfiguration": {"minimumHealthyPercent": minimum, "maximumPercent": maximum,
                                        "deploymentCircuitBreaker": breaker},
        });
        if name == "agent" {
            input["schedulingStrategy"] = json!("DAEMON");
        } else {
            input["desiredCount"] = json!(desired);
        }
        if name == "web" {
            input["capacityProviderStrategy"] = of_fargate();
            input["networkConfiguration"] =
                json!({"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}});
        }
        if name == "jobs" {
            input["capacityProviderStrategy"] = json!([{"capacityProvider": "crew", "weight": 1}]);
        }
        self.world.ok("CreateService", input);
    }

    pub fn register(&mut self, family: &str, image: &str) {
        let mut container = json!({"name": "c", "image": image, "memory": 128, "cpu": 64});
        if self.below(2) == 0 && !image.ends_with("crash") {
            container["healthCheck"] =
                json!({"command": ["CMD-SHELL", "curl -f localhost"], "interval": 10, "retries": 2});
        }
        match family {
            "edge" => container["portMappings"] = json!([{"containerPort": 80, "hostPort": 8080}]),
            // Two of them on a machine leave room for small ones only.
            "jobs" => (container["cpu"], container["memory"]) = (json!(700), json!(2000)),
            _ => {}
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

    /// Two Auto Scaling groups behind capacity providers: ECS scales `crew` itself.
    fn groups(&mut self) {
        // `echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config`
        let data = "ZWNobyBFQ1NfQ0xVU1RFUj1zaG9wID4+IC9ldGMvZWNzL2Vjcy5jb25maWc=";
        let data = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": data});
        let template = json!({"LaunchTemplateName": "machines", "LaunchTemplateData": data});
        self.world.call("ec2", "CreateLaunchTemplate", template).unwrap();
        let on = |yes: bool| if yes { "ENABLED" } else { "DISABLED" };
        let (protects, drains) = (self.below(2) == 0, self.below(4) > 0);
        let target = self.one(&[100, 80, 50]);
        for (name, most, scales) in [("crew", 5, true), ("fleet", 3, false)] {
            let group = json!({
                "AutoScalingGroupName": name, "MinSize": 0, "MaxSize": most,
                "LaunchTemplate": {"LaunchTemplateName": "machines"}, "VPCZoneIdentifier": SUBNETS.join(","),
                "NewInstancesProtectedFromScaleIn": scales && protects,
            });
            self.world.call("autoscaling", "CreateAutoScalingGroup", group).unwrap();
            let of = json!({
                "autoScalingGroupArn": name, "managedDraining": on(drains),
                "managedScaling": {"status": on(scales), "targetCapacity": target, "instanceWarmupPeriod": 60},
                "managedTerminationProtection": on(scales && protects),
            });
            self.world.ok("CreateCapacityProvider", json!({"name": name, "autoScalingGroupProvider": of}));
        }
    }

    pub fn resize(&mut self, group: &str, desired: u64) {
        let asked = json!({"AutoScalingGroupName": group, "DesiredCapacity": desired});
        self.asks("autoscaling", "SetDesiredCapacity", Some(asked));
    }

    pub fn machines(&mut self, count: u64) {
        for place in 0..count {
            let subnet = SUBNETS[(place % 3) as usize];
            let mut input = json!({"ImageId": "ami-ecs-optimized", "InstanceType": "m5.large",
                "MinCount": 1, "MaxCount": 1, "SubnetId": subnet, "UserData": JOINS});
            // Every second machine is a Spot instance; every second drains when it is warned.
            if place % 2 == 1 {
                input["InstanceMarketOptions"] = json!({"MarketType": "spot"});
            }
            if self.below(2) == 0 {
                let drains =
                    format!("{JOINS}\necho ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config");
                input["UserData"] = json!(drains);
            }
            self.world.call("ec2", "RunInstances", input).unwrap();
        }
    }
}
