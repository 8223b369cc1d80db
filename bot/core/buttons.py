"""What a button holds: the command itself where it is short, else a key into what the store keeps."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping

KEY_MARK = "#"
_PAGED = re.compile(r"\bpage:\s*\d+\s*$")

Keep = Callable[[Mapping[str, str]], Awaitable[None]]
"""Keeps commands by key until they are asked for."""


def data_of(command: str, room: int) -> str:
    """What a button of so many bytes that types this command holds: the same each time."""
    return command if command.startswith("/") and len(command.encode()) <= room else KEY_MARK + _key(command)


def kept(commands: Iterable[str], room: int) -> dict[str, str]:
    """Key -> command of those that do not fit into a button."""
    return {data[1:]: command for command in commands if (data := data_of(command, room)).startswith(KEY_MARK)}


def turns_page(command: str) -> bool:
    """Whether its answer takes the place of the message it is pressed under."""
    return _PAGED.search(command) is not None


def _key(command: str) -> str:
    digest = hashlib.blake2b(command.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return base64.b32encode(digest).decode().lower()
