"""The bot's page and its forms: what they show, and that everything in them is a command."""

from __future__ import annotations

from datetime import time
from typing import Any

from bot.core.model import Address
from bot.core.words import Words
from handlers.slack.home import adding, page
from handlers.slack.spoken import Speech
from tests.handlers.slack.conftest import Chat
from tests.handlers.slack.slackroom import ANA, DESK, Slackroom
from tests.slackapi.blocks import check_view
from tests.slackapi.server import SlackApi
from tests.slackapi.state import Envelope, Fails


def seen(api: SlackApi, user: str = "U1") -> str:
    return check_view(api.homes[user])


async def opened(here: Slackroom, user: str = "U1") -> None:
    await here.done(await here.people.opens_home(user))


async def form(here: Slackroom, label: str, user: str = "U1") -> dict[str, Any]:
    """Opens a form from the page."""
    await here.done(await here.people.presses_at_home(label, user))
    return here.api.modals[-1][1]


def checked(view: dict[str, Any]) -> None:
    """The form as it was sent is one that Slack takes."""
    check_view({name: value for name, value in view.items() if name not in ("id", "hash")})


def chose(option: str) -> dict[str, Any]:
    return {"selected_option": {"value": option}}


async def submitted(here: Slackroom, user: str = "U1", **values: dict[str, Any]) -> Envelope:
    return await here.done(await here.people.submits(values, user))


def test_the_page_has_subscriptions_schedule_and_sources(api: SlackApi, chat: Chat) -> None:
    api.people["U1"].tz = "Europe/Belgrade"

    async def work(here: Slackroom) -> None:
        await opened(here)
        assert "You have no subscriptions" in seen(api)
        await here.writes("/start")
        await here.writes("subscribe migration daily 08:00")
        await here.writes("settings quiet 22:00-07:00")
        await opened(here)
        shown = seen(api)
        for part in ("1 subscription", "Migration", "every day at 08:00", "22:00-07:00", "Sources", "Last digest"):
            assert part in shown, part

    chat(work)


def test_a_button_of_the_page_is_a_command_and_the_page_follows(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.writes("subscribe frontex")
        await opened(here)
        await here.done(await here.people.presses_at_home("End 1"))
        await here.slack.settled(5)
        assert here.subscriptions() == []
        assert api.shown[-1].seen.startswith("Ended: 1")
        assert "You have no subscriptions" in seen(api)
        await here.done(await here.people.presses_at_home("Pause everything"))
        await here.slack.settled(5)
        assert here.chat().paused_at is not None
        await here.done(await here.people.presses_at_home("Resume"))
        assert here.chat().paused_at is None

    chat(work)


def test_one_subscription_is_paused_from_the_page_and_shown_so(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.writes("subscribe frontex")
        await here.writes("subscribe migration daily")
        await opened(here)
        await here.done(await here.people.presses_at_home("Pause 1"))
        await here.slack.settled(5)
        assert api.shown[-1].seen.startswith("Paused: subscription 1.")
        assert "paused since" in seen(api)
        assert here.chat().paused_at is None
        await here.done(await here.people.presses_at_home("Resume 1"))
        await here.slack.settled(5)
        assert api.shown[-1].seen.startswith("On again: subscription 1.")
        assert "paused since" not in seen(api)

    chat(work)


def test_opening_the_messages_shows_no_page(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.done(await here.people.opens_home(tab="messages"))
        assert api.homes == {}
        assert (await here.commands("search kosovo")).only_for is None  # now it is known whose conversation that is

    chat(work)


def test_the_form_subscribes_one_s_own_chat_and_channels(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await opened(here)
        checked(await form(here, "Add a subscription"))
        done = await submitted(here, query={"value": '"border force" OR frontex'})
        assert done.ack == {}
        assert here.subscriptions() == ['"border force" OR frontex']
        assert api.shown[-1].channel == "D1"
        assert api.shown[-1].seen.startswith("Subscribed")
        await form(here, "Add a subscription")
        await submitted(
            here, query={"value": "migration"}, where={"selected_conversation": "C1"}, rhythm=chose("weekly"),
            day=chose("Tue"), time={"selected_time": "09:30"}, flags={"selected_options": [{"value": "urgent"}]},
        )  # fmt: skip
        assert here.subscriptions(DESK) == ["topic:migration"]
        assert "every week" in api.shown[-1].seen or "Tuesday" in api.shown[-1].seen
        await here.slack.settled(5)
        assert "border force" in seen(api)

    chat(work)


def test_what_is_wrong_is_said_in_the_form(api: SlackApi, chat: Chat) -> None:
    api.channels["C3"] = type(api.channels["C1"])("C3", "other", {"UBOT", "U2"})
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"query": {"value": "starmer NEAR/5"}}, "query", "NEAR/5 needs a word after it"),
        ({"query": {"value": "x y"}, "where": {"selected_conversation": "C2"}}, "where", "I am not in this channel"),
        ({"query": {"value": "x y"}, "where": {"selected_conversation": "C3"}}, "where", "You are not a member"),
    ]  # fmt: skip

    async def work(here: Slackroom) -> None:
        await opened(here)
        for values, block, said in wrong:
            await form(here, "Add a subscription")
            done = await submitted(here, **values)
            assert done.ack is not None
            assert done.ack["response_action"] == "errors"
            assert done.ack["errors"][block].startswith(said)
        await here.commands("settings lock on", "U2", "C1")
        here.room.app.store.write(lambda s: s.rules.lock(s.chats.ensure(DESK, here.room.now).id, here.room.now))
        await form(here, "Add a subscription")
        locked = await submitted(here, query={"value": "x y"}, where={"selected_conversation": "C1"})
        assert locked.ack is not None
        assert "locked" in locked.ack["errors"]["where"]
        assert here.subscriptions(DESK) == here.subscriptions() == []

    chat(work)


def test_the_settings_form_has_the_profile_s_zone_at_first_and_changes_what_is_changed(
    api: SlackApi, chat: Chat
) -> None:
    api.people["U1"].tz = "Europe/Belgrade"

    async def work(here: Slackroom) -> None:
        await opened(here)
        view = await form(here, "Settings")
        checked(view)
        [zone] = [block for block in view["blocks"] if block["block_id"] == "timezone"]
        assert zone["element"]["initial_value"] == "Europe/Belgrade"
        assert (await submitted(here)).ack == {}
        bad = await submitted(here, timezone={"value": "Middle Earth"}, max={"value": "many"})
        assert bad.ack is not None
        assert set(bad.ack["errors"]) == {"timezone", "max"}
        await submitted(
            here, timezone={"value": "Europe/London"}, digest={"selected_time": "07:15"}, language=chose("sr"),
            quiet_from={"selected_time": "22:00"}, quiet_to={"selected_time": "06:30"},
        )  # fmt: skip
        now = here.chat()
        assert (now.timezone, now.digest_at, now.language) == ("Europe/London", time(7, 15), "sr-Latn")
        assert str(now.quiet) == "22:00-06:30"

    chat(work)


def test_a_form_that_is_sent_twice_acts_once(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await opened(here)
        await form(here, "Add a subscription")
        done = await submitted(here, query={"value": "frontex"})
        shown = len(api.shown)
        await here.done(await here.people.again(done))
        assert len(api.shown) == shown
        assert here.subscriptions() == ["frontex"]

    chat(work)


def test_a_view_that_slack_refuses_changes_nothing(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        api.script["views.publish"].append(Fails("not_enabled"))
        await opened(here)
        assert api.homes == {}
        assert "car plates" in (await here.writes("kosovo")).seen

    chat(work)


def test_a_page_of_many_subscriptions_keeps_to_the_limits(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        for number in range(40):
            here.room.say(f"/subscribe word{number}", address=ANA)
        await opened(here)
        assert "40 subscriptions" in seen(api)
        assert len(api.homes["U1"]["blocks"]) <= 100
        assert "word24" in seen(api)

    chat(work)


def test_the_page_and_the_forms_speak_serbian(api: SlackApi, chat: Chat) -> None:
    for language in ("sr-Latn", "sr-Cyrl"):
        check_view(adding(Words(language)))
        check_view(page((), Words(language), Speech()))

    async def work(here: Slackroom) -> None:
        api.people["U1"].locale = "sr-RS"
        await here.writes("/start")
        await opened(here)
        assert "Izvori" in seen(api)

    chat(work)


def test_a_person_s_page_is_their_own(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.writes("subscribe frontex")
        await opened(here, "U2")
        assert "frontex" not in seen(api, "U2")
        assert here.chat(Address("slack", "U2")).address.chat == "U2"

    chat(work)
