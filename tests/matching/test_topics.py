"""Topic files: what they mean, how a person names a topic, and what is said about files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import ConfigError, QuerySyntaxError, UserError
from bot.core.model import Article
from bot.core.words import Words
from bot.matching.canonical import write
from bot.matching.query import parse
from bot.matching.syntax import And, Not, Or, Phrase, TopicIs, Word
from bot.matching.text import analyse
from bot.matching.topic_files import MAX_TERMS
from bot.matching.topics import Topics

TEA = """
name = "green-tea"
title = "Tea and infusions"
aliases = ["Čaj", "τσάι", "matcha"]
description = "Leaves in hot water."

[terms]
en = ["tea", '"hot leaf juice"']
sr = ["čaj", "tea"]

[exclude]
en = ['"tea party"']
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tea.toml").write_text(TEA, "utf-8")
    return tmp_path


def article(text: str, language: str = "en") -> Article:
    return Article(guid="1", title="", text=text, source="Test", language=language)


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Topics.load(folder)
    return str(caught.value).splitlines()


def changed(folder: Path, old: str, new: str) -> None:
    assert old in TEA
    (folder / "tea.toml").write_text(TEA.replace(old, new), "utf-8")


def test_a_file_becomes_a_topic(folder: Path) -> None:
    (topic,) = Topics.load(folder)
    assert (topic.name, topic.title) == ("green-tea", "Tea and infusions")
    assert topic.aliases == ("Čaj", "τσάι", "matcha")
    assert topic.description == "Leaves in hot water."


def test_a_definition_is_any_term_and_no_exclusion_each_once(folder: Path) -> None:
    definition = Topics.load(folder).definition("green-tea")
    terms = Or((Word("tea"), Phrase(("hot", "leaf", "juice")), Word("čaj")))
    assert definition == And((terms, Not(Phrase(("tea", "party")))))


def test_a_definition_is_what_its_text_says(folder: Path) -> None:
    topics = Topics.load(folder)
    (topic,) = topics
    assert parse(topic.query, max_terms=MAX_TERMS) == topics.definition("green-tea")


@pytest.mark.parametrize(
    ("terms", "query"),
    [
        ('en = ["tea"]', "tea"),
        ('en = ["tea OR milk", "(milk OR sugar)"]', "tea OR milk OR sugar"),
        ('en = ["tea milk"]', "tea milk"),
        ('en = ["tea -milk", "sugar"]', "(tea -milk) OR sugar"),
        ('en = ["""tea\n   NEAR/3   milk"""]', "tea NEAR/3 milk"),
    ],
)
@pytest.mark.parametrize("excluded", [False, True])
def test_shapes_of_definitions_are_those_a_person_could_type(
    tmp_path: Path, terms: str, query: str, excluded: bool
) -> None:
    head = 'name = "x"\ntitle = "X"\ndescription = "X."\n'
    (tmp_path / "x.toml").write_text(f"{head}[terms]\n{terms}\n" + "[exclude]\nen = ['salt']\n" * excluded)
    definition = Topics.load(tmp_path).definition("x")
    assert definition == parse(f"({query}) -salt" if excluded else query)
    assert parse(write(definition)) == definition


@pytest.mark.parametrize(
    ("text", "language", "tagged"),
    [
        ("Two teas, please.", "en", True),
        ("Popili smo čaj.", "sr", True),
        ("Попили смо чај.", "sr", True),
        ("Coffee.", "en", False),
        ("Hot leaf juice is tea, said the tea party.", "en", False),
    ],
)
def test_tags(folder: Path, text: str, language: str, tagged: bool) -> None:
    assert Topics.load(folder).tags(analyse(article(text, language))) == (("green-tea",) if tagged else ())


@pytest.mark.parametrize(
    "text",
    ["green-tea", "Green Tea", "  GREEN   TEA ", "tea and infusions", "čaj", "caj", "ЧАЈ", "Чај", "ΤΣΑΙ", "Matcha"],
)
def test_a_query_that_is_a_topics_name_title_or_alias_means_it(folder: Path, text: str) -> None:
    topics = Topics.load(folder)
    assert topics.named(text) == topics.get("green-tea")
    assert topics.read(text) == TopicIs("green-tea")


@pytest.mark.parametrize(
    "text",
    ['"matcha"', "“matcha”", "-matcha", "matcha*", "(matcha)", "matcha latte", "title:matcha", "green AND tea", ""],
)
def test_anything_more_than_the_bare_name_is_a_query(folder: Path, text: str) -> None:
    assert Topics.load(folder).named(text) is None


def test_read_of_other_text_is_the_query(folder: Path) -> None:
    topics = Topics.load(folder)
    assert topics.read('"matcha"') == parse('"matcha"')
    assert topics.read('"matcha" since:7d', dates=True) == parse('"matcha" since:7d', dates=True)
    assert topics.read("since:7d", dates=True) == parse("since:7d", dates=True)


def test_dates_beside_a_topics_name_leave_it_a_topic(folder: Path) -> None:
    assert Topics.load(folder).read("matcha since:7d", dates=True) == parse("topic:green-tea since:7d", dates=True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("topic:green-tea", "topic:green-tea"),
        ("topic:Matcha milk", "topic:green-tea milk"),
        ("milk OR (sugar -topic:čaj)", "milk OR (sugar -topic:green-tea)"),
        ('topic:"green tea"', "topic:green-tea"),
    ],
)
def test_topic_filters_hold_the_name(folder: Path, text: str, meant: str) -> None:
    assert Topics.load(folder).read(text) == parse(meant)


def test_an_unknown_topic_is_said_with_the_whole_query_mended(folder: Path) -> None:
    with pytest.raises(UserError) as caught:
        Topics.load(folder).read("milk topic:green-tee")
    assert caught.value.suggestion == "milk topic:green-tea"
    assert "“green-tee”" in str(caught.value)
    assert "green-tea" in caught.value.say(Words("sr-Cyrl"))


def test_an_unknown_topic_nothing_resembles_suggests_none(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        Topics.load(folder).read("topic:quantum")
    assert caught.value.suggestion is None
    with pytest.raises(UserError, match="no topics"):
        Topics([]).read("topic:quantum")


def test_topics_come_by_name_and_other_files_stay_out(folder: Path) -> None:
    (folder / "a.toml").write_text('name = "zen"\ntitle = "Zen"\ndescription = "Z."\nterms.en = ["zen"]')
    (folder / ".hidden.toml").write_text("nonsense")
    (folder / "notes.txt").write_text("nonsense")
    topics = Topics.load(folder)
    assert [topic.name for topic in topics] == list(topics.definitions) == ["green-tea", "zen"]
    assert len(topics) == 2
    assert topics.get("tea") is None


def test_no_files_are_no_topics(tmp_path: Path) -> None:
    assert len(Topics.load(tmp_path)) == 0
    assert Topics.load(tmp_path).named("") is None


def test_a_version_follows_what_tags_and_nothing_else(folder: Path) -> None:
    before = Topics.load(folder).version("green-tea")
    assert Topics.load(folder).version("green-tea") == before
    changed(folder, "Leaves in hot water.", "Other words.")
    assert Topics.load(folder).version("green-tea") == before
    changed(folder, '"tea", ', '"teas", ')
    assert Topics.load(folder).version("green-tea") != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "green-tea"', 'name = "Green tea"', "name “Green tea”"),
        ('name = "green-tea"', "", "name is missing"),
        ('title = "Tea and infusions"', "title = 7", "title must be text in quotes"),
        ('description = "Leaves in hot water."', 'description = " "', "description must be text"),
        ('["Čaj", "τσάι", "matcha"]', '"Čaj"', "aliases must be a list"),
        ("[exclude]", "[excludes]", "unknown key “excludes”"),
        ("sr = [", "Serbian = [", "terms.Serbian: a language is"),
        ('sr = ["čaj", "tea"]', 'sr = "čaj"', "terms.sr must be a list"),
        ('sr = ["čaj", "tea"]', "sr = [7]", "terms.sr, entry 1 must be text"),
        ('sr = ["čaj", "tea"]', 'sr = ["čaj", "tea OR"]', "terms.sr, entry 2 (tea OR): "),
        (
            'sr = ["čaj", "tea"]',
            'sr = ["topic:milk"]',
            "terms.sr, entry 1 (topic:milk): a topic cannot be made of topics",
        ),
        ('sr = ["čaj", "tea"]', 'sr = ["tea since:7d"]', "terms.sr, entry 1 (tea since:7d)"),
        ('sr = ["čaj", "tea"]', 'sr = ["-tea"]', "terms.sr, entry 1 (-tea)"),
        ("""['"tea party"']""", '["-tea"]', "exclude.en, entry 1 (-tea)"),
        ('en = ["tea", ', 'en = ["tea" ', "is not TOML in UTF-8"),
    ],
)
def test_a_wrong_file_is_said_with_its_place(folder: Path, old: str, new: str, said: str) -> None:
    changed(folder, old, new)
    (problem,) = problems(folder)
    assert problem.startswith("tea.toml:")
    assert said in problem


def test_every_problem_of_every_file_is_said_at_once(folder: Path) -> None:
    (folder / "a.toml").write_text('name = "a"\ntitle = "A"\n[terms]\nen = ["(x"]\n[exclude]\nen = ["y*"]\nde = 3\n')
    (folder / "b.toml").write_bytes(b"\xff\xfe")
    (folder / "c.toml").write_text('name = "c"\ntitle = "MATCHA"\ndescription = "C."\nterms.en = ["c"]')
    said = problems(folder)
    assert [line.split(":")[0] for line in said] == ["a.toml"] * 4 + ["b.toml", "tea.toml"]
    assert said[-1] == "tea.toml: “matcha” already means the topic in c.toml"


def test_a_topic_without_terms_is_refused(folder: Path) -> None:
    changed(folder, 'en = ["tea", \'"hot leaf juice"\']\nsr = ["čaj", "tea"]', "")
    assert problems(folder) == ["tea.toml: [terms] holds no query, and there is no [[signal]]"]


def test_size_is_limited(folder: Path) -> None:
    words = ", ".join(f'"w{number}"' for number in range(MAX_TERMS))
    changed(folder, '["čaj", "tea"]', f"[{words}]")
    assert problems(folder) == ["tea.toml: 5,003 terms; a topic holds at most 5,000"]
    changed(folder, "Leaves", "Leaves " * 200_000)
    assert problems(folder) == ["tea.toml: larger than 1,000,000 bytes"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert problems(tmp_path / "none") == [f"{tmp_path / 'none'}: not a folder of topic files"]


def test_people_stay_at_the_limits_of_what_is_typed(folder: Path) -> None:
    with pytest.raises(QuerySyntaxError):
        Topics.load(folder).read(" ".join(f"w{number}" for number in range(65)))
