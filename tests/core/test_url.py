"""Which addresses are the same article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.url import canonical_url

SAME = [
    ("https://www.bbc.co.uk/news/1", "http://bbc.co.uk/news/1/"),
    ("https://BBC.co.uk/news/1", "https://bbc.co.uk:443/news/1#comments"),
    ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
    ("https://a.example/x?id=7&fbclid=abc", "https://a.example/x?gclid=1&id=7"),
    ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
    ("https://amp.a.example/x", "https://a.example/x"),
    ("https://www.a.example/x/amp/", "https://a.example/x"),
    ("https://a.example/amp/x", "https://a.example/x"),
    ("https://a.example/x.amp.html", "https://a.example/x.html"),
    ("https://a.example/x?amp=1&outputType=amp", "https://a.example/x"),
    ("https://user:pw@a.example/x", "https://a.example/x"),
    ("https://a.example", "http://www.a.example/"),
    ("https://a.example./x", "https://a.example/x"),
    (" https://a.example/x\n", "https://a.example/x"),
]
DIFFERENT = [
    ("https://a.example/x", "https://a.example/y"),
    ("https://a.example/x?id=1", "https://a.example/x?id=2"),
    ("https://a.example/?p=1", "https://a.example/?p=2"),
    ("https://a.example/X", "https://a.example/x"),
    ("https://a.example:8080/x", "https://a.example/x"),
    ("https://a.example/x", "https://b.example/x"),
    ("https://a.example/x?source=7", "https://a.example/x?source=8"),
    ("https://a.example/x?12345", "https://a.example/x?12346"),
    ("https://a.example/camp/x", "https://a.example/x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_article(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_article(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("text", ["", "not a url", "http://[bad", "file:///x", "mailto:a@b.example"])
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert canonical_url(f" {text} ") == text


ADDRESSES = st.text("abmp/?&=.:%@[]č\ud800", max_size=20).map("https://a.example/".__add__)


@given(ADDRESSES)
def test_how_a_reader_came_never_counts(url: str) -> None:
    form = canonical_url(url)
    form.encode()
    joint = "&" if "?" in url else "?"
    assert canonical_url(f"{url}{joint}utm_source=x") == canonical_url(f"{url}{joint}gclid=y#top") == form


@given(st.text())
def test_any_text_has_a_form_that_can_be_stored(text: str) -> None:
    canonical_url(text).encode()
