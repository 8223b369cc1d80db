"""stories: articles grouped into stories as the bot would, and how right that is on pairs somebody has judged."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.cli.matching import articles
from bot.cli.opening import note, put
from bot.core.errors import BotError
from bot.matching.events import ACCOUNT, SIGNALS, Evidence, Weighed
from bot.matching.gists import UNDATED, hour_of, is_near
from bot.matching.lookup import Lookup
from bot.matching.openings import Openings
from bot.matching.stories import Signature, choose, similarity

if TYPE_CHECKING:
    from bot.core.model import Article

_BATCH = 64
"""Articles looked up together."""

_FORM = '{"a": ID, "b": ID, "same_story": true or false, "relation": ...}'


def stories(arguments: argparse.Namespace) -> int:
    """Articles with the story each belongs to, named by its first article; with `--eval` how right that is."""
    if arguments.pairs is not None:
        if not arguments.articles or arguments.paths:
            raise BotError("--eval PAIRS needs --articles FILE, the articles that were judged, and no PATH")
        evaluate(arguments.pairs, articles(arguments.articles), as_json=arguments.json)
        return 0
    if not arguments.paths or arguments.articles:
        raise BotError("name the articles to group, or give --eval PAIRS with --articles FILE")
    grouping = Grouping()
    for article, story, _ in grouping.group(articles(arguments.paths)):
        if arguments.json:
            put({"id": article.guid, "story": story})
        else:
            print(f"{story}: {article.guid}  {article.title}")
    return 0


class Grouping:
    """Stories of the articles so far, named by their first article."""

    def __init__(self) -> None:
        self.openings = Openings()
        self._names: list[str] = []
        self._keys: dict[int, list[tuple[int, bytes, int]]] = {}
        self._gists: dict[int, bytes] = {}

    def group(self, given: Iterable[Article]) -> Iterator[tuple[Article, str, Signature]]:
        """Each of some more articles with its story and its signature."""
        from bot.batches import chunked
        from bot.matching.analysis import analysed

        for chunk in chunked(given):
            for start in range(0, len(chunk), _BATCH):
                batch = chunk[start : start + _BATCH]
                signed = [signature for _, signature in analysed(batch)]
                for article, signature, story in zip(batch, signed, self._group(batch, signed), strict=True):
                    yield article, self._names[story], signature

    def _group(self, batch: Sequence[Article], signed: Sequence[Signature]) -> list[int]:
        """The number of each article's story."""
        lookup = Lookup(self.openings, lambda numbers: {number: self._gists[number] for number in numbers})
        lookup.expect([signature.gist for signature in signed])
        found, opened = list[int](), list[int]()
        for article, signature in zip(batch, signed, strict=True):
            story = self._known(signature, lookup)
            if story is None:
                story = len(self._names)
                self._names.append(article.guid)
                self._gists[story] = lookup.add(story, signature.gist)
                opened.append(story)
            hour = hour_of(signature.gist) if signature.gist else UNDATED
            for key in signature.keys:
                self._keys.setdefault(key, []).append((story, signature.values, hour))
            found.append(story)
        self.openings.learn(opened, [self._gists[story] for story in opened])
        return found

    def _known(self, signature: Signature, lookup: Lookup) -> int | None:
        """The story that an article joins."""
        hour = hour_of(signature.gist) if signature.gist else UNDATED
        sharing = dict.fromkeys(entry for key in signature.keys for entry in self._keys.get(key, ()))
        # `choose` knows no story 0, as those of the store begin at 1
        copies = [(number + 1, values) for number, values, at in sharing if is_near(hour, at)]
        story = choose(signature, copies)
        return story - 1 if story is not None else next(iter(lookup.accounts(signature.gist)), None)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles that somebody judged to be of one story, or not, and what they are to each other."""

    a: str
    b: str
    relation: str
    same: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A judged pair: whether it is in one story, whether one is a copy of the other, and what else speaks for it."""

    pair: Pair
    grouped: bool
    is_copy: bool
    evidence: Evidence | None

    def joined(self, without: str = "") -> bool:
        """Whether the two are one story, looked at by themselves, if nobody looked at one of the signals."""
        is_event = self.evidence is not None and bool(self.evidence.points_without(without)[0] >= ACCOUNT)
        return (self.is_copy and without != "wording") or (is_event and without != "events")


def evaluate(path: Path, given: Iterable[Article], *, as_json: bool) -> None:
    """Prints how many pairs of each kind end in one story, and how many would without each of the signals."""
    pairs = list(read_pairs(path))
    wanted = {guid for pair in pairs for guid in (pair.a, pair.b)}
    grouping, found = Grouping(), dict[str, tuple[str, Signature]]()
    for article, story, signature in grouping.group(given):
        if article.guid in wanted:
            found[article.guid] = story, signature
    known = [pair for pair in pairs if pair.a in found and pair.b in found]
    if len(known) < len(pairs):
        note(f"{len(pairs) - len(known)} of {len(pairs)} pairs are of articles that are not among those given")
    compared = [_compared(pair, found, grouping.openings) for pair in known]
    for row in rows(compared):
        if as_json:
            put(row)
        else:
            print("{same:<10} {relation:<30} {how:<22} {joined!s:>4} of {pairs!s:<4} {share!s}".format(**row))


def _compared(pair: Pair, found: dict[str, tuple[str, Signature]], openings: Openings) -> Compared:
    (story, one), (other_story, other) = found[pair.a], found[pair.b]
    evidence = None
    if one.gist and other.gist:
        both = Weighed.of([one.gist, other.gist], openings.rarity)
        evidence = both.evidence(both, np.array([0]), np.array([1]))
    return Compared(pair, story == other_story, similarity(one.values, other.values) > 0, evidence)


def rows(compared: Sequence[Compared]) -> Iterator[dict[str, object]]:
    """Of the pairs of one story and of the others, all and by relation, how many are joined, and how many would be."""
    ways: dict[str, Callable[[Compared], bool]] = {
        "grouped": lambda one: one.grouped,
        "two by two": lambda one: one.joined(),
    }
    for signal in ("wording", "events", *SIGNALS):
        ways[f"without {signal}"] = partial(Compared.joined, without=signal)
    for same in (True, False):
        kind = [one for one in compared if one.pair.same is same]
        for relation in ("all", *sorted({one.pair.relation for one in kind})):
            some = [one for one in kind if relation in ("all", one.pair.relation)]
            for how, joins in ways.items() if some else ():
                joined = sum(map(joins, some))
                yield {
                    "same": "one story" if same else "different",
                    "relation": relation,
                    "how": how,
                    "pairs": len(some),
                    "joined": joined,
                    "share": round(joined / len(some), 4),
                }


def read_pairs(path: Path) -> Iterator[Pair]:
    """The judged pairs of a JSONL file without the debatable; a bad line is said with its number, and skipped.

    BotError where the file cannot be read.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{path}: cannot be read as text in UTF-8 ({error}); name a file of {_FORM}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            same, debatable = entry["same_story"], entry.get("uncertain")
            pair = Pair(str(entry["a"]), str(entry["b"]), str(entry.get("relation") or "unnamed"), bool(same))
        except (ValueError, KeyError, TypeError, AttributeError):
            note(f"{path}:{number}: not {_FORM}; skipped")
            continue
        if same is not None and not debatable:
            yield pair
