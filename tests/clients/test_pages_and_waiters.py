"""botocore's own paginators and waiters."""

import pytest
from botocore.exceptions import WaiterError
from conftest import NETWORK

SOON = {"Delay": 0.05, "MaxAttempts": 200}


@pytest.fixture
def crowd(world):
    world.cluster()
    for at in range(3):
        world.cluster(f"more-{at}")
        world.fargate(f"far-{at}")
        world.ecs.create_service(
            cluster="shop", serviceName=f"s{at}", taskDefinition="far-0", desiredCount=1, launchType="FARGATE",
            networkConfiguration=NETWORK,
        )
    world.machines(3)
    return world


@pytest.mark.parametrize(
    "operation, members, result",
    [
        ("list_clusters", {}, "clusterArns"),
        ("list_container_instances", {"cluster": "shop"}, "containerInstanceArns"),
        ("list_services", {"cluster": "shop"}, "serviceArns"),
        ("list_task_definitions", {}, "taskDefinitionArns"),
        ("list_task_definition_families", {}, "families"),
        ("list_tasks", {"cluster": "shop"}, "taskArns"),
    ],
)
def test_paginators_give_all_and_each_once(crowd, operation, members, result):
    whole = getattr(crowd.ecs, operation)(maxResults=100, **members)[result]
    assert len(whole) >= 3
    pages = list(crowd.ecs.get_paginator(operation).paginate(**members, PaginationConfig={"PageSize": 1}))
    assert [len(page[result]) for page in pages] == [1] * len(whole)
    assert [one for page in pages for one in page[result]] == whole
    assert "nextToken" not in pages[-1]
    some = crowd.ecs.get_paginator(operation).paginate(**members, PaginationConfig={"PageSize": 1, "MaxItems": 2})
    assert len(some.build_full_result()[result]) == 2


def test_paginators_of_ec2(crowd):
    found = crowd.ec2.get_paginator("describe_instances").paginate().build_full_result()
    assert sum(len(group["Instances"]) for group in found["Reservations"]) == 3


def test_a_token_from_nowhere_is_refused(crowd):
    with pytest.raises(crowd.ecs.exceptions.InvalidParameterException):
        crowd.ecs.list_clusters(nextToken="nonsense")


@pytest.fixture
def quick(world):
    """A world that lives ten minutes in a second."""
    world.cluster()
    world.fargate()
    world.post("/drydock/speed", {"speed": 600})
    yield world
    world.post("/drydock/speed", {"speed": 0})


def start(world, **more):
    return world.ecs.run_task(
        cluster="shop", taskDefinition="far", launchType="FARGATE", networkConfiguration=NETWORK, **more
    )["tasks"][0]["taskArn"]


def test_tasks_running_and_stopped(quick):
    arn = start(quick)
    quick.ecs.get_waiter("tasks_running").wait(cluster="shop", tasks=[arn], WaiterConfig=SOON)
    assert quick.ecs.describe_tasks(cluster="shop", tasks=[arn])["tasks"][0]["lastStatus"] == "RUNNING"
    quick.ecs.stop_task(cluster="shop", task=arn)
    quick.ecs.get_waiter("tasks_stopped").wait(cluster="shop", tasks=[arn], WaiterConfig=SOON)
    assert quick.ecs.describe_tasks(cluster="shop", tasks=[arn])["tasks"][0]["lastStatus"] == "STOPPED"


def test_tasks_running_gives_up_on_a_stopped_task(quick):
    arn = start(quick)
    quick.ecs.stop_task(cluster="shop", task=arn)
    quick.ecs.get_waiter("tasks_stopped").wait(cluster="shop", tasks=[arn], WaiterConfig=SOON)
    with pytest.raises(WaiterError) as failed:
        quick.ecs.get_waiter("tasks_running").wait(cluster="shop", tasks=[arn], WaiterConfig=SOON)
    assert "terminal failure state" in str(failed.value)


def test_services_stable_and_inactive(quick):
    quick.ecs.create_service(
        cluster="shop", serviceName="web", taskDefinition="far", desiredCount=2, launchType="FARGATE",
        networkConfiguration=NETWORK,
    )
    quick.ecs.get_waiter("services_stable").wait(cluster="shop", services=["web"], WaiterConfig=SOON)
    service = quick.ecs.describe_services(cluster="shop", services=["web"])["services"][0]
    assert service["runningCount"] == 2 and len(service["deployments"]) == 1
    quick.ecs.delete_service(cluster="shop", service="web", force=True)
    quick.ecs.get_waiter("services_inactive").wait(cluster="shop", services=["web"], WaiterConfig=SOON)
    assert quick.ecs.list_services(cluster="shop")["serviceArns"] == []


def test_waiting_for_what_is_not_there_fails_at_once(quick):
    with pytest.raises(WaiterError) as failed:
        quick.ecs.get_waiter("services_stable").wait(cluster="shop", services=["nope"], WaiterConfig=SOON)
    assert "terminal failure state" in str(failed.value)
