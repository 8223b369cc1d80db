"""Normalised query text cut into lexemes: words trimmed to what the analyser sees, operators, fields and quotes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.matching.text import tokens

OPEN, CLOSE, MINUS, AND, OR, NOT, NEAR = "(", ")", "-", "AND", "OR", "NOT", "NEAR"
FIELD, PHRASE, UNCLOSED, WORD, END = "field", "phrase", "unclosed", "word", "end"

FIELDS = ("title", "source", "lang", "topic", "since", "before")
_ALIASES = {
    "title": "headline intitle naslov наслов",
    "source": "site from outlet izvor извор",
    "lang": "language jezik језик",
    "topic": "tag tema тема",
    "since": "after od од",
    "before": "until do до",
}
MISNAMED = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
"""What people write for a field, to the field's name: offered, not understood."""

EDGES = ".,;:!?…'"
"""Marks after a word, a value or a * that belong to the sentence around it."""
_OPERATORS = frozenset((AND, OR, NOT, NEAR))

# A dash excludes only at the start, after a space or after an opening parenthesis, and only with something after it.
_LEXEME = re.compile(
    r"""(?P<run>[^\s()"-][^\s()"]*)
        |(?P<mark>[()]|(?<![^\s(])-(?=[^\s)]))
        |"(?P<inside>[^"]*)(?:"(?P<suffix>[~*][^\s()"]*)?|$)
        |(?P<dash>-[^\s()"]*)
    """,
    re.VERBOSE,
)
_MARK = re.compile(r"\*|~\d*[^\w*~]*$")


class Lexeme(NamedTuple):
    """A piece of a query at `start`:`end` of its text.

    `text` is an operator as typed, a field's name in lower case, the inside of quotes, or a word trimmed.
    `extra` is a field's value, what follows closing quotes (`*`, `~8`), or a word untrimmed where it has a * or ~.
    """

    kind: str
    text: str
    start: int
    end: int
    extra: str = ""


def lexemes(text: str) -> list[Lexeme]:
    """The lexemes of normalised `text`, ending with END; pieces the analyser finds no word in are left out."""
    found: list[Lexeme] = []
    for match in _LEXEME.finditer(text):
        start, end = match.span()
        kind = match.lastgroup
        if kind in ("run", "dash"):
            lexeme = classified(match[0], start)
            if lexeme:
                found.append(lexeme)
            elif found and found[-1].kind == MINUS and found[-1].end == start:
                found.pop()
        elif kind == "mark":
            found.append(Lexeme(match[0], match[0], start, end))
        else:
            inside = match["inside"]
            closed = end > start + 1 + len(inside)
            found.append(Lexeme(PHRASE if closed else UNCLOSED, inside, start, end, match["suffix"] or ""))
    last = found[-1].end if found else 0
    found.append(Lexeme(END, "", last, last))
    return found


def classified(run: str, start: int) -> Lexeme | None:
    """What a run of characters without spaces, quotes and parentheses is; None if it holds no word."""
    end = start + len(run)
    if run.isalnum() and run.isascii():
        return Lexeme(run if run in _OPERATORS else WORD, run, start, end)
    first, last = bounds(run)
    mark = _MARK.search(run)
    if first and (not mark or mark.start() > first):
        return classified(run[first:], start + first)
    name, colon, value = run.partition(":")
    if colon and _names_field(name, value):
        return Lexeme(FIELD, name.lower(), start, end, value)
    if run.startswith("NEAR/"):
        return Lexeme(NEAR, run, start, end)
    if mark:
        return Lexeme(WORD, run[first:last], start, end, run)
    return Lexeme(WORD, plain(run[:last]), start, start + last) if last else None


def _names_field(name: str, value: str) -> bool:
    """Whether `name:value` was meant as a field: not a URL, a time of day or a remark such as `Breaking:`."""
    if name.lower() in FIELDS:
        return True
    return (
        bool(value) and name.isalpha() and not value.startswith("//") and (name.isascii() or name.lower() in MISNAMED)
    )


def plain(word: str) -> str:
    """A trimmed word that would be read as an operator (`AND,` was typed), in the lower case that is not."""
    return word.lower() if word in _OPERATORS else word


def trimmed(text: str) -> str:
    """`text` from its first to its last word as the analyser sees them, or ""."""
    if text.isalnum() and text.isascii():
        return text
    first, last = bounds(text)
    return text[first:last]


@lru_cache(maxsize=1_024)
def bounds(text: str) -> tuple[int, int]:
    """Where the first word of `text` starts and the last one ends, as the analyser sees them; (0, 0) without a word."""
    found = tokens(text, None)
    return (found.starts[0], found.ends[-1]) if len(found) else (0, 0)
