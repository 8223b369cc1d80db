"""Phrases of times."""

PHRASES: dict[str, tuple[str, str]] = {}
