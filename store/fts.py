"""Queries as FTS5 expressions: what a tree compiles to finds every article it matches, and no other when `exact`.

FTS5 tells apart what no other query language here has to: an expression over one column or another. A word's folded
form stands in `title` and `body`, its stem at the same position of `title_stems` and `body_stems`, so a phrase, a
prefix and the nearness of two folded forms or of two stems are exact. A stem next to a folded form is not expressible:
there the expression finds articles that hold both, and the caller verifies each with `bot.matching.evaluate`.
Filters and what an article carries are labels, one token each. Nothing a person types reaches FTS5 but as an encoded
token between quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

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

MAX_DEPTH = 12
"""Operators nested deeper are widened: FTS5's parser has a stack of 100 entries, a level here takes up to 6."""

CHUNK = 64
"""Operands joined flat: FTS5 copies all of a chain for each one it adds, so long chains go in a tree of groups."""

_PLAIN = re.compile(r"[a-z0-9\u0080-\ud7ff\ue000-\U0010ffff]*")
_OTHER = re.compile(r"[^a-z0-9\u0080-\ud7ff\ue000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Compiled:
    """An FTS5 expression that finds a superset of the query's articles, the same set when `exact`."""

    match: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Scope:
    """The columns a query looks at: the headline's alone or the text's too."""

    folded: str
    stems: str


_EVERYWHERE = _Scope("{title body}", "{title_stems body_stems}")
_HEADLINE = _Scope("title", "title_stems")


@lru_cache(maxsize=65_536)
def encode(token: str) -> str:
    """The token with every character FTS5's tokenizer might take its own way as `_xx` or `_uxxxx`, hexadecimal.

    No code begins another, so a prefix of a token encodes to a prefix of its encoding. `_` alone is never produced.
    """
    return token if _PLAIN.fullmatch(token) else _OTHER.sub(_code, token)


def label(kind: str, value: str) -> str:
    """The token of the `labels` column that says an article has `value` of `kind`."""
    return f"{kind}_{encode(value)}"


ANYTHING = "any"
"""The label every article carries."""

_ANY = Compiled(f'labels : "{ANYTHING}"')
_NONE = Compiled('labels : "none"')


def compile_query(query: Node) -> Compiled:
    """The query as an FTS5 expression; ValueError for a date, which is a range of positions and not a term."""
    return _compile(query, _EVERYWHERE, MAX_DEPTH)


def _code(match: re.Match[str]) -> str:
    point = ord(match.group())
    return f"_{point:02x}" if point < 0x80 else f"_u{point:04x}"


def _compile(node: Node, scope: _Scope, depth: int) -> Compiled:
    if not depth:
        return Compiled(_any(_widened(node, scope)), exact=False)
    match node:
        case And(children):
            return _and(children, scope, depth - 1)
        case Or(children):
            parts = [_compile(child, scope, depth - 1) for child in children]
            return Compiled(_any(part.match for part in parts), all(part.exact for part in parts))
        case Not():
            return _and((node,), scope, depth - 1)
        case Title(child):
            return _compile(child, _HEADLINE, depth)
        case Near(left, right, distance):
            return _near(left, right, distance, scope)
        case _:
            return _leaf(node, scope)


def _leaf(node: Node, scope: _Scope) -> Compiled:
    match node:
        case Word(text):
            return _word(word_forms(text), scope)
        case Prefix(text):
            return _in(scope.folded, _phrase(folded_words(text), prefix=True))
        case Phrase(words, prefix):
            return _in(scope.folded, _phrase(_flat(words), prefix=prefix))
        case Proximity(words, slop):
            return _proximity(_flat(words), slop, scope)
        case SourceIs(text):
            return _source(text)
        case LanguageIs(code):
            return Compiled(_any(_label("lang", language) for language in languages_of(code)))
        case TopicIs(name):
            return Compiled(_label("topic", name))
        case _:
            raise ValueError(f"{node!r} is not a term of the full text")


def _and(children: Sequence[Node], scope: _Scope, depth: int) -> Compiled:
    """What must be there, less what must not; an inexact exclusion would drop too much, so it is left to verifying."""
    wanted = [_compile(child, scope, depth) for child in children if not isinstance(child, Not)] or [_ANY]
    unwanted = [_compile(child.child, scope, depth) for child in children if isinstance(child, Not)]
    match = _all(part.match for part in wanted)
    certain = [part.match for part in unwanted if part.exact]
    if certain:
        match = f"({match} NOT {_any(certain)})"
    return Compiled(match, all(part.exact for part in (*wanted, *unwanted)))


def _word(forms: Sequence[Form], scope: _Scope) -> Compiled:
    """One word in any form; typed with inner marks, its parts in a row, of which the last may be inflected."""
    if not forms:
        return _NONE
    exact = _in(scope.folded, _phrase([form.folded for form in forms]))
    stems = _stems(forms[-1], scope)
    if not stems:
        return exact
    if len(forms) == 1:
        return Compiled(_any([exact.match, stems]))
    beginning = _in(scope.folded, _phrase([form.folded for form in forms[:-1]]))
    return Compiled(_any([exact.match, _all([beginning.match, stems])]), exact=False)


def _stems(form: Form, scope: _Scope) -> str:
    if not form.stems:
        return ""
    return f"{scope.stems} : {_any(_quoted([stem]) for stem in sorted(form.stems))}"


def _near(left: Node, right: Node, distance: int, scope: _Scope) -> Compiled:
    """Two operands near each other; exact when neither is looked for by stem."""
    if any(_has_stems(operand) for operand in (left, right)):
        return Compiled(_all(_compile(operand, scope, 2).match for operand in (left, right)), exact=False)
    pairs = product(_near_phrases(left), _near_phrases(right))
    return Compiled(_any(f"{scope.folded} : NEAR({one} {other}, {distance})" for one, other in pairs))


def _near_phrases(operand: Node) -> list[str]:
    """The FTS5 phrases that an operand without stems is any of."""
    match operand:
        case Or(children):
            return [phrase for child in children for phrase in _near_phrases(child)]
        case Word(text):
            phrase = _phrase([form.folded for form in word_forms(text)])
        case Prefix(text):
            phrase = _phrase(folded_words(text), prefix=True)
        case Phrase(words, prefix):
            phrase = _phrase(_flat(words), prefix=prefix)
        case _:
            raise ValueError(f"{operand!r} cannot be near anything")
    return [phrase] if phrase else []


def _has_stems(operand: Node) -> bool:
    if isinstance(operand, Or):
        return any(_has_stems(child) for child in operand.children)
    return isinstance(operand, Word) and any(form.stems for form in word_forms(operand.text)[-1:])


def _proximity(words: Sequence[str], slop: int, scope: _Scope) -> Compiled:
    """All words within a span: exact in FTS5 unless one is asked for twice, which one occurrence would satisfy."""
    if len(words) < 2:
        return _in(scope.folded, _phrase(words))
    phrases = " ".join(_quoted([word]) for word in words)
    match = f"{scope.folded} : NEAR({phrases}, {slop + len(words) - 2})"
    return Compiled(match, exact=len(set(words)) == len(words))


def _source(text: str) -> Compiled:
    name = _in("source", _phrase(folded_words(text)))
    host = text.lower().removeprefix("www.")
    return Compiled(_any([name.match, _label("host", host)])) if "." in host else name


def _widened(node: Node, scope: _Scope) -> Iterator[str]:
    """Terms of which an article that matches has one, or what every article has when it may match by lacking some."""
    match node:
        case Not():
            yield _ANY.match
        case And(children):
            wanted = [child for child in children if not isinstance(child, Not)]
            yield from _widened(wanted[0] if wanted else children[0], scope)
        case Or(children):
            for child in children:
                yield from _widened(child, scope)
        case Title(child):
            yield from _widened(child, _HEADLINE)
        case _:
            yield _compile(node, scope, 1).match


def _flat(words: Iterable[str]) -> list[str]:
    return [token for word in words for token in folded_words(word)]


def _in(column: str, phrase: str) -> Compiled:
    return Compiled(f"{column} : {phrase}") if phrase else _NONE


def _phrase(words: Sequence[str], *, prefix: bool = False) -> str:
    return (_quoted(words) + " *" * prefix) if words else ""


def _quoted(tokens: Iterable[str]) -> str:
    return '"' + " ".join(map(encode, tokens)) + '"'


def _label(kind: str, value: str) -> str:
    return f'labels : "{label(kind, value)}"'


def _any(matches: Iterable[str]) -> str:
    return _joined(" OR ", matches)


def _all(matches: Iterable[str]) -> str:
    return _joined(" AND ", matches)


def _joined(operator: str, matches: Iterable[str]) -> str:
    parts = list(matches) or [_NONE.match]
    while len(parts) > CHUNK:
        parts = [_group(operator, parts[start : start + CHUNK]) for start in range(0, len(parts), CHUNK)]
    return _group(operator, parts)


def _group(operator: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"
