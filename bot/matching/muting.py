"""What of an article can be muted: its story, its outlet by words of the name, its host."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.model import Archived
from bot.matching.text import folded_words, host_of

WORDS = 8
"""Words of an outlet's name that a mute may name, and of the name that are looked at from each of its words on."""


def story(story_id: int) -> str:
    """The key of a story."""
    return f"story:{story_id}"


def outlet(text: str) -> str | None:
    """The key of the outlets that `source:text` finds, None when that holds no word, or too many."""
    words = folded_words(text.lower().removeprefix("www."))
    return f"source:{' '.join(words)}" if 0 < len(words) <= WORDS else None


def keys(archived: Archived) -> frozenset[str]:
    """Every key by which this article can be muted."""
    host = host_of(archived.article)
    labels = host.split(".") if host else []
    hosts = (".".join(labels[start:]) for start in range(len(labels) - 1))
    found = [story(archived.story_id), *(key for name in hosts if (key := outlet(name)))]
    return frozenset((*found, *_names(archived.article.source)))


def _names(source: str) -> Iterator[str]:
    """The words of the outlet's name in a row, from each word to each later one."""
    words = folded_words(source)[:32]
    for start in range(len(words)):
        for end in range(start + 1, min(start + WORDS, len(words)) + 1):
            yield f"source:{' '.join(words[start:end])}"
