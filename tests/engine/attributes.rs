//! Registration by request, and custom attributes.

use crate::world::World;
use serde_json::{Value, json};

/// A world with the cluster `shop`.
fn world() -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    world
}

/// A good request to register an instance.
fn joining(id: &str) -> Value {
    json!({
        "cluster": "shop",
        "instanceIdentityDocument": json!({ "instanceId": id, "availabilityZone": "us-east-1b" }).to_string(),
        "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": 2048 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 4096 },
            { "name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22", "80"] },
            { "name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": ["53"] },
        ],
        "attributes": [{ "name": "stack", "value": "prod" }, { "name": "gpu" }],
        "versionInfo": { "agentVersion": "1.90.0" },
    })
}

fn join(world: &mut World, id: &str) -> Value {
    world.ok("RegisterContainerInstance", joining(id))["containerInstance"].clone()
}

/// CINST-01, CINST-02: what an agent says is what the cluster has.
#[test]
fn an_instance_can_be_registered_by_request() {
    let mut world = world();
    let found = join(&mut world, "i-1");
    assert_eq!((&found["status"], &found["agentConnected"]), (&json!("ACTIVE"), &json!(true)));
    assert_eq!(found["ec2InstanceId"], "i-1");
    assert_eq!(found["versionInfo"]["agentVersion"], "1.90.0");
    assert_eq!(found["registeredResources"][0]["integerValue"], 2048);
    assert_eq!(found["remainingResources"][1]["integerValue"], 4096);
    assert_eq!(found["remainingResources"][2]["stringSetValue"], json!(["22", "80"]));
    assert_eq!(found["remainingResources"][3]["stringSetValue"], json!(["53"]));
    let has = |name: &str, value: Value| {
        found["attributes"].as_array().expect("a list").contains(&json!({ "name": name, "value": value }))
    };
    assert!(has("stack", json!("prod")) && has("ecs.availability-zone", json!("us-east-1b")), "{found:#}");
    let again = join(&mut world, "i-1");
    assert_eq!(again["containerInstanceArn"], found["containerInstanceArn"], "the same one, not a second");
    let tcp = |port: u64, protocol: &str| {
        json!({ "family": format!("p{port}{protocol}"), "networkMode": "bridge", "containerDefinitions": [{
            "name": "a", "image": "nginx", "memory": 64,
            "portMappings": [{ "containerPort": port, "hostPort": port, "protocol": protocol }] }] })
    };
    for (port, protocol, fits) in
        [(80, "tcp", false), (53, "udp", false), (53, "tcp", true), (80, "udp", true)]
    {
        world.ok("RegisterTaskDefinition", tcp(port, protocol));
        let family = format!("p{port}{protocol}");
        let answer = world.ok("RunTask", json!({ "cluster": "shop", "taskDefinition": family }));
        assert_eq!(answer["failures"] == json!([]), fits, "{family}");
    }
}

/// rule | what is changed in a good request (JSON merge) -> the refusal
const REFUSED: &str = r#"
API-04 | {"cluster": "nope"} -> ClusterNotFoundException: Cluster not found.
CINST-01 | {"instanceIdentityDocument": "i-1"} -> InvalidParameterException: Unable to read the instance identity document.
CINST-01 | {"instanceIdentityDocument": "{}"} -> InvalidParameterException: The instance identity document names no instance.
CINST-01 | {"containerInstanceArn": "arn:aws:ecs:us-east-1:111122223333:container-instance/shop/0"} -> InvalidParameterException: The referenced container instance was not found.
CINST-01 | {"cluster": "other"} -> InvalidParameterException: The instance is registered with another cluster.
CINST-02 | {"totalResources": []} -> InvalidParameterException: totalResources must have CPU and MEMORY.
CINST-02 | {"totalResources": [{"name": "DISK", "type": "INTEGER", "integerValue": 1}]} -> InvalidParameterException: Invalid resource 'DISK' in totalResources.
CINST-02 | {"totalResources": [{"name": "CPU", "type": "INTEGER", "integerValue": -1}]} -> InvalidParameterException: Invalid resource 'CPU' in totalResources.
CINST-02 | {"totalResources": [{"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["http"]}]} -> InvalidParameterException: Invalid resource 'PORTS' in totalResources.
CINST-08 | {"attributes": [{"name": "a b"}]} -> InvalidParameterException: Invalid attribute name 'a b'.
CINST-08 | {"attributes": [{"name": "a", "value": " b"}]} -> InvalidParameterException: Invalid value ' b' for attribute 'a'.
CINST-08 | {"attributes": [{"name": "1"}, {"name": "2"}, {"name": "3"}, {"name": "4"}, {"name": "5"}, {"name": "6"}, {"name": "7"}, {"name": "8"}, {"name": "9"}, {"name": "10"}, {"name": "11"}]} -> InvalidParameterException: You can apply up to 10 custom attributes per resource.
"#;

#[test]
fn a_registration_that_cannot_be_is_refused() {
    let mut world = world();
    world.ok("CreateCluster", json!({ "clusterName": "other" }));
    join(&mut world, "i-1");
    for row in REFUSED.lines().filter(|row| !row.is_empty()) {
        let (row, refusal) = row.split_once(" -> ").expect("a row has a refusal");
        let (rule, change) = row.split_once(" | ").expect("a row names its rule");
        let mut request = joining("i-1");
        let change: Value = serde_json::from_str(change).expect("a change is JSON");
        for (name, value) in change.as_object().expect("members") {
            request[name] = value.clone();
        }
        assert_eq!(world.refused("RegisterContainerInstance", request), refusal, "{rule}");
    }
}

/// CINST-08: attributes are put, changed, listed and taken off; placement asks for them.
#[test]
fn custom_attributes_come_and_go() {
    let mut world = world();
    let (one, two) = (join(&mut world, "i-1"), join(&mut world, "i-2"));
    let (one, two) = (one["containerInstanceArn"].clone(), two["containerInstanceArn"].clone());
    let shown = |name: &str, value: &str, target: &Value| json!({ "name": name, "value": value, "targetType": "container-instance", "targetId": target });
    let short = one.as_str().and_then(|arn| arn.rsplit('/').next()).expect("an id");
    let put = json!({ "cluster": "shop", "attributes": [
        { "name": "stack", "value": "test", "targetType": "container-instance", "targetId": short },
        { "name": "rack", "value": "r 7", "targetId": two },
    ] });
    let answer = world.ok("PutAttributes", put);
    assert_eq!(answer["attributes"], json!([shown("stack", "test", &one), shown("rack", "r 7", &two)]));
    let list = |world: &mut World, more: Value| {
        let mut asked = json!({ "cluster": "shop", "targetType": "container-instance" });
        for (name, value) in more.as_object().expect("members") {
            asked[name] = value.clone();
        }
        world.ok("ListAttributes", asked)["attributes"].clone()
    };
    let named = list(&mut world, json!({ "attributeName": "stack", "attributeValue": "test" }));
    assert_eq!(named, json!([shown("stack", "test", &one)]));
    let both = list(&mut world, json!({ "attributeName": "stack" }));
    assert_eq!(both.as_array().map(Vec::len), Some(2));
    let filter = json!({ "cluster": "shop", "filter": "attribute:rack == 'r 7'" });
    assert_eq!(world.ok("ListContainerInstances", filter)["containerInstanceArns"], json!([two]));
    let gone = json!({ "cluster": "shop", "attributes": [
        { "name": "stack", "targetId": one }, { "name": "rack", "targetId": one },
    ] });
    let answer = world.ok("DeleteAttributes", gone);
    assert_eq!(answer["attributes"], json!([shown("stack", "test", &one)]), "only what was there");
    assert_eq!(list(&mut world, json!({ "attributeName": "stack", "attributeValue": "test" })), json!([]));
    let first = world.ok(
        "ListAttributes",
        json!({ "cluster": "shop", "targetType": "container-instance", "maxResults": 3 }),
    );
    assert_eq!(first["attributes"].as_array().map(Vec::len), Some(3), "API-07");
    assert!(first["nextToken"].is_string());
}

/// CINST-08: operation | attribute -> the refusal
#[test]
fn attributes_that_cannot_be_changed_are_refused() {
    let mut world = world();
    let arn = join(&mut world, "i-1")["containerInstanceArn"].clone();
    let rows = [
        (json!([]), "InvalidParameterException: attributes should have between 1 and 10 items."),
        (
            json!([{ "name": "ecs.instance-type", "value": "x", "targetId": arn }]),
            "InvalidParameterException: The attribute 'ecs.instance-type' is set by Amazon ECS and cannot be changed.",
        ),
        (json!([{ "name": "a" }]), "InvalidParameterException: Target id can not be blank."),
        (
            json!([{ "name": "a", "targetId": "0" }]),
            "InvalidParameterException: Target type can not be blank for a target id that is no ARN.",
        ),
        (
            json!([{ "name": "a", "targetId": "0", "targetType": "container-instance" }]),
            "TargetNotFoundException: Unable to find the target 0.",
        ),
    ];
    for (attributes, refusal) in rows {
        for operation in ["PutAttributes", "DeleteAttributes"] {
            let asked = json!({ "cluster": "shop", "attributes": attributes });
            assert_eq!(world.refused(operation, asked), refusal, "{operation}");
        }
    }
    let many = |from: u64| -> Vec<Value> {
        (from..from + 9).map(|number| json!({ "name": format!("a{number}"), "targetId": arn })).collect()
    };
    let refusal = world.refused("PutAttributes", json!({ "cluster": "shop", "attributes": many(0) }));
    assert_eq!(
        refusal,
        "AttributeLimitExceededException: You can apply up to 10 custom attributes per resource."
    );
    let eight = json!({ "cluster": "shop", "attributes": many(0)[..8] });
    world.ok("PutAttributes", eight);
}

/// SVC-07: a task that waits for an attribute is placed when somebody puts it there.
#[test]
fn a_service_notices_a_new_value_of_an_attribute() {
    let mut world = world();
    let arn = join(&mut world, "i-1")["containerInstanceArn"].clone();
    world.ok(
        "RegisterTaskDefinition",
        json!({ "family": "web", "containerDefinitions": [{ "name": "web", "image": "shop/web:1", "memory": 64 }] }),
    );
    let constraints = json!([{ "type": "memberOf", "expression": "attribute:stack == test" }]);
    let asked = json!({ "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
        "placementConstraints": constraints });
    world.ok("CreateService", asked);
    let tasks = |world: &mut World| {
        let listed = world.ok("ListTasks", json!({ "cluster": "shop" }));
        listed["taskArns"].as_array().map(Vec::len)
    };
    world.wait(60);
    assert_eq!(tasks(&mut world), Some(0));
    let put = json!([{ "name": "stack", "value": "test", "targetId": arn }]);
    world.ok("PutAttributes", json!({ "cluster": "shop", "attributes": put }));
    world.wait(11);
    assert_eq!(tasks(&mut world), Some(1));
}
