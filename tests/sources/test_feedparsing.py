"""What spares feedparser work changes nothing of what it says."""

from __future__ import annotations

import io
from copy import copy, deepcopy
from xml.sax import handler, xmlreader
from xml.sax.expatreader import ExpatParser

import feedparser
import pytest

from bot.sources.feeds import feedparsing
from bot.sources.feeds.driver import Driver
from bot.sources.feeds.fields import Problems

KEYS = ("title", "href", "id", "guid", "summary", "description", "published", "date", "nothing")
NAMED = b"""<r xmlns='http://a.example/' xmlns:b='http://b.example/' xml:lang='sr' b:c='1' d='2'>\xc4\x8d&amp;
<b:e d='3'/><f xmlns=''>g<b:e/></f></r>"""


@pytest.mark.parametrize("key", KEYS)
def test_dictionaries_of_feedparser_answer_as_before(key: str) -> None:
    for held in ({}, {"title": "a", "id": "b", "href": None, "summary": "c"}, {"published": "d", "subtitle": "e"}):
        holder = feedparser.FeedParserDict(held)
        assert feedparsing._get(holder, key, 7) == feedparsing._get_otherwise(holder, key, 7)


def test_dictionaries_of_feedparser_are_copied_to_their_depths() -> None:
    feedparsing.parsed("<rss><channel><title>a</title></channel></rss>", Problems())
    holder = feedparser.FeedParserDict(title="a", links=[feedparser.FeedParserDict(href="b")])
    holder["self"] = holder["links"][0]
    found = deepcopy(holder)
    assert (type(found), found) == (feedparser.FeedParserDict, copy(holder))
    assert found["self"] is found["links"][0] is not holder["links"][0]


@pytest.mark.parametrize("text", ["", "a", "\x80uro", "Ц\x85", "č\x9f", "漢字\x81", "\xa0"])
def test_characters_of_windows_1252_are_put_right_where_there_are_any(text: str) -> None:
    table = {**feedparser.mixin._cp1252}
    found = feedparsing._kept("title", text).translate(table)
    assert (type(found), found) == (str, text.translate(table))


@pytest.mark.parametrize("base", ["", "https://a.example/b/", "https://[", "c"])
@pytest.mark.parametrize("uri", ["", "d", "../e?f", "https:///g.example//h", "https://[", "tag:i"])
def test_addresses_are_joined_as_before(base: str, uri: str) -> None:
    assert feedparsing._joined(feedparser.urls._urljoin, base, uri) == feedparser.urls._urljoin(base, uri)


class _Told(handler.ContentHandler):
    """Writes down what an XML reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: xmlreader.AttributesNSImpl
    ) -> None:
        said = [(each, attrs.getValueByQName(each)) for each in attrs.getQNames()]
        self.told.append((name, qname, attrs.items(), said))

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self.told.append((name, qname))


@pytest.mark.parametrize("text", [NAMED, NAMED.replace(b"b:", b"h:").replace(b":b=", b":h=")])
def test_names_are_taken_apart_as_the_standard_library_does(text: bytes) -> None:
    heard = []
    for reader in (Driver(), ExpatParser()):
        listening = _Told()
        reader.setFeature(handler.feature_namespaces, True)
        reader.setContentHandler(listening)
        reader.parse(io.BytesIO(text))
        heard.append(listening.told)
    assert heard[0] == heard[1] != []
