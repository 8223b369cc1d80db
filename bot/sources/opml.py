"""Lists of sources as OPML 2.0 (opml.org/spec2): read with care, written so that reading again gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bot.core.errors import NotAFeed, TooLarge, Unreadable
from bot.sources.encoding import decode_web, xml_charset
from bot.sources.feeds import markup
from bot.sources.fields import clean, one_line, web_address
from bot.sources.trees import Element, xml_tree

SIZE_LIMIT = 5_000_000
OUTLINES_LIMIT = 20_000
_ATTRIBUTE_LIMIT = 4_000
_NAMES = {name.lower(): name for name in ("text", "title", "type", "xmlUrl", "htmlUrl", "language", "isComment")}
"""Attributes whose case tools disagree about."""
_KNOWN = ("title", "type", "xmlUrl", "htmlUrl", "language", "isComment")


@dataclass(frozen=True, slots=True)
class Outline:
    """A source (it has a `url`) or a group of outlines; `extra` are all other attributes, names as lxml writes them.

    `enabled` is False for an outline that is commented out (`isComment`), which holds for all in it.
    """

    title: str
    url: str | None = None
    site: str | None = None
    language: str | None = None
    type: str | None = None
    enabled: bool = True
    extra: tuple[tuple[str, str], ...] = ()
    children: tuple[Outline, ...] = ()


@dataclass(frozen=True, slots=True)
class Opml:
    """A list: its title, the other facts of its head, its outlines; `refused` says what was left out and why."""

    title: str = ""
    outlines: tuple[Outline, ...] = ()
    head: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A source of a list, with the titles of the groups it is in, outermost first."""

    outline: Outline
    groups: tuple[str, ...]
    enabled: bool


def read(data: bytes) -> Opml:
    """The list in `data`; sources that are not http or https addresses (files, folders) are refused, never taken.

    Raises NotAFeed for what is no OPML, TooLarge past a limit, Unreadable for what cannot be parsed.
    """
    if len(data) > SIZE_LIMIT:
        raise TooLarge(f"an OPML list larger than {SIZE_LIMIT // 1_000_000} MB")
    try:
        _, text = markup.root(decode_web(data, xml_charset(data)), frozenset(("opml",)))
    except NotAFeed as problem:
        raise NotAFeed("not an OPML list") from problem
    if text.lower().count("<outline") > OUTLINES_LIMIT:
        raise TooLarge(f"an OPML list of more than {OUTLINES_LIMIT:,} outlines")
    tree = xml_tree(markup.bounded(markup.mended(text)))
    if tree is None:
        raise Unreadable("an OPML list that cannot be parsed as XML")
    refused: list[str] = []
    outlines = [_outline(child, refused) for body in _named(tree, "body") for child in _named(body, "outline")]
    facts = [(part.tag, clean(part.text or "")) for head in _named(tree, "head") for part in head]
    head = tuple((name, text) for name, text in facts if isinstance(name, str) and text and name != "title")
    title = next((text for name, text in facts if name == "title"), "")
    return Opml(one_line(title), tuple(filter(None, outlines)), head, tuple(refused))


def write(opml: Opml) -> bytes:
    """The list as UTF-8 XML; `read` gives back an equal one."""
    tree = etree.Element("opml", version="2.0")
    head = etree.SubElement(tree, "head")
    for name, text in (("title", opml.title), *opml.head):
        etree.SubElement(head, name).text = text
    body = etree.SubElement(tree, "body")
    for outline in opml.outlines:
        _write(body, outline)
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def listed(outlines: tuple[Outline, ...], groups: tuple[str, ...] = (), enabled: bool = True) -> Iterator[Listed]:
    """Every source, depth first in the order of the list."""
    for outline in outlines:
        on = enabled and outline.enabled
        if outline.url:
            yield Listed(outline, groups, on)
        inner = groups if outline.url else (*groups, outline.title)
        yield from listed(outline.children, inner, on)


def _outline(element: Element, refused: list[str]) -> Outline | None:
    """The outline of an element, None where its address is refused and nothing is left of it."""
    said = {_NAMES.get(name.lower(), name): clean(text)[:_ATTRIBUTE_LIMIT] for name, text in element.attrib.items()}
    children = tuple(filter(None, (_outline(child, refused) for child in _named(element, "outline"))))
    title = one_line(said.get("title") or said.get("text") or "")
    address = said.get("xmlUrl", "")
    url = web_address(address.replace("feed://", "http://", 1).removeprefix("feed:"))
    if address and not url:
        refused.append(f"{title or 'a source'}: not an http or https address: {one_line(address, 200)}")
        if not children:
            return None
    text = one_line(said.pop("text", ""))
    extra = tuple((name, value) for name, value in said.items() if name not in _KNOWN)
    return Outline(
        title=title,
        url=url,
        site=web_address(said.get("htmlUrl", "")),
        language=one_line(said.get("language", ""), 35) or None,
        type=one_line(said.get("type", ""), 50) or None,
        enabled=said.get("isComment", "").lower() != "true",
        extra=(("text", text), *extra) if text and text != title else extra,
        children=children,
    )


def _write(parent: Element, outline: Outline) -> None:
    extra = dict(outline.extra)
    said = {
        "type": outline.type,
        "text": extra.pop("text", outline.title),
        "title": outline.title,
        "xmlUrl": outline.url,
        "htmlUrl": outline.site,
        "language": outline.language,
        "isComment": None if outline.enabled else "true",
        **extra,
    }
    element = etree.SubElement(parent, "outline", {name: value for name, value in said.items() if value is not None})
    for child in outline.children:
        _write(element, child)


def _named(element: Element, name: str) -> list[Element]:
    """The children of that name, whatever their namespace and case."""
    return [child for child in element if isinstance(child.tag, str) and child.tag.rpartition("}")[2].lower() == name]
