"""The site's terminal beside the real `aws` command: the same line, the same answer, the same refusal."""

import json
import re

import pytest

DEFINITION = json.dumps(
    {
        "family": "web",
        "networkMode": "bridge",
        "containerDefinitions": [
            {
                "name": "web",
                "image": "shop/web:1",
                "cpu": 128,
                "memory": 128,
                "portMappings": [{"containerPort": 80}],
                "environment": [{"name": "A", "value": "1"}],
            }
        ],
    }
)
NET = "awsvpcConfiguration={subnets=[subnet-pub-a],assignPublicIp=ENABLED}"
FAR = (
    "aws ecs register-task-definition --family far --network-mode awsvpc --requires-compatibilities FARGATE "
    "--cpu 256 --memory 512 --container-definitions name=web,image=shop/web:1,essential=true"
)

# A story that both tell; a number lets so many seconds pass.
STORY = [
    "aws sts get-caller-identity",
    "aws ecs create-cluster --cluster-name shop --tags key=team,value=a",
    "aws ecs create-cluster --cluster-name shop",
    "aws ecs list-clusters",
    "aws ecs describe-clusters --clusters shop nope --include TAGS STATISTICS SETTINGS",
    f"aws ecs register-task-definition --cli-input-json '{DEFINITION}'",
    FAR,
    "aws ecs describe-task-definition --task-definition web",
    "aws ecs list-task-definitions --sort DESC",
    "aws ecs list-task-definition-families",
    "aws ec2 run-instances --image-id ami-ecs --instance-type t3.small --count 2 --user-data 'echo ECS_CLUSTER=shop' "
    "--tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=\"a b\"}]' --client-token once",
    120,
    "aws ec2 describe-instances",
    "aws ec2 describe-instances --filters Name=instance-state-name,Values=running --query 'Reservations[].Instances[].InstanceId'",
    "aws ec2 describe-subnets",
    "aws ec2 describe-vpcs",
    "aws ec2 describe-security-groups",
    "aws ec2 describe-availability-zones",
    "aws ec2 create-launch-template --launch-template-name machines --launch-template-data "
    "ImageId=ami-ecs,InstanceType=t3.small,UserData=ZWNobyBFQ1NfQ0xVU1RFUj1mbGVldA== --client-token t",
    "aws ec2 describe-launch-template-versions --launch-template-name machines --versions '$Latest'",
    "aws autoscaling create-auto-scaling-group --auto-scaling-group-name fleet --min-size 0 --max-size 3 "
    "--desired-capacity 1 --launch-template 'LaunchTemplateName=machines,Version=$Latest' "
    "--vpc-zone-identifier subnet-pri-a,subnet-pri-b --new-instances-protected-from-scale-in "
    "--tags Key=team,Value=a,PropagateAtLaunch=true",
    "aws autoscaling put-lifecycle-hook --auto-scaling-group-name fleet --lifecycle-hook-name drain "
    "--lifecycle-transition autoscaling:EC2_INSTANCE_TERMINATING --heartbeat-timeout 60",
    5,
    "aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names fleet",
    "aws autoscaling describe-auto-scaling-instances --output text",
    "aws autoscaling describe-scaling-activities --auto-scaling-group-name fleet",
    "aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name fleet",
    "aws autoscaling set-desired-capacity --auto-scaling-group-name fleet --desired-capacity 9",
    "aws autoscaling update-auto-scaling-group --auto-scaling-group-name fleet --no-new-instances-protected-from-scale-in",
    "aws autoscaling delete-auto-scaling-group --auto-scaling-group-name fleet --force-delete",
    40,
    "aws ecs list-container-instances --cluster shop",
    "aws ecs list-container-instances --cluster shop --max-items 1 --page-size 1 --query containerInstanceArns",
    "aws ecs run-task --cluster shop --task-definition web --count 2 --started-by me --client-token one",
    f"aws ecs run-task --cluster shop --task-definition far --launch-type FARGATE --network-configuration {NET} --client-token two",
    45,
    "aws ecs list-tasks --cluster shop",
    "aws ecs list-tasks --cluster shop --started-by me --output text",
    "aws ecs describe-tasks --cluster shop --tasks nope",
    f"aws ecs create-service --cluster shop --service-name api --task-definition far --desired-count 2 --launch-type FARGATE --network-configuration {NET}",
    "aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count 1",
    90,
    "aws ecs describe-services --cluster shop --services api web",
    "aws ecs describe-services --cluster shop --services api --query 'services[0].events[].message'",
    "aws ecs describe-services --cluster shop --services api --query 'services[0].[serviceName,runningCount]' --output text",
    "aws ecs list-services --cluster shop",
    "aws ecs update-service --cluster shop --service web --desired-count 2",
    30,
    "aws ecs describe-services --cluster shop --services web nope",
    "aws ecs delete-service --cluster shop --service web",
    "aws ecs delete-service --cluster shop --service web --force",
    "aws ecs delete-cluster --cluster shop",
    "aws ecs stop-task --cluster shop --task nope",
    "aws ecs describe-task-definition --task-definition nope",
    "aws ecs update-service --cluster shop --service nope --desired-count 1",
    "aws ecs register-task-definition --family bad --container-definitions name=a",
    "aws ecs deregister-task-definition --task-definition web:1",
    "aws ecs list-tags-for-resource --resource-arn arn:aws:ecs:us-east-1:111122223333:cluster/shop",
    "aws ec2 terminate-instances --instance-ids i-0123456789abcdef0",
    120,
    "aws ecs describe-services --cluster shop --services web",
]


def sorted_inside(value):
    """Members have no order in JSON."""
    return json.loads(json.dumps(value, sort_keys=True))


def refusal(text):
    """The one line of a refusal, without the program's name before it."""
    return re.sub(r"^\s*(aws: \[ERROR\]: )?", "", text.strip())


def test_terminal_and_client_tell_the_same_story(world, terminal):
    for step in STORY:
        if isinstance(step, int):
            world.wait(step)
            assert terminal.enter(f"drydock wait {step}").code == 0
            continue
        theirs, ours = world.aws(step), terminal.enter(step)
        # Version 1 has 255 for what the service refuses, version 2 has 254.
        assert (theirs.code == 0) == (ours.code == 0), (step, theirs.err, ours.err)
        if theirs.code:
            assert refusal(ours.err) == refusal(theirs.err), step
        elif "--output text" in step:
            assert ours.out.split() == theirs.out.split(), step
        elif not theirs.out.strip():
            assert not ours.out.strip(), step
        else:
            assert sorted_inside(json.loads(ours.out)) == sorted_inside(json.loads(theirs.out)), step


def test_what_clients_did_is_a_script_that_the_terminal_plays(world, terminal):
    world.cluster()
    world.fargate()
    arn = world.ecs.run_task(
        cluster="shop", taskDefinition="far", launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-pub-a"], "assignPublicIp": "ENABLED"}},
    )["tasks"][0]["taskArn"]
    world.wait(60)
    begun = 0
    for line in world.get("/drydock/script").splitlines():
        found = re.match(r"(?:\+(\S+) )?(aws .*)", line)
        if found:
            begun += 1
            if found[1]:
                terminal.enter(f"drydock wait {int(float(found[1]))}")
            assert terminal.enter(found[2]).code == 0, line
    assert begun >= 3
    assert arn in terminal.enter("aws ecs list-tasks --cluster shop").out
