"""What to leave out of a query so that what was not wanted would not have come, and all that was wanted still would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.model import Archived
from bot.matching.document import Document
from bot.matching.evaluate import Reader
from bot.matching.evidence import LEAD_WORDS
from bot.matching.explain import hits
from bot.matching.mending import words_of
from bot.matching.syntax import And, Node, Not, SourceIs, Word
from bot.matching.text import folded_words, word_forms
from bot.matching.tree import conjuncts

SHORTEST = 4
"""Letters of a word that may be left out."""

TRIED = 200
"""Words that are tried, those that say most of the unwanted first."""

_HEADLINE, _LEAD, _TEXT = 6, 2, 1

Seen = tuple[Archived, Document]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A query that leaves something out: what, and how many of the unwanted it does not match any more."""

    query: Node
    left_out: Node
    removed: int


def exclusion(query: Node, unwanted: Sequence[Seen], wanted: Sequence[Seen]) -> Exclusion | None:
    """The query less one word, or one outlet, that most of the unwanted have and none of the wanted.

    None where nothing does that. An outlet is left out only where several of the unwanted are all of it.
    """
    readers = [Reader(document) for _, document in unwanted]
    kept = [Reader(document) for _, document in wanted]
    best: Exclusion | None = None
    for left_out in (*_outlets(unwanted), *_words(query, unwanted)):
        removed = sum(reader.matches(left_out) for reader in readers)
        if removed > (best.removed if best else 0) and not any(reader.matches(left_out) for reader in kept):
            best = Exclusion(_less(query, left_out), left_out, removed)
        if best and best.removed == len(readers):
            break
    return best


def _less(query: Node, left_out: Node) -> Node:
    return And((*conjuncts(query), Not(left_out)))


def _outlets(unwanted: Sequence[Seen]) -> list[Node]:
    """The outlet that all of them are of, where they are several, by a name that can be typed."""
    names = {archived.article.source for archived, _ in unwanted}
    name = " ".join(next(iter(names), "").split())
    plain = len(names) == 1 and len(unwanted) > 2 and name.replace(" ", "").isalnum()
    return [SourceIs(name)] if plain and folded_words(name) else []


def _words(query: Node, unwanted: Iterable[Seen]) -> list[Word]:
    """Words of the unwanted, as they stand there in small letters: those in headlines and leads, and often, first."""
    asked = {form.folded for word in words_of(query) for form in word_forms(word)}
    worth: Counter[str] = Counter()
    written: dict[str, str] = {}
    for archived, document in unwanted:
        matched: set[tuple[str, int]] = {(hit.part, hit.start) for hit in hits(query, document)}
        for word, form, points in _said(archived, document, matched):
            worth[word] += points
            written.setdefault(word, form)
    ordered = sorted(worth, key=lambda word: (-worth[word], word))
    return [Word(written[word]) for word in ordered if word not in asked][:TRIED]


def _said(archived: Archived, document: Document, matched: set[tuple[str, int]]) -> Iterable[tuple[str, str, int]]:
    """(folded, as written, points) of each word that is long enough and did not make it match."""
    article = archived.article
    for part, tokens, text in (("title", document.title, article.title), ("body", document.body, article.text)):
        for place, word in enumerate(tokens.folded):
            if len(word) < SHORTEST or not word.isalpha() or (part, tokens.starts[place]) in matched:
                continue
            form = text[tokens.starts[place] : tokens.ends[place]].lower()
            if form.isalpha():
                yield word, form, _HEADLINE if part == "title" else _LEAD if place < LEAD_WORDS else _TEXT
