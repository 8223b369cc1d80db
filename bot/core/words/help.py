"""Phrases of the help: a line a command, its groups, and the query language."""

PHRASES: dict[str, tuple[str, str]] = {
    "help.title": ("What you can say", "Шта можете да кажете"),
    "help.group_read": ("Read", "Читање"),
    "help.group_ring": (
        "Alerts and digests",
        "Дојаве и прегледи",
    ),
    "help.group_chat": ("This chat", "Овај разговор"),
    "help.group_installation": (
        "Under the hood",
        "Испод хаубе",
    ),
    "help.search": ("search the archive, newest first", "претражи архиву, најновије прво"),
    "help.digest": ("what came since the last digest", "шта је стигло од последњег прегледа"),
    "help.topics": ("what is watched", "теме које се прате"),
    "help.preview": ("what a subscription would have brought", "шта би претплата донела"),
    "help.trends": ("stories a day of a topic or any words", "вести по данима, о теми или било којим речима"),
    "help.export": (
        "articles as a table or list, subscriptions as commands",
        "чланци као табела или списак, претплате као команде",
    ),
    "help.subscribe": (
        "hear of a topic or any words, at once or as a digest",
        "јављање о теми или било којим речима, одмах или у прегледу",
    ),
    "help.unsubscribe": ("end a subscription", "укини претплату"),
    "help.subscriptions": ("what you hear of, and when", "шта вам се јавља и када"),
    "help.channel": ("subscribe a channel or group of yours", "претплати свој канал или групу"),
    "help.why": ("why a story was, or was not, sent", "зашто вест јесте или није послата"),
    "help.pause": ("hold everything back; nothing is lost", "задржи све; ништа се не губи"),
    "help.resume": ("let everything through again", "настави са јављањем"),
    "help.undo": ("take back your last change", "опозови последњу промену"),
    "help.settings": (
        "time zone, digest time, quiet hours, languages",
        "временска зона, време прегледа, тихи сати, језици",
    ),
    "help.status": ("how this chat stands", "како стоји овај разговор"),
    "help.forget": ("remove everything kept about this chat", "уклони све што се чува о овом разговору"),
    "help.start": ("the welcome, and what to try", "добродошлица и шта да пробате"),
    "help.help": ("this list, or one command in full", "овај списак, или једна команда у целини"),
    "help.sources": ("where articles come from, and whether they do", "одакле чланци стижу и да ли стижу"),
    "help.silence": (
        "{pause} holds everything back until /resume; {hours} does so at those hours every day; nothing is lost by"
        " either. {mute} leaves out an outlet, a story's own button that story.",
        "{pause} задржава све до /resume; {hours} чини то у те сате сваког дана; тиме се ништа не губи. {mute}"
        " изоставља неки медиј, а дугме уз вест ту вест.",
    ),
    "help.further": (
        "More on one: {command}. How to write a query: {query}",
        "Више о једној: {command}. Како се пише упит: {query}",
    ),
    "help.query_button": ("How to write a query", "Како се пише упит"),
    "help.usage": ("You may write:", "Може да се пише:"),
    "help.examples": ("For example:", "На пример:"),
    "help.aliases": ("Also as {aliases}", "Може и {aliases}"),
    "help.query_heading": ("How to write a query", "Како се пише упит"),
    "help.query_words": ("both words, in any of their forms", "обе речи, у било ком облику"),
    "help.query_phrase": ("exactly these words in a row", "тачно те речи, једна за другом"),
    "help.query_prefix": ("words that begin so (three letters or more)", "речи које тако почињу (бар три слова)"),
    "help.query_either": (
        "either; AND, OR, NOT in capitals, brackets group",
        "једно или друго; AND, OR, NOT великим словима, заграде групишу",
    ),
    "help.query_without": ("the first without the second", "прво без другог"),
    "help.query_near": ("at most 8 words between them, either order", "највише 8 речи између, било којим редом"),
    "help.query_proximity": (
        "all these, any order, at most 8 other words among them",
        "све те, било којим редом, са највише 8 других речи међу њима",
    ),
    "help.query_title": ("in the headline", "у наслову"),
    "help.query_filters": ("one outlet, one language, one topic", "један медиј, један језик, једна тема"),
    "help.query_dates": ("by date; in /search and /export only", "по датуму; само у /search и /export"),
    "help.query_notes": (
        "Capitals, accents and script do not matter: Beograd finds Београд.",
        "Велика слова, дијакритици и писмо нису важни: Beograd налази Београд.",
    ),
}
