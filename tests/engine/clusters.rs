//! Clusters and tags: their errors, their counts, their pages.

use crate::world::World;
use serde_json::json;

#[test]
fn a_cluster_is_there_at_once_and_its_name_is_free_after_deletion() {
    let mut world = World::new();
    let created = world.ok("CreateCluster", json!({"clusterName": "shop"}));
    assert_eq!(created["cluster"]["status"], "ACTIVE");
    assert_eq!(created["cluster"]["clusterArn"], "arn:aws:ecs:us-east-1:111122223333:cluster/shop");
    assert_eq!(created["cluster"]["settings"], json!([{"name": "containerInsights", "value": "disabled"}]));
    // API-15: the same name gives back the same cluster.
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    assert_eq!(world.ok("ListClusters", json!({}))["clusterArns"].as_array().unwrap().len(), 1);
    // API-14.
    let deleted = world.ok("DeleteCluster", json!({"cluster": "shop"}));
    assert_eq!(deleted["cluster"]["status"], "INACTIVE");
    assert_eq!(world.ok("ListClusters", json!({}))["clusterArns"], json!([]));
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
}

#[test]
fn a_cluster_that_is_not_there_is_a_failure_or_an_error() {
    let mut world = World::new();
    // API-04.
    let described = world.ok("DescribeClusters", json!({"clusters": ["nope"]}));
    assert_eq!(described["clusters"], json!([]));
    assert_eq!(
        described["failures"],
        json!([{"arn": "arn:aws:ecs:us-east-1:111122223333:cluster/nope", "reason": "MISSING"}])
    );
    assert_eq!(
        world.refused("DeleteCluster", json!({"cluster": "nope"})),
        "ClusterNotFoundException: Cluster not found."
    );
}

/// operation | input -> the refusal begins with
const REFUSED: &str = r#"
    CreateCluster | {"clusterName": "a b"} -> InvalidParameterException: Cluster name contains invalid characters.
    CreateCluster | {"clusterName": ""} -> InvalidParameterException: Cluster name must have
    CreateCluster | {"clusterName": 7} -> ParamValidation: Invalid type for parameter clusterName
    CreateCluster | {"clustername": "x"} -> ParamValidation: Unknown parameter in input: "clustername"
    CreateCluster | {"tags": [{"key": "aws:x", "value": "1"}]} -> InvalidParameterException: Tag key 'aws:x' is reserved for AWS use.
    CreateCluster | {"tags": [{"key": "a"}, {"key": "a"}]} -> InvalidParameterException: Duplicate tag keys found: a.
    CreateCluster | {"settings": [{"name": "nope", "value": "enabled"}]} -> InvalidParameterException: Value 'nope' at 'name' failed to satisfy constraint
    CreateCluster | {"settings": [{"name": "containerInsights", "value": "on"}]} -> InvalidParameterException: Invalid value 'on'
    CreateCluster | {"capacityProviders": ["mine"]} -> InvalidParameterException: The specified capacity provider 'mine' was not found.
    CreateCluster | {"defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: The specified capacity provider strategy cannot
    DescribeClusters | {"include": ["TAG"]} -> InvalidParameterException: Value 'TAG' at 'include' failed to satisfy constraint
    DeleteCluster | {} -> ParamValidation: Missing required parameter in input: "cluster"
    ListClusters | {"maxResults": 0} -> InvalidParameterException: maxResults should be between 1 and 100
    ListClusters | {"nextToken": "x"} -> InvalidParameterException: Invalid token in request.
    TagResource | {"resourceArn": "shop", "tags": []} -> InvalidParameterException: Invalid ARN: shop
    TagResource | {"resourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/nope", "tags": []} -> ClusterNotFoundException: Cluster not found.
    TagResource | {"resourceArn": "arn:aws:ecs:us-east-1:111122223333:service/shop/web", "tags": []} -> ResourceNotFoundException: The specified resource was not found.
"#;

#[test]
fn refusals_come_in_aws_words() {
    for line in REFUSED.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (call, expected) = line.split_once(" -> ").unwrap();
        let (operation, input) = call.split_once(" | ").unwrap();
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        let refusal = world.refused(operation, serde_json::from_str(input).unwrap());
        assert!(refusal.starts_with(expected), "{call}\n  said {refusal}");
    }
}

#[test]
fn tags_show_only_when_asked_for() {
    let mut world = World::new();
    let arn = "arn:aws:ecs:us-east-1:111122223333:cluster/shop";
    world.ok("CreateCluster", json!({"clusterName": "shop", "tags": [{"key": "team", "value": "web"}]}));
    world.ok(
        "TagResource",
        json!({"resourceArn": arn, "tags": [{"key": "team", "value": "api"}, {"key": "cost", "value": "7"}]}),
    );
    // API-09.
    let described = world.ok("DescribeClusters", json!({"clusters": ["shop"]}));
    assert_eq!(described["clusters"][0]["tags"], json!([]));
    let described = world.ok("DescribeClusters", json!({"clusters": ["shop"], "include": ["TAGS"]}));
    let both = json!([{"key": "team", "value": "api"}, {"key": "cost", "value": "7"}]);
    assert_eq!(described["clusters"][0]["tags"], both);
    assert_eq!(world.ok("ListTagsForResource", json!({"resourceArn": arn}))["tags"], both);
    world.ok("UntagResource", json!({"resourceArn": arn, "tagKeys": ["team", "unknown"]}));
    let left = world.ok("ListTagsForResource", json!({"resourceArn": arn}));
    assert_eq!(left["tags"], json!([{"key": "cost", "value": "7"}]));
}

#[test]
fn a_resource_has_fifty_tags_at_most() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let arn = "arn:aws:ecs:us-east-1:111122223333:cluster/shop";
    let tags = |from: u32, to: u32| -> Vec<_> {
        (from..to).map(|number| json!({"key": format!("k{number}"), "value": ""})).collect()
    };
    world.ok("TagResource", json!({"resourceArn": arn, "tags": tags(0, 50)}));
    let refusal = world.refused("TagResource", json!({"resourceArn": arn, "tags": tags(50, 51)}));
    assert!(refusal.starts_with("LimitExceededException"), "{refusal}");
}

#[test]
fn clusters_come_in_pages() {
    let mut world = World::new();
    for number in 0..5 {
        world.ok("CreateCluster", json!({"clusterName": format!("c{number}")}));
    }
    let first = world.ok("ListClusters", json!({"maxResults": 3}));
    assert_eq!(first["clusterArns"].as_array().unwrap().len(), 3);
    let rest = world.ok("ListClusters", json!({"nextToken": first["nextToken"]}));
    assert_eq!(rest["clusterArns"].as_array().unwrap().len(), 2);
    assert!(rest.get("nextToken").is_none());
}

/// rule | a strategy of a cluster with FARGATE and FARGATE_SPOT -> what is wrong with it, or nothing
const STRATEGIES: &str = r#"
    CAP-08 | [{"capacityProvider": "FARGATE"}] ->
    CAP-08 | [{"capacityProvider": "FARGATE", "base": 100000, "weight": 1000}] ->
    CAP-08 | [{"capacityProvider": "FARGATE", "base": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}] ->
    CAP-08 | [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "base": 2}] -> Only one capacity provider in a capacity provider strategy can have a base defined.
    CAP-08 | [{"capacityProvider": "FARGATE"}, {"capacityProvider": "FARGATE_SPOT"}] -> At least one capacity provider in a capacity provider strategy must have a weight greater than 0.
    CAP-08 | [{"capacityProvider": "FARGATE", "weight": 1001}] -> The weight of a capacity provider strategy item is between 0 and 1000, its base between 0 and 100000.
    CAP-08 | [{"capacityProvider": "FARGATE", "base": 100001}] -> The weight of a capacity provider strategy item is between 0 and 1000, its base between 0 and 100000.
    CAP-08 | [{"capacityProvider": "FARGATE", "weight": -1}] -> The weight of a capacity provider strategy item is between 0 and 1000, its base between 0 and 100000.
    CAP-02 | [{"capacityProvider": "mine"}] -> The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.
"#;

#[test]
fn a_strategy_has_one_base_and_some_weight() {
    for row in STRATEGIES.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (given, expected) = row.split_once("->").expect("a row has an outcome");
        let (rule, strategy) = given.split_once(" | ").expect("a row names its rule");
        let strategy: serde_json::Value = serde_json::from_str(strategy).expect(strategy);
        let mut world = World::new();
        let answer = world.ecs(
            "CreateCluster",
            json!({
                "clusterName": "shop", "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
                "defaultCapacityProviderStrategy": strategy,
            }),
        );
        match (answer, expected.trim()) {
            (Ok(answer), "") => {
                let kept = answer["cluster"]["defaultCapacityProviderStrategy"].as_array().map(Vec::len);
                assert_eq!(kept, strategy.as_array().map(Vec::len), "{row}");
            }
            (Err(refusal), message) => {
                assert_eq!((refusal.message.as_str(), refusal.rule.id), (message, rule), "{row}");
            }
            (Ok(_), _) => panic!("it was not refused: {row}"),
        }
    }
}

/// CAP-01: FARGATE and FARGATE_SPOT are there from the start; any other provider is not.
#[test]
fn two_capacity_providers_are_built_in() {
    let mut world = World::new();
    let asked = json!({"clusterName": "shop", "capacityProviders": ["FARGATE", "FARGATE_SPOT"]});
    let answer = world.ok("CreateCluster", asked);
    assert_eq!(answer["cluster"]["capacityProviders"], json!(["FARGATE", "FARGATE_SPOT"]));
    let asked = json!({"clusterName": "api", "capacityProviders": ["FARGATE", "fargate"]});
    let refusal = world.ecs("CreateCluster", asked).unwrap_err();
    assert_eq!(refusal.rule.id, "CAP-01");
    assert_eq!(
        refusal.message,
        "The specified capacity provider 'fargate' was not found. Specify a valid capacity provider name or ARN and try again."
    );
}
