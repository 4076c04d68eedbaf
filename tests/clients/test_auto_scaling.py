"""Launch templates and Auto Scaling groups, as boto3 sees them."""

import base64
import datetime
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


def test_scheduled_actions(world):
    template(world)
    shown = group(world, DesiredCapacity=1)
    named = {"AutoScalingGroupName": "web", "ScheduledActionName": "morning"}
    start = datetime.datetime(2026, 1, 5, 9, 10, tzinfo=datetime.timezone.utc)
    world.autoscaling.put_scheduled_update_group_action(StartTime=start, DesiredCapacity=3, **named)
    later = {**named, "ScheduledActionName": "evening"}
    world.autoscaling.put_scheduled_update_group_action(StartTime=start.replace(hour=18), MaxSize=1, **later)
    told = lambda **by: world.autoscaling.describe_scheduled_actions(**by)["ScheduledUpdateGroupActions"]
    assert [one["ScheduledActionName"] for one in told()] == ["morning", "evening"]
    assert (told()[0]["StartTime"], told()[0]["DesiredCapacity"]) == (start, 3)
    assert ":scheduledUpdateGroupAction:" in told()[0]["ScheduledActionARN"]
    assert [one["MaxSize"] for one in told(ScheduledActionNames=["evening"])] == [1]
    pages = world.autoscaling.get_paginator("describe_scheduled_actions").paginate(PaginationConfig={"PageSize": 1})
    assert len(pages.build_full_result()["ScheduledUpdateGroupActions"]) == 2
    world.wait(605)
    assert shown()["DesiredCapacity"] == 3 and [one["ScheduledActionName"] for one in told()] == ["evening"]
    world.autoscaling.delete_scheduled_action(**later)
    assert told() == []


def test_an_instance_refresh(world):
    template(world)
    group(world, DesiredCapacity=2)
    world.wait(100)
    before = some(world)
    wished = {"LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "1"}}
    named = {"AutoScalingGroupName": "web"}
    refresh = world.autoscaling.start_instance_refresh(
        Strategy="Rolling", DesiredConfiguration=wished, Preferences={"MinHealthyPercentage": 50}, **named
    )["InstanceRefreshId"]
    shown = lambda: world.autoscaling.describe_instance_refreshes(InstanceRefreshIds=[refresh], **named)["InstanceRefreshes"][0]
    assert (shown()["Status"], shown()["InstancesToUpdate"]) == ("Pending", 2)
    world.wait(400)
    assert (shown()["Status"], shown()["PercentageComplete"]) == ("Successful", 100) and some(world) != before
    again = world.autoscaling.start_instance_refresh(**named)["InstanceRefreshId"]
    gone = world.autoscaling.cancel_instance_refresh(WaitForTransitioningInstances=False, **named)
    assert gone["InstanceRefreshId"] == again
    both = world.autoscaling.describe_instance_refreshes(**named)["InstanceRefreshes"]
    assert [one["Status"] for one in both] == ["Cancelled", "Successful"]


def test_a_group_of_spot_instances(world):
    spot = {"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.05", "SpotInstanceType": "one-time"}}
    data = {"ImageId": "ami-ecs", "InstanceType": "m5.large", "InstanceMarketOptions": spot}
    world.ec2.create_launch_template(LaunchTemplateName="machines", LaunchTemplateData=data)
    versions = world.ec2.describe_launch_template_versions(LaunchTemplateName="machines")["LaunchTemplateVersions"]
    assert versions[0]["LaunchTemplateData"]["InstanceMarketOptions"] == spot
    group(world, DesiredCapacity=2)
    world.wait(60)
    found = [one for each in world.ec2.describe_instances()["Reservations"] for one in each["Instances"]]
    assert [one["InstanceLifecycle"] for one in found] == ["spot", "spot"]


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


def test_instances_of_a_group_by_hand(world):
    world.cluster()
    template(world)
    shown = group(world, MinSize=1)
    world.wait(120)
    autoscaling, named = world.autoscaling, {"AutoScalingGroupName": "web"}
    one, two, three = [each["InstanceId"] for each in shown()["Instances"]]
    autoscaling.set_instance_protection(InstanceIds=[one], ProtectedFromScaleIn=True, **named)
    assert [each["ProtectedFromScaleIn"] for each in shown()["Instances"]] == [True, False, False]
    moved = autoscaling.enter_standby(InstanceIds=[one], ShouldDecrementDesiredCapacity=True, **named)["Activities"]
    assert moved[0]["Description"] == f"Moving EC2 instance to Standby: {one}" and shown()["DesiredCapacity"] == 2
    moved = autoscaling.exit_standby(InstanceIds=[one], **named)["Activities"]
    assert moved[0]["StatusCode"] == "Successful" and shown()["DesiredCapacity"] == 3
    gone = autoscaling.detach_instances(InstanceIds=[two], ShouldDecrementDesiredCapacity=True, **named)["Activities"]
    assert gone[0]["Description"] == f"Detaching EC2 instance: {two}" and len(shown()["Instances"]) == 2
    autoscaling.attach_instances(InstanceIds=[two], **named)
    assert len(shown()["Instances"]) == 3
    autoscaling.set_instance_health(InstanceId=two, HealthStatus="Unhealthy")
    ended = autoscaling.terminate_instance_in_auto_scaling_group(InstanceId=three, ShouldDecrementDesiredCapacity=True)
    assert ended["Activity"]["StatusCode"] == "InProgress"
    world.wait(120)
    left = {each["InstanceId"] for each in shown()["Instances"]}
    assert one in left and len(left) == 2 and not left & {two, three}


def test_hooks_processes_and_tags(world):
    world.cluster()
    template(world)
    shown = group(world, DesiredCapacity=1)
    autoscaling, named = world.autoscaling, {"AutoScalingGroupName": "web"}
    hook = {"LifecycleHookName": "drain", **named}
    autoscaling.put_lifecycle_hook(LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING", HeartbeatTimeout=60, **hook)
    described = autoscaling.describe_lifecycle_hooks(**named)["LifecycleHooks"][0]
    assert (described["GlobalTimeout"], described["DefaultResult"]) == (6000, "ABANDON")
    world.wait(120)
    held = shown()["Instances"][0]["InstanceId"]
    autoscaling.set_desired_capacity(DesiredCapacity=0, **named)
    world.wait(50)
    assert shown()["Instances"][0]["LifecycleState"] == "Terminating:Wait"
    autoscaling.record_lifecycle_action_heartbeat(InstanceId=held, **hook)
    world.wait(50)
    assert shown()["Instances"][0]["LifecycleState"] == "Terminating:Wait"
    autoscaling.complete_lifecycle_action(InstanceId=held, LifecycleActionResult="CONTINUE", **hook)
    world.wait(40)
    assert shown()["Instances"] == []
    autoscaling.delete_lifecycle_hook(**hook)
    assert autoscaling.describe_lifecycle_hooks(**named)["LifecycleHooks"] == []
    autoscaling.suspend_processes(ScalingProcesses=["Launch", "AZRebalance"], **named)
    assert [each["ProcessName"] for each in shown()["SuspendedProcesses"]] == ["AZRebalance", "Launch"]
    autoscaling.resume_processes(**named)
    assert shown()["SuspendedProcesses"] == []
    tag = {"ResourceId": "web", "ResourceType": "auto-scaling-group", "Key": "team", "Value": "a", "PropagateAtLaunch": True}
    autoscaling.create_or_update_tags(Tags=[tag])
    assert autoscaling.describe_tags(Filters=[{"Name": "auto-scaling-group", "Values": ["web"]}])["Tags"] == [tag]
    autoscaling.delete_tags(Tags=[tag])
    assert autoscaling.describe_tags()["Tags"] == []


HOOK = {"AutoScalingGroupName": "web", "LifecycleHookName": "drain"}
TAG = {"ResourceId": "web", "ResourceType": "auto-scaling-group"}


def some(endpoint):
    return endpoint.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"][0]["Instances"][0]["InstanceId"]


def going(endpoint):
    groups = endpoint.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["going"])["AutoScalingGroups"]
    return {"InstanceId": groups[0]["Instances"][0]["InstanceId"], "ShouldDecrementDesiredCapacity": False}


def too_many(endpoint):
    return {"AutoScalingGroupName": "web", "InstanceIds": [some(endpoint)] * 51, "ProtectedFromScaleIn": True}


def twice(endpoint):
    named = {"AutoScalingGroupName": "empty"}
    endpoint.autoscaling.start_instance_refresh(**named)
    return named


NIGHT = {"AutoScalingGroupName": "empty", "ScheduledActionName": "night"}
MIDNIGHT = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)


def at_one_moment(endpoint):
    endpoint.autoscaling.put_scheduled_update_group_action(StartTime=MIDNIGHT, MinSize=0, **NIGHT)
    return {**NIGHT, "ScheduledActionName": "other", "StartTime": MIDNIGHT, "MinSize": 0}


def one_more_action(endpoint):
    named = {"AutoScalingGroupName": "going", "MinSize": 0}
    for number in range(125):
        at = MIDNIGHT + datetime.timedelta(hours=number)
        endpoint.autoscaling.put_scheduled_update_group_action(ScheduledActionName=f"a{number}", StartTime=at, **named)
    return {**named, "ScheduledActionName": "more", "StartTime": MIDNIGHT.replace(year=2028)}


def one_more_hook(endpoint):
    kind = "autoscaling:EC2_INSTANCE_TERMINATING"
    named = {"AutoScalingGroupName": "empty", "LifecycleTransition": kind}
    for number in range(50):
        endpoint.autoscaling.put_lifecycle_hook(LifecycleHookName=f"h{number}", **named)
    return {"LifecycleHookName": "more", **named}


# Operation, code, members.
REFUSALS = [
    ("set_instance_protection", "ValidationError", {"AutoScalingGroupName": "web", "InstanceIds": ["i-x"], "ProtectedFromScaleIn": True}),
    ("set_instance_protection", "LimitExceeded", too_many),
    ("set_instance_health", "ValidationError", {"InstanceId": "i-x", "HealthStatus": "Unhealthy"}),
    ("terminate_instance_in_auto_scaling_group", "ValidationError", {"InstanceId": "i-x", "ShouldDecrementDesiredCapacity": True}),
    ("terminate_instance_in_auto_scaling_group", "ScalingActivityInProgress", going),
    ("put_lifecycle_hook", "ValidationError", HOOK),
    ("put_lifecycle_hook", "LimitExceeded", one_more_hook),
    ("describe_lifecycle_hooks", "ValidationError", {"AutoScalingGroupName": "nope"}),
    ("delete_lifecycle_hook", "ValidationError", HOOK),
    ("complete_lifecycle_action", "ValidationError", {"InstanceId": "i-x", "LifecycleActionResult": "CONTINUE", **HOOK}),
    ("record_lifecycle_action_heartbeat", "ValidationError", {"LifecycleActionToken": "x" * 36, **HOOK}),
    ("put_scheduled_update_group_action", "ValidationError", {**NIGHT, "MinSize": 1}),
    ("put_scheduled_update_group_action", "AlreadyExists", at_one_moment),
    ("put_scheduled_update_group_action", "LimitExceeded", one_more_action),
    ("describe_scheduled_actions", "ValidationError", {"MaxRecords": 0}),
    ("describe_scheduled_actions", "InvalidNextToken", {"NextToken": "x"}),
    ("delete_scheduled_action", "ValidationError", {**NIGHT, "ScheduledActionName": "nope"}),
    ("start_instance_refresh", "ValidationError", {"AutoScalingGroupName": "web", "Preferences": {"MinHealthyPercentage": 101}}),
    ("start_instance_refresh", "InstanceRefreshInProgress", twice),
    ("describe_instance_refreshes", "ValidationError", {"AutoScalingGroupName": "nope"}),
    ("describe_instance_refreshes", "InvalidNextToken", {"AutoScalingGroupName": "web", "NextToken": "x"}),
    ("cancel_instance_refresh", "ValidationError", {"AutoScalingGroupName": "nope"}),
    ("cancel_instance_refresh", "ActiveInstanceRefreshNotFound", {"AutoScalingGroupName": "web"}),
    ("suspend_processes", "ValidationError", {"AutoScalingGroupName": "web", "ScalingProcesses": ["Sleep"]}),
    ("suspend_processes", "ResourceInUse", {"AutoScalingGroupName": "going"}),
    ("resume_processes", "ValidationError", {"AutoScalingGroupName": "nope"}),
    ("resume_processes", "ResourceInUse", {"AutoScalingGroupName": "going"}),
    ("enter_standby", "ValidationError", {"AutoScalingGroupName": "web", "InstanceIds": ["i-x"], "ShouldDecrementDesiredCapacity": True}),
    ("exit_standby", "ValidationError", {"AutoScalingGroupName": "web", "InstanceIds": ["i-x"]}),
    ("detach_instances", "ValidationError", {"AutoScalingGroupName": "web", "InstanceIds": ["i-x"], "ShouldDecrementDesiredCapacity": True}),
    ("attach_instances", "ValidationError", {"AutoScalingGroupName": "web", "InstanceIds": ["i-x"]}),
    ("create_or_update_tags", "ValidationError", {"Tags": [{"ResourceType": "auto-scaling-group", "ResourceId": "nope", "Key": "a"}]}),
    ("create_or_update_tags", "LimitExceeded", {"Tags": [{"Key": f"k{at}", **TAG} for at in range(51)]}),
    ("delete_tags", "ValidationError", {"Tags": [{"ResourceType": "auto-scaling-group", "ResourceId": "nope", "Key": "a"}]}),
    ("describe_tags", "ValidationError", {"Filters": [{"Name": "size", "Values": ["1"]}]}),
    ("describe_tags", "InvalidNextToken", {"NextToken": "x"}),
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
    ("put_scaling_policy", "ValidationError", {"AutoScalingGroupName": "web", "PolicyName": "p"}),
    ("delete_policy", "ValidationError", {"AutoScalingGroupName": "web", "PolicyName": "nope"}),
    ("describe_policies", "ValidationError", {"MaxRecords": 0}),
    ("describe_policies", "InvalidNextToken", {"NextToken": "x"}),
    ("execute_policy", "ValidationError", {"AutoScalingGroupName": "web", "PolicyName": "nope"}),
    ("execute_policy", "ScalingActivityInProgress", {"AutoScalingGroupName": "web", "PolicyName": "simple", "HonorCooldown": True}),
]


@pytest.fixture(scope="module")
def settled(endpoint):
    endpoint.reset()
    template(endpoint)
    group(endpoint)
    group(endpoint, "going")
    group(endpoint, "empty", DesiredCapacity=0)
    simple = {"AutoScalingGroupName": "web", "PolicyName": "simple"}
    adjusts = {"AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": -1}
    endpoint.autoscaling.put_scaling_policy(**simple, **adjusts)
    endpoint.autoscaling.execute_policy(**simple)
    endpoint.wait(120)
    endpoint.autoscaling.delete_auto_scaling_group(AutoScalingGroupName="going", ForceDelete=True)
    return endpoint


@pytest.mark.parametrize("operation, code, members", REFUSALS, ids=lambda one: one if isinstance(one, str) else "-")
def test_every_declared_error_of_auto_scaling(settled, operation, code, members):
    members = members(settled) if callable(members) else members
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
