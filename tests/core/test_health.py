"""How a source does, in one word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.health import Health, health_of, rank, tally
from bot.core.model import Source, SourceKind
from bot.core.poll import Standing

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WELL = Source(1, SourceKind.FEED, "https://wire.example/", "Wire", fetched_at=NOW)


@pytest.mark.parametrize(
    ("source", "health"),
    [
        (WELL, Health.OK),
        (replace(WELL, fetched_at=None), Health.OK),
        (replace(WELL, problem="answers 500"), Health.FAILING),
        (replace(WELL, problem="answers 500", standing=Standing.DEGRADED), Health.DEGRADED),
        (replace(WELL, problem="gone", standing=Standing.DISABLED), Health.DISABLED),
        (replace(WELL, silent_at=NOW), Health.SILENT),
        (replace(WELL, silent_at=NOW - DAY, fetched_at=NOW - 2 * DAY), Health.OK),
        (replace(WELL, silent_at=NOW - DAY, problem="answers 500"), Health.FAILING),
        (replace(WELL, enabled=False, problem="gone", standing=Standing.DISABLED), Health.OFF),
    ],
)
def test_how_a_source_does(source: Source, health: Health) -> None:
    assert health_of(source) is health


def test_a_tally_begins_with_those_that_do_well_then_the_worst() -> None:
    failing = replace(WELL, problem="answers 500")
    disabled = replace(failing, standing=Standing.DISABLED)
    sources = [failing, WELL, disabled, WELL, replace(WELL, enabled=False)]
    assert list(tally(sources).items()) == [
        (Health.OK, 2),
        (Health.DISABLED, 1),
        (Health.FAILING, 1),
        (Health.OFF, 1),
    ]
    assert sorted(sources, key=rank)[0] is disabled
