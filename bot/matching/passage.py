"""The passage of a text worth showing: where the most different terms are, in whole sentences where they fit."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[int, int, str]
"""Where a term stands in a text, and which term."""

_BREAK = re.compile(r"(?P<stop>(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”]*|(?=\n[^\S\n]*\n))\s*")
# A full stop after one of these ends no sentence: initials, `Mr.`, `St.`, `U.S.`, and a few longer ones.
_ABBREVIATION = re.compile(r"(?:^|[\s(\"'“„«.])(?:[^\W\d_]{1,2}|Mrs|Gen|Col|Sgt|Sen|Rev|[Pp]rof|vgl|bzw|npr|tzv)\.$")
_LONGEST_WORD = 40
"""Characters looked through for a space to cut at; without one a word is cut, as scripts without spaces need."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Offsets into a text, and whether a sentence is cut at either side."""

    start: int
    end: int
    cut_before: bool
    cut_after: bool


def choose(text: str, places: Sequence[Place], room: int) -> Passage:
    """The first passage of at most `room` characters with the most different terms; without places the opening.

    Of those with as many, one of whole sentences comes before one that cuts them.
    """
    places = sorted(places)
    stretch, most = _densest(places, room)
    passage = _around(text, *stretch, room)
    if most and (passage.cut_before or passage.cut_after):
        stretch, held = _densest(_in_sentences(text, places, room), room)
        if held == most:
            return _around(text, *stretch, room)
    return passage


def _around(text: str, first: int, last: int, room: int) -> Passage:
    """The passage from before `first` to after `last`, in whole sentences where they fit."""
    starts, ends = _sentences(text, max(first - room, 0), min(first + 2 * room, len(text)))
    start = max((at for at in starts if at <= first and last - at <= room), default=-1)
    if start < 0:
        start = _forward(text, first - (room - last + first) // 2, first)
    end = max((at for at in ends if last <= at <= start + room), default=start)
    if end - start < room // 2 and end < len(text):
        end = _backward(text, start + room, max(last, end))
    if start not in starts:
        start = _forward(text, end - room, start)
    elif end - start < room // 2:
        start = min(at for at in starts if end - at <= room)
    return Passage(*_trimmed(text, start, end), cut_before=start not in starts, cut_after=end not in ends)


def _densest(places: list[Place], room: int) -> tuple[tuple[int, int], int]:
    """The earliest stretch of at most `room` characters with the most different terms, and how many those are."""
    best, most, first, distinct = (0, 0), 0, 0, 0
    held: Counter[str] = Counter()
    for index, (_, end, term) in enumerate(places):
        distinct += not held[term]
        held[term] += 1
        while first < index and end - places[first][0] > room:
            held[places[first][2]] -= 1
            distinct -= not held[places[first][2]]
            first += 1
        if distinct > most:
            begin = places[first][0]
            best, most = (begin, min(end, begin + room)), distinct
    return best, most


def _in_sentences(text: str, places: list[Place], room: int) -> list[Place]:
    """Each place as long as the sentences it stands in, without those that are longer than `room`."""
    starts, ends = _sentences(text, 0, len(text))
    widened = [
        (starts[bisect_right(starts, start) - 1], ends[min(bisect_left(ends, end), len(ends) - 1)], term)
        for start, end, term in places
    ]
    return [place for place in widened if place[1] - place[0] <= room]


def _sentences(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where sentences begin and where they end between two offsets; the text's own begin and end among them."""
    breaks = [match for match in _BREAK.finditer(text, start, end) if not _goes_on(text, match)]
    starts = [0] * (start == 0) + [match.end() for match in breaks]
    return starts, [match.end("stop") for match in breaks] + [len(text)] * (end == len(text))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether a mark ends no sentence: a small letter follows it, or it is the full stop of an abbreviation."""
    if not match["stop"] or match["stop"][0] not in ".!?…":
        return False
    if text[match.end() : match.end() + 4].lstrip("–—-“„\"'( ")[:1].islower():
        return True
    stop = match.start()
    return match[0][0] == "." and bool(_ABBREVIATION.search(text[max(stop - 8, 0) : stop + 1]))


def _forward(text: str, place: int, last: int) -> int:
    """The first beginning of a word from `place` on, at most `last`."""
    if place <= 0:
        return 0
    for at in range(place, min(last, place + _LONGEST_WORD) + 1):
        if text[at - 1].isspace():
            return at
    return next((at for at in range(place, last) if not unicodedata.combining(text[at])), last)


def _backward(text: str, place: int, first: int) -> int:
    """The last end of a word up to `place`, at least `first`."""
    if place >= len(text):
        return len(text)
    for at in range(place, max(first, place - _LONGEST_WORD), -1):
        if text[at].isspace():
            return at
    return next((at for at in range(place, first, -1) if not unicodedata.combining(text[at])), first)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())
