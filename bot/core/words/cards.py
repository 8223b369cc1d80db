"""Phrases of cards."""

PHRASES: dict[str, tuple[str, str]] = {}
