"""What the analyser makes of an article: tokens with offsets, shared by archive, percolator, stories and snippets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Indexed:
    """One text as the full text index holds it (`bot.matching.encoding`): its `row` of encoded tokens between spaces,
    the encoded `beginnings` of its words, each once, and its `words` encoded and with their stems, each once:
    `migrants en_migrant`, `移 `.
    """

    row: str
    beginnings: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text as parallel tuples, a token an index: positions are consecutive, one a word.

    `folded[i]` is the folded form; `stems[i]` is `LANGUAGE_stem` (`en_migrant`), the language tag keeping stems of
    different languages apart, or "" where the text's language is unknown or has no stemmer; `starts[i]`, `ends[i]`
    are offsets into the original text.
    """

    folded: tuple[str, ...]
    stems: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    indexed: Indexed | None = field(default=None, compare=False, repr=False)
    """The same for the full text index, where that was made beforehand."""

    def __len__(self) -> int:
        return len(self.folded)


@dataclass(frozen=True, slots=True)
class Document:
    """An analysed article. `source` is the outlet's name as folded words, `host` its URL's host without `www.`."""

    title: Tokens
    body: Tokens
    language: str | None
    source: tuple[str, ...] = ()
    host: str = ""
    topics: frozenset[str] = frozenset()
