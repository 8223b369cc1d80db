"""Phrases of `/sources`."""

PHRASES: dict[str, tuple[str, str]] = {
    "commands.sources": ("{n} source|{n} sources", "{n} извор|{n} извора|{n} извора"),
    "commands.no_sources": ("No sources are set up.", "Нема задатих извора."),
    "commands.column_source": ("Source", "Извор"),
    "commands.column_kind": ("Kind", "Врста"),
    "commands.column_articles": ("Articles", "Чланака"),
    "commands.column_newest": ("Newest", "Најновији"),
    "commands.column_health": ("Health", "Стање"),
    "commands.kind_folder": ("folder", "фасцикла"),
    "commands.kind_feed": ("feed", "фид"),
    "commands.kind_page": ("page", "страница"),
    "commands.kind_seeds": ("samples", "узорци"),
    "commands.kind_ingest": ("handed in", "предато"),
    "commands.healthy": ("well", "у реду"),
    "commands.unhealthy": ("cannot be read now", "тренутно се не може прочитати"),
    "commands.not_asked": ("listed, not asked", "на списку, не пита се"),
    "commands.degraded_since": ("without success since", "без успеха од"),
    "commands.disabled_since": ("given up, asked weekly, since", "одустало се, пита се недељно, од"),
    "commands.failing_for": ("failing for {span}", "није у реду већ {span}"),
    "commands.tried": ("tried {n} time|tried {n} times", "покушано {n} пут|покушано {n} пута|покушано {n} пута"),
    "commands.next_try": ("next try in {span}", "следећи покушај за {span}"),
    "commands.next_try_due": ("the next try is due", "следећи покушај је на реду"),
    "commands.silent": ("answers, brings nothing", "одговара, не доноси ништа"),
    "commands.silent_since": ("answers, has brought nothing since", "одговара, последње је донело"),
    "commands.tally_ok": ("{n} well|{n} well", "{n} у реду|{n} у реду|{n} у реду"),
    "commands.tally_failing": ("{n} failing|{n} failing", "{n} са сметњама|{n} са сметњама|{n} са сметњама"),
    "commands.tally_degraded": (
        "{n} without success for a day|{n} without success for a day",
        "{n} дан без успеха|{n} дан без успеха|{n} дан без успеха",
    ),
    "commands.tally_disabled": ("{n} given up|{n} given up", "{n} отписан|{n} отписана|{n} отписаних"),
    "commands.tally_silent": ("{n} silent|{n} silent", "{n} ћути|{n} ћуте|{n} ћути"),
    "commands.tally_off": (
        "{n} only listed|{n} only listed",
        "{n} само на списку|{n} само на списку|{n} само на списку",
    ),
    "commands.more_sources": ("{n} more: {command}", "Још {n}: {command}"),
    "commands.list_too_large": (
        "A list of sources may have {most} at most.",
        "Списак извора може имати највише {most}.",
    ),
    "commands.sources_imported": (
        "Sources: {added} added, {known} known already, {off} of them listed but off.",
        "Извори: {added} додато, {known} већ познато, од тога {off} на списку али искључено.",
    ),
    "commands.admins_only": ("Only admins may change the sources.", "Изворе смеју да мењају само администратори."),
    "commands.sources_exported": ("The sources as a list (OPML): {name}", "Извори као списак (OPML): {name}"),
    "commands.sources_left_out": (
        "{n} is left out, as its address holds a password or key: newsbell sources export has it."
        "|{n} are left out, as their addresses hold passwords or keys: newsbell sources export has them.",
        "{n} је изостављен јер му адреса садржи лозинку или кључ: има га newsbell sources export."
        "|{n} су изостављена јер им адресе садрже лозинке или кључеве: има их newsbell sources export."
        "|{n} је изостављено јер им адресе садрже лозинке или кључеве: има их newsbell sources export.",
    ),
    "commands.list_for_admins": (
        "Only admins may take the list of sources away; /sources shows it.",
        "Списак извора смеју да изнесу само администратори; показује га /sources.",
    ),
    "commands.sources_add_what": ("Add what? It takes one web address.", "Шта да додам? Потребна је једна веб-адреса."),
    "commands.source_sought": ("Looking there; the answer follows.", "Тражим; одговор следи."),
    "commands.source_added": (
        "Added: {name}, {place}. What it brings from now on rings.",
        "Додато: {name}, {place}. Звони оно што одсад донесе.",
    ),
    "commands.source_known": ("{name} is a source already: {place}", "{name} је већ извор: {place}"),
    "commands.source_not_added": ("Not added. {reason}", "Није додато. {reason}"),
    "commands.source_removed": ("Removed: {name}. Its articles stay.", "Уклоњено: {name}. Чланци остају."),
    "commands.first_headline": ("It came with the headline: {headline}", "Првобитни наслов: {headline}"),
    "commands.held_burst": (
        "archived without ringing: its source brought {new} new articles at once, {usual} is usual; "
        "such articles come in digests only.",
        "архивирано без јављања: извор је одједном донео {new} нових чланака, уобичајено је {usual}; "
        "такви чланци иду само у прегледе.",
    ),
    "commands.no_source": (
        "No feed or page is called {name}. /sources lists them.",
        "Ниједан фид или страница се не зове {name}. Списак даје /sources.",
    ),
    "commands.several_sources": (
        "Several sources are called {name}; name one by its address.",
        "Више извора се зове {name}; наведите адресу једног.",
    ),
}
