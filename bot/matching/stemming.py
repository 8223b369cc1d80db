"""Stems: what the inflected forms of a word have in common, a language at a time.

A stem is a function of the folded word alone, so spellings that fold alike are stemmed alike: drzava finds državom.
Snowball stems where it does so well on folded words, the rules in `bot.matching.endings` where it does not or has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial, reduce

from bot.matching.endings import RESPELL, RULES
from bot.matching.folding import fold

_SNOWBALL = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "sv": "swedish",
}
_TAGS = {code: code for code in (*_SNOWBALL, *RULES)} | dict.fromkeys(("sr", "hr", "bs", "cnr"), "sh")
_LATIN = tuple(sorted({*_TAGS.values()} - {"el"}))

Step = Callable[[str], str]


def tag_of(language: str | None) -> str:
    """The tag of the language's stems, shared by sr, hr, bs and cnr; "" where there is no stemmer."""
    return _TAGS.get(language or "", "")


def tags_for(folded: str) -> tuple[str, ...]:
    """The tags of the languages a folded word could be of, by its script; none for numbers and the like."""
    if not folded.isalpha():
        return ()
    if folded.isascii():
        return _LATIN
    return ("el",) if "α" <= folded[0] <= "ω" else ()


def stem(folded: str, tag: str) -> str:
    """The stem of a folded word in the language of `tag`, itself folded; never empty."""
    return _stemmer(tag)(folded)


@cache
def _stemmer(tag: str) -> Step:
    if tag in RULES:
        return _ruled(RULES[tag])
    import Stemmer  # C; not re-entrant, but it holds the interpreter lock for a whole word

    respelled, stemmed = _ruled(RESPELL.get(tag, "")), Stemmer.Stemmer(_SNOWBALL[tag], 0).stemWord
    return lambda word: fold(stemmed(respelled(word)))


def _ruled(block: str) -> Step:
    """The function a block of rules describes; see `bot.matching.endings` for how it is written."""
    kept: frozenset[str] = frozenset()
    steps: list[Step] = []
    for line in block.replace("+\n", "").strip().splitlines():
        head, *rest = line.split()
        if head == "=":
            kept = frozenset(rest)
        elif head == "/":
            steps.append(partial(re.compile(rest[0]).sub, rest[1] if rest[1:] else ""))
        else:
            steps.append(_shortened(int(head), rest))
    return lambda word: word if word in kept else reduce(lambda rest, step: step(rest), steps, word)


def _shortened(least: int, endings: list[str]) -> Step:
    """Drops or replaces the longest of the endings that leaves `least` letters."""
    table = {ending: new for ending, _, new in (pair.partition(">") for pair in endings)}
    longest: dict[str, int] = {}
    for ending in table:
        longest[ending[-1]] = max(len(ending), longest.get(ending[-1], 0))

    def shorten(word: str) -> str:
        for size in range(min(longest.get(word[-1], 0), len(word) - least), 0, -1):
            new = table.get(word[-size:])
            if new is not None:
                return word[:-size] + new
        return word

    return shorten
