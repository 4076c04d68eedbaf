//! Service deployments: the history of a service's changes, and stopping one.

use crate::world::World;
use serde_json::{Value, json};

/// A steady Fargate service `web` of two tasks, its breaker on.
fn shop() -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/web:1");
    world.ok(
        "CreateService",
        json!({
            "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2,
            "launchType": "FARGATE",
            "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}},
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a"]}},
        }),
    );
    world.wait(300);
    world
}

fn register(world: &mut World, image: &str) {
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "web", "image": image}],
        }),
    );
}

fn update(world: &mut World, image: &str) {
    register(world, image);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
}

fn list(world: &mut World, more: Value) -> Vec<Value> {
    let mut input = json!({"cluster": "shop", "service": "web"});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    world.ok("ListServiceDeployments", input)["serviceDeployments"].as_array().unwrap().clone()
}

fn statuses(world: &mut World) -> Vec<String> {
    list(world, json!({})).iter().map(|it| it["status"].as_str().unwrap().to_string()).collect()
}

/// The newest service deployment in full.
fn newest(world: &mut World) -> Value {
    let arn = list(world, json!({}))[0]["serviceDeploymentArn"].clone();
    world.ok("DescribeServiceDeployments", json!({"serviceDeploymentArns": [arn]}))["serviceDeployments"][0]
        .take()
}

#[test]
fn each_deployment_is_kept_newest_first() {
    // DEPLOY-04: IN_PROGRESS, SUCCESSFUL; DEPLOY-05: a superseded one is STOPPED.
    let mut world = shop();
    assert_eq!(statuses(&mut world), ["SUCCESSFUL"]);
    update(&mut world, "shop/web:2");
    assert_eq!(statuses(&mut world), ["IN_PROGRESS", "SUCCESSFUL"]);
    let going = newest(&mut world);
    assert_eq!(going["sourceServiceRevisions"][0]["runningTaskCount"], 2);
    assert_eq!(going["targetServiceRevision"]["requestedTaskCount"], 2);
    assert_eq!(going["targetServiceRevision"]["pendingTaskCount"], 2);
    assert_eq!(
        going["deploymentCircuitBreaker"],
        json!({"status": "MONITORING", "failureCount": 0, "threshold": 3})
    );
    update(&mut world, "shop/web:1");
    world.wait(300);
    assert_eq!(statuses(&mut world), ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]);
    assert_eq!(newest(&mut world)["deploymentCircuitBreaker"]["status"], "MONITORING_COMPLETE");
    assert_eq!(list(&mut world, json!({"status": ["STOPPED"]})).len(), 1);
    assert_eq!(list(&mut world, json!({"maxResults": 2})).len(), 2);
    // Scaling is none.
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 3}));
    assert_eq!(statuses(&mut world).len(), 3);
    let answer = world.ok("DescribeServiceDeployments", json!({"serviceDeploymentArns": ["arn:aws:ecs:us-east-1:111122223333:service-deployment/shop/web/none"]}));
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
}

#[test]
fn the_breaker_rolls_a_service_deployment_back() {
    let mut world = shop();
    update(&mut world, "shop/web:3-crash");
    let mut seen = Vec::new();
    for _ in 0..900 {
        world.wait(1);
        let status = statuses(&mut world)[0].clone();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    assert_eq!(seen, ["IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]);
    let over = newest(&mut world);
    assert_eq!(over["deploymentCircuitBreaker"]["status"], "TRIGGERED");
    // Both tasks of the second round fail.
    assert!(over["deploymentCircuitBreaker"]["failureCount"].as_u64() >= Some(3));
    assert!(
        over["rollback"]["reason"]
            .as_str()
            .unwrap()
            .starts_with("ECS deployment circuit breaker: rolling back")
    );
    assert_eq!(over["rollback"]["serviceRevisionArn"], over["sourceServiceRevisions"][0]["arn"]);
}

#[test]
fn a_deployment_in_progress_can_be_stopped_and_is_rolled_back() {
    let mut world = shop();
    let first = list(&mut world, json!({}))[0]["serviceDeploymentArn"].clone();
    update(&mut world, "shop/web:2");
    world.wait(20);
    let arn = list(&mut world, json!({}))[0]["serviceDeploymentArn"].clone();
    for (input, code) in [
        (json!({"serviceDeploymentArn": arn, "stopType": "ABORT"}), "InvalidParameterException"),
        (json!({"serviceDeploymentArn": first}), "ConflictException"),
        (
            json!({"serviceDeploymentArn": "arn:aws:ecs:us-east-1:111122223333:service-deployment/shop/web/none"}),
            "ServiceDeploymentNotFoundException",
        ),
    ] {
        assert!(world.refused("StopServiceDeployment", input).contains(code));
    }
    world.ok("StopServiceDeployment", json!({"serviceDeploymentArn": arn, "stopType": "ROLLBACK"}));
    assert_eq!(statuses(&mut world)[0], "ROLLBACK_IN_PROGRESS");
    world.wait(300);
    assert_eq!(statuses(&mut world), ["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]);
    let mut answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    let service = answer["services"][0].take();
    assert!(service["taskDefinition"].as_str().unwrap().ends_with("web:1"));
    assert_eq!(service["runningCount"], 2);
    assert_eq!(newest(&mut world)["deploymentCircuitBreaker"]["status"], "MONITORING_COMPLETE");
}

#[test]
fn a_service_revision_is_what_a_deployment_ran_when_it_began() {
    let mut world = shop();
    update(&mut world, "shop/web:2");
    let arns: Vec<Value> =
        list(&mut world, json!({})).iter().map(|it| it["targetServiceRevisionArn"].clone()).collect();
    let far = "arn:aws:ecs:us-east-1:111122223333:service-revision/shop/web/1";
    let answer = world
        .ok("DescribeServiceRevisions", json!({"serviceRevisionArns": [arns[0], arns[1], far, "nonsense"]}));
    let revisions = answer["serviceRevisions"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> =
        revisions.iter().map(|it| (&it["taskDefinition"], &it["containerImages"][0]["image"])).collect();
    let named =
        |number: u64| json!(format!("arn:aws:ecs:us-east-1:111122223333:task-definition/web:{number}"));
    assert_eq!(told, [(&named(2), &json!("shop/web:2")), (&named(1), &json!("shop/web:1"))]);
    assert_eq!(revisions[0]["launchType"], "FARGATE");
    assert_eq!(revisions[0]["platformVersion"], "1.4.0");
    assert_eq!(
        answer["failures"],
        json!([{"arn": far, "reason": "MISSING"}, {"arn": "nonsense", "reason": "MISSING"}])
    );
    for arns in [Vec::new(), vec![arns[0].clone(); 21]] {
        let refused = world.refused("DescribeServiceRevisions", json!({"serviceRevisionArns": arns}));
        assert!(refused.contains("InvalidParameterException"));
    }
}

#[test]
fn a_service_names_its_newest_deployment_and_what_runs_now() {
    let mut world = shop();
    update(&mut world, "shop/web:2");
    let entries = list(&mut world, json!({}));
    let mut answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    let service = answer["services"][0].take();
    assert_eq!(service["currentServiceDeployment"], entries[0]["serviceDeploymentArn"]);
    let summary = |place: usize, requested: u64, running: u64, pending: u64| {
        json!({"arn": entries[place]["targetServiceRevisionArn"], "requestedTaskCount": requested,
               "runningTaskCount": running, "pendingTaskCount": pending})
    };
    assert_eq!(service["currentServiceRevisions"], json!([summary(0, 2, 0, 2), summary(1, 0, 2, 0)]));
    assert_eq!(service["resourceManagementType"], "CUSTOMER");
    let listed = |world: &mut World, word: &str| {
        world.ok("ListServices", json!({"cluster": "shop", "resourceManagementType": word}))["serviceArns"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((listed(&mut world, "CUSTOMER"), listed(&mut world, "ECS")), (1, 0));
}

#[test]
fn a_rollback_that_fails_too_is_over_and_failed() {
    // DEPLOY-04, DEPLOY-23: the one machine is gone, so neither the new revision nor the old one finds a place.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let machine = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "SubnetId": "subnet-pri-a",
        "UserData": "ECS_CLUSTER=shop"});
    let machine = world.call("ec2", "RunInstances", machine).unwrap()["Instances"][0]["InstanceId"].clone();
    world.wait(120);
    for _ in 0..2 {
        let container = json!({"name": "web", "image": "shop/web:1", "memory": 200});
        world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [container]}));
    }
    let count = json!({"type": "COUNT", "value": 2});
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web:1", "desiredCount": 1,
               "deploymentConfiguration": {"deploymentCircuitBreaker":
                   {"enable": true, "rollback": true, "thresholdConfiguration": count}}}),
    );
    world.wait(200);
    let first = newest(&mut world);
    assert_eq!(
        (first["status"].as_str(), first["finishedAt"] == first["updatedAt"]),
        (Some("SUCCESSFUL"), true)
    );
    world.call("ec2", "TerminateInstances", json!({"InstanceIds": [machine]})).unwrap();
    world.wait(60);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web:2"}));
    world.wait(300);
    let over = newest(&mut world);
    assert_eq!(over["status"], "ROLLBACK_FAILED");
    assert_eq!(over["finishedAt"], over["updatedAt"]);
    assert!(over["finishedAt"].is_number() || over["finishedAt"].is_string(), "{over}");
}

#[test]
fn only_an_open_entry_counts_with_its_deployment() {
    // DEPLOY-04: what a deployment that is over had counted stays.
    use drydock::ecs::service_deployment::{Status, breaker_counts};
    let world = shop();
    let mut service = world.sim.state().services.values().next().unwrap().clone();
    service.deployments[0].failed_tasks = 7;
    let mut entry = service.history.last().unwrap().clone();
    entry.failures = 1;
    for (open, own, expected) in [(true, true, 7), (true, false, 1), (false, true, 1), (false, false, 1)] {
        let mut entry = entry.clone();
        entry.status = if open { Status::InProgress } else { Status::Successful };
        if !own {
            entry.target = "ecs-svc/0".to_string();
        }
        assert_eq!(breaker_counts(&service, &entry), (expected, Some(3)), "open: {open}, own: {own}");
    }
}
