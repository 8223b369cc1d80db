"""Words of the archive that a word nobody wrote may be meant as: one slip away, or two after a right beginning."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from bot.matching.encoding import tagged
from bot.matching.likeness import apart, slips, spellings
from bot.matching.text import word_forms
from store.fulltext import LIVE
from store.vocabulary import Vocabulary

SHORTEST = 4
"""Letters of a word that is looked at: of fewer, nearly anything is one slip away."""

LONG = 6
"""Letters from which on two slips are looked for, behind so many first letters that are right:"""
HEAD = 3

LOOKED_AT = 20_000
"""Words that begin alike which are looked at."""

WEIGHED = 24
"""Of the nearest, how many are asked how common they are."""

COMMON = 200
"""Articles counted of a word."""

TIMES = 10
"""How many times as common a word has to be as the one that was typed, to be what was meant."""

_END = "\U0010ffff"


def resembling(connection: sqlite3.Connection, word: str, most: int) -> list[str]:
    """Folded words, nearest first and of equally near ones the most common; [] where the word itself is as good."""
    forms = word_forms(word)
    if len(forms) != 1 or not SHORTEST <= len(forms[0].folded) <= 40 or not forms[0].folded.isalpha():
        return []
    typed = forms[0].folded
    own = _common(connection, typed)
    if own * TIMES >= COMMON or (not own and Vocabulary(connection).forms(forms[0].stems)):
        return []
    near = sorted((distance, found) for found, distance in _near(connection, typed).items())
    weighed = [(distance, -_common(connection, found), found) for distance, found in near[:WEIGHED]]
    return [found for _, common, found in sorted(weighed) if -common > own * TIMES][:most]


def _near(connection: sqlite3.Connection, typed: str) -> dict[str, int]:
    """Words of the archive with how many slips they are away."""
    found = {word: 1 + (apart(typed, word, 1) > 1) for word in _known(connection, slips(typed))}
    found |= dict.fromkeys(_known(connection, spellings(typed)), 1)
    if len(typed) >= LONG:
        for word in _beginning(connection, typed[:HEAD], len(typed)):
            if word not in found and (distance := apart(typed, word, 2)) <= 2:
                found[word] = distance
    return {word: slips_away for word, slips_away in found.items() if word.isalpha() and word != typed}


def _known(connection: sqlite3.Connection, words: Iterable[str]) -> list[str]:
    select = "SELECT DISTINCT word FROM fulltext_words WHERE word IN (SELECT value FROM json_each(?))"
    return [word for (word,) in connection.execute(select, (json.dumps([*words]),))]


def _beginning(connection: sqlite3.Connection, head: str, length: int) -> list[str]:
    select = """
        SELECT DISTINCT word FROM (SELECT word FROM fulltext_words WHERE word >= ? AND word < ? LIMIT ?)
        WHERE length(word) BETWEEN ? AND ?
    """
    rows = connection.execute(select, (head, head + _END, LOOKED_AT, length - 2, length + 2))
    return [word for (word,) in rows]


def _common(connection: sqlite3.Connection, word: str) -> int:
    """In how many articles it stands, as far as they are counted."""
    tags = Vocabulary(connection).tags(word)
    if not tags:
        return 0
    match = " OR ".join(f'"{tagged(word, tag)}"' for tag in sorted(tags))
    select = f"SELECT count(*) FROM (SELECT 1 FROM {LIVE} WHERE {LIVE} MATCH ? LIMIT {COMMON})"  # noqa: S608
    return int(connection.execute(select, (match,)).fetchone()[0])
