"""A Message as terminal text: pure, readable without colour, and harmless whatever an article holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING

from bot.core.message import (
    Action,
    Actions,
    Block,
    Card,
    Code,
    Document,
    Heading,
    Item,
    Line,
    Link,
    Mark,
    Message,
    Picks,
    Picture,
    Rows,
    Span,
    Spans,
    Strong,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NARROWEST, WIDEST = 24, 100
"""Columns prose is set in: longer lines tire the eye, shorter ones break every word."""
SLIMMEST = 16
"""Columns a shortened table column keeps; a table that would have to go below is set as a list."""
_GAP = 2
"""Columns between those of a table, and those a card's bar takes."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters (a terminal escape begins with one) and what turns the direction of writing or hides letters."""
_BLANKS = re.compile(r"\s+")
_STYLES: dict[type, str] = {Strong: "bold", Mark: "bold yellow", Code: "cyan", Link: "bold"}
_PLAIN = {Mark: "*", Code: "`"}
"""What stands around a span where there is no colour to tell it by."""


def render(message: Message, *, width: int, color: bool) -> str:
    """The message as lines fit for `width` columns, each ended by a newline; a URL or a command is never broken."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=max(width, NARROWEST),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    page = _Page(console, color)
    for line in page.answer(message) if message.in_reply else page.message(message):
        line.rstrip()
        console.print(line, soft_wrap=True)
    return out.getvalue()


class _Page:
    """One rendering: turns blocks into finished lines of rich Text."""

    def __init__(self, console: Console, color: bool) -> None:
        self._console = console
        self._color = color
        self._width = min(console.width, WIDEST)

    def answer(self, message: Message) -> Iterator[Text]:
        """A message that answers an earlier one: its first line says so."""
        for number, line in enumerate(self.message(message)):
            yield line if number else self._text("↳ ", "dim").append_text(line)

    def message(self, message: Message) -> Iterator[Text]:
        previous: Block | None = None
        for block in message.blocks:
            lines = list(self._block(block))
            if previous and lines and _apart(previous, block):
                yield self._text("")
            yield from lines
            previous = block if lines else previous

    def _block(self, block: Block) -> Iterator[Text]:
        match block:
            case Heading(text):
                return self._heading(text)
            case Line():
                return self._line(block, self._width)
            case Item():
                return self._item(block)
            case Card():
                return self._card(block)
            case Rows():
                return self._rows(block)
            case Document():
                return self._document(block)
            case Picture():
                return self._picture(block)
            case Actions(actions):
                return self._actions(actions)
            case Picks():
                return iter(())

    def _heading(self, text: str) -> Iterator[Text]:
        lines = self._wrap(self._text(_on_one_line(text), "bold"), self._width)
        yield from lines
        yield self._rule(max(line.cell_len for line in lines))

    def _line(self, line: Line, width: int) -> Iterator[Text]:
        style = "dim" if line.quiet else ""
        said = self._spans(line.spans, style)
        if said.plain.strip():
            yield from self._wrap(said, width)
        yield from self._addresses(line.spans)

    def _item(self, item: Item) -> Iterator[Text]:
        marker = self._text(_on_one_line(item.marker) + " ", "bold")
        indent = marker.cell_len
        said = self._spans(_joined(item.spans), "bold" if item.below else "")
        lines = self._wrap(said, self._width - indent)
        for below in item.below:
            lines.extend(self._line(replace(below, spans=_joined(below.spans)), self._width - indent))
        lines.extend(self._addresses(item.spans))
        return _beside(marker, self._text(" " * indent), lines)

    def _card(self, card: Card) -> Iterator[Text]:
        width = self._width - _GAP
        lines = self._wrap(self._text(_on_one_line(card.headline), "bold"), width)
        for spans, style in ((card.meta, "dim"), (card.excerpt, ""), (card.why, "dim")):
            if spans:
                lines.extend(self._line(Line(_joined(spans), quiet=style == "dim"), width))
        lines.extend(self._addresses((Link("", card.url),) if card.url else ()))
        bar = self._text("│ ", "yellow")
        return _beside(bar, bar, lines)

    def _rows(self, rows: Rows) -> Iterator[Text]:
        header = [self._text(_on_one_line(name), "bold") for name in rows.header]
        body = [[self._spans(_joined(cell)) for cell in row] for row in rows.rows]
        if not body:
            return
        widths = self._columns([header, *body] if header else body)
        if not widths:
            yield from self._stacked(header, body)
            return
        if header:
            yield from self._row(header, widths)
            yield self._text((" " * _GAP).join("─" * width for width in widths), "dim")
        for row in body:
            yield from self._row(row, widths)

    def _columns(self, table: list[list[Text]]) -> list[int]:
        """Column widths, the widest shortened to fit the terminal; empty where that does not do."""
        widths = [max(cell.cell_len for cell in column) for column in zip_longest(*table, fillvalue=self._text(""))]
        excess = sum(widths) + _GAP * (len(widths) - 1) - self._console.width
        if excess > 0:
            widest = widths.index(max(widths))
            widths[widest] -= excess
            return widths if widths[widest] >= SLIMMEST else []
        return widths

    def _row(self, cells: list[Text], widths: list[int]) -> Iterator[Text]:
        columns = [self._wrap(cell, max(width, 1)) for cell, width in zip(cells, widths, strict=True)]
        for parts in zip_longest(*columns):
            line = self._text("")
            for part, width in zip(parts, widths, strict=True):
                padding = width + _GAP - (part.cell_len if part else 0)
                line.append_text(part or self._text("")).append(" " * padding)
            yield line

    def _stacked(self, header: list[Text], body: list[list[Text]]) -> Iterator[Text]:
        """A table too wide for the terminal: each row an entry, each cell a line."""
        for row in body:
            lines = []
            for name, cell in zip(header or [self._text("")] * len(row), row, strict=True):
                label = name.copy().append(": ") if name.plain else name.copy()
                lines.extend(self._wrap(label.append_text(cell), self._width - _GAP))
            yield from _beside(self._text("• "), self._text("  "), lines)

    def _document(self, document: Document) -> Iterator[Text]:
        """The whole file between two rules, its lines as they are."""
        name = self._text(f"── {_on_one_line(document.name)} ──", "dim")
        yield name
        for line in document.content.splitlines():
            yield self._text(_visible(line))
        yield self._rule(name.cell_len)

    def _picture(self, picture: Picture) -> Iterator[Text]:
        """What it shows, in words."""
        yield self._text(f"[{_on_one_line(picture.name)}]", "dim")
        yield from self._wrap(self._text(_visible(picture.text)), self._width)

    def _actions(self, actions: tuple[Action, ...]) -> Iterator[Text]:
        commands = [self._text(_on_one_line(action.command), "cyan") for action in actions]
        column = max((size for command in commands if (size := command.cell_len) <= self._width // 2), default=0)
        for action, command in zip(actions, commands, strict=True):
            padding = " " * (_GAP + max(column - command.cell_len, 0))
            line = self._text("→ ", "dim").append_text(command).append(padding)
            yield line.append(f"({_on_one_line(action.label)})", "dim")

    def _spans(self, spans: Spans, style: str = "") -> Text:
        text = self._text("")
        for span in spans:
            said = _visible(span.text)
            around = "" if self._color or _needs_no_sign(span, spans) else _PLAIN.get(type(span), "")
            if not (isinstance(span, Link) and span.text == span.url):
                text.append(f"{around}{said}{around}", f"{style} {_STYLES.get(type(span), '')}".strip())
        return text

    def _addresses(self, spans: Iterable[Span]) -> Iterator[Text]:
        """The URLs of links, each on a line of its own: a terminal makes it clickable, a pipe keeps it whole."""
        for span in spans:
            if isinstance(span, Link) and (url := _BLANKS.sub("", _visible(span.url))):
                yield self._text(url, "dim")

    def _wrap(self, text: Text, width: int) -> list[Text]:
        return list(text.wrap(self._console, max(width, 1)))

    def _rule(self, width: int) -> Text:
        return self._text("─" * width, "dim")

    def _text(self, text: str, style: str = "") -> Text:
        from rich.text import Text

        # As a span: the style of a whole Text would spread to whatever is appended to it.
        return Text().append(text, style or None)


def _apart(previous: Block, block: Block) -> bool:
    """Whether a blank line goes between two blocks: around what has several lines, but not below its own heading."""
    if isinstance(previous, Heading) or (isinstance(previous, Card) and isinstance(block, Actions)):
        return False
    return isinstance(block, Heading) or any(
        isinstance(entry, Card | Rows | Document) or (isinstance(entry, Item) and bool(entry.below))
        for entry in (previous, block)
    )


def _needs_no_sign(span: Span, spans: Spans) -> bool:
    """Whether a span is plain to see without a sign around it: code that stands alone, or has lines of its own."""
    return not span.text or (isinstance(span, Code) and (len(spans) == 1 or "\n" in span.text))


def _beside(first: Text, rest: Text, lines: Iterable[Text]) -> Iterator[Text]:
    """The lines with `first` in front of the first of them and `rest` in front of the others."""
    front = first
    for line in lines:
        yield front.copy().append_text(line)
        front = rest


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", text.expandtabs(4) if "\t" in text else text)


def _on_one_line(text: str) -> str:
    return _BLANKS.sub(" ", _visible(text)).strip()


def _joined(spans: Spans) -> Spans:
    """The spans with every run of blanks, line ends included, made one blank."""
    return tuple(replace(span, text=_BLANKS.sub(" ", span.text)) for span in spans)
