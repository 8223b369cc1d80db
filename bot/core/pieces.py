"""A Message as pieces of text small enough for a platform that limits them, each of which stays whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.message import (
    Actions,
    Block,
    Card,
    Document,
    Heading,
    Item,
    Line,
    Link,
    Message,
    Picks,
    Picture,
    Rows,
    Span,
    Spans,
    Strong,
    Text,
    plain,
)

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
"""Controls, and what turns the direction of everything that follows; platforms drop most of them themselves."""
_LONE = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s")


@dataclass(frozen=True, slots=True)
class Headline(Link):
    """The link that a card is about."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Spans that belong together; `apart` from what stands before it by an empty line, `quote` inside a quotation.

    `heading` and `quiet` say what it is where a platform shows such things in a way of its own.
    """

    spans: Spans
    apart: bool = False
    quote: bool = False
    heading: bool = False
    quiet: bool = False


def cleaned(text: str) -> str:
    """The text without what cannot be sent or would disorder what stands beside it."""
    return _LONE.sub("\ufffd", _UNSEEN.sub("", text))


def units(text: str) -> int:
    """UTF-16 units, in which platforms count."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def pieces(message: Message, limit: int) -> list[Piece]:
    """Every word of the message in order, cut to pieces of at most `limit` units at the ends of sentences."""
    whole = (replace(piece, spans=_tidy(piece.spans)) for piece in _pieces(message))
    return [part for piece in whole if plain(piece.spans).strip() for part in cut(piece, limit)]


def cut(piece: Piece, limit: int) -> Iterator[Piece]:
    """The piece, or several of at most `limit` units (4 at least) that hold the same words."""
    while units(plain(piece.spans)) > limit:
        head, tail = _split(piece.spans, _break(plain(piece.spans), limit))
        if plain(head).strip():
            yield replace(piece, spans=head)
        piece = replace(piece, spans=tail, apart=False)
    if plain(piece.spans).strip():
        yield piece


def _break(text: str, limit: int) -> int:
    """Where a text that is too long is cut: behind a sentence, else behind a word, never within a letter."""
    end = limit
    while units(text[:end]) > limit:
        end -= max(1, (units(text[:end]) - limit) // 2)
    least = end // 3
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, least, end)]
    if sentences:
        return sentences[-1]
    blank = max(text.rfind(blank, least, end) for blank in (" ", "\n", "\u3000"))
    if blank > 0:
        return blank + 1
    while end > least and _goes_on(text, end):
        end -= 1
    return end if end > least else max(1, limit // 2)


def _goes_on(text: str, at: int) -> bool:
    """Whether the letter at this place belongs to the one before it."""
    letter = text[at]
    return unicodedata.category(letter).startswith("M") or "\u200d" in (letter, text[at - 1]) or _is_modifier(letter)


def _is_modifier(letter: str) -> bool:
    """Skin tones and tags of emoji."""
    return "\U0001f3fb" <= letter <= "\U0001f3ff" or "\U000e0020" <= letter <= "\U000e007f"


def _split(spans: Spans, at: int) -> tuple[Spans, Spans]:
    head: list[Span] = []
    tail: list[Span] = []
    for span in spans:
        before, after = span.text[: max(at, 0)], span.text[max(at, 0) :]
        head += [replace(span, text=before)] if before else []
        tail += [replace(span, text=after)] if after else []
        at -= len(span.text)
    return tuple(head), tuple(tail)


def _pieces(message: Message) -> Iterator[Piece]:
    previous: Block | None = None
    headed = False
    for block in message.blocks:
        if isinstance(block, Actions | Document):
            continue
        if not isinstance(block, Item):
            headed = _heads(block)
        quote = headed and isinstance(block, Item) and bool(block.below)
        apart = previous is not None and _apart(previous, block)
        for piece in _block(block):
            yield replace(piece, apart=piece.apart or apart, quote=quote)
            apart = False
        previous = block


def _heads(block: Block) -> bool:
    """Whether it is the head of the group of items below it, as a topic's name is in a digest."""
    return isinstance(block, Line) and isinstance(next(iter(block.spans), None), Strong)


def _apart(previous: Block, block: Block) -> bool:
    """Whether an empty line stands between the two."""
    if isinstance(block, Heading | Card) or _heads(block):
        return True
    if isinstance(previous, Heading):
        return False
    if isinstance(block, Item):
        return bool(block.below) and not _heads(previous)
    return isinstance(previous, Item | Card | Rows)


def _block(block: Block) -> Iterator[Piece]:
    match block:
        case Heading(text):
            yield Piece((Strong(_BLANKS.sub(" ", text)),), heading=True)
        case Line(spans, quiet):
            yield Piece(spans, quiet=quiet)
        case Item(spans, below, marker):
            lines = [(Text(f"{marker} "), *_joined(spans)), *(_joined(entry.spans) for entry in below)]
            yield Piece(_lines(lines))
        case Card():
            yield from _card(block)
        case Rows():
            yield from _rows(block)
        case Document() | Picture() | Actions() | Picks():
            pass


def _card(card: Card) -> Iterator[Piece]:
    title = _BLANKS.sub(" ", card.headline)
    headline: Span = Headline(title, card.url) if card.url else Strong(title)
    yield Piece(_lines([(headline,), _joined(card.meta)]))
    if card.excerpt:
        yield Piece(_joined(card.excerpt), apart=True)
    if card.why:
        yield Piece(_joined(card.why), apart=True, quiet=True)


def _rows(rows: Rows) -> Iterator[Piece]:
    """Without tables a row is a line, of two cells `name: value`, of more `name · value · value`."""
    if rows.header:
        yield Piece((Text(" · ".join(_BLANKS.sub(" ", name) for name in rows.header)),))
    for row in rows.rows:
        first, *rest = (_joined(cell) for cell in row)
        between = ": " if len(row) == 2 else " · "
        cells = tuple(span for cell in rest if plain(cell).strip() for span in (Text(between), *cell))
        yield Piece((Text("• "), *first, *cells) if len(row) > 2 else (*first, *cells))


def _lines(lines: list[Spans]) -> Spans:
    """The lines that say something, one below the other."""
    said = [line for line in lines if line]
    return tuple(span for index, line in enumerate(said) for span in ((Text("\n"), *line) if index else line))


def _joined(spans: Spans) -> Spans:
    """The spans on one line."""
    return tuple(replace(span, text=_BLANKS.sub(" ", span.text)) for span in spans)


def _tidy(spans: Spans) -> Spans:
    clean = (replace(span, text=_EMPTY_LINES.sub("\n\n", cleaned(span.text))) for span in spans)
    return tuple(span for span in clean if span.text)
