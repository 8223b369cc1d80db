"""What the bot says, platform-neutral: a Message is blocks, a block holds spans of plain text.

Nothing here is escaped: only a renderer escapes, so an unescaped title cannot exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from string import Formatter


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the line."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A highlight: words of an article that a query matched, in their original form."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type or copy as it is: a command, a query."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A label that leads to an http(s) URL."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment shown in `zone` (IANA name), already worded as `text` for platforms that cannot show local time."""

    at: datetime
    zone: str
    text: str


Span = Text | Strong | Mark | Code | Link | When
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title line."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; `quiet` for what is read second (times, hints, footers)."""

    spans: Spans
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered or bulleted entry: its own spans and, indented below, further lines."""

    spans: Spans
    below: tuple[Line, ...] = ()
    marker: str = "•"


@dataclass(frozen=True, slots=True)
class Card:
    """One article or story: headline (a link where there is a URL), what and when, the excerpt, and why it is here."""

    headline: str
    url: str | None
    meta: Spans
    excerpt: Spans = ()
    why: Spans = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table: equal-length rows of spans under an optional header."""

    rows: tuple[tuple[Spans, ...], ...]
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over, such as an export."""

    name: str
    content: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image (PNG or JPEG) to look at and, for whoever cannot, what it shows."""

    name: str
    content: bytes
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its label and the command it types (`/search kosovo page:2`).

    `in_place`: its answer may take the place of the message the button stands under, where a platform can do that.
    """

    label: str
    command: str
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Actions:
    """Buttons that belong together."""

    actions: tuple[Action, ...]


class Where(StrEnum):
    """The kinds of chats that a person picks one of."""

    CHANNEL = "channel"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Pick:
    """Asks for another chat of the reader's, to give `command` there."""

    label: str
    where: Where
    command: str


@dataclass(frozen=True, slots=True)
class Picks:
    """What may be picked; a platform that has no picker leaves it out."""

    picks: tuple[Pick, ...]


Block = Heading | Line | Item | Card | Rows | Document | Picture | Actions | Picks


@dataclass(frozen=True, slots=True)
class Reply:
    """Something said below a message that is there already, once a `key`, where a platform has threads."""

    key: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Message:
    """Everything said in one go; `silent` asks the platform not to sound, `plain` to leave out all markup.

    `replies` belong to an edit: what a platform with threads says below the message, and others leave out. `in_reply`
    is the platform's reference of a message that this one answers.
    """

    blocks: tuple[Block, ...]
    silent: bool = False
    plain: bool = False
    replies: tuple[Reply, ...] = ()
    in_reply: str | None = None


def line(*parts: Span | str, quiet: bool = False) -> Line:
    """A Line from spans, plain strings taken as Text."""
    return Line(spans(*parts), quiet)


def spans(*parts: Span | str) -> Spans:
    """Spans, plain strings taken as Text."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


_ENDS = (".", "!", "?", "…")


def filled(phrase: str, /, **details: object) -> Spans:
    """A phrase of the catalogue as spans, its `{details}` filled in: a span, several, or anything with a text.

    A detail that is a sentence of its own (a headline) ends the phrase's sentence too: no full stop follows its own.
    """
    parts: list[Span] = []
    for literal, name, _, _ in Formatter().parse(phrase):
        ended = parts and literal.startswith(".") and parts[-1].text.endswith(_ENDS)
        said = literal[1:] if ended else literal
        parts += [Text(said)] if said else []
        if name is not None:
            detail = details[name]
            parts += (
                detail if isinstance(detail, tuple) else [detail if isinstance(detail, Span) else Text(str(detail))]
            )
    return tuple(parts)


def plain(parts: Spans) -> str:
    """The words of spans without their form."""
    return "".join(part.text for part in parts)


def plainer(message: Message) -> Message:
    """The same words without markup, links in words, and buttons: what is left to try when a platform rejects it."""
    shown = (block for block in message.blocks if not isinstance(block, Actions | Picks))
    lines = tuple(line(text) for block in shown for text in _linked(block).splitlines() if text.strip())
    return Message(lines, message.silent, plain=True)


def apart(message: Message) -> Message:
    """The same message as one of its own, no reply."""
    return replace(message, in_reply=None)


def _linked(block: Block) -> str:
    """The block's words with the addresses that its links lead to."""
    parts = block.spans if isinstance(block, Item | Line) else ()
    urls = [part.url for part in parts if isinstance(part, Link) and part.url != part.text]
    return "\n".join([_block_text(block), *urls])


def to_text(message: Message) -> str:
    """The message as plain lines, for notifications, logs and `tick --json`."""
    return "\n".join(text for block in message.blocks if (text := _block_text(block)))


def _block_text(block: Block) -> str:
    match block:
        case Heading(text):
            return text
        case Line(parts):
            return plain(parts)
        case Item(parts, below, marker):
            return "\n".join([f"{marker} {plain(parts)}", *(f"  {plain(entry.spans)}" for entry in below)])
        case Card(headline, url, meta, excerpt, why):
            return "\n".join(text for text in (headline, plain(meta), plain(excerpt), plain(why), url or "") if text)
        case Rows(rows, header):
            return "\n".join(" | ".join(cells) for cells in (header, *(map(plain, row) for row in rows)) if cells)
        case Document(name):
            return name
        case Picture(name, _, _, text):
            return text or name
        case Picks():
            return ""
        case Actions(actions):
            return " ".join(f"[{action.label}: {action.command}]" for action in actions)
