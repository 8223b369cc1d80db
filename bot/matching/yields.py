"""What the words of a query have brought in articles that match it, and which phrases among these would narrow it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import Archived
from bot.matching.document import Document, Tokens
from bot.matching.explain import Hit, hits
from bot.matching.syntax import Node, Phrase, Prefix, Word
from bot.matching.tree import conjunction

SHORTEST = 4
"""Letters of a word that may narrow a query: shorter ones are mostly such as every text has."""

USUAL = 0.4
"""Share of the articles of a language from which on a word is taken for one that every text has."""

LEAST, MOST = 0.05, 0.5
"""Share of the articles that have a phrase which would narrow the query."""


@dataclass(frozen=True, slots=True)
class Read:
    """An article that matches, analysed, and where it does."""

    archived: Archived
    document: Document
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Yield:
    """A form as it stands in articles, the term of the query it was found by, and in how many of them it stands."""

    form: str
    term: str
    articles: int


def read(query: Node, found: Iterable[tuple[Archived, Document]], definitions: Mapping[str, Node]) -> list[Read]:
    """What of each article took part in the match."""
    return [Read(archived, document, tuple(hits(query, document, definitions))) for archived, document in found]


def yields(reads: Iterable[Read]) -> list[Yield]:
    """The forms that matched, those in most articles first; forms that differ in case are one."""
    found: Counter[str] = Counter()
    known: dict[str, Yield] = {}
    for entry in reads:
        forms = {_form(entry, hit).casefold(): hit for hit in reversed(entry.hits)}
        for key, hit in forms.items():
            found[key] += 1
            known.setdefault(key, Yield(_form(entry, hit), hit.term, 0))
    return [Yield(known[key].form, known[key].term, number) for key, number in found.most_common()]


def _form(entry: Read, hit: Hit) -> str:
    article = entry.archived.article
    return " ".join((article.title if hit.part == "title" else article.text)[hit.start : hit.end].split())


def narrower(query: Node, reads: Sequence[Read]) -> list[Node]:
    """Queries that find some of these articles and not most, the widest first: phrases around the words that matched.

    A phrase stands alone where the query is one word, which it has; else it is asked for as well.
    """
    usual = _usual(reads)
    articles: Counter[tuple[str, ...]] = Counter()
    written: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in reads:
        pairs = dict(_pairs(entry, usual))
        articles.update(pairs.keys())
        written = pairs | written
    least, most = max(2, LEAST * len(reads)), MOST * len(reads)
    fitting = [(number, pair) for pair, number in articles.items() if least <= number <= most]
    alone = isinstance(query, Word | Prefix)
    ordered = sorted(fitting, key=lambda entry: (-entry[0], entry[1]))
    phrases = [Phrase(written[pair]) for _, pair in ordered]
    return [node for phrase in phrases if (node := phrase if alone else conjunction((query, phrase))) is not None]


def _usual(reads: Iterable[Read]) -> set[tuple[str | None, str]]:
    """(language, word) of the words that a good part of the articles in a language has."""
    words: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    number: Counter[str | None] = Counter()
    for entry in reads:
        document = entry.document
        number[document.language] += 1
        words[document.language].update({*document.title.folded, *document.body.folded})
    return {(code, word) for code in words for word, n in words[code].items() if n >= max(2, USUAL * number[code])}


def _pairs(entry: Read, usual: set[tuple[str | None, str]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(folded, as written in small letters) of a matched word with the word before it, or after it."""
    article, document = entry.archived.article, entry.document
    parts = {"title": (document.title, article.title), "body": (document.body, article.text)}
    at = {part: {start: place for place, start in enumerate(tokens.starts)} for part, (tokens, _) in parts.items()}
    for hit in entry.hits:
        tokens, text = parts[hit.part]
        place = at[hit.part].get(hit.start)
        if place is None or tokens.ends[place] != hit.end:
            continue
        for first, other in ((place - 1, place - 1), (place, place + 1)):
            if 0 <= other < len(tokens) and _says_something(tokens.folded[other], document.language, usual):
                pair = _written(tokens, text, first)
                if all(map(str.isalpha, pair)) and not _cut(tokens, text, first):
                    yield tokens.folded[first : first + 2], pair


def _says_something(word: str, language: str | None, usual: set[tuple[str | None, str]]) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and (language, word) not in usual


def _written(tokens: Tokens, text: str, first: int) -> tuple[str, ...]:
    return tuple(text[tokens.starts[place] : tokens.ends[place]].lower() for place in (first, first + 1))


def _cut(tokens: Tokens, text: str, first: int) -> bool:
    """Whether more than a blank stands between the two: a full stop, a comma, an empty line."""
    return bool(text[tokens.ends[first] : tokens.starts[first + 1]].strip(" \t\xa0"))
