"""Topic files: what they mean, how a person names a topic, and what is said about files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import ConfigError, QuerySyntaxError, UserError
from bot.core.model import Article
from bot.core.words import Words
from bot.matching.accounts import account_of, lines
from bot.matching.canonical import write
from bot.matching.query import parse
from bot.matching.syntax import And, Not, Or, Phrase, TopicIs, Word
from bot.matching.text import analyse
from bot.matching.topic_files import MAX_TERMS
from bot.matching.topics import Topics
from bot.matching.weighing import Account

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


BORDER = """
name = "border-money"
title = "Border money"
description = "Money for borders."
threshold = 6

[lists.money]
en = ["million", "fund*", "#bn"]

[[signal]]
name = "guards"
points = 3
words.en = ["border guard", '"border force"']
words.sr = ["granična policija"]
unless.en = ["border guard dog"]
near = "money"
within = 4

[[signal]]
name = "fences"
points = 1
most = 3
words.any = ["fence", "ограда"]
supports = true

[[signal]]
name = "gardens"
points = -3
[signal.words]
en = ["garden"]
"""


def account(folder: Path, title: str, text: str, language: str | None = "en") -> Account:
    topics = Topics.load(folder)
    found = account_of(
        topics.definition("border-money"),
        analyse(Article("1", title, text, "Test", language=language)),
    )
    assert found is not None
    return found


@pytest.fixture
def border(tmp_path: Path) -> Path:
    (tmp_path / "border.toml").write_text(BORDER, "utf-8")
    return tmp_path


FAR = "word " * 60


@pytest.mark.parametrize(
    ("title", "text", "language", "total"),
    [
        ("Millions for border guards", "", "en", 9),
        ("", "Millions for border guards", "en", 6),
        ("", "£34.4bn for border guards", "en", 6),  # any amount in that unit
        ("", "$476bn for border guards", "en", 6),
        ("", "476m for border guards", "en", 0),
        ("", "Millions for all of the many border guards", "en", 0),  # five words between
        ("", "Border guards, border guards: a million for border guards", "en", 18),
        ("", f"{FAR} a million for border guards", "en", 3),  # nothing in the lead: what 100 words have on average
        ("", f"{FAR * 4} a million for border guards", "en", 1),
        ("Millions for border guards", f"{FAR} a million for border guards", "en", 12),
        ("Millions for border guards and a fence", "A fence, a fence", "en", 12),  # supports: three at most
        ("A fence", "A fence", "en", 0),  # nothing to support
        ("A garden and a million for border guards", "", "en", 0),
        ("Millions for border guard dogs", "", "en", 0),  # inflected there too
        ("A million for a border guard dog", "", "en", 0),
        ("A million for border forces", "", "en", 0),  # in double quotes: exactly so
        ("A million for the Border Force", "", "en", 9),
        ("Millions for border guards", "", "de", 0),  # words of a language are for articles in it
        ("Millions for border guards", "", None, 0),
        ("Fund for border force", "", None, 9),  # nobody knows which it is: as they are written
    ],
)
def test_evidence_adds_up(border: Path, title: str, text: str, language: str | None, total: int) -> None:
    assert account(border, title, text, language).total == total


def test_an_account_tells_which_words_in_which_form_where_and_how_much(border: Path) -> None:
    title, text = "Millions for border guards", "A fence. " + FAR + "and funds for border guards by the garden"
    topics = Topics.load(border)
    told = Article("1", title, text, "Test", language="en")
    found = account_of(topics.definition("border-money"), analyse(told))
    assert found is not None
    assert list(lines(found, told, analyse(told))) == [
        "11 points of 6 needed, 5 over",
        "  +12 guards: headline “border guards” (border guard), text “border guards” (border guard)",
        "  -3 gardens: text “garden”",
        "  +2 fences (supports): lead “fence”",
    ]


def test_an_account_tells_by_how_much_it_is_missed(border: Path) -> None:
    told = Article("1", "", FAR + "a million for border guards", "Test", language="en")
    document = analyse(told)
    found = account_of(Topics.load(border).definition("border-money"), document)
    assert found is not None
    assert next(lines(found, told, document)) == "3 points of 6 needed, 3 short"
    assert account_of(Phrase(("x",)), document) is None


def test_weighed_evidence_and_queries_make_one_topic(border: Path) -> None:
    (border / "border.toml").write_text(BORDER + "[terms]\nen = ['frontex']\n[exclude]\nen = ['golf']\n", "utf-8")
    topics = Topics.load(border)
    for text, tagged in (
        ("frontex", True),
        ("millions for border guards", True),
        ("border guards", False),
        ("frontex golf", False),
    ):
        assert bool(topics.tags(analyse(article(text)))) is tagged, text


def test_a_version_follows_points_and_threshold(border: Path) -> None:
    before = Topics.load(border).version("border-money")
    (border / "border.toml").write_text(BORDER.replace("points = 3", "points = 4"), "utf-8")
    assert Topics.load(border).version("border-money") != before
    (border / "border.toml").write_text(BORDER.replace("threshold = 6", "threshold = 7"), "utf-8")
    assert Topics.load(border).version("border-money") != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold = 6", "", "threshold must be a whole number of points"),
        ("threshold = 6", "threshold = 0", "border.toml:5: threshold must be"),
        ("threshold = 6", "threshold = true", "border.toml:5: threshold must be"),
        ("points = 3", "points = 0", "border.toml:12: signal “guards”: points must be a whole number"),
        ("points = 3", 'points = "3"', "border.toml:12: signal “guards”: points"),
        ("most = 3", "most = 0", "border.toml:22: signal “fences”: most must be a whole number from 1"),
        ("within = 4", "within = 100", "border.toml:17: signal “guards”: within must be"),
        ("within = 4", "", "border.toml:16: signal “guards”: near and within"),
        ('near = "money"', "", "near and within (words between, 1 to 99) go together"),
        (
            'near = "money"',
            'near = "gold"',
            "border.toml:16: signal “guards”, near: there is no list “gold”; there are money",
        ),
        ('name = "fences"', "", "border.toml:19: signal 2: name must be text in quotes"),
        ("supports = true", 'supports = "yes"', "border.toml:24: signal “fences”: supports must be true or false"),
        ("supports = true", "weight = 3", "border.toml:24: signal “fences”: unknown key “weight”"),
        ("words.any", "words.Serbian", "border.toml:23: signal “fences”, words.Serbian: a language is"),
        ('words.any = ["fence", "ограда"]', "", "signal “fences”: words are missing"),
        ('["fence", "ограда"]', '"fence"', "words.any must be a list of terms in quotes"),
        ('"ограда"]', "7]", "border.toml:23: signal “fences”, words.any, entry 2 must be text"),
        (
            '"ограда"]',
            '"fe*"]',
            "border.toml:23: signal “fences”, words.any, entry 2 (fe*): a beginning has three letters",
        ),
        ('"ограда"]', '"a NEAR b"]', "entry 2 (a NEAR b): a term is words"),
        ('"ограда"]', "'\"fence']", "a double quote has no partner"),
        ('"ограда"]', '"€"]', "entry 2 (€): there is no word in it"),
        ('"million", ', '"million", "-cash",\n ', "border.toml:8: list “money”.en, entry 2 (-cash): a term is words"),
        ("[lists.money]\nen = [", "[lists]\nmoney = [", "border.toml:8: list “money”: there is no list"),
        ("points = 3", "points = -3", "no signal has points above 0 without supports"),
    ],
)
def test_a_wrong_signal_is_said_with_its_line_and_key(border: Path, old: str, new: str, said: str) -> None:
    assert old in BORDER
    (border / "border.toml").write_text(BORDER.replace(old, new, 1), "utf-8")
    found = problems(border)
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("border.toml") and "\n" not in problem for problem in found)


def test_a_threshold_without_signals_is_refused(folder: Path) -> None:
    changed(folder, 'title = "Tea and infusions"', 'title = "Tea and infusions"\nthreshold = 3')
    (problem,) = problems(folder)
    assert "a threshold is for [[signal]] tables" in problem


def test_the_line_of_a_query_is_said(folder: Path) -> None:
    changed(folder, 'sr = ["čaj", "tea"]', 'sr = ["čaj",\n "tea OR"]')
    (problem,) = problems(folder)
    number = (folder / "tea.toml").read_text("utf-8").splitlines().index(' "tea OR"]') + 1
    assert problem.startswith(f"tea.toml:{number}: terms.sr, entry 2 (tea OR): ")
