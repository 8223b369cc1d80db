"""Alerts: what articles raise, which of them leads its story, and how far their expansion has got.

Alerts are numbered as they are raised, by one writer at a time and never the same number twice, and are expanded in
that order. So one row says how far expansion has got: behind it every alert is finished, whatever it holds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from bot.core.errors import StoreError
from bot.core.model import Alert
from store.times import micros, moment

ALERTED = "SELECT 1 FROM alerts WHERE story_id = ? LIMIT 1"

RAISE_FIRST = """
    INSERT INTO alerts (article_id, story_id, query_id, raised_at, fresh)
    SELECT ?1, ?2, value, ?4, ?5 FROM json_each(?3)
"""
"""Of a story that has no alert yet every query's first one leads: half the work."""

RAISE = """
    INSERT INTO alerts (article_id, story_id, query_id, raised_at, fresh, leader)
    SELECT ?1, ?2, value, ?4, ?5, (
        SELECT coalesce(leader, id) FROM alerts
        WHERE story_id = ?2 AND query_id = value AND fresh >= ?5 ORDER BY fresh LIMIT 1
    ) FROM json_each(?3) WHERE NOT EXISTS (
        SELECT 1 FROM alerts WHERE story_id = ?2 AND query_id = value AND fresh = 1 - ?5 AND article_id = ?1
    )
    ON CONFLICT (story_id, query_id, fresh, article_id) DO NOTHING
"""
"""Any alert that is as fresh knows the one that leads; where there is none all are fresher, and any of them does.

The index tells stale ones from fresh ones, so that neither is looked for among thousands of the others. That an article
that was stale when it rang does not ring once more as a fresh one is for this statement to see.
"""

UNFINISHED = "expansion e CROSS JOIN alerts a ON e.id = 1 AND a.id >= e.alert_id + (e.reached IS NULL)"
"""Alerts `a` that are still to be expanded: the one that expansion is at, and all after it."""

FINISHED = "id < (SELECT alert_id + (reached IS NULL) FROM expansion WHERE id = 1)"
"""Alerts that are not."""

REACHED = "CASE a.id WHEN e.alert_id THEN e.reached ELSE 0 END"
"""The subscription that the expansion of an unfinished alert has got to."""

NEXT = f"""
    SELECT a.id, a.story_id, a.query_id, a.article_id, a.raised_at, a.leader IS NULL, a.fresh, {REACHED},
        coalesce((SELECT raised_at FROM alerts WHERE id = a.leader), a.raised_at)
    FROM {UNFINISHED} ORDER BY a.id LIMIT 1
"""  # noqa: S608

EXPANDED = f"""
    UPDATE expansion SET alert_id = :alert, reached = :reached
    WHERE id = 1 AND :alert = (SELECT a.id FROM {UNFINISHED} ORDER BY a.id LIMIT 1)
"""  # noqa: S608

ON_THEIR_WAY = f"""
    SELECT a.article_id, a.story_id, a.fresh FROM {UNFINISHED}
    WHERE a.query_id = :query AND a.id > :mark AND {REACHED} < :subscription ORDER BY a.id
"""  # noqa: S608
"""Those that are not finished and have not come to a subscription."""

UNEXPANDED_SINCE = f"SELECT a.raised_at FROM {UNFINISHED} ORDER BY a.id LIMIT 1"  # noqa: S608


def raise_alerts(
    connection: sqlite3.Connection, matches: Iterable[tuple[int, int, int]], now: datetime, *, fresh: bool
) -> int:
    """Raises (article id, story id, query id) once each; returns how many were new.

    One leads when no earlier alert of its (story, query) was at least as fresh.
    """
    new = 0
    for (article_id, story_id), together in groupby(matches, key=itemgetter(0, 1)):
        alerted = connection.execute(ALERTED, (story_id,)).fetchone()
        queries = json.dumps(list(dict.fromkeys(query for _, _, query in together)))
        raised = (article_id, story_id, queries, micros(now), fresh)
        new += connection.execute(RAISE if alerted else RAISE_FIRST, raised).rowcount
    return new


def next_alert(connection: sqlite3.Connection) -> tuple[Alert, int] | None:
    """The oldest alert not fully expanded, with the subscription id its expansion has reached."""
    row = connection.execute(NEXT).fetchone()
    if row is None:
        return None
    alert_id, story_id, query_id, article_id, raised_at, leads, fresh, reached, first = row
    return (
        Alert(alert_id, story_id, query_id, article_id, moment(raised_at), moment(first), bool(leads), bool(fresh)),
        reached,
    )


def expanded(connection: sqlite3.Connection, alert_id: int, reached: int | None) -> None:
    """Keeps how far the oldest unfinished alert's expansion has got, None when it is finished.

    StoreError, and nothing is kept, for any other alert: it would pass those before it over.
    """
    kept = connection.execute(EXPANDED, {"alert": alert_id, "reached": reached}).rowcount
    if not kept:
        raise StoreError(f"alert {alert_id} is not the one whose turn it is to be expanded")
