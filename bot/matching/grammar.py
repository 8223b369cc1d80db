"""The grammar of the query language, a parser by recursive descent, and how it mends what it cannot read.

    query   = either
    either  = all { "OR" all }
    all     = item { [ "AND" ] item }
    item    = ( "NOT" | "-" ) near | near
    near    = atom [ "NEAR" [ "/" number ] atom ]            number 0 to 100; 10 when left out
    atom    = field | group | quoted | prefix | word
    group   = "(" either ")"                                  nested at most 32 deep
    quoted  = '"' word { word } [ "*" ] '"' | '"' word word { word } '"~' number
    prefix  = word "*"                                        three letters or more, as folded
    field   = "title:" ( word | prefix | quoted | group )    with no other field inside
            | ( "source:" | "topic:" ) ( value | '"' value '"' ) | "lang:" code
            | ( "since:" | "before:" ) moment                 in a search, beside the rest of it

Nothing comes between a field's colon, or a dash, and its operand. Operators are capitals. NEAR takes a word, prefix,
phrase or a group of these joined by OR. The whole, each branch of an OR and what is excluded or sought in headlines
must ask for something: exclusions alone do not, filters do. What the analyser sees no word in (`!!!`, a lone dash) is
passed over.

A Parser raises Fault, or with `mend` does the nearest thing that can be read and goes on: that is the suggestion.
"""

from __future__ import annotations

from bot.matching import filters, leaves
from bot.matching.cursor import Cursor
from bot.matching.lexer import (
    AND,
    CLOSE,
    FIELD,
    FIELDS,
    MINUS,
    MISNAMED,
    NEAR,
    NOT,
    OPEN,
    OR,
    PHRASE,
    UNCLOSED,
    WORD,
    Lexeme,
    classified,
)
from bot.matching.syntax import Before, Node, Not, Or, Phrase, Since, Title, Word
from bot.matching.tree import affirmed, conjunction, conjuncts, disjunction, nearable, nearest_pair, positive

DEEPEST = 32
NEAR_DISTANCE = 10
"""Words between when NEAR is given no number, as in SQLite's FTS5."""

_DATES = ("since", "before")
_REFUSED = {"lang": "query.language", "since": "query.moment", "before": "query.moment"}


class Parser(Cursor):
    """One reading of a query's lexemes; `dates` allows since: and before:, `mend` mends faults that else are raised."""

    def __init__(self, lexemes: list[Lexeme], dates: bool, max_terms: int, *, mend: bool = False) -> None:
        super().__init__(lexemes, max_terms, mend=mend)
        self.dates = dates
        self.depth = 0
        self.headline = False
        self.hoisted: list[Node] = []
        """Mended: what was written too deep inside and belongs beside everything else."""

    def query(self) -> Node | None:
        """The tree of the whole query, or None where there is nothing to search for."""
        parts = [self._either()]
        while self.next.kind == CLOSE:
            self.fault("query.unopened", self.take().start)
            parts.append(self._either())
        node = conjunction([*filter(None, parts), *self.hoisted])
        if node is None or positive(node) or all(map(_is_date, conjuncts(node))):
            return node
        self.fault("query.only_excluded", self.lexemes[0].start)
        return affirmed(node)

    def _either(self) -> Node | None:
        branches: list[tuple[int, Node]] = []
        while True:
            start = self.next.start
            if branch := self._all():
                branches.append((start, branch))
            if self.next.kind != OR:
                break
            operator = self.take()
            if branch is None:
                self.fault("query.before", operator.start, operator=OR)
            self.expect_item(operator)
        if len(branches) < 2:
            return branches[0][1] if branches else None
        return self._alternatives(branches)

    def _alternatives(self, branches: list[tuple[int, Node]]) -> Node | None:
        """The OR of branches that each ask for something; mended, mere exclusions are taken from all the others."""
        asked: list[Node] = []
        excluded: list[Node] = []
        for start, branch in branches:
            undated = self._undated(branch, start)
            if undated is None or positive(undated):
                asked += [undated] if undated else []
                continue
            self.fault("query.branch_excluded", start)
            excluded.append(undated)
        if asked:
            return conjunction([*filter(None, [disjunction(asked)]), *excluded])
        return disjunction(filter(None, map(affirmed, excluded)))

    def _undated(self, node: Node, position: int) -> Node | None:
        """The node without since: and before:, which belong beside the whole; mended, they are taken there."""
        dates = [child for child in conjuncts(node) if _is_date(child)]
        if not dates:
            return node
        self.fault("query.date_inside", position)
        self.hoisted += dates
        return conjunction(child for child in conjuncts(node) if not _is_date(child))

    def _all(self) -> Node | None:
        parts: list[Node] = []
        while True:
            if self.next.kind in (AND, NEAR):
                operator = self.take()
                if not parts:
                    self.fault("query.before", operator.start, operator=operator.text)
                self.expect_item(operator)
            elif not self.at_item():
                return parts[0] if len(parts) == 1 else conjunction(parts)
            elif part := self._item():
                parts.append(part)

    def _item(self) -> Node | None:
        if self.next.kind not in (NOT, MINUS):
            return self._near()
        operator = self.take()
        self._single(operator)
        if not self.expect_item(operator):
            return None
        start = self.next.start
        child = self._near()
        if child is not None:
            child = self._undated(child, start)
        if child is not None and not positive(child):
            self.fault("query.only_excluded", start)
            child = affirmed(child)
        return Not(child) if child is not None else None

    def _single(self, operator: Lexeme) -> None:
        """Passes over NOT and - after another operator that takes no exclusion; a fault."""
        while self.next.kind in (NOT, MINUS):
            second = self.take()
            self.fault("query.doubled", second.start, first=operator.text, second=second.text)

    def _near(self) -> Node | None:
        start = self.next.start
        left = self._atom()
        if self.next.kind != NEAR:
            return left
        pairs: list[Node | None] = []
        while left is not None and self.next.kind == NEAR:
            operator = self.take()
            if pairs:
                self.fault("query.near_chain", operator.start)
            distance = self._distance(operator)
            self._single(operator)
            after = self.next.start
            right = self._atom() if self.expect_item(operator) else None
            if right is None:
                break
            pairs.append(self._pair((start, left), (after, right), distance))
            start, left = after, right
        return conjunction(filter(None, pairs)) or left

    def _distance(self, operator: Lexeme) -> int:
        _, slash, number = operator.text.partition("/")
        if not slash:
            return NEAR_DISTANCE
        distance = leaves.width(number)
        if distance is None:
            self.fault("query.near_number", operator.start, widest=leaves.WIDEST)
        return leaves.mended_width(number) if distance is None else distance

    def _pair(self, left: tuple[int, Node], right: tuple[int, Node], distance: int) -> Node | None:
        for start, node in (left, right):
            if not nearable(node):
                self.fault("query.near_operand", start)
        return nearest_pair(left[1], right[1], distance)

    def _atom(self) -> Node | None:
        if self.next.kind == OPEN:
            return self._group()
        if self.next.kind == FIELD:
            return self._field(self.take())
        return self._term(self.take())

    def _group(self) -> Node | None:
        opened = self.take()
        if self.depth == DEEPEST:
            self.fault("query.too_deep", opened.start, limit=DEEPEST)
            return None
        self.depth += 1
        node = self._either()
        self.depth -= 1
        if self.next.kind == CLOSE:
            self.take()
        else:
            self.fault("query.unclosed", opened.start)
        if node is None:
            self.fault("query.empty_group", opened.start)
        return node

    def _term(self, lexeme: Lexeme) -> Node | None:
        """A word, prefix, phrase or words in proximity; None where mended to nothing or one too many."""
        read = leaves.word if lexeme.kind == WORD else leaves.quoted
        return self.counted(read(lexeme, self.fault), lexeme)

    def _field(self, field: Lexeme) -> Node | None:
        name, start = field.text, field.end - len(field.extra)
        if name not in FIELDS:
            self.fault("query.field_unknown", field.start, field=name)
            return self._misnamed(field)
        if self.headline:
            self.fault("query.field_inside", field.start)
        if field.extra.startswith("-") and name not in _DATES:
            self.fault("query.field_excludes", start, field=name)
            node = self._valued(field._replace(extra=field.extra.lstrip("-")))
            return Not(node) if node else None
        return self._valued(field)

    def _misnamed(self, field: Lexeme) -> Node | None:
        """Mended: the field that was meant, or name and value as words in a row."""
        import difflib

        near = difflib.get_close_matches(field.text, FIELDS, 1)
        name = MISNAMED.get(field.text) or (near[0] if near else None)
        if name:
            return self._field(field._replace(text=name))
        words = field.extra.replace("*", " ").replace(":", " ")
        return self._term(Lexeme(PHRASE, f"{field.text} {words}", field.start, field.end))

    def _valued(self, field: Lexeme) -> Node | None:
        """The node of a field that exists; mended, one inside a headline's group is taken out of it."""
        if field.text == "title":
            return self._title(field)
        node = self._filter(field)
        if self.headline and node:
            self.hoisted.append(node)
        return None if self.headline else node

    def _title(self, field: Lexeme) -> Node | None:
        outside, self.headline = self.headline, True
        child = self._headline(field)
        self.headline = outside
        if child is None or outside:
            return child
        if positive(child):
            return Title(child)
        self.fault("query.only_excluded", field.end - len(field.extra))
        child = affirmed(child)
        return Not(Title(child)) if child else None

    def _headline(self, field: Lexeme) -> Node | None:
        """What stands after `title:`; after a space too where that is mended."""
        if not field.extra:
            if not self.touches(field):
                self.fault("query.field_empty", field.end, field=field.text)
            return self._atom() if self.next.kind in (WORD, PHRASE, UNCLOSED, OPEN) else None
        lexeme = classified(field.extra, field.end - len(field.extra))
        if lexeme and lexeme.kind == FIELD:
            self.fault("query.field_inside", lexeme.start)
            last = lexeme.extra.rpartition(":")[2]
            lexeme = classified(last, lexeme.end - len(last))
        if lexeme and lexeme.kind != WORD:
            lexeme = classified(lexeme.text.lower(), lexeme.start)
        if lexeme:
            return self._term(lexeme)
        self.fault("query.field_empty", field.end, field=field.text)
        return None

    def _filter(self, field: Lexeme) -> Node | None:
        name, start = field.text, field.end - len(field.extra)
        if name in _DATES and not self.dates:
            self.fault("query.date_outside_search", field.start, field=name)
        if self.next.kind == OPEN and self.touches(field):
            self.fault("query.field_group", start, field=name)
            return self._spread(name)
        value = self._value(field)
        node = filters.made(name, value)
        if node is None:
            self.fault(_REFUSED.get(name, "query.field_empty"), start, field=name, value=value)
            node = filters.mended(name, value)
        if name in _DATES:
            return node if self.dates else None
        return self.counted(node, field)

    def _value(self, field: Lexeme) -> str:
        if field.extra:
            return field.extra
        if not self.touches(field):
            self.fault("query.field_empty", field.end, field=field.text)
        if self.next.kind not in (PHRASE, UNCLOSED, WORD):
            return ""
        quotes = self.take()
        if quotes.kind == UNCLOSED:
            self.fault("query.unclosed_quote", quotes.start)
        elif quotes.extra:
            self.fault("query.value_extended", quotes.end - len(quotes.extra), field=field.text)
        return quotes.text

    def _spread(self, name: str) -> Node | None:
        """Mended: `lang:(sr OR hr)` as `lang:sr OR lang:hr`."""
        group = self._group()
        leaves = group.children if isinstance(group, Or) else conjuncts(group) if group else ()
        values = [
            leaf.text if isinstance(leaf, Word) else " ".join(leaf.words)
            for leaf in leaves
            if isinstance(leaf, Word | Phrase)
        ]
        return disjunction(filter(None, (filters.made(name, value) for value in values)))


def _is_date(node: Node) -> bool:
    return isinstance(node, Since | Before)
