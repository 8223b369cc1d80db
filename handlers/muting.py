"""What the call's chat has muted."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.model import Archived
from bot.core.reader_ports import Mute
from bot.matching.hushing import hush, muted_in
from handlers.call import Call


def enforce(call: Call, mute: Mute) -> int:
    """Cancels what waits in the call's chat and is muted by this; how many lines."""
    return hush(call.session, call.chat, mute, call.now)


def muted_by(call: Call) -> Callable[[Archived], bool]:
    """Tells whether the chat has muted an article's story or its outlet."""
    return muted_in(call.session, call.chat, call.now)
