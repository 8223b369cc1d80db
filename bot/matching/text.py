"""The analyser: text to tokens, the same for archive, percolator, stories and snippets; query words to what meets them.

`bot.matching.words` says what is a word, `folding` which spellings are one, `stemming` which forms are one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from bot.core.model import Archived, Article
from bot.matching.document import Document, Tokens
from bot.matching.folding import fold
from bot.matching.language import LANGUAGE_GROUPS, detect, languages_of, normalise
from bot.matching.stemming import stem, tag_of, tags_for
from bot.matching.words import LONGEST, form, words

__all__ = [
    "ANALYSER_VERSION",
    "LANGUAGE_GROUPS",
    "Form",
    "analyse",
    "fold",
    "folded_words",
    "host_of",
    "language_of",
    "languages_of",
    "tokens",
    "word_forms",
]

ANALYSER_VERSION = 1
"""Raised with any change of what tokens, folded forms or stems come out: the archive's index is rebuilt then."""

_RARE = 40
"""Letters of a word too long to be worth remembering."""


@dataclass(frozen=True, slots=True)
class Form:
    """A query word as tokens meet it: its folded form, and its stem (`en_migrant`) in every language it could be of."""

    folded: str
    stems: frozenset[str]


def analyse(article: Article) -> Document:
    """The article as tokens, in its own language or else the detected one; without topics."""
    return analyse_as(article, language_of(article))


def document_of(archived: Archived) -> Document:
    """The article as it was analysed when it was archived: in the language found then, with the topics it carries."""
    return replace(analyse_as(archived.article, archived.language), topics=frozenset(archived.topics))


def analyse_as(article: Article, language: str | None) -> Document:
    """The article as tokens of this language, or of none that is known; without topics."""
    title, body = tokens(article.title, language), tokens(article.text, language)
    return Document(title, body, language, folded_words(article.source), host_of(article))


def language_of(article: Article) -> str | None:
    """The article's own language or else the detected one."""
    return normalise(article.language) or detect(f"{article.title}\n{article.text[:4096]}")


def host_of(article: Article) -> str:
    """The host of the article's URL without `www.`; "" where there is none."""
    try:
        name = urlsplit(article.url or "").hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")


def tokens(text: str, language: str | None) -> Tokens:
    """The words of `text`, stemmed as `language`; in linear time whatever the text."""
    tag = tag_of(language)
    folded, stems, starts, ends = [], [], [], []
    for written, offset in words(text):
        plain, root, start, end = (_token if len(written) < _RARE else _token.__wrapped__)(written, tag)
        folded.append(plain)
        stems.append(root)
        starts.append(offset + start)
        ends.append(offset + end)
    return Tokens(tuple(folded), tuple(stems), tuple(starts), tuple(ends))


@lru_cache(maxsize=32_768)
def _token(written: str, tag: str) -> tuple[str, str, int, int]:
    """Folded form, tagged stem and bounds of a written word; no stem for numbers and words of another script."""
    plain, start, end = form(written)
    return plain, f"{tag}_{stem(plain, tag)}" if tag in tags_for(plain) else "", start, end


@lru_cache(maxsize=8_192)
def word_forms(text: str) -> tuple[Form, ...]:
    """A query word as the article's tokenizer reads it: one form, several for `cross-border`, none for mere signs."""
    return tuple(
        Form(plain, frozenset(f"{tag}_{stem(plain, tag)}" for tag in tags_for(plain))) for plain in folded_words(text)
    )


def folded_words(text: str) -> tuple[str, ...]:
    """The folded forms of the words of `text`: for phrases, prefixes and names, which are never stemmed."""
    if text.isascii() and text.isalpha() and len(text) <= LONGEST:
        return (fold(text),)
    return _folded_words(text)


@lru_cache(maxsize=8_192)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(form(written)[0] for written, _ in words(text))
