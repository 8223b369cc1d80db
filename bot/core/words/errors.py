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
    "error.full": (
        "Nothing was stored, as newsbell's disk is full. Its admins are told; please try again later.",
        "Ништа није сачувано јер је диск пун. Администраторима је јављено; покушајте касније.",
    ),
    "error.full_why": ("Nothing was stored: {reason}", "Ништа није сачувано: {reason}"),
    "error.unexpected": (
        "Something went wrong on our side; it is in the log. Nothing was changed.",
        "Нешто је пошло по злу код нас; забележено је. Ништа није промењено.",
    ),
}
