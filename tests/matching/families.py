"""Word families by language: every line is one word as news inflects it; and words that must never meet."""

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_LETTERS = dict(zip(CYRILLIC, _LATIN.split(), strict=True))


def in_latin(text: str) -> str:
    """Serbian Cyrillic as Serbs write it in Latin."""
    return "".join(_LETTERS.get(letter, letter) for letter in text)


FAMILIES = {
    "en": """
        migrant migrants Migrants' migrant's
        border borders
        refugee refugees
        crossing crossings crossed crosses
        smuggle smuggled smuggling smuggles
        fund funds funding funded
        policy policies
        arrive arrives arrived arriving
        Serbia Serbia's
        deport deported deporting
        asylum-seeker asylum-seekers
        """,
    "de": """
        Flüchtling Flüchtlinge Flüchtlingen Flüchtlings
        Grenze Grenzen
        Migrant Migranten
        Land Länder Ländern Landes
        Asylbewerber Asylbewerbern Asylbewerbers
        Grenzkontrolle Grenzkontrollen
        Häuser Häusern Haus Hauses
        Zaun Zäune Zäunen Zauns
        Abschiebung Abschiebungen
        Polizist Polizisten
        europäisch europäische europäischen europäischer europäisches
        """,
    "fr": """
        réfugié réfugiés réfugiée réfugiées
        migrant migrants migrante migrantes
        frontière frontières
        demandeur demandeurs
        européen européens européenne européennes
        immigré immigrés immigrée immigrées
        expulsion expulsions
        accord accords
        passeur passeurs
        arrivée arrivées arrivé arrivés
        asile l'asile d'asile
        migratoire migratoires
        """,
    "it": """
        migrante migranti
        rifugiato rifugiati rifugiata rifugiate
        confine confini
        frontiera frontiere
        immigrato immigrati
        profugo profughi
        sbarco sbarchi
        espulsione espulsioni
        europeo europei europea europee
        trafficante trafficanti
        immigrazione l'immigrazione dell'immigrazione
        """,
    "es": """
        migrante migrantes
        refugiado refugiados refugiada refugiadas
        frontera fronteras
        inmigración inmigraciones
        fronterizo fronteriza fronterizos fronterizas
        migratorio migratoria migratorios migratorias
        solicitante solicitantes
        expulsión expulsiones
        acuerdo acuerdos
        patera pateras
        deportación deportaciones
        """,
    "pt": """
        migrante migrantes
        refugiado refugiados refugiada refugiadas
        fronteira fronteiras
        imigração imigrações
        migratório migratória migratórios migratórias
        deportação deportações
        acordo acordos
        travessia travessias
        europeu europeus
        expulsão expulsões
        naufrágio naufrágios
        """,
    "ro": """
        migrant migranți migranților migrantul migranţi migranţilor
        refugiat refugiați refugiaților refugiatul
        frontieră frontiere frontiera frontierei frontierele frontierelor
        graniță granițe granița graniței granițele granițelor graniţă
        imigrant imigranți imigranților
        vamă vama vamei vămii
        solicitant solicitanți solicitanților
        traficant traficanți traficanților traficantul
        azil azilul azilului
        polițist polițiști polițiștii polițiștilor
        sârb sârbi sârbii sârbilor
        țară țara țării țările țărilor țări
        migrație migrația migrației
        """,
    "el": """
        μετανάστης μετανάστες μεταναστών μετανάστη
        σύνορο σύνορα συνόρων
        πρόσφυγας πρόσφυγες προσφύγων πρόσφυγα
        διακινητής διακινητές διακινητών
        μετανάστευση μετανάστευσης
        προσφυγικός προσφυγική προσφυγικό προσφυγικού
        άσυλο ασύλου
        νησί νησιά νησιών νησιού
        συμφωνία συμφωνίες συμφωνιών συμφωνίας
        αστυνομία αστυνομίας
        μεταναστευτικός μεταναστευτική μεταναστευτικό μεταναστευτικού μεταναστευτικής
        """,
    "tr": """
        sınır sınırı sınırda sınırdan sınırlar sınırları sınırlarında sınırın sınırına
        göçmen göçmenler göçmenleri göçmenlerin göçmene göçmenlere
        mülteci mülteciler mültecilerin mülteciye mültecilere
        sığınmacı sığınmacılar sığınmacıların sığınmacıya
        Türkiye Türkiye'nin Türkiye'de Türkiye'ye Türkiye’den
        Balkan Balkanlar Balkanları Balkanlarda Balkanların
        kaçakçı kaçakçılar kaçakçıları kaçakçıların
        ülke ülkeler ülkeleri ülkelerin ülkede ülkeye
        Avrupa Avrupa'da Avrupa'nın
        anlaşma anlaşmalar anlaşması anlaşmanın anlaşmayı
        tekne tekneler teknede teknenin tekneye
        yabancı yabancılar yabancıların
        """,
    "hu": """
        határ határok határon határt határokat határa határát határra határnál határból
        menekült menekültek menekülteket menekültnek
        bevándorló bevándorlók bevándorlókat bevándorlóknak
        migráns migránsok migránsokat migránsoknak
        kerítés kerítések kerítést kerítésen
        ország országok országban országból országot országokban
        embercsempész embercsempészek embercsempészeket
        táborban tábor táborok táborból
        szerb szerbek szerbeket
        egyezmény egyezmények egyezményt
        """,
    "sr-Latn": """
        migrant migranti migranata migrantima migrante migranta migrantu
        migracija migracije migracijama migraciju migracijom
        granica granice granici granicu granicom granicama
        izbeglica izbeglice izbeglicama izbeglicu
        azil azila azilu azilom
        država države državi državu državom državama
        Kosovo Kosova Kosovu Kosovom
        policija policije policiji policiju policijom
        Balkan Balkana Balkanu Balkanom
        readmisija readmisije readmisiji readmisiju
        Bihać Bihaća Bihaću
        Srbija Srbije Srbiji Srbiju Srbijom
        zapadni zapadnog zapadnom zapadna zapadne zapadnim
        krijumčar krijumčari krijumčara krijumčarima
        sporazum sporazuma sporazumu sporazumi sporazumima
        migrantski migrantska migrantske migrantskog migrantskih
        policajac policajci policajca policajaca policajcima
        granični granične graničnog graničnih
        """,
    "sr-Cyrl": """
        мигрант мигранти миграната мигрантима мигранте
        миграција миграције миграцијама миграцију
        граница границе граници границу границама
        избеглица избеглице избеглицама избеглицу
        азил азила азилу
        држава државе држави државу државама
        Косово Косова Косову
        полиција полиције полицији
        Балкан Балкана Балкану
        Ђинђић Ђинђића Ђинђићу
        европски европска европске европског европских
        """,
    "hr": """
        migrant migranti migranata migrantima
        izbjeglica izbjeglice izbjeglicama izbjeglicu
        granica granice granici granicu
        država države državi državu
        hrvatski hrvatska hrvatske hrvatskog hrvatskoj hrvatskih
        tražitelj tražitelji tražitelja tražiteljima
        azil azila azilu
        sporazum sporazuma sporazumu
        vlada vlade vladi vladu
        rijeka rijeke rijeku
        """,
    "bs": """
        migrant migranti migranata migrantima
        izbjeglica izbjeglice izbjeglicama
        Bihać Bihaća Bihaću
        kamp kampa kampu kampovi kampova kampovima
        granica granice granici
        kanton kantona kantonu kantoni
        entitet entiteta entitetu entiteti
        sigurnost sigurnosti
        Bosna Bosne Bosni Bosnu
        """,
    "sl": """
        meja meje mejo mejah mejami meji
        migrant migranti migrantov migrantom migrante migranta
        begunec begunci beguncev beguncem begunca begunce
        azil azila azilu
        država države državo državah državi
        prosilec prosilci prosilcev prosilce
        Slovenija Slovenije Sloveniji Slovenijo
        sporazum sporazuma sporazumu sporazumi
        slovenski slovenska slovenskega slovenske slovenskih
        policist policisti policistov
        migracija migracije migracij migracijah
        """,
    "mk": """
        мигрант мигранти мигрантите мигрантот
        граница границата граници границите
        бегалец бегалци бегалците бегалецот
        азил азилот
        држава државата држави државите
        полиција полицијата
        договор договорот договори договорите
        Македонија
        македонски македонска македонската македонските македонскиот
        миграција миграцијата миграции миграциите
        камп кампот кампови камповите
        """,
    "bg": """
        мигрант мигранти мигрантите мигранта мигрантът
        граница границата граници границите
        бежанец бежанци бежанците бежанеца бежанецът
        убежище убежището убежища
        държава държавата държави държавите
        полиция полицията
        споразумение споразумението споразумения споразуменията
        министър министъра министърът министри министрите
        български българска българската българските българският
        миграция миграцията миграции
        лагер лагери лагерите лагера лагерът
        град градът града градове градовете
        трафикант трафиканти трафикантите
        """,
    "sq": """
        kufi kufiri kufirit kufijtë kufirin
        emigrant emigrantë emigrantët emigrantëve emigranti emigrantit
        migracion migracioni migracionit migracionin
        refugjat refugjatë refugjatët refugjatëve refugjati
        azil azili azilit
        Shqipëri Shqipëria Shqipërisë Shqipërinë
        Kosovë Kosova Kosovës Kosovën
        polici policia policisë policinë
        marrëveshje marrëveshja marrëveshjes marrëveshjen marrëveshjet
        shtet shteti shtetit shtete shtetet shteteve shtetin
        qeveri qeveria qeverisë qeverinë
        kamp kampi kampit kampet kampeve
        ballkan ballkani ballkanit ballkanin
        evropian evropiane evropianë evropianët
        """,
    "uk": """
        мігрант мігранти мігрантів мігрантам мігранта мігрантами
        кордон кордони кордону кордонів кордоном кордоні
        біженець біженці біженців біженцям біженця
        країна країни країну країною країнах
        міграція міграції міграцію міграцією
        поліція поліції поліцію
        Балкани Балкан Балканах Балканам
        притулок притулку
        європейський європейська європейські європейських європейського
        """,
    "ru": """
        мигрант мигранты мигрантов мигрантам мигранта мигрантами
        граница границы границу границей границах
        беженец беженцы беженцев беженцам
        страна страны страну стране
        полиция полиции полицию
        миграция миграции миграцию
        европейский европейская европейские европейских европейского
        Балканы Балкан Балканах
        соглашение соглашения соглашению
        """,
    "pl": """
        migrant migrantów migrantom migrantami
        granica granice granicy granicę
        uchodźca uchodźcy uchodźców
        państwo państwa państwem
        """,
}

APART = {
    "en": "border/board policy/police fund/fun state/station migrant/migraine asylum/asbestos rain/ring",
    "de": "Grenze/Grenada Land/Lampe Zaun/Zahn Asyl/Asien Migrant/Migräne Polizei/Politik",
    "fr": "asile/assis migrant/migraine frontière/fronton port/porc réfugié/refus",
    "it": "confine/confidenza sbarco/sbarra porto/porco frontiera/fronte migrante/emigrare pane/panino",
    "es": "frontera/frente migrante/migraña pata/patera asilo/asistir país/paisaje",
    "pt": "fronteira/frente asilo/assistir país/paisagem",
    "ro": "vamă/vară azil/azi țară/tare sârb/serie frontieră/front refugiat/refuz munte/mult",
    "el": "σύνορα/σύνολα μετανάστης/μετάνοια νησί/νήμα άσυλο/ασύρματος πρόσφυγας/πρόσωπο",
    "tr": "göçmen/göl Balkan/balkon ülke/ülkü Türkiye/Türk tekne/teknik kara/karar kadın/kadro insan/inşaat",
    "hu": "határ/hat ország/orr tábor/tábla menekült/menet szerb/szervez ember/emlék",
    "sr-Latn": (
        "Srbija/Srbin granica/grana država/držanje policija/politika Kosovo/kos migrant/migrena azil/Azija "
        "vlada/Vladan luka/lukav Balkan/balkon Bihać/Biha stranka/strana grad/gradnja sela/seliti put/putnik rad/radnik"
    ),
    "sr-Cyrl": "граница/грана полиција/политика Косово/кос мигрант/мигрена странка/страна",
    "hr": "granica/grana vlada/vlak rijeka/riječ država/držati stranka/strana",
    "bs": "kamp/kampanja granica/grana entitet/entuzijazam kanton/kantina",
    "sl": "meja/mejnik begunec/bager migrant/migrena država/držati stranka/stran cesta/cesar",
    "mk": "граница/гранка бегалец/бегство полиција/политика камп/кампања град/градина странка/страна",
    "bg": "граница/гранка бежанец/беж полиция/политика град/градина лагер/лагуна страна/странник министър/министерство",
    "sq": "kufi/kufomë azil/Azi polici/politikë shtet/shtëpi kamp/kampion qeveri/qen marrëveshje/marr",
    "uk": "кордон/корд країна/край поліція/політика мігрант/мігрень",
    "ru": "граница/грань страна/странный полиция/политика мигрант/мигрень",
    "pl": "granica/granit państwo/pan",
}
