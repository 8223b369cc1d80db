"""What the words of texts have to do with the features of queries, learned as words are first seen.

A word of a text is known by its number and its text's stemmer; it is learned once, and again when a feature comes that
it may have. So a batch costs no Python object a word, and inflection costs nothing where no query is inflected.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Int64, UInt32, UInt64, ascending, flagged, grown
from bot.matching.percolator.features import HEAD, NEVER, Features
from bot.matching.percolator.letters import Letters
from bot.matching.percolator.stream import Stream
from bot.matching.percolator.table import ABSENT, Table
from bot.matching.stemming import stem, tags_for

_MOST = 1 << 17
"""Words remembered before all are forgotten."""
_FIRST_BITS = 16
"""Of the table of words: half as many of them are met within few batches."""
_FORMS = (1 << 32) - 1
_MANY = 1 << 12
"""New features after which forgetting all words is cheaper than finding those they concern."""
_SALT = np.uint64(0xD6E8FEB86659FD93)
"""Times its size, keeps a prefix apart from a shorter word that is its beginning; times a tag's number, languages."""


class Words(NamedTuple):
    """The features of a row of words: `forms` of each; the word at `places[i]` has further ones.

    These are in `others`, `counts[i]` of them from `starts[i]` on.
    """

    forms: Int64
    others: Int64
    places: Int64
    starts: Int64
    counts: Int64


class Newcomers:
    """Words in the order in which they come to be asked for."""

    def __init__(self, asked: dict[str, int]) -> None:
        """`asked` has the feature of each, and grows at its end."""
        self._asked = asked
        self._taken = 0

    def take(self) -> tuple[list[str], Int64]:
        """The words that came since the last time, and their features."""
        count = len(self._asked) - self._taken
        self._taken += count
        features = np.fromiter(islice(reversed(self._asked.values()), count), np.int64, count)
        return [*islice(reversed(self._asked), count)][::-1], features[::-1]


class Lexicon:
    """Words by number and stemmer, with the feature of the folded form and where further ones stand."""

    def __init__(self, features: Features, letters: Letters) -> None:
        self._features = features
        self._letters = letters
        self._size = 0
        """Of the features, when they were last looked at for new ones."""
        self._new_forms = Newcomers(features.forms), Newcomers(features.odd_forms)
        self._new_inflected = Newcomers(features.inflected)
        self._new_prefixes = Newcomers(features.prefixes)
        self._salts: dict[str, int] = {"": 0}
        self._forms = Table()
        self._prefixes = Table()
        """Of a prefix, its number salted by its size."""
        self._sizes: Int64 = np.zeros(0, np.int64)
        """Letters of the prefixes there are."""
        self._stems: dict[str, dict[str, tuple[int, ...]]] = {}
        """Of a stemmer's tag: the inflected words of each stem."""
        self.forget()

    def forget(self) -> None:
        """Forgets all words: they are learned again when next seen."""
        self._words = Table(_FIRST_BITS)
        """Of a word: the feature of its form, and from bit 32 its place in `_starts` and `_counts`, 0 for none."""
        self._starts: Int64 = np.zeros(1, np.int64)
        self._counts: Int64 = np.zeros(1, np.int64)
        self._others: Int64 = np.zeros(0, np.int64)
        self._further, self._used = 1, 0
        self._learned = 0
        self._keys: UInt64 = np.zeros(1, np.uint64)
        self._heads: UInt32 = np.zeros(1, np.uint32)
        self._roots: UInt32 = np.zeros(1, np.uint32)

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        arrays = (self._starts, self._counts, self._others, self._keys, self._heads, self._roots)
        return self._words.nbytes + sum(array.nbytes for array in arrays)

    def refresh(self) -> None:
        """Takes notice of features that are new: the words they concern are learned again when next seen."""
        if self._size == self._features.size:
            return
        self._size = self._features.size
        forms = [self._enter(*new.take()) for new in self._new_forms]
        prefixes = self._enter_prefixes(*self._new_prefixes.take())
        inflected, features = self._new_inflected.take()
        new = [*chain(*forms, inflected, prefixes)]
        roots = [
            self._filed(tag, form, feature)
            for form, feature in zip(inflected, features.tolist(), strict=True)
            for tag in self._stems
            if tag in tags_for(form)
        ]
        if not (self._learned and new):
            return
        if len(new) > _MANY or any(len(letters) < HEAD for letters in prefixes):
            self.forget()
            return
        heads = self._letters.hashed([letters[:HEAD] for letters in new]).astype(np.uint32)
        learned = slice(self._learned)
        stale = np.isin(self._heads[learned], heads) | np.isin(self._roots[learned], _marks(roots))
        keys = ascending(self._keys[learned][stale])
        self._words.put(keys, np.full(len(keys), ABSENT))

    def _enter(self, forms: list[str], features: Int64) -> list[str]:
        """Puts forms in their table, and returns them."""
        if forms:
            self._forms.put(self._letters.hashed(forms), features)
        return forms

    def _enter_prefixes(self, prefixes: list[str], features: Int64) -> list[str]:
        """Puts prefixes in their table, and returns them."""
        if prefixes:
            sizes = np.fromiter(map(len, prefixes), np.int64, len(prefixes))
            self._sizes = ascending(np.concatenate((self._sizes, sizes)))
            self._prefixes.put(self._letters.hashed(prefixes) + sizes.astype(np.uint64) * _SALT, features)
        return prefixes

    def words(self, stream: Stream, tags: Sequence[str]) -> Words:
        """The features of each word of a stream of texts, whose stemmers' tags are `tags`."""
        keys = stream.numbers
        if any(tags):
            sizes = np.diff(stream.ends, prepend=-1)
            keys = keys + np.repeat(np.array([self._salt(tag) for tag in tags], np.uint64), sizes)
        found = self._words.get(keys)
        found[stream.ends] = NEVER
        new = flagged(found < 0)
        if len(new):
            if self._learned > _MOST:
                self.forget()
                new = flagged(stream.numbers)
            self._learn(stream, tags, keys[new], new)
            found[new] = self._words.get(keys[new])
        forms = found & _FORMS
        places = flagged(found > _FORMS)
        more = found[places] >> 32
        return Words(forms, self._others, places, self._starts[more], self._counts[more])

    def _learn(self, stream: Stream, tags: Sequence[str], keys: UInt64, places: Int64) -> None:
        keys, first = np.unique(keys, return_index=True)
        places = places[first]
        learned = slice(self._learned, self._learned + len(keys))
        self._learned += len(keys)
        self._keys = grown(self._keys, self._learned)
        self._heads, self._roots = grown(self._heads, self._learned), grown(self._roots, self._learned)
        begun = stream.beginnings(places, np.append(self._sizes, HEAD))
        self._keys[learned], self._heads[learned] = keys, begun[-1].astype(np.uint32)
        owners, further = self._begun(begun[:-1])
        if self._features.inflected:
            of_text = np.searchsorted(stream.ends, places).tolist()
            stems, found = self._inflected(stream.words(places), [tags[text] for text in of_text])
            self._roots[learned] = _marks(stems)
            owners, further = np.concatenate((owners, found[0])), np.concatenate((further, found[1]))
        forms = np.maximum(self._forms.get(stream.numbers[places]), NEVER)
        self._words.put(keys, forms | self._filed_further(len(places), owners, further) << 32)

    def _begun(self, numbers: UInt64) -> tuple[Int64, Int64]:
        """(index of the word, feature) of the prefixes of words: `numbers` are of their beginnings, by size."""
        longer = np.ones(numbers.shape, np.bool_)
        np.not_equal(numbers[1:], numbers[:-1], out=longer[1:])  # alike where the word ends before
        at = flagged(longer.ravel())
        found = self._prefixes.get((numbers + self._sizes[:, None].astype(np.uint64) * _SALT).ravel()[at])
        hit = flagged(found > 0)
        return at[hit] % max(numbers.shape[1], 1), found[hit]

    def _inflected(self, words: list[str], tags: list[str]) -> tuple[list[str], Int64]:
        """The stem of each word, and (index of the word, feature) of the inflected words that words are forms of."""
        stems = [stem(word, tag) if tag in tags_for(word) else "" for word, tag in zip(words, tags, strict=True)]
        found: list[tuple[int, int]] = []
        inflected = self._features.inflected
        for index, (word, tag, root) in enumerate(zip(words, tags, stems, strict=True)):
            same = inflected.get(word)
            others = self._roots_of(tag).get(root, ()) if root else ()
            found += [(index, feature) for feature in others]
            if same is not None and same not in others:
                found.append((index, same))
        return stems, np.array(found, np.int64).reshape(-1, 2).T

    def _filed_further(self, size: int, owners: Int64, features: Int64) -> Int64:
        """Files further features, by index of the word; returns where, for each of `size` words."""
        found = np.zeros(size, np.int64)
        if len(owners):
            order = np.argsort(owners, kind="stable")
            owners, features = owners[order], features[order]
            firsts = flagged(np.diff(owners, prepend=-1))
            found[owners[firsts]] = np.arange(self._further, self._further + len(firsts))
            self._starts, self._counts = (grown(to, self._further + len(firsts)) for to in (self._starts, self._counts))
            self._others = grown(self._others, self._used + len(features))
            places = slice(self._further, self._further + len(firsts))
            self._starts[places], self._counts[places] = self._used + firsts, np.diff(firsts, append=len(owners))
            self._others[self._used : self._used + len(features)] = features
            self._further += len(firsts)
            self._used += len(features)
        return found

    def _roots_of(self, tag: str) -> dict[str, tuple[int, ...]]:
        """The inflected words by their stem of a tag, which is made when a text of the tag is first seen."""
        if tag not in self._stems:
            self._stems[tag] = {}
            for form, feature in self._features.inflected.items():
                if tag in tags_for(form):
                    self._filed(tag, form, feature)
        return self._stems[tag]

    def _filed(self, tag: str, form: str, feature: int) -> str:
        """Files an inflected word under its stem of a tag, and returns the stem."""
        root = stem(form, tag)
        self._stems[tag][root] = (*self._stems[tag].get(root, ()), feature)
        return root

    def _salt(self, tag: str) -> int:
        if tag not in self._salts:
            # Multiplied: a tag's number as it is would be the difference of words too (has in en, han in es).
            self._salts[tag] = int((self._letters.hashed([tag]) * _SALT)[0])
        return self._salts[tag]


def _marks(texts: Sequence[str]) -> UInt32:
    """Few bits to tell texts apart by; two texts may share them."""
    return np.array([*map(hash, texts)], np.int64).astype(np.uint32)
