"""A fresh store for each test of a port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import open_store
from tests.contract.scene import NOW, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = open_store(tmp_path / "n.db", now=NOW)
    yield Scene(store)
    store.close()
