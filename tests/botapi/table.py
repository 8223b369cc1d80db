"""Holds a call against the table of methods and types in table.json, which lists names, types and what is required."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.botapi.markup import units


class Violation(Exception):
    """A call that the Bot API does not describe."""


@cache
def table() -> dict[str, Any]:
    """The table: `methods` and `types`, each name -> field -> `Type | Type`, with ` ?` behind what may be left out."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "table.json").read_text())
    return found


def read_call(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """The call's parameters as values; Violation for any that is unknown, missing or of the wrong type."""
    fields = table()["methods"].get(method)
    if fields is None:
        raise Violation(f"no method {method}")
    _check_names(method, fields, given)
    return {name: _parameter(f"{method}.{name}", fields[name], value) for name, value in given.items()}


def _check_names(place: str, fields: dict[str, str], given: dict[str, Any]) -> None:
    if unknown := set(given) - set(fields):
        raise Violation(f"{place}: unknown {sorted(unknown)}")
    if missing := {name for name, types in fields.items() if not types.endswith(" ?")} - set(given):
        raise Violation(f"{place}: missing {sorted(missing)}")


def _parameter(place: str, types: str, value: Any) -> Any:
    """A form field: a string as it stands, a file, or anything else as JSON."""
    kinds = types.removesuffix(" ?").split(" | ")
    if not isinstance(value, str):
        if "InputFile" not in kinds:
            raise Violation(f"{place}: a file")
        return value
    if "String" in kinds and kinds != ["Integer", "String"]:
        return value
    try:
        read = json.loads(value)
    except ValueError:
        if "String" in kinds:
            return value
        raise Violation(f"{place}: {value!r} is no JSON") from None
    _check(place, kinds, read)
    return read


def _check(place: str, kinds: list[str], value: Any) -> None:
    problems = []
    for kind in kinds:
        try:
            _check_one(place, kind, value)
        except Violation as problem:
            problems.append(str(problem))
        else:
            return
    raise Violation(" or ".join(problems))


def _check_one(place: str, kind: str, value: Any) -> None:
    plain: dict[str, type | tuple[type, ...]] = {
        "Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float),
    }  # fmt: skip
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise Violation(f"{place}: no list")
        for index, entry in enumerate(value):
            _check_one(f"{place}[{index}]", kind.removeprefix("Array of "), entry)
    elif kind in plain:
        if not isinstance(value, plain[kind]) or (isinstance(value, bool) != (kind in ("Boolean", "True"))):
            raise Violation(f"{place}: {value!r} is no {kind}")
    else:
        _check_object(place, kind, value)


def _check_object(place: str, kind: str, value: Any) -> None:
    fields = table()["types"].get(kind)
    if fields is None or not isinstance(value, dict):
        raise Violation(f"{place}: {value!r} is no {kind}")
    if "one of" in fields:
        _check(place, fields["one of"], value)
        return
    _check_names(f"{place}:{kind}", fields, value)
    for name, entry in value.items():
        _check(f"{place}.{name}", fields[name].removesuffix(" ?").split(" | "), entry)
    if kind == "InlineKeyboardMarkup":
        _check_keyboard(place, value["inline_keyboard"])


def _check_keyboard(place: str, rows: list[list[dict[str, Any]]]) -> None:
    """At most 8 buttons a row and 100 in all, each with a label and exactly one thing to do."""
    if any(not row or len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise Violation(f"{place}: too many buttons, or an empty row")
    for button in (button for row in rows for button in row):
        if len(button.keys() - {"text", "icon_custom_emoji_id", "style"}) != 1 or not button["text"].strip():
            raise Violation(f"{place}: {button} does not do one thing")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise Violation(f"{place}: BUTTON_DATA_INVALID {data!r}")


def check_commands(commands: list[dict[str, str]]) -> None:
    """At most 100, names of 1 to 32 of a-z, 0-9 and _, descriptions of 1 to 256 characters."""
    if len(commands) > 100:
        raise Violation("more than 100 commands")
    for entry in commands:
        name, description = entry["command"], entry["description"]
        if not 1 <= len(name) <= 32 or set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789_"):
            raise Violation(f"command {name!r}")
        if not 1 <= units(description) <= 256:
            raise Violation(f"description of {name}: {description!r}")
