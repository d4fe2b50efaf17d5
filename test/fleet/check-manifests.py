"""Checks manifests of Kubernetes against the models of its own client; prints `ok KIND NAME` for what is right."""

import re
import sys

import kubernetes.client as client
import yaml

SIMPLE = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": object, "datetime": str}


def check(value, kind, place):
    """Raises where a value is not of a kind, which is written as the models write the kinds of their fields."""
    items = re.fullmatch(r"list\[(.+)\]", kind)
    values = re.fullmatch(r"dict\(str, (.+)\)", kind)
    if items:
        assert isinstance(value, list), f"{place} is not a list"
        for index, item in enumerate(value):
            check(item, items[1], f"{place}[{index}]")
    elif values:
        assert isinstance(value, dict), f"{place} is not an object"
        for name, item in value.items():
            check(item, values[1], f"{place}.{name}")
    elif kind in SIMPLE:
        right = isinstance(value, SIMPLE[kind]) and (kind in ("bool", "object") or not isinstance(value, bool))
        assert right, f"{place} is no {kind}: {value!r}"
    else:
        check_model(value, getattr(client, kind), place)


def check_model(value, model, place):
    assert isinstance(value, dict), f"{place} is not an object"
    fields = {name: attribute for attribute, name in model.attribute_map.items()}
    for name, item in value.items():
        assert name in fields, f"{place} has no field {name}"
        check(item, model.openapi_types[fields[name]], f"{place}.{name}")
    # The constructor refuses what lacks a field that must be there, or has a value out of range.
    model(**{fields[name]: item for name, item in value.items()})


def main(path):
    with open(path) as file:
        for manifest in yaml.safe_load_all(file):
            kind = manifest["kind"]
            check_model(manifest, getattr(client, f"V1{kind}"), kind)
            print("ok", kind, manifest["metadata"]["name"])


main(*sys.argv[1:])
