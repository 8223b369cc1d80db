"""What a button holds: the command itself where it is short, else a key into what the store keeps."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping

from bot.core.message import Action

KEY_MARK, PLACE_MARK = "#", "~"
"""What begins the data of a button that holds a key, and of one whose answer takes its message's place."""

Keep = Callable[[Mapping[str, str]], Awaitable[None]]
"""Keeps commands by key until they are asked for."""


def data_of(action: Action, room: int) -> str:
    """What the button holds where there are so many bytes for it: the same each time."""
    said = _said(action)
    return said if action.command.startswith("/") and _fits(said, room) else KEY_MARK + _key(said)


def kept(actions: Iterable[Action], room: int) -> dict[str, str]:
    """Key -> what does not fit into a button."""
    return {data[1:]: _said(action) for action in actions if (data := data_of(action, room)).startswith(KEY_MARK)}


def read(said: str) -> tuple[str, bool]:
    """The command that data without a key holds, and whether its answer takes the place of the message pressed."""
    return said.removeprefix(PLACE_MARK), said.startswith(PLACE_MARK)


def _fits(said: str, room: int) -> bool:
    """Half of a surrogate pair, as hostile text has it, fits nowhere."""
    try:
        return len(said.encode()) <= room
    except UnicodeEncodeError:
        return False


def _said(action: Action) -> str:
    return f"{PLACE_MARK if action.in_place else ''}{action.command}"


def _key(command: str) -> str:
    digest = hashlib.blake2b(command.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return base64.b32encode(digest).decode().lower()
