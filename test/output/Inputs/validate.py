"""Validates JSON against one of docs/schemas: validate.py SCHEMA FILE. Knows the words that those schemas use."""

import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "null": type(None)}
WORDS = {
    "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "oneOf", "required", "properties",
    "additionalProperties", "propertyNames", "items", "pattern", "minimum", "maximum",
}  # fmt: skip


def problems(value, schema, root, where):
    unknown = set(schema) - WORDS
    if unknown:
        yield f"the schema uses {unknown}, which this validator does not know"
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        yield from problems(value, target, root, where)
    kind = schema.get("type")
    if kind == "integer":
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{where}: not an integer: {value!r}"
            return
    elif kind and not isinstance(value, TYPES[kind]):
        yield f"{where}: not of type {kind}: {value!r}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: must be {schema['const']!r}, not {value!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: must be one of {schema['enum']}, not {value!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: does not match {schema['pattern']}: {value!r}"
    if "minimum" in schema and value < schema["minimum"] or "maximum" in schema and value > schema["maximum"]:
        yield f"{where}: out of range: {value!r}"
    if "oneOf" in schema:
        fits = [choice for choice in schema["oneOf"] if not list(problems(value, choice, root, where))]
        if len(fits) != 1:
            yield f"{where}: fits {len(fits)} of the choices: {value!r}"
    if isinstance(value, dict):
        yield from object_problems(value, schema, root, where)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from problems(item, schema["items"], root, f"{where}[{number}]")


def object_problems(value, schema, root, where):
    for key in schema.get("required", []):
        if key not in value:
            yield f"{where}: lacks {key!r}"
    for key, item in value.items():
        if key in schema.get("properties", {}):
            yield from problems(item, schema["properties"][key], root, f"{where}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{where}: {key!r} is not in the schema"
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from problems(item, schema["additionalProperties"], root, f"{where}.{key}")
        if "propertyNames" in schema:
            yield from problems(key, schema["propertyNames"], root, f"{where}.{key}")


def main(schema_file, file):
    schema = json.load(open(schema_file, encoding="utf-8"))
    wrong = list(problems(json.load(open(file, encoding="utf-8")), schema, schema, "$"))
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
