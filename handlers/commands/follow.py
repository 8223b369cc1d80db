"""`/follow` and `/unfollow`: a story whose further accounts ring as replies, until nothing comes to it any more."""

from __future__ import annotations

from bot.core.errors import UserError
from bot.core.following import Follow
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from bot.core.model import Archived
from bot.matching import muting
from bot.matching.stories import WINDOW
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.meant import named, numbered, story_of
from handlers.registry import Group, command
from handlers.schedule import moment

BUTTONS = 6
"""Stories that get a button of their own."""

_ALL = ("all", "everything", "sve")


@command(
    "follow",
    Group.RING,
    usage=("/follow", "/follow STORY", "/follow URL", "/follow HEADLINE"),
    examples=("/follow",),
    writes=True,
)
def follow(call: Call) -> Message:
    """Has each further account of a story ring, no copies; alone, lists what is followed."""
    if not call.args:
        return _listed(call)
    archived = story_of(call, call.args)
    story_id, story = archived.story_id, named(archived)
    if _is_over(call, story_id):
        return Message((call.line("stories.over", story=story),))
    all_of_them = Action(call.say("stories.all_followed"), "/follow")
    if not call.session.follows.start(call.chat.id, story_id, call.now):
        already = call.line("stories.following_already", story=story)
        return Message((already, *_muted(call, archived), Actions((_unfollow_it(call, story_id), all_of_them))))
    remember(call, Did.FOLLOWED, story=story_id)
    blocks: list[Block] = [call.line("stories.following", story=story), *_muted(call, archived)]
    return Message((*blocks, Actions((undo_button(call), _unfollow_it(call, story_id), all_of_them))))


def _is_over(call: Call, story_id: int) -> bool:
    """Whether nothing can join the story any more."""
    newest = max(entry.first_seen_at for entry in call.session.articles.of_story(story_id))
    return newest < call.now - WINDOW


def _muted(call: Call, archived: Archived) -> list[Line]:
    key = muting.story(archived.story_id)
    if any(entry.what == key for entry in call.session.mutes.live(call.chat.id, call.now)):
        return [call.line("stories.following_muted", quiet=True, command=Code(f"/unmute {archived.story_id}"))]
    return []


def _unfollow_it(call: Call, story_id: int) -> Action:
    return Action(call.say("readers.unfollow_it"), f"/unfollow {story_id}")


def _followed(call: Call) -> list[Follow]:
    """What is followed and not over."""
    return call.session.follows.of_chat(call.chat.id, call.now - WINDOW)


def _listed(call: Call) -> Message:
    followed = [(entry, numbered(call, entry.story_id)) for entry in _followed(call)]
    shown = [(entry, archived) for entry, archived in followed if archived is not None]
    if not shown:
        return Message((call.line("stories.none_followed", example=Code("/follow 12")),))
    items = [_item(call, entry, archived) for entry, archived in shown]
    buttons = (
        Action(call.say("stories.unfollow_one", number=entry.story_id), f"/unfollow {entry.story_id}")
        for entry, _ in shown[:BUTTONS]
    )
    return Message((Heading(call.count("stories.followed", len(shown))), *items, Actions(tuple(buttons))))


def _item(call: Call, entry: Follow, archived: Archived) -> Item:
    outlets = len(set(call.session.articles.outlets(entry.story_id)))
    since = call.line("stories.since", time=moment(call, entry.since_at)).spans
    below = Line((*since, *spans(f" · {call.count('stories.carried_by', outlets)} · #{entry.story_id}")), quiet=True)
    return Item((named(archived),), (below,))


@command(
    "unfollow",
    Group.RING,
    usage=("/unfollow STORY", "/unfollow URL", "/unfollow all"),
    examples=("/unfollow all",),
    writes=True,
)
def unfollow(call: Call) -> Message:
    """Follows a story no more; alone, lists what is followed."""
    followed = _followed(call)
    if not call.args or not followed:
        return _listed(call)
    meant = followed if call.args.casefold() in _ALL else [_meant(call, followed)]
    ended = [entry for entry in meant if call.session.follows.end(call.chat.id, entry.story_id)]
    remember(call, Did.UNFOLLOWED, stories={str(entry.story_id): entry.since_at.isoformat() for entry in ended})
    key = "stories.unfollowed" if len(ended) == 1 else "stories.unfollowed_all"
    told = [numbered(call, entry.story_id) for entry in ended]
    titles = ", ".join(archived.article.title or f"#{archived.story_id}" for archived in told if archived)
    return Message((call.line(key, story=Strong(titles)), Actions((undo_button(call),))))


def _meant(call: Call, followed: list[Follow]) -> Follow:
    """The one that a person means; UserError when that is not followed."""
    story_id = story_of(call, call.args).story_id
    found = next((entry for entry in followed if entry.story_id == story_id), None)
    if found is None:
        raise UserError("stories.not_followed", suggestion="/follow")
    return found
