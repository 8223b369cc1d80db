"""A fresh store for each test of a port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.scene import Scene
from tests.fresh import fresh_store


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = fresh_store(tmp_path / "n.db")
    yield Scene(store)
    store.close()
