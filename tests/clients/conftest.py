"""One endpoint for all tests, a fresh world for each, and AWS's own clients on it."""

import contextlib
import io
import json
import os
import pathlib
import shlex
import subprocess
import urllib.request

import boto3
import pytest
from awscli.clidriver import create_clidriver

os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.path.join(os.path.dirname(__file__), "aws-config"),
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    TZ="UTC",
)


class Aws:
    """What the `aws` command did: its exit code, what it printed, and what it complained about."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        assert self.code == 0, self.err
        return json.loads(self.out) if self.out.strip() else {}


class World:
    """A simulated world and its clients."""

    def __init__(self, address, pid):
        self.address, self.pid = address, pid
        session = boto3.Session()
        client = lambda name: session.client(name, endpoint_url=address)
        self.ecs, self.ec2, self.sts = client("ecs"), client("ec2"), client("sts")
        self.autoscaling, self.cloudwatch = client("autoscaling"), client("cloudwatch")
        self._aws = self._loader = None
        self.heard = []
        for one in (self.ecs, self.ec2, self.sts, self.autoscaling, self.cloudwatch):
            one.meta.events.register("after-call", self._hear)

    def _hear(self, http_response, parsed, model, **_more):
        self.heard.append((model, http_response, parsed))

    def post(self, path, body=None):
        data = json.dumps(body).encode() if body is not None else b""
        with urllib.request.urlopen(urllib.request.Request(self.address + path, data=data), timeout=60) as answer:
            return json.loads(answer.read() or b"{}")

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return answer.read().decode()

    def effort(self):
        """The processor time that the endpoint has used, in seconds; whatever else the machine does."""
        threads = pathlib.Path(f"/proc/{self.pid}/task")
        if not threads.is_dir():
            pytest.skip("processor time is read from /proc, which is Linux's")
        return sum(int(file.read_text().split()[0]) for file in threads.glob("*/schedstat")) / 1e9

    def reset(self):
        self.post("/drydock/reset")
        self.post("/drydock/speed", {"speed": 0})
        self.heard.clear()

    def wait(self, seconds):
        """Lets so many simulated seconds pass."""
        return self.post("/drydock/advance", {"seconds": seconds})

    def drydock(self, operation, **members):
        """One of the sandbox's own commands."""
        request = urllib.request.Request(
            self.address,
            data=json.dumps(members).encode(),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"Drydock.{operation}",
                "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/drydock/aws4_request",
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def aws(self, line):
        """Runs a line of the `aws` command, the program's own code in this process."""
        words = shlex.split(line)[1:] + ["--endpoint-url", self.address]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = self._driver(words).main(words)
            except SystemExit as end:
                code = end.code
        return Aws(code, out.getvalue(), err.getvalue())

    def _driver(self, words):
        """The command's own code; some options stay with it, so that they get one of their own."""
        sticky = {"--generate-cli-skeleton", "--profile"} & set(words)
        driver = self._aws if self._aws and not sticky else create_clidriver()
        self._loader = self._loader or driver.session.get_component("data_loader")
        driver.session.register_component("data_loader", self._loader)
        if not sticky:
            self._aws = driver
        return driver

    # What many tests begin with.

    def cluster(self, name="shop"):
        return self.ecs.create_cluster(clusterName=name)["cluster"]

    def machines(self, count=2, cluster="shop", instance_type="t3.small"):
        """Instances that have joined the cluster."""
        self.ec2.run_instances(
            ImageId="ami-ecs",
            InstanceType=instance_type,
            MinCount=count,
            MaxCount=count,
            UserData=f"#!/bin/bash\necho ECS_CLUSTER={cluster} >> /etc/ecs/ecs.config",
        )
        self.wait(120)
        arns = self.ecs.list_container_instances(cluster=cluster)["containerInstanceArns"]
        assert len(arns) == count
        return arns

    def definition(self, family="web", **more):
        container = {"name": "web", "image": "shop/web:1", "cpu": 128, "memory": 128, "essential": True}
        asked = {"family": family, "networkMode": "bridge", "containerDefinitions": [container], **more}
        return self.ecs.register_task_definition(**asked)["taskDefinition"]

    def fargate(self, family="far", **more):
        return self.definition(
            family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512", **more
        )


NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-pub-a"], "assignPublicIp": "ENABLED"}}


@pytest.fixture(scope="session")
def endpoint():
    program = [os.environ["DRYDOCK_ENDPOINT"], "--port", "0", "--clock", "manual", "--seed", "7"]
    child = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        said = child.stdout.readline()
        yield World(said.split(" at ")[1].split(";")[0], child.pid)
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture
def world(endpoint):
    endpoint.reset()
    yield endpoint
    for model, response, _parsed in endpoint.heard:
        answered_as_modelled(model, response)


def answered_as_modelled(model, response):
    """Every answer of the JSON protocol holds what the model has, in its types, and nothing else."""
    if model.service_model.metadata["protocol"] != "json":
        return
    body = json.loads(response.content or b"{}")
    if response.status_code == 200:
        fits(model.output_shape, body, model.name)
        return
    assert 400 <= response.status_code < 500, (model.name, response.status_code, body)
    code = body["__type"].split("#")[-1]
    codes = [shape.error_code for shape in model.error_shapes]
    assert code in codes + ["SerializationException", "UnrecognizedClientException"], (model.name, body)
    assert body["message"] and response.headers["x-amzn-requestid"]


def fits(shape, value, place):
    kind = shape.type_name if shape is not None else "structure"
    if kind == "structure":
        assert isinstance(value, dict), place
        members = shape.members if shape is not None else {}
        for name, one in value.items():
            assert name in members, f"{place}.{name}: AWS has no such member"
            fits(members[name], one, f"{place}.{name}")
    elif kind == "list":
        assert isinstance(value, list), place
        for one in value:
            fits(shape.member, one, place + "[]")
    elif kind == "map":
        for one in value.values():
            fits(shape.value, one, place + "{}")
    elif kind == "boolean":
        assert isinstance(value, bool), (place, value)
    elif kind in ("integer", "long"):
        assert isinstance(value, int) and not isinstance(value, bool), (place, value)
    elif kind in ("double", "float", "timestamp"):
        assert isinstance(value, (int, float)) and not isinstance(value, bool), (place, value)
    else:
        assert isinstance(value, str), (place, value)
        enum = getattr(shape, "enum", None)
        assert not enum or value in enum, (place, value, enum)


class Terminal:
    """The site's terminal, in a world of its own."""

    def __init__(self):
        program = [os.environ["DRYDOCK_XTASK"], "terminal", "--json", "--seed", "7"]
        self.child = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def enter(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        said = json.loads(self.child.stdout.readline())
        return Aws(said["exit_code"], said["stdout"], said["stderr"])

    def close(self):
        self.child.stdin.close()
        self.child.wait(10)


@pytest.fixture
def terminal():
    one = Terminal()
    yield one
    one.close()
