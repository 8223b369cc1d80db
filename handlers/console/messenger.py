"""The terminal as a platform that messages are sent to."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bot.core.errors import Rejected, Unavailable
from bot.core.message import Message
from bot.core.model import Address
from bot.core.ports import Limits
from handlers.console.render import render

PLATFORM = "terminal"

Write = Callable[[str], object]


class ConsoleMessenger:
    """Writes messages as terminal text through `write`, a blank line behind each.

    `width` is asked for the columns at every message, as a window may be resized; `reference` makes the references
    that `send` returns. A message for another chat than `own` has that chat's address above it. `bell` is written
    before each message that is not silent.
    """

    platform = PLATFORM

    def __init__(
        self,
        write: Write,
        reference: Callable[[], str],
        *,
        width: Callable[[], int],
        color: bool,
        own: Address,
        bell: str = "",
    ) -> None:
        self.limits = Limits()
        self._write = write
        self._reference = reference
        self._width = width
        self._color = color
        self._own = own
        self._bell = bell

    async def send(self, address: Address, message: Message) -> str:
        """Writes at once; Unavailable when nobody reads any more."""
        bell = "" if message.silent else self._bell
        label = bell + ("" if address == self._own else f"{address}\n")
        try:
            self._write(label + self.text(message) + "\n")
        except (OSError, ValueError) as problem:
            raise Unavailable(f"the terminal is closed: {problem}") from problem
        return self._reference()

    async def edit(self, address: Address, reference: str, message: Message) -> None:  # noqa: ARG002
        """Rejected: what a terminal has shown stays as it is."""
        raise Rejected("a terminal cannot change what it has shown")

    def text(self, message: Message) -> str:
        """The message as it would be written."""
        return render(message, width=self._width(), color=self._color)


def to_stdout(text: str) -> None:
    """Writes to whatever is standard output now (a prompt may stand in for it), flushed; unknown letters become `?`."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
