"""The leaves of a query made of words: a word, a prefix, a phrase, words in proximity; and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.matching.lexer import EDGES, UNCLOSED, Lexeme, plain, trimmed
from bot.matching.syntax import Node, Phrase, Prefix, Proximity, Word
from bot.matching.text import folded_words

SHORTEST = 3
"""Letters of a prefix, counted as folded so that scripts do not differ."""
WIDEST = 100
"""Words between, at most, for NEAR and for words in proximity."""
_USUAL = 8
_DIGITS = 9
"""More are not looked at: int() of a long number is slow."""

Fault = Callable[..., None]
"""Called with a phrase's key, a position and details; raises, or returns when the fault is to be mended."""


def word(lexeme: Lexeme, fault: Fault) -> Node | None:
    """A word or a prefix, or None where what is left when mended is neither."""
    if not lexeme.extra:
        return Word(lexeme.text)
    typed = lexeme.extra.rstrip(EDGES)
    head = typed.rstrip("*")
    if head == typed or "*" in head:
        return _misplaced(lexeme, fault)
    if not lexeme.text:
        fault("query.star_alone", lexeme.start)
        return None
    if _long(lexeme.text):
        return Prefix(lexeme.text)
    fault("query.prefix_short", lexeme.start, prefix=typed, shortest=SHORTEST)
    return Word(plain(lexeme.text))


def _misplaced(lexeme: Lexeme, fault: Fault) -> Node | None:
    """A word with a * that is not its end, or with a ~; mended, its beginning as a prefix or its longest part."""
    star = lexeme.extra.find("*")
    if star >= 0:
        fault("query.star_inside", lexeme.start + star)
    else:
        fault("query.tilde", lexeme.start + lexeme.extra.rindex("~"))
    parts = [trimmed(part) for part in re.split(r"[*~]", lexeme.extra)]
    if star > 0 and _long(parts[0]):
        return Prefix(parts[0])
    longest = max(parts if star >= 0 else parts[:-1], key=len)
    return Word(plain(longest)) if longest else None


def quoted(lexeme: Lexeme, fault: Fault) -> Node | None:
    """A phrase or words in proximity, or None where the quotes hold no word."""
    if lexeme.kind == UNCLOSED:
        fault("query.unclosed_quote", lexeme.start)
    words = tuple(filter(None, map(trimmed, lexeme.text.replace("*", " ").split())))
    if not words:
        fault("query.empty_phrase", lexeme.start)
        return None
    prefix = "*" in lexeme.text and _ends_in_prefix(lexeme, words[-1], fault)
    if not lexeme.extra:
        return Phrase(words, prefix)
    return _extended(lexeme, Phrase(words, prefix), fault)


def _ends_in_prefix(lexeme: Lexeme, last: str, fault: Fault) -> bool:
    inside = lexeme.text.rstrip(EDGES + " ")
    head = inside.rstrip("*")
    if head == inside or "*" in head or head.endswith(" "):
        fault("query.star_inside", lexeme.start + 1 + lexeme.text.index("*"))
        return False
    if _long(last):
        return True
    fault("query.prefix_short", lexeme.start + 1 + head.rfind(" ") + 1, prefix=f"{last}*", shortest=SHORTEST)
    return False


def _extended(lexeme: Lexeme, phrase: Phrase, fault: Fault) -> Node:
    """A phrase with something after its closing quotes: `~8` makes it words in proximity."""
    start = lexeme.end - len(lexeme.extra)
    mark, number = lexeme.extra[0], lexeme.extra[1:].rstrip(EDGES)
    if mark == "*":
        fault("query.star_outside", start)
        return Phrase(phrase.words, prefix=_long(phrase.words[-1]))
    slop = width(number)
    if slop is None:
        fault("query.slop", start, widest=WIDEST)
        slop = mended_width(number)
    if len(phrase.words) == 1:
        return phrase
    if phrase.prefix:
        fault("query.slop_prefix", start)
    return Proximity(phrase.words, slop)


def width(number: str) -> int | None:
    """The words between that NEAR or ~ was given, or None if that is no whole number up to WIDEST."""
    digits = number.isascii() and number.isdigit() and len(number) <= _DIGITS
    return int(number) if digits and int(number) <= WIDEST else None


def mended_width(number: str) -> int:
    """The nearest number that `width` takes."""
    return WIDEST if number.isdigit() else _USUAL


def _long(word: str) -> bool:
    """Whether the word, or the last of its parts, is long enough to be a prefix."""
    return len((folded_words(word) or ("",))[-1]) >= SHORTEST
