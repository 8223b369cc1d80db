"""XML and HTML from outside as element trees: nothing is loaded, no entity is expanded, depth and size are bounded."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""An lxml element."""
Parser: TypeAlias = Any
"""An lxml parser."""


def xml_tree(text: str) -> Element | None:
    """The root of an XML text without declaration, what is broken left out; None where nothing can be read."""
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return _tree(text, parser)


def html_tree(text: str) -> Element | None:
    """The root of an HTML page, None for an empty one."""
    return _tree(text, etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True))


def _tree(text: str, parser: Parser) -> Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
