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
        "Did you mean {query}? That had {found} in 30 days.",
        "Да ли сте мислили {query}? То је имало {found} за 30 дана.",
    ),
    "looking.less": (
        "Nothing has all of that. {query} had {found} in 30 days.",
        "Ништа нема све то. {query} је имало {found} за 30 дана.",
    ),
    "looking.last": ("The last one was of {on}: {story}", "Последња је од: {on}, {story}"),
}
