"""Phrases of the room the database takes: in `/status`, and what the admins are told when it runs out."""

PHRASES: dict[str, tuple[str, str]] = {
    "space.disk": (
        "the disk is full: {free} are free, {needed} are needed",
        "диск је пун: слободно је {free}, потребно је {needed}",
    ),
    "space.limit": ("the database takes {taken}, as much as it may", "база заузима {taken}, колико највише сме"),
    "space.refused": (
        "the disk takes no more, though {free} seem to be free",
        "диск више ништа не прима, иако изгледа да је слободно {free}",
    ),
    "space.do_disk": (
        "free some space there, or shorten NEWSBELL_KEEP",
        "ослободите мало места на њему или скратите NEWSBELL_KEEP",
    ),
    "space.do_limit": (
        "raise NEWSBELL_DISK_MAX, shorten NEWSBELL_KEEP, or have the copies (NEWSBELL_BACKUPS) on another disk",
        "повећајте NEWSBELL_DISK_MAX, скратите NEWSBELL_KEEP или држите копије (NEWSBELL_BACKUPS) на другом диску",
    ),
    "space.do_refused": ("free some space there, or raise its quota", "ослободите мало места или повећајте квоту"),
    "space.held": ("nothing is fetched: {why}", "ништа се не преузима: {why}"),
    "space.takes": ("{taken}, {free} free", "{taken}, слободно {free}"),
    "space.takes_of": ("{taken}, {limit} at most", "{taken}, највише {limit}"),
    "space.copies": ("{database} and {copies} in copies", "{database} и {copies} у копијама"),
    "space.grows_until": ("{growth} a day, room for {left}", "{growth} дневно, места има за {left}"),
    "space.steady": ("none", "нема га"),
    "space.unknown": ("known after a day", "зна се после једног дана"),
    "commands.status_space": ("Database", "База"),
    "commands.status_growth": ("Growth", "Раст"),
    "commands.status_held": ("Attention", "Пажња"),
    "reports.tight_disk": (
        "The database takes {taken}, {percent} % of what there is for it on its disk; when that is full nothing more "
        "is fetched. Free some space there, or shorten NEWSBELL_KEEP.",
        "База заузима {taken}, {percent} % онога што за њу има на диску; кад се он напуни, ништа се више не преузима. "
        "Ослободите мало места на њему или скратите NEWSBELL_KEEP.",
    ),
    "reports.tight_limit": (
        "The database takes {taken}, {percent} % of what it may; when that is reached nothing more is fetched. Raise "
        "NEWSBELL_DISK_MAX, shorten NEWSBELL_KEEP, or have its copies (NEWSBELL_BACKUPS) on another disk.",
        "База заузима {taken}, {percent} % онога што сме; кад се то достигне, ништа се више не преузима. Повећајте "
        "NEWSBELL_DISK_MAX, скратите NEWSBELL_KEEP или држите њене копије (NEWSBELL_BACKUPS) на другом диску.",
    ),
    "reports.growing": (
        "It grows by {growth} a day: there is room for {left_for}.",
        "Дневно нарасте за {growth}: места има за {left_for}.",
    ),
    "reports.full_disk": (
        "The disk is full: {free} are free, and nothing is fetched until {needed} are. What is due still goes out. "
        "Free some space on it; fetching then goes on by itself.",
        "Диск је пун: слободно је {free}, и ништа се не преузима док не буде {needed}. Што је на реду и даље се шаље. "
        "Ослободите мало места на њему; преузимање се онда само наставља.",
    ),
    "reports.full_limit": (
        "The database takes {taken}, as much as it may: nothing is fetched, what is due still goes out. Raise "
        "NEWSBELL_DISK_MAX, shorten NEWSBELL_KEEP, or have its copies (NEWSBELL_BACKUPS) on another disk; fetching "
        "then goes on by itself.",
        "База заузима {taken}, колико највише сме: ништа се не преузима, а што је на реду и даље се шаље. Повећајте "
        "NEWSBELL_DISK_MAX, скратите NEWSBELL_KEEP или држите њене копије (NEWSBELL_BACKUPS) на другом диску; "
        "преузимање се онда само наставља.",
    ),
    "reports.full_refused": (
        "The disk takes no more, though {free} seem to be free: nothing is fetched, what is due still goes out as far "
        "as it can be written down. Free some space, or raise the disk's quota; fetching then goes on by itself.",
        "Диск више ништа не прима, иако изгледа да је слободно {free}: ништа се не преузима, а што је на реду шаље се "
        "докле год може да се забележи. Ослободите мало места или повећајте квоту; преузимање се онда само наставља.",
    ),
    "reports.ballast_used": (
        "The {size} that were set aside for this (NEWSBELL_BALLAST) are given up.",
        "Оно што је за ово било остављено са стране ({size}, NEWSBELL_BALLAST) сада се користи.",
    ),
    "reports.room_again": (
        "There is room again: fetching goes on, after {held_for} without.",
        "Опет има места: преузимање се наставља, трајало је {held_for}.",
    ),
    "reports.ballast_back": (
        "{size} are set aside again (NEWSBELL_BALLAST).",
        "Опет је остављено са стране {size} (NEWSBELL_BALLAST).",
    ),
}
