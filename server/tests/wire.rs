//! Over real sockets: what clients of each protocol send, and what they hear.

mod support;

use serde_json::json;
use support::Served;

const ECS: &str = "AmazonEC2ContainerServiceV20141113";

#[test]
fn ecs_answers_in_json() {
    let served = Served::manual(7);
    let made = served.json(ECS, "CreateCluster", &json!({ "clusterName": "shop" }));
    assert_eq!(made.status, 200);
    assert_eq!(made.header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(made.json()["cluster"]["clusterArn"], "arn:aws:ecs:us-east-1:111122223333:cluster/shop");
    let listed = served.json(ECS, "ListClusters", &json!({}));
    assert_eq!(listed.json(), json!({ "clusterArns": ["arn:aws:ecs:us-east-1:111122223333:cluster/shop"] }));
    assert_ne!(made.header("x-amzn-requestid"), listed.header("x-amzn-requestid"));
}

#[test]
fn times_are_seconds_with_their_fraction() {
    let served = Served::manual(7);
    served.post("/drydock/advance", &json!({ "seconds": 12.345 }));
    let family = json!({
        "family": "web",
        "containerDefinitions": [{ "name": "web", "image": "shop/web:1", "memory": 128 }],
    });
    let made = served.json(ECS, "RegisterTaskDefinition", &family).json();
    assert_eq!(made["taskDefinition"]["registeredAt"], json!(1_767_603_612.345));
}

#[test]
fn mistakes_have_their_codes_in_json() {
    let served = Served::manual(7);
    let rows = [
        ("ListEverything", "{}", "UnknownOperationException"),
        ("CreateCluster", "{", "SerializationException"),
        ("CreateCluster", "[]", "SerializationException"),
        ("CreateCluster", r#"{"clusterName": 3}"#, "SerializationException"),
        ("DescribeServices", r#"{"services": "web"}"#, "SerializationException"),
        ("DescribeServices", "{}", "InvalidParameterException"),
        ("DescribeServices", r#"{"services": ["web"], "cluster": "no"}"#, "ClusterNotFoundException"),
    ];
    for (operation, body, code) in rows {
        let refused = served.raw_json(ECS, operation, body);
        assert_eq!(refused.status, 400, "{operation} {body}");
        assert_eq!(refused.json()["__type"], code, "{operation} {body}");
        assert_eq!(refused.header("x-amzn-errortype"), Some(code), "{operation} {body}");
        assert!(refused.header("x-amzn-requestid").is_some_and(|id| id.len() == 36), "{operation} {body}");
    }
}
