"""The clients of Slack's Web API: made once a token, quiet, repeating nothing of their own accord."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import Rejected, Unavailable

PUBLIC_API = "https://slack.com/api/"

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
CONNECTIONS = 32
"""Calls that may be under way at once: the sender lets no more than half of them be deliveries."""


class Client:
    """Everything that one workspace is called with; `open` it on the loop that uses it, and `close` it there."""

    def __init__(self, token: str, api: str = PUBLIC_API) -> None:
        # The library would silently post once more what a reset connection has cut off: that may be a message twice.
        self.web = AsyncWebClient(token, api, timeout=30, retry_handlers=[], logger=hushed())
        self.session: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """The connections, made when they are first needed."""
        if self.session is None or self.session.closed:
            self.session = aiohttp.ClientSession(
                timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=CONNECTIONS), trust_env=True
            )
            self.web.session = self.session
        return self.session

    async def close(self) -> None:
        """Ends every connection."""
        if self.session is not None:
            await self.session.close()

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Posts to a response URL; Rejected when that is used up, Unavailable when nobody answers."""
        try:
            async with self.open().post(url, json=body) as answered:
                status, said = answered.status, (await answered.text())[:200]
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable(type(error).__name__) from error
        if status >= 500 or status == 429:
            raise Unavailable(f"the server answers {status}")
        if status >= 400:
            raise Rejected(said)

    async def upload(self, url: str, data: bytes) -> None:
        """Sends a file's bytes; Unavailable when they do not arrive."""
        try:
            async with self.open().post(url, data=data) as answered:
                if answered.status != 200:
                    raise Unavailable(f"the server answers {answered.status} to a file")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable(type(error).__name__) from error


def hushed() -> logging.Logger:
    """A logger for the libraries that says nothing: what goes wrong with Slack is told in our own words, once."""
    logger = logging.getLogger("newsbell.slack.library")
    logger.setLevel(logging.CRITICAL + 1)
    return logger
