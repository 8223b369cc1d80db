"""The manifest is what Slack takes, asks for what is used, and its command's name is one that Slack leaves free."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.config import load
from bot.core.errors import ConfigError
from bot.core.platform_settings import SLACK_RESERVED
from handlers.slack.events import WHY
from handlers.slack.manifest import EVENTS, SCOPES, manifest
from tests.handlers.slack.schema import faults
from tests.slackapi.state import SCOPES as GRANTED
from tests.slackapi.table import table

SHARED = Path(__file__).parents[4] / "shared" / "specs" / "slack-manifest.schema.2.0.0.json"
NOWHERE = Path("no such file")


def test_it_is_valid_against_slack_s_schema() -> None:
    if not SHARED.exists():
        pytest.skip("the schema is not here")
    schema = json.loads(SHARED.read_text())
    assert list(faults(manifest("/newsbell"), schema, schema)) == []
    assert list(faults({**manifest("newsbell"), "colour": 1}, schema, schema)) != []


def test_it_asks_for_the_scopes_that_are_used_and_no_others() -> None:
    made = manifest("/newsbell")
    asked = set(made["oauth_config"]["scopes"]["bot"])
    by_methods = {method["scope"] for method in table()["methods"].values()} - {"", "connections:write"}
    by_events = {"app_mentions:read", "im:history", "channels:read", "groups:read"}
    assert asked == by_methods | by_events | {"commands"}
    assert asked == set(SCOPES) == GRANTED
    assert made["settings"]["socket_mode_enabled"]
    assert set(EVENTS) == set(made["settings"]["event_subscriptions"]["bot_events"])


def test_it_has_the_shortcut_the_home_tab_and_one_command() -> None:
    features = manifest("/bell")["features"]
    [shortcut], [command] = features["shortcuts"], features["slash_commands"]
    assert shortcut["callback_id"] == WHY
    assert len(shortcut["name"]) <= 24
    assert command["command"] == "/bell"
    assert features["app_home"] == {
        "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(SLACK_RESERVED))
def test_a_reserved_name_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(ConfigError, match=f"SLACK_COMMAND: /{name} is one of Slack's own commands; choose another"):
        load({"SLACK_COMMAND": name}, NOWHERE)


@pytest.mark.parametrize("name", ["/two words", "/" + "x" * 32, "/", "/Bell", "/a/b"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="SLACK_COMMAND"):
        load({"SLACK_COMMAND": name}, NOWHERE)


def test_the_settings_are_read() -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    settings = load({**given, "SLACK_COMMAND": "bell"}, NOWHERE)
    assert (settings.slack_token, settings.slack_app_token) == ("xoxb-1", "xapp-1")
    assert (settings.slack_api, settings.slack_command) == ("http://127.0.0.1:1/api/", "/bell")
    assert settings.serves
    assert "xoxb-1" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN: Slack needs it, too"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN: Slack needs it, too"),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN: it is no bot token"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN: it is no app-level token"),
    ],
)
def test_half_of_the_tokens_or_the_wrong_ones_are_said(given: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(given, NOWHERE)
