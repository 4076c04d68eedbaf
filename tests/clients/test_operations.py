"""Every operation through success, as boto3 sees it; the fixture holds each answer to AWS's model."""

import os
import datetime
import json
import pathlib
import re

import pytest
from botocore.exceptions import ClientError
from conftest import NETWORK
from test_auto_scaling import group, template

ROOT = pathlib.Path(__file__).parents[2]


def test_a_cluster_from_beginning_to_end(world):
    ecs = world.ecs
    made = ecs.create_cluster(clusterName="shop", tags=[{"key": "team", "value": "a"}])["cluster"]
    assert made["clusterArn"] == "arn:aws:ecs:us-east-1:111122223333:cluster/shop"
    assert made["status"] == "ACTIVE" and made["activeServicesCount"] == 0
    assert ecs.list_clusters()["clusterArns"] == [made["clusterArn"]]
    arn = made["clusterArn"]
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "test"}])
    assert len(ecs.list_tags_for_resource(resourceArn=arn)["tags"]) == 2
    ecs.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "stage", "value": "test"}]
    described = ecs.describe_clusters(clusters=["shop", "nope"])
    assert [one["clusterName"] for one in described["clusters"]] == ["shop"]
    assert [one["reason"] for one in described["failures"]] == ["MISSING"]
    assert ecs.delete_cluster(cluster="shop")["cluster"]["status"] == "INACTIVE"
    assert ecs.list_clusters()["clusterArns"] == []


def test_capacity_providers_from_beginning_to_end(world):
    ecs = world.ecs
    template(world)
    arn = group(world, "machines", DesiredCapacity=0)()["AutoScalingGroupARN"]
    wished = {"autoScalingGroupArn": arn, "managedScaling": {"status": "ENABLED", "targetCapacity": 80}}
    made = ecs.create_capacity_provider(
        name="machines", autoScalingGroupProvider=wished, tags=[{"key": "team", "value": "a"}]
    )["capacityProvider"]
    assert made["status"] == "ACTIVE" and made["tags"] == [{"key": "team", "value": "a"}]
    assert made["autoScalingGroupProvider"]["managedScaling"]["instanceWarmupPeriod"] == 300
    assert made["autoScalingGroupProvider"]["managedDraining"] == "ENABLED"
    ecs.create_cluster(clusterName="shop")
    cluster = ecs.put_cluster_capacity_providers(
        cluster="shop",
        capacityProviders=["FARGATE", "FARGATE_SPOT", "machines"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1, "base": 2}],
    )["cluster"]
    assert cluster["attachmentsStatus"] == "UPDATE_IN_PROGRESS"
    assert {one["type"] for one in cluster["attachments"]} == {"as_policy", "managed_draining"}
    world.wait(30)
    here = ecs.describe_capacity_providers(cluster="shop", include=["TAGS"])["capacityProviders"]
    assert {one["type"] for one in here} == {"EC2_AUTOSCALING", "FARGATE", "FARGATE_SPOT"}
    changed = ecs.update_capacity_provider(name="machines", autoScalingGroupProvider={"managedDraining": "DISABLED"})
    assert changed["capacityProvider"]["updateStatus"] == "UPDATE_IN_PROGRESS"
    stays = ecs.delete_capacity_provider(capacityProvider="machines")["capacityProvider"]
    assert stays["updateStatus"] == "DELETE_FAILED" and "cluster: shop" in stays["updateStatusReason"]
    world.wait(30)
    ecs.put_cluster_capacity_providers(cluster="shop", capacityProviders=[], defaultCapacityProviderStrategy=[])
    goes = ecs.delete_capacity_provider(capacityProvider=made["capacityProviderArn"])["capacityProvider"]
    assert goes["updateStatus"] == "DELETE_IN_PROGRESS"
    world.wait(30)
    assert ecs.describe_capacity_providers(capacityProviders=["machines"])["failures"][0]["reason"] == "MISSING"
    on = [{"name": "containerInsights", "value": "enabled"}]
    assert ecs.update_cluster_settings(cluster="shop", settings=on)["cluster"]["settings"] == on
    execute = {"executeCommandConfiguration": {"logging": "NONE"}}
    assert ecs.update_cluster(cluster="shop", configuration=execute)["cluster"]["configuration"] == execute


def test_tasks_through_capacity_providers(world):
    ecs = world.ecs
    template(world)
    group(world, "machines", DesiredCapacity=0)
    scaled = {"autoScalingGroupArn": "machines", "managedScaling": {"status": "ENABLED"}}
    ecs.create_capacity_provider(name="machines", autoScalingGroupProvider=scaled)
    shares = [{"capacityProvider": "FARGATE", "base": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    ecs.create_cluster(
        clusterName="shop", capacityProviders=["FARGATE", "FARGATE_SPOT", "machines"], defaultCapacityProviderStrategy=shares
    )
    world.fargate("far")
    world.definition()
    ran = ecs.run_task(cluster="shop", taskDefinition="far", count=3, networkConfiguration=NETWORK)["tasks"]
    assert [one["capacityProviderName"] for one in ran] == ["FARGATE", "FARGATE_SPOT", "FARGATE_SPOT"]
    through = [{"capacityProvider": "machines"}]
    waits = ecs.run_task(cluster="shop", taskDefinition="web", capacityProviderStrategy=through)["tasks"][0]
    assert waits["lastStatus"] == "PROVISIONING" and "containerInstanceArn" not in waits
    world.autoscaling.set_desired_capacity(AutoScalingGroupName="machines", DesiredCapacity=1)
    world.wait(200)
    placed = ecs.describe_tasks(cluster="shop", tasks=[waits["taskArn"]])["tasks"][0]
    assert placed["lastStatus"] == "RUNNING"
    machine = ecs.describe_container_instances(cluster="shop", containerInstances=[placed["containerInstanceArn"]])
    assert machine["containerInstances"][0]["capacityProviderName"] == "machines"


def test_task_definitions_from_beginning_to_end(world):
    ecs = world.ecs
    first = world.definition()
    containers = [{"name": "web", "image": "shop/web:1", "memory": 64}]
    second = ecs.register_task_definition(family="web", containerDefinitions=containers)["taskDefinition"]
    assert (first["revision"], second["revision"]) == (1, 2)
    assert ecs.list_task_definition_families()["families"] == ["web"]
    assert len(ecs.list_task_definitions(familyPrefix="web")["taskDefinitionArns"]) == 2
    shown = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    assert shown["revision"] == 2 and shown["registeredAt"].year == 2026
    gone = ecs.deregister_task_definition(taskDefinition="web:1")["taskDefinition"]
    assert gone["status"] == "INACTIVE"
    deleted = ecs.delete_task_definitions(taskDefinitions=["web:1"])["taskDefinitions"]
    assert deleted[0]["status"] in ("DELETE_IN_PROGRESS", "INACTIVE")


def test_tasks_on_machines_from_beginning_to_end(world):
    world.cluster()
    machines = world.machines(2)
    world.definition()
    ecs = world.ecs
    ran = ecs.run_task(cluster="shop", taskDefinition="web", count=2)
    started = ecs.start_task(
        cluster="shop",
        taskDefinition="web",
        containerInstances=[machines[0]],
        propagateTags="NONE",
        enableECSManagedTags=True,
        referenceId="r",
    )
    assert not ran["failures"] and not started["failures"]
    arns = [task["taskArn"] for task in ran["tasks"] + started["tasks"]]
    world.wait(60)
    tasks = ecs.describe_tasks(cluster="shop", tasks=arns)["tasks"]
    assert {task["lastStatus"] for task in tasks} == {"RUNNING"}
    assert set(ecs.list_tasks(cluster="shop")["taskArns"]) == set(arns)
    assert ecs.stop_task(cluster="shop", task=arns[0], reason="enough")["task"]["desiredStatus"] == "STOPPED"
    world.wait(60)
    stopped = ecs.describe_tasks(cluster="shop", tasks=arns[:1])["tasks"][0]
    assert (stopped["lastStatus"], stopped["stoppedReason"]) == ("STOPPED", "enough")
    assert stopped["stopCode"] == "UserInitiated"


def test_container_instances_from_beginning_to_end(world):
    world.cluster()
    one, two = world.machines(2)
    ecs = world.ecs
    shown = ecs.describe_container_instances(cluster="shop", containerInstances=[one, "nope"])
    assert len(shown["containerInstances"]) == 1 and len(shown["failures"]) == 1
    machine = shown["containerInstances"][0]
    assert machine["agentConnected"] is True and machine["attachments"] == []
    assert {resource["name"] for resource in machine["registeredResources"]} >= {"CPU", "MEMORY", "PORTS"}
    drained = ecs.update_container_instances_state(cluster="shop", containerInstances=[two], status="DRAINING")
    assert drained["containerInstances"][0]["status"] == "DRAINING"
    assert ecs.list_container_instances(cluster="shop", status="DRAINING")["containerInstanceArns"] == [two]
    gone = ecs.deregister_container_instance(cluster="shop", containerInstance=two, force=True)
    assert gone["containerInstance"]["status"] == "INACTIVE"
    both = ecs.describe_container_instances(
        cluster="shop", containerInstances=[one, two], include=["CONTAINER_INSTANCE_HEALTH"]
    )["containerInstances"]
    assert [each["status"] for each in both] == ["ACTIVE", "INACTIVE"]
    assert [each["healthStatus"]["overallStatus"] for each in both] == ["OK", "INSUFFICIENT_DATA"]


def test_an_agent_is_updated(world):
    world.cluster()
    named = joined(world, "i-old", versionInfo={"agentVersion": "1.98.0"})
    asked = world.ecs.update_container_agent(**named)["containerInstance"]
    assert (asked["agentUpdateStatus"], asked["versionInfo"]["agentVersion"]) == ("PENDING", "1.98.0")
    world.wait(60)
    shown = world.ecs.describe_container_instances(cluster="shop", containerInstances=[named["containerInstance"]])
    machine = shown["containerInstances"][0]
    assert (machine["agentUpdateStatus"], machine["versionInfo"]["agentVersion"]) == ("UPDATED", "1.105.1")
    assert machine["agentConnected"] is True


def test_account_settings_from_beginning_to_end(world):
    ecs = world.ecs
    pages = ecs.get_paginator("list_account_settings").paginate(effectiveSettings=True)
    held = [setting for page in pages for setting in page["settings"]]
    assert len(held) == 11 and {setting["type"] for setting in held} == {"user", "aws_managed"}
    root = "arn:aws:iam::111122223333:root"
    default = ecs.put_account_setting_default(name="awsvpcTrunking", value="enabled")["setting"]
    assert (default["value"], default["principalArn"]) == ("enabled", root)
    own = ecs.put_account_setting(name="awsvpcTrunking", value="disabled")["setting"]
    assert ecs.list_account_settings(name="awsvpcTrunking")["settings"] == [own]
    assert ecs.list_account_settings(name="awsvpcTrunking", value="enabled", principalArn=root)["settings"] == [default]
    assert ecs.delete_account_setting(name="awsvpcTrunking")["setting"] == own
    assert ecs.list_account_settings()["settings"] == []


def test_attributes_from_beginning_to_end(world):
    world.cluster()
    one, two = world.machines(2)
    ecs = world.ecs
    put = [{"name": f"rack{at}", "value": "a", "targetType": "container-instance", "targetId": one} for at in range(3)]
    assert len(ecs.put_attributes(cluster="shop", attributes=put)["attributes"]) == 3
    found = lambda **by: ecs.list_attributes(cluster="shop", targetType="container-instance", **by)["attributes"]
    assert [each["targetId"] for each in found(attributeName="rack1")] == [one]
    assert found(attributeName="rack1", attributeValue="b") == []
    assert len(ecs.delete_attributes(cluster="shop", attributes=put[:2])["attributes"]) == 2
    assert found(attributeName="rack1") == [] and len(found(attributeName="rack2")) == 1
    pages = ecs.get_paginator("list_attributes").paginate(cluster="shop", targetType="container-instance")
    whole = [(each["targetId"], each["name"]) for each in pages.build_full_result()["attributes"]]
    assert len(whole) == len(set(whole)) > 100


def test_an_instance_that_registers_itself(world):
    world.cluster()
    market = {"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.01", "SpotInstanceType": "one-time"}}
    spot = world.ec2.run_instances(ImageId="ami-docker", MinCount=1, MaxCount=1, InstanceMarketOptions=market)
    assert spot["Instances"][0]["InstanceLifecycle"] == "spot"
    launched = world.ec2.run_instances(ImageId="ami-docker", InstanceType="t3.small", MinCount=1, MaxCount=1)
    world.wait(90)
    document = {"instanceId": launched["Instances"][0]["InstanceId"], "region": "us-east-1"}
    made = world.ecs.register_container_instance(
        cluster="shop",
        instanceIdentityDocument=json.dumps(document),
        totalResources=[
            {"name": "CPU", "type": "INTEGER", "integerValue": 2048},
            {"name": "MEMORY", "type": "INTEGER", "integerValue": 1900},
            {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22"]},
            {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []},
        ],
    )["containerInstance"]
    assert made["ec2InstanceId"] == document["instanceId"] and made["status"] == "ACTIVE"
    assert world.ecs.list_container_instances(cluster="shop")["containerInstanceArns"] == [made["containerInstanceArn"]]


def test_a_service_from_beginning_to_end(world):
    world.cluster()
    world.fargate("far")
    ecs = world.ecs
    made = ecs.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition="far",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
    )["service"]
    assert made["status"] == "ACTIVE" and made["events"] == [] and made["deployments"][0]["status"] == "PRIMARY"
    world.wait(180)
    shown = ecs.describe_services(cluster="shop", services=["web"])["services"][0]
    assert shown["runningCount"] == 2 and "steady state" in shown["events"][0]["message"]
    assert ecs.list_services(cluster="shop")["serviceArns"] == [made["serviceArn"]]
    ecs.update_service(cluster="shop", service="web", desiredCount=0)
    world.wait(180)
    gone = ecs.delete_service(cluster="shop", service="web")["service"]
    assert gone["status"] == "DRAINING"


def test_deployments_of_a_service(world):
    world.cluster()
    world.fargate("far")
    ecs = world.ecs
    ecs.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition="far",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
    world.wait(180)
    world.fargate("far")
    ecs.update_service(cluster="shop", service="web", taskDefinition="far:2")
    world.wait(15)
    listed = ecs.list_service_deployments(cluster="shop", service="web")["serviceDeployments"]
    assert [one["status"] for one in listed] == ["IN_PROGRESS", "SUCCESSFUL"]
    newest = listed[0]["serviceDeploymentArn"]
    assert len(ecs.list_service_deployments(cluster="shop", service="web", status=["SUCCESSFUL"])["serviceDeployments"]) == 1
    later = {"after": listed[1]["createdAt"] + datetime.timedelta(seconds=60)}
    since = ecs.list_service_deployments(cluster="shop", service="web", createdAt=later)["serviceDeployments"]
    assert [one["serviceDeploymentArn"] for one in since] == [newest]
    shown = ecs.describe_service_deployments(serviceDeploymentArns=[newest, newest[:-1] + "x"])
    assert shown["serviceDeployments"][0]["status"] == "IN_PROGRESS" and len(shown["failures"]) == 1
    assert ecs.stop_service_deployment(serviceDeploymentArn=newest, stopType="ROLLBACK")["serviceDeploymentArn"] == newest
    world.wait(240)
    revisions = [one["targetServiceRevisionArn"] for one in listed]
    described = ecs.describe_service_revisions(serviceRevisionArns=[*revisions, revisions[0] + "0"])
    named = [one["taskDefinition"].rpartition("/")[2] for one in described["serviceRevisions"]]
    assert named == ["far:2", "far:1"] and [one["reason"] for one in described["failures"]] == ["MISSING"]
    ended = ecs.describe_service_deployments(serviceDeploymentArns=[newest])["serviceDeployments"][0]
    assert ended["status"].startswith(("ROLLBACK", "STOP")), ended
    service = ecs.describe_services(cluster="shop", services=["web"])["services"][0]
    assert service["taskDefinition"].endswith("far:1")


def test_protected_tasks_of_a_service(world):
    world.cluster()
    world.fargate("far")
    ecs = world.ecs
    ecs.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition="far",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
    world.wait(120)
    tasks = ecs.list_tasks(cluster="shop", serviceName="web")["taskArns"]
    set_to = lambda on, **more: ecs.update_task_protection(cluster="shop", tasks=tasks[:1], protectionEnabled=on, **more)
    one = set_to(True, expiresInMinutes=60)["protectedTasks"][0]
    assert one["taskArn"] == tasks[0] and one["protectionEnabled"] and one["expirationDate"].year == 2026
    known = ecs.get_task_protection(cluster="shop", tasks=[*tasks, "0" * 32])
    assert [each["protectionEnabled"] for each in known["protectedTasks"]] == [True, False]
    assert [each["reason"] for each in known["failures"]] == ["MISSING"]
    ecs.update_service(cluster="shop", service="web", desiredCount=1)
    world.wait(120)
    assert ecs.list_tasks(cluster="shop", serviceName="web")["taskArns"] == tasks[:1]
    assert set_to(False)["protectedTasks"] == [{"taskArn": tasks[0], "protectionEnabled": False}]


def test_machines_and_their_network(world):
    ec2 = world.ec2
    asked = dict(ImageId="ami-ecs", InstanceType="t3.small", MinCount=1, MaxCount=2, UserData="echo hi")
    launched = ec2.run_instances(
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "a & <b>"}]}], **asked
    )["Instances"]
    assert [one["State"]["Name"] for one in launched] == ["pending", "pending"]
    assert launched[0]["Tags"] == [{"Key": "Name", "Value": "a & <b>"}]
    ids = [one["InstanceId"] for one in launched]
    world.wait(90)
    found = ec2.describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["running"]}])
    assert [one["InstanceId"] for group in found["Reservations"] for one in group["Instances"]] == ids
    ended = ec2.terminate_instances(InstanceIds=ids[:1])["TerminatingInstances"][0]
    assert ended["CurrentState"]["Name"] == "shutting-down" and ended["PreviousState"]["Name"] == "running"
    assert ec2.describe_vpcs()["Vpcs"][0]["VpcId"] == "vpc-main"
    assert len(ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": ["vpc-main"]}])["Subnets"]) >= 2
    assert ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"] == "sg-default"
    assert ec2.describe_availability_zones()["AvailabilityZones"][0]["State"] == "available"


def test_who_is_asking(world):
    said = world.sts.get_caller_identity()
    assert said["Account"] == "111122223333" and said["Arn"] == "arn:aws:iam::111122223333:user/student"


def taken(world):
    """A world in which every refusal below can happen."""
    world.cluster()
    world.machines(1)
    world.definition()
    world.fargate("far")
    world.ecs.create_service(
        cluster="shop",
        serviceName="far",
        taskDefinition="far",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
    world.ecs.create_service(cluster="shop", serviceName="gone", taskDefinition="web", desiredCount=0)
    world.ecs.delete_service(cluster="shop", service="gone", force=True)
    world.ecs.run_task(cluster="shop", taskDefinition="web", clientToken="once")
    world.cluster("full")
    world.machines(1, cluster="full")
    world.ecs.put_attributes(cluster="full", attributes=attributes(world, [f"a{at}" for at in range(10)]))
    world.cluster("served")
    world.ecs.create_service(cluster="served", serviceName="idle", taskDefinition="web", desiredCount=0)
    template(world)
    for name in ("machines", "idle"):
        group(world, name, DesiredCapacity=0)
        world.ecs.create_capacity_provider(name=name, autoScalingGroupProvider={"autoScalingGroupArn": name})
    world.cluster("spot")
    spot = [{"capacityProvider": "FARGATE_SPOT"}]
    world.ecs.put_cluster_capacity_providers(
        cluster="spot", capacityProviders=["FARGATE_SPOT"], defaultCapacityProviderStrategy=spot
    )
    world.ecs.run_task(cluster="spot", taskDefinition="far", networkConfiguration=NETWORK)
    world.ecs.register_task_definition(
        family="arm",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        containerDefinitions=[{"name": "web", "image": "shop/web:1"}],
    )
    world.cluster("busy")
    world.ecs.run_task(
        cluster="busy", taskDefinition="far", launchType="FARGATE", networkConfiguration=NETWORK
    )
    world.ecs.tag_resource(
        resourceArn=SHOP.replace("shop", "busy"), tags=[{"key": f"k{at}", "value": ""} for at in range(50)]
    )
    world.wait(60)


SHOP = "arn:aws:ecs:us-east-1:111122223333:cluster/shop"
TASK = "arn:aws:ecs:us-east-1:111122223333:task/shop/" + "0" * 32


def attributes(world, names):
    """Attributes for the machine of the cluster `full`."""
    target = world.ecs.list_container_instances(cluster="full")["containerInstanceArns"][0]
    return [{"name": name, "targetType": "container-instance", "targetId": target} for name in names]


def one_attribute_more(world):
    return {"cluster": "full", "attributes": attributes(world, ["more"])}


def the_first_deployment(world):
    listed = world.ecs.list_service_deployments(cluster="shop", service="far")["serviceDeployments"]
    return {"serviceDeploymentArn": listed[-1]["serviceDeploymentArn"]}


def joined(world, name, **more):
    """A machine in the cluster `shop` that says of itself what is given here."""
    document = json.dumps({"instanceId": name})
    resources = [{"name": each, "type": "INTEGER", "integerValue": 1024} for each in ("CPU", "MEMORY")]
    made = world.ecs.register_container_instance(
        cluster="shop", instanceIdentityDocument=document, totalResources=resources, **more
    )
    return {"cluster": "shop", "containerInstance": made["containerInstance"]["containerInstanceArn"]}


def an_agent_of_today(world):
    return joined(world, "i-new", versionInfo={"agentVersion": "1.105.1"})


def an_agent_without_version(world):
    return joined(world, "i-mute")


def an_agent_that_is_updated(world):
    named = joined(world, "i-old", versionInfo={"agentVersion": "1.98.0"})
    world.ecs.update_container_agent(**named)
    return named


def a_cluster_in_the_making(world):
    world.ecs.create_cluster(clusterName="young", capacityProviders=["machines"])
    return {"cluster": "young", "capacityProviders": [], "defaultCapacityProviderStrategy": []}


MANAGED = {
    "infrastructureRoleArn": "arn:aws:iam::111122223333:role/ecs",
    "instanceLaunchTemplate": {"ec2InstanceProfileArn": "arn:aws:iam::111122223333:instance-profile/ecs", "networkConfiguration": {"subnets": ["subnet-pri-a"]}},
}


# operation, code, members
REFUSALS = [
    ("create_cluster", "InvalidParameterException", {"clusterName": "a b"}),
    ("create_cluster", "NamespaceNotFoundException", {"clusterName": "x", "serviceConnectDefaults": {"namespace": "n"}}),
    ("delete_cluster", "ClusterNotFoundException", {"cluster": "nope"}),
    ("delete_cluster", "ClusterContainsContainerInstancesException", {"cluster": "full"}),
    ("delete_cluster", "ClusterContainsServicesException", {"cluster": "served"}),
    ("delete_cluster", "ClusterContainsTasksException", {"cluster": "busy"}),
    ("describe_clusters", "InvalidParameterException", {"clusters": ["c"] * 101}),
    ("update_cluster", "ClusterNotFoundException", {"cluster": "nope"}),
    ("update_cluster", "InvalidParameterException", {"cluster": "shop", "settings": [{"name": "containerInsights", "value": "on"}]}),
    ("update_cluster", "NamespaceNotFoundException", {"cluster": "shop", "serviceConnectDefaults": {"namespace": "n"}}),
    ("update_cluster_settings", "ClusterNotFoundException", {"cluster": "nope", "settings": []}),
    ("update_cluster_settings", "InvalidParameterException", {"cluster": "shop", "settings": [{"name": "containerInsights", "value": "on"}]}),
    ("create_capacity_provider", "ClusterNotFoundException", {"name": "more", "cluster": "nope"}),
    ("create_capacity_provider", "UnsupportedFeatureException", {"name": "more", "managedInstancesProvider": MANAGED}),
    ("create_capacity_provider", "InvalidParameterException", {"name": "more"}),
    ("create_capacity_provider", "ClientException", {"name": "fargate-more"}),
    ("describe_capacity_providers", "ClusterNotFoundException", {"cluster": "nope"}),
    ("describe_capacity_providers", "InvalidParameterException", {"maxResults": 11}),
    ("update_capacity_provider", "ClusterNotFoundException", {"name": "idle", "cluster": "nope"}),
    ("update_capacity_provider", "UnsupportedFeatureException", {"name": "idle", "managedInstancesProvider": MANAGED}),
    ("update_capacity_provider", "InvalidParameterException", {"name": "nope"}),
    ("update_capacity_provider", "ClientException", {"name": "idle", "autoScalingGroupProvider": {"managedTerminationProtection": "ENABLED"}}),
    ("delete_capacity_provider", "ClusterNotFoundException", {"capacityProvider": "idle", "cluster": "nope"}),
    ("delete_capacity_provider", "InvalidParameterException", {"capacityProvider": "FARGATE"}),
    ("put_cluster_capacity_providers", "ClusterNotFoundException", {"cluster": "nope", "capacityProviders": [], "defaultCapacityProviderStrategy": []}),
    ("put_cluster_capacity_providers", "InvalidParameterException", {"cluster": "shop", "capacityProviders": ["nope"], "defaultCapacityProviderStrategy": []}),
    ("put_cluster_capacity_providers", "ResourceInUseException", {"cluster": "spot", "capacityProviders": [], "defaultCapacityProviderStrategy": []}),
    ("put_cluster_capacity_providers", "UpdateInProgressException", a_cluster_in_the_making),
    ("list_clusters", "InvalidParameterException", {"maxResults": 1000}),
    ("list_tags_for_resource", "InvalidParameterException", {"resourceArn": "nonsense"}),
    ("list_tags_for_resource", "ClusterNotFoundException", {"resourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/nope"}),
    ("tag_resource", "InvalidParameterException", {"resourceArn": "nonsense", "tags": []}),
    ("tag_resource", "ClusterNotFoundException", {"resourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/nope", "tags": []}),
    ("tag_resource", "ResourceNotFoundException", {"resourceArn": TASK, "tags": []}),
    ("tag_resource", "LimitExceededException", {"resourceArn": SHOP.replace("shop", "busy"), "tags": [{"key": "more", "value": ""}]}),
    ("untag_resource", "InvalidParameterException", {"resourceArn": "nonsense", "tagKeys": []}),
    ("untag_resource", "ClusterNotFoundException", {"resourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/nope", "tagKeys": []}),
    ("untag_resource", "ResourceNotFoundException", {"resourceArn": TASK, "tagKeys": []}),
    ("register_task_definition", "ClientException", {"family": "a b", "containerDefinitions": [{"name": "a", "image": "shop/web:1", "memory": 9}]}),
    ("register_task_definition", "InvalidParameterException", {"family": "w", "containerDefinitions": [], "tags": [{"key": "aws:x", "value": ""}]}),
    ("describe_task_definition", "ClientException", {"taskDefinition": "nope"}),
    ("describe_task_definition", "InvalidParameterException", {"taskDefinition": "web", "include": ["X"]}),
    ("list_task_definitions", "InvalidParameterException", {"sort": "UP"}),
    ("list_task_definition_families", "InvalidParameterException", {"status": "ODD"}),
    ("deregister_task_definition", "ClientException", {"taskDefinition": "nope:1"}),
    ("deregister_task_definition", "ClientException", {"taskDefinition": "web"}),
    ("delete_task_definitions", "InvalidParameterException", {"taskDefinitions": []}),
    ("delete_task_definitions", "ClientException", {"taskDefinitions": ["web"]}),
    ("run_task", "ClusterNotFoundException", {"cluster": "nope", "taskDefinition": "web"}),
    ("run_task", "InvalidParameterException", {"cluster": "shop", "taskDefinition": "web", "count": 11}),
    ("run_task", "ClientException", {"cluster": "shop", "taskDefinition": "nope"}),
    ("run_task", "ConflictException", {"cluster": "shop", "taskDefinition": "web", "count": 2, "clientToken": "once"}),
    ("run_task", "PlatformUnknownException", {"cluster": "shop", "taskDefinition": "far", "launchType": "FARGATE", "platformVersion": "9.9.9", "networkConfiguration": NETWORK}),
    ("run_task", "PlatformTaskDefinitionIncompatibilityException", {"cluster": "spot", "taskDefinition": "arm", "platformVersion": "1.3.0", "networkConfiguration": NETWORK}),
    ("run_task", "UnsupportedFeatureException", {"cluster": "shop", "taskDefinition": "web", "launchType": "EXTERNAL"}),
    ("start_task", "ClusterNotFoundException", {"cluster": "nope", "taskDefinition": "web", "containerInstances": ["x"]}),
    ("start_task", "InvalidParameterException", {"cluster": "shop", "taskDefinition": "web", "containerInstances": []}),
    ("start_task", "ClientException", {"cluster": "shop", "taskDefinition": "nope", "containerInstances": ["x"]}),
    ("stop_task", "ClusterNotFoundException", {"cluster": "nope", "task": "x"}),
    ("stop_task", "InvalidParameterException", {"cluster": "shop", "task": "0" * 32}),
    ("describe_tasks", "ClusterNotFoundException", {"cluster": "nope", "tasks": ["x"]}),
    ("describe_tasks", "InvalidParameterException", {"cluster": "shop", "tasks": []}),
    ("update_task_protection", "ClusterNotFoundException", {"cluster": "nope", "tasks": ["x"], "protectionEnabled": True}),
    ("update_task_protection", "InvalidParameterException", {"cluster": "shop", "tasks": ["x"], "protectionEnabled": True, "expiresInMinutes": 0}),
    ("get_task_protection", "ClusterNotFoundException", {"cluster": "nope", "tasks": ["x"]}),
    ("get_task_protection", "InvalidParameterException", {"cluster": "shop", "tasks": []}),
    ("list_tasks", "ClusterNotFoundException", {"cluster": "nope"}),
    ("list_tasks", "ServiceNotFoundException", {"cluster": "shop", "serviceName": "nope"}),
    ("list_tasks", "InvalidParameterException", {"cluster": "shop", "desiredStatus": "ODD"}),
    ("describe_container_instances", "ClusterNotFoundException", {"cluster": "nope", "containerInstances": ["x"]}),
    ("describe_container_instances", "InvalidParameterException", {"cluster": "shop", "containerInstances": []}),
    ("list_container_instances", "ClusterNotFoundException", {"cluster": "nope"}),
    ("list_container_instances", "InvalidParameterException", {"cluster": "shop", "filter": "=="}),
    ("deregister_container_instance", "ClusterNotFoundException", {"cluster": "nope", "containerInstance": "x"}),
    ("deregister_container_instance", "InvalidParameterException", {"cluster": "shop", "containerInstance": "0" * 32}),
    ("update_container_instances_state", "ClusterNotFoundException", {"cluster": "nope", "containerInstances": ["x"], "status": "ACTIVE"}),
    ("update_container_instances_state", "InvalidParameterException", {"cluster": "shop", "containerInstances": ["x"], "status": "REGISTERING"}),
    ("update_container_agent", "ClusterNotFoundException", {"cluster": "nope", "containerInstance": "x"}),
    ("update_container_agent", "InvalidParameterException", {"cluster": "shop", "containerInstance": "0" * 32}),
    ("update_container_agent", "UpdateInProgressException", an_agent_that_is_updated),
    ("update_container_agent", "MissingVersionException", an_agent_without_version),
    ("update_container_agent", "NoUpdateAvailableException", an_agent_of_today),
    ("put_account_setting", "InvalidParameterException", {"name": "awsvpcTrunking", "value": "on"}),
    ("put_account_setting_default", "InvalidParameterException", {"name": "awsvpcTrunking", "value": "on"}),
    ("delete_account_setting", "InvalidParameterException", {"name": "awsvpcTrunking", "principalArn": "x"}),
    ("list_account_settings", "InvalidParameterException", {"value": "enabled"}),
    ("put_attributes", "ClusterNotFoundException", {"cluster": "nope", "attributes": [{"name": "a", "targetId": "x"}]}),
    ("put_attributes", "InvalidParameterException", {"cluster": "shop", "attributes": []}),
    ("put_attributes", "TargetNotFoundException", {"cluster": "shop", "attributes": [{"name": "a", "targetId": "x", "targetType": "container-instance"}]}),
    ("put_attributes", "AttributeLimitExceededException", one_attribute_more),
    ("delete_attributes", "ClusterNotFoundException", {"cluster": "nope", "attributes": [{"name": "a", "targetId": "x"}]}),
    ("delete_attributes", "InvalidParameterException", {"cluster": "shop", "attributes": []}),
    ("delete_attributes", "TargetNotFoundException", {"cluster": "shop", "attributes": [{"name": "a", "targetId": "x", "targetType": "container-instance"}]}),
    ("list_attributes", "ClusterNotFoundException", {"cluster": "nope", "targetType": "container-instance"}),
    ("list_attributes", "InvalidParameterException", {"cluster": "shop", "targetType": "container-instance", "maxResults": 0}),
    ("register_container_instance", "ClusterNotFoundException", {"cluster": "nope"}),
    ("register_container_instance", "InvalidParameterException", {"cluster": "shop", "instanceIdentityDocument": "x"}),
    ("create_service", "ClusterNotFoundException", {"cluster": "nope", "serviceName": "x", "taskDefinition": "web", "desiredCount": 1}),
    ("create_service", "InvalidParameterException", {"cluster": "shop", "serviceName": "a b", "taskDefinition": "web", "desiredCount": 1}),
    ("create_service", "ClientException", {"cluster": "shop", "serviceName": "x", "taskDefinition": "nope", "desiredCount": 1}),
    ("create_service", "PlatformUnknownException", {"cluster": "shop", "serviceName": "x", "taskDefinition": "far", "desiredCount": 1, "launchType": "FARGATE", "platformVersion": "9", "networkConfiguration": NETWORK}),
    ("create_service", "UnsupportedFeatureException", {"cluster": "shop", "serviceName": "x", "taskDefinition": "web", "desiredCount": 1, "launchType": "EXTERNAL"}),
    ("create_service", "NamespaceNotFoundException", {"cluster": "shop", "serviceName": "x", "taskDefinition": "web", "desiredCount": 1, "serviceConnectConfiguration": {"enabled": True}}),
    ("update_service", "ClusterNotFoundException", {"cluster": "nope", "service": "far"}),
    ("update_service", "ServiceNotFoundException", {"cluster": "shop", "service": "nope"}),
    ("update_service", "ServiceNotActiveException", {"cluster": "shop", "service": "gone", "desiredCount": 1}),
    ("update_service", "InvalidParameterException", {"cluster": "shop", "service": "far", "desiredCount": -1}),
    ("update_service", "ClientException", {"cluster": "shop", "service": "far", "taskDefinition": "nope"}),
    ("update_service", "PlatformUnknownException", {"cluster": "shop", "service": "far", "platformVersion": "9"}),
    ("update_service", "UnsupportedFeatureException", {"cluster": "shop", "service": "far", "deploymentController": {"type": "CODE_DEPLOY"}}),
    ("update_service", "NamespaceNotFoundException", {"cluster": "shop", "service": "far", "serviceConnectConfiguration": {"enabled": True}}),
    ("list_service_deployments", "ClusterNotFoundException", {"cluster": "nope", "service": "far"}),
    ("list_service_deployments", "ServiceNotFoundException", {"cluster": "shop", "service": "nope"}),
    ("list_service_deployments", "InvalidParameterException", {"cluster": "shop", "service": "far", "maxResults": 0}),
    ("describe_service_deployments", "InvalidParameterException", {"serviceDeploymentArns": []}),
    ("describe_service_revisions", "InvalidParameterException", {"serviceRevisionArns": []}),
    ("stop_service_deployment", "InvalidParameterException", {"serviceDeploymentArn": "x", "stopType": "ABORT"}),
    ("stop_service_deployment", "ServiceDeploymentNotFoundException", {"serviceDeploymentArn": SHOP.replace("cluster/shop", "service-deployment/shop/far/x")}),
    ("stop_service_deployment", "ConflictException", the_first_deployment),
    ("delete_service", "ClusterNotFoundException", {"cluster": "nope", "service": "far"}),
    ("delete_service", "ServiceNotFoundException", {"cluster": "shop", "service": "nope"}),
    ("delete_service", "InvalidParameterException", {"cluster": "shop", "service": "far"}),
    ("describe_services", "ClusterNotFoundException", {"cluster": "nope", "services": ["x"]}),
    ("describe_services", "InvalidParameterException", {"cluster": "shop", "services": []}),
    ("list_services", "ClusterNotFoundException", {"cluster": "nope"}),
    ("list_services", "InvalidParameterException", {"cluster": "shop", "maxResults": -1}),
]


@pytest.fixture(scope="module")
def settled(endpoint):
    endpoint.reset()
    taken(endpoint)
    return endpoint


@pytest.mark.parametrize("operation, code, members", REFUSALS, ids=lambda one: one if isinstance(one, str) else "-")
def test_every_declared_error(settled, operation, code, members):
    members = members(settled) if callable(members) else members
    before = settled.get("/drydock/clock")
    with pytest.raises(ClientError) as refused:
        getattr(settled.ecs, operation)(**members)
    answer = refused.value.response
    assert answer["Error"]["Code"] == code, answer["Error"]
    assert isinstance(refused.value, getattr(settled.ecs.exceptions, code))
    assert 400 <= answer["ResponseMetadata"]["HTTPStatusCode"] < 500
    assert answer["ResponseMetadata"]["RequestId"]
    # Only the timeline grows.
    assert settled.get("/drydock/clock").split('"at"')[1][:12] == before.split('"at"')[1][:12]


def test_no_declared_error_is_left_out():
    """The codes that an operation's own documentation names are those of the rows above."""
    tried = {(operation, code) for operation, code, _members in REFUSALS}
    missing = []
    for file in sorted((ROOT / "src/ecs/api").glob("*.rs")):
        for errors, name in re.findall(r"/// # Errors\n((?:///.*\n)+)pub fn (\w+)\(", file.read_text()):
            for code in re.findall(r"`(\w+Exception)`", errors):
                if name == file.stem and (name, code) not in tried:
                    missing.append((name, code))
    assert not missing


@pytest.mark.parametrize(
    "operation, code, members",
    [
        ("run_instances", "InvalidAMIID.NotFound", {"ImageId": "ami-nope", "MinCount": 1, "MaxCount": 1}),
        ("run_instances", "InvalidSubnetID.NotFound", {"ImageId": "ami-ecs", "MinCount": 1, "MaxCount": 1, "SubnetId": "subnet-nope"}),
        ("run_instances", "InvalidGroup.NotFound", {"ImageId": "ami-ecs", "MinCount": 1, "MaxCount": 1, "SecurityGroupIds": ["sg-nope"]}),
        ("run_instances", "MissingParameter", {"MinCount": 1, "MaxCount": 1}),
        ("run_instances", "InvalidParameterValue", {"ImageId": "ami-ecs", "MinCount": 1, "MaxCount": 1, "InstanceMarketOptions": {"MarketType": "capacity-block"}}),
        ("terminate_instances", "InvalidInstanceID.NotFound", {"InstanceIds": ["i-0123456789abcdef0"]}),
        ("describe_instances", "InvalidInstanceID.NotFound", {"InstanceIds": ["i-0123456789abcdef0"]}),
    ],
)
def test_refusals_of_ec2(world, operation, code, members):
    with pytest.raises(ClientError) as refused:
        getattr(world.ec2, operation)(**members)
    answer = refused.value.response
    assert answer["Error"]["Code"] == code
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400 and answer["ResponseMetadata"]["RequestId"]


def test_every_operation_is_driven(endpoint):
    """The suite calls whatever is declared; a new operation wants a test here."""
    page = (ROOT / "docs/coverage.md").read_text()
    there = re.findall(r"^\| (\w+) \| (?:done|partly) \|", page, re.M)
    text = "".join(file.read_text() for file in pathlib.Path(__file__).parent.glob("test_*.py"))
    snake = lambda name: re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    undriven = [name for name in there if f".{snake(name)}(" not in text]
    assert not undriven and len(there) > 30
