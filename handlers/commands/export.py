"""`/export`: articles as a CSV table or a Markdown list, or the subscriptions as commands that make them again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot.core.errors import LimitReached, NotAllowed, UserError
from bot.core.message import Code, Document, Line, Message, line
from bot.core.model import Archived, Subscription
from bot.core.times import duration
from bot.core.typed import loose
from bot.matching.query import moment as date_moment
from bot.matching.query import split_dates
from bot.matching.syntax import Since
from handlers.call import Call
from handlers.commands.search import nothing_found
from handlers.commands.subscriptions import nothing
from handlers.quotas import Quota
from handlers.reading import DATED, read, remarks, sendable
from handlers.registry import Group, command

MOST = 5_000
"""Articles a file holds."""

SAVED = ("saved", "sacuvano")
SUBSCRIPTIONS = ("subscriptions", "list", "pretplate")

SOURCES = ("sources", "opml", "izvori")

HEADER = (
    "first headline",
    "latest headline",
    "outlet",
    "language",
    "published UTC",
    "first seen UTC",
    "url",
    "topics",
    "story",
    "outlets",
)

_ENDING = re.compile(r"(?<=\S)\s+(markdown|md|csv)$", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


@command(
    "export",
    Group.READ,
    usage=(
        "/export TOPIC",
        "/export QUERY since:30d",
        "/export QUERY markdown",
        "/export saved",
        "/export subscriptions",
        "/export sources",
    ),
    examples=("/export migration since:30d", "/export subscriptions"),
)
def export(call: Call) -> Message:
    """A file of what a query finds, of what is saved, or of what the chat subscribes to."""
    if not call.args:
        raise UserError("commands.export_what", suggestion="/export subscriptions")
    pause = call.quotas and call.quotas.pause(Quota.EXPORTS, call.request.address, call.now)
    if call.quotas and pause:
        raise LimitReached("quotas.exports", most=call.quotas.exports, span=duration(pause, call.words))
    made = _export(call)
    if call.quotas and any(isinstance(block, Document) for block in made.blocks):
        call.quotas.spend(Quota.EXPORTS, call.request.address, call.now)
    return made


def _export(call: Call) -> Message:
    if loose(call.args) in SUBSCRIPTIONS:
        return _subscriptions(call)
    if loose(call.args) in SOURCES:
        return _sources(call)
    ending = _ENDING.search(call.args)
    wanted = call.args[: ending.start()] if ending else call.args
    as_list = ending is not None and ending[1].lower() != "csv"
    word, _, dates = wanted.partition(" ")
    if loose(word) in SAVED and all(part.lower().startswith(DATED) for part in dates.split()):
        return _saved(call, dates, as_list)
    return _found(call, wanted, as_list)


def _found(call: Call, wanted: str, as_list: bool) -> Message:
    reading = read(call, wanted, dates=True)
    page = call.session.search.newest(
        reading.node, call.now, limit=MOST, languages=call.chat.reads, zone=call.zone_name
    )
    if not page.hits:
        return Message((*nothing_found(call, reading.typed), *remarks(call, reading, "export")))
    file = _file(call, reading.topic.name if reading.topic else reading.typed, page.hits, as_list)
    return Message((*_handed_over(call, file, len(page.hits), cut=page.more), *remarks(call, reading, "export"), file))


def _saved(call: Call, dates: str, as_list: bool) -> Message:
    """The saved articles, the last saved first; dates are of their publication."""
    entries, total = call.session.shelf.saved(call.chat.id, MOST)
    articles = call.session.articles.many([article_id for article_id, _ in entries])
    for bound in split_dates(read(call, dates, dates=True).node)[1] if dates else ():
        at = date_moment(bound.value, call.now, call.zone)
        after = isinstance(bound, Since)
        articles = [entry for entry in articles if (entry.published_at >= at) is after]
    if not articles:
        return Message((call.line("readers.nothing_saved", example=Code("/save")),))
    file = _file(call, "saved", articles, as_list)
    return Message((*_handed_over(call, file, len(articles), cut=total > MOST), file))


def _file(call: Call, subject: str, articles: Sequence[Archived], as_list: bool) -> Document:
    name = f"newsbell-{_slug(subject)}-{call.now.astimezone(call.zone):%Y-%m-%d}"
    if as_list:
        return Document(f"{name}.md", markdown(articles), "text/markdown")
    outlets = {story_id: call.session.articles.outlets(story_id) for story_id in {one.story_id for one in articles}}
    return Document(f"{name}.csv", table(articles, outlets), "text/csv")


def _handed_over(call: Call, file: Document, number: int, *, cut: bool) -> list[Line]:
    articles = call.count("commands.articles", number)
    said = call.line("commands.exported", articles=articles, name=Code(file.name))
    return [said, call.line("commands.export_cut", quiet=True, most=f"{MOST:,}")] if cut else [said]


def table(articles: Iterable[Archived], outlets: Mapping[int, Sequence[str]]) -> str:
    """The articles as CSV (RFC 4180) under HEADER; a cell a spreadsheet would run as a formula begins with '.

    `outlets` are those that carry each story, by its id.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for archived in articles:
        carried = ", ".join(dict.fromkeys(outlets.get(archived.story_id, ())))
        writer.writerow([harmless(cell) for cell in (*_row(archived), carried)])
    return out.getvalue()


def _row(archived: Archived) -> tuple[str, ...]:
    article = archived.article
    return (
        archived.first_title,
        article.title,
        article.source,
        archived.language or "",
        _utc(archived.published_at),
        _utc(archived.first_seen_at),
        article.url or "",
        " ".join(archived.topics),
        str(archived.story_id),
    )


def harmless(cell: str) -> str:
    """The cell as text, also where it would be a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u200b").startswith(_FORMULA) else cell


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def markdown(articles: Iterable[Archived]) -> str:
    """The articles as a Markdown list (CommonMark): linked headline, outlet, day."""
    return "".join(
        f"- {_linked(archived)}, {_escaped(archived.article.source)}, {archived.published_at:%Y-%m-%d}\n"
        for archived in articles
    )


def _linked(archived: Archived) -> str:
    title = _escaped(archived.article.title or archived.article.text[:80])
    url = re.sub(r"[<>\s]", "", archived.article.url or "")
    return f"[{title}](<{url}>)" if url else title


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|!])", r"\\\1", " ".join(text.split()))


def _slug(text: str) -> str:
    """ASCII letters, digits and hyphens of a query, for a file's name."""
    return "-".join(re.findall(r"[a-z0-9]+", loose(text)))[:40].strip("-") or "articles"


def _subscriptions(call: Call) -> Message:
    entries = call.session.subscriptions.of_chat(call.chat.id)
    if not entries:
        return nothing(call)
    commands = "".join(f"{recreating(entry)}\n" for entry in entries)
    file = Document("newsbell-subscriptions.txt", commands, "text/plain")
    return Message((call.line("commands.export_commands"), file))


def _sources(call: Call) -> Message:
    """The sources as a list that every feed reader takes, for admins: it tells what they chose to follow."""
    if not call.request.admin:
        raise NotAllowed("commands.list_for_admins")
    content, left_out = call.services.opml(call.session.sources.all())
    file = Document(f"newsbell-sources-{call.now.astimezone(call.zone):%Y-%m-%d}.opml", content, "text/x-opml")
    said = [call.line("commands.sources_exported", name=Code(file.name))]
    if left_out:
        said.append(line(call.count("commands.sources_left_out", left_out), quiet=True))
    return Message((*said, file))


def recreating(entry: Subscription) -> str:
    """The command that makes the subscription again, or changes it back."""
    flags = [flag for flag in ("urgent", "every") if getattr(entry, flag)]
    return " ".join(("/subscribe", sendable(entry.query), str(entry.cadence), *flags))
