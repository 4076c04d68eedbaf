"""Scaling policies of groups and the alarms that they make, as boto3 sees them."""

import pathlib
import re

import pytest
from botocore.exceptions import ClientError
from test_auto_scaling import group, template

ROOT = pathlib.Path(__file__).parents[2]


def tracking(world, name="cpu50", target=50.0, **more):
    metric = {"PredefinedMetricType": "ASGAverageCPUUtilization"}
    tracked = {"PredefinedMetricSpecification": metric, "TargetValue": target, **more}
    return world.autoscaling.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        EstimatedInstanceWarmup=60,
        TargetTrackingConfiguration=tracked,
    )


def test_a_policy_and_its_alarms_from_beginning_to_end(world):
    world.cluster()
    template(world)
    shown = group(world)
    made = tracking(world)
    assert len(made["Alarms"]) == 2 and made["PolicyARN"].endswith(":autoScalingGroupName/web:policyName/cpu50")
    policy = world.autoscaling.describe_policies(AutoScalingGroupName="web")["ScalingPolicies"][0]
    assert policy["TargetTrackingConfiguration"]["TargetValue"] == 50.0 and policy["Alarms"] == made["Alarms"]
    names = [one["AlarmName"] for one in made["Alarms"]]
    alarms = world.cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert [(one["Threshold"], one["EvaluationPeriods"]) for one in alarms] == [(50.0, 3), (45.0, 15)]
    assert {one["StateValue"] for one in alarms} == {"INSUFFICIENT_DATA"}
    assert alarms[0]["Dimensions"] == [{"Name": "AutoScalingGroupName", "Value": "web"}]
    world.wait(1500)
    low = world.cloudwatch.describe_alarms(StateValue="ALARM", ActionPrefix="arn:aws:autoscaling")["MetricAlarms"]
    assert [one["AlarmName"] for one in low] == names[1:]
    # Nothing runs on its machines, so none is wanted.
    assert shown()["DesiredCapacity"] == 0
    pages = world.cloudwatch.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 1})
    assert [one["AlarmName"] for one in pages.build_full_result()["MetricAlarms"]] == names
    # The same name again is the same policy; without scale-in it has one alarm.
    again = tracking(world, target=62.5, DisableScaleIn=True)
    assert again["PolicyARN"] == made["PolicyARN"] and len(again["Alarms"]) == 1
    world.autoscaling.delete_policy(AutoScalingGroupName="web", PolicyName="cpu50")
    assert world.autoscaling.describe_policies()["ScalingPolicies"] == []
    assert world.cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_a_step_policy_that_is_called_by_hand(world):
    world.cluster()
    template(world)
    shown = group(world)
    steps = [
        {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.5, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10.5, "ScalingAdjustment": 3},
    ]
    named = {"AutoScalingGroupName": "web", "PolicyName": "steps"}
    world.autoscaling.put_scaling_policy(
        PolicyType="StepScaling", AdjustmentType="ChangeInCapacity", StepAdjustments=steps, **named
    )
    assert world.autoscaling.describe_policies()["ScalingPolicies"][0]["StepAdjustments"] == steps
    world.autoscaling.execute_policy(MetricValue=60.5, BreachThreshold=50.0, **named)
    assert shown()["DesiredCapacity"] == 6
    told = world.autoscaling.describe_scaling_activities(AutoScalingGroupName="web")
    world.wait(10)
    told = world.autoscaling.describe_scaling_activities(AutoScalingGroupName="web")["Activities"]
    assert any("a user request executed policy steps" in one["Cause"] for one in told)


def test_load_is_what_its_tasks_use(world):
    world.cluster()
    world.machines(1, instance_type="m5.large")
    world.definition()
    world.ecs.create_service(cluster="shop", serviceName="web", taskDefinition="web", desiredCount=1)
    world.wait(60)
    assert world.drydock("Load", service="web", cpu=150)["cpu"] == 150
    usage = world.drydock("Usage", cluster="shop")
    assert usage["tasks"][0]["cpu"] == 150 and usage["instances"][0]["cpuUtilization"] == 7.324


REFUSALS = [("describe_alarms", "InvalidNextToken", {"NextToken": "x"})]


@pytest.mark.parametrize("operation, code, members", REFUSALS)
def test_every_declared_error_of_cloudwatch(world, operation, code, members):
    with pytest.raises(ClientError) as refused:
        getattr(world.cloudwatch, operation)(**members)
    assert refused.value.response["Error"]["Code"] == code


def test_no_declared_error_of_cloudwatch_is_left_out():
    tried = {(operation, code) for operation, code, _members in REFUSALS}
    for file in sorted((ROOT / "src/cloudwatch/api").glob("*.rs")):
        for errors, name in re.findall(r"/// # Errors\n((?:///.*\n)+)pub fn (\w+)\(", file.read_text()):
            assert {(name, code) for code in re.findall(r"`([A-Z]\w+)`", errors)} <= tried
