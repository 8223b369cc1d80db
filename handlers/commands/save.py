"""`/save` and `/saved`: articles put aside, to read or take away later."""

from __future__ import annotations

from datetime import datetime

from bot.core.compose import item
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Message, line
from bot.core.model import Archived
from bot.core.times import local_time
from bot.matching.telling import told
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.commands.search import paged
from handlers.meant import named, story_of
from handlers.registry import Group, command

PER_PAGE = 10
"""Articles a page."""

DROP = ("drop", "remove", "izbaci")


@command(
    "save",
    Group.READ,
    usage=("/save", "/save STORY", "/save URL", "/save HEADLINE"),
    examples=("/save",),
    writes=True,
)
def save(call: Call) -> Message:
    """Saves an article: the latest alert's, or the one that is named."""
    archived = story_of(call, call.args)
    all_saved = Action(call.say("readers.all_saved"), "/saved")
    if not call.session.shelf.save(call.chat.id, archived.id, call.now):
        already = call.line("readers.saved_already", headline=named(archived))
        return Message((already, Actions((all_saved,))))
    remember(call, Did.SAVED, article=archived.id)
    return Message((call.line("readers.saved", headline=named(archived)), Actions((undo_button(call), all_saved))))


@command(
    "saved",
    Group.READ,
    usage=("/saved", "/saved page:2", "/saved drop STORY"),
    examples=("/saved",),
    writes=True,
)
def saved(call: Call) -> Message:
    """What is saved, the last first, a page at a time."""
    verb, _, rest = call.args.partition(" ")
    if verb.casefold() in DROP:
        return _drop(call, story_of(call, rest.strip()))
    page = paged(call.args).page
    entries, total = call.session.shelf.saved(call.chat.id, PER_PAGE, PER_PAGE * (page - 1))
    if not total:
        return Message((call.line("readers.nothing_saved", example=Code("/save")),))
    if not entries:
        return Message((call.line("commands.no_such_page", page=page, first=Code("/saved")),))
    counted = call.count("readers.saved_list", total)
    heading = counted if page == 1 else call.say("commands.found_page", found=counted, page=page)
    blocks: list[Block] = [Heading(heading), *(_entry(call, *entry) for entry in entries)]
    blocks.append(call.line("readers.take_away", quiet=True, command=Code("/export saved")))
    following = Action(call.say("commands.more"), f"/saved page:{page + 1}", in_place=True)
    more = [following] if total > PER_PAGE * page else []
    export = Action(call.say("readers.export_them"), "/export saved")
    return Message((*blocks, Actions((*more, export))))


def _entry(call: Call, article_id: int, saved_at: datetime) -> Item:
    at = call.say("readers.saved_at", time=local_time(saved_at, call.now, call.zone, call.words))
    archived = call.session.articles.get(article_id)
    if archived is None:
        return Item(line(call.say("readers.saved_gone")).spans)
    outlets = call.session.articles.outlets(archived.story_id)
    shown = told(archived, [], call.services.topics, outlets=outlets)
    return item(shown, call.telling, remarks=[at, f"#{archived.story_id}"])


def _drop(call: Call, archived: Archived) -> Message:
    """Removes the story's articles from what is saved."""
    copies = [entry.id for entry in call.session.articles.of_story(archived.story_id)]
    dropped = {entry: at for entry in copies if (at := call.session.shelf.drop(call.chat.id, entry)) is not None}
    if not dropped:
        return Message((call.line("readers.not_saved"), Actions((Action(call.say("readers.all_saved"), "/saved"),))))
    remember(call, Did.DROPPED, articles={str(entry): at.isoformat() for entry, at in dropped.items()})
    undo = Actions((undo_button(call),))
    return Message((call.line("readers.saved_dropped", headline=named(archived)), undo))
