"""Where things stand in a TOML file: line numbers for complaints, which the parser of the standard library forgets."""

from __future__ import annotations

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


class Lines:
    """The lines of a TOML file by the keys that lead there; one of several tables of a name by its number from 0."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._at: dict[tuple[str, ...], int] = {}
        counts: Counter[str] = Counter()
        above: tuple[str, ...] = ()
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                first, *inner = _parts(header[2])
                if header[1] == "[[":
                    counts[first] += 1
                above = (first, str(counts[first] - 1), *inner) if first in counts else (first, *inner)
                self._at.setdefault(above, number)
            elif key := _KEY.match(line):
                self._at.setdefault((*above, *_parts(key[1])), number)

    def find(self, keys: tuple[str, ...], entry: str = "") -> int:
        """The line of a key, or of an entry of its list; the nearest above that is known, 0 where none is."""
        while keys and keys not in self._at:
            keys = keys[:-1]
        line = self._at.get(keys, 0)
        if line and entry:
            words = entry.split()
            found = (number for number in range(line, len(self._lines) + 1) if words[0] in self._lines[number - 1])
            return next(found, line)
        return line


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
