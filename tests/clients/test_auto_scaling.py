"""Launch templates and Auto Scaling groups, as boto3 sees them."""

import base64
import pathlib
import re

import pytest
from botocore.exceptions import ClientError

ROOT = pathlib.Path(__file__).parents[2]
PRIVATE = "subnet-pri-a,subnet-pri-b,subnet-pri-c"
JOINS = base64.b64encode(b"echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config").decode()


def template(world, name="machines"):
    data = {"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": JOINS, "SecurityGroupIds": ["sg-default"]}
    data["TagSpecifications"] = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "machine"}]}]
    data["IamInstanceProfile"] = {"Name": "ecsInstanceRole"}
    return world.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]


def group(world, name="web", **more):
    asked = dict(MinSize=0, MaxSize=6, DesiredCapacity=3, VPCZoneIdentifier=PRIVATE)
    asked["LaunchTemplate"] = {"LaunchTemplateName": "machines", "Version": "$Latest"}
    world.autoscaling.create_auto_scaling_group(AutoScalingGroupName=name, **{**asked, **more})
    return lambda: world.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]


def test_launch_templates_from_beginning_to_end(world):
    made = template(world)
    assert made["LaunchTemplateId"].startswith("lt-") and made["DefaultVersionNumber"] == 1
    ec2, named = world.ec2, {"LaunchTemplateName": "machines"}
    newer = ec2.create_launch_template_version(
        SourceVersion="1", VersionDescription="larger", LaunchTemplateData={"InstanceType": "m5.xlarge"}, **named
    )["LaunchTemplateVersion"]
    assert newer["VersionNumber"] == 2 and newer["LaunchTemplateData"]["UserData"] == JOINS
    versions = ec2.describe_launch_template_versions(Versions=["$Latest", "$Default"], **named)
    assert [one["VersionNumber"] for one in versions["LaunchTemplateVersions"]] == [2, 1]
    assert versions["LaunchTemplateVersions"][1]["LaunchTemplateData"]["SecurityGroupIds"] == ["sg-default"]
    assert ec2.modify_launch_template(DefaultVersion="2", **named)["LaunchTemplate"]["DefaultVersionNumber"] == 2
    launched = ec2.run_instances(LaunchTemplate={"LaunchTemplateName": "machines"}, MinCount=1, MaxCount=1)
    machine = launched["Instances"][0]
    assert machine["InstanceType"] == "m5.xlarge" and {"Key": "Name", "Value": "machine"} in machine["Tags"]
    assert [one["LaunchTemplateName"] for one in ec2.describe_launch_templates()["LaunchTemplates"]] == ["machines"]
    gone = ec2.delete_launch_template_versions(Versions=["1", "2"], **named)
    assert [one["VersionNumber"] for one in gone["SuccessfullyDeletedLaunchTemplateVersions"]] == [1]
    assert gone["UnsuccessfullyDeletedLaunchTemplateVersions"][0]["ResponseError"]["Code"] == "unexpectedError"
    assert ec2.delete_launch_template(**named)["LaunchTemplate"]["LaunchTemplateId"] == made["LaunchTemplateId"]
    assert ec2.describe_launch_templates()["LaunchTemplates"] == []


def test_a_group_from_beginning_to_end(world):
    world.cluster()
    template(world)
    shown = group(world, Tags=[{"Key": "team", "Value": "a", "PropagateAtLaunch": True}])
    made = shown()
    assert made["AutoScalingGroupARN"].endswith(":autoScalingGroupName/web") and made["Instances"] == []
    assert made["Tags"][0]["ResourceType"] == "auto-scaling-group" and made["TerminationPolicies"] == ["Default"]
    world.wait(120)
    assert {one["LifecycleState"] for one in shown()["Instances"]} == {"InService"}
    assert {one["LaunchTemplate"]["Version"] for one in shown()["Instances"]} == {"1"}
    assert len(world.ecs.list_container_instances(cluster="shop")["containerInstanceArns"]) == 3
    autoscaling, named = world.autoscaling, {"AutoScalingGroupName": "web"}
    details = autoscaling.describe_auto_scaling_instances()["AutoScalingInstances"]
    assert {(one["AutoScalingGroupName"], one["HealthStatus"]) for one in details} == {("web", "HEALTHY")}
    autoscaling.update_auto_scaling_group(MaxSize=8, DefaultInstanceWarmup=60, **named)
    assert (shown()["MaxSize"], shown()["DefaultInstanceWarmup"]) == (8, 60)
    autoscaling.set_desired_capacity(DesiredCapacity=2, **named)
    world.wait(60)
    assert len(shown()["Instances"]) == 2
    activities = autoscaling.describe_scaling_activities(**named)["Activities"]
    assert len(activities) == 4 and {one["StatusCode"] for one in activities} == {"Successful"}
    assert "was selected for termination" in activities[0]["Cause"]
    pages = autoscaling.get_paginator("describe_scaling_activities").paginate(PaginationConfig={"PageSize": 1}, **named)
    assert pages.build_full_result()["Activities"] == activities
    autoscaling.delete_auto_scaling_group(ForceDelete=True, **named)
    assert shown()["Status"] == "Delete in progress"
    world.wait(60)
    assert autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"] == []


# Operation, code, members.
REFUSALS = [
    ("create_auto_scaling_group", "AlreadyExists", {"AutoScalingGroupName": "web", "MinSize": 0, "MaxSize": 1}),
    ("create_auto_scaling_group", "ValidationError", {"AutoScalingGroupName": "new", "MinSize": 0, "MaxSize": 1}),
    ("update_auto_scaling_group", "ValidationError", {"AutoScalingGroupName": "web", "MaxSize": 1, "MinSize": 2}),
    ("update_auto_scaling_group", "ScalingActivityInProgress", {"AutoScalingGroupName": "going", "MaxSize": 1}),
    ("delete_auto_scaling_group", "ValidationError", {"AutoScalingGroupName": "nope"}),
    ("delete_auto_scaling_group", "ResourceInUse", {"AutoScalingGroupName": "web"}),
    ("delete_auto_scaling_group", "ScalingActivityInProgress", {"AutoScalingGroupName": "going"}),
    ("set_desired_capacity", "ValidationError", {"AutoScalingGroupName": "web", "DesiredCapacity": 99}),
    ("set_desired_capacity", "ScalingActivityInProgress", {"AutoScalingGroupName": "web", "DesiredCapacity": 1, "HonorCooldown": True}),
    ("describe_auto_scaling_groups", "ValidationError", {"Filters": [{"Name": "size", "Values": ["1"]}]}),
    ("describe_auto_scaling_groups", "InvalidNextToken", {"NextToken": "x"}),
    ("describe_auto_scaling_instances", "ValidationError", {"MaxRecords": 101}),
    ("describe_auto_scaling_instances", "InvalidNextToken", {"NextToken": "x"}),
    ("describe_scaling_activities", "ValidationError", {"MaxRecords": 0}),
    ("describe_scaling_activities", "InvalidNextToken", {"NextToken": "x"}),
]


@pytest.fixture(scope="module")
def settled(endpoint):
    endpoint.reset()
    template(endpoint)
    group(endpoint)
    group(endpoint, "going")
    endpoint.wait(120)
    endpoint.autoscaling.delete_auto_scaling_group(AutoScalingGroupName="going", ForceDelete=True)
    return endpoint


@pytest.mark.parametrize("operation, code, members", REFUSALS, ids=lambda one: one if isinstance(one, str) else "-")
def test_every_declared_error_of_auto_scaling(settled, operation, code, members):
    with pytest.raises(ClientError) as refused:
        getattr(settled.autoscaling, operation)(**members)
    answer = refused.value.response
    assert answer["Error"]["Code"] == code, answer["Error"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400 and answer["ResponseMetadata"]["RequestId"]


def test_no_declared_error_of_auto_scaling_is_left_out():
    tried = {(operation, code) for operation, code, _members in REFUSALS}
    missing = []
    for file in sorted((ROOT / "src/autoscaling/api").glob("*.rs")):
        for errors, name in re.findall(r"/// # Errors\n((?:///.*\n)+)pub fn (\w+)\(", file.read_text()):
            for code in re.findall(r"`([A-Z]\w+)`", errors):
                if name == file.stem and (name, code) not in tried:
                    missing.append((name, code))
    assert not missing


@pytest.mark.parametrize(
    "operation, code, members",
    [
        ("create_launch_template", "InvalidLaunchTemplateName.AlreadyExistsException", {"LaunchTemplateName": "machines", "LaunchTemplateData": {"ImageId": "ami-ecs"}}),
        ("create_launch_template", "InvalidUserData.Malformed", {"LaunchTemplateName": "plain", "LaunchTemplateData": {"UserData": "#!"}}),
        ("create_launch_template_version", "InvalidLaunchTemplateId.VersionNotFound", {"LaunchTemplateName": "machines", "SourceVersion": "9", "LaunchTemplateData": {"ImageId": "ami-ecs"}}),
        ("describe_launch_templates", "InvalidLaunchTemplateName.NotFoundException", {"LaunchTemplateNames": ["nope"]}),
        ("describe_launch_template_versions", "InvalidLaunchTemplateId.NotFound", {"LaunchTemplateId": "lt-0123456789abcdef0"}),
        ("modify_launch_template", "InvalidLaunchTemplateId.VersionNotFound", {"LaunchTemplateName": "machines", "DefaultVersion": "9"}),
        ("delete_launch_template", "MissingParameter", {}),
        ("delete_launch_template_versions", "InvalidLaunchTemplateId.Malformed", {"LaunchTemplateId": "x", "Versions": ["1"]}),
        ("run_instances", "InvalidLaunchTemplateName.NotFoundException", {"LaunchTemplate": {"LaunchTemplateName": "nope"}, "MinCount": 1, "MaxCount": 1}),
    ],
)
def test_refusals_of_launch_templates(settled, operation, code, members):
    with pytest.raises(ClientError) as refused:
        getattr(settled.ec2, operation)(**members)
    assert refused.value.response["Error"]["Code"] == code
