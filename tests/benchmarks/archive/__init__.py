"""Archive search: newest ten, counts, relevance and deep pages of every kind of query, ingest, and bytes an article."""

from tests.benchmarks.archive.articles import FULL, QUICK
from tests.benchmarks.archive.measure import measure

__all__ = ["FULL", "QUICK", "measure"]
