"""Scan: the watched folder, first looked at, then rung for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.jobs.conftest import NOW, Newsbell


def put(folder: Path, name: str, title: str) -> None:
    """A file with one article."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"title": title, "text": f"{title} today.", "language": "en"}) + "\n")


def test_what_lies_in_the_folder_at_first_does_not_ring_and_what_comes_later_does(
    bell: Newsbell, tmp_path: Path
) -> None:
    bell.subscribe("frontex")
    put(tmp_path / "inbox", "old.jsonl", "Frontex was here")
    assert bell.scan() == ["Frontex was here"]
    assert bell.deliver().sent == 0
    put(tmp_path / "inbox", "new.jsonl", "Frontex is back")
    assert bell.scan(NOW + timedelta(seconds=2)) == ["Frontex is back"]
    assert bell.deliver(NOW + timedelta(seconds=2)).sent == 1


def test_nothing_new_costs_no_write(bell: Newsbell, tmp_path: Path) -> None:
    put(tmp_path / "inbox", "old.jsonl", "Frontex was here")
    bell.scan()
    before = (tmp_path / "n.db-wal").stat().st_mtime_ns
    assert bell.scan(NOW + timedelta(seconds=2)) == []
    assert (tmp_path / "n.db-wal").stat().st_mtime_ns == before


def test_a_folder_that_goes_away_is_a_problem_until_it_is_back(bell: Newsbell, tmp_path: Path) -> None:
    bell.scan()
    (tmp_path / "inbox").rename(tmp_path / "moved")
    bell.scan()
    [source] = bell.app.store.read(lambda session: session.sources.all())
    assert source.problem
    (tmp_path / "moved").rename(tmp_path / "inbox")
    bell.scan(NOW + timedelta(seconds=2))
    [source] = bell.app.store.read(lambda session: session.sources.all())
    assert source.problem is None


def test_one_bad_file_does_not_stop_the_others(bell: Newsbell, tmp_path: Path) -> None:
    bell.scan()
    put(tmp_path / "inbox", "good.jsonl", "Frontex is back")
    (tmp_path / "inbox" / "bad.jsonl").write_bytes(b"\x00\x01\x02")
    (tmp_path / "inbox" / "broken.jsonl").write_text("{not json}\n")
    assert bell.scan(NOW + timedelta(seconds=2)) == ["Frontex is back"]
