"""Inline mode: what a search finds, as articles to share in any chat."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.core.message import Actions, Item, Link, Message, plain
from handlers.telegram.pieces import cleaned
from handlers.telegram.render import linkable, render

TITLE, DESCRIPTION = 120, 200
"""Characters of a result that are shown in the list."""

FRESH_FOR = 30
"""Seconds for which Telegram may answer the same question itself."""


def articles(found: Message) -> list[InlineQueryResultArticle]:
    """The stories of a search's answer that have an address, in its order."""
    items = [block for block in found.blocks if isinstance(block, Item)]
    made = [_article(item, span) for item in items for span in item.spans[:1] if isinstance(span, Link)]
    return list({article.id: article for article in made if article.url}.values())


def has_more(found: Message) -> bool:
    """Whether the search's answer has a next page."""
    actions = (action for block in found.blocks if isinstance(block, Actions) for action in block.actions)
    return any(action.in_place for action in actions)


async def answer_asked(bot: Bot, asked: str, results: list[InlineQueryResultArticle], next_page: int | None) -> None:
    """Shows the results; a question that is too old for an answer changes nothing."""
    offset = "" if next_page is None else str(next_page)
    with suppress(TelegramError):
        await bot.answer_inline_query(asked, results, FRESH_FOR, is_personal=True, next_offset=offset)


def _article(item: Item, link: Link) -> InlineQueryResultArticle:
    """The story: what is shared is its headline as a link, outlet and time, with a preview of it."""
    shared = render(Message((Item((link,), item.below[:1], ""),))).pages[0].text
    described = " ".join(cleaned(" ".join(plain(line.spans) for line in item.below)).split())
    return InlineQueryResultArticle(
        hashlib.blake2b(link.url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        " ".join(cleaned(link.text).split())[:TITLE] or "…",
        InputTextMessageContent(
            shared.strip(),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(url=linkable(link.url)),
        ),
        url=linkable(link.url),
        description=described[:DESCRIPTION] or None,
    )
