"""feedparser: what it makes of a text, and what spares it a third of its work without changing what it says."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import feedparser

from bot.core.errors import Unreadable
from bot.sources.feeds import driver
from bot.sources.feeds.fields import Problems
from bot.sources.fields import one_line

if TYPE_CHECKING:
    from _typeshed import SupportsGetItem

Said: TypeAlias = dict[str, Any]
"""A dictionary of feedparser's, read with `dict.get`: its own has aliases that warn."""

# feedparser takes a caption of a picture for the description, or for the whole text, of its item.
_CAPTION = re.compile(r"<(/?)media:description\b[^>]*>", re.IGNORECASE)
_C1 = re.compile("[\x80-\x9f]")
_LETTERS = 0x3000
"""Below it are all alphabets."""


def parsed(text: str, problems: Problems) -> Said:
    """What feedparser makes of the text; the only place where it is called, and always with a stream.

    With a `str` or `bytes` it would open what looks like a path or an address.
    """
    _set_up()
    # It is not told the address: it would resolve guids that are no addresses, and so tie them to where the feed is.
    headers = {"content-type": "application/xml; charset=utf-8"}
    stream = io.BytesIO(_CAPTION.sub(r"<\1media:caption>", text).encode("utf-8", "replace"))
    try:
        said: Said = feedparser.parse(
            stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as problem:
        raise Unreadable(f"cannot be parsed: {type(problem).__name__}") from problem
    if said["bozo"]:
        reason = getattr(said.get("bozo_exception"), "getMessage", lambda: "")()
        problems.add("not well-formed XML, read leniently" + (f": {one_line(str(reason), 100)}" if reason else ""))
    return said


@cache
def _set_up() -> None:
    """Gives feedparser our driver, once, and keeps it from reading dates, which it does wrongly and slowly.

    Its dictionaries raise an exception for every key they have not, and copy what cannot change. It joins no address
    to no base for every element, and looks every letter of every text up in a table of Windows-1252 characters, which
    only those of the second control block are in; where it reads leniently, letters are put there that mean
    themselves, as one that is not there costs an exception.
    """
    for code in range(_LETTERS):
        feedparser.mixin._cp1252.setdefault(code, code)
    feedparser.api.PREFERRED_XML_PARSERS.insert(0, driver.__name__)
    feedparser.FeedParserDict.get = _get
    feedparser.FeedParserDict.__deepcopy__ = _copied
    feedparser.mixin._urljoin = partial(_joined, feedparser.mixin._urljoin)
    feedparser.mixin._FeedParserMixin.decode_entities = staticmethod(_kept)
    feedparser.registerDateHandler(lambda _: (1970, 1, 1, 0, 0, 0, 3, 1, 0))


_OTHERWISE = frozenset(
    ("category", "enclosures", "license", "updated", "updated_parsed", *feedparser.FeedParserDict.keymap)
)
"""Keys that feedparser's dictionaries answer with something else than what they hold there."""
_get_otherwise = feedparser.FeedParserDict.get


def _get(holder: Said, key: str, default: object = None) -> object:
    """What feedparser's own `get` gives."""
    return _get_otherwise(holder, key, default) if key in _OTHERWISE else dict.get(holder, key, default)


def _copied(holder: Said, memo: dict[int, object]) -> Said:
    """What `copy.deepcopy` makes of one of feedparser's dictionaries."""
    copied: Said = feedparser.FeedParserDict((key, deepcopy(value, memo)) for key, value in holder.items())
    return copied


def _joined(join: Callable[[str, str], str], base: str, uri: str) -> str:
    return join(base, uri) if base or uri else ""


class _Text(str):
    """A text that is looked up in a table only where the table could change it."""

    __slots__ = ()

    def translate(self, table: SupportsGetItem[int, str | int | None], /) -> str:
        """The same as of any text."""
        return super().translate(table) if _C1.search(self) else str(self)


def _kept(_element: str, text: str) -> str:
    """The text as it is, which is what feedparser's strict reading makes of what is left of its entities."""
    return _Text(text)
