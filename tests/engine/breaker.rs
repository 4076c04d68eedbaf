//! The deployment circuit breaker: what counts, when a deployment is given up, what comes back.

use crate::world::World;
use drydock::ecs::service::RolloutState;
use drydock::ecs::service::settings::{DeploymentCircuitBreaker, ThresholdConfiguration};
use drydock::ecs::service_scheduler::breaker;
use drydock::ecs::task::{Health, StopCode};
use drydock::time::SimDuration;
use serde_json::{Value, json};

/// A breaker with this threshold configuration.
fn with(asked: Option<(&str, i64)>) -> DeploymentCircuitBreaker {
    DeploymentCircuitBreaker {
        enable: true,
        rollback: true,
        reset_on_healthy_task: None,
        threshold_configuration: asked
            .map(|(ty, value)| ThresholdConfiguration { ty: ty.to_string(), value }),
    }
}

#[test]
fn the_threshold_follows_the_desired_count() {
    // DEPLOY-19: the table of the guide, then the other types.
    let usual =
        [(1, 3), (2, 3), (6, 3), (7, 4), (8, 4), (10, 5), (25, 13), (100, 50), (400, 200), (800, 200)];
    for (desired, threshold) in usual {
        assert_eq!(breaker::threshold(&with(None), desired), threshold, "{desired} desired");
    }
    assert_eq!(breaker::threshold(&with(Some(("BOUNDED_PERCENT", 10))), 100), 10);
    assert_eq!(breaker::threshold(&with(Some(("UNBOUNDED_PERCENT", 10))), 10), 1);
    assert_eq!(breaker::threshold(&with(Some(("UNBOUNDED_PERCENT", 100))), 800), 800);
    assert_eq!(breaker::threshold(&with(Some(("COUNT", 2))), 800), 2);
}

/// A Fargate world with `web:1` (good) and a service of it, steady, its breaker as given.
fn shop(desired: u64, breaker: Value) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:1");
    create(&mut world, desired, breaker);
    world
}

fn create(world: &mut World, desired: u64, breaker: Value) {
    world.ok(
        "CreateService",
        json!({
            "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired,
            "launchType": "FARGATE", "deploymentConfiguration": {"deploymentCircuitBreaker": breaker},
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}},
        }),
    );
    world.wait(300);
}

/// A revision of `web` that runs this image, with a health check unless the image crashes.
fn register(world: &mut World, image: &str) {
    let mut container = json!({"name": "web", "image": image});
    if !image.ends_with("crash") {
        container["healthCheck"] =
            json!({"command": ["CMD-SHELL", "curl -f localhost"], "interval": 5, "retries": 2});
    }
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512", "containerDefinitions": [container],
        }),
    );
}

fn describe(world: &mut World) -> Value {
    world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}))["services"][0].take()
}

fn events(world: &mut World) -> Vec<String> {
    let service = describe(world);
    let events = service["events"].as_array().unwrap().iter().rev();
    events.map(|event| event["message"].as_str().unwrap().to_string()).collect()
}

fn update(world: &mut World, image: &str) {
    register(world, image);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
}

#[test]
fn a_deployment_that_keeps_failing_is_given_up_and_the_last_good_one_comes_back() {
    for image in ["shop/web:9-missing", "shop/web:3-crash", "shop/web:3-broken"] {
        // DEPLOY-18, DEPLOY-20 (cannot start), DEPLOY-22 (crashes), DEPLOY-21 (fails its checks).
        let mut world = shop(2, json!({"enable": true, "rollback": true}));
        let good = describe(&mut world)["deployments"][0]["id"].as_str().unwrap().to_string();
        update(&mut world, image);
        let bad = describe(&mut world)["deployments"][0]["id"].as_str().unwrap().to_string();
        let mut given_up = None;
        for _ in 0..3600 {
            world.wait(1);
            let service = describe(&mut world);
            assert!(service["runningCount"].as_u64() >= Some(2), "{image}: the old tasks run on");
            let of_bad =
                service["deployments"].as_array().unwrap().iter().find(|it| it["id"] == *bad).cloned();
            given_up = given_up.or(of_bad.filter(|it| it["rolloutState"] == "FAILED"));
            if service["deployments"].as_array().unwrap().len() == 1 {
                break;
            }
        }
        // DEPLOY-23, DEPLOY-02: the failed one is ACTIVE and says what takes over.
        let given_up = given_up.unwrap_or_else(|| panic!("{image}: it was given up"));
        assert_eq!(given_up["status"], "ACTIVE");
        assert_eq!(
            given_up["rolloutStateReason"],
            format!("ECS deployment circuit breaker: rolling back to deploymentId {good}.")
        );
        // DEPLOY-24: the service runs the earlier revision again.
        let service = describe(&mut world);
        assert_eq!(service["deployments"][0]["id"], good, "{image}");
        assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED", "{image}");
        assert!(service["taskDefinition"].as_str().unwrap().ends_with("web:1"));
        let said = events(&mut world);
        let at = said
            .iter()
            .position(|text| {
                *text == format!("(service web) (deployment {bad}) deployment failed: tasks failed to start.")
            })
            .unwrap_or_else(|| panic!("{said:#?}"));
        assert_eq!(said[at + 1], format!("(service web) rolling back to deployment {good}."));
        assert_eq!(*said.last().unwrap(), "(service web) has reached a steady state.");
    }
}

#[test]
fn without_a_completed_deployment_nothing_comes_back_and_nothing_starts() {
    // DEPLOY-23: the first deployment stalls.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:9-missing");
    create(&mut world, 1, json!({"enable": true, "rollback": true}));
    world.wait(3600);
    let service = describe(&mut world);
    assert_eq!(service["deployments"][0]["rolloutState"], "FAILED");
    assert_eq!(
        service["deployments"][0]["rolloutStateReason"],
        "ECS deployment circuit breaker: tasks failed to start."
    );
    assert_eq!(service["deployments"][0]["failedTasks"], 3);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(0), &json!(0)));
    let count = events(&mut world).len();
    world.wait(3600);
    assert_eq!(events(&mut world).len(), count, "a deployment that was given up does nothing more");
    // A new deployment begins anew.
    update(&mut world, "shop/web:1");
    world.wait(300);
    assert_eq!(describe(&mut world)["deployments"][0]["rolloutState"], "COMPLETED");
}

#[test]
fn tasks_on_their_way_count_no_more_once_their_deployment_is_given_up() {
    // DEPLOY-20, DEPLOY-23: six tasks are on their way, the third failure is the last that counts.
    for image in ["shop/web:9-missing", "shop/web:3-crash"] {
        let mut world = shop(6, json!({"enable": true, "rollback": true}));
        update(&mut world, image);
        let bad = describe(&mut world)["deployments"][0]["id"].clone();
        let mut seen = (0, None);
        for _ in 0..300 {
            world.wait(1);
            let service = describe(&mut world);
            let of_bad = service["deployments"].as_array().unwrap().iter().find(|it| it["id"] == bad);
            let Some(of_bad) = of_bad else { break };
            let failed = of_bad["failedTasks"].as_u64().unwrap();
            // FAILED in the very moment in which the count is full, not a pass later.
            assert_eq!(failed == 3, of_bad["rolloutState"] == "FAILED", "{image}: {of_bad}");
            seen.0 = seen.0.max(failed);
            seen.1 = seen.1.or((failed == 3).then(|| world.sim.clock()));
        }
        assert_eq!(seen.0, 3, "{image}");
        let entries = world.ok("ListServiceDeployments", json!({"cluster": "shop", "service": "web"}));
        let arn = entries["serviceDeployments"][0]["serviceDeploymentArn"].clone();
        let entry = world.ok("DescribeServiceDeployments", json!({"serviceDeploymentArns": [arn]}));
        assert_eq!(
            entry["serviceDeployments"][0]["deploymentCircuitBreaker"],
            json!({"status": "TRIGGERED", "failureCount": 3, "threshold": 3})
        );
    }
}

#[test]
fn tasks_that_turn_unhealthy_together_count_up_to_the_threshold() {
    // DEPLOY-21, DEPLOY-23: six fail their checks at one moment, and three fail the deployment.
    let mut world = shop(6, json!({"enable": true, "rollback": false}));
    update(&mut world, "shop/web:3-broken");
    world.wait(300);
    let deployment = describe(&mut world)["deployments"][0].clone();
    assert_eq!((&deployment["rolloutState"], &deployment["failedTasks"]), (&json!("FAILED"), &json!(3)));
}

#[test]
fn without_a_breaker_a_deployment_tries_for_ever() {
    let mut world = shop(1, json!({"enable": false, "rollback": true}));
    update(&mut world, "shop/web:3-crash");
    world.wait(3600);
    let service = describe(&mut world);
    assert_eq!(service["deployments"][0]["rolloutState"], "IN_PROGRESS");
    assert!(service["deployments"][0]["failedTasks"].as_u64() > Some(20));
    assert_eq!(service["deployments"][1]["runningCount"], 1);
}

#[test]
fn tasks_that_find_no_place_are_failed_tasks() {
    // DEPLOY-20: nothing can be launched in a cluster without instances.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    world.ok(
        "RegisterTaskDefinition",
        json!({"family": "web", "containerDefinitions": [{"name": "web", "image": "shop/web:1", "memory": 64}]}),
    );
    world.ok(
        "CreateService",
        json!({
            "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
            "deploymentConfiguration": {"deploymentCircuitBreaker":
                {"enable": true, "rollback": false, "thresholdConfiguration": {"type": "COUNT", "value": 2}}},
        }),
    );
    world.wait(60);
    let service = describe(&mut world);
    assert_eq!(service["deployments"][0]["rolloutState"], "FAILED");
    assert_eq!(service["deployments"][0]["failedTasks"], 2);
}

#[test]
fn a_healthy_task_sets_the_count_back_unless_told_otherwise() {
    // DEPLOY-22: a moved tag stands for a revision of which some tasks fail: each failure is made by hand.
    for (reset, state) in [(None, "COMPLETED"), (Some(false), "FAILED")] {
        let mut breaker = json!({"enable": true, "rollback": false, "thresholdConfiguration": {"type": "COUNT", "value": 2}});
        if let Some(reset) = reset {
            breaker["resetOnHealthyTask"] = json!(reset);
        }
        let mut world = shop(1, breaker);
        world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 4}));
        world.wait(300);
        register(&mut world, "shop/web:2");
        world.ok(
            "UpdateService",
            json!({"cluster": "shop", "service": "web", "taskDefinition": "web",
                   "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 125}}),
        );
        // The first and, once another was healthy, the second new task fail while they start.
        let mut failed = 0;
        for _ in 0..600 {
            world.wait(1);
            let tasks = new_tasks(&mut world);
            let healthy = tasks.iter().any(|task| task["healthStatus"] == "HEALTHY");
            let young = tasks
                .iter()
                .find(|task| task["lastStatus"] == "RUNNING" && task["healthStatus"] == "UNKNOWN");
            if let (Some(young), true) = (young, failed == 0 || (failed == 1 && healthy)) {
                let task = young["taskArn"].clone();
                world.call("drydock", "Kill", json!({"task": task, "container": "web"})).unwrap();
                failed += 1;
            }
        }
        assert_eq!(failed, 2);
        assert_eq!(describe(&mut world)["deployments"][0]["rolloutState"], state);
    }
}

#[test]
fn a_task_of_an_older_deployment_that_turns_healthy_sets_nothing_back() {
    // DEPLOY-22: only tasks of the deployment itself speak for it. The old ones have their first check after
    // two minutes, when the new revision has failed more than once.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let check = json!({"command": ["CMD-SHELL", "curl -f localhost"], "interval": 120});
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512",
            "containerDefinitions": [{"name": "web", "image": "shop/web:1", "healthCheck": check}],
        }),
    );
    let count = json!({"type": "COUNT", "value": 100});
    let breaker = json!({"enable": true, "rollback": false, "thresholdConfiguration": count});
    world.ok(
        "CreateService",
        json!({
            "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2,
            "launchType": "FARGATE", "deploymentConfiguration": {"deploymentCircuitBreaker": breaker},
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}},
        }),
    );
    while describe(&mut world)["runningCount"] != 2 {
        world.wait(1);
    }
    update(&mut world, "shop/web:3-crash");
    let (mut failed, mut turned) = (0, None);
    for _ in 0..300 {
        world.wait(1);
        let now = describe(&mut world)["deployments"][0]["failedTasks"].as_u64().unwrap();
        assert!(now >= failed, "{failed} failed tasks became {now}");
        failed = now;
        let mut tasks = world.sim.state().tasks.values();
        let healthy = tasks.any(|task| task.is_running() && task.health() == Health::Healthy);
        turned = turned.or(healthy.then_some(failed));
    }
    assert!(turned > Some(1) && Some(failed) > turned, "{turned:?}, {failed}");
}

/// rule | why it stopped | seconds that it was RUNNING | its checks | of which deployment | how that stands ->
/// whether it is a failed task
const LEFT: &str = "
    DEPLOY-20 | TaskFailedToStart        |   - | none      | newest | IN_PROGRESS -> counts
    DEPLOY-20 | TaskFailedToStart        |   - | none      | newest | COMPLETED   -> counts
    DEPLOY-23 | TaskFailedToStart        |   - | none      | newest | FAILED      -> not
    DEPLOY-22 | EssentialContainerExited |   1 | none      | newest | IN_PROGRESS -> counts
    DEPLOY-22 | EssentialContainerExited |  39 | none      | newest | IN_PROGRESS -> counts
    DEPLOY-22 | EssentialContainerExited |  40 | none      | newest | IN_PROGRESS -> not
    DEPLOY-22 | EssentialContainerExited | 100 | unhealthy | newest | IN_PROGRESS -> counts
    DEPLOY-22 | EssentialContainerExited | 100 | healthy   | newest | IN_PROGRESS -> not
    DEPLOY-22 | EssentialContainerExited |   1 | none      | newest | COMPLETED   -> not
    DEPLOY-22 | EssentialContainerExited |   1 | none      | newest | FAILED      -> not
    DEPLOY-22 | EssentialContainerExited |   1 | none      | other  | IN_PROGRESS -> not
    DEPLOY-20 | TaskFailedToStart        |   - | none      | other  | IN_PROGRESS -> not
    DEPLOY-22 | UserInitiated            |   1 | none      | newest | IN_PROGRESS -> not
";

#[test]
fn what_never_was_healthy_and_ended_by_itself_is_a_failed_task() {
    let world = shop(1, json!({"enable": false, "rollback": false}));
    let (service, task) = {
        let state = world.sim.state();
        (state.services.values().next().unwrap().clone(), state.tasks.values().next().unwrap().clone())
    };
    for row in LEFT.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (given, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let cells: Vec<&str> = given.split('|').map(str::trim).collect();
        let (mut service, mut task) = (service.clone(), task.clone());
        task.stop_code = Some(match cells[1] {
            "TaskFailedToStart" => StopCode::TaskFailedToStart,
            "EssentialContainerExited" => StopCode::EssentialContainerExited,
            _ => StopCode::UserInitiated,
        });
        task.started_at = cells[2].parse().ok().map(|_: u64| world.sim.clock());
        task.stopping_at = cells[2].parse().ok().map(|ran| world.sim.clock() + SimDuration::secs(ran));
        for container in &mut task.containers {
            container.health = if cells[3] == "unhealthy" { Health::Unhealthy } else { Health::Unknown };
        }
        service.deployments[0].rollout = match cells[5] {
            "IN_PROGRESS" => RolloutState::InProgress,
            "COMPLETED" => RolloutState::Completed,
            _ => RolloutState::Failed,
        };
        if cells[3] == "healthy" {
            breaker::task_healthy(&mut service, &task.arn);
        }
        if cells[4] == "other" {
            task.started_by = Some("ecs-svc/0".to_string());
        }
        breaker::task_left(&mut service, &task);
        assert_eq!(service.deployments[0].failed_tasks, u64::from(expected == "counts"), "{row}");
    }
    // A task counts once as healthy: what fails behind it adds up again (DEPLOY-22).
    let mut service = service;
    service.deployments[0].rollout = RolloutState::InProgress;
    for _ in 0..2 {
        breaker::task_healthy(&mut service, &task.arn);
        let id = service.deployments[0].id.clone();
        breaker::count(&mut service, &id);
    }
    assert_eq!(service.deployments[0].failed_tasks, 2);
    // DEPLOY-23: what fails together counts up to the threshold, and no further.
    service.kept.circuit_breaker = Some(with(None));
    service.deployments[0].failed_tasks = 0;
    for expected in [1, 2, 3, 3, 3] {
        let id = service.deployments[0].id.clone();
        breaker::count(&mut service, &id);
        assert_eq!(service.deployments[0].failed_tasks, expected);
    }
}

#[test]
fn only_a_breaker_that_watches_makes_every_attempt_at_a_place() {
    // SVC-07: without a breaker what finds no place is not tried again while the cluster stays as it is;
    // DEPLOY-20: with one every attempt is made, and counts, until the deployment is over.
    for (enable, attempts) in [(false, 1), (true, 12)] {
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        world.ok(
            "RegisterTaskDefinition",
            json!({"family": "web", "containerDefinitions": [{"name": "web", "image": "shop/web:1", "memory": 64}]}),
        );
        let count = json!({"type": "COUNT", "value": 100});
        let breaker = json!({"enable": enable, "rollback": false, "thresholdConfiguration": count});
        world.ok(
            "CreateService",
            json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
                   "deploymentConfiguration": {"deploymentCircuitBreaker": breaker}}),
        );
        world.wait(115);
        assert_eq!(describe(&mut world)["deployments"][0]["failedTasks"], attempts, "enable: {enable}");
    }
}

#[test]
fn without_checks_a_task_sets_the_count_back_40_seconds_after_running() {
    // DEPLOY-22, DEPLOY-10: of two new tasks one is killed at once; the other counts as healthy in time.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:1");
    let count = json!({"type": "COUNT", "value": 100});
    create(&mut world, 2, json!({"enable": true, "rollback": false, "thresholdConfiguration": count}));
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "web", "image": "shop/web:2"}],
        }),
    );
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
    let running = |world: &mut World| {
        let tasks = new_tasks(world);
        tasks.into_iter().filter(|task| task["lastStatus"] == "RUNNING").collect::<Vec<_>>()
    };
    while running(&mut world).len() < 2 {
        world.wait(1);
    }
    let failed = |world: &mut World| describe(world)["deployments"][0]["failedTasks"].clone();
    let task = running(&mut world)[0]["taskArn"].clone();
    world.call("drydock", "Kill", json!({"task": task, "container": "web"})).unwrap();
    world.wait(25);
    assert_eq!(failed(&mut world), 1, "the old tasks are healthy, and say nothing");
    world.wait(30);
    assert_eq!(failed(&mut world), 0);
}

#[test]
fn what_comes_back_begins_anew() {
    // DEPLOY-24: the deployment that comes back has no failed tasks, and changed now, though one of its tasks had
    // failed when it was COMPLETED.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:1");
    let count = json!({"type": "COUNT", "value": 2});
    let breaker = json!({"enable": true, "rollback": true, "resetOnHealthyTask": false, "thresholdConfiguration": count});
    create(&mut world, 0, breaker);
    world.ok(
        "UpdateService",
        json!({"cluster": "shop", "service": "web", "desiredCount": 1, "forceNewDeployment": true}),
    );
    while describe(&mut world)["runningCount"] == 0 {
        world.wait(1);
    }
    let task = new_tasks(&mut world)[0]["taskArn"].clone();
    world.call("drydock", "Kill", json!({"task": task, "container": "web"})).unwrap();
    world.wait(300);
    let good = describe(&mut world)["deployments"][0].clone();
    assert_eq!((&good["failedTasks"], &good["rolloutState"]), (&json!(1), &json!("COMPLETED")));
    update(&mut world, "shop/web:9-missing");
    let bad = describe(&mut world)["deployments"][0]["id"].clone();
    while describe(&mut world)["deployments"][0]["id"] == bad {
        world.wait(1);
    }
    let now = drydock::shape::Slot::write(&world.sim.clock()).unwrap();
    let back = describe(&mut world)["deployments"][0].clone();
    assert_eq!((&back["failedTasks"], &back["rolloutState"]), (&json!(0), &json!("IN_PROGRESS")));
    assert_eq!(back["updatedAt"], now);
}

/// The tasks of the newest deployment.
fn new_tasks(world: &mut World) -> Vec<Value> {
    let primary = describe(world)["deployments"][0]["id"].clone();
    let listed = world.ok("ListTasks", json!({"cluster": "shop", "serviceName": "web"}));
    let tasks = world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": listed["taskArns"]}));
    tasks["tasks"].as_array().unwrap().iter().filter(|task| task["startedBy"] == primary).cloned().collect()
}

#[test]
fn a_threshold_without_sense_is_refused() {
    let mut world = shop(1, json!({"enable": false, "rollback": false}));
    for (ty, value) in [("COUNT", 0), ("BOUNDED_PERCENT", 0), ("UNBOUNDED_PERCENT", 101)] {
        let refused = world.refused(
            "UpdateService",
            json!({"cluster": "shop", "service": "web", "deploymentConfiguration": {"deploymentCircuitBreaker":
                {"enable": true, "rollback": true, "thresholdConfiguration": {"type": ty, "value": value}}}}),
        );
        assert!(refused.contains("thresholdConfiguration value must be"), "{refused}");
    }
}

#[test]
fn alarms_are_kept_and_said_to_be_without_effect() {
    // DEPLOY-27: there are no alarms yet, and the timeline says so.
    let mut world = shop(1, json!({"enable": false, "rollback": false}));
    world.ok(
        "CreateService",
        json!({
            "cluster": "shop", "serviceName": "other", "taskDefinition": "web", "desiredCount": 0,
            "launchType": "FARGATE",
            "deploymentConfiguration": {"alarms": {"alarmNames": ["high"], "enable": true, "rollback": true}},
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a"]}},
        }),
    );
    let noted =
        world.timeline.records().iter().any(|record| record.text.starts_with("alarms are checked and kept"));
    assert!(noted);
}
