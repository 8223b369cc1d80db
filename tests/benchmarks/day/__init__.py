"""EMM's day: 300,000 articles into an archive of a million, matched against 10,000 standing queries."""

from tests.benchmarks.day.measure import measure

__all__ = ["measure"]
