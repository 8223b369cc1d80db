"""Building syntax trees: flat AND and OR, what counts as positive, and what NEAR can join."""

from __future__ import annotations

from collections.abc import Iterable

from bot.matching.syntax import And, Before, Near, Node, Not, Or, Phrase, Prefix, Proximity, Since, Title, Word


def conjunction(nodes: Iterable[Node]) -> Node | None:
    """The AND of `nodes` without an AND inside it; a node alone stays itself, none at all is None."""
    return _flat(And, nodes)


def disjunction(nodes: Iterable[Node]) -> Node | None:
    """The OR of `nodes` without an OR inside it; a node alone stays itself, none at all is None."""
    return _flat(Or, nodes)


def _flat(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Node | None:
    children: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            children += node.children
        else:
            children.append(node)
    return kind(tuple(children)) if len(children) > 1 else children[0] if children else None


def conjuncts(node: Node) -> tuple[Node, ...]:
    """What an AND joins; any other node alone."""
    return node.children if isinstance(node, And) else (node,)


def positive(node: Node) -> bool:
    """Whether the node asks for something, so that it can be answered without reading the whole archive."""
    if isinstance(node, And):
        return any(map(positive, node.children))
    return not isinstance(node, Not | Since | Before)


def affirmed(node: Node) -> Node | None:
    """A node of exclusions alone, asked for instead of excluded."""
    return conjunction(child.child if isinstance(child, Not) else child for child in conjuncts(node))


def nearable(node: Node) -> bool:
    """Whether NEAR takes the node: a word, prefix or phrase, or an OR of these."""
    return all(
        isinstance(leaf, Word | Prefix | Phrase) for leaf in (node.children if isinstance(node, Or) else (node,))
    )


def nearest_pair(left: Node, right: Node, distance: int) -> Node | None:
    """The NEAR of two nodes, or the nearest that can be had where it does not take them."""
    if isinstance(left, Title) or isinstance(right, Title):
        inner = [node.child if isinstance(node, Title) else node for node in (left, right)]
        if all(map(nearable, inner)):
            return Title(Near(inner[0], inner[1], distance))
    left, right = _loosened(left), _loosened(right)
    return Near(left, right, distance) if nearable(left) and nearable(right) else conjunction((left, right))


def _loosened(node: Node) -> Node:
    if isinstance(node, Proximity):
        return Phrase(node.words)
    return Or(node.children) if isinstance(node, And) and all(map(_is_term, node.children)) else node


def _is_term(node: Node) -> bool:
    return isinstance(node, Word | Prefix | Phrase)
