"""Phrases of reports: what the admins are told of the installation itself."""

PHRASES: dict[str, tuple[str, str]] = {
    "reports.title": ("For the admins", "За администраторе"),
    "reports.see": ("{command} shows more.", "Више показује {command}."),
    "reports.degraded": (
        "{source} has failed since {since_at}: {reason}",
        "{source} није у реду, почело је {since_at}: {reason}",
    ),
    "reports.degraded_many": (
        "{n} source has failed for a day: {names}.|{n} sources have failed for a day: {names}.",
        "{n} извор већ дан није у реду: {names}.|{n} извора већ дан нису у реду: {names}.|"
        "{n} извора већ дан није у реду: {names}.",
    ),
    "reports.disabled": (
        "{source} is given up, and only asked weekly: {reason}",
        "Одустало се од извора {source}, пита се само недељно: {reason}",
    ),
    "reports.disabled_many": (
        "{n} source is given up, and only asked weekly: {names}.|"
        "{n} sources are given up, and only asked weekly: {names}.",
        "Одустало се од {n} извора, пита се само недељно: {names}.|"
        "Одустало се од {n} извора, питају се само недељно: {names}.|"
        "Одустало се од {n} извора, питају се само недељно: {names}.",
    ),
    "reports.silent": (
        "{source} answers, but has brought nothing since {since_at}: three times as long as usual.",
        "{source} одговара, али последње што је донело стигло је {since_at}: трипут дуже него обично.",
    ),
    "reports.silent_many": (
        "{n} source answers, but brings nothing for three times as long as usual: {names}.|"
        "{n} sources answer, but bring nothing for three times as long as usual: {names}.",
        "{n} извор одговара, али трипут дуже него обично не доноси ништа: {names}.|"
        "{n} извора одговарају, али трипут дуже него обично не доносе ништа: {names}.|"
        "{n} извора одговара, али трипут дуже него обично не доноси ништа: {names}.",
    ),
    "reports.back": ("{source} is back after {lasted_for}.", "{source} опет ради, трајало је {lasted_for}."),
    "reports.back_many": (
        "{n} source is back: {names}.|{n} sources are back: {names}.",
        "{n} извор опет ради: {names}.|{n} извора опет раде: {names}.|{n} извора опет ради: {names}.",
    ),
    "reports.heard": (
        "{source} brings news again after {lasted_for}.",
        "{source} опет доноси вести, трајало је {lasted_for}.",
    ),
    "reports.heard_many": (
        "{n} source brings news again: {names}.|{n} sources bring news again: {names}.",
        "{n} извор опет доноси вести: {names}.|{n} извора опет доносе вести: {names}.|"
        "{n} извора опет доноси вести: {names}.",
    ),
    "reports.burst": (
        "{source} brought {new} new articles at once, {usual} is usual. They are in the archive and in digests, "
        "and did not ring.",
        "{source}: одједном {new} нових чланака, уобичајено је {usual}. У архиви су и у прегледима, "
        "а нису се огласили.",
    ),
    "reports.burst_many": (
        "{n} source brought over ten times its usual number of new articles at once, which did not ring: {names}.|"
        "{n} sources brought over ten times their usual number of new articles at once, which did not ring: {names}.",
        "{n} извор је одједном донео преко десет пута више него обично, што се није огласило: {names}.|"
        "{n} извора су одједном донела преко десет пута више него обично, што се није огласило: {names}.|"
        "{n} извора је одједном донело преко десет пута више него обично, што се није огласило: {names}.",
    ),
    "reports.alive": (
        "Alive. Since {since_at}: articles {articles}, alerts {alerts}, digests {digests}; sources in trouble "
        "{failing} of {sources}; the database has {size}.",
        "Ради. Од {since_at}: чланака {articles}, дојава {alerts}, прегледа {digests}; извора који нису у реду "
        "{failing} од {sources}; база има {size}.",
    ),
    "reports.suggested": (
        "A reader looked for something of {source} and asks for it to be watched: {command}",
        "Читалац је тражио нешто што је објавио {source} и моли да се прати: {command}",
    ),
    "reports.suggested_many": (
        "Readers ask for {n} outlet to be watched: {names}.|Readers ask for {n} outlets to be watched: {names}.",
        "Читаоци моле да се прати {n} медиј: {names}.|Читаоци моле да се прате {n} медија: {names}.|"
        "Читаоци моле да се прати {n} медија: {names}.",
    ),
    "reports.backup_failed": ("No backup was made: {reason}", "Резервна копија није направљена: {reason}"),
}
