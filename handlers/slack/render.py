"""A Message as Slack shows it: Block Kit with its text, within every limit, and files; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from bot.core.buttons import data_of
from bot.core.message import Action, Actions, Block, Card, Code, Document, Item, Line, Message, Picture, Text, plain
from bot.core.pieces import Piece, cleaned, cut, pieces
from handlers.slack.markup import escaped, markup
from handlers.slack.spoken import Speech

BLOCKS, LETTERS = 50, 13_000
"""Blocks of a message (docs.slack.dev/reference/block-kit/blocks), and characters over all of them (about 13,200)."""

SECTION, HEADER, CONTEXT = 3000, 150, 2000
"""Characters of a section, a header and, of our own accord, a context."""

LABEL, VALUE, ROW = 75, 2000, 25
"""Characters of a button and what it holds, and buttons of a row."""

TEXT = 3500
"""Characters of the text beside the blocks, which notifications and screen readers have."""

_PIECE = 2400
_ROOM = 60
"""Characters that are left for saying how many more there are."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One message as it is sent; a page behind the first is a reply to it. Without blocks it is plain."""

    text: str
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """Everything of one Message: its pages, its files, and its buttons."""

    pages: tuple[Page, ...]
    files: tuple[Document | Picture, ...]
    buttons: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that stays whole: markup, its plain words, and how it is shown."""

    markup: str
    words: str
    kind: str
    apart: bool


def render(message: Message, speech: Speech) -> Rendered:
    """The message as Slack takes it; `speech` is how its commands are typed.

    What is too long for one message loses its passages; what still is goes on in the thread, and the message says so.
    """
    files = tuple(block for block in message.blocks if isinstance(block, Document | Picture))
    if message.plain:
        return Rendered(tuple(_plain(message)), files)
    actions = _rows(message)
    pages = _paged(_parts(message, speech), actions)
    if len(pages) > 1:
        pages = _paged(_parts(slim(message), speech), actions)
    if not pages and not files:
        pages = [Page("…", (_section("…"), *actions))]
    buttons = (action for block in message.blocks if isinstance(block, Actions) for action in block.actions)
    return Rendered(tuple(pages), files, tuple(buttons))


def blocks_of(message: Message, speech: Speech, name: str) -> list[Json]:
    """The blocks of a message that is part of a view, buttons where they stand; their ids begin with `name`."""
    made: list[Json] = []
    for block in message.blocks:
        if isinstance(block, Actions):
            buttons = enumerate(block.actions[:ROW])
            row = [_button(action, f"{name}:{len(made)}:{place}") for place, action in buttons]
            made += [{"type": "actions", "elements": row}] if row else []
        else:
            made += [shown for shown, _ in _merged(_parts(Message((block,)), speech))]
    return made


def _plain(message: Message) -> Iterator[Page]:
    page = ""
    for piece in pieces(message, _PIECE):
        for part in _fitted(piece, lambda cut_piece: escaped(plain(cut_piece.spans)), TEXT - 1):
            words = escaped(plain(part.spans))
            if page and len(page) + len(words) + 1 > TEXT:
                yield Page(page)
                page = ""
            page += ("\n" if page else "") + words
    yield Page(page or "…")


def slim(message: Message) -> Message:
    """The same stories without their passages."""
    return replace(message, blocks=tuple(map(_slimmed, message.blocks)))


def _slimmed(block: Block) -> Block:
    match block:
        case Item(below=below) if len(below) > 1:
            return replace(block, below=below[:1])
        case Card():
            return replace(block, excerpt=())
    return block


def _parts(message: Message, speech: Speech) -> list[_Part]:
    made: list[_Part] = []
    own = replace(message, blocks=tuple(_own(block, speech) for block in message.blocks))
    for piece in pieces(own, _PIECE):
        most = CONTEXT if piece.quiet else SECTION
        made += [_part(fit, speech) for fit in _fitted(piece, lambda part: markup(part.spans, speech), most)]
    return _pointed(made)


def _own(block: Block, speech: Speech) -> Block:
    """A sentence of the bot's own, its commands as they are typed here; what an article says stays as it is."""
    if not isinstance(block, Line):
        return block
    said = (Text(speech.within(span.text)) if isinstance(span, Text) else span for span in block.spans)
    return replace(block, spans=tuple(said))


def _fitted(piece: Piece, written: Callable[[Piece], str], most: int) -> Iterator[Piece]:
    """The piece, or several, so that each is short enough as it is written."""
    letters = len(plain(piece.spans))
    if letters <= 1 or len(written(piece)) <= most:
        yield piece
        return
    for part in cut(piece, max(1, letters // 2)):
        yield from _fitted(part, written, most)


def _part(piece: Piece, speech: Speech) -> _Part:
    words = "".join(speech.typed(span.text) if isinstance(span, Code) else span.text for span in piece.spans)
    kind = "quiet" if piece.quiet else "body"
    if piece.heading and len(escaped(words)) <= HEADER:
        kind = "heading"
    elif len(piece.spans) == 1 and isinstance(piece.spans[0], Code):
        kind = "code"
    written = escaped(words) if kind == "heading" else markup(piece.spans, speech)
    return _Part(written, cleaned(words), kind, piece.apart)


def _pointed(parts: list[_Part]) -> list[_Part]:
    """A mark below a place in a text keeps its place: the two lines are set as they are."""
    made: list[_Part] = []
    for part in parts:
        last = made[-1] if made else None
        if last and part.kind == last.kind == "code" and part.words.strip() == "^" and "`" not in last.words:
            text = f"{last.words}\n{part.words}"
            made[-1] = replace(last, markup=f"```{escaped(text)}```", words=text, kind="body", apart=False)
        else:
            made.append(part)
    return [replace(part, kind="body") if part.kind == "code" else part for part in made]


def _merged(parts: list[_Part]) -> list[tuple[Json, _Part]]:
    """Blocks, each with what it says: parts that belong together share one."""
    groups: list[_Part] = []
    for part in parts:
        last = groups[-1] if groups else None
        most = CONTEXT if part.kind == "quiet" else SECTION
        joins = last is not None and last.kind == part.kind != "heading" and not part.apart
        if last is not None and joins and len(last.markup) + len(part.markup) < most:
            groups[-1] = replace(last, markup=f"{last.markup}\n{part.markup}", words=f"{last.words}\n{part.words}")
        else:
            groups.append(part)
    return [(_block(group), group) for group in groups if group.markup.strip()]


def _block(part: _Part) -> Json:
    match part.kind:
        case "heading":
            return {"type": "header", "text": {"type": "plain_text", "text": part.markup.strip(), "emoji": False}}
        case "quiet":
            return {"type": "context", "elements": [_text(part.markup)]}
    return _section(part.markup)


def _section(written: str) -> Json:
    return {"type": "section", "text": _text(written)}


def _text(written: str) -> Json:
    """Verbatim: Slack is not to look for names and addresses in it."""
    return {"type": "mrkdwn", "text": written, "verbatim": True}


def _paged(parts: list[_Part], actions: list[Json]) -> list[Page]:
    """Pages that keep within number of blocks and characters; the first has the buttons and says what follows."""
    merged = _merged(parts)
    buttons = sum(len(element["text"]["text"]) for row in actions for element in row["elements"])
    pages = [_filled(merged, BLOCKS - len(actions) - 1, LETTERS - _ROOM - buttons)]
    while left := merged[sum(map(len, pages)) :]:
        pages.append(_filled(left, BLOCKS, LETTERS))
    later = sum(map(len, pages[1:]))
    more = [{"type": "context", "elements": [_text(f"+{later} ↓")]}] if later else []
    return [_page(page, [] if number else [*more, *actions]) for number, page in enumerate(pages) if page]


def _filled(entries: list[tuple[Json, _Part]], most: int, letters: int) -> list[tuple[Json, _Part]]:
    """The first entries, as many as there is room for."""
    sizes = accumulate(len(part.markup) for _, part in entries)
    return [entry for entry, size in zip(entries[:most], sizes, strict=False) if size <= letters]


def _page(page: list[tuple[Json, _Part]], below: list[Json]) -> Page:
    words = "\n".join(part.words for _, part in page)
    return Page(_spoken(words), (*(block for block, _ in page), *below))


def _spoken(words: str) -> str:
    """The words as the text beside the blocks."""
    shown = words.strip()[:TEXT]
    while len(escaped(shown)) > TEXT:
        shown = shown[: max(1, len(shown) - max(1, (len(escaped(shown)) - TEXT) // 5))].rstrip()
    return escaped(shown) if shown.strip() else "…"


def _rows(message: Message) -> list[Json]:
    """A row of buttons for each Actions, or several where one does not hold them; ids are unique in a message."""
    actions = [block.actions for block in message.blocks if isinstance(block, Actions) and block.actions]
    rows = [group[start : start + ROW] for group in actions for start in range(0, len(group), ROW)][:5]
    return [
        {"type": "actions", "elements": [_button(action, f"say:{row}:{place}") for place, action in enumerate(group)]}
        for row, group in enumerate(rows)
    ]


def _button(action: Action, name: str) -> Json:
    label = " ".join(escaped(action.label).split()) or "…"
    text = label if len(label) <= LABEL else escaped(" ".join(cleaned(action.label).split())[: LABEL // 5 - 1]) + "…"
    shown = {"type": "plain_text", "text": text, "emoji": False}
    return {"type": "button", "action_id": name, "text": shown, "value": data_of(action, VALUE)}
