"""From a line of chat to its answer: which command is meant, run in one transaction, every refusal worded."""

from __future__ import annotations

import logging
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.access import Access
from bot.core.errors import (
    NotAllowed,
    QuerySyntaxError,
    SourceError,
    StoreError,
    StoreFull,
    UnknownCommand,
    UserError,
)
from bot.core.message import Action, Actions, Block, Code, Line, Message, filled, line
from bot.core.model import Address, Chat
from bot.core.places import zone_of_language
from bot.core.ports import Session
from bot.core.presence import come_back
from bot.core.words import ENGLISH, Words, language_of
from handlers.call import Call
from handlers.commands.sources import outcome
from handlers.door import turned_away
from handlers.quotas import Quota
from handlers.registry import Command, Group, registry
from handlers.request import Request
from handlers.services import Services
from handlers.task import Answer, SourceAdded

log = logging.getLogger(__name__)

_SLASHED = re.compile(r"[/／]\s*(?P<verb>[^\s@]+)(?:@\S*)?\s*(?P<args>.*)", re.DOTALL)
_ONLY_ASKING = "/／?？ "
"""Nothing but these is somebody who does not know what to say."""
_URL = re.compile(r"https?://\S+", re.IGNORECASE)

POINTED = 60
"""Characters of a query that are shown around the place an error points at."""

SILENCE = Message(())
"""The answer that says nothing: nothing is sent."""

SUGGESTED = 300
"""Characters of the longest suggestion worth reading."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line was taken for; `guessed` when it named no command and was taken for a search."""

    command: Command
    args: str = ""
    guessed: bool = False

    @property
    def changes(self) -> bool:
        """Whether it may change what the chat gets."""
        return self.command.writes and not (self.command.shows and not self.args)


def dispatch(request: Request, services: Services) -> Message:
    """What one request is answered at once; see `answer`."""
    return answer(request, services).message


def answer(request: Request, services: Services) -> Answer:
    """Answers one request; what a person got wrong is answered with the way out, and nothing is ever raised."""
    words = ENGLISH
    try:
        if refused := _too_many(request, services) or _stranger(request, services):
            return Answer(refused)
        chat = _chat(request, services)
        words = Words(chat.language or "en")
        return _answer(request, services, chat, words)
    except StoreFull as full:
        log.warning("chat=%s command=refused %s", request.address, full)
        return Answer(no_room(full, words, request.admin))
    except Exception as error:
        log.exception("chat=%s command=failed", request.address)
        told = str(error) if isinstance(error, StoreError) and request.admin else words.say("error.unexpected")
        return Answer(Message((line(told),)))


def no_room(full: StoreFull, words: Words, admin: bool) -> Message:
    """That nothing was stored; admins are told why."""
    return Message((line(words.say("error.full_why", reason=full) if admin else words.say("error.full")),))


def second(request: Request, services: Services, result: SourceAdded | SourceError | StoreFull) -> Message:
    """The second answer to a request, now that its task is done or has failed."""
    words = Words(_chat(request, services).language or "en")
    return no_room(result, words, request.admin) if isinstance(result, StoreFull) else outcome(result, words)


def outright(session: Session, services: Services, verb: str, args: str, now: datetime) -> Message:
    """What an admin is answered at once who speaks from no chat; raises UserError."""
    request = Request(Address("terminal", "local"), f"/{verb} {args}", now, admin=True, metered=False)
    given = _known(verb).run(Call(request, services, session, Chat(0, request.address, now), args))
    return given.message if isinstance(given, Answer) else given


def _chat(request: Request, services: Services) -> Chat:
    """The chat the request comes from, made the first time it speaks; what only reads needs none to be stored."""
    chat = services.store.read(lambda session: session.chats.at(request.address))
    if chat is not None:
        return chat
    try:
        return services.store.write(lambda session: _met(session, request))
    except StoreFull:
        return Chat(0, request.address, request.now)


def _met(session: Session, request: Request) -> Chat:
    """A new chat is spoken to in the language that the platform speaks to the person in, where we have it.

    Its time zone is the one which that makes likely, until the person says which it is.
    """
    chat = session.chats.ensure(request.address, request.now)
    language = None if request.title else language_of(request.language)
    zone = None if request.title else zone_of_language(request.language)
    if zone is not None or language not in (None, "en"):
        spoken = None if language == "en" else language
        chat = replace(chat, language=spoken, timezone=zone, zone_guessed=zone is not None)
        session.chats.save(chat)
    return chat


def _stranger(request: Request, services: Services) -> Message | None:
    """What a stranger is told, None for whoever may use the bot."""
    if services.door.access is Access.OPEN:
        return None
    try:
        said = understand(request.text)
    except UserError:
        return turned_away(request, services, "", "")
    return turned_away(request, services, said.command.verb, said.args)


def _too_many(request: Request, services: Services) -> Message | None:
    """Said once to a chat that gives more commands than it may; what follows of them is not answered at all."""
    quotas = services.quotas
    if quotas is None or not request.metered or request.admin:
        return None
    pause = quotas.pause(Quota.COMMANDS, request.address, request.now)
    if pause is None:
        quotas.spend(Quota.COMMANDS, request.address, request.now)
        return None
    if not quotas.is_news(request.address, request.now):
        return SILENCE
    chat = services.store.read(lambda session: session.chats.at(request.address))
    words = Words((chat and chat.language) or language_of(request.language) or "en")
    seconds = max(1, round(pause.total_seconds()))
    return Message((line(words.say("quotas.commands", most=quotas.commands, seconds=seconds)),))


def _answer(request: Request, services: Services, chat: Chat, words: Words) -> Answer:
    try:
        said = understand(request.text)
    except UserError as error:
        return Answer(refusal(error, words))
    try:
        given = _run(said, request, services, chat)
    except UserError as error:
        given = refusal(error, words, said)
    if isinstance(given, Answer):
        return given
    if said.guessed:
        note = Line(filled(words.phrase("commands.guessed"), help=Code("/help")), quiet=True)
        given = Message((note, *given.blocks), given.silent)
    return Answer(given)


def _run(said: Said, request: Request, services: Services, chat: Chat) -> Message | Answer:
    """The command's answer, computed and committed in one transaction on the chat as it then is.

    Whoever commands is there: a chat that the platform had lost goes on. What changes things is remembered with its
    change as acted on and not answered; NotAllowed for those who may not change this chat.
    """
    if said.changes and not request.may_change:
        raise NotAllowed("error.chat_admins")
    if chat.is_away and said.command.verb != "resume":  # which says itself what was held
        with suppress(StoreFull):  # it does with the next one
            services.store.write(lambda session: come_back(session, chat.id))

    def work(session: Session) -> Message | Answer:
        now = _own(session, request, said) if said.command.writes else session.chats.get(chat.id)
        given = said.command.run(Call(request, services, session, now or chat, said.args))
        if request.event and said.changes and not isinstance(given, Answer):  # a task is still to be done
            session.conversations.acted(request.event, request.now)
            session.conversations.keep_unanswered({request.event: ""}, request.now)
        if request.admin and said.changes and said.command.group is not Group.INSTALLATION:
            services.door.settle_in(session, request.address, request.title, request.now, request.speaker)
        return given

    return services.store.write(work) if said.command.writes else services.store.read(work)


def _own(session: Session, request: Request, said: Said) -> Chat:
    """The chat as it is, owned by whoever first changed something there: they are told when it can be told nothing."""
    chat, speaker = session.chats.ensure(request.address, request.now), request.speaker
    if chat.owner is None and speaker not in (None, chat.address) and said.changes:
        chat = replace(chat, owner=speaker)
        session.chats.save(chat)
    return chat


def changes(text: str) -> bool:
    """Whether a line is a command that may change what its chat gets."""
    try:
        return understand(text).changes
    except UserError:
        return False


def understand(text: str) -> Said:
    """Which command a line means; UnknownCommand when it has a slash and no such verb.

    Without a slash a verb counts when it stands alone or begins a sentence that can only be a command; a lone URL asks
    why it was or was not sent, and everything else is a search.
    """
    typed = text.strip()
    if not typed.strip(_ONLY_ASKING):
        return Said(_known("help"))
    if slashed := _SLASHED.fullmatch(typed):
        return _slashed(unicodedata.normalize("NFKC", slashed["verb"]), slashed["args"])
    word, rest = (*typed.split(None, 1), "", "")[:2]
    found = registry().find(word)
    if found and (not rest or (found.sentence and word.casefold() == found.verb)):
        return Said(found, rest)
    return Said(_known("why"), typed) if _URL.fullmatch(typed) else Said(_known("search"), typed, guessed=True)


def _slashed(verb: str, args: str) -> Said:
    if found := registry().find(verb):
        return Said(found, args.strip())
    near = registry().nearest(verb)
    raise UnknownCommand(
        "commands.unknown" if near is None else "commands.unknown_near",
        verb=f"/{verb[:40]}",
        suggestion=None if near is None else f"/{near} {args}".strip(),
    )


def _known(verb: str) -> Command:
    found = registry().find(verb)
    if found is None:
        raise LookupError(verb)
    return found


def refusal(error: UserError, words: Words, said: Said | None = None) -> Message:
    """What could not be done, where in the query when it points there, and what to send instead."""
    blocks: list[Block] = [line(error.say(words))]
    if isinstance(error, QuerySyntaxError) and said is not None:
        blocks.extend(pointer(said.args, error.position))
    if error.suggestion and len(error.suggestion) <= SUGGESTED:
        command = _command(error.suggestion, said)
        key = "commands.did_you_mean" if isinstance(error, UnknownCommand) else "error.try"
        blocks.append(Line(filled(words.phrase(key), suggestion=Code(command))))
        blocks.append(Actions((Action(words.say("commands.try_it"), command),)))
    return Message(tuple(blocks))


def _command(suggestion: str, said: Said | None) -> str:
    """The suggestion as something to send: what it suggests writing goes behind the verb that was used."""
    return suggestion if suggestion.startswith("/") or said is None else f"/{said.command.verb} {suggestion}"


def pointer(text: str, position: int) -> tuple[Line, Line]:
    """The text and, in the line below, a mark under its character at `position` (0-based; its length is the end).

    Columns are counted as a fixed-width font shows them (Unicode Standard Annex 11); long texts show what is near.
    """
    start = max(0, position - POINTED // 2)
    shown = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text)
    before, after = shown[start:position], shown[position : start + POINTED]
    cut, more = "…" if start else "", "…" if len(text) > start + POINTED else ""
    return line(Code(f"{cut}{before}{after}{more}")), line(Code(" " * (len(cut) + _columns(before)) + "^"))


def _columns(text: str) -> int:
    """Columns the text takes: wide letters two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(bool(unicodedata.combining(letter)) for letter in text)
