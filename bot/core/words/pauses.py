"""Phrases of pausing one subscription."""

PHRASES: dict[str, tuple[str, str]] = {
    "pauses.pause_it": ("Pause", "Паузирај"),
    "pauses.pause_one": ("Pause {number}", "Паузирај {number}"),
    "pauses.resume_it": ("Resume", "Настави"),
    "pauses.resume_one": ("Resume {number}", "Настави {number}"),
    "pauses.paused": (
        "Paused: subscription {number}. What comes for it is kept; {resume} lets it through.",
        "Паузирано: претплата {number}. Шта за њу стигне чува се; {resume} је опет укључује.",
    ),
    "pauses.paused_until": (
        "Paused until {until}: subscription {number}. What comes for it is kept; {resume} ends it earlier.",
        "Паузирано до {until}: претплата {number}. Шта за њу стигне чува се; {resume} је укључује раније.",
    ),
    "pauses.already": ("It was paused already.", "Већ је била паузирана."),
    "pauses.since": ("paused since {since}", "пауза од {since}"),
    "pauses.since_until": ("paused since {since}, until {until}", "пауза од {since}, до {until}"),
    "pauses.how": ("{resume} lets it through.", "{resume} је опет укључује."),
    "pauses.held": (
        "{n} story held|{n} stories held",
        "задржана {n} вест|задржане {n} вести|задржано {n} вести",
    ),
    "pauses.resumed": (
        "On again: subscription {number}. It was paused since {since}.",
        "Опет јављам: претплата {number}. Пауза је почела {since}.",
    ),
    "pauses.not_paused": ("Subscription {number} is not paused.", "Претплата {number} није паузирана."),
    "pauses.held_for_digest": (
        "Held meanwhile, and coming with the digest of {at}: {held}.",
        "Задржано у међувремену, стиже с прегледом {at}: {held}.",
    ),
    "pauses.by_themselves": (
        "This chat is not paused. Paused by itself is:|This chat is not paused. Paused by themselves are:",
        "Овде није пауза. Засебно је паузирана:|Овде није пауза. Засебно су паузиране:"
        "|Овде није пауза. Засебно је паузирано:",
    ),
    "pauses.still": ("Still paused by itself: {what}", "И даље засебно паузирано: {what}"),
    "pauses.is_over": (
        "On again after a pause since {since}: subscription {what}. {held}",
        "Опет јављам, после паузе од {since}: претплата {what}. {held}",
    ),
    "pauses.fate": (
        "Held back ({kind}): subscription {number} is paused. {resume} lets it through.",
        "Задржано ({kind}): претплата {number} је паузирана. {resume} је опет укључује.",
    ),
    "pauses.told_meanwhile": (
        "Not sent again as {kind}: you were told while the subscription was paused.",
        "Није послато и као {kind}: јављено је док је претплата била паузирана.",
    ),
    "pauses.of_them": (
        "{all}, {n} of them paused|{all}, {n} of them paused",
        "{all}, од тога {n} паузирана|{all}, од тога {n} паузиране|{all}, од тога {n} паузираних",
    ),
    "pauses.undone": ("Undone: subscription {number} is heard again.", "Опозвано: претплата {number} опет јавља."),
    "pauses.undone_until": (
        "Undone: subscription {number} is paused until {until}.",
        "Опозвано: претплата {number} је паузирана до {until}.",
    ),
    "pauses.undone_resumed": (
        "Undone: subscription {number} is paused again.",
        "Опозвано: претплата {number} је опет паузирана.",
    ),
}
