"""The beginnings of words: a small index beside the full text, for few letters that very many words begin with.

FTS5 opens each word that a beginning is written out as before it gives the first article: 20 ms for con* among 200,000.
So which articles have a word that begins with which three letters is kept apart, without places: an eighth of what
FTS5's own `prefix` option takes. It answers a beginning that stands alone, and confirms one beside other conditions.
"""

from __future__ import annotations

from bot.matching.document import Document
from bot.matching.encoding import LETTERS, encode, indexed
from bot.matching.syntax import And, Node, Prefix
from bot.matching.text import word_forms
from store.vocabulary import Vocabulary

BROAD = 64
"""Words that a beginning may be written out as before it is looked up here instead, if it stands alone."""

BROAD_BESIDE = 400
"""The same beside other conditions: each article that meets those is looked up here, and should mostly be found."""


def beginnings_of(document: Document) -> str:
    """The row of a document: each beginning once."""
    parts = indexed(document.title).beginnings, indexed(document.body).beginnings
    return " ".join({*parts[0].split(), *parts[1].split()})


def split_beginnings(query: Node | None, vocabulary: Vocabulary) -> tuple[Node | None, tuple[str, ...]]:
    """The query less what is looked up here, if more is left, and the encoded beginnings an article needs as well."""
    if query is None:
        return None, ()
    parts = query.children if isinstance(query, And) else (query,)
    fewest = BROAD if len(parts) == 1 else BROAD_BESIDE
    found = [(part, _broad(part, vocabulary, fewest)) for part in parts]
    beginnings = tuple(dict.fromkeys(letters for _, letters in found if letters))
    if not beginnings:
        return query, ()
    rest = tuple(part for part, letters in found if not letters)
    return (And(rest) if len(rest) > 1 else rest[0] if rest else None), beginnings


def _broad(part: Node, vocabulary: Vocabulary, fewest: int) -> str:
    """The beginning that this part of a query is, encoded; "" when it is none, or one of `fewest` words or fewer."""
    if not isinstance(part, Prefix):
        return ""
    forms = word_forms(part.text)
    if len(forms) != 1 or len(forms[0].folded) != LETTERS:
        return ""
    letters = encode(forms[0].folded)
    return letters if len(vocabulary.beginning(letters, fewest + 1)) > fewest else ""
