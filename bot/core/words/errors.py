"""Phrases of errors that belong to no command."""

PHRASES: dict[str, tuple[str, str]] = {
    "error.try": ("Try: {suggestion}", "Покушајте: {suggestion}"),
    "error.chat_admins": (
        "Only this chat's admins may change what it gets. Anybody may search: /search kosovo",
        "Само администратори овог ћаскања смеју да мењају шта оно добија. Претраживати сме свако: /search kosovo",
    ),
    "error.old_button": (
        "This button is too old. Please send the command again.",
        "Ово дугме је престаро. Пошаљите команду поново.",
    ),
    "error.unexpected": (
        "Something went wrong on our side; it is in the log. Nothing was changed.",
        "Нешто је пошло по злу код нас; забележено је. Ништа није промењено.",
    ),
}
