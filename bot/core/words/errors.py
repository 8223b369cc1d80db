"""Phrases of errors that belong to no command."""

PHRASES: dict[str, tuple[str, str]] = {
    "error.try": ("Try: {suggestion}", "Покушајте: {suggestion}"),
    "error.unexpected": (
        "Something went wrong on our side; it is in the log. Nothing was changed.",
        "Нешто је пошло по злу код нас; забележено је. Ништа није промењено.",
    ),
}
