"""Soups: what a reader has to expect, cut up and thrown together; and values where nobody expects them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

T = TypeVar("T")

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
"""Of each kind; `make soak` asks for many more."""

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)

fuzzed: Callable[[T], T] = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW, derandomize="FUZZ_EXAMPLES" not in os.environ
)
"""For tests of this room: the suite tries the same every time, a long run others each time."""

ODD = (
    "\0",
    "\x1b[31m",
    "\u202e",
    "\ufeff",
    "\ud800",
    "\U0010ffff",
    "e\u0301" * 3,
    "ﷺ",
    "İ",
    "ß",
    "\r\n",
    "\u2028",
    "%s",
    "{}",
)


def soup(*pieces: str, most: int = 30) -> st.SearchStrategy[str]:
    """Text of these pieces, of odd characters, and of whatever else text may hold."""
    other = st.one_of(st.sampled_from(ODD), st.text(max_size=8))
    piece = st.one_of(st.sampled_from(pieces), st.sampled_from(pieces), st.sampled_from(pieces), other)
    return st.lists(piece, max_size=most).map("".join)


def bytes_soup(*pieces: bytes, most: int = 40) -> st.SearchStrategy[bytes]:
    """Bytes of these pieces and of any."""
    piece = st.one_of(st.sampled_from(pieces), st.sampled_from(pieces), st.binary(max_size=6))
    return st.lists(piece, max_size=most).map(b"".join)


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
"""Anything JSON can say."""


@st.composite
def damaged(draw: st.DrawFn, whole: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One of these objects, with some of what it holds left out, doubled or replaced, at any depth."""
    found: dict[str, Any] = dict(draw(st.sampled_from(whole)))
    for _ in range(draw(st.integers(0, 4))):
        found = _once(draw, found)
    return found


def _once(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, list) and value:
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _other(draw, value[place]), *value[place + 1 :]]
    if not isinstance(value, Mapping) or not value:
        return draw(JUNK)
    name = draw(st.sampled_from(sorted(value)))
    if draw(st.integers(0, 4)) == 0:
        return {key: inner for key, inner in value.items() if key != name}
    return {**value, name: _other(draw, value[name])}


def _other(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, Mapping | list) and value and draw(st.integers(0, 3)):
        return _once(draw, value)
    return draw(JUNK)
