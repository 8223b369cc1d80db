"""Holding what waits in a chat to its mutes."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.model import Archived
from bot.core.plan import reads
from bot.core.reader_ports import Mute
from bot.matching import muting
from handlers.call import Call


def enforce(call: Call, mute: Mute) -> int:
    """Cancels what waits in the call's chat and is muted by this; how many lines.

    A story that an outlet which is heard carries as well is told by that one instead.
    """
    if not mute.holds(call.now):
        return 0
    silent: list[int] = []
    muted = muted_by(call)
    for line in call.session.mutes.pending(call.chat.id):
        archived = call.session.articles.get(line.article_id)
        if archived is None or mute.what not in muting.keys(archived):
            continue
        others = call.session.articles.many(line.others)
        heard = [entry for entry in others if reads(call.chat, entry.language) and not muted(entry)]
        if heard:
            call.session.mutes.retell(line.delivery_id, heard[0].id)
        else:
            silent.append(line.delivery_id)
    call.session.mutes.silence(mute.id, silent)
    return len(silent)


def muted_by(call: Call) -> Callable[[Archived], bool]:
    """Tells whether the chat has muted an article's story or its outlet."""
    what = {entry.what for entry in call.session.mutes.live(call.chat.id, call.now)}
    return lambda archived: bool(what) and not what.isdisjoint(muting.keys(archived))
