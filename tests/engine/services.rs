//! Services: how they keep their wish. What they refuse and how they change versions stands beside.

mod deployments;
mod passes;
mod protection;
mod refusals;
mod rollouts;
mod scale_in;
mod texts;

use crate::world::World;
use drydock::ecs::service_scheduler::health::{Condition, condition};
use drydock::ecs::service_scheduler::throttle::{self, Pace, Throttle};
use drydock::time::{SimDuration, SimTime};
use serde_json::{Value, json};

/// A cluster `shop` and the Fargate task definition `web`, revision 1.
fn fargate() -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:1");
    world
}

fn register(world: &mut World, image: &str) {
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512",
            "executionRoleArn": "arn:aws:iam::111122223333:role/ecsTaskExecutionRole",
            "containerDefinitions": [{"name": "web", "image": image, "portMappings": [{"containerPort": 80}]}]
        }),
    );
}

fn create(desired: u64) -> Value {
    json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired,
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}}
    })
}

fn describe(world: &mut World) -> Value {
    let mut answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    answer["services"][0].take()
}

/// The messages of the service's events, oldest first, with task and deployment ids left out.
fn messages(world: &mut World) -> Vec<String> {
    let service = describe(world);
    let events = service["events"].as_array().unwrap().iter().rev();
    events.map(|event| without_ids(event["message"].as_str().unwrap())).collect()
}

fn without_ids(message: &str) -> String {
    let mut text = String::new();
    for word in message.split(' ') {
        let digits = word.trim_end_matches(['.', ')', ',', ':']);
        let is_id = digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit());
        let word = if is_id { word.replace(digits, "<id>") } else { word.to_string() };
        let word = match word.split_once("ecs-svc/") {
            Some((before, after)) => format!("{before}ecs-svc/<id>{}", &after[19.min(after.len())..]),
            None => word,
        };
        text.push_str(&word);
        text.push(' ');
    }
    text.trim_end().to_string()
}

#[test]
fn a_new_service_is_active_with_one_deployment_and_no_tasks_yet() {
    let mut world = fargate();
    let created = world.ok("CreateService", create(2));
    let service = &created["service"];
    // API-12.
    assert_eq!(service["status"], "ACTIVE");
    assert_eq!(service["runningCount"], 0);
    assert_eq!(service["pendingCount"], 0);
    assert_eq!(service["events"], json!([]));
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(service["deployments"][0]["status"], "PRIMARY");
    assert_eq!(service["deployments"][0]["rolloutState"], "IN_PROGRESS");
    // SVC-26.
    assert_eq!(service["availabilityZoneRebalancing"], "ENABLED");
    assert_eq!(service["launchType"], "FARGATE");
    assert!(service.get("capacityProviderStrategy").is_none());
}

#[test]
fn a_service_reaches_its_wish_and_says_so_once() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    let service = describe(&mut world);
    assert_eq!(service["runningCount"], 2);
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    assert_eq!(
        messages(&mut world),
        [
            "(service web) has started 2 tasks: (task <id>) (task <id>).",
            "(service web) (deployment ecs-svc/<id>) deployment completed.",
            "(service web) has reached a steady state.",
        ]
    );
    // SVC-16, SVC-17, DEPLOY-02: the texts; SVC-08: nothing is booked for a steady service.
    assert_eq!(world.sim.agenda().iter().count(), 0);
}

#[test]
fn a_deleted_service_drains_and_is_forgotten() {
    let mut world = fargate();
    world.ok("CreateService", create(1));
    world.wait(300);
    // SVC-04, SVC-05.
    let delete = json!({"cluster": "shop", "service": "web"});
    assert_eq!(
        world.refused("DeleteService", delete.clone()),
        "InvalidParameterException: The service cannot be stopped while it is scaled above 0."
    );
    let forced = world.ok("DeleteService", json!({"cluster": "shop", "service": "web", "force": true}));
    assert_eq!(forced["service"]["status"], "DRAINING");
    assert_eq!(
        world.refused("CreateService", create(1)),
        "InvalidParameterException: Unable to Start a service that is still Draining."
    );
    assert_eq!(world.refused("UpdateService", delete), "ServiceNotActiveException: Service was not ACTIVE.");
    world.wait(120);
    assert_eq!(describe(&mut world)["status"], "INACTIVE");
    assert_eq!(world.ok("ListServices", json!({"cluster": "shop"}))["serviceArns"], json!([]));
    world.wait(3600);
    let described = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    assert_eq!(described["failures"][0]["reason"], "MISSING");
}

#[test]
fn a_task_that_cannot_start_is_throttled_and_told_once() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/nope:1");
    world.ok("CreateService", create(1));
    world.wait(1800);
    let told = "(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
    let messages = messages(&mut world);
    assert_eq!(messages.iter().filter(|message| *message == told).count(), 1);
    let starts = messages.iter().filter(|message| message.contains("has started")).count();
    assert_eq!(describe(&mut world)["deployments"][0]["failedTasks"], starts);
    // SVC-19, SVC-20: an attempt fails within 30 s, and from the third on each is followed by a longer wait.
    let service = world.sim.state().services.values().next().expect("it is there");
    let events = service.events.iter().filter(|event| event.message.contains("has started"));
    let begun: Vec<u64> = events.map(|event| event.created_at.0 / 1000).collect();
    let between: Vec<u64> = begun.windows(2).map(|two| two[1] - two[0]).collect();
    assert_eq!(between, [30, 30, 40, 50, 70, 110, 190, 350, 670]);
}

#[test]
fn waits_double_up_to_27_minutes() {
    let waits: Vec<u64> = (0..10).map(|waits| throttle::wait(waits).as_secs()).collect();
    assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 1280, 1620, 1620]);
}

#[test]
fn three_failures_in_a_row_make_the_scheduler_wait_longer_each_time() {
    // SVC-19, SVC-20: the first two are tried again at once.
    let at = |seconds: u64| SimTime(0) + SimDuration::secs(seconds);
    let mut throttle = Throttle::default();
    for _ in 0..2 {
        throttle.failed();
        assert_eq!(throttle.pace(at(0)), Pace::Go);
    }
    assert!(!throttle.has_waited());
    throttle.failed();
    assert_eq!(throttle.pace(at(0)), Pace::Wait { until: at(10), tell: true });
    assert!(throttle.has_waited());
    // It is told once, and one failure is waited for once.
    assert_eq!(throttle.pace(at(9)), Pace::Wait { until: at(10), tell: false });
    assert_eq!(throttle.pace(at(10)), Pace::Go);
    assert_eq!(throttle.pace(at(11)), Pace::Go);
    throttle.failed();
    assert_eq!(throttle.pace(at(12)), Pace::Wait { until: at(32), tell: false });
    // SVC-21: a task that reached RUNNING makes all of it forgotten.
    throttle.reset();
    assert_eq!((throttle.has_waited(), throttle.pace(at(13))), (false, Pace::Go));
    for _ in 0..3 {
        throttle.failed();
    }
    assert_eq!(throttle.pace(at(13)), Pace::Wait { until: at(23), tell: true });
}

#[test]
fn rebalancing_gives_way_to_a_low_maximum_when_not_asked_for() {
    let mut world = fargate();
    let mut request = create(1);
    request["deploymentConfiguration"] = json!({"minimumHealthyPercent": 0, "maximumPercent": 100});
    // SVC-29.
    assert_eq!(world.ok("CreateService", request)["service"]["availabilityZoneRebalancing"], "DISABLED");
}

#[test]
fn services_come_ten_at_a_time() {
    let mut world = fargate();
    for number in 0..11 {
        let mut request = create(0);
        request["serviceName"] = json!(format!("s{number}"));
        world.ok("CreateService", request);
    }
    // API-07.
    let page = world.ok("ListServices", json!({"cluster": "shop"}));
    assert_eq!(page["serviceArns"].as_array().unwrap().len(), 10);
    assert!(page["nextToken"].is_string());
}

#[test]
fn what_is_kept_is_shown() {
    let mut world = fargate();
    let mut request = create(0);
    request["deploymentConfiguration"] = json!({
        "deploymentCircuitBreaker": {"enable": true, "rollback": true},
        "maximumPercent": 150, "minimumHealthyPercent": 50
    });
    request["healthCheckGracePeriodSeconds"] = json!(30);
    request["enableExecuteCommand"] = json!(true);
    request["propagateTags"] = json!("SERVICE");
    request["tags"] = json!([{"key": "team", "value": "web"}]);
    world.ok("CreateService", request);
    let service = describe(&mut world);
    assert_eq!(
        service["deploymentConfiguration"],
        json!({
            "deploymentCircuitBreaker": {"enable": true, "rollback": true},
            "maximumPercent": 150, "minimumHealthyPercent": 50,
            "strategy": "ROLLING", "bakeTimeInMinutes": 0
        })
    );
    assert_eq!(service["healthCheckGracePeriodSeconds"], 30);
    assert_eq!(service["enableExecuteCommand"], true);
    assert_eq!(service["propagateTags"], "SERVICE");
    assert_eq!(
        service["networkConfiguration"]["awsvpcConfiguration"]["subnets"],
        json!(["subnet-pub-a", "subnet-pub-b"])
    );
    // API-09.
    assert!(service.get("tags").is_none());
    let tagged =
        world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"], "include": ["TAGS"]}));
    assert_eq!(tagged["services"][0]["tags"], json!([{"key": "team", "value": "web"}]));
}

#[test]
fn within_the_grace_period_failed_checks_do_not_count() {
    let stops = |grace: u64| {
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        world.ok(
            "RegisterTaskDefinition",
            json!({
                "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
                "cpu": "256", "memory": "512",
                "containerDefinitions": [{"name": "web", "image": "shop/web:3-broken",
                    "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 10}}]
            }),
        );
        let mut request = create(1);
        request["healthCheckGracePeriodSeconds"] = json!(grace);
        world.ok("CreateService", request);
        world.wait(180);
        messages(&mut world).iter().filter(|text| text.ends_with("failed container health checks.")).count()
    };
    // SVC-23.
    assert_eq!(stops(600), 0);
    assert!(stops(0) > 0);
}

/// What the scheduler makes of the one task so many seconds after it was RUNNING, with this health check.
fn condition_of(check: Option<Value>, grace: u64, image: &str, seconds: u64) -> Condition {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let mut container = json!({"name": "web", "image": image});
    if let Some(check) = check {
        container["healthCheck"] = check;
    }
    let asked = json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
        "cpu": "256", "memory": "512", "containerDefinitions": [container],
    });
    world.ok("RegisterTaskDefinition", asked);
    let mut asked = create(1);
    asked["healthCheckGracePeriodSeconds"] = json!(grace);
    world.ok("CreateService", asked);
    let started = loop {
        world.sim.advance(world.sim.clock() + SimDuration(1000), u32::MAX, &mut world.timeline);
        if let Some(started) = world.sim.state().tasks.values().find_map(|task| task.started_at) {
            break started;
        }
    };
    world.sim.advance(started + SimDuration::secs(seconds), u32::MAX, &mut world.timeline);
    let state = world.sim.state();
    let (service, task) = (state.services.values().next().unwrap(), state.tasks.values().next().unwrap());
    condition(state, service, task, world.sim.clock())
}

#[test]
fn a_task_is_healthy_by_its_checks_or_without_any_40_seconds_after_running() {
    let check = |command: Value| Some(json!({"command": command, "interval": 50, "retries": 1}));
    let curl = || check(json!(["CMD-SHELL", "curl -f localhost"]));
    // DEPLOY-10: without a check time decides; TASKDEF-33: NONE is no check.
    for none in [None, check(json!(["NONE"]))] {
        assert_eq!(condition_of(none.clone(), 0, "shop/web:1", 39), Condition::Young, "{none:?}");
        assert_eq!(condition_of(none.clone(), 0, "shop/web:1", 40), Condition::Healthy, "{none:?}");
    }
    // With one, its answer alone.
    assert_eq!(condition_of(curl(), 0, "shop/web:1", 45), Condition::Young);
    assert_eq!(condition_of(curl(), 0, "shop/web:1", 60), Condition::Healthy);
    // SVC-23: a failing check counts from the very end of the grace period on.
    assert_eq!(condition_of(curl(), 100, "shop/web:3-broken", 99), Condition::Young);
    assert_eq!(condition_of(curl(), 100, "shop/web:3-broken", 100), Condition::Unhealthy);
}

/// SVC-06: a service of another cluster is not there, whoever names it by its ARN.
#[test]
fn a_service_of_another_cluster_is_missing() {
    let mut world = fargate();
    world.ok("CreateCluster", json!({"clusterName": "other"}));
    let arn = world.ok("CreateService", create(1))["service"]["serviceArn"].clone();
    let answer = world.ok("DescribeServices", json!({"cluster": "other", "services": [arn]}));
    assert_eq!(answer["failures"], json!([{"arn": arn, "reason": "MISSING"}]));
    let refusal = world.refused("DeleteService", json!({"cluster": "other", "service": arn, "force": true}));
    assert_eq!(refusal, "ServiceNotFoundException: Service not found.");
}
