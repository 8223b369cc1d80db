"""An empty archive for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.archive import Archive, archive_in_memory


@pytest.fixture
def archive() -> Iterator[Archive]:
    with archive_in_memory() as archive:
        yield archive
