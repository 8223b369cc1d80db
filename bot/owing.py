"""What was heard and is not answered yet, as text that outlives the process."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.core.message import Line, line, plain
from bot.core.model import Address
from handlers.request import Request


@dataclass(frozen=True, slots=True)
class Heard:
    """A request and where its answer goes: in `place` of a message, or to another chat under a heading."""

    request: Request
    place: str | None = None
    answer_at: Address | None = None
    heading: Line | None = None

    def __str__(self) -> str:
        request = self.request
        said = {
            "address": str(request.address),
            "text": request.text,
            "admin": request.admin,
            "name": request.name,
            "event": request.event,
            "speaker": str(request.speaker) if request.speaker else None,
            "may_change": request.may_change,
            "picks": request.picks,
            "place": self.place,
            "answer_at": str(self.answer_at) if self.answer_at else None,
            "heading": plain(self.heading.spans) if self.heading else None,
        }
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def parse(cls, text: str, now: datetime) -> Self:
        """What `str` has written, as said at `now`."""
        said = json.loads(text)
        names = ("text", "admin", "name", "event", "may_change", "picks")
        request = Request(Address.parse(said["address"]), now=now, **{name: said[name] for name in names})
        if said["speaker"]:
            request = replace(request, speaker=Address.parse(said["speaker"]))
        answer_at = Address.parse(said["answer_at"]) if said["answer_at"] else None
        heading = line(said["heading"], quiet=True) if said["heading"] else None
        return cls(request, said["place"], answer_at, heading)
