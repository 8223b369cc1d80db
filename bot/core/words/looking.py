"""Phrases of looking closer: previews, reasons and trends."""

PHRASES: dict[str, tuple[str, str]] = {
    # preview
    "looking.about": ("about {number}", "око {number}"),
    "looking.by_day": (
        "Day by day: {bars} (30 days, today last; at most {most} on one)",
        "По данима: {bars} (30 дана, данас последњи; највише {most} на дан)",
    ),
    "looking.words": (
        "Words that brought them: {words} (of {of} read)",
        "Речи које су их донеле: {words} (прочитано: {of})",
    ),
    "looking.estimated": (
        "Counted by story in the newest {newest} articles; older ones are estimated from these.",
        "По вестима је пребројано најновијих {newest} чланака; старији су процењени према њима.",
    ),
    "looking.counted_back": (
        "Counting took too long: this is what came in the last {span}.",
        "Бројање је трајало предуго: ово је оно што је стигло за последњих {span}.",
    ),
    "looking.covers": (
        "The archive has been gathering for {span} only: of what came before, it holds what was still shown then.",
        "Архива се пуни тек {span}: од ранијих чланака има оно што се тада још могло видети.",
    ),
    "looking.covers_nothing": ("The archive is empty as yet.", "Архива је још празна."),
    "looking.wide": ("That is {a_day} a day.", "То је {a_day} на дан."),
    "looking.narrower": ("Narrower: try {query}, {brings} in 7 days.", "Уже: пробајте {query}, {brings} за 7 дана."),
    "looking.preview_it": ("Preview {query}", "Преглед за {query}"),
    "looking.meant": (
        "Did you mean {query}? That had {found} in {days} days.",
        "Да ли сте мислили {query}? То је имало {found} за {days} дана.",
    ),
    "looking.less": (
        "Nothing has all of that. {query} had {found} in {days} days.",
        "Ништа нема све то. {query} је имало {found} за {days} дана.",
    ),
    "looking.last": ("The last one was of {on}: {story}", "Последња је од: {on}, {story}"),
    # why
    "looking.at_published": ("Published {at}", "Објављено {at}"),
    "looking.undated": ("Undated", "Без датума"),
    "looking.at_found": ("found {at}", "нађено {at}"),
    "looking.at_matched": ("matched {at}", "поклопило се {at}"),
    "looking.at_due": ("due {at}", "требало да стигне {at}"),
    "looking.at_sent": ("sent {at}", "послато {at}"),
    "looking.in_headline": ("headline", "наслов"),
    "looking.in_lead": ("lead", "увод"),
    "looking.in_text": ("text", "текст"),
    "looking.times_in": (
        "{place}, {n} time|{place}, {n} times",
        "{place}, {n} пут|{place}, {n} пута|{place}, {n} пута",
    ),
    "looking.points": (
        "{points} points, {needed} are enough, for {words}",
        "{points} поена, довољно је {needed}, за {words}",
    ),
    "looking.lacks_absent": ("it lacks {condition}", "недостаје {condition}"),
    "looking.lacks_apart": (
        "{condition} fails: {found} words lie between, {allowed} may",
        "{condition} није испуњено: између је {found} речи, сме {allowed}",
    ),
    "looking.lacks_split": (
        "{condition} fails: one is in the headline only, the other in the text only",
        "{condition} није испуњено: једно је само у наслову, а друго само у тексту",
    ),
    "looking.lacks_row": (
        "{condition} fails: the words are there, but nowhere in a row",
        "{condition} није испуњено: речи постоје, али нигде једна за другом",
    ),
    "looking.lacks_text": (
        "{condition} fails: it is in the text only",
        "{condition} није испуњено: то је само у тексту",
    ),
    "looking.lacks_present": (
        "{condition} fails: that is there, and you leave it out",
        "{condition} није испуњено: то постоји, а ви га изостављате",
    ),
    "looking.lacks_outlet": ("{condition} fails: it is of {outlet}", "{condition} није испуњено: медиј је {outlet}"),
    "looking.lacks_language": (
        "{condition} fails: its language is {language}",
        "{condition} није испуњено: језик је {language}",
    ),
    "looking.held_quiet": ("Quiet hours held it until {until}.", "Тихи сати су га задржали; завршавају се {until}."),
    "looking.held_ceiling": (
        "It gathered with others until {until}: this chat had rung as often as it wants within an hour.",
        "Чекало је са другима до {until}: овде је за један сат већ јављено колико сме.",
    ),
    "looking.held_pause": (
        "It was held from {at}, as this chat was paused.",
        "Задржано је {at}, јер је овде била пауза.",
    ),
    "looking.held_stale": (
        "It had waited too long to ring ({at}) and went into the next digest.",
        "Чекало је предуго да би се огласило ({at}) и прешло је у следећи преглед.",
    ),
    "looking.fate_folded": (
        "Not sent ({kind}): the next digest had it already.",
        "Није послато ({kind}): следећи преглед га је већ имао.",
    ),
    "looking.same_story": (
        "It is one story with {story} ({outlet}), which was told for it.",
        "То је иста вест као {story} ({outlet}), која је јављена уместо ње.",
    ),
    "looking.held_language_then": (
        "you did not read {language} then.",
        "тада нисте читали {language}.",
    ),
    "looking.held_first": (
        "{source} had it when it was first looked at, and a first look rings nothing.",
        "{source} га је већ имао при првом погледу, а први поглед се не јавља.",
    ),
    "looking.held_soon": ("it has matched just now, and is on its way.", "управо је одговорило и на путу је."),
    "looking.not_archived": ("{url} is not in the archive.", "{url} није у архиви."),
    "looking.not_watched": (
        "Its outlet is not watched: no source is of {host}, and none has brought an article from there.",
        "Медиј се не прати: ниједан извор није са {host} и ниједан није донео чланак одатле.",
    ),
    "looking.source_off": (
        "{source} is in the list of sources, but is not asked.",
        "{source} је на списку извора, али се не пита.",
    ),
    "looking.source_fails": (
        "{source} is watched, but has failed since {since}: {tries}.{reason}",
        "{source} се прати, али није у реду, почело је {since}: {tries}.{reason}",
    ),
    "looking.source_new": ("{source} is new, and was not looked at yet.", "{source} је нов и још није погледан."),
    "looking.source_well": (
        "{source} is watched and well, last looked at {at}: this address was never in what it showed.",
        "{source} се прати и у реду је, последњи пут погледан {at}: ова адреса никад није била у ономе што је показао.",
    ),
    "looking.suggest_it": ("Suggest it to the admins", "Предложи администраторима"),
    "looking.watch_it": ("Watch {host}", "Прати {host}"),
    "looking.suggest_what": (
        "Which outlet? Write its address, such as example.org.",
        "Који медиј? Напишите адресу, на пример example.org.",
    ),
    "looking.suggested": ("Thank you. The admins are told of {host}.", "Хвала. Администраторима је јављено: {host}."),
    "looking.suggested_enough": (
        "Many outlets were suggested today. Try again tomorrow.",
        "Данас је предложено много медија. Покушајте сутра.",
    ),
    "looking.suggested_already": (
        "The admins know of {host} already: somebody has suggested it.",
        "Администратори већ знају за {host}: неко је то предложио.",
    ),
    # irrelevant
    "looking.leave_out": (
        "Leaving out {what} would have removed {removed} of {marked} marked, {kept}.",
        "Да се изостави {what}, не би стигло {removed} (означено: {marked}), {kept}.",
    ),
    "looking.none_of_kept": (
        "and not the {n} you kept|and none of the {n} you kept",
        "а стигло би све што сте задржали ({n})|а стигло би све што сте задржали ({n})"
        "|а стигло би све што сте задржали ({n})",
    ),
    "looking.nothing_kept": ("and nothing else came for it yet", "а друго по њој још није стигло"),
    "looking.leave_it_out": ("Leave out {what} in {number}", "Изостави {what} у {number}"),
    "looking.leave_out_what": ("Leave out what? Write a word.", "Шта да се изостави? Напишите реч."),
    "looking.have_that": ("You have that already: subscription {number}.", "То већ имате: претплата {number}."),
    "looking.left_out": ("Subscription {number} is now {query}", "Претплата {number} је сада {query}"),
    "looking.undone_left_out": (
        "Undone: subscription {number} is {query} again.",
        "Опозвано: претплата {number} је опет {query}.",
    ),
    # trends
    "looking.trends_what": ("Trends of what?", "Кретање чега?"),
    "looking.trend_span": (
        "From {fewest} to {most} days can be shown.",
        "Може да се прикаже од {fewest} до {most} дана.",
    ),
    "looking.trend": (
        "{query}: {stories} in {days} days, {most} on the busiest one ({on}).",
        "{query}: {stories} за {days} дана, највише на дан: {most} ({on}).",
    ),
    "looking.trend_none": ("{query}: no story in {days} days.", "{query}: ниједна вест за {days} дана."),
    "looking.trend_days": ("{bars} {first} – {last}, a bar a day", "{bars} {first} – {last}, стубић је дан"),
    "looking.trend_weeks": ("{bars} {first} – {last}, a bar a week", "{bars} {first} – {last}, стубић је недеља"),
    "looking.trend_text": (
        "Stories a day, {label}, {first} – {last}: {stories}, {most} on the busiest day ({on}); "
        "{week} in the last seven days, {before} in the seven before.",
        "Вести по данима, {label}, {first} – {last}: {stories}, највише на дан {most} ({on}); "
        "у последњих седам дана {week}, у седам дана пре тога {before}.",
    ),
    "looking.trend_label": ("stories a day", "вести на дан"),
    "looking.trend_day": ("{day} {month}", "{day}. {month}"),
    "looking.no_picture": ("The picture could not be drawn.", "Слика није могла да се нацрта."),
}
