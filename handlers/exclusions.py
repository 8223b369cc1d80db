"""What subscriptions could leave out, from what was marked as not relevant and what was kept; and doing so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.message import Action, Actions, Code, Line, Message
from bot.core.model import Archived, Subscription
from bot.matching.evaluate import matches
from bot.matching.exclusion import Exclusion, Seen, exclusion
from bot.matching.query import parse
from bot.matching.text import document_of
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.reading import label, read

MARKED, KEPT = 10, 20
"""Stories that were marked, and that were kept, which are looked at: the latest."""

LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True)
class Offer:
    """A subscription, what it could leave out, of how many marked stories, and how many were kept."""

    entry: Subscription
    found: Exclusion
    marked: int
    kept: int

    @property
    def command(self) -> str:
        """What applies it."""
        return f"/irrelevant {LEAVE_OUT} {self.entry.number} {self.found.left_out}"


def offer(call: Call, entry: Subscription) -> Offer | None:
    """What the subscription could leave out so that nothing of what was kept would have been missed."""
    shelf, articles = call.session.shelf, call.session.articles
    unwanted = _matching(entry, articles.many(shelf.marked_of(call.chat.id, entry.id, MARKED)))
    if not unwanted:
        return None
    stories = {archived.story_id for archived, _ in unwanted}
    saved = (article_id for article_id, _ in shelf.saved(call.chat.id, KEPT)[0])
    came = call.session.reasons.came(entry.id, KEPT + MARKED)
    kept = [known for known in articles.many(list(dict.fromkeys((*saved, *came)))) if known.story_id not in stories]
    wanted = _matching(entry, kept)
    found = exclusion(parse(entry.query), unwanted, wanted)
    return Offer(entry, found, len(unwanted), len(wanted)) if found else None


def _matching(entry: Subscription, known: Iterable[Archived]) -> list[Seen]:
    """Those that the subscription's query still matches, analysed."""
    query = parse(entry.query)
    seen = ((archived, document_of(archived)) for archived in known)
    return [(archived, document) for archived, document in seen if matches(query, document)]


def said(call: Call, made: Offer) -> Line:
    """The offer in words."""
    kept = call.count("looking.none_of_kept", made.kept) if made.kept else call.say("looking.nothing_kept")
    return call.line(
        "looking.leave_out",
        what=Code(str(made.found.left_out)),
        removed=f"{made.found.removed:,}",
        marked=call.count("commands.stories", made.marked),
        kept=kept,
    )


def button(call: Call, made: Offer) -> Action:
    """The button that applies it."""
    return Action(call.say("looking.leave_it_out", what=made.found.left_out, number=made.entry.number), made.command)


def leave_out(call: Call, typed: str) -> Message:
    """Has a subscription leave something out from now on; it keeps its number and when it rings."""
    number, _, what = typed.partition(" ")
    mine = {str(entry.number): entry for entry in call.session.subscriptions.of_chat(call.chat.id)}
    entry = mine.get(number)
    if entry is None:
        raise UserError("commands.no_number", numbers=number[:20] or "?")
    if not what.strip():
        raise UserError("looking.leave_out_what", suggestion=f"/irrelevant {LEAVE_OUT} {number} football")
    query = read(call, f"{_grouped(entry)} -({what.strip()})").canonical
    if any(other.query == query for other in mine.values()):
        raise UserError("looking.have_that", number=next(n for n, other in mine.items() if other.query == query))
    rephrase(call, entry, query)
    remember(call, Did.REPHRASED, entry.id, query=entry.query)
    line = call.line("looking.left_out", number=entry.number, query=Code(label(call.services.topics, query)))
    all_of_them = Action(call.say("commands.all_subscriptions"), "/subscriptions")
    return Message((line, Actions((undo_button(call), all_of_them))))


def _grouped(entry: Subscription) -> str:
    """The query as it can stand beside an exclusion."""
    return f"({entry.query})" if " OR " in entry.query or " NEAR/" in entry.query else entry.query


def rephrase(call: Call, entry: Subscription, query: str) -> None:
    """Gives a subscription another query; what is on its way to it still comes where the new one matches it too."""
    on_their_way = call.session.subscriptions.rephrase(entry.id, query)
    changed = call.session.subscriptions.get(entry.id)
    if changed is None:
        return
    node = parse(query)
    for article_id, story_id, fresh in on_their_way:
        archived = call.session.articles.get(article_id)
        if archived is not None and matches(node, document_of(archived)):
            call.session.outbox.raise_alerts([(article_id, story_id, changed.query_id)], call.now, fresh=fresh)


def offers(call: Call, subscriptions: Sequence[Subscription]) -> list[Offer]:
    """What any of these could leave out."""
    return [made for entry in subscriptions if (made := offer(call, entry)) is not None]
