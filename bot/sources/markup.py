"""HTML as a news story: a linear reader that keeps headline, paragraphs and what the page says of itself."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.sources.dates import moment
from bot.sources.fields import clean, flat, language_code, one_line, web_address
from bot.sources.prose import Story, first_sentence

# Possessive, a name begins only where one can, a quote counts only after `=`: nothing is read over and over.
_OPENING = re.compile(r"<(?=/?[a-zA-Z]|[!?])")
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>])*+)>""")
_ATTRIBUTE = re.compile(r"""(?<![^\s"'>/=])([^\s"'>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_CHARSET = re.compile(rb"""<meta[^>]{1,200}charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{1,40})""", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_CHARSET_SEARCH = 4_096
_DATA_LIMIT = 500_000
_ATTRIBUTES_LIMIT = 20_000

_OPAQUE = frozenset(("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"))
"""Elements that hold no elements (HTML 13.2.5): everything up to their end tag is text."""
_ASIDE = frozenset(("nav", "aside", "footer", "figure", "noscript", "template", "svg", "button", "select"))
_PROSE = frozenset(("p", "li", "blockquote", "h2", "h3", "h4", "pre", "dd"))
_FRAMES = {
    "article",
    "main",
    "section",
    "div",
    "header",
    "body",
    "html",
    "address",
    "h1",
    "h5",
    "h6",
    "br",
    "hr",
    "dl",
    "dt",
}
_BLOCKS = _ASIDE | _PROSE | _FRAMES | {"ol", "ul", "table", "thead", "tbody", "tr", "th", "td"}

_PUBLISHED = ("article:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date", "dcterms.date")
_AUTHOR = ("author", "article:author", "dc.creator")


def charset(data: bytes) -> str | None:
    """The charset a page declares in its first bytes, or None."""
    found = _CHARSET.search(data[:_CHARSET_SEARCH])
    return found.group(1).decode("ascii") if found else None


def page(text: str) -> Story:
    """The story in an HTML page, its title and text empty where there is none; takes time linear in the text."""
    return _Reader().read(text)


@dataclass(slots=True)
class _Segment:
    """A run of text between two block tags: its element, the article it stands in (0: none), and where else it is."""

    element: str
    article: int
    in_main: bool
    aside: bool
    text: str


@dataclass(slots=True)
class _Reader:
    """Walks the tags once, collecting segments and facts."""

    segments: list[_Segment] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    depths: dict[str, int] = field(default_factory=dict)
    element: str = ""
    article: int = 0
    pieces: list[str] = field(default_factory=list)

    def read(self, text: str) -> Story:
        position = 0
        while opening := _OPENING.search(text, position):
            self.pieces.append(text[position : opening.start()])
            position = self._markup(text, opening.start())
        self.pieces.append(text[position:])
        self._flush()
        return self._story()

    def _markup(self, text: str, at: int) -> int:
        """Handles what starts with the `<` at `at` and returns where reading goes on."""
        if text.startswith("<!--", at):
            return _after(text, "-->", at + 4)
        if text.startswith(("<!", "<?"), at):
            return _after(text, ">", at)
        tag = _TAG.match(text, at)
        if tag is None:
            return len(text)
        name = tag.group(2).lower()
        if tag.group(1):
            self._end(name)
            return tag.end()
        attributes = _attributes(tag.group(3))
        self._start(name, attributes)
        return self._opaque(name, attributes, text, tag.end()) if name in _OPAQUE else tag.end()

    def _opaque(self, name: str, attributes: dict[str, str], text: str, at: int) -> int:
        ending = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, at)
        inside = text[at : ending.start() if ending else len(text)]
        if name == "title" and not self.depths.get("svg"):
            self.facts.setdefault("title", _unescape(inside))
        elif attributes.get("type", "").lower() == "application/ld+json":
            self._linked_data(inside)
        return _after(text, ">", ending.start()) if ending else len(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _BLOCKS:
            self._flush()
            self.element = self.element if name == "br" else name
        if name in _ASIDE or name in ("article", "main"):
            self.depths[name] = self.depths.get(name, 0) + 1
            self.article += name == "article" and self.depths[name] == 1
        elif name in ("html", "body") and "lang" in attributes:
            self.facts.setdefault("language", attributes["lang"])
        elif name == "meta":
            key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            self.facts.setdefault(key.lower(), attributes.get("content", ""))
        elif name == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.facts.setdefault("canonical", attributes.get("href", ""))
        elif name == "time":
            self.times.append(attributes.get("datetime", ""))

    def _end(self, name: str) -> None:
        if name in _BLOCKS:
            self._flush()
            self.element = ""
        if self.depths.get(name):
            self.depths[name] -= 1

    def _flush(self) -> None:
        text = flat(_unescape("".join(self.pieces)))
        self.pieces.clear()
        if text:
            aside = any(self.depths.get(name) for name in _ASIDE)
            article = self.article if self.depths.get("article") else 0
            self.segments.append(_Segment(self.element, article, bool(self.depths.get("main")), aside, text))

    def _linked_data(self, text: str) -> None:
        """Takes date, author and headline from schema.org JSON-LD."""
        try:
            data = json.loads(text) if len(text) <= _DATA_LIMIT else None
        except (ValueError, RecursionError):
            return
        for thing in _things(data):
            for name in ("datePublished", "headline", "author"):
                value = thing.get(name)
                value = value[0] if isinstance(value, list) and value else value
                value = value.get("name") if isinstance(value, dict) else value
                if isinstance(value, str):
                    self.facts.setdefault(f"ld:{name}", _unescape(value))

    def _story(self) -> Story:
        text = clean("\n\n".join(segment.text for segment in _chosen(self.segments)))
        headings = [segment.text for segment in self.segments if segment.element == "h1"]
        title = one_line(self._fact("og:title", "ld:headline") or next(iter(headings), "") or self._page_title())
        return Story(
            title=title or first_sentence(text),
            text=text,
            author=one_line(self._fact("ld:author", *_AUTHOR)) or None,
            published_at=self._published(),
            language=language_code(self._fact("language", "og:locale")),
            url=web_address(self._fact("canonical", "og:url")),
            outlet=one_line(self._fact("og:site_name")) or None,
        )

    def _fact(self, *names: str) -> str:
        return next((value for name in names if (value := self.facts.get(name, "").strip())), "")

    def _page_title(self) -> str:
        """The `<title>` without the outlet's name behind it."""
        title, outlet = self._fact("title"), self._fact("og:site_name")
        return re.sub(rf"\s+[|–—-]\s+{re.escape(outlet)}\s*$", "", title) if outlet else title

    def _published(self) -> datetime | None:
        named = (self.facts.get(name, "") for name in ("ld:datePublished", *_PUBLISHED))
        return next(filter(None, map(moment, (*named, *self.times[:10]))), None)


def _after(text: str, end: str, start: int) -> int:
    """Where `end` is over, looking from `start`; the end of the text where it never comes (as browsers read it)."""
    found = text.find(end, start)
    return found + len(end) if found >= 0 else len(text)


def _attributes(text: str) -> dict[str, str]:
    """Attributes by name in lower case, the first of equal names."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text[:_ATTRIBUTES_LIMIT]):
        found.setdefault(name.lower(), _unescape(next(filter(None, values), "")))
    return found


def _unescape(text: str) -> str:
    # html.unescape turns digits into an int, and Python refuses thousands of them.
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _things(data: object) -> Iterator[dict[str, object]]:
    """The objects of a JSON-LD block: itself, a list's members, a `@graph`'s members."""
    for entry in data if isinstance(data, list) else [data]:
        if isinstance(entry, dict):
            yield entry
            graph = entry.get("@graph")
            yield from (thing for thing in (graph if isinstance(graph, list) else []) if isinstance(thing, dict))


def _chosen(segments: list[_Segment]) -> list[_Segment]:
    """The segments that are the story: the longest article, else main, else the page; its paragraphs where it has any.

    Pages that set most of their text without paragraphs are taken as they are.
    """
    shown = [segment for segment in segments if not segment.aside and segment.element != "h1"] or segments
    sizes: dict[int, int] = {}
    for segment in shown:
        if segment.article:
            sizes[segment.article] = sizes.get(segment.article, 0) + len(segment.text)
    longest = max(sizes, key=sizes.__getitem__, default=0)
    in_main = [segment for segment in shown if segment.in_main]
    region = [segment for segment in shown if segment.article == longest] if longest else in_main or shown
    prose = [segment for segment in region if segment.element in _PROSE]
    return prose if 2 * _length(prose) >= _length(region) else region


def _length(segments: list[_Segment]) -> int:
    return sum(len(segment.text) for segment in segments)
