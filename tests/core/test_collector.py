"""When the collector of cyclic garbage rests, and that it works again whatever happens."""

from __future__ import annotations

import gc

import pytest

from bot.core.collector import collector_resting


def test_it_rests_until_the_end_and_no_longer() -> None:
    with collector_resting():
        assert not gc.isenabled()
        with collector_resting():
            pass
        assert not gc.isenabled(), "who began it ends it"
    assert gc.isenabled()


def test_it_works_again_after_an_error() -> None:
    with pytest.raises(LookupError), collector_resting():
        raise LookupError
    assert gc.isenabled()


def test_who_turned_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with collector_resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
