"""A folder as a source: what is new or changed in it since the last look, once it is written to its end."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.core.errors import Forbidden, SourceError, Unreachable
from bot.core.model import Article, Fetched, Outlook, Refused, Source, SourceKind
from bot.sources.files import expand, read
from bot.sources.jsonl import Unfinished

Fingerprints = dict[str, list[int]]
"""By a file's path in the folder: size in bytes, time of modification and of status change in nanoseconds."""


class Folder:
    """Fetches folders, subfolders included; the source's state is a JSON object of the files it has seen."""

    async def fetch(self, source: Source, now: datetime) -> Fetched:
        """Every item of every file that is new or changed; Unreachable or Forbidden when the folder cannot be listed.

        Ids are paths in the folder. An item that seems half written is held back until its file has stayed the same
        from one fetch to the next, and only then refused.
        """
        planted_at = now if source.kind is SourceKind.SEEDS else None
        return await asyncio.to_thread(_look, Path(source.location), source.state, planted_at)

    def failed(self, source: Source, _error: SourceError, _now: datetime, /) -> Outlook:
        """Nothing changes: it is looked at again at the next scan."""
        return Outlook(source.state)


@dataclass(slots=True)
class _Seen:
    """What the source's state remembers: files done with, and files that were unfinished when last looked at."""

    done: Fingerprints = field(default_factory=dict)
    unfinished: Fingerprints = field(default_factory=dict)

    @classmethod
    def parse(cls, state: str) -> _Seen:
        """The memory written as `state`; an empty one for what cannot be read, as articles seen again are known."""
        try:
            kept = json.loads(state)
            return cls(dict(kept["done"]), dict(kept["unfinished"]))
        except (ValueError, KeyError, TypeError):
            return cls()

    def __str__(self) -> str:
        return json.dumps({"done": self.done, "unfinished": self.unfinished}, separators=(",", ":"))


def _look(folder: Path, state: str, planted_at: datetime | None) -> Fetched:
    _listed(folder)
    before, after = _Seen.parse(state), _Seen()
    articles: list[Article] = []
    refused: list[Refused] = []
    for path in expand([folder]):
        name = path.relative_to(folder).as_posix()
        fingerprint = _fingerprint(path)
        if before.done.get(name) == fingerprint:
            after.done[name] = fingerprint
            continue
        items = list(read(path, name=name, planted_at=planted_at))
        settled = fingerprint == before.unfinished.get(name) or not any(isinstance(item, Unfinished) for item in items)
        if _fingerprint(path) != fingerprint:
            continue  # written to while it was read: next time
        (after.done if settled else after.unfinished)[name] = fingerprint
        articles.extend(item for item in items if isinstance(item, Article))
        refused.extend(item for item in items if isinstance(item, Refused) and settled)
    return Fetched(tuple(articles), tuple(refused), Outlook(str(after)))


def _listed(folder: Path) -> None:
    """Raises the SourceError of a folder that cannot be listed."""
    try:
        os.scandir(folder).close()
    except PermissionError as problem:
        raise Forbidden(f"{folder}: may not be read; check its permissions") from problem
    except NotADirectoryError as problem:
        raise Unreachable(f"{folder}: a file, not a folder") from problem
    except OSError as problem:
        raise Unreachable(f"{folder}: no such folder; make it, or watch another one") from problem


def _fingerprint(path: Path) -> list[int]:
    """What changes when the file does; empty for a file that is gone or out of reach."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
