"""Block Kit as a strict server takes it: known blocks and elements, every limit, only markup that reads as meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.slackapi.mrkdwn import BadMarkup, read

MESSAGE_BLOCKS, VIEW_BLOCKS, ALL_TEXT = 50, 100, 13_200
VIEW_BYTES = 250_000


class InvalidBlocks(Exception):
    """What the server answers invalid_blocks to."""


def need(condition: object, what: str) -> None:
    """InvalidBlocks unless it is so."""
    if not condition:
        raise InvalidBlocks(what)


def text_of(value: Any, most: int, kinds: tuple[str, ...], place: str, least: int = 1) -> str:
    """A text object within its limit; what it shows."""
    need(isinstance(value, dict) and value.get("type") in kinds, f"{place}: no {kinds}: {value!r}")
    allowed = {"type", "text"} | ({"emoji"} if value["type"] == "plain_text" else {"verbatim"})
    need(set(value) <= allowed, f"{place}: unknown {set(value) - allowed}")
    text = value.get("text")
    need(isinstance(text, str) and least <= len(text) <= most, f"{place}: {len(text or '')} of {most} characters")
    assert isinstance(text, str)
    need(text.strip(), f"{place}: nothing to see")
    try:
        seen = read(text)
    except BadMarkup as problem:
        raise InvalidBlocks(f"{place}: {problem} in {text!r}") from problem
    if value["type"] == "mrkdwn":
        need(value.get("verbatim") is True, f"{place}: Slack would look for names and addresses in it")
    need(not seen.wakes, f"{place}: it wakes {seen.wakes}")
    return seen.text


PLAIN, MRKDWN, ANY = ("plain_text",), ("mrkdwn",), ("plain_text", "mrkdwn")


def check_message(blocks: Any) -> str:
    """The blocks of a message; all that is read in them."""
    need(isinstance(blocks, list) and 1 <= len(blocks) <= MESSAGE_BLOCKS, f"{len(blocks)} blocks")
    seen = _blocks(blocks, ("section", "header", "context", "actions", "divider"))
    need(_weight(blocks) <= ALL_TEXT, f"{_weight(blocks)} characters in all")
    return seen


def check_view(view: Any) -> str:
    """A view; all that is read in it."""
    need(isinstance(view, dict) and view.get("type") in ("home", "modal"), "no view")
    allowed = {"type", "blocks", "callback_id", "private_metadata", "external_id"}
    modal = view["type"] == "modal"
    if modal:
        allowed |= {"title", "submit", "close", "clear_on_close", "notify_on_close"}
        for part in ("title", "submit", "close"):
            if part in view or part == "title":
                text_of(view.get(part), 24, PLAIN, part)
        need("submit" in view or not any(b["type"] == "input" for b in view["blocks"]), "inputs need a submit")
    need(set(view) <= allowed, f"unknown {set(view) - allowed}")
    need(len(view.get("private_metadata", "")) <= 3000, "private_metadata")
    need(len(view.get("callback_id", "")) <= 255, "callback_id")
    blocks = view.get("blocks")
    need(isinstance(blocks, list) and 1 <= len(blocks) <= VIEW_BLOCKS, "blocks of a view")
    need(len(str(view).encode()) <= VIEW_BYTES, "view_too_large")
    kinds = ("section", "header", "context", "actions", "divider", *(("input",) if modal else ()))
    return _blocks(blocks, kinds)


def _weight(value: Any) -> int:
    """Characters of all texts."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_weight(entry) for entry in value.values())
    return sum(map(_weight, value)) if isinstance(value, list) else 0


def _blocks(blocks: list[Any], kinds: tuple[str, ...]) -> str:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    need(len(ids) == len(set(ids)) and all(len(name) <= 255 for name in ids), "block ids")
    seen = []
    for number, block in enumerate(blocks):
        need(isinstance(block, dict) and block.get("type") in kinds, f"block {number}: {block!r}")
        seen.append(BLOCKS[block["type"]](block, f"block {number}"))
    return "\n".join(filter(None, seen))


def _only(block: dict[str, Any], place: str, *names: str) -> None:
    need(set(block) <= {"type", "block_id", *names}, f"{place}: unknown {set(block) - set(names)}")


def _section(block: dict[str, Any], place: str) -> str:
    _only(block, place, "text", "fields", "accessory", "expand")
    need("text" in block or block.get("fields"), f"{place}: empty")
    seen = [text_of(block["text"], 3000, ANY, place)] if "text" in block else []
    fields = block.get("fields", [])
    need(len(fields) <= 10, f"{place}: fields")
    seen += [text_of(entry, 2000, ANY, place) for entry in fields]
    if "accessory" in block:
        _element(block["accessory"], place, ACTIONS)
    return "\n".join(seen)


def _header(block: dict[str, Any], place: str) -> str:
    _only(block, place, "text")
    return text_of(block.get("text"), 150, PLAIN, place)


def _context(block: dict[str, Any], place: str) -> str:
    _only(block, place, "elements")
    elements = block.get("elements")
    need(isinstance(elements, list) and 1 <= len(elements) <= 10, f"{place}: elements")
    return "\n".join(text_of(entry, 3000, ANY, place) for entry in elements or [])


def _actions(block: dict[str, Any], place: str) -> str:
    _only(block, place, "elements")
    elements = block.get("elements")
    need(isinstance(elements, list) and 1 <= len(elements) <= 25, f"{place}: elements")
    names = [entry.get("action_id") for entry in elements or []]
    need(len(set(names)) == len(names), f"{place}: one action_id twice")
    for entry in elements or []:
        _element(entry, place, ACTIONS)
    return ""


def _input(block: dict[str, Any], place: str) -> str:
    _only(block, place, "label", "element", "hint", "optional", "dispatch_action")
    seen = text_of(block.get("label"), 2000, PLAIN, place)
    if "hint" in block:
        seen += "\n" + text_of(block["hint"], 2000, PLAIN, place)
    _element(block.get("element"), place, INPUTS)
    return seen


def _divider(block: dict[str, Any], place: str) -> str:
    _only(block, place)
    return ""


BLOCKS: dict[str, Callable[[dict[str, Any], str], str]] = {
    "section": _section, "header": _header, "context": _context, "actions": _actions, "input": _input,
    "divider": _divider,
}  # fmt: skip

ACTIONS = ("button", "static_select", "overflow")
INPUTS = ("plain_text_input", "static_select", "conversations_select", "timepicker", "checkboxes", "number_input")
ELEMENTS: dict[str, set[str]] = {
    "button": {"text", "value", "style", "confirm", "url", "accessibility_label"},
    "static_select": {"options", "option_groups", "initial_option", "placeholder"},
    "overflow": {"options"},
    "plain_text_input": {"multiline", "min_length", "max_length", "initial_value", "placeholder"},
    "conversations_select": {"default_to_current_conversation", "initial_conversation", "filter", "placeholder"},
    "timepicker": {"initial_time", "placeholder"},
    "checkboxes": {"options", "initial_options"},
    "number_input": {"is_decimal_allowed", "initial_value", "min_value", "max_value"},
}


def _element(element: Any, place: str, kinds: tuple[str, ...]) -> None:
    need(isinstance(element, dict) and element.get("type") in kinds, f"{place}: {element!r}")
    known = ELEMENTS[element["type"]] | {"type", "action_id", "focus_on_load"}
    need(set(element) <= known, f"{place}: unknown {set(element) - known}")
    need(0 < len(element.get("action_id", "")) <= 255, f"{place}: action_id")
    for option in element.get("options", []) + element.get("initial_options", []):
        _option(option, place)
    need(len(element.get("options", [])) <= 100, f"{place}: options")
    if "initial_option" in element:
        need(element["initial_option"] in element["options"], f"{place}: initial option is none of them")
    if "placeholder" in element:
        text_of(element["placeholder"], 150, PLAIN, place)
    if element["type"] == "button":
        text_of(element.get("text"), 75, PLAIN, place)
        need(1 <= len(element.get("value", "x")) <= 2000, f"{place}: value")
        need(element.get("style", "primary") in ("primary", "danger"), f"{place}: style")
    if element["type"] == "timepicker" and "initial_time" in element:
        need(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", element["initial_time"]), f"{place}: time")
    if element["type"] == "plain_text_input":
        need(len(element.get("initial_value", "")) <= element.get("max_length", 3000), f"{place}: initial value")


def _option(option: dict[str, Any], place: str) -> None:
    need(set(option) <= {"text", "value", "description"}, f"{place}: option {option!r}")
    text_of(option.get("text"), 75, PLAIN, place)
    need(0 < len(option.get("value", "")) <= 150, f"{place}: option's value")
