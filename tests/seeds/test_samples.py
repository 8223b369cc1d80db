"""The shipped articles and topics: each sample is what it says, and every topic is right on every one of them."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.core.model import Article, Refused
from bot.matching.accounts import weighed_in
from bot.matching.canonical import write
from bot.matching.evidence import Weighed, Wording
from bot.matching.text import analyse, languages_of
from bot.matching.topics import Topics
from bot.sources.files import expand, read

SEEDS = Path(__file__).parents[2] / "seeds"
DOCUMENT = "000_f6be979400d58779.txt"
EXPECTED: dict[str, list[str]] = json.loads(Path(__file__).with_name("expected.json").read_text("utf-8"))
PLANTED_AT = datetime(2026, 3, 29, 12, tzinfo=UTC)
LANGUAGES = ("en", "sr", "bs", "hr", "sq", "mk", "bg", "el", "ro", "de", "it", "fr", "tr")


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    found = [item for path in expand([SEEDS / "articles"]) for item in read(path, planted_at=PLANTED_AT)]
    assert not [item for item in found if isinstance(item, Refused)]
    return {item.guid: item for item in found if isinstance(item, Article)}


@pytest.fixture(scope="module")
def samples(articles: dict[str, Article]) -> list[Article]:
    return [article for guid, article in articles.items() if guid != DOCUMENT]


@pytest.fixture(scope="module")
def topics() -> Topics:
    return Topics.load(SEEDS / "topics")


def test_every_article_has_an_expectation(articles: dict[str, Article]) -> None:
    assert sorted(articles) == sorted(EXPECTED)


@pytest.mark.parametrize("guid", EXPECTED)
def test_topics_are_right(guid: str, articles: dict[str, Article], topics: Topics) -> None:
    assert list(topics.tags(analyse(articles[guid]))) == EXPECTED[guid]


@pytest.mark.parametrize("guid", EXPECTED)
def test_topics_are_right_where_the_language_is_detected(
    guid: str, articles: dict[str, Article], topics: Topics
) -> None:
    article = articles[guid]
    bare = Article(guid=guid, title=article.title, text=article.text, source=article.source)
    assert list(topics.tags(analyse(bare))) == EXPECTED[guid]


def test_samples_are_marked_and_lead_nowhere_real(samples: list[Article]) -> None:
    for sample in samples:
        assert sample.sample
        assert sample.url is None or urlsplit(sample.url).hostname == "example.org"


def test_samples_cover_the_languages_and_both_serbian_scripts(samples: list[Article]) -> None:
    count = Counter(sample.language for sample in samples)
    assert count["en"] >= 10
    assert all(count[language] >= 2 for language in LANGUAGES)
    serbian = [bool(re.search("[а-я]", sample.text)) for sample in samples if sample.language == "sr"]
    assert min(Counter(serbian).values()) >= 2


def test_the_language_given_is_the_one_detected(samples: list[Article]) -> None:
    """A label that is wrong would be stemmed as the wrong language; the BCMS standards count as one."""
    for sample in samples:
        detected = analyse(Article(guid="", title=sample.title, text=sample.text, source="")).language
        bcms = languages_of("bcms")
        assert detected == sample.language or {detected, sample.language} <= set(bcms), sample.guid


def test_samples_are_short_articles_of_the_last_four_weeks(samples: list[Article]) -> None:
    ages = []
    for sample in samples:
        assert 60 <= len(sample.text.split()) <= 160, sample.guid
        assert sample.published_at is not None
        ages.append(PLANTED_AT - sample.published_at)
    assert timedelta(0) < min(ages)
    assert timedelta(days=21) < max(ages) < timedelta(days=28)
    assert sum(age <= timedelta(days=2) for age in ages) >= 6


def test_each_topic_has_fresh_and_old_news_from_several_outlets(samples: list[Article]) -> None:
    for topic in ("migration", "balkans", "border-funding"):
        tagged = [sample for sample in samples if topic in EXPECTED[sample.guid]]
        assert len({sample.source for sample in tagged}) >= 8
        ages = sorted(PLANTED_AT - sample.published_at for sample in tagged if sample.published_at)
        assert ages[0] <= timedelta(days=2)
        assert ages[-1] >= timedelta(days=14)


def test_some_articles_only_look_like_a_topic() -> None:
    assert sum(not topics for topics in EXPECTED.values()) >= 8


def test_every_signal_that_decides_speaks_all_languages(topics: Topics) -> None:
    """Somebody who reads one language only is told as much: together, the signals of a topic say it in each."""
    languages = {"sr", *LANGUAGES} - {"bs", "hr"} | {"es", "hu", "sl"}
    for topic in topics:
        weighed = weighed_in(topics.definition(topic.name))
        assert weighed is not None
        for kind in (False, True):
            said = [wording for signal in weighed.signals if signal.supports is kind for wording in signal.words]
            assert languages <= {wording.language for wording in said}, topic.name
        for language in languages:
            terms = {term for wording in leading(weighed) if wording.language == language for term in wording.terms}
            assert len(terms) >= 20, (topic.name, language)


def leading(weighed: Weighed) -> list[Wording]:
    """What speaks for a topic by itself."""
    return [wording for signal in weighed.signals if signal.points > 0 for wording in signal.words]


@pytest.mark.parametrize("name", ["migration", "balkans", "border-funding"])
def test_every_name_of_a_topic_means_it(name: str, topics: Topics) -> None:
    topic = topics.get(name)
    assert topic is not None
    for text in (topic.name, topic.title, *topic.aliases):
        assert topics.named(text) == topic
        assert topics.named(f'"{text}"') is None


def test_a_topic_is_added_by_adding_a_file(tmp_path: Path) -> None:
    shutil.copytree(SEEDS / "topics", tmp_path, dirs_exist_ok=True)
    (tmp_path / "storks.toml").write_text(
        'name = "storks"\ntitle = "Storks"\ndescription = "Storks."\nterms.en = ["stork"]\nterms.it = ["cicogna"]\n'
    )
    assert [topic.name for topic in Topics.load(tmp_path)] == ["balkans", "border-funding", "migration", "storks"]
    assert write(Topics.load(tmp_path).definition("storks")) == "stork OR cicogna"
