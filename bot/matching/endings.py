"""Inflection as data: how words end in the languages that are stemmed by our own rules, and respellings for Snowball's.

All of it is written for folded words (see `bot.matching.folding`), so that a word typed without diacritics or in the
other script has the stem its full spelling has. A block is read line by line, every line is applied once, in order:

    = WORD ...               these words are left as they are
    N ENDING[>NEW] ...       the longest of these endings that leaves N letters or more is dropped, or replaced
    / PATTERN [NEW]          a regular expression's replacement, where an ending is not enough
    +                        at the end of a line: it goes on in the next

The rules cover nouns and adjectives, which is what people search news for; verbs mostly keep their forms apart.
Where a line would leave part of a family behind (problem, problema: is -em an ending?) a later line treats both alike.
"""

from __future__ import annotations

RULES = {
    # Bosnian, Croatian, Montenegrin, Serbian. Short nouns take -ov- in the plural (kampovi); -ac loses its a (-ca);
    # genitives insert one (migranata); k turns to c before i (politici), l to o at the end (uhapsio, uhapsila);
    # ijekavian meets ekavian (izbjeglica, izbeglica).
    "sh": """
        / ^(?!kos)([^aeiou]+[aeiou][^aeiou]*)(?:(?<=[^aeiou])o|(?<=[jcszrt])e)v(?:i|a|e|ima)$ \\1
        3 ima ama io>il ao>al eo>el a e i o u
        3 om ih noj>n skoj>sk ckoj>ck
        3 em im og eg
        4 nat>nt kat>kt osc>ost
        3 ac>c
        4 ak>k
        / (?<=[bcdfgklmnprstvz])i?je e
        3 ak>ac ek>ec ik>ic ok>oc uk>uc
        """,
    # Slovene: -ec loses its e (begunec, begunci).
    "sl": """
        3 ami ama ima imi oma a e i o u
        3 ah am eg eh em ev ih im om ov
        3 ec>c
        """,
    # Macedonian: the article is part of the word (granicata, migrantot, drzavite), then number.
    "mk": """
        = zivot pilot robot
        3 ite>i ata>a oto>o eto>e iot>i ot
        3 ovi evi ii>ij a e i o u
        3 ec>c
        3 ak>ac ek>ec ik>ic ok>oc uk>uc
        """,
    # Bulgarian: the article (-at, -jat, -ta, -to, -te), then number; -ar and -ec lose their vowel (ministri, bezanci).
    "bg": """
        3 ite>i ete>e ata>a jata>ja oto>o eto>e ijat>i jat at
        3 skija>sk ija>ij ii>ij ie>ij ove eve ja a e i o u
        4 jat at
        3 ec>c
        4 tar>tr dar>dr
        3 ak>ac ek>ec ik>ic ok>oc uk>uc
        """,
    # Albanian: article, case and number in one ending; kufi (border) takes -r- and -j- before them.
    "sq": """
        / ^kufi(?:r(?:i[tn]?)?|j.*)$ kufi
        3 ise ine ia eve ave ive uve a e i u
        4 et at it ut es as en an in un esh ash ish ve
        4 et at it ut en an in un
        """,
    # Ukrainian.
    "uk": """
        3 kij>k nij>n ija>ij ii>ij iju>ij ieju>ij ijah>ij ijam>ij ijami>ij +
          ami jami imi ogo omu oju eju am jam ah jah iv ev ov oj +
          om em im ih evi ovi ja ju oi a e i o u
        3 ec>c
        4 ok>k
        """,
    # Russian.
    "ru": """
        3 kij>k kie>k gij>g gie>g hij>h hie>h stij>st stie>st +
          ija>ij ii>ij iju>ij iej>ij ie>ij ijah>ij ijam>ij ijami>ij +
          ami jami ymi imi ogo ego omu emu aja jaja uju juju oju eju +
          oe ee ye yj ym yh im ih am jam ah jah ov ev ej oj om em ja ju a e i o u y
        4 em om am
        3 ec>c
        """,
    # Romanian: the article is part of the word (migrantul, frontiera), then case and number.
    "ro": """
        = tare mare
        3 urilor urile uri ului ilor elor iilor iile iei ile ele lui ul ia ie ii ei a e i o u
        4 easc>esc ean>en
        """,
    # Greek, without accents.
    "el": """
        3 ματων>μ ματοσ>μ ματα>μ μα>μ εωσ εων εισ ουσ οσ ου οι ον ων εσ ασ ησ α ε η ι ο υ ω
        3 ι
        """,
    # Turkish: case, possession, number, from the right; a final k or p is soft before vowels (cocugu, kitabi).
    "tr": """
        / ^turkiye.* turkiyey
        4 daki deki taki teki
        / (gocmen|baskan|balkan|insan|uzman|liman|dusman|zaman)in$ \\1
        4 indan>i inden>i undan>u unden>u inda>i inde>i unda>u unde>u ina>i ine>i una>u une>u ini>i unu>u
        4 dan den tan ten da de ta te nin nun in un yla yle ya ye yi yu
        4 si su a e i u
        3 lar ler
        4 a e i u
        3 ag>ak eg>ek ig>ik og>ok ug>uk ab>ap ib>ip ob>op ub>up
        """,
    # Hungarian: case, possession or number; -t is dropped wherever it could be the accusative (menekult, menekultek).
    "hu": """
        / (?:(?<=...[^aeiou])|(?<=..i[ao]))[br][ae]$
        4 ban ben bol nak nek rol tol hoz hez nal nel val vel kent ert ig on en at et ot
        5 t
        4 ak ek ok k ai ei uk ja je a e
        5 t
        4 a e i o u
        """,
}

RESPELL = {
    # Endings a stemmer knows with diacritics only, and forms it is known to leave behind.
    "fr": """
        3 ee>e ees>es iere>ière ieres>ières
        """,
    "it": """
        3 iere>iera
        """,
    "pt": """
        3 coes>ção oes>ão cao>ção ao>ão eus>eu oria>ório orias>órios
        """,
    "pl": """
        3 ow>ów
        """,
}
