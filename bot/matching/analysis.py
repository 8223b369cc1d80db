"""Everything that can be told of an article by itself: meant to run in worker processes where there are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.encoding import written_out
from bot.matching.gists import gists
from bot.matching.leads import leads
from bot.matching.stories import Signature, signature
from bot.matching.text import analyse_as, language_of

Analysis: TypeAlias = tuple[Document, Signature]
"""An article as its words, without topics, and its signature."""


def analysed(articles: Sequence[Article]) -> list[Analysis]:
    """Analyses articles and signs them for their stories."""
    return analysed_as(articles, [language_of(article) for article in articles])


def analysed_whole(articles: Sequence[Article]) -> list[Analysis]:
    """The same, with what the full text index holds of them: for a process that has more time than who asks it."""
    return [(written_out(document), signed) for document, signed in analysed(articles)]


def analysed_as(articles: Sequence[Article], languages: Sequence[str | None]) -> list[Analysis]:
    """The same of articles whose languages are known."""
    documents = [analyse_as(article, language) for article, language in zip(articles, languages, strict=True)]
    read = list(leads(documents))
    told = gists(documents, articles, read)
    return [
        (document, replace(signature(document, lead), gist=gist))
        for document, lead, gist in zip(documents, read, told, strict=True)
    ]
