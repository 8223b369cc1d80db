"""The log: one line an event, and no secret in any, wherever in it a secret stands."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.opening import settings
from bot.config import OPTIONS, load
from bot.core.redaction import HIDDEN, Redaction
from bot.logs import LOUD, Lines, begin, hide, redacted
from bot.option import Option
from tests.botapi.server import BotApi, serving

SECRETS = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAF-9kd_Qw3rTyUiOpLkJhGfDsAzXcVbNm1",
    "SLACK_BOT_TOKEN": "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy",
    "SLACK_APP_TOKEN": "xapp-1-A0123-4567-9f0d8e7c6b5a",
}
"""A value for every setting that is marked secret."""

MARKED = [option for option in OPTIONS if option.secret]

WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "in small letters": lambda secret: quote(secret, safe="").replace("%3A", "%3a").replace("%2D", "%2d"),
    "as a form has it": quote_plus,
    "twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "every letter of it": lambda secret: "".join(f"%{ord(letter):02x}" for letter in secret),
    "in JSON": json.dumps,
    "as Python shows it": repr,
}


@dataclass
class Log:
    """What was logged, and the logger to do it with."""

    stream: io.StringIO
    logger: logging.Logger

    @property
    def lines(self) -> list[str]:
        """Every line."""
        return self.stream.getvalue().splitlines()


@pytest.fixture
def log() -> Iterator[Log]:
    stream = io.StringIO()
    root = logging.getLogger()
    level, levels = root.level, {name: logging.getLogger(name).level for name in LOUD}
    begin(detailed=True, stream=stream)
    yield Log(stream, logging.getLogger("bot.example"))
    for handler in [handler for handler in root.handlers if isinstance(handler, Lines)]:
        root.removeHandler(handler)
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    logging.captureWarnings(capture=False)


def test_every_setting_that_is_marked_secret_is_tried_here_and_every_token_is_marked() -> None:
    assert {option.name for option in MARKED} <= set(SECRETS)
    assert {option.name for option in OPTIONS if "TOKEN" in option.name} == {option.name for option in MARKED}
    settings = load({"TELEGRAM_BOT_TOKEN": SECRETS["TELEGRAM_BOT_TOKEN"]})
    assert SECRETS["TELEGRAM_BOT_TOKEN"] not in repr(settings)


def fail(spelt: str) -> None:
    """What a client library raises, and what is made of it."""
    try:
        int(f"http://127.0.0.1/bot{spelt}/getMe")
    except ValueError as error:
        raise RuntimeError(f"with {spelt}") from error


def hidden(secret: str, text: str) -> bool:
    """Whether neither the secret is there nor the half of it that matters."""
    return secret not in text and secret.rpartition(":")[2] not in text and secret[-16:] not in text


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_hidden_in_messages_arguments_exceptions_and_tracebacks(log: Log, secret: str, way: str) -> None:
    hide([secret])
    spelt = WAYS[way](secret)
    log.logger.warning("url=https://api.telegram.org/bot%s/getMe", spelt)
    log.logger.warning(f"url=https://api.telegram.org/file/bot{spelt}/x?token={spelt}&page=2")
    try:
        fail(spelt)
    except RuntimeError:
        log.logger.exception("platform=telegram failed")
    log.logger.warning("about %s", {"token": spelt}, stack_info=True)
    assert len(log.lines) == 4, "one line an event"
    for line in log.lines:
        assert HIDDEN in line
        assert spelt not in line
        assert hidden(secret, line)
    assert "RuntimeError" in log.lines[2]
    assert "test_logs.py" in log.lines[2]
    assert "ValueError: invalid literal" in log.lines[2]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_what_looks_like_a_token_is_hidden_also_when_nobody_knows_it(secret: str) -> None:
    shown = Redaction()(f"https://api.telegram.org/bot{secret}/getMe and {secret}")
    assert hidden(secret, shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("source=https://ana:geheim@example.org/feed failed", "source=https://…@example.org/feed failed"),
        ("https://ana:ge%68eim@example.org", "https://…@example.org"),
        ("https://geheim@example.org/", "https://…@example.org/"),
        ("https://ana:ge/he:im@example.org/feed", "https://…@example.org/feed"),
        ("https://example.org/feed?key=geheim&lang=sr", "https://example.org/feed?key=…&lang=sr"),
        ("https://example.org/feed?a=1;auth_token=geheim", "https://example.org/feed?a=1;auth_token=…"),
        ("Authorization: Bearer geheimgeheim", "Authorization: Bearer …"),
        ("Authorization: Basic Z2VoZWltOmdlaGVpbQ==", "Authorization: Basic …"),
        ("https://example.org:8080/@ana/feed", "https://example.org:8080/@ana/feed"),
        ("at 09:00:00 chat=telegram:-100123456789/45 reason=ana@example.org", None),
        ("a query of 64 terms: token key secret", None),
    ],
)
def test_credentials_of_sources_are_hidden_and_nothing_else(text: str, shown: str | None) -> None:
    assert Redaction()(text) == (text if shown is None else shown)


def test_a_secret_of_a_few_letters_does_not_hide_the_language() -> None:
    assert Redaction(["a", ""])("a bad day") == "a bad day"


@given(st.text(max_size=60), st.sampled_from(sorted(SECRETS.values())), st.text(max_size=60), st.sampled_from([*WAYS]))
def test_nothing_around_a_secret_brings_it_out(before: str, secret: str, after: str, way: str) -> None:
    assert WAYS[way](secret) not in Redaction([secret])(before + WAYS[way](secret) + after)


@given(st.text())
def test_an_event_is_one_line_and_steers_no_terminal(text: str) -> None:
    from bot.logs import OneLine

    record = logging.LogRecord("bot", logging.WARNING, "", 0, "said=%s", (text,), None)
    line = OneLine(Redaction()).format(record)
    assert line.isprintable()
    assert line.splitlines() == [line]


def test_an_event_says_when_how_bad_where_and_what(log: Log) -> None:
    log.logger.warning("source=%s problem=%s", "Wire", "two\nlines")
    (line,) = log.lines
    at, level, name, *what = line.split(" ")
    assert time.strptime(at[:19], "%Y-%m-%dT%H:%M:%S")
    assert at.endswith("Z")
    assert (level, name, " ".join(what)) == ("WARNING", "bot.example", "source=Wire problem=two\\nlines")


def test_the_log_is_written_once_however_often_it_is_begun(log: Log) -> None:
    begin(stream=log.stream)
    begin(detailed=True, stream=log.stream)
    log.logger.info("once")
    assert len(log.lines) == 1


def test_the_clients_of_platforms_say_no_address_even_in_a_detailed_log(log: Log) -> None:
    from handlers.telegram.client import client

    api = BotApi(token=SECRETS["TELEGRAM_BOT_TOKEN"])

    async def work() -> None:
        async with serving(api):
            bot = client(api.token, api.url)
            await bot.initialize()
            await bot.shutdown()

    asyncio.run(work())
    assert api.token not in log.stream.getvalue()
    assert not [line for line in log.lines if "HTTP Request" in line]
    logging.getLogger("httpx").warning("POST %s/bot%s/getMe failed", api.url, api.token)
    hide([api.token])
    logging.getLogger("httpx").warning("POST %s/bot%s/getMe failed", api.url, api.token)
    assert api.token not in log.lines[-1]


def test_a_full_disk_of_the_log_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    from bot.logs import say

    handler = Lines(Full())
    handler.handle(logging.LogRecord("bot", logging.ERROR, "", 0, "lost", (), None))
    monkeypatch.setattr("sys.stderr", Full())
    say("lost, too")


def test_what_is_said_on_standard_error_hides_secrets_before_and_after_settings_are_known(log: Log) -> None:
    assert redacted("bad: https://ana:geheim@example.org") == "bad: https://…@example.org"
    hide(["geheimgeheim"])
    assert redacted("bad: geheimgeheim\nand more") == "bad: …\nand more"


@pytest.mark.parametrize("option", MARKED, ids=lambda option: option.name)
@pytest.mark.parametrize("way", ["in the environment", "in a file", "in .env"])
def test_settings_that_are_read_hide_every_secret_among_them(
    log: Log, option: Option, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = dict(SECRETS)
    if way == "in a file":
        (tmp_path / "secret").write_text(given.pop(option.name) + "\n")
        given[f"{option.name}_FILE"] = "secret"
    if way == "in .env":
        (tmp_path / ".env").write_text(f"{option.name}={given.pop(option.name)}\n")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings(argparse.Namespace(debug=True))
    secret = SECRETS[option.name]
    (handler,) = (handler for handler in logging.getLogger().handlers if isinstance(handler, Lines))
    handler.setStream(log.stream)  # it was begun anew, on standard error
    log.logger.warning("it said %s twice: %r", secret, {"token": secret})
    assert len(log.lines) == 1
    assert secret not in log.lines[0]
    assert hidden(secret, redacted(f"newsbell: {secret}"))
