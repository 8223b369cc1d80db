"""HTML pages as stories, tidy and hostile."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.markup import charset, page
from tests.growth import grows_in_step, repeated

PAGE = """<!DOCTYPE html>
<html lang="sr-Latn-RS"><head>
<meta charset="utf-8"><title>Nova pravila na granici | Granica info</title>
<meta property="og:title" content="Nova pravila na granici &amp; u vozovima">
<meta property="og:site_name" content="Granica info">
<meta property='article:published_time' content='2026-11-20T09:30:00+01:00'>
<meta name=author content="Ana Ani&#263;">
<link rel="canonical" href="https://example.org/a?b=1&amp;c=2">
<style>p > a { color: red }</style>
<script>if (1 < 2) document.write("<p>Not a story</p>");</script>
</head><body>
<nav><p>Home</p><ul><li>Politics</li></ul></nav>
<main><article>
<header><h1>Nova pravila</h1><p>By Ana Anić</p></header>
<p>Od ponedeljka <b>važe</b> nova
   pravila.</p>
<!-- <p>A draft.</p> -->
<figure><img src=x><figcaption>A picture</figcaption></figure>
<h2>Šta se menja</h2>
<p>Putnici čekaju<br>kraće.
<p>Tako kaže policija &lt;sutra&gt;.
<aside><p>Read also</p></aside>
</article></main>
<footer><p>All rights reserved</p></footer>
</body></html>"""


def test_a_page_gives_its_story_and_what_it_says_of_itself() -> None:
    found = page(PAGE)
    assert found.title == "Nova pravila na granici & u vozovima"
    assert found.text.split("\n\n") == [
        "By Ana Anić",
        "Od ponedeljka važe nova pravila.",
        "Šta se menja",
        "Putnici čekaju",
        "kraće.",
        "Tako kaže policija <sutra>.",
    ]
    assert found.published_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert (found.language, found.author, found.outlet) == ("sr", "Ana Anić", "Granica info")
    assert found.url == "https://example.org/a?b=1&c=2"


@pytest.mark.parametrize(
    ("html", "title", "text"),
    [
        ("<h1>Head</h1><p>Body.</p>", "Head", "Body."),
        ("<title>Head – Paper</title><p>Body.</p>", "Head – Paper", "Body."),
        ("<title>Head – Paper</title><meta property=og:site_name content=Paper><p>Body.</p>", "Head", "Body."),
        ("<p>First sentence. Second.</p>", "First sentence.", "First sentence. Second."),
        ("just words", "just words", "just words"),
        ("<div>One</div><div>Two</div>", "One", "One\n\nTwo"),
        ("<p>1 < 2 and a<b</p>", "1 < 2 and a", "1 < 2 and a"),
        ("<svg><title>Icon</title></svg><title>Head</title><p>Body.</p>", "Head", "Body."),
        ("<p title='a > b'>Kept</p>", "Kept", "Kept"),
        ('<p title="unclosed>Kept</p>', "Kept", "Kept"),
        ("<P>UPPER<BR/>case</P>", "UPPER", "UPPER\n\ncase"),
        ("<article><p>Ad</p></article><article><p>The long one</p></article>", "The long one", "The long one"),
        ("<article><p>Ad</p>Set without<br>paragraphs.</article>", "Ad", "Ad\n\nSet without\n\nparagraphs."),
        ("<article>By A. B.<p>One long paragraph</p></article>", "One long paragraph", "One long paragraph"),
        ("<p>Outside</p><main><p>Inside</p></main>", "Inside", "Inside"),
        ("<nav><p>Never closed", "Never closed", "Never closed"),
        ("<p>&#x41;&nbsp;&bogus; &#999999999999; &amp;lt;</p>", "A &bogus; \ufffd &lt;", "A &bogus; \ufffd &lt;"),
        ("<p>a\u0000b\x1b[31mc</p>", "ab[31mc", "ab[31mc"),
        ("<script>var x = 1", "", ""),
        ("<p>Before</p><!-- never closed <p>After</p>", "Before", "Before"),
        ("<p>Before</p><a href='", "Before", "Before"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_odd_pages(html: str, title: str, text: str) -> None:
    found = page(html)
    assert (found.title, found.text) == (title, text)


def test_linked_data_says_when_and_who() -> None:
    found = page(
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"datePublished": "2026-11-20", '
        '"headline": "From data", "author": [{"name": "Ana"}, {"name": "Vuk"}]}]}</script>'
        '<script type="application/ld+json">{broken</script><h1>From the page</h1><p>Body.</p>'
    )
    assert (found.title, found.author, found.published_at) == ("From data", "Ana", datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/relative", "https://", "http://[", "ftp://example.org/"])
def test_only_web_addresses_are_kept(url: str) -> None:
    assert page(f'<link rel=canonical href="{url}"><p>Body.</p>').url is None


def test_a_time_element_dates_a_page_without_metadata() -> None:
    assert page("<time datetime='soon'><time datetime=2026-11-20><p>x").published_at == datetime(
        2026, 11, 20, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'<meta charset="windows-1250">', "windows-1250"),
        (b"<META http-equiv='Content-Type' content='text/html; CHARSET=utf-8'>", "utf-8"),
        (b"<p>charset=utf-8", None),
        (b" " * 5_000 + b'<meta charset="utf-8">', None),
    ],
)
def test_the_declared_charset(data: bytes, expected: str | None) -> None:
    assert charset(data) == expected


HOSTILE = {
    "brackets": "<",
    "comments": "<!--",
    "paragraphs": "<p>",
    "names": "<a" + "b" * 5_000,
    "attributes": "<a " + "b" * 5_000 + ">",
    "quotes": '<a b="',
    "mixed quotes": "<a b='\"",
    "equals": "<a = ",
    "scripts": "<script>",
    "titles": "<title>",
    "ends": "</a ",
    "entities": "&a",
    "numbers": "&#" + "9" * 5_000,
    "nesting": "<div><article><nav>",
    "data": '<script type="application/ld+json">' + "[" * 5_000 + "</script>",
    "metas": "<meta name=a content=b>",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_no_faster_than_the_page(piece: str) -> None:
    grows_in_step(repeated(piece), page, 20_000)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "</",
                "p",
                "a ",
                "=",
                '"',
                "'",
                "<!--",
                "-->",
                "<p>",
                "</p>",
                "<script>",
                "</script>",
                "<article>",
                "</article>",
                "&",
                ";",
                "#",
                "text",
                " ",
                "\0",
                "ж",
            ]
        ),
        max_size=40,
    )
)
def test_no_soup_breaks_the_reader(soup: list[str]) -> None:  # fmt: skip
    found = page("".join(soup))
    assert "\0" not in found.text + found.title
