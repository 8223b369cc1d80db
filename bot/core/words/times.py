"""Phrases of times: when things happen, cadences, time zones, and what is wrong with a time somebody typed."""

PHRASES: dict[str, tuple[str, str]] = {
    "times.bad_time": (
        "“{text}” is not a time of day. Write 08:00, 8, 20h or 8 pm.",
        "„{text}“ није време. Пишите 08:00, 8 или 20h.",
    ),
    "times.bad_quiet": (
        "“{text}” is not a span of quiet hours. Write when they begin and when they end, such as 22:00-07:00, or off.",
        "„{text}“ није распон тихих сати. Пишите почетак и крај, на пример 22:00-07:00, или off.",
    ),
    "times.incomplete": (
        "“{form}” looks like a schedule, but has no valid day or time. If you mean the words, put them in quotes.",
        "„{form}“ личи на распоред, али нема исправан дан или време. Ако мислите на речи, ставите их под наводнике.",
    ),
    "times.no_query": (
        "“{form}” says when, but not what to watch: put a topic or a query before it.",
        "„{form}“ каже када, али не и шта да се прати: испред тога напишите тему или упит.",
    ),
    "times.bad_zone": (
        "“{text}” is not a time zone I know. Write a city or a zone name, such as Europe/Belgrade.",
        "„{text}“ није временска зона коју знам. Напишите град или име зоне, на пример Europe/Belgrade.",
    ),
    "times.several_zones": (
        "{text} has several time zones. Name a city.",
        "{text} има више временских зона. Наведите град.",
    ),
    "times.zone_guessed": (
        "Times are in {zone} (now {time}), a guess from the language of your Telegram.",
        "Времена су у зони {zone} (сада је {time}), што је процена према језику Вашег Телеграма.",
    ),
    "times.zone_offset": (
        "“{text}” does not say when the clocks change. Name a city or a zone.",
        "„{text}“ не каже када се сат помера. Напишите град или зону.",
    ),
    "times.days": ("Mon Tue Wed Thu Fri Sat Sun", "пон уто сре чет пет суб нед"),
    "times.months": (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    ),
    "times.date": ("{day} {date} {month}", "{day} {date}. {month}"),
    "times.date_year": ("{day} {date} {month} {year}", "{day} {date}. {month} {year}."),
    "times.today": ("today", "данас"),
    "times.yesterday": ("yesterday", "јуче"),
    "times.tomorrow": ("tomorrow", "сутра"),
    "times.moment": ("{date} {time}", "{date} у {time}"),
    "times.and": ("{first} and {last}", "{first} и {last}"),
    "times.minutes": ("{n} minute|{n} minutes", "{n} минут|{n} минута|{n} минута"),
    "times.hours": ("{n} hour|{n} hours", "{n} сат|{n} сата|{n} сати"),
    "times.days_long": ("{n} day|{n} days", "{n} дан|{n} дана|{n} дана"),
    "times.instant": ("as it happens", "чим вест стигне"),
    "times.daily": ("every day at {times}", "сваког дана у {times}"),
    "times.weekdays": ("on weekdays at {times}", "радним данима у {times}"),
    "times.weekly": ("{day} at {times}", "{day} у {times}"),
    "times.weekly_days": (
        "Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays",
        "понедељком уторком средом четвртком петком суботом недељом",
    ),
    "times.digest_time": ("your digest time", "време вашег прегледа"),
    "times.digest_time_at": ("your digest time ({time})", "време вашег прегледа ({time})"),
    "times.zone_assumed": (
        "Times are in {zone} (now {time}), as no time zone is set.",
        "Времена су у зони {zone} (сада је {time}), јер временска зона није подешена.",
    ),
    "times.zone_change": ("changes it.", "то мења."),
}
