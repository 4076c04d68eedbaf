"""What has been seen to go wrong in emulators of ECS, each by name."""

import re

import pytest
from botocore.exceptions import ClientError
from conftest import NETWORK


def run(world, count=1, **more):
    asked = dict(cluster="shop", taskDefinition="far", launchType="FARGATE", networkConfiguration=NETWORK)
    return world.ecs.run_task(count=count, **{**asked, **more})["tasks"]


@pytest.fixture
def shop(world):
    world.cluster()
    world.fargate()
    return world


def test_reading_a_status_does_not_move_it(shop):
    arn = run(shop)[0]["taskArn"]
    look = lambda: shop.ecs.describe_tasks(cluster="shop", tasks=[arn])["tasks"][0]
    first = look()
    assert first["lastStatus"] == "PROVISIONING"
    for _ in range(20):
        again = look()
        assert (again["lastStatus"], again["version"]) == (first["lastStatus"], first["version"])
    shop.wait(60)
    assert look()["lastStatus"] == "RUNNING"


@pytest.mark.parametrize(
    "operation, members",
    [
        ("describe_tasks", {"cluster": "nope", "tasks": ["x"]}),
        ("stop_task", {"cluster": "shop", "task": "0" * 32}),
        ("update_service", {"cluster": "shop", "service": "nope"}),
        ("delete_service", {"cluster": "shop", "service": "nope"}),
        ("describe_task_definition", {"taskDefinition": "nope:9"}),
        ("delete_cluster", {"cluster": "nope"}),
        ("list_tags_for_resource", {"resourceArn": "arn:aws:ecs:us-east-1:111122223333:service/shop/nope"}),
        ("deregister_container_instance", {"cluster": "shop", "containerInstance": "nope"}),
    ],
)
def test_an_unknown_id_is_the_callers_mistake(shop, operation, members):
    with pytest.raises(ClientError) as refused:
        getattr(shop.ecs, operation)(**members)
    assert 400 <= refused.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500


def test_an_unknown_id_among_known_ones_is_a_failure_in_the_answer(shop):
    arn = run(shop)[0]["taskArn"]
    answer = shop.ecs.describe_tasks(cluster="shop", tasks=[arn, "0" * 32])
    assert [task["taskArn"] for task in answer["tasks"]] == [arn]
    assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]


def test_filters_of_lists_are_honoured(shop):
    mine = run(shop, startedBy="me")[0]["taskArn"]
    shop.fargate("other")
    other = run(shop, taskDefinition="other")[0]["taskArn"]
    gone = run(shop, startedBy="gone")[0]["taskArn"]
    shop.ecs.stop_task(cluster="shop", task=gone)
    lists = lambda **by: set(shop.ecs.list_tasks(cluster="shop", **by)["taskArns"])
    assert lists() == {mine, other}
    assert lists(startedBy="me") == {mine}
    assert lists(family="other") == {other}
    assert lists(desiredStatus="STOPPED") == {gone}
    assert lists(launchType="FARGATE") == {mine, other} and lists(launchType="EC2") == set()
    services = lambda **by: shop.ecs.list_services(cluster="shop", **by)["serviceArns"]
    shop.ecs.create_service(
        cluster="shop", serviceName="s", taskDefinition="far", desiredCount=1, launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
    shop.wait(30)
    assert len(services(launchType="FARGATE")) == 1 and services(launchType="EC2") == []
    assert len(lists(serviceName="s")) == 1
    families = lambda **by: shop.ecs.list_task_definition_families(**by)["families"]
    assert families(familyPrefix="oth") == ["other"] and families(status="INACTIVE") == []


def test_describing_one_task_costs_the_same_however_many_are_held(shop):
    """The endpoint's own effort, so that a busy machine changes nothing."""

    def cost(arn):
        begun = shop.effort()
        for _ in range(100):
            shop.ecs.describe_tasks(cluster="shop", tasks=[arn])
        return shop.effort() - begun

    arn = run(shop, count=10)[0]["taskArn"]
    few = cost(arn)
    for name in range(4):
        shop.ecs.create_service(
            cluster="shop", serviceName=f"s{name}", taskDefinition="far", desiredCount=500, launchType="FARGATE",
            networkConfiguration=NETWORK,
        )
    shop.wait(120)
    assert shop.ecs.describe_clusters(clusters=["shop"])["clusters"][0]["runningTasksCount"] > 1900
    many = cost(arn)
    assert many < 2 * few + 0.02, (few, many)


def test_tags_are_kept(shop):
    tags = [{"key": "team", "value": "a"}, {"key": "empty", "value": ""}]
    arn = run(shop, tags=tags)[0]["taskArn"]
    seen = shop.ecs.describe_tasks(cluster="shop", tasks=[arn], include=["TAGS"])["tasks"][0]["tags"]
    assert seen == tags == shop.ecs.list_tags_for_resource(resourceArn=arn)["tags"]
    made = shop.definition("tagged", tags=tags)
    shown = shop.ecs.describe_task_definition(taskDefinition=made["taskDefinitionArn"], include=["TAGS"])
    assert shown["tags"] == tags
    run_from = run(shop, propagateTags="TASK_DEFINITION", enableECSManagedTags=True)[0]
    assert {"key": "aws:ecs:clusterName", "value": "shop"} in run_from["tags"]


def test_include_is_honoured(shop):
    shop.ecs.tag_resource(
        resourceArn="arn:aws:ecs:us-east-1:111122223333:cluster/shop", tags=[{"key": "a", "value": "b"}]
    )
    look = lambda *words: shop.ecs.describe_clusters(clusters=["shop"], include=list(words))["clusters"][0]
    assert look()["tags"] == [] and look("TAGS")["tags"] == [{"key": "a", "value": "b"}]
    assert look()["settings"] == [] and look("SETTINGS")["settings"][0]["name"] == "containerInsights"
    assert look()["statistics"] == [] and len(look("STATISTICS")["statistics"]) == 8


def test_arns_have_the_long_form(shop):
    task = run(shop)[0]
    own = r"arn:aws:ecs:us-east-1:111122223333:"
    assert re.fullmatch(own + r"task/shop/[0-9a-f]{32}", task["taskArn"])
    assert re.fullmatch(own + r"container/shop/[0-9a-f]{32}/[0-9a-f-]{36}", task["containers"][0]["containerArn"])
    machine = shop.machines(1)[0]
    shop.definition("ec2")
    assert re.fullmatch(own + r"container-instance/shop/[0-9a-f]{32}", machine)
    service = shop.ecs.create_service(cluster="shop", serviceName="web", taskDefinition="ec2", desiredCount=0)
    assert service["service"]["serviceArn"] == own + "service/shop/web"


def test_counts_of_a_service_agree_with_its_tasks(shop):
    shop.ecs.create_service(
        cluster="shop", serviceName="web", taskDefinition="far", desiredCount=3, launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
    for moment in range(30):
        if moment == 12:
            shop.ecs.update_service(cluster="shop", service="web", desiredCount=1)
        shop.wait(7)
        service = shop.ecs.describe_services(cluster="shop", services=["web"])["services"][0]
        arns = shop.ecs.list_tasks(cluster="shop", serviceName="web")["taskArns"]
        tasks = shop.ecs.describe_tasks(cluster="shop", tasks=arns)["tasks"] if arns else []
        running = sum(task["lastStatus"] == "RUNNING" for task in tasks)
        pending = sum(task["lastStatus"] in ("PROVISIONING", "PENDING", "ACTIVATING") for task in tasks)
        assert (service["runningCount"], service["pendingCount"]) == (running, pending)
        primary = [one for one in service["deployments"] if one["status"] == "PRIMARY"][0]
        assert primary["runningCount"] == running
        cluster = shop.ecs.describe_clusters(clusters=["shop"])["clusters"][0]
        assert cluster["runningTasksCount"] == running
    assert service["runningCount"] == 1


def test_nothing_is_null_and_lists_are_lists(shop):
    """The fixture holds every answer to the model; here the empty ones are looked at."""
    answer = shop.ecs.describe_services(cluster="shop", services=["nope"])
    assert answer["services"] == [] and answer["failures"][0]["reason"] == "MISSING"
    task = run(shop)[0]
    for name in ("attachments", "attributes", "containers", "tags"):
        assert isinstance(task[name], list)
    assert "startedAt" not in task and "stopCode" not in task
