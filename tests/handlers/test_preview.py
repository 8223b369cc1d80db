"""`/preview`: stories counted day by day, what brought them, how far back that is known, and what to try instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.message import Action, Actions
from bot.core.tally import Sightings
from store import search
from tests.handlers.newsroom import NOW, Newsroom
from tests.handlers.test_subscribing import article

NAMES = [f"{first}{second}{third}" for first in "bcdfgklmnp" for second in "aeiou" for third in "rstvz"]


def buttons(room: Newsroom, command: str) -> list[Action]:
    """The buttons under an answer."""
    blocks = room.answer(command).blocks
    return [action for block in blocks if isinstance(block, Actions) for action in block.actions]


def flood(room: Newsroom, number: int, text: str = "turnip") -> None:
    """So many different stories in the last five days, every fourth with a phrase of its own."""
    step = timedelta(days=5) / number
    room.take(
        *(
            article(
                f"{name.title()} {name * 2}",
                text=f"{name * 3} {name * 4} {f'{text} soup' if place % 4 == 0 else text} {name * 5} {name * 6}",
                published_at=NOW - step * place,
            )
            for place, name in enumerate(NAMES[:number])
        )
    )


def test_a_story_counts_once_on_the_day_it_began(room: Newsroom) -> None:
    said = room.say("/preview frontex").splitlines()
    assert (
        said[0] == "frontex would have brought 1 alert in the last 7 days, 1 alert in the last 30 "
        "(stories, not articles)."
    )
    assert said[1] == f"Day by day: {'·' * 29}█ (30 days, today last; at most 1 on one)"


def test_an_old_story_that_goes_on_is_no_new_alert(room: Newsroom) -> None:
    text = "Radishes grew larger than houses near the Drina, said four farmers and a teacher on their way home."
    copies = [article("Giant radishes", text=text, published_at=NOW - timedelta(days=days), source=f"Wire {days}",
                      guid=str(days)) for days in (31, 29)]  # fmt: skip
    room.take(*copies)
    assert "radishes would have brought 0 alerts in the last 7 days, 0 alerts in the last 30" in room.say(
        "/preview radishes"
    )


def test_what_the_archive_does_not_cover_is_said(room: Newsroom) -> None:
    assert "The archive has been gathering for 60 minutes only" in room.say("/preview frontex").replace(
        "1 hour", "60 minutes"
    )
    room.now = NOW + timedelta(days=12)
    assert "The archive has been gathering for 12 days only" in room.say("/preview frontex")
    room.now = NOW + timedelta(days=30)
    assert "gathering" not in room.say("/preview frontex")


def test_a_wide_query_is_offered_a_narrower_one_that_was_tried(room: Newsroom) -> None:
    flood(room, 90)
    said = room.say("/preview turnip")
    assert "would have brought 90 alerts in the last 7 days" in said
    assert 'That is 13 a day.\nNarrower: try "turnip soup", 23 alerts in 7 days.' in said
    assert buttons(room, "/preview turnip")[0] == Action('Preview "turnip soup"', '/preview "turnip soup"')
    assert "23 alerts in the last 7 days" in room.say('/preview "turnip soup"')


def test_words_that_brought_them_are_told_in_their_forms(room: Newsroom) -> None:
    assert "Words that brought them: migrants 1, migration 1, migrant 1 (of 3 stories read)" in room.say(
        "/preview migra*"
    )
    assert "Words that brought them" not in room.say("/preview smugglers")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("frontexx", "Did you mean frontex? That had 1 story in 30 days."),
        ("фронтекс", "Did you mean frontex? That had 1 story in 30 days."),
        ("frontexx serrbia", "Did you mean frontex serbia? That had 1 story in 30 days."),
        (
            '"border fund*" NEAR/8 parliament',
            "Nothing has all of that. border fund* parliament had 1 story in 30 days.",
        ),
        ("title:smugglers", "Nothing has all of that. smugglers had 1 story in 30 days."),
        ("kosovo turnip", "Nothing has all of that. kosovo had 3 stories in 30 days."),
        ("zzzzzz", None),
    ],
)
def test_where_nothing_is_found_something_near_that_finds_some(room: Newsroom, query: str, meant: str | None) -> None:
    said = room.say(f"/preview {query}")
    assert "0 alerts in the last 7 days, 0 alerts in the last 30" in said
    if meant is None:
        assert "Did you mean" not in said
        assert "had" not in said
    else:
        assert meant in said
        again = buttons(room, f"/preview {query}")[0].command
        assert "0 alerts in the last 30" not in room.say(again)


def test_where_it_was_longer_ago_the_last_one_is_told(room: Newsroom) -> None:
    room.now = NOW + timedelta(days=60)
    assert "The last one was of Mon 9 Mar: Frontex patrols begin in southern Serbia" in room.say("/preview frontex")


def test_only_what_the_chat_reads_is_counted(room: Newsroom) -> None:
    room.say("/settings reads de")
    assert "kosovo would have brought 1 alert in the last 7 days" in room.say("/preview kosovo")


def test_what_is_estimated_or_cut_short_says_so(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = search.Search.sightings

    def bounded(self: search.Search, *args: object, **options: object) -> Sightings:
        found = whole(self, *args, **options)  # type: ignore[arg-type]
        return Sightings(found.entries[:2], tuple(entry.published_at for entry in found.entries[2:]))

    monkeypatch.setattr(search.Search, "sightings", bounded)
    said = room.say("/preview kosovo")
    assert "about 3 alerts in the last 7 days, about 3 alerts in the last 30" in said
    assert "Counted by story in the newest 2 articles; older ones are estimated from these." in said
    monkeypatch.setattr(
        search.Search, "sightings", lambda *args, **options: replace(bounded(*args, **options), further=(), whole=False)
    )
    said = room.say("/preview kosovo")
    assert "2+ alerts in the last 7 days, 2+ alerts in the last 30" in said
    assert "Counting took too long: this is what came in the last 43 hours." in said
