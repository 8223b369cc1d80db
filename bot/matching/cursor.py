"""Going through a query's lexemes: what is next, how much was taken, and raising or passing over what is wrong."""

from __future__ import annotations

from bot.matching.lexer import AND, FIELD, MINUS, NEAR, NOT, OPEN, OR, PHRASE, UNCLOSED, WORD, Lexeme
from bot.matching.syntax import Node

_ITEM = frozenset((WORD, PHRASE, UNCLOSED, FIELD, OPEN, NOT, MINUS))
_JOINS = frozenset((AND, OR, NEAR))


class Fault(Exception):
    """What is wrong: a phrase of the catalogue, the offset in the normalised text, and the details the phrase names."""

    def __init__(self, key: str, position: int, **details: object) -> None:
        super().__init__(key)
        self.key = key
        self.position = position
        self.details = details


class Cursor:
    """A place among the lexemes of a query, the last of which is END; with `mend` faults are not raised."""

    def __init__(self, lexemes: list[Lexeme], max_terms: int, *, mend: bool) -> None:
        self.lexemes = lexemes
        self.next = lexemes[0]
        self.at = 0
        self.max_terms = max_terms
        self.terms = 0
        self.mend = mend

    def fault(self, key: str, position: int, **details: object) -> None:
        """Raises Fault, or does nothing where faults are mended."""
        if not self.mend:
            raise Fault(key, position, **details)

    def take(self) -> Lexeme:
        """The next lexeme, which is then behind; END stays next for ever."""
        taken = self.next
        if self.at < len(self.lexemes) - 1:
            self.at += 1
            self.next = self.lexemes[self.at]
        return taken

    def at_item(self) -> bool:
        """Whether a term, field, group or exclusion comes next."""
        return self.next.kind in _ITEM

    def touches(self, field: Lexeme) -> bool:
        """Whether quotes or a group come next, right after the colon of a field that has no value yet."""
        return not field.extra and self.next.start == field.end and self.next.kind in (PHRASE, UNCLOSED, OPEN)

    def expect_item(self, operator: Lexeme) -> bool:
        """Whether an item comes next; a fault where the operator before it is doubled or left dangling."""
        after = self.next
        if after.kind in _ITEM:
            return True
        if after.kind in _JOINS:
            self.fault("query.doubled", after.start, first=operator.text, second=after.text)
        else:
            self.fault("query.after", after.start, operator=operator.text)
        return False

    def counted(self, node: Node | None, lexeme: Lexeme) -> Node | None:
        """The leaf, unless it is one too many."""
        self.terms += node is not None
        if self.terms <= self.max_terms:
            return node
        self.fault("query.too_many", lexeme.start, limit=self.max_terms)
        return None
