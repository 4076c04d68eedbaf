//! What CreateService and UpdateService refuse, and with which words.

use super::{create, fargate};
use crate::world::World;
use serde_json::{Value, json};

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

/// rule, a change of the request -> the refusal
const REFUSED: &str = r#"
    SVC-01     {"serviceName": "a b"} -> InvalidParameterException: Service name contains invalid characters.
    API-04     {"cluster": "nope"} -> ClusterNotFoundException: Cluster not found.
    TASKDEF-05 {"taskDefinition": "nope"} -> ClientException: TaskDefinition not found.
    SVC-02     {"taskDefinition": null} -> InvalidParameterException: TaskDefinition can not be blank.
    SVC-02     {"desiredCount": null} -> InvalidParameterException: The desired count must be specified for a REPLICA service.
    SVC-11     {"desiredCount": -1} -> InvalidParameterException: The desired count must be between 0 and 5000.
    CAP-05     {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.
    CAP-02     {"launchType": null, "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]} -> InvalidParameterException: The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.
    API-03     {"launchType": "MOON"} -> InvalidParameterException: Value 'MOON' at 'launchType' failed to satisfy constraint: Member must satisfy enum value set: [EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES]
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
    DEPLOY-29  {"deploymentController": {"type": "CODE_DEPLOY"}} -> UnsupportedFeatureException: The deployment controller CODE_DEPLOY is not simulated.
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
