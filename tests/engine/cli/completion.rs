//! What could stand at the cursor.

use super::documents;
use serde_json::json;

fn completed(line: &str) -> Vec<String> {
    let mut world = crate::world::World::new();
    for name in ["shop", "shelf", "bare"] {
        world.ok("CreateCluster", json!({"clusterName": name}));
    }
    let template = json!({"LaunchTemplateName": "machines", "LaunchTemplateData": {"ImageId": "ami-ecs"}});
    world.call("ec2", "CreateLaunchTemplate", template).expect("a template");
    let group = json!({"AutoScalingGroupName": "fleet", "MinSize": 0, "MaxSize": 1,
        "LaunchTemplate": {"LaunchTemplateName": "machines"}, "AvailabilityZones": ["us-east-1a"]});
    world.call("autoscaling", "CreateAutoScalingGroup", group).expect("a group");
    let completion = drydock::cli::complete(line, line.len(), world.sim.state(), &documents());
    completion
        .candidates
        .into_iter()
        .map(|candidate| format!("{}{}", &line[..completion.start], candidate.text))
        .collect()
}

#[test]
fn commands_options_values_and_living_names_are_completed() {
    for (line, first) in [
        ("a", "aws"),
        ("aws ec", "aws ecs"),
        ("aws ecs create-cl", "aws ecs create-cluster"),
        ("ecs create-cl", "ecs create-cluster"),
        ("aws ecs create-cluster --cl", "aws ecs create-cluster --cluster-name"),
        ("aws ecs delete-cluster ", "aws ecs delete-cluster --cluster"),
        ("aws ecs delete-cluster --cluster sh", "aws ecs delete-cluster --cluster shelf"),
        ("aws ecs delete-cluster --cluster 'sh", "aws ecs delete-cluster --cluster 'shelf"),
        (
            "aws ecs delete-cluster --cluster arn:aws",
            "aws ecs delete-cluster --cluster arn:aws:ecs:us-east-1:111122223333:cluster/bare",
        ),
        ("X=$(aws ecs delete-cluster --cluster ba", "X=$(aws ecs delete-cluster --cluster bare"),
        ("aws ecs describe-clusters --clusters shop sh", "aws ecs describe-clusters --clusters shop shelf"),
        ("aws ecs list-clusters --output t", "aws ecs list-clusters --output text"),
        (
            "aws ecs register-task-definition --cli-input-json fi",
            "aws ecs register-task-definition --cli-input-json file://broken.json",
        ),
        ("aws ecs create-cluster --tags key=a,va", "aws ecs create-cluster --tags key=a,value="),
        (
            "aws ecs register-task-definition --container-definitions name=a,portMappings=[{containerP",
            "aws ecs register-task-definition --container-definitions name=a,portMappings=[{containerPort=",
        ),
        (
            "aws ecs create-cluster --capacity-providers FARGATE FARGATE_",
            "aws ecs create-cluster --capacity-providers FARGATE FARGATE_SPOT",
        ),
        (
            "aws ecs run-task --capacity-provider-strategy capacityProvider=FARGATE_",
            "aws ecs run-task --capacity-provider-strategy capacityProvider=FARGATE_SPOT",
        ),
        (
            "aws ecs describe-capacity-providers --capacity-providers arn:aws",
            "aws ecs describe-capacity-providers --capacity-providers arn:aws:ecs:us-east-1:111122223333:capacity-provider/FARGATE",
        ),
        ("drydock fail spot-capacity --zone us", "drydock fail spot-capacity --zone us-east-1a"),
        ("aws ecs run-task --launch-type F", "aws ecs run-task --launch-type FARGATE"),
        (
            "aws ecs run-task --network-configuration awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pu",
            "aws ecs run-task --network-configuration awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pub-a",
        ),
        // A list goes on: with a comma behind a whole name, then with what is not in it yet.
        (
            "aws ecs run-task --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a",
            "aws ecs run-task --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,",
        ),
        (
            "aws ecs run-task --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,",
            "aws ecs run-task --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pri-b",
        ),
        (
            "aws autoscaling create-auto-scaling-group --vpc-zone-identifier subnet-pri-a,subnet-pri-b,subnet-pr",
            "aws autoscaling create-auto-scaling-group --vpc-zone-identifier subnet-pri-a,subnet-pri-b,subnet-pri-c",
        ),
        (
            "aws ecs register-task-definition --container-definitions name=web,image=shop/w",
            "aws ecs register-task-definition --container-definitions name=web,image=shop/web:1",
        ),
        ("aws ecs wait tasks-s", "aws ecs wait tasks-stopped"),
        ("aws ecs wait tasks-stopped --cluster sh", "aws ecs wait tasks-stopped --cluster shelf"),
        ("aws auto", "aws autoscaling"),
        (
            "aws autoscaling set-desired-capacity --auto-scaling-group-name ",
            "aws autoscaling set-desired-capacity --auto-scaling-group-name fleet",
        ),
        (
            "aws autoscaling create-auto-scaling-group --launch-template LaunchTemplateName=m",
            "aws autoscaling create-auto-scaling-group --launch-template LaunchTemplateName=machines",
        ),
        (
            "aws autoscaling suspend-processes --scaling-processes Launch AZ",
            "aws autoscaling suspend-processes --scaling-processes Launch AZRebalance",
        ),
        ("as ana aws ecs create-cl", "as ana aws ecs create-cluster"),
        ("drydock dock", "drydock docker"),
        ("drydock docker r", "drydock docker run"),
        ("drydock docker run shop/web:", "drydock docker run shop/web:1"),
        ("drydock w", "drydock wait"),
    ] {
        assert_eq!(completed(line).first().map(String::as_str), Some(first), "{line}");
    }
    assert_eq!(completed("aws ecs delete-cluster --cluster nothing-like-it"), Vec::<String>::new());
}
