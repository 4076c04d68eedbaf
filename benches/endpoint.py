"""How fast an endpoint for AWS's clients is, and how much it holds: ours, or any other.

python benches/endpoint.py http://127.0.0.1:4566 PID [SUBNET GROUP]

One connection, one request after another, as a test suite asks.
"""

import http.client
import json
import pathlib
import sys
import time
import urllib.parse

TASKS = 3000
SUBNET, GROUP = sys.argv[3:5] if len(sys.argv) > 4 else ("subnet-pub-a", "sg-default")
NETWORK = {"awsvpcConfiguration": {"subnets": [SUBNET], "securityGroups": [GROUP], "assignPublicIp": "ENABLED"}}
FARGATE = {"launchType": "FARGATE", "networkConfiguration": NETWORK}


class Endpoint:
    def __init__(self, address, pid):
        self.pid = pid
        self.line = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=120)

    def ask(self, operation, **members):
        scope = "AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0"
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AmazonEC2ContainerServiceV20141113.{operation}",
            "Authorization": scope,
        }
        self.line.request("POST", "/", json.dumps(members), headers)
        answer = self.line.getresponse()
        body = json.loads(answer.read() or b"{}")
        if answer.status != 200:
            raise RuntimeError(f"{operation}: {answer.status} {body}")
        return body

    def advance(self, seconds):
        self.line.request("POST", "/drydock/advance", json.dumps({"seconds": seconds}))
        return self.line.getresponse().read()

    def memory(self):
        """Resident memory in KiB."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def millis(self, times, operation, **members):
        """The median of so many calls."""
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            self.ask(operation, **members)
            taken.append((time.perf_counter() - begun) * 1000)
        return sorted(taken)[times // 2]


def main(address, pid):
    one = Endpoint(address, pid)
    one.ask("CreateCluster", clusterName="bench")
    container = {"name": "web", "image": "shop/web:1", "cpu": 128, "memory": 256, "essential": True}
    one.ask(
        "RegisterTaskDefinition", family="bench", networkMode="awsvpc", requiresCompatibilities=["FARGATE"],
        cpu="256", memory="512", containerDefinitions=[container],
    )
    simple = one.millis(500, "ListClusters")
    print(f"ListClusters, one after another: {simple:.2f} ms, {1000 / simple:.0f} calls a second")
    asked = dict(cluster="bench", taskDefinition="bench", **FARGATE)
    first = one.ask("RunTask", **asked)["tasks"][0]["taskArn"]
    before = one.memory()
    few = one.millis(100, "DescribeTasks", cluster="bench", tasks=[first])
    begun = time.perf_counter()
    for _ in range(TASKS // 10):
        one.ask("RunTask", count=10, **asked)
    seconds = time.perf_counter() - begun
    try:
        one.advance(60)
    except (http.client.HTTPException, OSError):
        one.line.close()
    many = one.millis(100, "DescribeTasks", cluster="bench", tasks=[first])
    arns = []
    token = {}
    while True:
        page = one.ask("ListTasks", cluster="bench", **token)
        arns += page["taskArns"]
        if not page.get("nextToken"):
            break
        token = {"nextToken": page["nextToken"]}
    hundred = one.millis(20, "DescribeTasks", cluster="bench", tasks=arns[:100])
    print(f"RunTask of {TASKS} tasks, ten at a time: {seconds:.1f} s")
    print(f"DescribeTasks of one task: {few:.2f} ms with 1 task held, {many:.2f} ms with {TASKS}")
    print(f"DescribeTasks of 100 tasks with {TASKS} held: {hundred:.1f} ms")
    print(f"Memory: {(one.memory() - before) / TASKS:.1f} KiB a task")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
