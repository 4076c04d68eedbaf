//! Capacity providers: their operations, what a cluster has of them, and how strategies share tasks out.

use crate::world::World;
use serde_json::{Value, json};

/// `echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config` in base64.
const JOINS_SHOP: &str = "ZWNobyBFQ1NfQ0xVU1RFUj1zaG9wID4+IC9ldGMvZWNzL2Vjcy5jb25maWc=";

fn provider(name: &str) -> Value {
    json!({"name": name, "autoScalingGroupProvider": {"autoScalingGroupArn": name}})
}

/// Auto Scaling groups of m5.large, without instances, for the cluster `shop`.
fn groups(world: &mut World, names: &[&str]) {
    let data = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": JOINS_SHOP});
    let template = json!({"LaunchTemplateName": "machines", "LaunchTemplateData": data});
    world.call("ec2", "CreateLaunchTemplate", template).expect("a template");
    for name in names {
        let group = json!({
            "AutoScalingGroupName": name, "MinSize": 0, "MaxSize": 9,
            "LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "$Latest"},
            "VPCZoneIdentifier": "subnet-pri-a,subnet-pri-b,subnet-pri-c",
        });
        world.call("autoscaling", "CreateAutoScalingGroup", group).expect("a group");
    }
}

/// From now on the group wants so many instances.
pub fn resize(world: &mut World, name: &str, count: u64) {
    let asked = json!({"AutoScalingGroupName": name, "DesiredCapacity": count});
    world.call("autoscaling", "SetDesiredCapacity", asked).expect("it is resized");
}

/// A world with a cluster, the provider `machines` with managed scaling, `own` without, and `idle`, which no
/// cluster has.
pub fn world() -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    groups(&mut world, &["machines", "own", "idle", "more"]);
    let mut scaled = provider("machines");
    scaled["autoScalingGroupProvider"]["managedScaling"] = json!({"status": "ENABLED", "targetCapacity": 80});
    world.ok("CreateCapacityProvider", scaled);
    world.ok("CreateCapacityProvider", provider("own"));
    world.ok("CreateCapacityProvider", provider("idle"));
    let put = json!({
        "cluster": "shop", "capacityProviders": ["FARGATE", "FARGATE_SPOT", "machines", "own"],
        "defaultCapacityProviderStrategy": [],
    });
    world.ok("PutClusterCapacityProviders", put);
    world.wait(30);
    world
}

/// rule | operation | input -> the refusal begins with
const REFUSED: &str = r#"
    CAP-01 | CreateCapacityProvider | {"name": "aws-mine"} -> ClientException: The specified capacity provider name is invalid. Up to 255
    CAP-01 | CreateCapacityProvider | {"name": "Fargate_2"} -> ClientException: The specified capacity provider name is invalid.
    CAP-01 | CreateCapacityProvider | {"name": "a b"} -> ClientException: The specified capacity provider name is invalid.
    CAP-01 | CreateCapacityProvider | {"name": "new"} -> InvalidParameterException: The capacity provider must specify an Auto Scaling group provider.
    CAP-01 | CreateCapacityProvider | {"name": "idle", "autoScalingGroupProvider": {"autoScalingGroupArn": "x"}} -> ClientException: The specified capacity provider already exists. To change the configuration
    CAP-01 | CreateCapacityProvider | {"name": "new", "managedInstancesProvider": {}} -> UnsupportedFeatureException: Capacity providers of Amazon ECS Managed Instances are not simulated.
    CAP-03 | CreateCapacityProvider | {"name": "new", "autoScalingGroupProvider": {"autoScalingGroupArn": "arn:x"}} -> ClientException: The specified Auto Scaling group ARN is invalid.
    CAP-03 | CreateCapacityProvider | {"name": "new", "autoScalingGroupProvider": {"autoScalingGroupArn": "idle"}} -> ClientException: The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique
    API-04 | CreateCapacityProvider | {"name": "new", "cluster": "nope"} -> ClusterNotFoundException: Cluster not found.
    API-11 | CreateCapacityProvider | {"name": "new", "tags": [{"key": "aws:x", "value": ""}]} -> InvalidParameterException: Tag key 'aws:x' is reserved for AWS use.
    CAP-16 | UpdateCapacityProvider | {"name": "idle", "autoScalingGroupProvider": {"managedScaling": {"targetCapacity": 101}}} -> InvalidParameterException: The targetCapacity of managed scaling must be between 1 and 100.
    CAP-16 | UpdateCapacityProvider | {"name": "idle", "autoScalingGroupProvider": {"managedScaling": {"instanceWarmupPeriod": -1}}} -> InvalidParameterException: The instanceWarmupPeriod of managed scaling must be between 0 and 10000.
    CAP-16 | UpdateCapacityProvider | {"name": "idle", "autoScalingGroupProvider": {"managedScaling": {"minimumScalingStepSize": 9, "maximumScalingStepSize": 8}}} -> InvalidParameterException: The minimumScalingStepSize of managed scaling must not be greater than its maximumScalingStepSize.
    CAP-30 | UpdateCapacityProvider | {"name": "idle", "autoScalingGroupProvider": {"managedTerminationProtection": "ENABLED"}} -> ClientException: The managed termination protection setting for the capacity provider is invalid.
    CAP-30 | CreateCapacityProvider | {"name": "new", "autoScalingGroupProvider": {"autoScalingGroupArn": "more", "managedTerminationProtection": "ENABLED", "managedScaling": {"status": "ENABLED"}}} -> ClientException: The managed termination protection setting for the capacity provider is invalid. To enable managed termination protection for a capacity provider, the Auto Scaling group must have instance protection from scale in enabled.
    CAP-01 | UpdateCapacityProvider | {"name": "nope"} -> InvalidParameterException: The specified capacity provider 'nope' was not found. Specify a valid capacity provider name or ARN and try again.
    CAP-01 | UpdateCapacityProvider | {"name": "FARGATE"} -> InvalidParameterException: The capacity provider FARGATE is managed by AWS and cannot be updated.
    CAP-01 | UpdateCapacityProvider | {"name": "idle", "managedInstancesProvider": {}} -> UnsupportedFeatureException: Capacity providers of Amazon ECS Managed
    CAP-01 | DeleteCapacityProvider | {"capacityProvider": "FARGATE_SPOT"} -> InvalidParameterException: The capacity provider FARGATE_SPOT is managed by AWS and cannot be deleted.
    CAP-01 | DeleteCapacityProvider | {"capacityProvider": "nope"} -> InvalidParameterException: The specified capacity provider 'nope' was not found.
    API-07 | DescribeCapacityProviders | {"maxResults": 11} -> InvalidParameterException: maxResults
    API-04 | DescribeCapacityProviders | {"cluster": "nope"} -> ClusterNotFoundException: Cluster not found.
    API-04 | PutClusterCapacityProviders | {"cluster": "nope", "capacityProviders": [], "defaultCapacityProviderStrategy": []} -> ClusterNotFoundException: Cluster not found.
    CAP-01 | PutClusterCapacityProviders | {"cluster": "shop", "capacityProviders": ["nope"], "defaultCapacityProviderStrategy": []} -> InvalidParameterException: The specified capacity provider 'nope' was not found.
    CAP-02 | PutClusterCapacityProviders | {"cluster": "shop", "capacityProviders": [], "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: The specified capacity provider strategy cannot contain a capacity provider that is not associated
    CAP-04 | PutClusterCapacityProviders | {"cluster": "shop", "capacityProviders": ["FARGATE", "machines"], "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}, {"capacityProvider": "machines", "weight": 1}]} -> InvalidParameterException: A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.
    CAP-03 | CreateCluster | {"clusterName": "other", "capacityProviders": ["machines"]} -> InvalidParameterException: The capacity provider 'machines' has managed scaling enabled and is already associated with another cluster.
    API-15 | UpdateCluster | {"cluster": "shop", "settings": [{"name": "containerInsights", "value": "on"}]} -> InvalidParameterException: Invalid value 'on' for setting containerInsights.
    API-15 | UpdateCluster | {"cluster": "shop", "serviceConnectDefaults": {"namespace": "n"}} -> NamespaceNotFoundException: The specified namespace was not found.
    API-04 | UpdateClusterSettings | {"cluster": "nope", "settings": []} -> ClusterNotFoundException: Cluster not found.
"#;

#[test]
fn refusals_come_in_aws_words() {
    for row in REFUSED.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (call, expected) = row.split_once(" -> ").unwrap();
        let [rule, operation, input] = call.splitn(3, " | ").collect::<Vec<_>>()[..] else { panic!("{row}") };
        let input: Value = serde_json::from_str(input).expect(row);
        let mut world = world();
        let before = world.sim.clone();
        let refusal = world.ecs(operation, input).expect_err(row);
        assert_eq!(world.sim, before, "a refused request changes nothing: {row}");
        assert!(refusal.to_string().starts_with(expected), "{row}\n  said {refusal}");
        assert_eq!(refusal.rule.id, rule, "{row}");
    }
}

/// CAP-01, CAP-16: what a provider is made of, with the defaults, and its tags.
#[test]
fn a_provider_of_a_group_has_aws_defaults() {
    let mut world = world();
    let asked = json!({"capacityProviders": ["machines", "idle", "FARGATE_SPOT", "nope"]});
    let shown = world.ok("DescribeCapacityProviders", asked);
    let [machines, idle, spot] = &shown["capacityProviders"].as_array().unwrap()[..] else {
        panic!("{shown}")
    };
    let scaling = &machines["autoScalingGroupProvider"]["managedScaling"];
    assert_eq!(
        *scaling,
        json!({"status": "ENABLED", "targetCapacity": 80, "minimumScalingStepSize": 1,
               "maximumScalingStepSize": 10000, "instanceWarmupPeriod": 300})
    );
    let provider = &idle["autoScalingGroupProvider"];
    assert_eq!(provider["managedScaling"], json!({"status": "DISABLED"}));
    assert_eq!(provider["managedTerminationProtection"], "DISABLED");
    assert_eq!(provider["managedDraining"], "ENABLED");
    assert_eq!((&idle["type"], &spot["type"]), (&json!("EC2_AUTOSCALING"), &json!("FARGATE_SPOT")));
    assert_eq!(shown["failures"][0]["reason"], "MISSING");
    let arn = "arn:aws:ecs:us-east-1:111122223333:capacity-provider/idle";
    assert_eq!(idle["capacityProviderArn"], arn);
    world.ok("TagResource", json!({"resourceArn": arn, "tags": [{"key": "team", "value": "a"}]}));
    let asked = json!({"capacityProviders": [arn], "include": ["TAGS"]});
    let shown = world.ok("DescribeCapacityProviders", asked);
    assert_eq!(shown["capacityProviders"][0]["tags"], json!([{"key": "team", "value": "a"}]));
    let all = world.ok("DescribeCapacityProviders", json!({"maxResults": 3}));
    assert_eq!(all["capacityProviders"].as_array().unwrap().len(), 3);
    let rest = world.ok("DescribeCapacityProviders", json!({"nextToken": all["nextToken"]}));
    assert_eq!(rest["capacityProviders"].as_array().unwrap().len(), 2);
    let here = world.ok("DescribeCapacityProviders", json!({"cluster": "shop"}));
    assert_eq!(here["capacityProviders"].as_array().unwrap().len(), 4);
}

/// CAP-02, SIM-20: providers of groups take a moment, Fargate none, and meanwhile there is no second change.
#[test]
fn what_a_group_needs_in_a_cluster_takes_a_moment() {
    let mut world = World::new();
    groups(&mut world, &["machines"]);
    world.ok("CreateCapacityProvider", provider("machines"));
    let fargate = json!({"clusterName": "far", "capacityProviders": ["FARGATE"]});
    let far = world.ok("CreateCluster", fargate)["cluster"].take();
    assert_eq!((&far["status"], far.get("attachmentsStatus")), (&json!("ACTIVE"), None));
    let made = world.ok("CreateCluster", json!({"clusterName": "shop", "capacityProviders": ["machines"]}));
    assert_eq!(made["cluster"]["status"], "PROVISIONING");
    assert_eq!(made["cluster"]["attachmentsStatus"], "UPDATE_IN_PROGRESS");
    assert_eq!(made["cluster"]["attachments"][0]["status"], "PRECREATED");
    let mut put =
        json!({"cluster": "shop", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": []});
    let refusal = world.refused("PutClusterCapacityProviders", put.clone());
    assert!(refusal.starts_with("UpdateInProgressException: The specified cluster is in a busy state."));
    world.wait(20);
    let asked = json!({"clusters": ["shop"], "include": ["ATTACHMENTS"]});
    let shown = world.ok("DescribeClusters", asked)["clusters"][0].take();
    assert_eq!(
        (&shown["status"], &shown["attachmentsStatus"]),
        (&json!("ACTIVE"), &json!("UPDATE_COMPLETE"))
    );
    assert_eq!(shown["attachments"][0]["type"], "managed_draining");
    assert_eq!(shown["attachments"][0]["details"][0]["value"], "machines");
    // What is left out is disassociated.
    put["capacityProviders"] = json!(["FARGATE_SPOT"]);
    let shown = world.ok("PutClusterCapacityProviders", put)["cluster"].take();
    assert_eq!(shown["capacityProviders"], json!(["FARGATE_SPOT"]));
    assert_eq!(shown["attachments"], json!([]));
    world.wait(20);
    let many = vec!["FARGATE"; 21];
    let asked = json!({"cluster": "shop", "capacityProviders": many, "defaultCapacityProviderStrategy": []});
    assert_eq!(
        world.refused("PutClusterCapacityProviders", asked),
        "InvalidParameterException: The maximum number of capacity providers per cluster has been exceeded."
    );
}

/// CAP-02: a provider that a cluster has is not deleted, and the answer says so; a free one goes.
#[test]
fn a_provider_goes_once_no_cluster_has_it() {
    let mut world = world();
    let status = |answer: &Value| answer["capacityProvider"]["updateStatus"].as_str().unwrap().to_string();
    let answer = world.ok("DeleteCapacityProvider", json!({"capacityProvider": "machines"}));
    assert_eq!(status(&answer), "DELETE_FAILED");
    assert_eq!(
        answer["capacityProvider"]["updateStatusReason"],
        "The capacity provider cannot be deleted because it is associated with cluster: shop. Remove the capacity provider from the cluster and try again."
    );
    let change =
        json!({"name": "machines", "autoScalingGroupProvider": {"managedScaling": {"targetCapacity": 60}}});
    assert_eq!(status(&world.ok("UpdateCapacityProvider", change)), "UPDATE_IN_PROGRESS");
    world.wait(10);
    let shown = world.ok("DescribeCapacityProviders", json!({"capacityProviders": ["machines"]}));
    assert_eq!(shown["capacityProviders"][0]["updateStatus"], "UPDATE_COMPLETE");
    let answer = world.ok("DeleteCapacityProvider", json!({"capacityProvider": "idle"}));
    assert_eq!(status(&answer), "DELETE_IN_PROGRESS");
    world.wait(10);
    let shown = world.ok("DescribeCapacityProviders", json!({"capacityProviders": ["idle"]}));
    assert_eq!(shown["failures"][0]["reason"], "MISSING");
    world.ok("CreateCapacityProvider", provider("idle"));
}

/// API-15: a cluster's settings change, and what is not asked for stays.
#[test]
fn settings_of_a_cluster_change() {
    let mut world = world();
    let asked = json!({"cluster": "shop", "settings": [{"name": "containerInsights", "value": "enhanced"}]});
    let shown = world.ok("UpdateClusterSettings", asked);
    assert_eq!(shown["cluster"]["settings"], json!([{"name": "containerInsights", "value": "enhanced"}]));
    let asked =
        json!({"cluster": "shop", "configuration": {"executeCommandConfiguration": {"logging": "NONE"}}});
    let shown = world.ok("UpdateCluster", asked)["cluster"].take();
    assert_eq!(shown["configuration"]["executeCommandConfiguration"]["logging"], "NONE");
    assert_eq!(shown["settings"][0]["value"], "enhanced");
}

fn fargate_service(world: &mut World, name: &str, strategy: Value) {
    let definition = json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
        "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "web", "image": "shop/web:1"}],
    });
    world.ok("RegisterTaskDefinition", definition);
    let mut asked = json!({
        "cluster": "shop", "serviceName": name, "taskDefinition": "web", "desiredCount": 0,
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}},
    });
    match strategy {
        Value::String(word) => asked["launchType"] = json!(word),
        strategy => asked["capacityProviderStrategy"] = strategy,
    }
    world.ok("CreateService", asked);
}

/// CAP-07: a strategy comes and goes without a deployment; an empty list gives the launch type back.
#[test]
fn the_strategy_of_a_service_changes_without_a_deployment() {
    let mut world = world();
    fargate_service(&mut world, "web", json!("FARGATE"));
    let first =
        world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}))["services"][0].take();
    let update =
        |strategy: Value| json!({"cluster": "shop", "service": "web", "capacityProviderStrategy": strategy});
    let changed =
        world.ok("UpdateService", update(json!([{"capacityProvider": "FARGATE_SPOT", "weight": 1}])));
    let changed = &changed["service"];
    assert_eq!(changed["capacityProviderStrategy"][0]["capacityProvider"], "FARGATE_SPOT");
    assert!(changed.get("launchType").is_none());
    assert_eq!(changed["deployments"][0]["id"], first["deployments"][0]["id"]);
    let back = world.ok("UpdateService", update(json!([])))["service"].take();
    assert_eq!((&back["launchType"], back.get("capacityProviderStrategy")), (&json!("FARGATE"), None));
}
