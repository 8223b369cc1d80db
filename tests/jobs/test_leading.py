"""A story is told by an article in a language that its reader reads, if one of it matched; and stays told by that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.following import leading
from bot.core.model import Article
from bot.core.ports import Limits
from tests.jobs.accounts import account
from tests.jobs.conftest import NOW, Newsbell

MINUTE = timedelta(minutes=1)
SERBIAN = account("ferry", 0, "Glas", language="sr")
ENGLISH = account("ferry", 1, "Post", language="en")
GERMAN = account("ferry", 2, "Bote", language="de")


def told(bell: Newsbell, *articles: Article) -> str:
    """What the chat is told of articles that come together, by its first line."""
    bell.take(*articles)
    bell.deliver()
    return bell.texts[-1].splitlines()[0]


@pytest.mark.parametrize(
    ("settings", "leads"),
    [
        ({}, SERBIAN),
        ({"language": "en"}, ENGLISH),
        ({"language": "sr-Cyrl"}, SERBIAN),
        ({"language": "en", "reads": ("de", "en")}, GERMAN),
        ({"reads": ("sr", "en")}, SERBIAN),
        ({"language": "en", "reads": ("sr",)}, SERBIAN),
    ],
)
def test_the_first_that_is_read_leads(bell: Newsbell, settings: dict[str, object], leads: Article) -> None:
    bell.chat(**settings)  # type: ignore[arg-type]
    bell.subscribe("frontex")
    assert told(bell, SERBIAN, GERMAN, ENGLISH) == leads.title
    assert all(outlet in bell.texts[0].splitlines()[1] for outlet in ("Glas", "Bote", "Post"))


def test_it_stays_where_no_other_is_read_and_where_nobody_knows_its_language(bell: Newsbell) -> None:
    bell.chat(language="en")
    bell.subscribe("frontex")
    assert told(bell, SERBIAN, GERMAN) == SERBIAN.title


def test_only_what_matched_leads(bell: Newsbell) -> None:
    bell.chat(language="en")
    bell.subscribe("frontex lang:sr")
    assert told(bell, SERBIAN, ENGLISH) == SERBIAN.title


def test_a_muted_outlet_does_not_lead(bell: Newsbell) -> None:
    chat = bell.chat(language="en")
    bell.subscribe("frontex")
    bell.app.store.write(lambda session: session.mutes.add(chat.id, "source:post", "source:post", NOW, None))
    assert told(bell, SERBIAN, ENGLISH) == SERBIAN.title


def test_every_article_is_told_by_itself(bell: Newsbell) -> None:
    bell.chat(language="en")
    bell.subscribe("frontex", every=True)
    bell.take(SERBIAN, ENGLISH)
    bell.deliver()
    assert all(article.title in bell.texts[0] for article in (SERBIAN, ENGLISH))


def test_what_led_is_kept_and_an_edit_leads_with_it(bell: Newsbell) -> None:
    bell.platform.limits = Limits(edits=True)
    chat = bell.chat(language="en")
    bell.subscribe("frontex")
    told(bell, SERBIAN, GERMAN, ENGLISH)
    [(line, *_)] = bell.app.store.read(lambda session: session.outbox.deliveries_of_story(chat.id, 1))
    archived = bell.app.store.read(lambda session: session.articles.get(line.owed.article_id))
    assert archived is not None
    assert archived.article.title == ENGLISH.title
    bell.take(account("ferry", 3, "Times", language="en"), now=NOW + MINUTE)
    bell.deliver(NOW + 5 * MINUTE)
    assert bell.platform.edited[0][1].startswith(ENGLISH.title)
    assert "+1 source: Times" in bell.platform.edited[0][1]


def test_an_edit_leads_with_an_account_that_can_be_read_once_there_is_one(bell: Newsbell) -> None:
    bell.platform.limits = Limits(edits=True)
    bell.chat(language="en")
    bell.subscribe("frontex")
    assert told(bell, SERBIAN) == SERBIAN.title
    bell.take(ENGLISH, now=NOW + MINUTE)
    bell.deliver(NOW + 5 * MINUTE)
    assert bell.platform.edited[0][1].startswith(f"{ENGLISH.title}\nPost, Glas ·")
    bell.take(GERMAN, account("ferry", 3, "Times", language="en"), now=NOW + 6 * MINUTE)
    bell.deliver(NOW + 15 * MINUTE)
    assert bell.platform.edited[1][1].startswith(f"{ENGLISH.title}\nPost, Glas ·")
    assert "+2 sources: Bote and Times" in bell.platform.edited[1][1]
    assert len(bell.texts) == 1


def test_a_digest_leads_so_too(bell: Newsbell) -> None:
    bell.chat(language="en")
    bell.subscribe("frontex", cadence="daily 10:00")
    bell.take(SERBIAN, ENGLISH)
    bell.deliver(NOW + timedelta(hours=1))
    assert f"• {ENGLISH.title}\n  Post, Glas ·" in bell.texts[0]


LANGUAGES = st.sampled_from(("en", "sr", "de", None))


@given(
    LANGUAGES, st.lists(st.tuples(st.integers(1, 9), LANGUAGES), unique_by=lambda other: other[0]), st.sets(LANGUAGES)
)
def test_whoever_leads_is_read_or_the_first(
    language: str | None, others: list[tuple[int, str | None]], read: set[str | None]
) -> None:
    reads = tuple(code for code in read if code)
    found = leading(language, others, reads)
    if found is None:
        assert language is None or language in reads or not any(other in reads for _, other in others)
    else:
        assert dict(others)[found] in reads
        assert language not in reads
