"""What Slack's refusals mean: its errors, by name, as DeliveryErrors, and which of them make a token useless."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.core.errors import ChatGone, DeliveryError, NoPermission, Rejected, Throttled, Unavailable

TOKEN_REFUSED_FOR = timedelta(minutes=5)
"""How long nothing is sent after the token was refused: whoever changes it starts newsbell again."""

USELESS = {
    "invalid_auth": "Slack refuses {name}; take it anew from your app's page at api.slack.com/apps",
    "not_authed": "Slack refuses {name}; take it anew from your app's page at api.slack.com/apps",
    "account_inactive": "the app was removed from the workspace, or its bot was switched off; install it again",
    "token_revoked": "{name} was revoked; install the app again and take the new one",
    "token_expired": "{name} has expired; turn token rotation off for the app and install it again",
    "app_uninstalled": "the app was removed from the workspace; install it again",
    "not_allowed_token_type": "{name} is a token of another kind: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN "
    "with xapp-",
    "missing_scope": "{name} lacks the scope {needed}; add it at api.slack.com/apps and install the app again",
    "team_access_not_granted": "the app has no access to the workspace; install it again",
    "org_login_required": "the workspace is being moved to an organisation; install the app again when it is done",
    "forbidden_team": "the app has no access to the workspace; install it again",
}
"""What the owner of the bot has to do, by the error."""

GONE = ("channel_not_found", "is_archived", "user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot",
        "channel_is_limited_access")  # fmt: skip
"""The conversation is not there for the bot; channel_not_found is also a private channel without it."""

SILENCED = ("not_in_channel", "restricted_action", "messages_tab_disabled", "posting_to_channel_denied",
            "cannot_reply_to_message", "ekm_access_denied", "access_denied", "no_permission")  # fmt: skip
"""It is there, but the bot may not write in it; whatever begins with restricted_action is of them."""

PASSING = ("fatal_error", "internal_error", "service_unavailable", "request_timeout", "accesslimited",
           "team_added_to_org", "external_channel_migrating", "update_failed", "")  # fmt: skip
"""Slack itself fails for now."""


class TokenRefused(Exception):
    """Slack has no use for the token: trying again cannot help; the text says what can."""


def name_of(error: SlackApiError) -> str:
    """The error's name, empty where the answer was none of Slack's."""
    return str(_data(error).get("error") or "")


def _data(error: SlackApiError) -> dict[str, Any]:
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, dict) else {}


def useless(error: SlackApiError, name: str) -> str | None:
    """What to do about a token of this name that Slack has no use for, None when it is not refused."""
    said = USELESS.get(name_of(error))
    return None if said is None else said.format(name=name, needed=_data(error).get("needed", "it needs"))


def pause_of(error: SlackApiError) -> timedelta | None:
    """The pause it asks for; None when it asks for none."""
    status = getattr(error.response, "status_code", None)
    if status != 429 and name_of(error) not in ("ratelimited", "rate_limited"):
        return None
    headers = getattr(error.response, "headers", {}) or {}
    asked = next((value for key, value in headers.items() if key.lower() == "retry-after"), "")
    return timedelta(seconds=max(1, int(asked))) if str(asked).isdecimal() else timedelta(minutes=1)


def delivery_error(error: Exception) -> DeliveryError:
    """What the outbox is to do about it."""
    if not isinstance(error, SlackApiError):
        return Unavailable(type(error).__name__)
    name = name_of(error)
    if (pause := pause_of(error)) is not None:
        return Throttled(pause)
    if name in USELESS:
        return Throttled(TOKEN_REFUSED_FOR, everyone=True)
    if name in GONE:
        return ChatGone(name)
    if name.startswith("restricted_action") or name in SILENCED:
        return NoPermission(name)
    return Unavailable(name or "no answer of Slack's") if name in PASSING else Rejected(name)
