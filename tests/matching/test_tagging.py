"""Tagging a batch is tagging each of its documents."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.batches import read_files
from bot.core.model import Article
from bot.matching.percolator import Percolator
from bot.matching.tagging import Tagger
from bot.matching.text import analyse
from bot.matching.topics import Topics
from bot.setting_paths import seeds

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_batch_is_tagged_as_its_documents_are() -> None:
    topics = Topics.load(seeds() / "topics")
    entries = read_files(seeds() / "articles", NOW)
    documents = [analyse(entry) for entry in entries if isinstance(entry, Article)]
    tagged = Tagger(topics.definitions, Percolator(1))(documents)
    assert tagged == [topics.tags(document) for document in documents]
    assert {*map(len, tagged)} == {0, 1, 2, 3}


def test_nothing_is_tagged_without_topics() -> None:
    assert Tagger({}, Percolator(1))([analyse(Article("", "Kosovo", "Serbia", "x"))]) == [()]
    assert Tagger({}, Percolator(1))([]) == []
