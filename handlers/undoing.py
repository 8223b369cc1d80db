"""Taking back what readers decide: mutes, what is saved, marked or followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.following import Follow
from bot.core.message import Code, Line, Span, Strong, line
from bot.core.reader_ports import Mute
from handlers.call import Call
from handlers.changes import Change, Did
from handlers.exclusions import rephrase
from handlers.meant import named, numbered
from handlers.muting import enforce
from handlers.reading import label


def take_back(call: Call, change: Change) -> list[Line]:
    """Reverses one of these changes and says so."""
    match change.did:
        case Did.MUTED:
            return _unmute(call, change)
        case Did.UNMUTED:
            return _mute_again(call, change)
        case Did.SAVED:
            call.session.shelf.drop(call.chat.id, _int(change.was["article"]))
            return [call.line("readers.undone_saved")]
        case Did.DROPPED:
            return _save_again(call, change)
        case Did.FOLLOWED:
            return _unfollow(call, change)
        case Did.UNFOLLOWED:
            return _follow_again(call, change)
        case Did.REPHRASED:
            return _rephrase_back(call, change)
        case _:
            for subscription_id in change.subscriptions:
                call.session.shelf.unmark(call.chat.id, subscription_id, _int(change.was["story"]))
            return [call.line("readers.undone_irrelevant")]


def _rephrase_back(call: Call, change: Change) -> list[Line]:
    """Gives the subscription its query back, unless it ended or another has it now."""
    mine = {entry.id: entry for entry in call.session.subscriptions.of_chat(call.chat.id)}
    entry, query = mine.get(change.subscriptions[0]), str(change.was["query"])
    if entry is None or any(other.query == query for other in mine.values()):
        return [call.line("commands.nothing_to_undo")]
    rephrase(call, entry, query)
    return [call.line("looking.undone_left_out", number=entry.number, query=Code(label(call.services.topics, query)))]


def _unmute(call: Call, change: Change) -> list[Line]:
    """Ends the mute and lets what it held back wait again, or moves its end back to where it was."""
    mute = _mute(call, change.was["mute"])
    if mute is None:
        return [call.line("commands.nothing_to_undo")]
    if change.was["again"]:
        before = change.was["until"]
        call.session.mutes.reinstate(replace(mute, until_at=datetime.fromisoformat(str(before)) if before else None))
        return [call.line("readers.undone_unmuted", what=Strong(mute.label))]
    call.session.mutes.end(mute.id, call.now)
    back = call.session.mutes.release(mute.id)
    for entry in call.session.mutes.live(call.chat.id, call.now):
        back -= enforce(call, entry)
    said = [call.line("readers.undone_muted", what=Strong(mute.label))]
    return [*said, line(call.count("readers.undone_muted_back", back), quiet=True)] if back > 0 else said


def _mute_again(call: Call, change: Change) -> list[Line]:
    mutes = change.was["mutes"]
    found = [_mute(call, mute_id) for mute_id in (mutes if isinstance(mutes, list) else [])]
    ended = [mute for mute in found if mute is not None]
    for mute in ended:
        again = replace(mute, ended_at=None)
        call.session.mutes.reinstate(again)
        enforce(call, again)
    return [call.line("readers.undone_unmuted", what=Strong(", ".join(mute.label for mute in ended)))]


def _save_again(call: Call, change: Change) -> list[Line]:
    articles = change.was["articles"]
    for article_id, saved_at in articles.items() if isinstance(articles, dict) else ():
        call.session.shelf.save(call.chat.id, int(article_id), datetime.fromisoformat(saved_at))
    return [call.line("readers.undone_dropped")]


def _unfollow(call: Call, change: Change) -> list[Line]:
    story_id = _int(change.was["story"])
    call.session.follows.end(call.chat.id, story_id)
    return [call.line("stories.undone_followed", story=_story(call, story_id))]


def _follow_again(call: Call, change: Change) -> list[Line]:
    """Follows again from when it was followed; what waited then does so again, unless it is muted by now."""
    since = change.was["stories"]
    stories = {int(story): datetime.fromisoformat(at) for story, at in since.items()} if isinstance(since, dict) else {}
    for story_id, at in stories.items():
        call.session.follows.resume(Follow(call.chat.id, story_id, at))
    for entry in call.session.mutes.live(call.chat.id, call.now):
        enforce(call, entry)
    return [call.line("stories.undone_unfollowed", story=_story(call, story_id)) for story_id in stories]


def _story(call: Call, story_id: int) -> Span:
    archived = numbered(call, story_id)
    return named(archived) if archived else Strong(f"#{story_id}")


def _mute(call: Call, mute_id: object) -> Mute | None:
    mute = call.session.mutes.get(_int(mute_id))
    return mute if mute is not None and mute.chat_id == call.chat.id else None


def _int(value: object) -> int:
    return int(str(value))
