"""Queries made looser: where a beginning stands among other words, each of them there, wherever it stands.

FTS5 reads every occurrence there is of every word that begins so before it knows where one stands beside another:
seconds for com* in a row with anything. What has the words at all it gives newest first, and mostly some of the first
few have them in the right places. Where they do not, that it was tried should cost little beside what then follows.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.matching.encoding import encode
from bot.matching.syntax import And, Near, Node, Or, Phrase, Prefix
from bot.matching.text import word_forms
from bot.matching.tree import conjunction, conjuncts
from store.vocabulary import Vocabulary

MOST_TRIED = 300
"""Articles that are tried at most: a tenth of a second."""


def loosened(query: Node) -> Node | None:
    """A query that whatever matches this one matches too, and that reads no places; None where that is no other."""
    parts = conjuncts(query)
    looser = [_apart(part) for part in parts]
    if not any(looser):
        return None
    return conjunction(part if apart is None else apart for part, apart in zip(parts, looser, strict=True))


def worth_trying(looser: Node, vocabulary: Vocabulary) -> int:
    """How many articles to try before the query itself is asked: as many as words that a beginning stands for."""
    words = (encode(form.folded) for prefix in _prefixes(looser) for form in word_forms(prefix.text)[-1:])
    return max((len(vocabulary.beginning(word, MOST_TRIED)) for word in words), default=0)


def _prefixes(query: Node) -> Iterator[Prefix]:
    match query:
        case Prefix():
            yield query
        case And(children) | Or(children):
            for child in children:
                yield from _prefixes(child)


def _apart(part: Node) -> Node | None:
    """The words of a part in which a beginning has its place among others; None for any other part."""
    match part:
        case Phrase(words, prefix=True) if len(words) > 1:
            return And((*(Phrase((word,)) for word in words[:-1]), Prefix(words[-1])))
        case Near(left, right) if _begins(left) or _begins(right):
            return conjunction((_operand(left), _operand(right)))
    return None


def _begins(operand: Node) -> bool:
    """Whether a NEAR's operand is, or may be, a beginning."""
    leaves = operand.children if isinstance(operand, Or) else (operand,)
    return any(isinstance(leaf, Prefix) or (isinstance(leaf, Phrase) and leaf.prefix) for leaf in leaves)


def _operand(operand: Node) -> Node:
    if isinstance(operand, Or):
        return Or(tuple(map(_operand, operand.children)))
    return _apart(operand) or operand
