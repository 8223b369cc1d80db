"""Queries as FTS5 expressions: one that finds every article a query matches, and one that finds no other.

A word's folded form stands in `title` and `body`, its stem at the same place of `title_stems` and `body_stems` (its
folded form again where it has none), and an FTS5 expression may ask one column or the other. A stem is a function of
the folded word, so in a text whose language is known a word is met by stem or not at all, and in any other by folded
form or not at all: words, phrases, prefixes, and the nearness of two words are exact. What stands in a phrase or has
a prefix is folded only; near a word that may be inflected it would take both columns at once. There the two
expressions differ, and what only the wider one finds is verified with `bot.matching.evaluate`.

Filters and what else an article carries are labels, a token each. Nothing a person types reaches FTS5 but as an
encoded token between quotes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from store.encoding import ANYTHING, NO_STEM, encode, label

MAX_DEPTH = 12
"""Operators nested deeper are widened: FTS5's parser has a stack of 100 entries, a level here takes up to 6."""

MAX_PAIRS = 64
"""Pairs of operands a NEAR between two groups is written out for; of larger groups both have to be there at all."""

CHUNK = 64
"""Operands joined flat: FTS5 copies all of a chain for each one it adds, so long chains go in a tree of groups."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Two FTS5 expressions: `match` finds every article of the query, `sure` none that is not of it."""

    match: str
    sure: str

    @property
    def exact(self) -> bool:
        """Whether there is nothing to verify."""
        return self.match == self.sure


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a query looks at: the headline alone or the text too, and stems of which languages (None: of all)."""

    tags: Collection[str] | None
    folded: str = "{title body}"
    stems: str = "{title_stems body_stems}"

    def headline(self) -> _Scope:
        return _Scope(self.tags, "title", "title_stems")


_ANYTHING = f'labels : "{ANYTHING}"'
_NOTHING = 'labels : "none"'


def compile_query(query: Node, tags: Collection[str] | None = None) -> Compiled:
    """The query as FTS5 expressions; ValueError for a date, which is a range of positions and not a term.

    `tags` are those of all stems there are in the index, where that is known: a word has one stem in every language.
    """
    return _compile(query, _Scope(tags), MAX_DEPTH)


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
            return _row(_Row.of(node), scope)
        case Proximity(words, slop):
            return _proximity(_flat(words), slop, scope)
        case Near(left, right, distance):
            return _near(_rows(left), _rows(right), distance, scope)
        case SourceIs(text):
            return _source(text)
        case LanguageIs(code):
            return _exactly(_any(_label("lang", language) for language in languages_of(code)))
        case TopicIs(name):
            return _exactly(_label("topic", name))
        case _:
            raise ValueError(f"{node!r} is not a term of the full text")


def _and(children: Sequence[Node], scope: _Scope, depth: int) -> Compiled:
    """What must be there, less what must not: surely not there for `sure`, only what surely is for `match`."""
    wanted = [_compile(child, scope, depth) for child in children if not isinstance(child, Not)]
    unwanted = [_compile(child.child, scope, depth) for child in children if isinstance(child, Not)]
    return Compiled(
        _less(_all(part.match for part in wanted), [part.sure for part in unwanted]),
        _less(_all(part.sure for part in wanted), [part.match for part in unwanted]),
    )


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


@dataclass(frozen=True, slots=True)
class _Row:
    """Words in a row, a single one mostly; the last may be inflected, or be the beginning of a word."""

    forms: tuple[Form, ...]
    inflected: bool = False
    prefix: bool = False

    @classmethod
    def of(cls, node: Node) -> _Row:
        """The row that a Word, Prefix or Phrase asks for."""
        match node:
            case Word(text):
                forms = word_forms(text)
                return cls(forms, inflected=bool(forms and forms[-1].stems))
            case Prefix(text):
                return cls(word_forms(text), prefix=True)
            case Phrase(words, prefix):
                return cls(tuple(form for word in words for form in word_forms(word)), prefix=prefix)
            case _:
                raise ValueError(f"{node!r} cannot stand near anything")

    def folded(self) -> str:
        return _phrase([form.folded for form in self.forms]) + " *" * self.prefix

    def stemmed(self, tags: Collection[str] | None) -> dict[str, str]:
        """By tag, the row as it stands in the stems of a text of that tag: also where an earlier word is inflected."""
        if not self.inflected:
            return {}
        known = _stems(self.forms[-1])
        return {tag: self.as_stems(tag) for tag in sorted(known if tags is None else known.keys() & tags)}

    def as_stems(self, tag: str) -> str:
        return _phrase([_stems(form).get(tag, NO_STEM + form.folded) for form in self.forms])

    def is_its_stem(self) -> bool:
        """Whether to stand there by stem is to match: true of a single word that may be inflected or has no stem."""
        return len(self.forms) == 1 and (self.inflected or not self.forms[0].stems)


def _rows(operand: Node) -> list[_Row]:
    """The rows a NEAR's operand is any of."""
    children = operand.children if isinstance(operand, Or) else (operand,)
    return [row for child in children if (row := _Row.of(child)).forms]


def _row(row: _Row, scope: _Scope) -> Compiled:
    if not row.forms:
        return _exactly(_NOTHING)
    folded = f"{scope.folded} : {row.folded()}"
    if not row.inflected:
        return _exactly(folded)
    stemmed = row.stemmed(scope.tags)
    match = _any([folded, f"{scope.stems} : {_any(stemmed.values())}"] if stemmed else [folded])
    return _exactly(match) if len(row.forms) == 1 else Compiled(match, folded)


def _near(left: Sequence[_Row], right: Sequence[_Row], distance: int, scope: _Scope) -> Compiled:
    """Any row of the left near any of the right."""
    if len(left) * len(right) > MAX_PAIRS:
        both = (_any(_row(row, scope).match for row in side) for side in (left, right))
        return Compiled(_all(both), _NOTHING)
    pairs = [_near_pair(one, other, distance, scope) for one in left for other in right]
    return Compiled(_any(pair.match for pair in pairs), _any(pair.sure for pair in pairs))


def _near_pair(one: _Row, other: _Row, distance: int, scope: _Scope) -> Compiled:
    """Two rows near each other by folded forms or, where one may be inflected, both by stems."""
    folded = f"{scope.folded} : NEAR({one.folded()} {other.folded()}, {distance})"
    if not (one.inflected or other.inflected):
        return _exactly(folded)
    if one.prefix or other.prefix:
        return Compiled(_all([_row(one, scope).match, _row(other, scope).match]), folded)
    stemmed = [
        f"{scope.stems} : NEAR({one.as_stems(tag)} {other.as_stems(tag)}, {distance})"
        for tag in (one.stemmed(scope.tags) | other.stemmed(scope.tags))
    ]
    match = _any([folded, *stemmed])
    return _exactly(match) if one.is_its_stem() and other.is_its_stem() else Compiled(match, folded)


def _proximity(words: Sequence[str], slop: int, scope: _Scope) -> Compiled:
    """All words within a span: exact in FTS5 unless one is asked for twice, which one occurrence would satisfy."""
    if len(words) < 2:
        return _exactly(f"{scope.folded} : {_phrase(words)}" if words else _NOTHING)
    match = f"{scope.folded} : NEAR({' '.join(_phrase([word]) for word in words)}, {slop + len(words) - 2})"
    return _exactly(match) if len(set(words)) == len(words) else Compiled(match, _NOTHING)


def _source(text: str) -> Compiled:
    """A word sequence of the outlet's name, or its host or a domain above it."""
    words, host = folded_words(text), text.lower().removeprefix("www.")
    name = f"source : {_phrase(words)}" if words else _NOTHING
    return _exactly(_any([name, _label("host", host)]))


def _exactly(match: str) -> Compiled:
    return Compiled(match, match)


@lru_cache(maxsize=8_192)
def _stems(form: Form) -> dict[str, str]:
    """The form's stems by tag."""
    return {stem.partition("_")[0]: stem for stem in form.stems}


def _flat(words: Iterable[str]) -> list[str]:
    return [token for word in words for token in folded_words(word)]


def _phrase(tokens: Iterable[str]) -> str:
    return '"' + " ".join(map(encode, tokens)) + '"'


def _label(kind: str, value: str) -> str:
    return f'labels : "{label(kind, value)}"'


def _less(match: str, unwanted: Iterable[str]) -> str:
    excluded = [term for term in unwanted if term != _NOTHING]
    return f"({match} NOT {_any(excluded)})" if excluded else match


def _all(matches: Iterable[str]) -> str:
    return _joined(" AND ", list(matches) or [_ANYTHING])


def _any(matches: Iterable[str]) -> str:
    return _joined(" OR ", [term for term in matches if term != _NOTHING] or [_NOTHING])


def _joined(operator: str, parts: list[str]) -> str:
    while len(parts) > CHUNK:
        parts = [_group(operator, parts[start : start + CHUNK]) for start in range(0, len(parts), CHUNK)]
    return _group(operator, parts)


def _group(operator: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"
