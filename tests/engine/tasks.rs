//! Tasks: their lives on Fargate and on instances, row by row.

use crate::world::World;
use drydock::timeline::Kind;
use serde_json::{Value, json};

/// A world with the cluster `shop` and the Fargate definition `web:1` of these containers.
fn world(containers: Value) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    register(&mut world, "web", containers);
    world
}

fn register(world: &mut World, family: &str, containers: Value) {
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": family,
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": "arn:aws:iam::111122223333:role/ecsTaskExecutionRole",
            "containerDefinitions": containers,
        }),
    );
}

/// A good RunTask request for it.
fn request() -> Value {
    json!({
        "cluster": "shop",
        "taskDefinition": "web",
        "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-pri-a", "subnet-pri-b"] } },
    })
}

fn run(world: &mut World) -> Value {
    world.ok("RunTask", request())["tasks"][0].clone()
}

/// The records about one kind of resource: seconds since the start, and text.
fn told(world: &World, kind: Kind) -> Vec<(u64, String)> {
    let records = world.timeline.records().iter().filter(|record| record.subject.kind == kind);
    records.map(|record| (record.at.0 / 1000, record.text.clone())).collect()
}

fn texts(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
    rows.iter().map(|(at, text)| (*at, (*text).to_string())).collect()
}

/// LIFE-01, LIFE-15, LIFE-17, LIFE-26, LIFE-27
#[test]
fn a_fargate_task_passes_every_state_and_is_forgotten_after_an_hour() {
    let mut world = world(json!([{ "name": "web", "image": "shop/web:1" }]));
    let task = run(&mut world);
    assert_eq!(task["lastStatus"], "PROVISIONING");
    world.wait(60);
    let answer = world.ok("StopTask", json!({ "cluster": "shop", "task": task["taskArn"] }));
    assert_eq!(answer["task"]["lastStatus"], "RUNNING", "LIFE-05: the agent has not heard of it yet");
    assert_eq!(answer["task"]["desiredStatus"], "STOPPED");
    world.wait(3610);
    let asked = json!({ "cluster": "shop", "tasks": [task["taskArn"]] });
    let stopped = world.ok("DescribeTasks", asked.clone())["tasks"][0].clone();
    assert_eq!(stopped["stopCode"], "UserInitiated");
    assert_eq!(stopped["stoppedReason"], "Task stopped by user");
    assert_eq!(stopped["containers"][0]["exitCode"], 0);
    world.wait(1);
    assert_eq!(world.ok("DescribeTasks", asked)["failures"][0]["reason"], "MISSING");
    assert_eq!(
        told(&world, Kind::Task),
        texts(&[
            (0, "PROVISIONING"),
            (15, "PENDING"),
            (27, "ACTIVATING"),
            (27, "RUNNING"),
            (60, "desiredStatus STOPPED: Task stopped by user"),
            (60, "DEACTIVATING"),
            (60, "STOPPING"),
            (61, "DEPROVISIONING"),
            (71, "STOPPED"),
            (3671, "forgotten: an hour has passed since it stopped"),
        ])
    );
}

/// Each record is caused by the one before it, back to the command.
#[test]
fn causes_lead_from_a_stopped_task_back_to_the_command() {
    let mut world = world(json!([{ "name": "web", "image": "shop/web:9" }]));
    run(&mut world);
    world.wait(600);
    let records = world.timeline.records();
    let last = records.iter().rposition(|record| record.text == "STOPPED").expect("it stopped");
    let causes = world.timeline.causes(drydock::RecordId(u32::try_from(last).expect("few records")));
    let first = records.get(causes.last().expect("it has causes").0 as usize).expect("a record");
    assert!(first.text.starts_with("ecs RunTask"), "{}", first.text);
    assert!(
        causes.iter().any(|id| records[id.0 as usize].text.starts_with("CannotPullContainerError")),
        "the pull is among the causes"
    );
}

/// Runs one task of these containers on Fargate for so many seconds and describes it.
fn after(containers: Value, seconds: u64) -> (World, Value) {
    let mut world = world(containers);
    let arn = run(&mut world)["taskArn"].clone();
    world.wait(seconds);
    let task = world.ok("DescribeTasks", json!({ "cluster": "shop", "tasks": [arn] }))["tasks"][0].clone();
    (world, task)
}

/// How containers and their tasks end.
/// rule | containers | seconds | a path in the description -> its value
const ENDS: &str = r#"
LIFE-21 | [{"name": "a", "image": "shop/web:9"}] | 60 | /stopCode -> "TaskFailedToStart"
LIFE-21 | [{"name": "a", "image": "shop/web:9"}] | 60 | /stoppedReason -> "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web:9: 111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web:9: not found"
LIFE-21 | [{"name": "a", "image": "wbe"}] | 60 | /stoppedReason -> "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/wbe: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
LIFE-22 | [{"name": "a", "image": "shop/web:9"}] | 60 | /containers/0/exitCode -> null
LIFE-10 | [{"name": "a", "image": "shop/web:9"}] | 60 | /startedAt -> null
TASKDEF-27 | [{"name": "a", "image": "busybox", "command": ["sleep", "5"]}] | 60 | /stopCode -> "EssentialContainerExited"
TASKDEF-27 | [{"name": "a", "image": "busybox", "command": ["sleep", "5"]}] | 60 | /stoppedReason -> "Essential container in task exited"
TASKDEF-27 | [{"name": "a", "image": "busybox", "command": ["sleep", "5"]}] | 60 | /containers/0/exitCode -> 0
LIFE-06 | [{"name": "a", "image": "busybox", "command": ["sh", "-c", "exit 3"]}] | 60 | /containers/0/exitCode -> 3
TASKDEF-27 | [{"name": "a", "image": "nginx"}, {"name": "b", "image": "busybox", "command": ["true"], "essential": false}] | 60 | /lastStatus -> "RUNNING"
TASKDEF-27 | [{"name": "a", "image": "nginx"}, {"name": "b", "image": "busybox", "command": ["true"], "essential": false}] | 60 | /containers/1/lastStatus -> "STOPPED"
LIFE-23 | [{"name": "a", "image": "shop/web:leak"}] | 600 | /containers/0/exitCode -> 137
LIFE-23 | [{"name": "a", "image": "shop/web:leak"}] | 600 | /containers/0/reason -> "OutOfMemoryError: Container killed due to memory usage"
LIFE-23 | [{"name": "a", "image": "shop/web:leak"}] | 600 | /stoppedReason -> "Essential container in task exited"
LIFE-23 | [{"name": "a", "image": "shop/web:1", "memory": 64}] | 60 | /containers/0/reason -> "OutOfMemoryError: Container killed due to memory usage"
TASKDEF-35 | [{"name": "a", "image": "shop/web:1"}] | 300 | /healthStatus -> "UNKNOWN"
TASKDEF-35 | [{"name": "a", "image": "shop/web:1", "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost/"]}}] | 300 | /healthStatus -> "HEALTHY"
TASKDEF-35 | [{"name": "a", "image": "shop/web:3-broken", "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost/"]}}] | 300 | /healthStatus -> "UNHEALTHY"
TASKDEF-36 | [{"name": "a", "image": "shop/web:3-broken", "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost/"]}}] | 300 | /lastStatus -> "RUNNING"
TASKDEF-33 | [{"name": "a", "image": "shop/web:1", "healthCheck": {"command": ["CMD-SHELL", "exit 1"], "startPeriod": 300}}] | 300 | /healthStatus -> "UNKNOWN"
TASKDEF-33 | [{"name": "a", "image": "shop/web:3-broken", "healthCheck": {"command": ["NONE"]}}] | 300 | /healthStatus -> "UNKNOWN"
TASKDEF-35 | [{"name": "a", "image": "shop/web:1", "healthCheck": {"command": ["CMD-SHELL", "true"]}}, {"name": "b", "image": "nginx"}] | 300 | /healthStatus -> "UNKNOWN"
TASKDEF-29 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]}, {"name": "b", "image": "shop/init:1", "essential": false}] | 27 | /lastStatus -> "PENDING"
TASKDEF-29 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]}, {"name": "b", "image": "shop/init:1", "essential": false}] | 60 | /lastStatus -> "RUNNING"
TASKDEF-29 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]}, {"name": "b", "image": "busybox", "command": ["false"], "essential": false}] | 60 | /stopCode -> "TaskFailedToStart"
TASKDEF-29 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "COMPLETE"}]}, {"name": "b", "image": "busybox", "command": ["false"], "essential": false}] | 60 | /lastStatus -> "RUNNING"
TASKDEF-29 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]}, {"name": "b", "image": "shop/web:1", "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 20}}] | 45 | /lastStatus -> "PENDING"
TASKDEF-29 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]}, {"name": "b", "image": "shop/web:1", "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 20}}] | 70 | /lastStatus -> "RUNNING"
TASKDEF-31 | [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]}, {"name": "b", "image": "shop/web:3-broken", "startTimeout": 30, "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 60}}] | 90 | /stopCode -> "TaskFailedToStart"
TASKDEF-15 | [{"name": "a", "image": "nginx"}] | 60 | /attachments/0/details/3/name -> "privateDnsName"
API-17 | [{"name": "a", "image": "nginx"}] | 60 | /attachments/0/status -> "ATTACHED"
PLACE-04 | [{"name": "a", "image": "nginx"}] | 60 | /availabilityZone -> "us-east-1a"
"#;

#[test]
fn containers_and_tasks_end_as_the_rules_say() {
    for row in ENDS.lines().filter(|row| !row.is_empty()) {
        let (row, expected) = row.rsplit_once(" -> ").expect("a row has an outcome");
        let cells: Vec<&str> = row.split(" | ").collect();
        let [rule, containers, seconds, path] = cells[..] else { panic!("a row has four cells: {row}") };
        let containers = serde_json::from_str(containers).expect("containers are JSON");
        let (_, task) = after(containers, seconds.parse().expect("seconds"));
        let expected: Value = serde_json::from_str(expected).expect("an outcome is JSON");
        let found = task.pointer(path).cloned().unwrap_or(Value::Null);
        assert_eq!(found, expected, "{rule}: {row}\n{task:#}");
    }
}

/// LIFE-15: stopTimeout -> seconds until the process has ended, and its exit code.
#[test]
fn sigterm_first_and_sigkill_after_stop_timeout() {
    let rows = [
        ("shop/web:1", json!(null), 1, 0),
        ("shop/web:stubborn", json!(null), 30, 137),
        ("shop/web:stubborn", json!(5), 5, 137),
        ("shop/worker:1", json!(3), 3, 137),
        ("shop/worker:1", json!(60), 5, 0),
        ("shop/batch:1", json!(null), 0, 143),
    ];
    for (image, timeout, seconds, code) in rows {
        let mut container = json!({ "name": "a", "image": image });
        if !timeout.is_null() {
            container["stopTimeout"] = timeout;
        }
        let (mut world, task) = after(json!([container]), 50);
        let asked_at = world.sim.clock();
        world.ok("StopTask", json!({ "cluster": "shop", "task": task["taskArn"] }));
        world.wait(120);
        let ended = world.timeline.records().iter().rfind(|record| record.text.starts_with("STOPPED with"));
        let ended = ended.expect("the process has ended");
        assert_eq!(ended.at.since(asked_at).as_secs(), seconds, "{image}");
        assert_eq!(ended.text, format!("STOPPED with exit code {code}"), "{image}");
    }
}

/// TASKDEF-30, LIFE-16: what depends on another container stops before it.
#[test]
fn containers_stop_in_the_reverse_order_of_their_dependencies() {
    let (mut world, task) = after(
        json!([
            { "name": "app", "image": "shop/worker:1", "dependsOn": [{ "containerName": "proxy", "condition": "START" }] },
            { "name": "proxy", "image": "nginx" },
        ]),
        60,
    );
    assert_eq!(task["lastStatus"], "RUNNING");
    let begun = world.timeline.len();
    world.ok("StopTask", json!({ "cluster": "shop", "task": task["taskArn"] }));
    world.wait(60);
    let records = &world.timeline.records()[begun..];
    let signals: Vec<u64> =
        records.iter().filter(|record| record.text == "SIGTERM").map(|record| record.at.0 / 1000).collect();
    assert_eq!(signals, [60, 65], "the proxy gets its signal when the worker has ended");
}

/// TASKDEF-37: three failures, an interval apart, after a fault; then healthy again.
#[test]
fn a_broken_check_makes_a_task_unhealthy_while_it_runs_on() {
    let check =
        json!({ "command": ["CMD-SHELL", "curl -f http://localhost/"], "interval": 10, "retries": 3 });
    let (mut world, task) = after(json!([{ "name": "a", "image": "shop/web:1", "healthCheck": check }]), 60);
    let arn = task["taskArn"].clone();
    let health = |world: &mut World| {
        let asked = json!({ "cluster": "shop", "tasks": [arn] });
        world.ok("DescribeTasks", asked)["tasks"][0]["healthStatus"].clone()
    };
    assert_eq!(health(&mut world), "HEALTHY");
    let fault = json!({ "what": "health-check", "task": arn, "container": "a" });
    world.call("drydock", "Fail", fault.clone()).expect("it breaks");
    world.wait(20);
    assert_eq!(health(&mut world), "HEALTHY");
    world.wait(10);
    assert_eq!(health(&mut world), "UNHEALTHY");
    let records = world.timeline.records();
    let last =
        records.iter().rposition(|record| record.text == "healthStatus UNHEALTHY").expect("it is told");
    let causes = world.timeline.causes(drydock::RecordId(u32::try_from(last).expect("few records")));
    assert!(
        causes.iter().any(|id| records[id.0 as usize].text.starts_with("drydock Fail")),
        "caused by the fault"
    );
    let mut mended = fault;
    mended["clear"] = json!(true);
    world.call("drydock", "Fail", mended).expect("it is mended");
    world.wait(10);
    assert_eq!(health(&mut world), "HEALTHY");
}

/// rule | what is changed in a good RunTask request (JSON merge) -> the refusal
const REFUSED: &str = r#"
API-04 | {"cluster": "nope"} -> ClusterNotFoundException: Cluster not found.
TASKDEF-05 | {"taskDefinition": "nope"} -> ClientException: TaskDefinition not found.
PLACE-05 | {"count": 11} -> InvalidParameterException: count should be between 1 and 10 inclusive.
PLACE-05 | {"count": 0} -> InvalidParameterException: count should be between 1 and 10 inclusive.
TASKDEF-14 | {"networkConfiguration": null} -> InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.
CAP-05 | {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.
LIFE-13 | {"group": "service:web"} -> InvalidParameterException: Invalid namespace for group.
API-11 | {"propagateTags": "SERVICE"} -> InvalidParameterException: The propagateTags value SERVICE is not valid for tasks that no service starts.
API-10 | {"overrides": {"containerOverrides": [{"name": "b"}]}} -> InvalidParameterException: Override for container named b is not a container in the TaskDefinition.
TASKDEF-25 | {"overrides": {"memory": "8192"}} -> ClientException: No Fargate configuration exists for given values.
TASKDEF-11 | {"platformVersion": "9.9.9"} -> PlatformUnknownException: The specified platform does not exist.
PLACE-04 | {"placementStrategy": [{"type": "random"}]} -> InvalidParameterException: Placement strategies are not supported with FARGATE launch type.
PLACE-32 | {"launchType": "EC2"} -> InvalidParameterException: No Container Instances were found in your cluster.
"#;

#[test]
fn run_task_refuses_in_the_words_of_aws_and_changes_nothing() {
    let mut world = world(json!([{ "name": "a", "image": "nginx" }]));
    for row in REFUSED.lines().filter(|row| !row.is_empty()) {
        let (row, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let (rule, change) = row.split_once(" | ").expect("a row names its rule");
        let mut request = request();
        let change: Value = serde_json::from_str(change).expect("a change is JSON");
        for (name, value) in change.as_object().expect("members") {
            match value {
                Value::Null => drop(request.as_object_mut().expect("members").remove(name)),
                value => request[name] = value.clone(),
            }
        }
        assert_eq!(world.refused("RunTask", request), expected, "{rule}");
    }
}

/// API-06
#[test]
fn a_client_token_makes_a_repeated_call_harmless() {
    let mut world = world(json!([{ "name": "a", "image": "nginx" }]));
    let mut request = request();
    request["clientToken"] = json!("order-17");
    let first = world.ok("RunTask", request.clone())["tasks"][0]["taskArn"].clone();
    let again = world.ok("RunTask", request.clone())["tasks"][0]["taskArn"].clone();
    assert_eq!(first, again);
    request["count"] = json!(2);
    let refusal = world.refused("RunTask", request);
    assert!(refusal.starts_with("ConflictException"), "{refusal}");
}

/// PLACE-04, API-08: tasks are spread over the zones of the subnets, and listed page by page.
#[test]
fn fargate_tasks_are_spread_over_zones_and_listed_in_pages() {
    let mut world = world(json!([{ "name": "a", "image": "nginx" }]));
    let mut asked = request();
    asked["count"] = json!(4);
    let tasks = world.ok("RunTask", asked)["tasks"].as_array().expect("a list").clone();
    let zones: Vec<&Value> = tasks.iter().map(|task| &task["availabilityZone"]).collect();
    assert_eq!(zones, ["us-east-1a", "us-east-1b", "us-east-1a", "us-east-1b"]);
    let first = world.ok("ListTasks", json!({ "cluster": "shop", "maxResults": 3 }));
    assert_eq!(first["taskArns"].as_array().map(Vec::len), Some(3));
    let rest = json!({ "cluster": "shop", "maxResults": 3, "nextToken": first["nextToken"] });
    assert_eq!(world.ok("ListTasks", rest)["taskArns"].as_array().map(Vec::len), Some(1));
    let refusal =
        world.refused("ListTasks", json!({ "cluster": "shop", "startedBy": "me", "family": "web" }));
    assert_eq!(refusal, "InvalidParameterException: startedBy cannot be combined with another filter.");
}

/// API-13
#[test]
fn stopping_twice_changes_nothing_and_an_unknown_task_is_refused() {
    let (mut world, task) = after(json!([{ "name": "a", "image": "nginx" }]), 60);
    let asked = json!({ "cluster": "shop", "task": task["taskArn"], "reason": "enough" });
    world.ok("StopTask", asked.clone());
    world.wait(60);
    let again = world.ok("StopTask", asked);
    assert_eq!(again["task"]["stoppedReason"], "enough");
    assert_eq!(again["task"]["lastStatus"], "STOPPED");
    let refusal = world.refused("StopTask", json!({ "cluster": "shop", "task": "0123" }));
    assert_eq!(refusal, "InvalidParameterException: The referenced task was not found.");
}
