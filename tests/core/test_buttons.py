"""What buttons hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.buttons import KEY_MARK, data_of, kept
from bot.core.message import Action


@given(st.text(st.characters(exclude_categories=()), max_size=40), st.booleans(), st.integers(16, 64))
def test_a_button_holds_its_command_or_a_key_to_it_whatever_that_is(text: str, in_place: bool, room: int) -> None:
    """Also halves of surrogate pairs, as hostile text has them."""
    action = Action("label", f"/search {text}", in_place=in_place)
    data = data_of(action, room)
    held = kept([action], room)
    assert data.encode() == data_of(action, room).encode()
    assert data.startswith(KEY_MARK) == bool(held)
    assert (held[data[1:]] if held else data).endswith(action.command)
    assert held or len(data.encode()) <= room


def test_half_a_pair_is_kept_behind_a_key() -> None:
    assert data_of(Action("label", "/search \ud800"), 64).startswith(KEY_MARK)
