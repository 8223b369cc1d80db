"""A Message as Telegram shows it: pages of HTML, rows of buttons, and files; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from bot.core.message import (
    Action,
    Actions,
    Card,
    Code,
    Document,
    Line,
    Link,
    Mark,
    Message,
    Pick,
    Picks,
    Picture,
    Span,
    Strong,
    When,
    plain,
)
from handlers.telegram.pieces import LIMIT, Headline, Piece, cleaned, pieces, units

ENTITIES = 100
"""Formatted stretches a message may hold; what is beyond them would silently lose its form."""

CAPTION = 1024
"""UTF-16 units below a picture."""

BUTTONS, ROW, ALERT_BUTTONS = 100, 8, 4
"""Buttons a message, a row and, so that it stays a card, an alert may have."""

LABEL = 60
"""Letters of a button's label."""
_ROW_LETTERS = 34
"""Letters that the labels of one row share: more are cut off on a telephone."""

HREF = 2000
"""Characters of an address that is still linked to."""

_WEB = re.compile(r"https?://[^\s/?#\"<>]+", re.IGNORECASE)
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\xa0\ud800-\udfff]")
_SEEN = re.compile(r"[^\s\u00ad\u034f\u180e\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f]")
_LATEST = 4_102_444_800
"""The year 2100: a moment beyond it is no date."""


@dataclass(frozen=True, slots=True)
class Page:
    """One message as it is sent: `text` is HTML unless the message is `plain`; rows of buttons; a URL to preview."""

    text: str
    rows: tuple[tuple[Action, ...], ...] = ()
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """Everything of one Message: its pages in order, then its files; `picks` are offered with the last page."""

    pages: tuple[Page, ...]
    files: tuple[Document | Picture, ...]
    silent: bool
    plain: bool
    picks: tuple[Pick, ...] = ()


def render(message: Message) -> Rendered:
    """The message as Telegram takes it: every page within its limits, the buttons under the last one."""
    texts = [_text(page, message.plain) for page in _paged(pieces(message))]
    files = tuple(block for block in message.blocks if isinstance(block, Document | Picture))
    if not texts and not files:
        texts = ["…"]
    pages = [Page(text) for text in texts]
    if pages:
        pages[0] = Page(texts[0], (), _preview(message))
        pages[-1] = Page(pages[-1].text, _rows(message), pages[-1].preview)
    picks = tuple(pick for block in message.blocks if isinstance(block, Picks) for pick in block.picks)
    return Rendered(tuple(pages), files, message.silent, message.plain, picks)


def caption(text: str) -> str:
    """A picture's words, cut to what Telegram shows below it."""
    said = cleaned(text).strip()
    while units(said) > CAPTION:
        said = said[: -max(1, (units(said) - CAPTION) // 2)]
    return said


def _paged(all_pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces as pages that keep within length and number of entities; a page nobody could see is left out."""
    pages: list[list[Piece]] = []
    length = entities = 0
    for piece in all_pieces:
        size, formatted = units(plain(piece.spans)) + 2, _entities(piece)
        if not pages or length + size - 2 > LIMIT or entities + formatted > ENTITIES:
            pages.append([])
            length = entities = 0
        pages[-1].append(piece)
        length, entities = length + size, entities + formatted
    return [page for page in pages if any(_SEEN.search(plain(piece.spans)) for piece in page)]


def _entities(piece: Piece) -> int:
    weights: dict[type, int] = {Headline: 2, Link: 1, Strong: 1, Mark: 1, Code: 1, When: 1}
    return sum(weights.get(type(span), 0) for span in piece.spans) + piece.quote


def _text(page: list[Piece], is_plain: bool) -> str:
    text = ""
    for quote, run in groupby(page, lambda piece: piece.quote and not is_plain):
        inside, before = "", ""
        for piece in run:
            said = plain(piece.spans) if is_plain else "".join(map(_html, piece.spans))
            gap = "\n\n" if piece.apart else "\n"
            if inside:
                inside += gap + said
            else:
                inside, before = said, gap if text else ""
        text += before + (f"<blockquote expandable>{inside}</blockquote>" if quote else inside)
    return text


def _html(span: Span) -> str:
    text = escape(span.text, quote=False)
    if not span.text.strip():
        return text
    match span:
        case Headline(url=url):
            return f"<b>{_linked(text, url)}</b>"
        case Link(url=url):
            return _linked(text, url)
        case Strong() | Mark():
            return f"<b>{text}</b>"
        case Code():
            return f"<code>{text}</code>"
        case When(at=at):
            unix = int(at.timestamp())
            return f'<tg-time unix="{unix}" format="dt">{text}</tg-time>' if 0 <= unix < _LATEST else text
    return text


def _linked(text: str, url: str) -> str:
    address = linkable(url)
    return f'<a href="{_quoted(address)}">{text}</a>' if address else text


def linkable(url: str) -> str | None:
    """The URL as it may be linked to, None when it is none or too long."""
    address = _NOT_IN_AN_ADDRESS.sub("", url)
    return address if _WEB.match(address) and len(address) <= HREF else None


def _quoted(url: str) -> str:
    """The URL inside double quotes, with none but the entities that Telegram knows."""
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        url = url.replace(letter, entity)
    return url


def _preview(message: Message) -> str | None:
    """The URL of an alert's one story: a message that is a card and, beside buttons, only remarks on it."""
    cards = [block for block in message.blocks if isinstance(block, Card)]
    others = (block for block in message.blocks if not isinstance(block, Card | Actions | Picture))
    if len(cards) != 1 or not cards[0].url or message.plain:
        return None
    return linkable(cards[0].url) if all(isinstance(block, Line) and block.quiet for block in others) else None


def _rows(message: Message) -> tuple[tuple[Action, ...], ...]:
    """Buttons in rows that a telephone can show."""
    actions = [block.actions for block in message.blocks if isinstance(block, Actions)]
    left = ALERT_BUTTONS if _preview(message) else BUTTONS
    rows: list[tuple[Action, ...]] = []
    for group in actions:
        shown = [Action(_label(action.label), action.command, action.in_place) for action in group[:left]]
        left -= len(shown)
        rows += _packed(shown)
    return tuple(rows)


def _packed(actions: list[Action]) -> list[tuple[Action, ...]]:
    rows: list[tuple[Action, ...]] = []
    for action in actions:
        last = rows[-1] if rows else ()
        letters = sum(len(other.label) + 4 for other in (*last, action))
        if last and letters <= _ROW_LETTERS and len(last) < ROW:
            rows[-1] = (*last, action)
        else:
            rows.append((action,))
    return rows


def _label(label: str) -> str:
    text = " ".join(cleaned(label).split()) or "…"
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"
