"""What holds for the whole suite: the collector of garbage seldom looks through all there is, most of which stays.

Half a million objects are left by collecting the tests, and grow to be millions: it took a thirtieth of the suite's
time. What is new it looks through as often as ever, while that is in the processor's cache.
"""

from __future__ import annotations

import gc


def pytest_collection() -> None:
    """Nothing that is made now is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on some is."""
    often, seldom, _ = gc.get_threshold()
    gc.set_threshold(often, seldom, 400)
    gc.enable()
