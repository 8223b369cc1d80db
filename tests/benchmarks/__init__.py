"""Measurements, run by `make bench`: CPU-seconds and ratios, never part of the test suite."""
