"""When the collector of cyclic garbage rests, or spares what is there, and that it works again whatever happens."""

from __future__ import annotations

import gc
from contextlib import ExitStack

import pytest

from bot.core.collector import collector_resting, collector_sparing


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


def test_what_is_there_is_spared_until_the_last_of_stretches_that_overlap_ends() -> None:
    with ExitStack() as first:
        first.enter_context(collector_sparing())
        with ExitStack() as second:
            second.enter_context(collector_sparing())
            first.close()
            assert gc.get_freeze_count(), "the second goes on"
        assert not gc.get_freeze_count()


def test_an_error_ends_a_stretch() -> None:
    with pytest.raises(LookupError), collector_sparing():
        raise LookupError
    assert not gc.get_freeze_count()
