"""Holds a call against the table of methods in table.json: names, types, errors, and how often each may be called."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100}
"""Calls a minute by tier; the others have rates of their own."""


UNLISTED = ("invalid_auth", "msg_too_long", "user_not_found", "internal_error", "is_archived")
"""Errors that methods answer beside those that the reference lists for them."""


class Violation(Exception):
    """A call that the Web API does not describe."""


@cache
def table() -> dict[str, Any]:
    """Method -> verb, tier, scope, arguments (`type`, with ` ?` behind what may be left out) and errors."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "table.json").read_text())
    return found


def method_of(name: str) -> dict[str, Any]:
    """What the table has of a method; Violation for none."""
    found: dict[str, Any] | None = table()["methods"].get(name)
    if found is None:
        raise Violation(f"no method {name}")
    return found


def errors_of(name: str) -> set[str]:
    """What a method may answer."""
    return {*table()["common_errors"], *UNLISTED, *method_of(name)["errors"]}


def read_call(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The call's arguments as values; Violation for any that is unknown, missing or of the wrong type."""
    kinds: dict[str, str] = method_of(name)["args"]
    if unknown := set(given) - set(kinds):
        raise Violation(f"{name}: unknown {sorted(unknown)}")
    if missing := {key for key, kind in kinds.items() if not kind.endswith(" ?")} - set(given):
        raise Violation(f"{name}: missing {sorted(missing)}")
    return {
        key: _value(f"{name}.{key}", kinds[key].removesuffix(" ?").split(" | "), value) for key, value in given.items()
    }


def _value(place: str, kinds: list[str], value: Any) -> Any:
    """An argument, whether it came as JSON or in a form."""
    if "json" in kinds or "array" in kinds:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise Violation(f"{place}: {value!r} is no JSON") from None
    if "boolean" in kinds:
        if value in (True, False, "true", "false", "1", "0"):
            return value in (True, "true", "1")
        raise Violation(f"{place}: {value!r} is no boolean")
    if {"number", "integer"} & set(kinds):
        if not str(value).isdecimal():
            raise Violation(f"{place}: {value!r} is no number")
        return int(value)
    if not isinstance(value, str) or not value:
        raise Violation(f"{place}: {value!r} is no {kinds}")
    return value


@dataclass
class Tiers:
    """Calls of each method within the last minute."""

    calls: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def pause(self, name: str, at: float) -> float:
        """0 and the call counts, or seconds until one would be accepted."""
        most = PER_MINUTE.get(method_of(name)["tier"])
        if most is None:
            return 0.0
        times = self.calls[name]
        while times and times[0] <= at - 60:
            times.popleft()
        if len(times) >= most:
            return times[0] + 60 - at
        times.append(at)
        return 0.0
