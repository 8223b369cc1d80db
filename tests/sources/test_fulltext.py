"""An article's page read for its text: walls leave the summary, and nothing hostile takes long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.fulltext import Reading, Wall, fulltext, wall
from tests.growth import costs_at_most

TITLE = "Forty officers sent to the northern border"
SUMMARY = "The agency will send forty officers to the northern border next month, its director said on Monday."
SENTENCES = (
    "The agency will send forty officers to the northern border next month, its director said on Monday.",
    "They are to help the local police with interviews and the registration of people who arrive by train.",
    "Mayors along the river had asked for support since the early summer, when two reception centres closed.",
    "A spokeswoman for the ministry called the plan a first step and promised figures before the end of the year.",
    "Aid groups that work at the station say that blankets, doctors and interpreters are missing far more than police.",
)
PARAGRAPHS = [" ".join(SENTENCES[index:] + SENTENCES[:index]) for index in range(4)]


def page(*paragraphs: str, head: str = "", around: str = "", title: str = TITLE) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title} - Wire</title>{head}</head><body>"
        f"<nav><a href=/>Home</a><a href=/world>World</a></nav><main><article><h1>{title}</h1>{body}</article></main>"
        f"{around}<footer><p>We use cookies. Subscribe to our newsletter. Privacy policy.</p></footer></body></html>"
    ).encode()


def read(data: bytes, charset: str | None = None) -> Reading:
    return fulltext(data, title=TITLE, summary=SUMMARY, charset=charset)


def test_the_article_is_found_and_its_surroundings_are_not() -> None:
    found = read(page(*PARAGRAPHS))
    assert found.whole
    assert found.text == "\n\n".join(PARAGRAPHS)


def test_scripts_and_styles_are_no_text_however_they_are_written() -> None:
    noise = '<SCRIPT>if (1 < 2) { x = "<p>not this</p>" }</Script ><style>p { x: y }</style><script src=x></script>'
    assert read(page(*PARAGRAPHS, head=noise, around=noise)).text == "\n\n".join(PARAGRAPHS)
    assert read(page(*PARAGRAPHS, around="<script>never closed <p>x</p>")).text == "\n\n".join(PARAGRAPHS)


def test_charsets_are_read_as_everywhere() -> None:
    text = " ".join(["Agencija će poslati četrdeset službenika na severnu granicu, kažu iz ministarstva."] * 12)
    data = page(text).replace(b"<meta charset=utf-8>", b"").decode().encode("cp1250")
    found = fulltext(data, summary="Agencija će poslati četrdeset službenika", charset="windows-1250")
    assert "četrdeset službenika" in found.text


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
        '<script type="application/ld+json">{"isAccessibleForFree":"False"}</script>',
        '<meta property="article:content_tier" content="locked">',
    ],
)
def test_a_page_that_says_it_is_paid_for_leaves_the_summary(head: str) -> None:
    assert read(page(*PARAGRAPHS, head=head)) == Reading(SUMMARY, wall=Wall.PAID)
    assert read(page(*PARAGRAPHS, head=head.replace("alse", "").replace("locked", "free"))).whole


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading this story and support our newsroom.",
        "Dieser Artikel ist nur für Abonnenten verfügbar.",
        "Cet article est réservé aux abonnés.",
        "Contenido exclusivo para suscriptores de nuestro diario.",
        "Ovaj tekst je dostupan samo za pretplatnike našeg portala.",
        "Чланак је доступан само за претплатнике.",
    ],
)
def test_the_beginning_of_a_paid_article_leaves_the_summary(line: str) -> None:
    assert read(page(SENTENCES[0], SENTENCES[1], line)) == Reading(SUMMARY, wall=Wall.PAID)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We and our partners store cookies on your device. Manage your consent and privacy settings.", Wall.CONSENT),
        ("Um der Nutzung mit Werbung und Tracking zuzustimmen: Ihre Einwilligung, Cookies, Datenschutz.", Wall.CONSENT),
        ("Korišćenjem sajta prihvatate kolačiće. Kolačići su male datoteke. Više o kolačićima.", Wall.CONSENT),
        ("Checking your browser before you access the site. Please enable JavaScript.", Wall.ROBOT),
        ("Please verify you are human by completing the captcha.", Wall.ROBOT),
        ("Access to this page has been denied.", Wall.ROBOT),
        ("The minister said cookies were served at the reception.", None),
        (" ".join(["The new law limits tracking and asks for consent before cookies are set."] * 60), None),
        (" ".join(SENTENCES), None),
        ("", None),
    ],
)
def test_walls_are_told_from_articles(text: str, expected: Wall | None) -> None:
    assert wall(text) is expected


def test_a_cookie_wall_leaves_the_summary() -> None:
    text = "We and our partners store cookies on your device. Manage your consent and your privacy settings here."
    found = read(page(text, text, title="Before you continue"))
    assert found == Reading(SUMMARY, wall=Wall.CONSENT)


def test_another_page_than_the_article_leaves_the_summary() -> None:
    other = (
        "Recipes from grandmother's kitchen are popular again, and bakers explain which flour makes bread rise best."
    )
    assert read(page(*[other] * 8, title="Bread")) == Reading(SUMMARY)


def test_a_page_with_no_more_than_the_summary_leaves_it() -> None:
    assert read(page(SENTENCES[0])).text == SUMMARY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01binary",
        b"%PDF-1.7 " + bytes(range(256)) * 40,
        b"<html><body>" + b"<div>" * 20_000 + b"x" + b"</div>" * 20_000,
        b"<html><body>" + b"<p>x</p>" * 300_000,
        b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(60_000)) + b">x",
        b'<html><body><p a=">" ' + b" ".join(b"a%d" % number for number in range(60_000)) + b">x",
        b"<html>" + b"<script>" * 100_000,
        b"<html>" + b"<" * 1_400_000,
        b"<p>" + b"x " * 700_000,
        b"<p>" + b"x" * 6_000_000,
    ],
)
def test_hostile_pages_cost_little_and_leave_the_summary(data: bytes) -> None:
    assert costs_at_most(300, read, data) == Reading(SUMMARY)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div", ">", "<!--", "-->", "&#0;", "&amp", "<table><td>", "word word ", "\ud800", "é"]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_markup_is_read_or_left(markup: str) -> None:
    found = fulltext(f"<html><body>{markup}".encode(errors="replace"), summary="short")
    assert found.text == "short" or found.whole
