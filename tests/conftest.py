"""What holds for the whole suite: the collector of garbage looks seldom, as what is kept here stays to the end.

It would take a thirtieth of the suite's time: half a million objects are left by collecting the tests, and grow to be
millions.
"""

from __future__ import annotations

import gc


def pytest_collection() -> None:
    """Nothing that is made now is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on some is."""
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
