"""The newsroom of the tests of commands: founded once, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.newsroom import Newsroom, found, open_newsroom


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newsroom's articles."""
    path = tmp_path_factory.mktemp("newsroom") / "template.db"
    found(path)
    return path


@pytest.fixture
def room(tmp_path: Path, template: Path) -> Iterator[Newsroom]:
    """A newsroom of its own."""
    newsroom = open_newsroom(tmp_path / "news.db", template)
    yield newsroom
    newsroom.app.close()
