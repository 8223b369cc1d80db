"""Phrases of commands."""

PHRASES: dict[str, tuple[str, str]] = {}
