"""Phrases of query."""

PHRASES: dict[str, tuple[str, str]] = {}
