"""The percolator that is obviously right."""

from __future__ import annotations

from threading import Thread

from bot.core.model import Article
from bot.core.ports import Percolator
from bot.matching.document import Document
from bot.matching.query import parse
from bot.matching.syntax import Node
from bot.matching.text import analyse
from store.oracle import Oracle


def documents(*texts: str) -> list[Document]:
    return [analyse(Article("", "", text, "x", language="en")) for text in texts]


def test_matches_are_sorted_by_query_then_place_in_the_batch() -> None:
    oracle: Percolator[Node, Document] = Oracle()
    for query_id, typed in ((9, "border"), (2, "migrants"), (5, "cross-border")):
        oracle.add(query_id, parse(typed))
    batch = documents("migrant at the border", "nothing", "cross borders", "the cross-border migrants")
    assert oracle.percolate(batch) == [(2, 0), (2, 3), (5, 2), (5, 3), (9, 0), (9, 2), (9, 3)]


def test_queries_come_change_and_go() -> None:
    oracle = Oracle()
    batch = documents("migrants", "border")
    oracle.remove(1)
    assert oracle.percolate(batch) == []
    oracle.add(1, parse("migrants"))
    assert oracle.percolate(batch) == [(1, 0)]
    oracle.add(1, parse("border"))
    assert oracle.percolate(batch) == [(1, 1)]
    assert oracle.percolate([]) == []
    oracle.remove(1)
    assert oracle.percolate(batch) == []


def test_a_language_met_for_the_first_time_is_understood() -> None:
    oracle = Oracle()
    oracle.add(1, parse("migrants"))
    oracle.add(2, parse("migranata NEAR/1 granica"))
    assert oracle.percolate(documents("migrant granice")) == [(1, 0)]
    serbian = [analyse(Article("", "", text, "x", language="sr")) for text in ("мигранти на граници", "migrants")]
    assert oracle.percolate(serbian) == [(1, 1), (2, 0)]
    assert oracle.percolate([*serbian, *documents("migrant")]) == [(1, 1), (1, 2), (2, 0)]


def test_any_thread_may_ask() -> None:
    oracle = Oracle()
    oracle.add(1, parse("migrants"))
    found: list[list[tuple[int, int]]] = []
    thread = Thread(target=lambda: found.append(oracle.percolate(documents("a migrant"))))
    thread.start()
    thread.join()
    assert found == [[(1, 0)]]
