"""Every declared member that forms and XML carry has the name there that botocore gives it."""

import json
import os
import subprocess

import botocore.session
import pytest

FORMS = ("query", "ec2")


@pytest.fixture(scope="module")
def operations():
    printed = subprocess.run([os.environ["DRYDOCK_SHAPES"]], check=True, capture_output=True, text=True)
    return json.loads(printed.stdout)


def form_name(name, member):
    """EC2's forms have a name of their own, or the answer's with a large letter in front."""
    location = member.serialization.get("name", name)
    return member.serialization.get("queryName", location[:1].upper() + location[1:])


def misnamed(protocol, declared, shape, is_request, place):
    """The members of a structure that are called otherwise, each with both names."""
    for field in declared["members"]:
        member = shape.members.get(field["name"])
        if member is None:
            continue
        here = f"{place}.{field['name']}"
        wanted = member.serialization.get("name", field["name"])
        given = field["wire"] or field["name"]
        if protocol == "ec2":
            wanted = form_name(field["name"], member) if is_request else wanted
            given = field["ec2_request"] if is_request else field["ec2_answer"]
        if given != wanted:
            yield f"{here} is {given} and should be {wanted}"
        inner, below = field["type"], member
        while isinstance(inner, dict) and "list" in inner:
            element = below.member.serialization.get("name", "member")
            expected = "member" if protocol == "query" else element if is_request else "item"
            if element != expected:
                yield f"{here}: an element is {expected} and should be {element}"
            inner, below = inner["list"], below.member
        if isinstance(inner, dict):
            yield from misnamed(protocol, inner, below, is_request, here)


def test_names_in_forms_and_xml_are_those_of_aws(operations):
    session = botocore.session.get_session()
    faults, compared = [], 0
    for row in operations:
        if row["service"] == "drydock":
            continue
        model = session.get_service_model(row["service"])
        if model.protocol not in FORMS:
            continue
        operation = model.operation_model(row["name"])
        for part, shape in (("input", operation.input_shape), ("output", operation.output_shape)):
            if shape is not None:
                faults += misnamed(model.protocol, row[part], shape, part == "input", f"{row['name']}.{part}")
                compared += 1
    assert compared > 10
    assert not faults, "\n".join(faults)
