"""`newsbell topics --eval`: what it counts, what it leaves out, and what it says of files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import run
from bot.cli.judging import Judged, Score, read_labels, scores, table

ARTICLES = [
    {"id": "1", "title": "Migrants rescued off Lampedusa", "language": "en"},
    {"id": "2", "title": "Bird migration begins", "language": "en"},
    {"id": "3", "title": "Migranten vor Lampedusa gerettet", "language": "de"},
    {"id": "4", "title": "Wetter bleibt warm", "language": "de"},
    {"id": "5", "title": "Asylbewerber warten auf Bescheid", "language": "de"},
]
LABELS = [
    {"id": "1", "labels": {"migration": True, "border_funding": False}},
    {"id": "2", "labels": {"migration": False}},
    {"id": "3", "labels": {"migration": True}},
    {"id": "4", "labels": {"migration": True}, "uncertain_topics": []},
    {"id": "5", "labels": {"migration": False}, "uncertain_topics": ["migration"]},
    {"id": "gone", "labels": {"migration": True}},
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    articles, labels = tmp_path / "articles.jsonl", tmp_path / "labels.jsonl"
    articles.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), "utf-8")
    labels.write_text("".join(json.dumps(label) + "\n" for label in LABELS), "utf-8")
    return str(labels), str(articles)


def test_scores_are_by_topic_and_language(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    labels, articles = files
    assert run(["topics", "--eval", labels, "--articles", articles]) == 0
    said = capsys.readouterr()
    assert [tuple(line.split()) for line in said.out.splitlines()] == [
        ("topic", "language", "judged", "have", "it", "found", "right", "precision", "recall", "F1"),
        ("border-funding", "all", "1", "0", "0", "0", "–", "–", "–"),
        ("migration", "all", "4", "3", "2", "2", "1.000", "0.667", "0.800"),
        ("all", "but", "en", "2", "2", "1", "1", "1.000", "0.500", "0.667"),
        ("de", "2", "2", "1", "1", "1.000", "0.500", "0.667"),
        ("en", "2", "1", "1", "1", "1.000", "1.000", "1.000"),
    ]
    assert "1 of 6 judged articles are not among the articles given" in said.err


def test_json_has_an_object_a_row(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    labels, articles = files
    run(["topics", "--eval", labels, "--articles", articles, "--json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[1] == {
        "topic": "migration",
        "language": "all",
        "judged": 4,
        "having": 3,
        "found": 2,
        "right": 2,
        "precision": 1.0,
        "recall": 0.6667,
        "f1": 0.8,
    }
    assert rows[0]["f1"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--eval", "LABELS"], "--eval LABELS needs --articles FILE"),
        (["--articles", "ARTICLES"], "--articles goes with --eval LABELS"),
        (["migration", "--eval", "LABELS", "--articles", "ARTICLES"], "leave out the name"),
        (["--eval", "/none/there", "--articles", "ARTICLES"], "/none/there: cannot be read"),
        (["--eval", "ARTICLES", "--articles", "ARTICLES"], "holds no judgement; each line is"),
    ],
)
def test_what_cannot_be_judged_is_said(
    arguments: list[str], said: str, files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"LABELS": files[0], "ARTICLES": files[1]}
    assert run(["topics", *(names.get(argument, argument) for argument in arguments)]) == 1
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_bad_lines_are_said_with_their_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = '{"id": 7, "labels": {"a_b": true, "c": false, "d": true}, "uncertain_topics": ["d"]}'
    bad = ["nonsense", "[]", '{"id": "x"}', '{"id": "x", "labels": {"a": "yes"}}', '{"id": "x", "labels": [1]}']
    (tmp_path / "l.jsonl").write_text("\n".join([good, "", *bad]), "utf-8")
    judged = read_labels(tmp_path / "l.jsonl", {"a-b"})
    assert judged == {"7": Judged(frozenset({"a-b"}), frozenset({"c"}))}
    said = capsys.readouterr().err
    assert [f"l.jsonl:{number}: not " in said for number in range(1, 8)] == [False, False, *[True] * 5]
    assert "there is no topic “c”; there are a-b" in said


def test_ratios() -> None:
    assert (Score(9, 4, 5, 3).precision, Score(9, 4, 5, 3).recall, Score(9, 4, 5, 3).f1) == (0.6, 0.75, 6 / 9)
    assert (Score(9, 0, 0, 0).precision, Score(9, 0, 0, 0).recall, Score(9, 0, 0, 0).f1) == (None, None, None)
    assert Score(9, 4, 0, 0).f1 == 0


def test_languages_come_by_size_and_those_without_the_topic_stay_out() -> None:
    judged = {str(number): Judged(frozenset({"t"} if number < 3 else ()), frozenset({"t"})) for number in range(6)}
    languages = ["en", "sr", "de", "sr", "fr", "en"]
    seen = {str(number): (language, frozenset[str]()) for number, language in enumerate(languages)}
    rows = list(scores("t", judged, seen))
    assert [language for _, language, _ in rows] == ["all", "all but en", "en", "sr", "de"]
    assert table(rows)[1].startswith("t      all ")
    assert table(rows)[2].startswith("       all but en")
