"""A Slack and a newsroom on it; every test ends with no call that Slack does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.handlers.newsroom import Newsroom
from tests.handlers.slack.slackroom import Slackroom, slackroom
from tests.slackapi.server import SlackApi

Chat = Callable[[Callable[[Slackroom], Awaitable[None]]], None]


@pytest.fixture
def api() -> Iterator[SlackApi]:
    """The server; no test leaves a call behind that it should not have got."""
    made = SlackApi()
    yield made
    assert made.violations == []


@pytest.fixture
def chat(api: SlackApi, room: Newsroom) -> Chat:
    """Runs a conversation."""

    def run(work: Callable[[Slackroom], Awaitable[None]]) -> None:
        async def body() -> None:
            async with slackroom(api, room) as here:
                await work(here)

        asyncio.run(body())

    return run
