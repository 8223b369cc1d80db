"""An archive in the middle of a busy time: a million articles, of which the newest 900,000 may still get company.

They are those of the archive's benchmark. What tells near copies and accounts of one event apart is not computed
article by article but drawn from the signatures of the texts they were made of: as much of it is kept as two such
articles share.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from bot.matching.analysis import analysed
from bot.matching.stories import BAND, BANDS, EXACT_BYTES, MINIMA_AT, PERMUTATIONS, WINDOW
from store.connections import open_writer
from store.database import open_store
from store.times import micros
from tests.benchmarks.archive.articles import FULL, texts
from tests.benchmarks.archive.building import database, kept, progress
from tests.benchmarks.grouping import dated_again, variants

ARTICLES = 900_000
"""Three days of 300,000."""

_LEAST_KEPT, _MOST_KEPT, _BANDS_KEPT = 0.3, 0.6, 0.02
"""Shares of a text's minima, and bands of them besides, that an article made of it keeps: two such articles then share
a fifth of their word runs, and a key in four cases of ten, as they do when they are signed."""

_BATCH = 50_000
_TOGETHER = 64


def window(now: datetime) -> Path:
    """A database whose stories of the three days before `now` are open, built when it is not there."""
    return kept(f"day-{ARTICLES}-{database(FULL).stem}.db", partial(_build, now=now))


def _build(path: Path, now: datetime) -> None:
    shutil.copyfile(database(FULL), path)
    open_store(path, now=now).close()
    with closing(open_writer(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        _sign(connection, _signed(), now)


def _signed() -> list[tuple[bytes, bytes]]:
    """The signatures and gists of the texts that the archive's articles were made of."""
    found = list(texts())
    parts = [analysed(found[start : start + _TOGETHER]) for start in range(0, len(found), _TOGETHER)]
    return [(signed.values, signed.gist) for part in parts for _, signed in part]


def _sign(connection: sqlite3.Connection, models: Sequence[tuple[bytes, bytes]], now: datetime) -> None:
    """Signs the newest articles, oldest first, each as the first of its story."""
    chance, step = np.random.default_rng(9), WINDOW / ARTICLES
    insert = "INSERT INTO signatures (article_id, story_id, added_at, signature, gist) VALUES (?, ?, ?, ?, ?)"
    select = "SELECT id, story_id FROM articles WHERE id > ? ORDER BY id LIMIT ?"
    told = (gist for _, gist in variants(models, ARTICLES))
    connection.execute("BEGIN IMMEDIATE")
    for done in range(0, ARTICLES, _BATCH):
        first = FULL - ARTICLES + done
        found = connection.execute(select, (first, _BATCH)).fetchall()
        batch = [models[(article_id - 1) % len(models)][0] for article_id, _ in found]
        at = [now - WINDOW + (done + number) * step for number in range(len(found))]
        drawn = zip(found, at, _drawn(batch, chance), islice(told, len(found)), strict=True)
        connection.executemany(
            insert,
            (
                (article_id, story_id, micros(added), values, dated_again(gist, int(added.timestamp() // 3600)))
                for (article_id, story_id), added, values, gist in drawn
            ),
        )
        progress("the window of stories", ARTICLES, done + len(found))
    connection.execute("COMMIT")


def _drawn(models: Sequence[bytes], chance: np.random.Generator) -> Iterator[bytes]:
    """Of each model a signature as an article has that was made of its text: some of its minima, its headline."""
    size = (len(models), PERMUTATIONS)
    kept = np.repeat(chance.random((len(models), BANDS)) < _BANDS_KEPT, BAND, axis=1)
    kept = np.pad(kept, ((0, 0), (0, PERMUTATIONS - BANDS * BAND)))
    kept |= chance.random(size) < chance.uniform(_LEAST_KEPT, _MOST_KEPT, (len(models), 1))
    others = chance.integers(0, 1 << 16, size).astype(np.uint16)
    for values, keeps, other in zip(models, kept, others, strict=True):
        if len(values) == EXACT_BYTES:
            yield chance.bytes(EXACT_BYTES)
            continue
        end = MINIMA_AT + 2 * PERMUTATIONS
        minima = np.where(keeps, np.frombuffer(values[MINIMA_AT:end], np.uint16), other)
        yield chance.bytes(EXACT_BYTES) + values[EXACT_BYTES:MINIMA_AT] + minima.tobytes() + values[end:]
