"""What people and scripts rely on, run as real processes."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Shell

SEED = ROOT / "seeds" / "articles" / "000_f6be979400d58779.txt"
HEADLINE = "UK Prime Minister Sir Keir Starmer has signed three new agreements"


def article(**values: object) -> str:
    """One line of article JSONL."""
    base = {
        "title": "Frontex opens an office in Skopje",
        "text": "The agency will train border police.",
        "language": "en",
    }
    return json.dumps({**base, **values}, ensure_ascii=False) + "\n"


@pytest.mark.usefixtures("seeds")
def test_a_newcomer_subscribes_searches_in_both_scripts_and_reads_a_digest(shell: Shell) -> None:
    said = shell.says("run", typed="/subscribe migration\n/search kosovo\n/search Косово\n/digest\n")
    _, subscribed, latin, cyrillic, digest = said.split("\n> ")
    assert subscribed.startswith("/subscribe migration")
    assert HEADLINE in latin
    assert HEADLINE in cyrillic
    assert "Migration" in digest


@pytest.mark.usefixtures("seeds")
def test_the_readme_shows_a_session_as_it_is(shell: Shell) -> None:
    marker, _, rest = (ROOT / "README.md").read_text().partition("<!-- session: ")[2].partition(" -->\n")
    shown = [line.removeprefix("    ") for line in rest.partition("\n\nWhile it runs")[0].splitlines() if line.strip()]
    typed = [line.removeprefix("> ") for line in shown if line.startswith("> ")]
    said = iter(shell.says("chat", "--at", marker, typed="\n".join(typed) + "\n").splitlines())
    assert len(typed) >= 5
    for line in shown:
        assert line == "…" or line in said, f"not said, or not in this order: {line}"


def test_match_names_the_three_topics_of_the_seed_article(shell: Shell) -> None:
    assert shell.prints("match", "--json", str(SEED)) == [
        {"id": SEED.name, "topics": ["balkans", "border-funding", "migration"]}
    ]


def test_a_rehearsal_keeps_eight_o_clock_over_the_day_the_clocks_change(shell: Shell) -> None:
    typed = "/settings timezone Europe/Belgrade\n/subscribe balkans daily 08:00\n"
    shell.says("chat", "--at", "2026-03-27T12:00:00Z", typed=typed)
    for at in ("2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"):
        *_, total = shell.prints("tick", "--at", at, "--json")
        assert total["sent"] == 1, at
    *_, again = shell.prints("tick", "--at", "2026-03-29T06:00:00Z", "--json")
    assert again["sent"] == 0


def test_a_rehearsal_never_goes_back(shell: Shell) -> None:
    shell.says("chat", "--at", "2026-03-27T12:00:00Z")
    done = shell.run("tick", "--at", "2026-03-27T11:59:59Z")
    assert done.returncode == 1
    assert "NEWSBELL_DATABASE" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_clock_behind_the_last_run_is_said(shell: Shell) -> None:
    shell.says("chat", "--at", "2999-01-01T00:00:00Z")
    assert "the clock is behind" in shell.run("search", "kosovo").stderr


def test_ingesting_twice_adds_and_rings_nothing(shell: Shell) -> None:
    shell.says("chat", typed="/subscribe frontex\n")
    (shell.folder / "a.jsonl").write_text(article(id="one") + "not json\n" + article(title="Second: Frontex in Tirana"))
    first = shell.prints("ingest", "--json", "a.jsonl")
    assert [(entry["id"], entry["status"]) for entry in first] == [
        ("one", "new"),
        ("a.jsonl:2", "rejected"),
        ("a.jsonl:3", "new"),
    ]
    assert sorted(entry["status"] for entry in shell.prints("ingest", "--json", "a.jsonl")) == [
        "known",
        "known",
        "rejected",
    ]
    assert "Skopje" in shell.says("chat")
    assert "Skopje" not in shell.says("chat")


def test_an_article_copied_into_the_folder_rings_in_the_running_terminal(shell: Shell) -> None:
    with shell.running("run") as bot:
        bot.types("/subscribe frontex")
        bot.shows("(My subscriptions)")
        (shell.folder / "inbox" / "new.jsonl").write_text(article(source="Sample Post"))
        rung = bot.shows("Frontex opens an office in Skopje")
        assert bot.ends() == 0
    assert "Sample Post" in rung


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(shell: Shell, stop: signal.Signals) -> None:
    with shell.running("run") as bot:
        bot.shows("/subscribe")
        bot.process.send_signal(stop)
        assert bot.process.wait(10) == 0
        assert bot.complaints() == ""


@pytest.mark.usefixtures("seeds")
def test_a_second_run_on_one_database_is_refused(shell: Shell) -> None:
    with shell.running("run") as bot:
        bot.shows("/subscribe")
        second = shell.run("run")
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert str(bot.process.pid) in second.stderr
        assert HEADLINE in shell.says("search", "starmer")
        assert bot.ends() == 0


def test_a_chat_beside_a_run_has_its_own_deliveries(shell: Shell) -> None:
    with shell.running("run") as bot, shell.running("chat", "--as", "ana") as ana:
        bot.shows("/subscribe")
        ana.types("/subscribe frontex")
        ana.shows("(My subscriptions)")
        (shell.folder / "a.jsonl").write_text(article())
        shell.says("ingest", "a.jsonl")
        ana.shows("Frontex opens an office in Skopje")
        assert ana.ends() == 0
        assert bot.ends() == 0
        assert "Skopje" not in bot.seen


def test_a_stranger_asks_the_admins_by_saying_so_not_by_opening_a_chat(shell: Shell) -> None:
    shell.settings |= {"NEWSBELL_ACCESS": "invited"}
    assert "Send /start and its admins are asked" in shell.says("chat", "--as", "zora")
    assert "Nobody has asked yet" in shell.says("access", "list")
    assert "have been asked" in shell.says("chat", "--as", "zora", typed="/start\n")
    assert "zora" in shell.says("access", "list")


@pytest.mark.parametrize(
    ("setting", "value", "hint"),
    [
        ("NEWSBELL_TIMEZONE", "Mars/Olympus", "Europe/Belgrade"),
        ("NEWSBELL_SCAN_SECONDS", "soon", "1 to 86400"),
        ("NEWSBELL_DATABSE", "x.db", "NEWSBELL_DATABASE"),
        ("NEWSBELL_SEED_ARTICLES", "nowhere", "nowhere"),
        ("NEWSBELL_ADMINS", "ana", "PLATFORM:CHAT"),
        ("NEWSBELL_DATABASE", "/proc/nope/n.db", "/proc/nope/n.db"),
    ],
)
def test_a_bad_setting_is_one_clear_line(shell: Shell, setting: str, value: str, hint: str) -> None:
    shell.settings[setting] = value
    done = shell.run("search", "kosovo")
    assert done.returncode == 1
    assert hint in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.usefixtures("seeds")
def test_search_takes_dates_and_marks_what_else_was_asked(shell: Shell) -> None:
    shell.says("chat")
    found = shell.prints("search", "kosovo since:2024-11-01 before:2024-12-01", "--json")
    assert [entry["id"] for entry in found] == [SEED.name]
    assert shell.prints("search", "since:2024-11-01 before:2024-12-01", "--json")[0]["id"] == SEED.name


def test_search_of_nothing_says_how_to_begin(shell: Shell) -> None:
    done = shell.run("search", "kosovo")
    assert done.returncode == 0
    assert "newsbell ingest" in done.stderr


def test_a_broken_query_is_one_line_that_points(shell: Shell) -> None:
    done = shell.run("search", "starmer NEAR/5")
    assert done.returncode == 1
    assert "NEAR" in done.stderr
    assert done.stderr.count("\n") == 1


def test_wrong_usage_is_two(shell: Shell) -> None:
    assert shell.run("serach").returncode == 2
    assert shell.run("tick", "--at", "tomorrow").returncode == 2


@pytest.mark.usefixtures("seeds")
def test_doctor_and_backup(shell: Shell) -> None:
    shell.says("chat")
    assert "BAD" not in shell.says("doctor")
    shell.says("backup", "copy.db")
    again = shell.run("backup", "copy.db")
    assert again.returncode == 1
    shell.settings["NEWSBELL_DATABASE"] = "copy.db"
    assert HEADLINE in shell.says("search", "starmer")


def test_a_backup_is_put_back_and_what_it_replaces_is_kept(shell: Shell) -> None:
    shell.says("chat", typed="/subscribe migration\n")
    assert shell.says("backup", "copy.db").endswith("bytes, checked\n")
    shell.says("chat", typed="/forget yes\n")
    with shell.running("run") as running:
        running.shows("(Help)")
        refused = shell.run("restore", "copy.db")
        running.ends()
    assert refused.returncode == 1
    assert "newsbell is running on it already" in refused.stderr
    said = shell.says("restore", "copy.db")
    assert "Migration" in shell.says("chat", typed="/list\n")
    kept = said.split("newsbell restore ")[1].strip()
    shell.says("restore", kept)
    assert "Migration" not in shell.says("chat", typed="/list\n").split("> /list")[1]


def test_a_file_of_queries(shell: Shell) -> None:
    queries = [{"id": "q1", "query": "starmer NEAR/20 kosovo"}, {"id": "q2", "query": "topic:balkans -starmer"}]
    (shell.folder / "q.jsonl").write_text("\n".join(map(json.dumps, queries)))
    assert shell.prints("match", "--queries", "q.jsonl", "--json", str(SEED)) == [{"id": SEED.name, "queries": ["q1"]}]


def test_stats_of_a_match_count_on_standard_error(shell: Shell) -> None:
    queries = [
        {"id": "q1", "query": "kosovo OR frontex"},
        {"id": "q2", "query": "zebra"},
        {"id": "q3", "query": "OR ("},
    ]
    (shell.folder / "q.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (shell.folder / "a.jsonl").write_text(article(id="one") * 70)
    done = shell.run("match", "--queries", "q.jsonl", "--stats", "--json", "a.jsonl", str(SEED))
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 71
    *complaints, last = done.stderr.splitlines()
    assert len(complaints) == 1
    assert "q3" in complaints[0]
    stats = json.loads(last)
    assert (stats["articles"], stats["queries"], stats["matches"]) == (71, 2, 71)
    for name in ("register_seconds", "match_seconds", "register_cpu_seconds", "match_cpu_seconds"):
        assert stats[name] > 0
    assert 0 < stats["index_bytes"] < stats["peak_rss_bytes"]


def test_topics_of_articles_come_in_their_order(shell: Shell) -> None:
    lines = "".join(
        article(id=str(number)) + article(id=f"{number}x", title="Weather", text="Rain.") for number in range(40)
    )
    (shell.folder / "a.jsonl").write_text(lines)
    found = shell.prints("match", "--json", "a.jsonl")
    assert [entry["id"] for entry in found] == [f"{number}{x}" for number in range(40) for x in ("", "x")]
    assert [entry["topics"] == [] for entry in found] == [False, True] * 40


def test_explain_says_which_words_or_which_part_failed(shell: Shell) -> None:
    assert "migrant <- migrants (text)" in shell.says("explain", "migrant", str(SEED))
    assert "frontex" in shell.says("explain", "migrant frontex", str(SEED))


def test_stories_groups_copies(shell: Shell) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    lines = (
        article(id="a", text=text)
        + article(id="b", text=text + " more", source="Other")
        + article(id="c", text="x " * 9)
    )
    (shell.folder / "s.jsonl").write_text(lines)
    stories = {entry["id"]: entry["story"] for entry in shell.prints("stories", "--json", "s.jsonl")}
    assert stories["a"] == stories["b"] != stories["c"]


def test_env_example_is_the_option_table() -> None:
    from bot.config import env_example

    assert (ROOT / ".env.example").read_text() == env_example()


def test_settings_are_read_from_a_file_and_the_environment_wins(shell: Shell) -> None:
    (shell.folder / ".env").write_text("NEWSBELL_DATABASE=from-file.db\nNEWSBELL_FOLDER=news\n")
    shell.settings["NEWSBELL_FOLDER"] = "post"
    shell.says("chat")
    assert Path(shell.folder / "from-file.db").exists()
    assert Path(shell.folder / "post").is_dir()
    assert not Path(shell.folder / "news").exists()


def test_it_says_which_version_it_is(shell: Shell) -> None:
    from importlib.metadata import version

    assert shell.says("--version") == f"newsbell {version('newsbell')}\n"
