"""Which terms of a query matched an article, in which forms, and where: headline, lead or the text further down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.evidence import LEAD_WORDS
from bot.matching.explain import Hit
from bot.matching.weighing import Place

PLACES: tuple[Place, ...] = ("headline", "lead", "text")


@dataclass(frozen=True, slots=True)
class Form:
    """How a term stands in an article, and how often in each place, those that have it in the order of `PLACES`."""

    text: str
    places: tuple[tuple[Place, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A term of a query (canonical text) that took part in the match, with the forms it has, first things first."""

    term: str
    forms: tuple[Form, ...]

    @property
    def inflected(self) -> bool:
        """Whether it stands there in letters, or in a form, other than it was asked for."""
        asked = self.term.strip('"').casefold()
        return any(form.text.casefold() != asked for form in self.forms)


def found(article: Article, document: Document, hits: Iterable[Hit]) -> list[Found]:
    """The terms in the order in which they appear; forms that differ in case are one."""
    starts = document.body.starts
    lead = starts[LEAD_WORDS] if len(starts) > LEAD_WORDS else len(article.text) + 1
    counted: dict[str, dict[str, tuple[str, dict[Place, int]]]] = {}
    for hit in hits:
        text = " ".join((article.title if hit.part == "title" else article.text)[hit.start : hit.end].split())
        place: Place = "headline" if hit.part == "title" else "lead" if hit.start < lead else "text"
        _, places = counted.setdefault(hit.term, {}).setdefault(text.casefold(), (text, {}))
        places[place] = places.get(place, 0) + 1
    return [Found(term, tuple(_form(*form) for form in forms.values())) for term, forms in counted.items()]


def _form(text: str, places: dict[Place, int]) -> Form:
    return Form(text, tuple((place, places[place]) for place in PLACES if place in places))
