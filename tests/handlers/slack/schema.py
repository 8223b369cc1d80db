"""Holds a value against a JSON schema: the words of it that the manifest's schema uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], place: str = "") -> Iterator[str]:
    """What is wrong with the value."""
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    if "type" in schema and not TYPES[schema["type"]](value):
        yield f"{place}: no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of them"
    if isinstance(value, str):
        yield from _text(value, schema, place)
    if isinstance(value, list):
        yield from _list(value, schema, root, place)
    if isinstance(value, dict):
        yield from _object(value, schema, root, place)


def _text(value: str, schema: dict[str, Any], place: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
        yield f"{place}: {len(value)} characters"
    if (pattern := schema.get("pattern") or schema.get("regex")) and not re.search(pattern, value):
        yield f"{place}: not like {pattern}"


def _list(value: list[Any], schema: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
        yield f"{place}: {len(value)} items"
    if schema.get("uniqueItems") and len(set(map(str, value))) < len(value):
        yield f"{place}: one item twice"
    for number, entry in enumerate(value):
        yield from faults(entry, schema.get("items", {}), root, f"{place}[{number}]")


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], place: str) -> Iterator[str]:
    known = schema.get("properties", {})
    if missing := set(schema.get("required", ())) - set(value):
        yield f"{place}: missing {sorted(missing)}"
    if schema.get("additionalProperties") is False and (unknown := set(value) - set(known)):
        yield f"{place}: unknown {sorted(unknown)}"
    for name, entry in value.items():
        if name in known:
            yield from faults(entry, known[name], root, f"{place}.{name}")
