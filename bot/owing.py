"""What was heard and is not answered yet, as text that outlives the process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.core.message import Line, line, plain
from bot.core.model import Address
from handlers.request import Request

_PLAIN = (
    "text",
    "admin",
    "name",
    "event",
    "may_change",
    "picks",
    "pictures",
    "title",
    "language",
    "metered",
    "shared",
    "rules",
)
"""What JSON can hold of a request as it is."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A request and where its answer goes: in `place` of a message, or to another chat under a heading."""

    request: Request
    place: str | None = None
    answer_at: Address | None = None
    heading: Line | None = None

    def __str__(self) -> str:
        said: dict[str, object] = {name: getattr(self.request, name) for name in _PLAIN}
        said |= {name: str(address) if address else None for name, address in self._addresses.items()}
        said |= {"place": self.place, "heading": plain(self.heading.spans) if self.heading else None}
        return json.dumps(said, ensure_ascii=False)

    @property
    def _addresses(self) -> dict[str, Address | None]:
        request = self.request
        return {"address": request.address, "speaker": request.speaker, "answer_at": self.answer_at}

    @classmethod
    def parse(cls, text: str, now: datetime) -> Self:
        """What `str` has written, as said at `now`."""
        said = json.loads(text)
        address, speaker, answer_at = (
            Address.parse(said[name]) if said[name] else None for name in ("address", "speaker", "answer_at")
        )
        if address is None:
            raise ValueError("it was said nowhere")
        request = Request(address, now=now, speaker=speaker, **{name: said[name] for name in _PLAIN if name in said})
        return cls(request, said["place"], answer_at, line(said["heading"], quiet=True) if said["heading"] else None)


def platform_of(text: str) -> str:
    """The platform on which that was said, whoever has written it; empty where it does not say."""
    try:
        return str(json.loads(text)["address"]).partition(":")[0]
    except (KeyError, TypeError, ValueError):
        return ""
