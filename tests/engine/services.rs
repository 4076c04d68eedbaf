//! Services: what they refuse, how they keep their wish, how they change versions.

use crate::world::World;
use drydock::ecs::service_scheduler::rollout::{RolloutConfig, RolloutCounts, rollout_step};
use drydock::ecs::service_scheduler::throttle;
use drydock::units::Percent;
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

/// A task definition that fits both launch types, revision 2 of `web`.
fn register_ec2(world: &mut World) {
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
            "executionRoleArn": "arn:aws:iam::111122223333:role/ecsTaskExecutionRole",
            "containerDefinitions": [{"name": "web", "image": "shop/web:1", "portMappings": [{"containerPort": 80}]}]
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
fn a_rolling_update_starts_a_second_set_then_stops_the_first() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    register(&mut world, "shop/web:2");
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web:2"}));
    let mut least = u64::MAX;
    let mut most = 0;
    for _ in 0..300 {
        world.wait(1);
        let service = describe(&mut world);
        let running = service["runningCount"].as_u64().unwrap();
        least = least.min(running);
        most = most.max(running + service["pendingCount"].as_u64().unwrap());
    }
    // DEPLOY-06: floor 2, ceiling 4.
    assert_eq!((least, most), (2, 4));
    assert_eq!(
        messages(&mut world)[3..],
        [
            "(service web) has started 2 tasks: (task <id>) (task <id>).",
            "(service web) has stopped 2 running tasks: (task <id>) (task <id>).",
            "(service web) (deployment ecs-svc/<id>) deployment completed.",
            "(service web) has reached a steady state.",
        ]
    );
    let service = describe(&mut world);
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert!(service["taskDefinition"].as_str().unwrap().ends_with("web:2"));
}

#[test]
fn scaling_is_no_deployment() {
    let mut world = fargate();
    world.ok("CreateService", create(3));
    world.wait(300);
    let before = describe(&mut world)["deployments"][0]["id"].clone();
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 1}));
    world.wait(120);
    let service = describe(&mut world);
    // SVC-09, SVC-11.
    assert_eq!(service["deployments"][0]["id"], before);
    assert_eq!(service["runningCount"], 1);
    assert_eq!(
        messages(&mut world)[3..],
        [
            "(service web) has stopped 2 running tasks: (task <id>) (task <id>).",
            "(service web) has reached a steady state.",
        ]
    );
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
    // SVC-19, SVC-20: waits of 10, 20, 40, … 640 s leave room for about ten attempts in half an hour.
    assert!((8..=12).contains(&starts), "{starts} attempts");
    assert_eq!(describe(&mut world)["deployments"][0]["failedTasks"], starts);
}

#[test]
fn waits_double_up_to_27_minutes() {
    let waits: Vec<u64> = (0..10).map(|waits| throttle::wait(waits).as_secs()).collect();
    assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 1280, 1620, 1620]);
}

/// rule, a change of the request -> the refusal
const REFUSED: &str = r#"
    SVC-01     {"serviceName": "a b"} -> InvalidParameterException: Service name contains invalid characters.
    API-04     {"cluster": "nope"} -> ClusterNotFoundException: Cluster not found.
    TASKDEF-05 {"taskDefinition": "nope"} -> ClientException: TaskDefinition not found.
    SVC-02     {"taskDefinition": null} -> InvalidParameterException: TaskDefinition can not be blank.
    SVC-02     {"desiredCount": null} -> InvalidParameterException: The desired count must be specified for a REPLICA service.
    SVC-11     {"desiredCount": -1} -> InvalidParameterException: The desired count must be between 0 and 5000.
    CAP-05     {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.
    CAP-02     {"launchType": null, "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.
    API-03     {"launchType": "MOON"} -> InvalidParameterException: Value 'MOON' at 'launchType' failed to satisfy constraint: Member must satisfy enum value set: [EC2, FARGATE, EXTERNAL]
    TASKDEF-14 {"networkConfiguration": null} -> InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.
    TASKDEF-14 {"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}} -> InvalidParameterException: subnets can not be empty.
    TASKDEF-14 {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-x"]}}} -> InvalidParameterException: Error retrieving subnet information for [subnet-x]: The subnet ID 'subnet-x' does not exist (ErrorCode: InvalidSubnetID.NotFound)
    TASKDEF-11 {"platformVersion": "9.9.9"} -> PlatformUnknownException: The specified platform does not exist.
    PLACE-04   {"placementStrategy": [{"type": "random"}]} -> InvalidParameterException: Placement strategies are not supported with FARGATE launch type.
    SVC-11     {"schedulingStrategy": "DAEMON"} -> InvalidParameterException: The daemon scheduling strategy does not support a desired count for tasks. Remove the desired count value and try again.
    SVC-10     {"loadBalancers": [{"targetGroupArn": "tg", "containerName": "api", "containerPort": 80}]} -> InvalidParameterException: The container api does not exist in the task definition.
    SVC-10     {"loadBalancers": [{"targetGroupArn": "tg", "containerName": "web", "containerPort": 81}]} -> InvalidParameterException: The container web did not have a container port 81 defined.
    SVC-10     {"loadBalancers": [{"targetGroupArn": "tg", "containerName": "web", "containerPort": 80}]} -> InvalidParameterException: The target group with targetGroupArn tg does not have an associated load balancer.
    SVC-29     {"availabilityZoneRebalancing": "ENABLED", "deploymentConfiguration": {"maximumPercent": 100}} -> InvalidParameterException: The service couldn't be updated because Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration.
    DEPLOY-06  {"deploymentConfiguration": {"maximumPercent": 50}} -> InvalidParameterException: maximumPercent must be greater than 0 and at least minimumHealthyPercent.
    API-02     {"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true}}} -> ParamValidation: Missing required parameter in deploymentConfiguration.deploymentCircuitBreaker: "rollback"
    API-15     {"serviceConnectConfiguration": {"enabled": true}} -> NamespaceNotFoundException: The specified namespace was not found.
    API-11     {"tags": [{"key": "aws:x", "value": ""}]} -> InvalidParameterException: Tag key 'aws:x' is reserved for AWS use.
    SVC-11     {"schedulingStrategy": "DAEMON", "desiredCount": null} -> InvalidParameterException: The daemon scheduling strategy is not supported with FARGATE launch type.
    DEPLOY-04  {"deploymentController": {"type": "CODE_DEPLOY"}} -> UnsupportedFeatureException: The deployment controller CODE_DEPLOY is not simulated.
    SVC-23     {"healthCheckGracePeriodSeconds": -1} -> InvalidParameterException: healthCheckGracePeriodSeconds must be between 0 and 2147483647.
    PLACE-07   {"launchType": "EC2", "placementStrategy": [{"type": "binpack", "field": "disk"}]} -> InvalidParameterException: Invalid field 'disk' for placement strategy 'binpack'.
"#;

#[test]
fn refusals_come_in_aws_words() {
    for line in REFUSED.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (given, expected) = line.split_once(" -> ").unwrap();
        let (rule, change) = given.split_once(char::is_whitespace).unwrap();
        let change: Value = serde_json::from_str(change).unwrap();
        let mut request = create(1);
        for (name, value) in change.as_object().unwrap() {
            match value {
                Value::Null => request.as_object_mut().unwrap().remove(name),
                _ => request.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        let mut world = fargate();
        register_ec2(&mut world);
        assert_eq!(world.refused("CreateService", request.clone()), expected, "{change}");
        assert_eq!(world.ecs("CreateService", request).unwrap_err().rule.id, rule, "{change}");
    }
}

#[test]
fn the_same_request_twice_is_one_service() {
    let mut world = fargate();
    world.ok("CreateService", create(1));
    world.ok("CreateService", create(1));
    // SVC-01.
    assert_eq!(
        world.refused("CreateService", create(2)),
        "InvalidParameterException: Creation of service was not idempotent."
    );
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

/// rule, config, desired, old running, new healthy, young, pending, unhealthy -> start, stop
const STEPS: &str = "
    DEPLOY-07  100/150  4   4 0 0 0 0  ->  2 0   // the ceiling bounds what starts
    DEPLOY-07  100/150  4   4 0 1 1 0  ->  0 0   // pending and young tasks count towards it
    DEPLOY-09  100/200  4   4 0 0 0 0  ->  4 0
    DEPLOY-11  100/200  4   4 0 0 0 4  ->  0 0
    DEPLOY-12  100/200  4   4 3 1 0 0  ->  0 3
    DEPLOY-13  50/100   4   4 0 0 0 0  ->  0 2
    SVC-22     100/200  2   0 1 0 0 1  ->  1 0
    SVC-11     100/200  3   0 1 0 0 0  ->  2 0
";

#[test]
fn each_step_says_what_shaped_it() {
    for row in STEPS.lines().map(|row| row.split("//").next().unwrap().trim()).filter(|row| !row.is_empty()) {
        let words: Vec<&str> = row.split_whitespace().filter(|word| *word != "->").collect();
        let number = |place: usize| words[place].parse::<u64>().unwrap();
        let counts = RolloutCounts {
            old_running: number(3),
            old_other: 0,
            new_healthy: number(4),
            new_young: number(5),
            new_pending: number(6),
            new_unhealthy: number(7),
        };
        let step = rollout_step(config(words[1]), number(2), counts);
        assert_eq!((step.start, step.stop_old_running), (number(8), number(9)), "{row}");
        // The first wave names the bound that it meets, if it meets one.
        let first = counts.current() == 0 && counts.old_running > 0 && step.rule.id == "DEPLOY-09";
        assert!(first || step.rule.id == words[0], "{row}: {}", step.rule.id);
    }
}

/// DEPLOY-09: desired count, then floor..ceiling, new tasks startable and old ones stoppable in the
/// first wave, for each pair of minimumHealthyPercent and maximumPercent.
const FIRST_WAVE: &str = "
    |    | 100/200       | 50/200        | 50/100             | 100/150            | 100/125            | 75/125             | 0/100         | 100/100            |
    | 1  | 1..2 +1 -0    | 1..2 +1 -0    | 1..1 +0 -0 STUCK   | 1..1 +0 -0 STUCK   | 1..1 +0 -0 STUCK   | 1..1 +0 -0 STUCK   | 0..1 +0 -1    | 1..1 +0 -0 STUCK   |
    | 2  | 2..4 +2 -0    | 1..4 +2 -1    | 1..2 +0 -1         | 2..3 +1 -0         | 2..2 +0 -0 STUCK   | 2..2 +0 -0 STUCK   | 0..2 +0 -2    | 2..2 +0 -0 STUCK   |
    | 3  | 3..6 +3 -0    | 2..6 +3 -1    | 2..3 +0 -1         | 3..4 +1 -0         | 3..3 +0 -0 STUCK   | 3..3 +0 -0 STUCK   | 0..3 +0 -3    | 3..3 +0 -0 STUCK   |
    | 4  | 4..8 +4 -0    | 2..8 +4 -2    | 2..4 +0 -2         | 4..6 +2 -0         | 4..5 +1 -0         | 3..5 +1 -1         | 0..4 +0 -4    | 4..4 +0 -0 STUCK   |
    | 5  | 5..10 +5 -0   | 3..10 +5 -2   | 3..5 +0 -2         | 5..7 +2 -0         | 5..6 +1 -0         | 4..6 +1 -1         | 0..5 +0 -5    | 5..5 +0 -0 STUCK   |
    | 6  | 6..12 +6 -0   | 3..12 +6 -3   | 3..6 +0 -3         | 6..9 +3 -0         | 6..7 +1 -0         | 5..7 +1 -1         | 0..6 +0 -6    | 6..6 +0 -0 STUCK   |
    | 7  | 7..14 +7 -0   | 4..14 +7 -3   | 4..7 +0 -3         | 7..10 +3 -0        | 7..8 +1 -0         | 6..8 +1 -1         | 0..7 +0 -7    | 7..7 +0 -0 STUCK   |
    | 8  | 8..16 +8 -0   | 4..16 +8 -4   | 4..8 +0 -4         | 8..12 +4 -0        | 8..10 +2 -0        | 6..10 +2 -2        | 0..8 +0 -8    | 8..8 +0 -0 STUCK   |
    | 9  | 9..18 +9 -0   | 5..18 +9 -4   | 5..9 +0 -4         | 9..13 +4 -0        | 9..11 +2 -0        | 7..11 +2 -2        | 0..9 +0 -9    | 9..9 +0 -0 STUCK   |
    | 10 | 10..20 +10 -0 | 5..20 +10 -5  | 5..10 +0 -5        | 10..15 +5 -0       | 10..12 +2 -0       | 8..12 +2 -2        | 0..10 +0 -10  | 10..10 +0 -0 STUCK |
";

fn config(pair: &str) -> RolloutConfig {
    let (minimum, maximum) = pair.split_once('/').unwrap();
    RolloutConfig {
        minimum_healthy_percent: Percent(minimum.parse().unwrap()),
        maximum_percent: Percent(maximum.parse().unwrap()),
        may_start: true,
    }
}

#[test]
fn the_first_wave_of_a_rollout() {
    let mut lines = FIRST_WAVE.lines().filter(|line| line.contains('|'));
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let pairs = cells(lines.next().unwrap());
    let mut seen = 0;
    for line in lines {
        let row = cells(line);
        let desired: u64 = row[0].parse().unwrap();
        for (pair, expected) in pairs.iter().zip(&row).skip(1) {
            let counts = RolloutCounts { old_running: desired, ..RolloutCounts::default() };
            let step = rollout_step(config(pair), desired, counts);
            let stuck = if step.stuck { " STUCK" } else { "" };
            let found =
                format!("{}..{} +{} -{}{stuck}", step.floor, step.ceiling, step.start, step.stop_old_running);
            assert_eq!(&found, expected, "desired {desired}, {pair}");
            seen += 1;
        }
    }
    assert_eq!(seen, 80);
}

#[test]
fn an_unhealthy_task_is_replaced_first_where_there_is_room() {
    let counts = RolloutCounts { new_healthy: 1, new_unhealthy: 1, ..RolloutCounts::default() };
    // SVC-22.
    let step = rollout_step(config("100/200"), 2, counts);
    assert_eq!((step.start, step.no_room_for_replacement), (1, false));
    let step = rollout_step(config("100/100"), 2, counts);
    assert_eq!((step.start, step.no_room_for_replacement), (0, true));
}

#[test]
fn a_failing_revision_never_replaces_a_good_one() {
    // DEPLOY-11: new tasks that fail their checks do not count towards the floor.
    let counts = RolloutCounts { old_running: 4, new_unhealthy: 4, ..RolloutCounts::default() };
    assert_eq!(rollout_step(config("100/200"), 4, counts).stop_old_running, 0);
    let counts = RolloutCounts { old_running: 4, new_healthy: 3, new_young: 1, ..RolloutCounts::default() };
    assert_eq!(rollout_step(config("100/200"), 4, counts).stop_old_running, 3);
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

/// A change -> whether it starts a deployment (SVC-09).
const DEPLOYS: &str = r#"
    {"taskDefinition": "web:2"} -> true
    {"forceNewDeployment": true} -> true
    {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-c"]}}} -> true
    {"platformVersion": "1.4.0"} -> true
    {"desiredCount": 2} -> false
    {"taskDefinition": "web:1"} -> false
    {"deploymentConfiguration": {"minimumHealthyPercent": 50}} -> false
    {"availabilityZoneRebalancing": "DISABLED"} -> false
    {"healthCheckGracePeriodSeconds": 60} -> false
    {"enableExecuteCommand": true} -> false
    {"propagateTags": "SERVICE"} -> false
    {} -> false
"#;

#[test]
fn only_some_changes_start_a_deployment() {
    for line in DEPLOYS.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (change, deploys) = line.split_once(" -> ").unwrap();
        let mut world = fargate();
        register(&mut world, "shop/web:2");
        let mut request = create(1);
        request["taskDefinition"] = json!("web:1");
        world.ok("CreateService", request);
        let mut update: Value = serde_json::from_str(change).unwrap();
        update["cluster"] = json!("shop");
        update["service"] = json!("web");
        let before = describe(&mut world)["deployments"][0]["id"].clone();
        let updated = world.ok("UpdateService", update);
        let after = &updated["service"]["deployments"][0]["id"];
        assert_eq!((*after != before).to_string(), deploys, "{change}");
    }
}

#[test]
fn updates_are_refused_in_aws_words() {
    let mut world = fargate();
    world.ok("CreateService", create(1));
    world.ok("DeregisterTaskDefinition", json!({"taskDefinition": "web:1"}));
    let mut update = |change: Value| {
        let mut request = json!({"cluster": "shop", "service": "web"});
        request.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        world.refused("UpdateService", request)
    };
    // SVC-06.
    assert_eq!(update(json!({"service": "nope"})), "ServiceNotFoundException: Service not found.");
    // TASKDEF-07.
    assert_eq!(update(json!({"taskDefinition": "web:1"})), "ClientException: TaskDefinition is inactive");
    assert!(update(json!({"deploymentConfiguration": {"maximumPercent": 100}})).contains("<= 100 %"));
    // What already runs an INACTIVE revision goes on with it.
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 2}));
}

#[test]
fn a_new_deployment_supersedes_one_that_is_not_over() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    for revision in [2, 3] {
        register(&mut world, "shop/web:2");
        let task_definition = format!("web:{revision}");
        world.ok(
            "UpdateService",
            json!({"cluster": "shop", "service": "web", "taskDefinition": task_definition}),
        );
        world.wait(5);
    }
    // DEPLOY-01, DEPLOY-05.
    let service = describe(&mut world);
    let statuses: Vec<_> =
        service["deployments"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, ["PRIMARY", "ACTIVE", "ACTIVE"]);
    world.wait(600);
    let service = describe(&mut world);
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(service["runningCount"], 2);
    assert!(service["deployments"][0]["taskDefinition"].as_str().unwrap().ends_with("web:3"));
}

#[test]
fn a_deployment_that_cannot_move_says_so_once() {
    let mut world = fargate();
    let mut request = create(1);
    request["deploymentConfiguration"] = json!({"minimumHealthyPercent": 100, "maximumPercent": 100});
    world.ok("CreateService", request);
    world.wait(300);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    world.wait(600);
    // DEPLOY-08.
    assert_eq!(
        messages(&mut world)[3..],
        [
            "(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
        ]
    );
}

#[test]
fn without_checks_a_task_counts_as_healthy_40_seconds_after_running() {
    let mut world = fargate();
    world.ok("CreateService", create(1));
    world.wait(300);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    let mut second_ran = None;
    for second in 0..200_u64 {
        world.wait(1);
        let service = describe(&mut world);
        let running = service["runningCount"].as_u64().unwrap();
        match second_ran {
            None if running == 2 => second_ran = Some(second),
            // DEPLOY-10: the old task goes at the first pass after 40 seconds.
            Some(since) if running == 1 => return assert!((40..=51).contains(&(second - since)), "{second}"),
            _ => {}
        }
    }
    panic!("the old task was never stopped");
}

#[test]
fn stability_is_what_the_waiter_sees() {
    use drydock::arn::ServiceArn;
    use drydock::ecs::service::{Stability, stability};
    let mut world = fargate();
    let arn = ServiceArn::named("shop", "web");
    let see = |world: &World| stability(world.sim.state(), world.sim.state().services.get(&arn));
    // DEPLOY-17.
    assert_eq!(see(&world), Stability::Never);
    world.ok("CreateService", create(1));
    assert_eq!(see(&world), Stability::Changing);
    world.wait(300);
    assert_eq!(see(&world), Stability::Stable);
    world.ok("DeleteService", json!({"cluster": "shop", "service": "web", "force": true}));
    assert_eq!(see(&world), Stability::Never);
}

#[test]
fn a_new_desired_count_changes_the_bounds_of_a_deployment_at_once() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    world.wait(5);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 4}));
    // DEPLOY-15: four new ones may stand beside the two old ones.
    let service = describe(&mut world);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(2), &json!(4)));
    assert!(
        world.timeline.records().iter().any(|record| record.rule.is_some_and(|rule| rule.id == "DEPLOY-15"))
    );
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
