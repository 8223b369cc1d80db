"""Features: what an article can have that a query can ask for, each once and by number.

A feature is a folded form, an inflected word, a prefix, a row of these (a phrase), a nearness, or a filter; or one of
these in the headline. Weighed evidence is one more kind: numbered here, summed over the places of its terms by
`weighings`, compared with its threshold, and from then on a bit like any other.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from sys import getsizeof
from typing import Any, NamedTuple, TypeVar

import numpy as np

from bot.matching.arrays import Flags, Int32, Int64
from bot.matching.evidence import Row, Signal, Weighed, Wording
from bot.matching.stemming import tags_for
from bot.matching.syntax import (
    And,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Proximity,
    SourceIs,
    Title,
    TopicIs,
    Word,
)
from bot.matching.text import folded_words
from bot.matching.words import LONGEST

Key = TypeVar("Key", bound=Hashable)

NEVER, ALWAYS = 0, 1
"""The feature no article has, and the one every article has."""

NESTED = frozenset((And, Or, Not, Title))
"""What is no leaf: what leaves stand in."""
_FILTERS = frozenset((SourceIs, LanguageIs, TopicIs))

_INT = 32
"""Bytes of a number in a dict."""

HEAD = 3
"""Letters by which the words that a new feature concerns are found."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """Rows near each other: any of `left` and any of `right`, or else all `words` within a span; feature numbers."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    distance: int
    together: bool = False
    """Whether `left` are words sought together in any order, with at most `distance` others."""


WORDS, NEAR, UNLESS = 0, 1, 2
"""What a term is to a signal: of what it listens for, of what that has to be near, of what it must not overlap."""


class Weighing(NamedTuple):
    """Evidence to weigh, and its terms: rows of feature, role, number of the signal, place of the heading."""

    node: Weighed
    headings: tuple[str, ...]
    terms: Int32

    def renumbered(self, numbers: Int32) -> Weighing:
        """The same with other numbers of its features."""
        return Weighing(self.node, self.headings, np.stack((numbers[self.terms[0]], *self.terms[1:])))


def _as_typed(words: str) -> bool:
    """Whether words, written as one, are surely each a word that is its own folded form.

    ½ folds to two words, xdjj to xdj, and of a word that is too long its first letters count.
    """
    return words.isascii() and words.isalnum() and words.islower() and len(words) <= LONGEST and "dj" not in words


class NewRows:
    """Rows of features, by their length."""

    def __init__(self) -> None:
        self._by_length: dict[int, array[int]] = {}

    def note(self, row: tuple[int, ...], feature: int) -> None:
        """Notes a row and its own feature."""
        same = self._by_length.get(len(row))
        if same is None:
            same = self._by_length[len(row)] = array("i")
        same.extend(row)
        same.append(feature)

    def take(self) -> list[Int32]:
        """All noted since the last time: of each length one array, a line a row, its own feature last."""
        taken = [np.array(same, np.int32).reshape(-1, length + 1) for length, same in self._by_length.items()]
        self._by_length = {}
        return taken


class Features:
    """The features of all standing queries; `size` is one more than the largest number.

    Its tables grow at their ends: what is new in one stands last.
    """

    def __init__(self) -> None:
        self.size = 2
        self.forms: dict[str, int] = {}
        """Of a folded form that typed is itself."""
        self.odd_forms: dict[str, int] = {}
        """Of one that typed is another form: xdj, which xdjj folds to, folds to xd."""
        self.inflected: dict[str, int] = {}
        """Of any word that has, in the text's language, the stem of this folded form."""
        self.prefixes: dict[str, int] = {}
        self.rows: dict[tuple[int, ...], int] = {}
        """Of words in a row: features of forms, the last one of an inflected word or prefix maybe."""
        self.nearnesses: dict[Nearness, int] = {}
        self.near: dict[int, Nearness] = {}
        """The nearness of a feature."""
        self.weighed: dict[Weighed, int] = {}
        self.weighings: dict[int, Weighing] = {}
        """The evidence of a feature."""
        self.filters: dict[Node, int] = {}
        self.titled: dict[int, int] = {}
        """Of having a feature in the headline."""
        self.new_rows = NewRows()
        self.new_nearnesses: list[int] = []
        self._headlines: tuple[Int64, Int64] = np.zeros(0, np.int64), np.zeros(0, np.int64)

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept to know features again."""
        tables: tuple[dict[Any, int], ...] = (self.forms, self.odd_forms, self.inflected, self.prefixes, self.rows)
        tables += (self.nearnesses, self.filters, self.titled)
        terms = sum(weighing.terms.nbytes for weighing in self.weighings.values())
        return terms + sum(getsizeof(table) + sum(map(getsizeof, table)) + _INT * len(table) for table in tables)

    def headlines(self) -> tuple[Int64, Int64]:
        """Features that are asked for in the headline, and of each the feature of having it there."""
        if len(self._headlines[0]) != len(self.titled):
            bases, titled = (np.array([*numbers], np.int64) for numbers in (self.titled, self.titled.values()))
            self._headlines = bases, titled
        return self._headlines

    def in_use(self, asked: Iterable[Int32]) -> Flags:
        """Which features are asked for by formulas, or part of what is."""
        used = np.zeros(self.size, np.bool_)
        used[[NEVER, ALWAYS, *(feature for node, feature in self.filters.items() if isinstance(node, TopicIs))]] = True
        for features in asked:
            used[features] = True
        for base, titled in self.titled.items():
            used[base] |= used[titled]
        for feature, weighing in self.weighings.items():
            if used[feature]:
                used[weighing.terms[0]] = True
        for nearness, feature in self.nearnesses.items():
            if used[feature]:
                used[[*nearness.left, *nearness.right]] = True
        for row, feature in self.rows.items():
            if used[feature]:
                used[[*row]] = True
        return used

    def renumbered(self, in_use: Flags) -> tuple[Features, Int32]:
        """These features without those not in use, all of them new, and the new number of each, NEVER of the others."""
        numbers = np.where(in_use, np.cumsum(in_use) - 1, NEVER).astype(np.int32)
        number = numbers.tolist()
        kept = Features()
        kept.size = int(np.count_nonzero(in_use))
        for name in ("forms", "odd_forms", "inflected", "prefixes", "filters"):
            table = getattr(self, name)
            getattr(kept, name).update({key: number[feature] for key, feature in table.items() if in_use[feature]})
        kept.titled = {number[base]: number[titled] for base, titled in self.titled.items() if in_use[titled]}
        for row, feature in self.rows.items():
            if in_use[feature]:
                kept.rows[tuple([number[part] for part in row])] = number[feature]
        for row, feature in kept.rows.items():
            kept.new_rows.note(row, feature)
        for nearness, feature in self.nearnesses.items():
            if in_use[feature]:
                left, right = (tuple(number[row] for row in side) for side in (nearness.left, nearness.right))
                kept.near[number[feature]] = replace(nearness, left=left, right=right)
        kept.nearnesses = {nearness: feature for feature, nearness in kept.near.items()}
        for feature, weighing in self.weighings.items():
            if in_use[feature]:
                kept.weighings[number[feature]] = weighing.renumbered(numbers)
                kept.weighed[weighing.node] = number[feature]
        return kept, numbers

    def of(self, leaf: Node, *, title: bool = False) -> int:
        """The feature a leaf asks for, in the headline or anywhere; ValueError for what no article answers."""
        if type(leaf) in _FILTERS:
            return self.filters.get(leaf) or self._new(self.filters, leaf)
        if type(leaf) is Weighed:
            return self.weighed.get(leaf) or self._weighed(leaf)
        feature = self._written(leaf)
        if not title or feature == NEVER:
            return feature
        return self.titled.get(feature) or self._new(self.titled, feature)

    def of_all(self, leaves: Iterable[Node]) -> list[int] | None:
        """What `of` says of each, None where one of them is no leaf."""
        forms = self.forms
        found: list[int] = []
        for leaf in leaves:
            if type(leaf) is Phrase and len(leaf.words) == 1 and not leaf.prefix:
                found.append(forms.get(leaf.words[0]) or self._row(self._forms(leaf.words)))
            elif type(leaf) in NESTED:
                return None
            else:
                found.append(self.of(leaf))
        return found

    def _written(self, leaf: Node) -> int:
        if type(leaf) is Phrase:
            return self._row(self._up_to(leaf.words, self._prefix) if leaf.prefix else self._forms(leaf.words))
        if type(leaf) is Prefix:
            return self._row(self._up_to((leaf.text,), self._prefix))
        if type(leaf) is Word:
            return self._row(self._up_to((leaf.text,), self._inflection))
        if type(leaf) is Row:
            return self._row(tuple(feature for part in leaf.parts for feature in self._parts(part)))
        if type(leaf) is Proximity:
            forms = tuple(sorted(self._forms(leaf.words)))
            return self._near(Nearness(forms, (), leaf.slop, together=True)) if len(forms) > 1 else self._row(forms)
        if type(leaf) is Near:
            return self._near(Nearness(self._operand(leaf.left), self._operand(leaf.right), leaf.distance))
        raise ValueError(f"{leaf} is not what an article can have")

    def _forms(self, words: tuple[str, ...]) -> tuple[int, ...]:
        """The folded forms of exact words, of which one typed with inner marks has several."""
        if _as_typed("".join(words)):
            forms = self.forms
            return tuple([forms.get(word) or self._new(forms, word) for word in words])
        return tuple([self._form(form) for word in words for form in folded_words(word)])

    def _up_to(self, words: tuple[str, ...], last: Callable[[str], int]) -> tuple[int, ...]:
        """The features of the words' forms, of the last form what is said of it."""
        if len(words) == 1 and _as_typed(words[0]):
            return (last(words[0]),)
        forms = [form for word in words for form in folded_words(word)]
        return (*map(self._form, forms[:-1]), *map(last, forms[-1:]))

    def _parts(self, part: Node) -> tuple[int, ...]:
        """The features, one a word, of a part of a row."""
        match part:
            case Word(text):
                return self._up_to((text,), self._inflection)
            case Prefix(text):
                return self._up_to((text,), self._prefix)
            case Phrase(words, prefix):
                return self._up_to(words, self._prefix) if prefix else self._forms(words)
        raise ValueError(f"{part} is no part of a row")

    def _weighed(self, node: Weighed) -> int:
        listed = [
            (role, number, wording)
            for number, signal in enumerate(node.signals)
            for role, wordings in _roles(signal)
            for wording in wordings
        ]
        headings = tuple(sorted({wording.language for _, _, wording in listed}))
        shared = {id(wording): wording for _, _, wording in listed}  # one that several signals use is read once
        features = {key: [*map(self._written, wording.terms)] for key, wording in shared.items()}
        terms = [
            (feature, role, number, headings.index(wording.language))
            for role, number, wording in listed
            for feature in features[id(wording)]
            if feature != NEVER
        ]
        feature = self._new(self.weighed, node)
        self.weighings[feature] = Weighing(node, headings, np.array(terms, np.int32).reshape(-1, 4).T)
        return feature

    def _form(self, form: str) -> int:
        forms = self.forms if form in self.forms or folded_words(form) == (form,) else self.odd_forms
        return forms.get(form) or self._new(forms, form)

    def _inflection(self, form: str) -> int:
        if not tags_for(form):
            return self._form(form)
        return self.inflected.get(form) or self._new(self.inflected, form)

    def _prefix(self, letters: str) -> int:
        return self.prefixes.get(letters) or self._new(self.prefixes, letters)

    def _row(self, features: tuple[int, ...]) -> int:
        if len(features) < 2:
            return features[0] if features else NEVER
        known = self.rows.get(features)
        if known is None:
            known = self._new(self.rows, features)
            self.new_rows.note(features, known)
        return known

    def _near(self, nearness: Nearness) -> int:
        if not nearness.left or not (nearness.right or nearness.together):
            return NEVER
        known = self.nearnesses.get(nearness)
        if known:
            return known
        feature = self._new(self.nearnesses, nearness)
        self.near[feature] = nearness
        self.new_nearnesses.append(feature)
        return feature

    def _operand(self, node: Node) -> tuple[int, ...]:
        """The rows a NEAR's operand is any of."""
        leaves: Iterable[Node] = node.children if isinstance(node, Or) else (node,)
        if not all(isinstance(leaf, Word | Prefix | Phrase) for leaf in leaves):
            raise ValueError(f"{node} cannot stand near anything")
        return tuple(sorted({self._written(leaf) for leaf in leaves} - {NEVER}))

    def _new(self, features: dict[Key, int], key: Key) -> int:
        feature = features[key] = self.size
        self.size += 1
        return feature


def _roles(signal: Signal) -> tuple[tuple[int, tuple[Wording, ...]], ...]:
    return (WORDS, signal.words), (NEAR, signal.near), (UNLESS, signal.unless)
