"""A watched folder from fetch to fetch."""

import asyncio
import gzip
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import Forbidden, Unreachable
from bot.core.model import Fetched, Outlook, Source, SourceKind
from bot.sources.files import read
from bot.sources.folder import Folder

GZIPPED = gzip.compress(b'{"title": "One"}', mtime=0)
NOW = datetime(2026, 11, 24, 3, 10, tzinfo=UTC)


class Watch:
    """A folder source that remembers its state between fetches, as the store does."""

    def __init__(self, folder: Path, kind: SourceKind = SourceKind.FOLDER) -> None:
        self.source = Source(1, kind, str(folder), folder.name)

    def fetch(self) -> Fetched:
        fetched = asyncio.run(Folder().fetch(self.source, NOW))
        self.source = replace(self.source, state=fetched.state)
        return fetched

    def guids(self) -> list[str]:
        return [article.guid for article in self.fetch().articles]

    def refused(self) -> list[str]:
        return [refused.id for refused in self.fetch().refused]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def watch(folder: Path) -> Watch:
    return Watch(folder)


def touch(path: Path, content: str | bytes, seconds: int) -> None:
    """Writes a file as if `seconds` into the day, however fast the test runs."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (seconds, seconds))


def test_a_new_file_comes_once(folder: Path, watch: Watch) -> None:
    assert watch.guids() == []
    touch(folder / "a.txt", "A story.", 1)
    assert watch.guids() == ["a.txt"]
    assert watch.guids() == []


def test_an_unchanged_folder_leaves_the_state_as_it_is(folder: Path, watch: Watch) -> None:
    touch(folder / "a.txt", "A story.", 1)
    touch(folder / "b.jsonl", '{"title": "B"}\n', 1)
    first = watch.fetch().state
    assert watch.fetch().state == first


def test_a_changed_file_comes_again(folder: Path, watch: Watch) -> None:
    touch(folder / "a.txt", "A story.", 1)
    watch.fetch()
    touch(folder / "a.txt", "A s7ory.", 2)
    assert [article.text for article in watch.fetch().articles] == ["A s7ory."]


def test_a_file_that_went_and_came_back_comes_again(folder: Path, watch: Watch) -> None:
    touch(folder / "a.txt", "A story.", 1)
    watch.fetch()
    (folder / "a.txt").unlink()
    assert watch.guids() == []
    touch(folder / "a.txt", "A story.", 1)
    assert watch.guids() == ["a.txt"]


def test_equal_names_in_two_folders_are_two_articles(folder: Path, watch: Watch) -> None:
    touch(folder / "one" / "a.txt", "A story.", 1)
    touch(folder / "two" / "a.txt", "Another story.", 1)
    fetched = watch.fetch()
    assert [(article.guid, article.source) for article in fetched.articles] == [
        ("one/a.txt", "one"),
        ("two/a.txt", "two"),
    ]


def test_what_is_refused_is_said_once(folder: Path, watch: Watch) -> None:
    touch(folder / "a.pdf", "%PDF", 1)
    touch(folder / "b.jsonl", '{"title": "B"}\n{\n', 1)
    (folder / "gone.txt").symlink_to("nowhere.txt")
    assert watch.refused() == ["a.pdf", "b.jsonl:2", "gone.txt"]
    assert watch.refused() == []


def test_a_half_written_line_is_awaited(folder: Path, watch: Watch) -> None:
    touch(folder / "a.jsonl", '{"title": "One"}\n{"title": "Tw', 1)
    fetched = watch.fetch()
    assert [article.title for article in fetched.articles] == ["One"]
    assert fetched.refused == ()
    touch(folder / "a.jsonl", '{"title": "One"}\n{"title": "Two"}', 2)
    assert [article.title for article in watch.fetch().articles] == ["One", "Two"]
    assert watch.fetch() == Fetched((), (), Outlook(watch.source.state))


@pytest.mark.parametrize(
    ("name", "content", "refused"),
    [
        ("a.jsonl", b'{"title": "One"}\n{"title": "Tw', "a.jsonl:2"),
        ("a.jsonl", b'{"title": "\xc4', "a.jsonl:1"),
        ("a.txt", b"", "a.txt"),
        ("a.html", b"<html>", "a.html"),
        ("a.jsonl.gz", GZIPPED[:-9], "a.jsonl.gz"),
    ],
)
def test_what_stays_half_written_is_refused_in_the_end(
    folder: Path, watch: Watch, name: str, content: bytes, refused: str
) -> None:
    touch(folder / name, content, 1)
    assert watch.refused() == []
    assert watch.refused() == [refused]
    assert watch.refused() == []


def test_a_file_written_to_while_it_is_read_is_left_for_later(
    folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(folder / "a.txt", "Half a sto", 1)

    def read_while_written(path: Path, **options: object) -> object:
        items = list(read(path, **options))  # type: ignore[arg-type]
        touch(path, "Half a story, now whole.", 2)
        return iter(items)

    monkeypatch.setattr("bot.sources.folder.read", read_while_written)
    assert watch.fetch().articles == ()
    monkeypatch.undo()
    assert [article.text for article in watch.fetch().articles] == ["Half a story, now whole."]


def test_seeds_are_dated_from_the_day_they_are_planted(folder: Path) -> None:
    touch(folder / "a.jsonl", '{"title": "T", "published": "-1d 10:00", "sample": true}\n', 1)
    (sample,) = Watch(folder, SourceKind.SEEDS).fetch().articles
    assert sample.published_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    (undated,) = Watch(folder).fetch().articles
    assert undated.published_at is None


@pytest.mark.parametrize(
    "state", ["nonsense", "[]", '{"done": 1, "unfinished": {}}', '{"done": {"a.txt": "x"}, "unfinished": {}}']
)
def test_a_state_that_makes_no_sense_is_begun_anew(folder: Path, watch: Watch, state: str) -> None:  # fmt: skip
    touch(folder / "a.txt", "A story.", 1)
    watch.source = replace(watch.source, state=state)
    assert watch.guids() == ["a.txt"]
    assert watch.guids() == []


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="no such folder"):
        Watch(tmp_path / "missing").fetch()
    touch(tmp_path / "file", "words", 1)
    with pytest.raises(Unreachable, match="not a folder"):
        Watch(tmp_path / "file").fetch()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_a_folder_without_permission_says_so(folder: Path) -> None:
    folder.chmod(0)
    try:
        with pytest.raises(Forbidden, match="permissions"):
            Watch(folder).fetch()
    finally:
        folder.chmod(0o700)
