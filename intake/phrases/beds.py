"""Why this bed, as the guest slip says it, by language; codes are those of `shelter.offering`.

What a slip does not say (a need that could not be met) is for people to say to each other.
"""

from collections.abc import Mapping

BED_REASONS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "same_bed": "Le même lit que la dernière fois.",
        "same_dormitory": "Le même dortoir que la dernière fois.",
        "lower_met": "Lit du bas, comme il vous le faut.",
        "older_lower": "Lit du bas, au vu de votre âge.",
        "step_free_met": "Sans marches, comme il vous le faut.",
        "quiet_met": "Dortoir calme, pour ceux qui travaillent.",
        "dog_met": "Ici, votre chien est le bienvenu.",
        "right_zone": "Un lit libre dans votre partie de la maison.",
    },
    "de": {
        "same_bed": "Dasselbe Bett wie letztes Mal.",
        "same_dormitory": "Derselbe Schlafsaal wie letztes Mal.",
        "lower_met": "Bett unten, wie Sie es brauchen.",
        "older_lower": "Bett unten, wegen Ihres Alters.",
        "step_free_met": "Ohne Stufen, wie Sie es brauchen.",
        "quiet_met": "Ruhiger Schlafsaal für alle, die arbeiten.",
        "dog_met": "Hier ist Ihr Hund willkommen.",
        "right_zone": "Ein freies Bett in Ihrem Teil des Hauses.",
    },
    "en": {
        "same_bed": "The same bed as last time.",
        "same_dormitory": "The same dormitory as last time.",
        "lower_met": "A lower bunk, as you need.",
        "older_lower": "A lower bunk, in view of your age.",
        "step_free_met": "Without steps, as you need.",
        "quiet_met": "A quiet dormitory for people who work.",
        "dog_met": "Your dog is welcome here.",
        "right_zone": "A free bed in your part of the house.",
    },
    "pt": {
        "same_bed": "A mesma cama da última vez.",
        "same_dormitory": "O mesmo dormitório da última vez.",
        "lower_met": "Cama de baixo, como precisa.",
        "older_lower": "Cama de baixo, por causa da sua idade.",
        "step_free_met": "Sem degraus, como precisa.",
        "quiet_met": "Dormitório calmo, para quem trabalha.",
        "dog_met": "Aqui o seu cão é bem-vindo.",
        "right_zone": "Uma cama livre na sua parte da casa.",
    },
    "ar": {
        "same_bed": "نفس سرير المرة الماضية.",
        "same_dormitory": "نفس غرفة النوم في المرة الماضية.",
        "lower_met": "سرير سفلي، كما تحتاجون.",
        "older_lower": "سرير سفلي، مراعاةً لعمركم.",
        "step_free_met": "بدون درج، كما تحتاجون.",
        "quiet_met": "غرفة نوم هادئة لمن يعملون.",
        "dog_met": "كلبكم مرحّب به هنا.",
        "right_zone": "سرير شاغر في القسم المخصص لكم.",
    },
    "ro": {
        "same_bed": "Același pat ca data trecută.",
        "same_dormitory": "Același dormitor ca data trecută.",
        "lower_met": "Pat de jos, după cum aveți nevoie.",
        "older_lower": "Pat de jos, ținând cont de vârsta dumneavoastră.",
        "step_free_met": "Fără trepte, după cum aveți nevoie.",
        "quiet_met": "Dormitor liniștit, pentru cei care lucrează.",
        "dog_met": "Câinele dumneavoastră este binevenit aici.",
        "right_zone": "Un pat liber în partea dumneavoastră a casei.",
    },
    "pl": {
        "same_bed": "To samo łóżko co ostatnio.",
        "same_dormitory": "Ta sama sala co ostatnio.",
        "lower_met": "Dolne łóżko, zgodnie z potrzebą.",
        "older_lower": "Dolne łóżko, ze względu na wiek.",
        "step_free_met": "Bez schodów, zgodnie z potrzebą.",
        "quiet_met": "Cicha sala dla osób pracujących.",
        "dog_met": "Pies jest tu mile widziany.",
        "right_zone": "Wolne łóżko w odpowiedniej części domu.",
    },
    "lb": {
        "same_bed": "Dat selwecht Bett wéi d’lescht Kéier.",
        "same_dormitory": "Dee selwechte Schlofsall wéi d’lescht Kéier.",
        "lower_met": "Bett ënnen, wéi Dir et braucht.",
        "older_lower": "Bett ënnen, wéinst Ärem Alter.",
        "step_free_met": "Ouni Trapen, wéi Dir et braucht.",
        "quiet_met": "Rouege Schlofsall fir déi, déi schaffen.",
        "dog_met": "Hei ass Ären Hond wëllkomm.",
        "right_zone": "E fräit Bett an Ärem Deel vum Haus.",
    },
}
