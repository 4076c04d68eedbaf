"""The terminal's grammar beside the real `aws` command's: the same words, the same complaint.

What PyPI has is version 1; where version 2, whose words the terminal speaks, is known to differ,
the difference stands here.
"""

import json
import pathlib
import re
import subprocess
import sys

import pytest
from botocore import xform_name

ROOT = pathlib.Path(__file__).parents[2]

# Both answer alike: both do it, or both refuse in the same words.
ALIKE = r"""
aws
aws ecs
aws ecss list-clusters
aws ecs list-cluster
aws ecs list-clusters extra
aws ecs list-clusters --foo
aws ecs list-clusters --foo bar
aws --region us-east-1 ecs list-clusters
aws ecs --region us-east-1 list-clusters --output json
aws --output ecs list-clusters
aws ecs list-clusters --region
aws ecs list-clusters --profile nope
aws ecs list-clusters --no-verify-ssl
aws ecs list-clusters --color on
aws ecs list-clusters --color maybe
aws ecs list-clusters --output xml
aws ecs list-clusters --output text
aws ecs list-clusters --cli-read-timeout 5
aws ecs list-clusters --cli-read-timeout x
aws ecs list-clusters --cli-connect-timeout 5
aws ecs list-clusters --no-paginate
aws ecs list-clusters --query
aws ecs list-clusters --max-items x
aws ecs list-clusters --page-size x
aws ecs list-clusters --max-results x
aws ecs list-clusters --max-results 0
aws ecs list-clusters --next-token x
aws ecs list-clusters --starting-token x
aws ecs run-task
aws ecs run-task --task-definition
aws ecs run-task --task-definition web --count x
aws ecs run-task --task-definition web --count 1.5
aws ecs run-task --task-definition web --overrides '{"a":1}'
aws ecs run-task --task-definition web --overrides '{"cpu":1}'
aws ecs run-task --task-definition web --overrides '[]'
aws ecs run-task --task-definition web --network-configuration awsvpcConfiguration={subnets=a}
aws ecs run-task --task-definition web --network-configuration awsvpcConfiguration={subnet=[a]}
aws ecs run-task --task-definition web --launch-type MOON
aws ecs run-task --task-definition web --tags key=a,value=b key=c
aws ecs run-task --task-definition web --tags key=a,key=b
aws ecs run-task --task-definition web --tags 'key=a,value='
aws ecs run-task --task-definition web --tags '[{"key":1}]'
aws ecs run-task --task-definition web --tags file://nope.json
aws ecs run-task --task-definition web --enable-execute-command true
aws ecs run-task --task-definition web --enable-execute-command=true
aws ecs run-task --cli-input-json '{}'
aws ecs run-task --cli-input-json file://nope.json
aws ecs run-task --cli-input-json '{"taskDefinition":"web","nope":1}'
aws ecs run-task --cli-input-json '{"taskDefinition":1}'
aws ecs run-task --generate-cli-skeleton foo
aws ecs run-task --generate-cli-skeleton output
aws ecs list-clusters --generate-cli-skeleton output
aws ecs create-cluster --cluster-name
aws ecs create-cluster --cluster-name --tags key=a
aws ecs create-cluster --settings name=containerInsights,value=on
aws ecs create-cluster --settings name=x,value=on
aws ecs describe-clusters --clusters
aws ecs describe-clusters --include tags
aws ecs describe-tasks --tasks a
aws ecs describe-tasks --cluster shop
aws ecs register-task-definition --family web
aws ecs register-task-definition --family web --container-definitions name=a,image=b,memory=x
aws ecs register-task-definition --family web --container-definitions '[{"name":"a","portMappings":[{"containerPort":"80"}]}]'
aws ecs register-task-definition --family web --container-definitions name=a,ulimits=[{name=x,softLimit=1}]
aws ecs update-service --service web --desired-count -1
aws ecs update-service --service web --desired-count two
aws ecs update-service --service web --deployment-configuration maximumPercent=x
aws ecs update-service --service web --force-new-deployment no
aws ecs wait
aws ecs wait tasks-runing
aws ecs wait tasks-running
aws ecs wait services-stable --services
aws ec2 run-instances --count many
aws ec2 run-instances --image-id ami-nope --count 1
aws ec2 run-instances --image-id ami-ecs --count 1:x
aws ec2 describe-instances --instance-ids x
aws ec2 describe-instances --instance-ids i-0123456789abcdef0
aws ec2 describe-instances --filters Name=instance-state-name
aws ec2 describe-subnets --subnet-ids subnet-nope
aws ec2 terminate-instances
aws ec2 terminate-instances --instance-ids i-0123456789abcdef0
aws ec2 create-launch-template --launch-template-name x
aws ec2 create-launch-template --launch-template-name machines --launch-template-data '{"UserData":"#!"}'
aws ec2 delete-launch-template --launch-template-name nope
aws autoscaling create-auto-scaling-group --auto-scaling-group-name web
aws autoscaling create-auto-scaling-group --auto-scaling-group-name web --min-size 1 --max-size 0
aws autoscaling set-desired-capacity --auto-scaling-group-name nope --desired-capacity 1
aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity many
aws autoscaling terminate-instance-in-auto-scaling-group --instance-id i-0123456789abcdef0
aws autoscaling terminate-instance-in-auto-scaling-group --instance-id i-0123456789abcdef0 --should-decrement-desired-capacity
aws autoscaling describe-auto-scaling-groups --max-records 0
aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name nope
aws sts get-caller-identity extra
aws sts get-caller-identity --output table
aws ecs list-tasks --cluster nope
aws ecs list-tasks --desired-status x
aws ecs stop-task --task a --cluster default
"""

# What version 2 has otherwise, or this sandbox: the line, and what the terminal says.
OTHERWISE = [
    ("aws ecs list-clusters --no-cli-pager", 0, ""),
    ("aws ecs list-clusters --region eu-west-1", 255, "This sandbox has one Region, us-east-1."),
    ("aws ecs list-clusters --query 'a b'", 252, "Bad value for --query a b"),
    ("aws ecs list-clusters --max-items 0", 0, ""),
    ("aws ecs run-task --task-definition web --tags a", 252, "Expected: '=', received: 'EOF' for input:\na\n ^"),
    ("aws ecs run-task --cli-input-json '[]'", 252, "Invalid type: expecting JSON object, received list"),
    ("aws ecs create-cluster --cluster-nam shop", 252, "Unknown options: --cluster-nam, shop"),
    ("aws ec2 describe-instances --dry-run", 252, "Unknown options: --dry-run"),
]

# JSON that goes wrong, each at its letter.
BROKEN = r"""
{
[
[1
[1,
{"a"
{"a":
{"a":1
{"a":1,
[nul]
[tru
{a:1}
{"a":1}}
{"a":"b
[{"a":"b\q"}]
[{"a":"\u12"}]
[1 2]
{"a" 1}
{"a":1 "b":2}
[01]
[-]
[1.]
[1e]
[-0.5e+3 x]
{"k":{"a":[}}
[{"a": [1, {"b": }]}]
"""


def complaint_of_version_1(text):
    text = text.replace("\n\n", "\n")
    found = re.search(r"error: (.*)", text, re.S)
    if found:
        # Version 1 lists all choices, version 2 names the word.
        choices = r"Invalid choice, valid choices are:\n.*?(?=\nInvalid choice:|\Z)"
        return re.sub(choices, "Found invalid choice", found[1], flags=re.S).strip()
    text = re.sub(r"usage: .*?<subcommand> help\n", "", text, flags=re.S)
    return re.sub(r"^usage: Note.*\n", "", text).strip()


def complaint_of_the_terminal(text):
    text = re.split(r"\nusage: ", re.sub(r"^aws: \[ERROR\]: ", "", text.strip()))[0]
    text = re.sub(r"Found invalid choice '[^']*'", "Found invalid choice", text)
    return text.replace("\n\n\n", "\n").replace("\n\n", "\n").strip()


def lines(text):
    return text.strip().splitlines()


def test_both_complain_alike(world, terminal):
    different = []
    for line in lines(ALIKE):
        theirs, ours = world.aws(line), terminal.enter(line)
        said = complaint_of_version_1(theirs.err), complaint_of_the_terminal(ours.err)
        # Version 1 has 2 and 255 where version 2 has 252 to 255.
        if (theirs.code == 0) != (ours.code == 0) or said[0] != said[1]:
            different.append(f"$ {line}\n  {theirs.code} {said[0]!r}\n  {ours.code} {said[1]!r}")
    assert not different, "\n".join(different)


@pytest.mark.parametrize("line, code, part", OTHERWISE)
def test_known_differences(terminal, line, code, part):
    said = terminal.enter(line)
    assert said.code == code and part in said.err


def test_json_goes_wrong_at_the_same_letter(world, terminal):
    different = []
    for text in lines(BROKEN):
        option = "--tags" if text.startswith("[") else "--overrides"
        line = f"aws ecs run-task --task-definition web {option} '{text}'"
        said = [re.findall(r"Invalid JSON: (.*)", one.err) for one in (world.aws(line), terminal.enter(line))]
        if said[0] != said[1] or not said[0]:
            different.append((text, said))
    assert not different


def declared():
    """Each operation of AWS: its service, its name, and what the coverage page says it lacks."""
    service = None
    for line in (ROOT / "docs/coverage.md").read_text().splitlines():
        if line.startswith("## "):
            service = line[3:]
        found = re.match(r"\| (\w+) \| (?:done|partly) \|", line)
        if found:
            paths = lambda what: set("".join(re.findall(rf"\*{what}:\* ([^|*]*?)\.(?: |$)", line)).split(", "))
            yield service, found[1], {
                "input": paths("Not in the request") | paths("Kept without a look inside"),
                "output": paths("Not in the answer"),
            }


def outlines_differ(theirs, ours, lacks, place=""):
    """Where two outlines part, apart from what is known to be lacking; words of an enum are any of it."""
    plain = place.strip(".")
    if plain in lacks:
        return []
    if type(theirs) is not type(ours):
        return [f"{plain}: {theirs!r} {ours!r}"]
    if isinstance(theirs, dict):
        if list(theirs) == ["KeyName"] or list(ours) == ["KeyName"]:
            return [] if list(theirs) == list(ours) else [plain]
        found = [f"{plain}: order" for _ in [0] if [k for k in theirs if k in ours] != list(ours)]
        for name, value in theirs.items():
            inside = f"{place}.{name}"
            if name in ours:
                found += outlines_differ(value, ours[name], lacks, inside)
            elif inside.strip(".") not in lacks:
                found.append(f"{inside}: absent")
        return found
    if isinstance(theirs, list):
        return outlines_differ(theirs[0], ours[0], lacks, place + "[]")
    return []


@pytest.mark.parametrize("service, name, lacks", list(declared()), ids=lambda one: one if isinstance(one, str) else "")
def test_outlines_of_requests(world, terminal, service, name, lacks):
    line = f"aws {service} {xform_name(name, '-')} --generate-cli-skeleton"
    theirs, ours = world.aws(line), terminal.enter(line)
    assert not outlines_differ(theirs.json, ours.json, lacks["input"])
    if not lacks["input"] - {""}:
        # Version 1 draws the word of an enum by chance.
        plain = lambda out: re.sub(r'"\w+"(?!:)', '""', out.rstrip())
        assert plain(ours.out) == plain(theirs.out)


@pytest.mark.parametrize("name", ["list-clusters", "describe-clusters", "create-cluster", "list-task-definitions"])
def test_outlines_of_answers(world, terminal, name):
    line = f"aws ecs {name} --generate-cli-skeleton output"
    theirs, ours = world.aws(line), terminal.enter(line)
    lacks = {"cluster.attachments", "cluster.attachmentsStatus", "clusters[].attachments", "clusters[].attachmentsStatus"}
    assert not outlines_differ(theirs.json, ours.json, lacks)
    assert outlines_differ(theirs.json, json.loads("{}"), lacks)
    query = " --query 'keys(@)' --output text"
    assert terminal.enter(line + query).out.split() == world.aws(line + query).out.split()


def test_the_program_in_a_process_of_its_own(world):
    """As a person starts it. The other tests call the same code directly, because they are many."""

    def aws(*words):
        command = [sys.executable, "-m", "awscli", "--endpoint-url", world.address, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    made = aws("ecs", "create-cluster", "--cluster-name", "shop")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["cluster"]["status"] == "ACTIVE"
    lost = aws("ecs", "list-tasks", "--cluster", "none")
    assert lost.returncode != 0
    refusal = "An error occurred (ClusterNotFoundException) when calling the ListTasks operation: Cluster not found."
    assert refusal in lost.stderr
