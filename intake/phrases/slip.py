"""The words of the guest slip, by language. Blanks: `{date}`, `{months}`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SlipWords:
    """What a slip says. The five names of times are those of the settings they come from."""

    title: str
    night: str
    bed: str
    supper: str
    quiet_from: str
    wake_up: str
    everybody_out: str
    bus: str
    rules: tuple[str, str, str, str]  # alcohol and drugs, smoking, violence and weapons, lockers
    data: str
    kept: str
    why: str
    until: str
    rights: str
    unreviewed: str


# Where a number changes the form of "months" (ar, pl, ro), the number stands alone behind a colon.
SLIP: Mapping[str, SlipWords] = {
    "fr": SlipWords(
        title="Votre nuit chez nous",
        night="Nuit du {date}",
        bed="Votre lit",
        supper="Souper",
        quiet_from="Silence à partir de",
        wake_up="Réveil",
        everybody_out="Tout le monde part",
        bus="Bus vers la ville",
        rules=(
            "Pas d’alcool, pas de drogues à l’intérieur.",
            "On fume seulement dehors.",
            "Pas de violence, pas d’armes.",
            "Fermez vos affaires à clé dans un casier.",
        ),
        data="Vos données",
        kept="Nous notons ce que vous nous dites (par exemple nom, année de naissance, langue), vos lits, vos "
        "nuits et les décisions qui vous concernent. Nous ne copions pas vos papiers.",
        why="Pourquoi\u00a0: vous donner un lit, veiller à la sécurité, et compter les personnes, sans noms.",
        until="Durée\u00a0: votre dossier est effacé {months} mois après votre dernière nuit.",
        rights="Vous pouvez voir vos données, les faire corriger ou effacer, ou vous y opposer\u00a0: parlez-en "
        "à toute personne de l’équipe. Responsable\u00a0: Dräieck asbl. Plainte\u00a0: CNPD, cnpd.lu.",
        unreviewed="Pas encore relu par une personne de langue maternelle",
    ),
    "de": SlipWords(
        title="Ihre Nacht bei uns",
        night="Nacht vom {date}",
        bed="Ihr Bett",
        supper="Abendessen",
        quiet_from="Ruhe ab",
        wake_up="Wecken",
        everybody_out="Alle gehen",
        bus="Bus in die Stadt",
        rules=(
            "Kein Alkohol, keine Drogen im Haus.",
            "Rauchen nur draußen.",
            "Keine Gewalt, keine Waffen.",
            "Schließen Sie Ihre Sachen in ein Schließfach.",
        ),
        data="Ihre Daten",
        kept="Wir notieren, was Sie uns sagen (zum Beispiel Name, Geburtsjahr, Sprache), Ihre Betten, Ihre "
        "Nächte und Entscheidungen, die Sie betreffen. Wir kopieren keine Papiere.",
        why="Warum: um Ihnen ein Bett zu geben, für die Sicherheit, und um Personen zu zählen, ohne Namen.",
        until="Wie lange: Ihre Akte wird {months} Monate nach Ihrer letzten Nacht gelöscht.",
        rights="Sie können Ihre Daten sehen, ändern oder löschen lassen oder widersprechen: Sprechen Sie mit "
        "jeder Person vom Team. Verantwortlich: Dräieck asbl. Beschwerde: CNPD, cnpd.lu.",
        unreviewed="Noch nicht von einer Person mit dieser Muttersprache geprüft",
    ),
    "en": SlipWords(
        title="Your night with us",
        night="Night of {date}",
        bed="Your bed",
        supper="Supper",
        quiet_from="Quiet from",
        wake_up="Wake-up",
        everybody_out="Everybody leaves",
        bus="Bus to the city",
        rules=(
            "No alcohol, no drugs inside.",
            "Smoke only outside.",
            "No violence, no weapons.",
            "Lock your things in a locker.",
        ),
        data="Your data",
        kept="We write down what you tell us (for example name, year of birth, language), your beds, your "
        "nights, and decisions about you. We do not copy your papers.",
        why="Why: to give you a bed, to keep people safe, and to count people, without names.",
        until="How long: your file is deleted {months} months after your last night.",
        rights="You can see your data, have it corrected or deleted, or object: ask any member of staff. "
        "Responsible: Dräieck asbl. Complaints: CNPD, cnpd.lu.",
        unreviewed="Not yet reviewed by a native speaker",
    ),
    "pt": SlipWords(
        title="A sua noite connosco",
        night="Noite de {date}",
        bed="A sua cama",
        supper="Jantar",
        quiet_from="Silêncio a partir das",
        wake_up="Despertar",
        everybody_out="Toda a gente sai",
        bus="Autocarro para a cidade",
        rules=(
            "Sem álcool e sem drogas cá dentro.",
            "Fumar só lá fora.",
            "Sem violência e sem armas.",
            "Feche as suas coisas à chave num cacifo.",
        ),
        data="Os seus dados",
        kept="Anotamos o que nos diz (por exemplo nome, ano de nascimento, língua), as suas camas, as suas "
        "noites e as decisões sobre si. Não copiamos os seus documentos.",
        why="Porquê: para lhe dar uma cama, para a segurança de todos e para contar as pessoas, sem nomes.",
        until="Quanto tempo: o seu processo é apagado {months} meses depois da sua última noite.",
        rights="Pode ver os seus dados, pedir que sejam corrigidos ou apagados, ou opor-se: fale com qualquer "
        "pessoa da equipa. Responsável: Dräieck asbl. Queixas: CNPD, cnpd.lu.",
        unreviewed="Ainda não revisto por uma pessoa de língua materna",
    ),
    "ar": SlipWords(
        title="ليلتكم عندنا",
        night="ليلة {date}",
        bed="سريركم",
        supper="العشاء",
        quiet_from="الهدوء ابتداءً من",
        wake_up="الاستيقاظ",
        everybody_out="يغادر الجميع",
        bus="الحافلة إلى المدينة",
        rules=(
            "لا كحول ولا مخدرات في الداخل.",
            "التدخين في الخارج فقط.",
            "لا عنف ولا أسلحة.",
            "أقفلوا على أغراضكم في خزانة.",
        ),
        data="بياناتكم",
        kept="نكتب ما تقولونه لنا (مثلاً الاسم وسنة الميلاد واللغة)، وأسرتكم ولياليكم والقرارات التي تخصكم. "
        "لا ننسخ أوراقكم.",
        why="لماذا: لنعطيكم سريراً، ولسلامة الجميع، ولعد الأشخاص بدون أسماء.",
        until="المدة: يحذف ملفكم بعد آخر ليلة لكم هنا. عدد الأشهر: {months}.",
        rights="يمكنكم رؤية بياناتكم أو طلب تصحيحها أو حذفها أو الاعتراض عليها: تحدثوا مع أي شخص من الفريق. "
        "المسؤول: Dräieck asbl. الشكاوى: CNPD، cnpd.lu.",
        unreviewed="لم يراجعه بعد متحدث باللغة الأم",
    ),
    "ro": SlipWords(
        title="Noaptea la noi",
        night="Noaptea de {date}",
        bed="Patul dumneavoastră",
        supper="Cina",
        quiet_from="Liniște de la ora",
        wake_up="Trezirea",
        everybody_out="Toată lumea pleacă",
        bus="Autobuzul spre oraș",
        rules=(
            "Fără alcool și fără droguri înăuntru.",
            "Se fumează numai afară.",
            "Fără violență și fără arme.",
            "Încuiați lucrurile într-un dulap cu cheie.",
        ),
        data="Datele dumneavoastră",
        kept="Notăm ce ne spuneți (de exemplu numele, anul nașterii, limba), paturile, nopțile și deciziile "
        "care vă privesc. Nu copiem actele dumneavoastră.",
        why="De ce: pentru a vă da un pat, pentru siguranța tuturor și pentru a număra persoanele, fără nume.",
        until="Cât timp: dosarul se șterge după ultima noapte petrecută aici. Număr de luni: {months}.",
        rights="Puteți vedea datele, puteți cere să fie corectate sau șterse ori vă puteți opune: vorbiți cu "
        "orice persoană din echipă. Responsabil: Dräieck asbl. Plângeri: CNPD, cnpd.lu.",
        unreviewed="Încă neverificat de un vorbitor nativ",
    ),
    "pl": SlipWords(
        title="Noc u nas",
        night="Noc {date}",
        bed="Pana/Pani łóżko",
        supper="Kolacja",
        quiet_from="Cisza od",
        wake_up="Pobudka",
        everybody_out="Wszyscy wychodzą",
        bus="Autobus do miasta",
        rules=(
            "W środku nie wolno mieć alkoholu ani narkotyków.",
            "Palenie tylko na zewnątrz.",
            "Żadnej przemocy, żadnej broni.",
            "Proszę zamknąć swoje rzeczy w szafce na klucz.",
        ),
        data="Pana/Pani dane",
        kept="Zapisujemy to, co Pan/Pani nam mówi (na przykład imię, rok urodzenia, język), łóżka, noce i "
        "decyzje, które Pana/Pani dotyczą. Nie kopiujemy dokumentów.",
        why="Po co: aby dać Panu/Pani łóżko, dla bezpieczeństwa wszystkich i aby liczyć osoby, bez nazwisk.",
        until="Jak długo: dane są usuwane po ostatniej nocy u nas. Liczba miesięcy: {months}.",
        rights="Może Pan/Pani zobaczyć swoje dane, poprosić o ich poprawienie lub usunięcie albo wnieść "
        "sprzeciw: proszę zapytać dowolną osobę z zespołu. Odpowiedzialny: Dräieck asbl. Skargi: CNPD, cnpd.lu.",
        unreviewed="Jeszcze niesprawdzone przez osobę z tym językiem ojczystym",
    ),
    "lb": SlipWords(
        title="Är Nuecht bei eis",
        night="Nuecht vum {date}",
        bed="Äert Bett",
        supper="Owesiessen",
        quiet_from="Nuetsrou ab",
        wake_up="Erwächen",
        everybody_out="All d’Leit ginn",
        bus="Bus an d’Stad",
        rules=(
            "Keen Alkohol a keng Drogen am Haus.",
            "Fëmmen nëmme dobaussen.",
            "Keng Gewalt, keng Waffen.",
            "Spaart Är Saachen an e Schliissfach.",
        ),
        data="Är Donnéeën",
        kept="Mir schreiwen op, wat Dir eis sot (zum Beispill Numm, Gebuertsjoer, Sprooch), Är Better, Är "
        "Nuechten an Decisiounen, déi Iech betreffen. Mir kopéiere keng Pabeieren.",
        why="Firwat: fir Iech e Bett ze ginn, fir d’Sécherheet, a fir d’Leit ze zielen, ouni Nimm.",
        until="Wéi laang: Ären Dossier gëtt {months} Méint no Ärer leschter Nuecht geläscht.",
        rights="Dir kënnt Är Donnéeë gesinn, verbesseren oder läsche loossen, oder dogéint sinn: Schwätzt mat "
        "jidderengem aus der Equipe. Verantwortlech: Dräieck asbl. Reklamatiounen: CNPD, cnpd.lu.",
        unreviewed="Nach net vun enger Persoun mat där Mammesprooch nogekuckt",
    ),
}
