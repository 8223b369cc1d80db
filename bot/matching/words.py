"""Where words begin and end, and the folded form of each: one position a word, offsets into the text as it stands.

    text                              words                      because
    cross-border, and/or              cross · border, and · or   a word typed so is its parts in a row
    e-mail, l'e-mail                  email                      e- and a word of three letters or more is one word
    Britain's, Türkiye'nin, 1990's    britain, turkiye, 1990     a genitive or Turkish case ending is not the name
    l'asile, dell’immigrazione        asile, immigrazione        nor is the article before it
    Qur'an, O'Brien, об'єднання       quran, obrien, obednannja  any other apostrophe is part of its word
    U.S., N.A.T.O., J.D. Vance        us, nato, jd · vance       initials in a row are one word
    £150m, 150m, €180, 180 €          150m, 150m, 180, 180       signs are no letters; 150 million is two words
    1,000 1.000 1'000                 1000                       thousands, however they are parted
    3.5 3,5                           3.5                        one decimal mark
    7.11.2024, 10:53, 2-1             7 · 11 · 2024, ...         anything longer is its numbers
    移民, 난민, ผู้อพยพ                 a letter a word            so that a word is found inside a run without spaces

Scripts written with spaces keep their vowel signs inside the word. A word's form is cut at 64 letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from bot.matching.folding import fold

LONGEST = 64
"""Letters a form is cut at."""
_APOSTROPHES = "'’‘ʼʻ´`′＇"
_HYPHENS = "‐‑-"
_GROUPING = ".,'’\u00a0\u202f\u2009"
_JOINERS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_VOICING = "\uff9e\uff9f"
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
    "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
    "\u1000-\u102a\u1050-\u1055\u1780-\u17b3"
)
"""Letters of scripts that part no words: Han, kana, Hangul; Thai, Lao; Burmese, Khmer."""

_ARTICLES = """
c ç d j l m n s t qu jusqu lorsqu puisqu quoiqu presqu entr
un all dall dell nell sull coll quell quest bell sant anch mezz tutt senz gl agl dagl degl negl sugl
"""
_ELIDED = frozenset(_ARTICLES.split())
"""Articles and the like that lose their vowel before one: French, Italian, Catalan; t' and s' are Albanian too."""

_SUFFIX = re.compile(
    r"s|t|d|m|re|ve|ll"
    r"|(?:l[ae]r)?(?:l[iu](?:k|l[ae]r)?|s[iu]z)?"
    r"(?:n?[iu]n|[yns]?[iu]|[yn]?[ae]|n?[dt][ae]n?|[nyi]?l[ae]|c[ae]"
    r"|(?:n?[dt][ae]|n?[iu]n)k[iu](?:l[ae]r)?(?:[iu]n?|[ae]|d[ae]n?)?)?"
    r"(?:[dt][iu]r)?"
)
"""What may follow an apostrophe without being the word: an English clitic, or Turkish number, case, -li, -ki, -dir."""

_GROUPED = re.compile(rf"[1-9]\d{{0,2}}([{_GROUPING}])\d{{3}}(?:\1\d{{3}})*(?!\d)")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_MARK = re.compile(rf"[{_APOSTROPHES}.{_HYPHENS}]")


def words(text: str) -> Iterator[tuple[str, int]]:
    """Every word as it is written, elided article and suffix included, and its offset; `form` says what it means."""
    for match in _pattern().finditer(text):
        yield match[0], match.start()


def form(written: str) -> tuple[str, int, int]:
    """The folded form of a written word, and the start and end of the part of it that the form stands for."""
    start, end = (0, len(written)) if written.isalnum() else _core(written)
    core = written[start : min(end, start + 2 * LONGEST)]
    if core.isalnum():
        return fold(core)[:LONGEST], start, end
    plain = _number(core) if core[0].isdecimal() else _MARK.sub("", core)
    return fold(plain)[:LONGEST], start, end


def _core(written: str) -> tuple[int, int]:
    """The bounds of a written word without elided articles before it and suffixes after an apostrophe."""
    parts = _APOSTROPHE.split(written)
    first, last = 0, len(parts) - 1
    while first < last and parts[first].lower() in _ELIDED:
        first += 1
    while first < last and parts[last] < "\u0250" and _SUFFIX.fullmatch(fold(parts[last])):
        last -= 1
    start = sum(map(len, parts[:first])) + first
    return start, start + sum(map(len, parts[first : last + 1])) + last - first


def _number(written: str) -> str:
    grouped = _GROUPED.match(written)
    whole = grouped[0] if grouped else ""
    rest = written[len(whole) :]
    return whole.replace(grouped[1] if grouped else "", "") + _APOSTROPHE.sub("", rest).replace(",", ".")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    signs = chain(range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB00, 0xFF00))
    marks = "".join(_ranges(code for code in signs if unicodedata.category(chr(code))[0] == "M"))
    letter = rf"[^\W\d_{_UNSPACED}ʼʻ]"
    start = rf"[^\W_{_UNSPACED}ʼʻ]"
    inner = rf"[{marks}{_JOINERS}]"
    rest = rf"(?:{start}++|{inner})*+"
    part = rf"(?:[eE][{_HYPHENS}](?={letter}{{3}}))?{start}{rest}"
    grouped = rf"[1-9]\d{{0,2}}([{_GROUPING}])\d{{3}}(?:\1\d{{3}})*+(?:[.,]\d++)?+"
    return re.compile(
        rf"{letter}{{2}}{rest}(?![{_APOSTROPHES}])"
        rf"|[{_UNSPACED}][{marks}{_VOICING}]*+"
        rf"|{letter}(?:\.{letter}(?!{start}|{inner}))++"
        rf"|(?<!\d[.,])(?:{grouped}|\d++[.,]\d++)(?!\d|[.,]\d){start}*+"
        rf"|{part}(?:[{_APOSTROPHES}]{part})*+"
    )


def _ranges(codes: Iterable[int]) -> list[str]:
    """Code points in ascending order as the ranges of a character class."""
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = ranges[-1][0], code
        else:
            ranges.append((code, code))
    return [f"{chr(first)}-{chr(last)}" for first, last in ranges]
