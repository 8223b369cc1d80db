"""Queries as FTS5 expressions: one that finds every article a query matches, and one that finds no other.

A word stands in the index as its folded form and the tag of its stem, which all words of an article share that have
one (`store.vocabulary`). So a word is any of its forms in each language, and words in a row, or near each other, are so
in one language or another: exact, all of it, written out in the words that are known to have been met. Only what FTS5
cannot say (a word asked for twice within a span) or what would be too long has two expressions that differ; what only
the wider one finds is verified with `bot.matching.evaluate`.

Filters and what else an article carries are labels, a token each. Nothing a person types reaches FTS5 but as an
encoded token between quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from bot.matching.encoding import ANYTHING, encode, label, tagged
from bot.matching.evidence import Row, Weighed
from bot.matching.stemming import tag_of
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
from bot.matching.text import Form, folded_words, languages_of, word_forms
from store.vocabulary import Vocabulary

MAX_DEPTH = 12
"""Operators nested deeper are widened: FTS5's parser has a stack of 100 entries, a level here takes up to 6."""

MAX_PAIRS = 512
"""Pairs of operands a NEAR between two groups is written out for; of larger groups both have to be there at all."""

MAX_WRITTEN_OUT = 2_000
"""Words that a beginning is written out as: FTS5 opens each in some 20 µs and then reads newest first. Of a prefix it
would merge all articles there are before it gives the first: 40 ms for con* among 100,000, and as many more as they."""

BROAD = 32
"""Words and phrases from which on an expression takes a millisecond to be opened."""

CHUNK = 16
"""Operands joined flat: FTS5 copies all of a chain for each one it adds, and asks each for its place at every step, so
long chains go in a tree of groups."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Two FTS5 expressions: `match` finds every article of the query, `sure` none that is not of it."""

    match: str
    sure: str

    @property
    def exact(self) -> bool:
        """Whether there is nothing to verify."""
        return self.match == self.sure

    @property
    def broad(self) -> bool:
        """Whether so much is asked for that FTS5 takes long to open it all, of which most articles have something.

        Words near each other are not: few articles have them, and it would be opened for nothing.
        """
        return self.match.count('"') > 2 * BROAD and "NEAR(" not in self.match


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a query looks at: the headline alone or the text too, of texts with stems of some tags, or of any."""

    vocabulary: Vocabulary
    columns: str = "{body title}"
    tags: frozenset[str] | None = None

    def headline(self) -> _Scope:
        return replace(self, columns="title")

    def beside(self, parts: Iterable[Node]) -> _Scope:
        """The scope of what has to be true of an article beside these parts: texts in the languages they ask for."""
        found = [tags for part in parts if (tags := _tags_of(part, self.vocabulary)) is not None]
        if self.tags is not None:
            found.append(self.tags)
        return replace(self, tags=frozenset.intersection(*found)) if found else self

    def among(self, met: Iterable[str]) -> frozenset[str]:
        """The tags of texts to look in for what was met in texts of these tags; "" is for all others."""
        return frozenset((*met, "")) if self.tags is None else self.tags

    def any_of(self, phrases: Iterable[str]) -> str:
        found = list(dict.fromkeys(phrases))
        return f"{self.columns} : {_any(found)}" if found else _NOTHING


_ANYTHING = f'labels : "{ANYTHING}"'
_NOTHING = 'labels : "none"'


def compile_query(query: Node, vocabulary: Vocabulary) -> Compiled:
    """The query as FTS5 expressions; ValueError for a date, which is a range of positions and not a term."""
    return _compile(query, _Scope(vocabulary), MAX_DEPTH)


def _compile(node: Node, scope: _Scope, depth: int) -> Compiled:
    if not depth:
        return Compiled(_any(_widened(node, scope)), _NOTHING)
    match node:
        case And(children):
            return _and(children, scope, depth - 1)
        case Or(children):
            parts = [_compile(child, scope, depth - 1) for child in children]
            return Compiled(_any(part.match for part in parts), _any(part.sure for part in parts))
        case Not():
            return _and((node,), scope, depth - 1)
        case Title(child):
            return _compile(child, scope.headline(), depth)
        case _:
            return _leaf(node, scope)


def _leaf(node: Node, scope: _Scope) -> Compiled:
    match node:
        case Word() | Prefix() | Phrase():
            return _exactly(scope.any_of(_Row(node, scope).phrases()))
        case Proximity(words, slop):
            return _proximity(_forms(words), slop, scope)
        case Near(left, right, distance):
            return _near(_rows(left, scope), _rows(right, scope), distance, scope)
        case SourceIs(text):
            return _source(text)
        case LanguageIs(code):
            return _exactly(_any(_label("lang", language) for language in languages_of(code)))
        case TopicIs(name):
            return _exactly(_label("topic", name))
        case Row(parts):
            return Compiled(_all(_leaf(part, scope).match for part in parts), _NOTHING)
        case Weighed():
            return Compiled(_any(_leaf(term, scope).match for term in node.leading()), _NOTHING)
        case _:
            raise ValueError(f"{node!r} is not a term of the full text")


def _and(children: Sequence[Node], scope: _Scope, depth: int) -> Compiled:
    """What must be there, less what must not: surely not there for `sure`, only what surely is for `match`."""
    scope = scope.beside(children)
    rows = [child for child in children if _is_row(child)] if depth > 1 else []
    together = [_in_one_language([_Row(row, scope) for row in rows], scope)] if len(rows) > 1 else []
    others = [child for child in children if not (together and _is_row(child))]
    wanted = together + [_compile(child, scope, depth) for child in others if not isinstance(child, Not)]
    unwanted = [_compile(child.child, scope, depth) for child in children if isinstance(child, Not)]
    return Compiled(
        _less(_all(part.match for part in wanted), [part.sure for part in unwanted]),
        _less(_all(part.sure for part in wanted), [part.match for part in unwanted]),
    )


def _is_row(node: Node) -> bool:
    """Whether it is words in a row, one maybe, and no beginning, which very many words may have."""
    return isinstance(node, Word) or (isinstance(node, Phrase) and not node.prefix)


def _in_one_language(rows: Sequence[_Row], scope: _Scope) -> Compiled:
    """All rows, in a text of one language or another.

    What is said of all texts together is true of no more of them, but has FTS5 look in most articles of one language
    for a word of another.
    """
    tags = sorted(frozenset().union(*(row.tags() for row in rows)))
    found = ([row.within(tag) for row in rows] for tag in tags)
    return _exactly(_any(_all(map(scope.any_of, phrases)) for phrases in found if all(phrases)))


def _widened(node: Node, scope: _Scope) -> Iterator[str]:
    """Terms of which an article that matches has one, or what every article has when it may match by lacking some."""
    match node:
        case Not():
            yield _ANYTHING
        case And(children):
            wanted = [child for child in children if not isinstance(child, Not)]
            yield from _widened(wanted[0] if wanted else children[0], scope)
        case Or(children):
            for child in children:
                yield from _widened(child, scope)
        case Title(child):
            yield from _widened(child, scope.headline())
        case _:
            yield _leaf(node, scope).match


class _Spelled:
    """Words as they stand in the texts of each language, none of them inflected."""

    def __init__(self, forms: Sequence[Form], vocabulary: Vocabulary) -> None:
        words = [encode(form.folded) for form in forms]
        self._words = [(word, _tags(form), vocabulary.tags(word)) for word, form in zip(words, forms, strict=True)]

    def tags(self) -> frozenset[str]:
        """Tags of the texts that any of the words was met in."""
        return frozenset(tag for _, _, met in self._words for tag in met)

    def tokens(self, tag: str) -> list[str] | None:
        """The words in texts with stems of this tag, or with none (""); None where one of them was never met."""
        found = []
        for word, stemmed, met in self._words:
            own = tag if tag in stemmed else ""
            if own not in met:
                return None
            found.append(tagged(word, own))
        return found


class _Row:
    """Words in a row, a single one mostly; the last may be inflected, or be the beginning of a word."""

    def __init__(self, node: Node, scope: _Scope) -> None:
        self._scope = scope
        self._vocabulary = vocabulary = scope.vocabulary
        self._forms = _forms(_words(node))
        self._beginning = isinstance(node, Prefix) or (isinstance(node, Phrase) and node.prefix)
        self._stems = self._forms[-1].stems if isinstance(node, Word) and self._forms else frozenset()
        self._inflected = vocabulary.forms(self._stems) if self._stems else {}
        self._spelled = _Spelled(self._forms, vocabulary)
        self._head = _Spelled(self._forms[:-1], vocabulary) if self._stems or self._beginning else self._spelled

    def tags(self) -> frozenset[str]:
        """Tags of the texts to look for it in, "" for those without stems: in any other it stands as in these."""
        met = (self._head if self._beginning else self._spelled).tags()
        return self._scope.among(met.union(self._inflected))

    def phrases(self) -> list[str]:
        """What it is any of."""
        if self._beginning and len(self._forms) == 1:
            known = self._scope.tags or ()
            tag = max(known) if len(known) == 1 else ""
            words = self._vocabulary.beginning(encode(self._forms[0].folded), MAX_WRITTEN_OUT + 1, tag)
            if len(words) <= MAX_WRITTEN_OUT:
                return [_phrase([word]) for word in words]
        return [phrase for tag in sorted(self.tags()) for phrase in self.within(tag)]

    def within(self, tag: str) -> list[str]:
        """What it is any of in texts with stems of this tag."""
        head = self._head.tokens(tag)
        if head is None or not self._forms:
            return []
        if self._beginning:
            return [_phrase([*head, encode(self._forms[-1].folded)]) + " *"]
        if self._stems and tag in _tags(self._forms[-1]):
            return [_phrase([*head, tagged(word, tag)]) for word in self._inflected.get(tag, ())]
        spelled = head if self._head is self._spelled else self._spelled.tokens(tag)
        return [_phrase(spelled)] if spelled else []


def _rows(operand: Node, scope: _Scope) -> list[_Row]:
    """The rows a NEAR's operand is any of."""
    children = operand.children if isinstance(operand, Or) else (operand,)
    return [_Row(child, scope) for child in children]


def _near(left: Sequence[_Row], right: Sequence[_Row], distance: int, scope: _Scope) -> Compiled:
    """Any row of the left near any of the right, both in a text of one language."""
    tags = sorted(frozenset().union(*(row.tags() for row in (*left, *right))))
    sides = [[[phrase for row in rows for phrase in row.within(tag)] for rows in (left, right)] for tag in tags]
    if sum(len(ones) * len(others) for ones, others in sides) > MAX_PAIRS:
        return Compiled(_all(scope.any_of(phrase for side in sides for phrase in side[n]) for n in (0, 1)), _NOTHING)
    pairs = (pair for ones, others in sides for pair in product(ones, others))
    return _exactly(scope.any_of(f"NEAR({one} {other}, {distance})" for one, other in pairs))


def _proximity(forms: Sequence[Form], slop: int, scope: _Scope) -> Compiled:
    """All words within a span: exact in FTS5 unless one is asked for twice, which one occurrence would satisfy."""
    spelled = _Spelled(forms, scope.vocabulary)
    found = filter(None, map(spelled.tokens, sorted(scope.among(spelled.tags()))))
    if len(forms) < 2:
        return _exactly(scope.any_of(map(_phrase, found)))
    words = (" ".join(_phrase([word]) for word in tokens) for tokens in found)
    match = scope.any_of(f"NEAR({tokens}, {slop + len(forms) - 2})" for tokens in words)
    return _exactly(match) if len(set(forms)) == len(forms) else Compiled(match, _NOTHING)


def _source(text: str) -> Compiled:
    """A word sequence of the outlet's name, or its host or a domain above it."""
    words, host = _outlet(text)
    name = f"source : {_phrase(map(encode, words))}" if words else _NOTHING
    return _exactly(_any([name, _label("host", host)]))


def _outlet(text: str) -> tuple[tuple[str, ...], str]:
    """What `source:` asks for, as words of a name and as a host."""
    return folded_words(text), text.lower().removeprefix("www.")


def _exactly(match: str) -> Compiled:
    return Compiled(match, match)


@lru_cache(maxsize=8_192)
def _tags(form: Form) -> frozenset[str]:
    """The tags the form's stems have."""
    return frozenset(stem.partition("_")[0] for stem in form.stems)


def _tags_of(node: Node, vocabulary: Vocabulary) -> frozenset[str] | None:
    """Tags that words with stems have in texts of the languages, or outlets, asked for, if it is these that are."""
    match node:
        case LanguageIs(code):
            return frozenset(map(tag_of, languages_of(code)))
        case SourceIs(text):
            return vocabulary.outlet_tags(*_outlet(text))
        case Or(children):
            found = [tags for child in children if (tags := _tags_of(child, vocabulary)) is not None]
            return frozenset().union(*found) if len(found) == len(children) else None
    return None


def _words(node: Node) -> tuple[str, ...]:
    match node:
        case Word(text) | Prefix(text):
            return (text,)
        case Phrase(words):
            return words
    raise ValueError(f"{node!r} cannot stand near anything")


def _forms(words: Iterable[str]) -> list[Form]:
    return [form for word in words for form in word_forms(word)]


def _phrase(tokens: Iterable[str]) -> str:
    """Tokens of the index in a row."""
    return '"' + " ".join(tokens) + '"'


def _label(kind: str, value: str) -> str:
    return f'labels : "{label(kind, value)}"'


def _less(match: str, unwanted: Iterable[str]) -> str:
    excluded = [term for term in unwanted if term != _NOTHING]
    return f"({match} NOT {_any(excluded)})" if excluded and match != _NOTHING else match


def _all(matches: Iterable[str]) -> str:
    parts = list(matches) or [_ANYTHING]
    return _NOTHING if _NOTHING in parts else _joined(" AND ", parts)


def _any(matches: Iterable[str]) -> str:
    return _joined(" OR ", [term for term in matches if term != _NOTHING] or [_NOTHING])


def _joined(operator: str, parts: list[str]) -> str:
    while len(parts) > CHUNK:
        parts = [_group(operator, parts[start : start + CHUNK]) for start in range(0, len(parts), CHUNK)]
    return _group(operator, parts)


def _group(operator: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"
