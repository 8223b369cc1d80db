"""The Slack of the tests is as strict as it says: what it lets pass is what the others rely on."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.slackapi.blocks import InvalidBlocks, check_message, check_view
from tests.slackapi.mrkdwn import BadMarkup, read
from tests.slackapi.server import SlackApi, serving
from tests.slackapi.state import Cut, Fails, Garbage
from tests.slackapi.table import Violation, read_call

SAY = {"channel": "C1", "text": "Hello", "unfurl_links": False, "unfurl_media": False}


def text(said: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": said} | ({"verbatim": True} if kind == "mrkdwn" else {})


def section(said: str) -> dict[str, Any]:
    return {"type": "section", "text": text(said)}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": text("x", "plain_text"), "value": "v", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


@pytest.mark.parametrize(
    "said",
    [
        "a &lt;b&gt; &amp; c",
        "<https://e.org/a?b=1&amp;c=2|label>",
        "*<https://e.org|b>*",
        "<!date^1^{date} {time}|today>",
    ],
)
def test_markup_that_reads_as_meant_passes(said: str) -> None:
    assert not read(said).wakes


@pytest.mark.parametrize(
    "said",
    ["a < b", "a > b", "a & b", "&nbsp;", "<https://e.org>", "<https://e.org|a\nb>", "<javascript:x|y>", "<b>",
     "<!date^x^{time}|y>", "<!date^1^{clock}|y>", "<!date^1^{time}>", "<https://e.org/a b|c>"],
)  # fmt: skip
def test_markup_that_does_not_is_refused(said: str) -> None:
    with pytest.raises(BadMarkup):
        read(said)


@pytest.mark.parametrize("said", ["<!channel>", "<!here>", "<@U1>", "<#C1|x>", "<!subteam^S1>"])
def test_it_knows_what_wakes_people(said: str) -> None:
    assert read(said).wakes
    with pytest.raises(InvalidBlocks):
        check_message([section(said)])


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [section("x")] * 51,
        [section("x" * 3001)],
        [section(" ")],
        [section("x" * 2900)] * 5,
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "header", "text": text("x" * 151, "plain_text")}],
        [{"type": "header", "text": text("x")}],
        [{"type": "context", "elements": [text("x")] * 11}],
        [{"type": "image", "image_url": "x"}],
        [actions()],
        [actions(*(button(action_id=str(number)) for number in range(26)))],
        [actions(button(), button())],
        [actions(button(text=text("x" * 76, "plain_text")))],
        [actions(button(value="x" * 2001))],
        [actions(button(style="loud"))],
        [{**section("x"), "colour": "red"}],
        [{**section("x"), "block_id": "a"}, {**section("y"), "block_id": "a"}],
    ],
)
def test_blocks_past_a_limit_are_refused(blocks: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidBlocks):
        check_message(blocks)


def test_blocks_within_every_limit_pass() -> None:
    seen = check_message(
        [{"type": "header", "text": text("x" * 150, "plain_text")}, *[section("y")] * 47, {"type": "divider"},
         actions(*(button(action_id=str(number)) for number in range(25)))]
    )  # fmt: skip
    assert seen.count("y") == 47


@pytest.mark.parametrize(
    "view",
    [
        {"type": "home", "blocks": [section("x")] * 101},
        {"type": "modal", "blocks": [section("x")]},
        {"type": "modal", "title": text("x" * 25, "plain_text"), "blocks": [section("x")]},
        {"type": "home", "title": text("x", "plain_text"), "blocks": [section("x")]},
        {"type": "home", "blocks": [{"type": "input", "label": text("x", "plain_text"), "element": button()}]},
    ],
)
def test_views_past_a_limit_are_refused(view: dict[str, Any]) -> None:
    with pytest.raises(InvalidBlocks):
        check_view(view)


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("chat.postPigeon", {}),
        ("chat.postMessage", {"text": "x"}),
        ("chat.postMessage", {**SAY, "colour": "red"}),
        ("chat.postMessage", {**SAY, "unfurl_links": "perhaps"}),
        ("chat.postMessage", {**SAY, "blocks": "{"}),
        ("conversations.members", {"channel": "C1", "limit": "many"}),
        ("users.info", {"user": ""}),
    ],
)
def test_a_call_that_the_reference_does_not_describe_is_refused(method: str, call: dict[str, Any]) -> None:
    with pytest.raises(Violation):
        read_call(method, call)


def test_over_http_it_authorizes_paces_and_fails_as_scripted() -> None:
    api, answers = SlackApi(clock=lambda: 0.0), []
    api.script["chat.postMessage"].extend([Fails("fatal_error"), Garbage(503)])

    async def post(session: aiohttp.ClientSession, token: str = "xoxb-x") -> tuple[int, str, str | None]:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(f"{api.url}chat.postMessage", json=SAY, headers=headers) as answer:
            body = await answer.json() if answer.content_type == "application/json" else {}
            return answer.status, str(body.get("error", body.get("ok"))), answer.headers.get("Retry-After")

    async def work() -> None:
        async with serving(api), aiohttp.ClientSession() as session:
            answers.append(await post(session, "xoxb-other"))
            answers.extend([await post(session) for _ in range(6)])
            api.scopes = frozenset()
            answers.append(await post(session))
            api.script["chat.postMessage"].append(Cut(after=False))
            api.scopes = frozenset(("chat:write",))
            with pytest.raises(aiohttp.ClientError):
                await post(session)

    asyncio.run(work())
    assert answers == [
        (200, "invalid_auth", None), (200, "fatal_error", None), (503, "None", None), (200, "True", None),
        (200, "True", None), (200, "True", None), (429, "ratelimited", "2"), (200, "missing_scope", None),
    ]  # fmt: skip
    assert api.violations == []


def test_methods_are_paced_by_their_tier() -> None:
    now = [0.0]
    api = SlackApi(clock=lambda: now[0])

    async def work() -> list[int]:
        statuses = []
        async with serving(api), aiohttp.ClientSession(headers={"Authorization": "Bearer xoxb-x"}) as session:
            for _ in range(51):
                async with session.get(f"{api.url}conversations.info", params={"channel": "C1"}) as answer:
                    statuses.append(answer.status)
            now[0] = 60.0
            async with session.get(f"{api.url}conversations.info", params={"channel": "C1"}) as answer:
                statuses.append(answer.status)
        return statuses

    assert asyncio.run(work()) == [200] * 50 + [429, 200]


def test_more_than_ten_connections_are_turned_away() -> None:
    api = SlackApi()

    async def work() -> list[Any]:
        async with serving(api), aiohttp.ClientSession() as session:
            link = f"{api.base}/link"
            sockets = [await session.ws_connect(link) for _ in range(10)]
            assert (await sockets[0].receive_json())["type"] == "hello"
            last = await session.ws_connect(link)
            told = await last.receive_json()
            for socket in (*sockets, last):
                await socket.close()
            return [told["type"], told["reason"]]

    assert asyncio.run(work()) == ["disconnect", "too_many_websockets"]
