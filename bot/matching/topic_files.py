"""Topic files: one TOML file a topic, which an operator adds, changes or removes.

    name = "border-funding"             # letters a-z, digits, inner hyphens: what topic:NAME says
    title = "Border funding"            # what people see
    aliases = ["granični fondovi"]      # a query that is just one of these means the topic, in any case and script
    description = "Money for borders."  # one sentence

    [terms]                             # an article has the topic when any of these matches ...
    en = ["frontex", '"border force"', 'fund* NEAR/8 border*']
    sr = ["granični fond"]

    [exclude]                           # ... and none of these does
    en = ['"flower border"']

Where one word cannot tell, evidence is weighed (see `bot.matching.evidence`): the article has the topic also when what
it says comes to the threshold. A mention in the headline counts as three, one in the first 60 words as two; what stands
further down brings at most as many points as headline and these words, or as 100 words of it bring on average:

    threshold = 10                      # points an article needs

    [lists.money]                       # words that several signals use
    en = ["million", "budget*"]

    [[signal]]
    name = "border guards"              # for people
    points = 3                          # for a mention; below 0 it counts against
    most = 6                            # what its mentions count as together, at most
    words.en = ["border guard", '"border force"']    # inflected; in double quotes exactly so; by language, or "any"
    words.sr = ["granična policija"]                 # sr, hr, bs and cnr are one here
    unless.en = ["flower border"]       # a mention does not count where it overlaps one of these
    near = "money"                      # and only with one of these (by language, or lists by name) no further away
    within = 8                          # than so many words between
    supports = true                     # counts at most as much as what counts by itself
    anywhere = true                     # counts further down as well as in the lead

Each entry of terms and exclude is a whole query in the language people search with; in TOML, single quotes hold one
with double quotes in it, and three of them one of several lines. Languages are headings for readers there: an entry is
looked for in every article (`lang:de` inside it says otherwise). `[exclude]` drops the whole article; `migration -"bird
migration"` as an entry only takes back that entry. The words of signals are looked for in articles of their language,
and in those whose language is not known. Files are read in the order of their names; those starting with a dot are
left alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bot.core.errors import ConfigError, QuerySyntaxError
from bot.core.model import Topic
from bot.core.words import ENGLISH
from bot.matching.canonical import write
from bot.matching.evidence import Weighed
from bot.matching.lines import Lines
from bot.matching.query import parse
from bot.matching.signal_files import SignalReader
from bot.matching.syntax import And, Near, Node, Not, Or, Title, TopicIs
from bot.matching.text import fold
from bot.matching.tree import conjunction, disjunction

MAX_TERMS = 5_000
"""Terms a topic may have: the words, prefixes, phrases and filters of its definition."""

MAX_BYTES = 1_000_000
"""Size of the largest topic file read."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_INNER_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_TEXTS = ("name", "title", "description")
_KEYS = (*_TEXTS, "aliases", "terms", "exclude", "threshold", "lists", "signal")


def read_folder(folder: Path) -> list[tuple[Topic, Node]]:
    """The topics in a folder's .toml files, each with its definition; ConfigError lists every problem of every file."""
    return _Reader().folder(folder)


def spelling(name: str) -> str:
    """What two ways to type a topic's name share; the query language's marks stay, so that a query never is a name."""
    return " ".join(_INNER_HYPHEN.sub(" ", fold(name)).split())


def spellings(topic: Topic) -> set[str]:
    """Of everything that means the topic when it is a whole query: its name, title and aliases."""
    return {spelling(text) for text in (topic.name, topic.title, *topic.aliases)}


def leaves(node: Node) -> Iterator[Node]:
    """The words, prefixes, phrases and filters of a query."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Not(child) | Title(child):
            yield from leaves(child)
        case Near(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case Weighed(_, signals):
            for signal in signals:
                for wording in (*signal.words, *signal.near, *signal.unless):
                    yield from wording.terms
        case _:
            yield node


class _Reader:
    """Reads topic files and collects what is wrong with them."""

    def __init__(self) -> None:
        self._problems: list[str] = []
        self._lines = Lines("")
        self._owners: dict[str, str] = {}
        """Spelling of a name, title or alias -> the file that took it first."""

    def folder(self, folder: Path) -> list[tuple[Topic, Node]]:
        if not folder.is_dir():
            raise ConfigError(f"{folder}: not a folder of topic files")
        files = sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))
        topics = [topic for path in files if (topic := self._file(path))]
        if self._problems:
            raise ConfigError("\n".join(self._problems))
        return topics

    def _problem(self, path: Path, what: str, *keys: str, entry: str = "") -> None:
        line = self._lines.find(keys, entry)
        self._problems.append(f"{path.name}:{line}: {what}" if line else f"{path.name}: {what}")

    def _file(self, path: Path) -> tuple[Topic, Node] | None:
        """The topic of one file, None when something is wrong with it."""
        before = len(self._problems)
        self._lines = Lines("")
        table = self._table(path)
        if table is None:
            return None
        for key in table.keys() - set(_KEYS):
            self._problem(path, f"unknown key “{key}”; known are {', '.join(_KEYS)}", key)
        name, title, description = (self._text(path, key, table.get(key)) for key in _TEXTS)
        if name and not _NAME.fullmatch(name):
            self._problem(path, f"name “{name}” may hold a-z, 0-9 and single hyphens between them", "name")
        aliases = self._aliases(path, table.get("aliases", []))
        query = self._definition(path, table)
        if query is None or len(self._problems) > before:
            return None
        topic = Topic(name, title, aliases, description, write(query))
        return (topic, query) if self._claim(path, topic) else None

    def _table(self, path: Path) -> dict[str, object] | None:
        try:
            if path.stat().st_size > MAX_BYTES:
                self._problem(path, f"larger than {MAX_BYTES:,} bytes")
                return None
            text = path.read_text("utf-8-sig")
            self._lines = Lines(text)
            return tomllib.loads(text)
        except OSError as error:
            self._problem(path, f"cannot be read: {error.strerror}")
        except (ValueError, RecursionError) as error:
            self._problem(path, f"is not TOML in UTF-8: {error}")
        return None

    def _text(self, path: Path, key: str, value: object) -> str:
        """A required text, "" after a complaint."""
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self._problem(path, f"{key} is missing" if value is None else f"{key} must be text in quotes", key)
        return ""

    def _aliases(self, path: Path, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(alias, str) and alias.strip() for alias in value):
            return tuple(dict.fromkeys(value))
        self._problem(path, "aliases must be a list of texts in quotes", "aliases")
        return ()

    def _definition(self, path: Path, table: Mapping[str, object]) -> Node | None:
        """Any of the terms and none of the exclusions, None after a complaint."""
        before = len(self._problems)
        terms = self._section(path, "terms", table.get("terms", {}))
        excluded = self._section(path, "exclude", table.get("exclude", {}))
        reader = SignalReader(partial(self._problem, path))
        weighed = reader.read(table)
        size = reader.terms + sum(1 for query in (*terms, *excluded) for _ in leaves(query))
        if size > MAX_TERMS:
            self._problem(path, f"{size:,} terms; a topic holds at most {MAX_TERMS:,}")
        wanted = _any((*terms, weighed) if weighed else terms)
        if wanted is None:
            if len(self._problems) == before:
                self._problem(path, "[terms] holds no query, and there is no [[signal]]")
            return None
        return conjunction((wanted, *map(Not, excluded)))

    def _section(self, path: Path, section: str, value: object) -> list[Node]:
        """The queries of `[terms]` or `[exclude]` that can be used, each once."""
        if not isinstance(value, dict):
            self._problem(path, f"[{section}] must hold lists of queries by language", section)
            return []
        found = [
            query
            for language, entries in value.items()
            for query in self._entries(path, f"{section}.{language}", language, entries)
        ]
        return list(dict.fromkeys(found))

    def _entries(self, path: Path, place: str, language: str, entries: object) -> Iterator[Node]:
        if not _LANGUAGE.fullmatch(language):
            self._problem(path, f"{place}: a language is two or three letters a-z", *place.split("."))
        if not isinstance(entries, list):
            self._problem(path, f"{place} must be a list of queries in quotes", *place.split("."))
            return
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, str):
                self._problem(path, f"{place}, entry {number} must be text in quotes", *place.split("."))
            elif query := self._query(path, place, number, " ".join(entry.split())):
                yield query

    def _query(self, path: Path, section: str, number: int, text: str) -> Node | None:
        place, keys = f"{section}, entry {number}", section.split(".")
        try:
            query = parse(text, max_terms=MAX_TERMS, max_length=MAX_BYTES)
        except QuerySyntaxError as error:
            self._problem(path, f"{place} ({_around(text, error.position)}): {error.say(ENGLISH)}", *keys, entry=text)
            return None
        if any(isinstance(leaf, TopicIs) for leaf in leaves(query)):
            self._problem(path, f"{place} ({_around(text, 0)}): a topic cannot be made of topics", *keys, entry=text)
            return None
        return query

    def _claim(self, path: Path, topic: Topic) -> bool:
        """Whether every name of the topic is its own; takes them."""
        keys = spellings(topic)
        taken = [key for key in sorted(keys) if key in self._owners]
        for key in taken:
            self._problem(path, f"“{key}” already means the topic in {self._owners[key]}")
        self._owners.update(dict.fromkeys(keys, path.name))
        return not taken


def _any(queries: Iterable[Node]) -> Node | None:
    """The OR of them, each branch once."""
    joined = disjunction(queries)
    return disjunction(dict.fromkeys(joined.children)) if isinstance(joined, Or) else joined


def _around(text: str, position: int, reach: int = 40) -> str:
    """What stands around a position of a query, for a person to find it by."""
    start, end = max(0, position - reach), position + reach
    return "…" * (start > 0) + text[start:end] + "…" * (end < len(text))
