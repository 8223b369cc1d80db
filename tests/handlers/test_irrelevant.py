"""`/irrelevant`: what is marked, by subscription; what leaving out would have removed it; doing so, and undoing it."""

from __future__ import annotations

import pytest

from bot.core.message import Action, Actions
from tests.handlers.newsroom import Newsroom
from tests.handlers.test_subscribing import article

SPORT = "Frontex wins football cup"
HEAD = "Frontex gets a new head"


def ringing(room: Newsroom, *titles: str) -> list[int]:
    """Stories arrive and ring; their numbers."""
    stories = []
    for title in titles:
        room.wait(minutes=40)
        room.take(article(title, text=f"{title} {title[::-1]}"))
        assert room.deliver()
        chat_id = room.chat().id
        found = room.app.store.read(lambda session, chat_id=chat_id: session.outbox.latest_alert(chat_id))  # type: ignore[misc]
        assert found is not None
        stories.append(found)
    return stories


def buttons(room: Newsroom, command: str) -> list[Action]:
    """The buttons under an answer."""
    blocks = room.answer(command).blocks
    return [action for block in blocks if isinstance(block, Actions) for action in block.actions]


def test_what_leaving_out_would_have_removed_is_offered_applied_and_undone(room: Newsroom) -> None:
    room.say("/subscribe frontex urgent")
    _, sport = ringing(room, HEAD, SPORT)
    said = room.say(f"/irrelevant {sport}")
    assert "Leaving out wins would have removed 1 of 1 story marked, and none of the 2 you kept." in said.replace(
        "football", "wins"
    )
    [offered] = [action for action in buttons(room, "/irrelevant") if action.label.startswith("Leave out")]
    assert room.say(offered.command).startswith("Subscription 1 is now frontex -")
    chat_id = room.chat().id
    [mine] = room.app.store.read(lambda session: session.subscriptions.of_chat(chat_id))
    assert (mine.number, mine.urgent, str(mine.cadence)) == (1, True, "instant")
    room.take(article("Frontex wins football cup again", text="again and again it wins at football"))
    assert room.deliver() == []
    assert ringing(room, "Frontex buys boats")
    assert "Leaving out" not in room.say("/irrelevant"), "it has been left out"
    assert "/undo" in [action.command for action in buttons(room, "/irrelevant leave-out 1 boats")]
    assert room.say("/undo").startswith("Undone: subscription 1 is frontex -")


def test_undo_gives_the_query_back(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    assert room.say("/irrelevant leave-out 1 football") == (
        "Subscription 1 is now frontex -football\n[Undo: /undo] [My subscriptions: /subscriptions]"
    )
    assert room.say("/undo") == "Undone: subscription 1 is frontex again."
    ringing(room, SPORT)


def test_what_is_on_its_way_still_comes_where_it_matches(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    room.take(article(SPORT), article(HEAD))
    room.say("/irrelevant leave-out 1 football")
    said = "\n".join(room.deliver())
    assert HEAD in said
    assert SPORT not in said


def test_marks_are_listed_by_subscription(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/subscribe football OR nato")
    [sport, head] = ringing(room, SPORT, HEAD)
    for story in (sport, head):
        room.say(f"/irrelevant {story}")
    lines = room.say("/irrelevant").splitlines()
    assert lines[0] == "3 stories marked as not relevant"
    assert [line for line in lines if line.endswith(("frontex", "nato"))] == ["1. frontex", "2. football OR nato"]
    at = lines.index("2. football OR nato")
    assert [line for line in lines[1:at] if line.startswith("•")] == [f"• {HEAD}", f"• {SPORT}"]
    assert [line for line in lines[at:] if line.startswith("•")] == [f"• {SPORT}"]


def test_what_was_saved_is_never_left_out(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    kept, marked = ringing(room, "Frontex football wins respect", SPORT)
    room.say(f"/save {kept}")
    room.say(f"/irrelevant {marked}")
    offered = [action.command for action in buttons(room, "/irrelevant") if action.label.startswith("Leave out")]
    assert not any("football" in command or "wins" in command for command in offered)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("leave-out", "No subscription has the number"),
        ("leave-out 9 football", "No subscription has the number 9."),
        ("leave-out 1", "Leave out what?"),
        ("leave-out 1 )(", "Try"),
        ("LEAVE-OUT 1 kosovo", "Subscription 1 is now frontex -kosovo"),
        ("leave-out 2 kosovo", "Subscription 2 is now (football OR nato) -kosovo"),
        ("leave-out 3 turnip", "You have that already: subscription 4."),
        ('leave-out 1 "border force" ', 'Subscription 1 is now frontex -"border force"'),
    ],
)
def test_leaving_out_in_words(room: Newsroom, typed: str, says: str) -> None:
    for query in ("frontex", "football OR nato", "radish", "radish -turnip"):
        room.say(f"/subscribe {query}")
    assert says in room.say(f"/irrelevant {typed}")


def test_only_the_chats_own_subscriptions_are_changed(room: Newsroom) -> None:
    from bot.core.model import Address

    room.say("/subscribe frontex", address=Address("terminal", "other"))
    assert "No subscription has the number 1." in room.say("/irrelevant leave-out 1 football")
