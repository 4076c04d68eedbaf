"""The digest of AWS's service models that Drydock is held to.

`python model.py ecs sts:GetCallerIdentity` prints, for a whole service or for single operations,
the names of members, their types, what is required, the values of enums, and the codes of errors,
as botocore has them. No word of AWS's documentation is in it.
"""

import json
import sys

import botocore
import botocore.session


def digest(wishes):
    """The digest of the services and operations asked for."""
    session = botocore.session.get_session()
    services = {}
    for wish in wishes:
        service, _, operation = wish.partition(":")
        services.setdefault(service, set()).update([operation] if operation else [])
    return {service: one_service(session, service, names) for service, names in sorted(services.items())}


def one_service(session, service, names):
    model = session.get_service_model(service)
    paginators = session.get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]
    operations, shapes = {}, {}
    for name in sorted(names or model.operation_names):
        operation = model.operation_model(name)
        row = {
            "input": operation.input_shape.name if operation.input_shape else None,
            "output": operation.output_shape.name if operation.output_shape else None,
            "errors": sorted(shape.error_code for shape in operation.error_shapes),
        }
        if name in paginators:
            row["pages"] = {key: paginators[name][key] for key in sorted(paginators[name])}
        operations[name] = row
        for shape in (operation.input_shape, operation.output_shape):
            if shape is not None:
                describe(shape, shapes)
    answer = {"version": model.api_version, "operations": operations, "shapes": dict(sorted(shapes.items()))}
    loader = session.get_component("data_loader")
    if not names and service in loader.list_available_services("waiters-2"):
        answer["waiters"] = sorted(loader.load_service_model(service, "waiters-2")["waiters"])
    return answer


def describe(shape, shapes):
    """Puts a shape and all that it is made of into `shapes`; gives the word that names it."""
    kind = shape.type_name
    # The names of all instance types are a catalogue, not a choice of words.
    enum = getattr(shape, "enum", None) or []
    if kind not in ("structure", "list", "map") and not 0 < len(enum) < 100:
        return kind
    if shape.name in shapes:
        return shape.name
    shapes[shape.name] = row = {}
    if kind == "structure":
        row["members"] = {name: describe(member, shapes) for name, member in shape.members.items()}
        if shape.required_members:
            row["required"] = list(shape.required_members)
    elif kind == "list":
        row["list"] = describe(shape.member, shapes)
    elif kind == "map":
        row["map"] = [describe(shape.key, shapes), describe(shape.value, shapes)]
    else:
        row["enum"] = list(enum)
    return shape.name


def write(services):
    """JSON with a line for each operation and shape, so that a change of the model reads well."""
    lines = ["{", f' "botocore": {json.dumps(botocore.__version__)},', ' "services": {']
    for place, (service, content) in enumerate(services.items()):
        lines.append(f"  {json.dumps(service)}: {{")
        parts = []
        for part, value in content.items():
            if part in ("operations", "shapes"):
                rows = [f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in value.items()]
                parts.append(f"   {json.dumps(part)}: {{\n" + ",\n".join(rows) + "\n   }")
            else:
                parts.append(f"   {json.dumps(part)}: {json.dumps(value)}")
        lines.append(",\n".join(parts))
        lines.append("  }" + ("," if place + 1 < len(services) else ""))
    lines += [" }", "}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write(digest(sys.argv[1:])))
