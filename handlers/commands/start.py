"""`/start`: what is watched, and what to try first."""

from __future__ import annotations

from bot.core.compose import zone_notice
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Message, Strong, spans
from bot.core.times import listed
from handlers.call import Call
from handlers.registry import Group, command


@command("start", Group.CHAT, usage=("/start", "/start INVITE"), examples=("/start",))
def start(call: Call) -> Message:
    """The welcome."""
    topics = list(call.services.topics)
    blocks: list[Block] = [Heading(call.say("commands.welcome")), call.line("commands.promise")]
    if topics:
        titles = listed([topic.title for topic in topics], call.words)
        blocks.append(call.line("commands.watched", topics=Strong(titles), archive=_archive(call)))
    else:
        blocks.append(call.line("commands.watched_nothing", archive=_archive(call)))
    if call.services.folder is not None and call.request.admin:
        blocks.append(call.line("commands.folder", folder=Code(str(call.services.folder))))
    if call.chat.zone_guessed:
        blocks.append(zone_notice(call.zone, call.now, call.words, guessed=True))
    if call.request.speaker is not None:
        blocks.append(call.line("commands.your_id", quiet=True, id=Code(str(call.request.speaker))))
    tries = _tries(topics[0].name if topics else "migration")
    blocks.append(call.line("commands.try_these"))
    blocks.extend(Item(spans(Code(typed), "  ", call.say(key))) for typed, key in tries)
    blocks.append(Actions(tuple(Action(call.say(label), typed) for label, typed in _BUTTONS)))
    return Message(tuple(blocks))


def _tries(topic: str) -> tuple[tuple[str, str], ...]:
    return (
        (f"/subscribe {topic}", "commands.try_subscribe"),
        ('/subscribe "border force" OR frontex', "commands.try_query"),
        ("/search kosovo", "commands.try_search"),
        ("/digest", "commands.try_digest"),
    )


_BUTTONS = (
    ("commands.button_topics", "/topics"),
    ("commands.button_digest", "/digest"),
    ("commands.button_help", "/help"),
)


def _archive(call: Call) -> str:
    """`48 articles from 2 sources`."""
    totals = [held for _, held, _ in call.session.sources.totals() if held]
    articles = call.count("commands.articles", call.session.articles.count())
    return call.say("commands.from_sources", articles=articles, sources=call.count("commands.sources_of", len(totals)))
