"""Watermark: when there is no room left nothing more is fetched, what is owed still goes out, and it ends by itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.errors import StoreError, StoreFull
from bot.core.model import Address
from bot.core.ports import Session, Store
from bot.core.reports import Report
from bot.core.space import MEASURED, SLACK, TIGHT, Cause, Space, past_of, past_to_text, remembered
from bot.core.space_told import ballast_back, ballast_used, full, held, room_again, tight
from bot.core.upkeep import Meta
from bot.core.words import ENGLISH
from bot.jobs.alarm import tell

Job = Callable[[datetime], Awaitable[object]]

log = logging.getLogger(__name__)

FULL, TOLD, GIVEN_UP = "full_since", "tight_told", "ballast_given_up"
"""Facts: since when and why the admins were told that it is full, that it is tight, and that the ballast is in use."""


@dataclass
class Watermark:
    """Measures the room there is, a look at a time; while something is wrong, jobs behind its `gate` rest.

    `most` is the bytes the database may take, None for the whole disk; `copies` the folder of its copies; `ballast` the
    bytes set aside, given up when the disk is full so that what is owed can be sent and written down.
    """

    store: Store
    most: int | None
    ballast: int
    copies: str | None
    admins: Collection[Address]
    default_zone: str
    cause: Cause | None = None
    """Why jobs rest."""
    _runs_jobs: bool = False
    _given_up: int = 0
    """Bytes of the ballast that this process gave up."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, now: datetime) -> Space:
        """The first look of whoever runs jobs; from now on it hears of writes that find no room."""
        self._runs_jobs = True
        self.store.heed_full(self.refused)
        return self(now)

    def look(self, session: Session) -> Space:
        """The space there is; whoever runs no jobs learns from the store that jobs rest, while that may be so."""
        past = past_of(session.meta.get(MEASURED))
        given_up = min(self.ballast, self._given_up or int(session.meta.get(GIVEN_UP) or 0))
        space = Space(session.figures.room(self.copies), self.most, past, self.cause, given_up)
        if self._runs_jobs or space.cause is not None or space.is_eased:
            return space
        _, told = _told(session.meta)
        return replace(space, held=told)

    def __call__(self, now: datetime) -> Space:
        """The space there is: jobs rest or go on by it, and the admins are told what has changed. StoreError."""
        space = self.store.read(self.look)
        if space.cause is not None and space.cause is not self.cause:
            self._fill(space.cause)
            space = self.store.read(self.look)
        elif self.cause is not None and self._has_room(space):
            self._open()
        is_back = self.cause is None and space.has_room_for(self.ballast) and self._set_aside()
        space = replace(space, past=remembered(space.past, space.room.database, now), held=self.cause)
        with suppress(StoreFull):  # it is recorded and told as soon as it can be written down
            self.store.write(lambda session: self._record(session, space, now, is_back=is_back))
        return space

    def refused(self) -> None:
        """A write found no room: as the disk says itself, or whatever it says."""
        if self.cause in (Cause.DISK, Cause.REFUSED):
            return
        with suppress(StoreError):
            if self.store.read(self.look).cause is Cause.DISK:
                self._fill(Cause.DISK)
                return
        self._fill(Cause.REFUSED)

    def gate(self, job: Job) -> Job:
        """The job, which rests while there is no room, and ends when it finds that there is none."""

        async def gated(now: datetime) -> object:
            if self.cause is not None:
                return None
            try:
                return await job(now)
            except StoreFull as full:
                log.warning("disk=refused %s", full)
                return None

        return gated

    def guard(self) -> None:
        """StoreFull while jobs rest: what they had begun before is not taken in either."""
        if self.cause is not None:
            raise StoreFull(f"nothing is taken in while there is no room ({self.cause})")

    def insist(self) -> None:
        """StoreFull, which says what to do, unless something may come in."""
        space = self.store.read(self.look)
        if (reason := held(space, ENGLISH)) is not None:
            raise StoreFull(reason)

    def _fill(self, cause: Cause) -> None:
        """From now on jobs rest; where it is the disk that is full its ballast goes."""
        with self._lock:
            before, self.cause = self.cause, cause
        if cause is not Cause.LIMIT and (given_up := self.store.release_ballast()):
            self._given_up = given_up
            log.warning("disk=ballast given up bytes=%d", given_up)
        if before is None:
            log.warning("disk=full cause=%s nothing is fetched until there is room", cause)

    def _has_room(self, space: Space) -> bool:
        """Whether there is plenty again, and a write of some size says so, too."""
        if not space.is_eased:
            return False
        try:
            self.store.try_room()
        except StoreError:
            return False
        return True

    def _open(self) -> None:
        self.cause = None
        log.warning("disk=room again, fetching goes on")

    def _set_aside(self) -> bool:
        """Has the ballast there; whether it is new."""
        try:
            is_new = self.store.keep_ballast(self.ballast)
        except StoreError as error:  # somebody else was faster: the next look says so
            log.warning("disk=ballast failed: %s", error)
            return False
        self._given_up = 0
        return is_new

    def _record(self, session: Session, space: Space, now: datetime, *, is_back: bool) -> None:
        """Keeps what was measured, and has the admins told what is new."""
        meta = session.meta
        if space.past != past_of(meta.get(MEASURED)):
            meta.set(MEASURED, past_to_text(space.past))
        reports = [*_change(meta, space, now), *self._of_ballast(meta, is_back=is_back)]
        if space.share < SLACK:
            meta.drop(TOLD)
        elif space.share >= TIGHT and meta.get(TOLD) is None:
            meta.set(TOLD, now.isoformat())
            reports += tight(space) if space.cause is None else []
        for report in reports:
            tell(session, self.admins, report, now, self.default_zone)

    def _of_ballast(self, meta: Meta, *, is_back: bool) -> Iterator[Report]:
        """That it was given up, once, and that it is there again."""
        if self._given_up and meta.get(GIVEN_UP) is None:
            meta.set(GIVEN_UP, str(self._given_up))
            yield ballast_used(self._given_up)
        if is_back and meta.get(GIVEN_UP) is not None:
            meta.drop(GIVEN_UP)
            yield ballast_back(self.ballast)


def _change(meta: Meta, space: Space, now: datetime) -> Iterator[Report]:
    """That nothing is fetched any more, and why; or that there is room again."""
    since_at, told = _told(meta)
    if space.cause is not None and space.cause is not told:
        meta.set(FULL, f"{(since_at or now).isoformat()} {space.cause}")
        yield full(space, space.cause)
    elif space.cause is None and since_at is not None:
        meta.drop(FULL)
        yield room_again(now - since_at)


def _told(meta: Meta) -> tuple[datetime | None, Cause | None]:
    """Since when and why the admins were told that nothing is fetched."""
    since_at, _, cause = (meta.get(FULL) or "").partition(" ")
    return (datetime.fromisoformat(since_at), Cause(cause)) if since_at else (None, None)
