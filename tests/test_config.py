"""Settings: one table, every problem at once, the environment over the file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import OPTIONS, load
from bot.core.access import Access
from bot.core.errors import ConfigError
from bot.core.model import Address
from bot.setting_paths import seeds

NO_FILE = Path("/nonexistent/.env")


def test_everything_has_a_default() -> None:
    settings = load({}, NO_FILE)
    assert settings.database == Path("newsbell.db")
    assert settings.folder == Path("inbox")
    assert settings.seed_articles == seeds() / "articles"
    assert settings.folder_scan_for == timedelta(seconds=2)
    assert settings.timezone == "UTC"
    assert settings.notes == ()


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load({"NEWSBELL_TIMEZONE": "Belgrad", "NEWSBELL_SCAN_SECONDS": "0", "NEWSBELL_FOLDR": "x"}, NO_FILE)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert any("NEWSBELL_FOLDER" in line for line in lines)


def test_what_is_empty_is_nothing_where_nothing_is_a_choice() -> None:
    settings = load({"NEWSBELL_FOLDER": "", "NEWSBELL_SEED_ARTICLES": ""}, NO_FILE)
    assert settings.folder is None
    assert settings.seed_articles is None


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# note\nNEWSBELL_TIMEZONE=Europe/Belgrade\nexport NEWSBELL_ADMINS=terminal:ana\n")
    settings = load({"NEWSBELL_TIMEZONE": "Asia/Tokyo"}, tmp_path / ".env")
    assert settings.timezone == "Asia/Tokyo"
    assert settings.admins == {Address("terminal", "ana")}


def test_a_file_that_is_no_text_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00NEWSBELL")
    with pytest.raises(ConfigError, match=r"\.env cannot be read"):
        load({}, tmp_path / ".env")


def test_a_database_begins_with_sources_only_where_that_is_asked_for_or_people_are_served(tmp_path: Path) -> None:
    shipped = seeds() / "sources.opml"
    assert load({}, NO_FILE).sources is None
    assert load({"TELEGRAM_BOT_TOKEN": "1:x"}, NO_FILE).sources == shipped
    assert load({"TELEGRAM_BOT_TOKEN": "1:x", "NEWSBELL_SOURCES": ""}, NO_FILE).sources is None
    assert load({"NEWSBELL_SOURCES": str(shipped)}, NO_FILE).sources == shipped
    with pytest.raises(ConfigError, match="OPML list"):
        load({"NEWSBELL_SOURCES": str(tmp_path / "none.opml")}, NO_FILE)


@pytest.mark.parametrize(("said", "meant"), [("", False), ("0", False), ("1", True)])
def test_private_addresses_are_fetched_only_when_that_is_switched_on(said: str, meant: bool) -> None:
    assert load({"NEWSBELL_FETCH_PRIVATE": said}, NO_FILE).fetch_private is meant


def test_a_switch_is_on_or_off() -> None:
    with pytest.raises(ConfigError, match="neither 1"):
        load({"NEWSBELL_FETCH_PRIVATE": "yes"}, NO_FILE)


@pytest.mark.parametrize("seconds", ["0", "-1", "1.5", "٣", "86401", "soon"])
def test_seconds_are_whole_and_bounded(seconds: str) -> None:
    with pytest.raises(ConfigError, match="1 to 86400"):
        load({"NEWSBELL_SCAN_SECONDS": seconds}, NO_FILE)


def test_folders_are_never_looked_at_more_rarely_than_asked() -> None:
    assert load({"NEWSBELL_SCAN_SECONDS": "1"}, NO_FILE).folder_scan_for == timedelta(seconds=1)


def test_no_two_options_share_a_name_or_a_field() -> None:
    assert len({option.name for option in OPTIONS}) == len({option.field for option in OPTIONS}) == len(OPTIONS)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:x\n")
    named = {"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")}
    settings = load(named, NO_FILE)
    assert settings.telegram_token == "1:x"
    assert "1:x" not in repr(settings)
    with pytest.raises(ConfigError, match="leave one of them out"):
        load({**named, "TELEGRAM_BOT_TOKEN": "1:x"}, NO_FILE)
    with pytest.raises(ConfigError, match=r"TELEGRAM_BOT_TOKEN_FILE: .* cannot be read"):
        load({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "none")}, NO_FILE)


def test_a_token_that_is_none_is_said_without_being_shown() -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN: it is no token") as caught:
        load({"TELEGRAM_BOT_TOKEN": "secret stuff"}, NO_FILE)
    assert "secret" not in str(caught.value)
    with pytest.raises(ConfigError, match="TELEGRAM_API_URL"):
        load({"TELEGRAM_API_URL": "localhost:8081"}, NO_FILE)


def test_who_serves_people_begins_without_samples() -> None:
    assert load({"TELEGRAM_BOT_TOKEN": "1:x"}, NO_FILE).seed_articles is None
    chosen = load({"TELEGRAM_BOT_TOKEN": "1:x", "NEWSBELL_SEED_ARTICLES": "shipped"}, NO_FILE)
    assert chosen.seed_articles == seeds() / "articles"


def test_a_bot_with_admins_is_for_those_invited_unless_it_is_said_otherwise() -> None:
    served = {"TELEGRAM_BOT_TOKEN": "1:x"}
    guarded = {**served, "NEWSBELL_ADMINS": "telegram:42"}
    assert load({}, NO_FILE).access is Access.OPEN
    assert load(served, NO_FILE).access is Access.OPEN
    assert load({"NEWSBELL_ADMINS": "terminal:ana"}, NO_FILE).access is Access.OPEN
    assert load(guarded, NO_FILE).access is Access.INVITED
    for access in Access:
        assert load({**guarded, "NEWSBELL_ACCESS": access}, NO_FILE).access is access
    [note] = load({**served, "NEWSBELL_ACCESS": "invited"}, NO_FILE).notes
    assert "no NEWSBELL_ADMINS" in note
    assert load(guarded, NO_FILE).notes == ()
    with pytest.raises(ConfigError, match="'friends' is none of: open, invited, admins"):
        load({"NEWSBELL_ACCESS": "friends"}, NO_FILE)


def test_quotas_are_whole_numbers() -> None:
    settings = load({"NEWSBELL_MAX_EXPORTS": "2"}, NO_FILE)
    assert (settings.max_subscriptions, settings.max_commands, settings.max_exports) == (50, 20, 2)
    for wrong in ("0", "-1", "many", "1000000000"):
        with pytest.raises(ConfigError, match=r"NEWSBELL_MAX_COMMANDS: .* from 1 to 100000"):
            load({"NEWSBELL_MAX_COMMANDS": wrong}, NO_FILE)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("500MB", 500 * 10**6), ("1.5 gb", 1_500_000_000), ("2TB", 2 * 10**12), ("", None), ("0", None)],
)
def test_the_most_the_database_may_take_is_a_size_or_nothing(said: str, meant: int | None) -> None:
    assert load({"NEWSBELL_DISK_MAX": said}, NO_FILE).disk_max == meant


@pytest.mark.parametrize("said", ["64", "MB", "64M", "-1MB", "0MB", "1,5GB", "٣MB", "1e3GB", "10000000MB", "nanMB"])
def test_what_is_no_size_is_said_with_examples(said: str) -> None:
    for name in ("NEWSBELL_DISK_MAX", "NEWSBELL_BALLAST"):
        with pytest.raises(ConfigError, match=f"{name}: .* is not a size such as 500MB, 20GB"):
            load({name: said}, NO_FILE)


def test_something_is_set_aside_unless_nothing_is_to_be() -> None:
    assert load({}, NO_FILE).ballast == 64 * 10**6
    assert load({"NEWSBELL_BALLAST": ""}, NO_FILE).ballast == 0
