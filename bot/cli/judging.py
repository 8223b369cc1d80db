"""topics --eval: how right the topics are, on articles that people have judged."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.opening import note, put
from bot.core.errors import BotError

if TYPE_CHECKING:
    from bot.core.model import Article
    from bot.matching.topics import Topics

_HEADINGS = ("topic", "language", "judged", "have it", "found", "right", "precision", "recall", "F1")
_FORM = '{"id": ..., "labels": {"TOPIC": true or false}, "uncertain_topics": [...]}'


@dataclass(frozen=True, slots=True)
class Judged:
    """What people say of one article: topics it has and has not; debatable ones are left out."""

    has: frozenset[str]
    lacks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """How right a topic is on some judged articles: `judged` of them, of which it has been `found` in some."""

    judged: int
    having: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of what was found how much is right; None where nothing was."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what there is how much was found; None where there is nothing."""
        return self.right / self.having if self.having else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where there was nothing to find and nothing found."""
        either = self.having + self.found
        return 2 * self.right / either if either else None


def judge(labels: Path, articles: Iterable[Article], topics: Topics, *, as_json: bool) -> None:
    """Prints the score of each topic, of all articles and by language."""
    judged = read_labels(labels, {topic.name for topic in topics})
    seen: dict[str, tuple[str, frozenset[str]]] = {}
    wanted = (article for article in articles if article.guid in judged)
    for article, language, found in _tagged(wanted, topics):
        seen[article.guid] = language, found
    if lacking := len(judged.keys() - seen.keys()):
        note(f"{lacking} of {len(judged)} judged articles are not among the articles given")
    rows = [row for topic in topics for row in scores(topic.name, judged, seen)]
    if as_json:
        for topic_name, language, score in rows:
            ratios = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
            counts = {"judged": score.judged, "having": score.having, "found": score.found, "right": score.right}
            rounded = {key: None if value is None else round(value, 4) for key, value in ratios.items()}
            put({"topic": topic_name, "language": language, **counts, **rounded})
    else:
        print("\n".join(table(rows)))


def scores(
    topic: str, judged: Mapping[str, Judged], seen: Mapping[str, tuple[str, frozenset[str]]]
) -> Iterator[tuple[str, str, Score]]:
    """(topic, language, score): of all articles, of all that are not English, and of each language that has any."""
    by_language: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for guid, (language, found) in seen.items():
        opinion = judged[guid]
        if topic not in opinion.has | opinion.lacks:
            continue
        groups = ("all", language) if language == "en" else ("all", "all but en", language)
        for group in groups:
            counts = by_language[group]
            counts["judged"] += 1
            counts["having"] += topic in opinion.has
            counts["found"] += topic in found
            counts["right"] += topic in opinion.has & found
    many = sorted(by_language, key=lambda group: (-by_language[group]["judged"], group))
    for group in sorted(many, key=lambda group: not group.startswith("all")):
        counts = by_language[group]
        if counts["having"] or counts["found"] or group.startswith("all"):
            yield topic, group, Score(counts["judged"], counts["having"], counts["found"], counts["right"])


def table(rows: Iterable[tuple[str, str, Score]]) -> list[str]:
    """The scores as lines of aligned columns, a topic's name on its first line."""
    cells: list[tuple[str, ...]] = [_HEADINGS]
    last = ""
    for topic, language, score in rows:
        counts = (score.judged, score.having, score.found, score.right)
        ratios = (score.precision, score.recall, score.f1)
        told = ("–" if ratio is None else f"{ratio:.3f}" for ratio in ratios)
        cells.append(("" if topic == last else topic, language, *map(str, counts), *told))
        last = topic
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def read_labels(path: Path, topics: Collection[str]) -> dict[str, Judged]:
    """The judgements of a JSONL file by article id; a bad line is said with its number, and skipped.

    In the names of topics `_` is `-`; those that nothing here is called are said once. BotError where nothing is left.
    """
    judged: dict[str, Judged] = {}
    unknown: set[str] = set()
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{path}: cannot be read as text in UTF-8 ({error}); name a file of {_FORM}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        entry = _entry(line)
        if entry is None:
            note(f"{path}:{number}: not {_FORM}; skipped")
            continue
        guid, opinion = entry
        unknown |= (opinion.has | opinion.lacks) - set(topics)
        judged[guid] = opinion
    for name in sorted(unknown):
        note(f"{path}: there is no topic “{name}”; there are {', '.join(sorted(topics))}")
    if not judged:
        raise BotError(f"{path}: holds no judgement; each line is {_FORM}")
    return judged


def _entry(line: str) -> tuple[str, Judged] | None:
    try:
        entry = json.loads(line)
        guid, labels, debatable = str(entry["id"]), dict(entry["labels"]), entry.get("uncertain_topics") or ()
        sure = {_named(name): value for name, value in labels.items() if name not in debatable}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not all(isinstance(value, bool) for value in sure.values()):
        return None
    has = frozenset(name for name, value in sure.items() if value)
    return guid, Judged(has, frozenset(sure) - has)


def _named(topic: str) -> str:
    return topic.replace("_", "-")


def _tagged(articles: Iterable[Article], topics: Topics) -> Iterator[tuple[Article, str, frozenset[str]]]:
    """Each article with its language and the topics it has."""
    import secrets

    from bot.batches import chunked
    from bot.matching.language import UNKNOWN
    from bot.matching.percolator import Percolator, pairs
    from bot.matching.text import language_of

    percolator = Percolator(secrets.randbits(62))
    names = [topic.name for topic in topics]
    for number, name in enumerate(names):
        percolator.add(number, topics.definition(name))
    for batch in chunked(articles):
        found: list[set[str]] = [set() for _ in batch]
        queries, at = pairs(*percolator.match_articles(batch))
        for query, index in zip(queries.tolist(), at.tolist(), strict=True):
            found[index].add(names[query])
        for article, tags in zip(batch, found, strict=True):
            yield article, language_of(article) or UNKNOWN, frozenset(tags)
