"""Phrases of console."""

PHRASES: dict[str, tuple[str, str]] = {}
