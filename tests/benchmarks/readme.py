"""The README's section on performance: `performance.md` beside this file, with the figures of `results.json` put in.

`{name of a figure|format}` becomes the figure; what it was measured on, and `runs`, have no format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
RESULTS, TEMPLATE = HERE / "results.json", HERE / "performance.md"
README = HERE.parent.parent / "README.md"

_PLACE = re.compile(r"\{([^{}|]+)(?:\|([^{}]+))?\}")
_SECTION = re.compile(r"(?<=^## Performance\n\n).*?(?=^## )", re.DOTALL | re.MULTILINE)
_UNKNOWN = "not measured"


def section() -> str:
    """The section as it should be."""
    results = json.loads(RESULTS.read_text())
    facts = {**results["machine"], "runs": results["runs"]}
    return _PLACE.sub(lambda place: _figure(place, results["medians"], facts), TEMPLATE.read_text())


def written() -> str:
    """The section as the README has it; LookupError where there is none."""
    found = _SECTION.search(README.read_text())
    if found is None:
        raise LookupError(f"{README} has no section called Performance")
    return found[0].rstrip("\n") + "\n"


def write() -> None:
    """Puts the section into the README."""
    README.write_text(_SECTION.sub(lambda _: section() + "\n", README.read_text(), count=1))


def _figure(place: re.Match[str], medians: Mapping[str, float], facts: Mapping[str, object]) -> str:
    name, form = place.groups()
    if form is None:
        return str(facts[name])
    return format(medians[name], form) if name in medians else _UNKNOWN


if __name__ == "__main__":
    write()
