"""The client of the Bot API: made once a token, quiet about it, and pacing nothing itself."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import NetworkError
from telegram.request import HTTPXRequest, RequestData

from handlers.telegram.problems import Flood

PUBLIC_API = "https://api.telegram.org"

LOUD = ("httpx", "httpcore", "telegram", "telegram.Bot", "telegram.ext")
"""Loggers that write the address of every call, which holds the token."""

CONNECTIONS = 32
"""Calls that may be under way at once: the sender lets no more than half of them be deliveries."""


class Wire(HTTPXRequest):
    """HTTP to the Bot API; a pause it asks for is raised as Flood."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401
        **more: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """One request and its answer; Flood, or what the library raises."""
        code, payload = await super().do_request(url, method, request_data, *timeouts, **more)
        if code == 429:
            raise Flood(_pause(payload))
        if code >= 500:  # often a page of some proxy, which is no answer to be read
            raise NetworkError(f"the server answers {code}")
        return code, payload


def _pause(payload: bytes) -> timedelta:
    """The seconds an answer asks for; a minute where it does not say."""
    try:
        seconds = json.loads(payload)["parameters"]["retry_after"]
        return timedelta(seconds=max(1.0, float(seconds)))
    except (ValueError, KeyError, TypeError):
        return timedelta(minutes=1)


def client(token: str, api: str = PUBLIC_API) -> Bot:
    """The client of this token at this server (`API/bot<token>/method`), to be closed with `shutdown`."""
    hush()
    base = api.rstrip("/")
    calls = Wire(connection_pool_size=CONNECTIONS, connect_timeout=10, read_timeout=20, pool_timeout=60)
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=calls,
        get_updates_request=Wire(connection_pool_size=1, connect_timeout=10, read_timeout=20, pool_timeout=60),
    )


def hush() -> None:
    """Lets through of these loggers only what goes wrong, also when everything else is logged in detail."""
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
