"""The composition root: the only module that names concrete classes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.batches import chunked, read_files
from bot.caretaker import Caretaker, Keeping
from bot.config import Settings
from bot.core.access import Access
from bot.core.door import Door
from bot.core.errors import SourceError, StoreFull
from bot.core.message import Message
from bot.core.model import POLLED, Address, Article, Refused, Source, SourceKind
from bot.core.ports import Messenger, Store
from bot.drawing import Artist
from bot.heap import give_back
from bot.jobs.catchup import CatchUp
from bot.jobs.deliver import Deliver, Delivered
from bot.jobs.digest import open_digests
from bot.jobs.expand import expand, expand_growths
from bot.jobs.facts import Composer
from bot.jobs.intake import Arrival, Intake, StandingQueries, Taken, record
from bot.jobs.merge import merge
from bot.jobs.pages import OnRead, Pages, Reading
from bot.jobs.plant import is_planted, plant
from bot.jobs.prune import prune
from bot.jobs.retag import Retag
from bot.jobs.retell import retell
from bot.jobs.rounds import Rounds
from bot.jobs.scan import OnDone, Scan, Scanned
from bot.jobs.sender import Sender
from bot.jobs.turns import Turns
from bot.jobs.wake import wake
from bot.jobs.watch import watch
from bot.jobs.whole import Whole
from bot.matching.topics import Topics
from bot.setting_paths import seeds
from bot.timetable import Entry, timetable
from handlers.dispatch import answer, outright, second
from handlers.quotas import Quotas
from handlers.registry import registry
from handlers.request import Request
from handlers.services import Services
from handlers.task import Answer, Draw, Drawn, SourceAdded, Task
from store.database import open_store
from store.locks import TerminalLock

if TYPE_CHECKING:
    from bot.matching.percolator import Percolator
    from bot.matching.tagging import Tagger
    from bot.sources.finding import Found
    from bot.sources.keeping import Imported
    from bot.sources.network import Network

TERMINAL = "terminal"
LOCAL = "local"
"""The terminal chat's default name; it is an admin."""


def version() -> str:
    """The installed version."""
    from importlib.metadata import version as installed

    return installed("newsbell")


def network_of(settings: Settings) -> Network:
    """The network as the settings permit it, to be entered on the loop that uses it."""
    from bot.sources.network import Network

    return Network(version(), settings.contact, private=settings.fetch_private)


@dataclass(frozen=True)
class App:
    """Everything of one newsbell process, built from its settings; parts are made when first used."""

    settings: Settings
    store: Store
    topics: Topics = field(default_factory=lambda: Topics.load(seeds() / "topics"))
    artist: Artist = field(default_factory=Artist)

    @cached_property
    def services(self) -> Services:
        """What commands may use."""

        def opml(sources: Iterable[Source]) -> tuple[str, int]:
            from bot.sources.keeping import list_to_show

            return list_to_show(sources)

        settings, look = self.settings, self.caretaker.watermark.look
        quotas = Quotas(settings.max_subscriptions, settings.max_commands, settings.max_exports)
        return Services(
            self.store,
            self.topics,
            settings.timezone,
            settings.folder,
            version(),
            self.door,
            quotas,
            look,
            settings.backups is not None,
            opml=opml,
        )

    @cached_property
    def door(self) -> Door:
        """Who may use this newsbell."""
        return Door(self.settings.access, self.admins, self.settings.timezone)

    @cached_property
    def caretaker(self) -> Caretaker:
        """Keeps the installation well."""
        return Caretaker(self.store, self.settings, self.admins)

    @cached_property
    def intake(self) -> Intake:
        """Takes articles in."""
        return Intake(self.store, self.tagger, StandingQueries(self._percolator()))

    @cached_property
    def tagger(self) -> Tagger:
        """Says which topics articles carry."""
        from bot.matching.tagging import Tagger

        return Tagger(self.topics.definitions, self._percolator())

    def _percolator(self) -> Percolator:
        from bot.matching.percolator import Percolator

        return Percolator(secrets.randbits(62))

    @cached_property
    def scan(self) -> Scan:
        """Looks into watched folders."""
        from bot.sources.folder import Folder

        return Scan(self.store, Turns(self._commit, self._prepare), {SourceKind.FOLDER: Folder()})

    def _prepare(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        return self.intake.prepare(arrivals) if any(arrival.articles for arrival in arrivals) else arrivals

    def _commit(self, arrivals: Sequence[Arrival]) -> list[list[Taken]]:
        """Takes arrivals in; queries and topics stand ready from the first article on, and not before."""
        if any(arrival.articles for arrival in arrivals):
            self.caretaker.watermark.guard()
            return self.intake.commit(arrivals)
        return record(self.store, arrivals)

    def network(self) -> Network:
        """The network as the settings permit it, to be entered on the loop that uses it."""
        return network_of(self.settings)

    def polling(self, network: Network) -> Scan:
        """Fetches polled sources over this network."""
        from bot.sources.polled import Polled

        polled = Polled(network, network.read)
        fetchers = dict.fromkeys(POLLED, polled)
        return replace(self.scan, fetchers=fetchers, analyse=network.analyse, pages=self.settings.fulltext)

    def pages(self, network: Network) -> Pages:
        """Reads articles' own pages over this network."""
        from bot.sources.pages import ArticlePages
        from bot.sources.web.robots import Robots

        reader = ArticlePages(network, Robots(network), network.extract)
        enabled = self.settings.fulltext
        return Pages(self.store, Whole(self.intake), reader, self.scan.turns, enabled, network.analyse)

    async def scan_all(
        self,
        now: datetime,
        names: Sequence[str] = (),
        *,
        on_done: OnDone = lambda _source, _left: None,
        between: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(0),
        on_read: OnRead = lambda _host, _left: None,
    ) -> tuple[Scanned, Reading]:
        """One pass over every source that is due, or those named, folders and polled ones, and then over their pages.

        What happens `between` the two waits for no page. See `Scan` and `Pages`.
        """
        async with self.network() as network:
            polling = self.polling(network)
            scan = replace(polling, fetchers={**self.scan.fetchers, **polling.fetchers})
            scanned = await scan(now, names, on_done=on_done)
            await between()
            only = [source.id for source in await scan.sources(now, names)] if names else None
            return scanned, await self.pages(network).read(now, only, on_read=on_read)

    async def add_source(
        self, network: Network, found: Found, now: datetime, name: str | None = None
    ) -> tuple[Source, bool, int]:
        """Adds a source that was found, with what it showed then; (it, whether it is new, articles taken in)."""
        from bot.sources.keeping import add
        from bot.sources.polled import Polled

        source, added = await asyncio.to_thread(self.store.write, lambda session: add(session, found, name))
        if source.fetched_at is not None:
            return source, added, 0
        with suppress(SourceError, StoreFull):  # of an index whose sitemaps fail: the next scan asks again
            fetched = await Polled(network, network.read).take(source, found.answer, found.feed, now)
            return source, added, len(await self.polling(network).take(source, fetched, now))
        return source, added, 0

    def begin_sources(self, now: datetime) -> int:
        """Takes the list of sources that the settings name into a new database; returns how many are new."""
        if self.settings.sources is None:
            return 0
        from bot.sources.keeping import begin

        imported = begin(self.store, self.settings.sources.read_bytes(), now)
        return imported.added if imported else 0

    def import_sources(self, data: bytes) -> Imported:
        """Takes an OPML list in; SourceError for no such list."""
        from bot.sources.keeping import import_list

        return import_list(self.store, data)

    @cached_property
    def catch_up(self) -> CatchUp:
        """Looks after what became overdue while nothing ran."""
        return CatchUp(self.store, self.settings.late_for, self.settings.timezone)

    @cached_property
    def retag(self) -> Retag:
        """Keeps the archive tagged by today's topics."""
        return Retag(self.store, {topic.name: self.topics.version(topic.name) for topic in self.topics}, self.tagger)

    def is_admin(self, address: Address) -> bool:
        """Whether the settings make this chat an admin."""
        return address in self.admins

    @property
    def admins(self) -> frozenset[Address]:
        """The chats of admins: those of the settings, and the terminal's own."""
        return self.settings.admins | {Address(TERMINAL, LOCAL)}

    def hears(self, address: Address, admin: bool) -> bool:
        """Whether what is said at this address, by an admin or not, is acted on."""
        if self.settings.access is Access.OPEN:
            return True
        return self.store.read(lambda session: self.door.hears(session, address, admin=admin))

    def prepare(self, now: datetime) -> int:
        """Makes the watched folder a source and plants the seeds of a new database; returns how many it planted."""
        if self.settings.folder is not None:
            self._watch(self.settings.folder.absolute())
        self.ran_at(now)
        self.retag.begin()
        if self.settings.seed_articles is None or is_planted(self.store):
            return 0
        return plant(self.store, self.intake, read_files, self.settings.seed_articles, now)

    def guard(self, now: datetime) -> None:
        """Brings every chat in line with who may use the bot: for whoever runs it, not for what runs beside it."""
        self.store.write(lambda session: self.door.settle(session, now))

    def _watch(self, folder: Path) -> None:
        self.store.write(lambda session: session.sources.ensure(SourceKind.FOLDER, str(folder), folder.name))
        with suppress(OSError):  # the scan says what is wrong with it
            folder.mkdir(exist_ok=True)

    def ingest(self, path: Path, now: datetime) -> Iterator[Taken | Refused]:
        """Takes one file in, yielding a Taken or a Refused for each of its items."""
        for chunk in chunked(read_files(path, None)):
            articles = [entry for entry in chunk if isinstance(entry, Article)]
            taken = self.intake.take(articles, self._ingested(path.absolute().parent), now) if articles else iter(())
            yield from (entry if isinstance(entry, Refused) else next(taken) for entry in chunk)

    def _ingested(self, folder: Path) -> Source:
        """The source that files of this folder are ingested as."""
        return self.store.write(
            lambda session: session.sources.ensure(SourceKind.INGEST, str(folder), folder.name or "/")
        )

    def deliverer(
        self, messenger: Messenger, accept: Callable[[Address], bool], clock: Callable[[], datetime] | None = None
    ) -> Deliver:
        """Delivers over this messenger to the chats that `accept` takes; see `Deliver` for the `clock`."""
        return self.delivery([Sender(messenger)], accept, clock)

    def delivery(
        self, senders: Iterable[Sender], accept: Callable[[Address], bool], clock: Callable[[], datetime] | None = None
    ) -> Deliver:
        """Delivers over these senders, one a platform, through which answers to commands should go as well."""
        composer = Composer(self.topics, self.settings.timezone)
        return Deliver(self.store, composer, {sender.platform: sender for sender in senders}, accept, clock)

    def owe(self, now: datetime) -> int:
        """Alerts become deliveries, pauses end, due digests open, admins are owed news; returns new deliveries."""
        self.catch_up(now)
        owed = expand(self.store, now, self.settings.timezone)
        owed += retell(self.store, now, self.settings.timezone)
        wake(self.store, now, self.settings.timezone)
        open_digests(self.store, now, self.settings.timezone)
        expand_growths(self.store, now)
        watch(self.store, self.admins, now, self.settings.timezone)
        return owed

    async def deliver(self, now: datetime, deliver: Deliver) -> Delivered:
        """Everything due now leaves."""
        await asyncio.to_thread(self.owe, now)
        return await deliver(now)

    def prune(self, now: datetime) -> int:
        """Drops what is kept for a while only."""
        self.ran_at(now)
        pruned = prune(self.store, now)
        give_back()
        return pruned

    def merge(self) -> bool:
        """Takes the next steps to standing queries and a full text in few pieces; False when nothing is left to do."""
        self.intake.standing.percolator.merge()
        return merge(self.store)

    def entries(self, rounds: Rounds, pages: Pages, deliver: Deliver) -> tuple[Entry, ...]:
        """The running bot's timetable: these rounds of sources, their pages, this delivery, and everything else."""
        gate = self.caretaker.watermark.gate
        entries = timetable(
            scan=gate(self.scan),
            poll=gate(rounds),
            pages=gate(pages),
            owe=lambda at: asyncio.to_thread(self.owe, at),
            deliver=deliver,
            retag=gate(lambda _: asyncio.to_thread(self.retag.step)),
            prune=lambda at: asyncio.to_thread(self.prune, at),
            merge=gate(lambda _: asyncio.to_thread(self.merge)),
            scan_for=self.settings.folder_scan_for,
            poll_for=self.settings.due_for,
        )
        return (*entries, *self.caretaker.entries())

    def answer(self, request: Request) -> Answer:
        """The answer to what somebody said, and what is left to do for a second one."""
        return answer(request, self.services)

    def command(self, verb: str, args: str, now: datetime) -> Message:
        """The answer to what an admin says at no chat's place, on the command line; raises UserError."""
        return self.store.write(lambda session: outright(session, self.services, verb, args, now))

    async def perform(self, task: Task, request: Request, network: Network) -> Message:
        """Does what a command has left to the loop, and words the second answer; an unreachable network is one too."""
        result: SourceAdded | SourceError | StoreFull | Drawn
        if isinstance(task, Draw):
            result = Drawn(task.chart, await self.artist.draw(task.chart))
            return await asyncio.to_thread(second, request, self.services, result)
        try:
            result = await self._add(task.url, request.now, network)
        except (SourceError, StoreFull) as error:
            result = error
        return await asyncio.to_thread(second, request, self.services, result)

    async def _add(self, url: str, now: datetime, network: Network) -> SourceAdded:
        await asyncio.to_thread(import_module, "bot.sources.finding")  # it takes a while, and the loop has others
        from bot.sources.finding import Finder
        from bot.sources.web.addresses import shown

        found = await Finder(network, network.read, network.leads).find(url, now)
        source, added, _ = await self.add_source(network, found, now)
        return SourceAdded(source.name, shown(source.location), added)

    def verbs(self) -> list[str]:
        """Every verb a person can type."""
        return [command.verb for command in registry()]

    def ran_at(self, now: datetime) -> None:
        """Records that this database was in use at `now`: no rehearsal may go back before it."""
        self.store.write(lambda session: session.meta.ran_at(now))

    def open_elsewhere(self, address: Address) -> bool:
        """Whether a `chat` has this terminal open, so that its deliveries are that chat's."""
        return TerminalLock.is_held(self.settings.database, address.chat)

    @classmethod
    def open(cls, settings: Settings, now: datetime, say: Callable[[str], None] = lambda _: None) -> Self:
        """The app on its database, made or migrated when it must be; `say` is told of a copy made before that."""
        return cls(settings, open_store(settings.database, now=now, keep=Keeping(settings.backups, now, say)))

    def close(self) -> None:
        """Waits for what is being committed and closes the store."""
        if "scan" in vars(self):
            self.scan.turns.close()
        self.store.close()
