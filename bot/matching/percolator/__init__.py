"""The fast percolator: standing queries as arrays, articles as bits."""

from bot.matching.percolator.engine import BATCH, Percolator, pairs

__all__ = ["BATCH", "Percolator", "pairs"]
