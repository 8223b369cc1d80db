"""Phrases of topics."""

PHRASES: dict[str, tuple[str, str]] = {
    "topics.unknown": (
        "There is no topic “{name}”. Topics: {names}.",
        "Тема „{name}“ не постоји. Постојеће теме: {names}.",
    ),
    "topics.none": ("There is no topic “{name}”: no topics are set up.", "Тема „{name}“ не постоји: теме нису задате."),
}
