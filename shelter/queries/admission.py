"""Who may sleep here on a night, and where not: everything a rule of admission asks, in one statement.

Written in SQL because it runs at every check-in; a number merged into another counts with it. CROSS JOIN
keeps SQLite at the order written: from the one person to their nights, not through all nights of a season.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef

from shelter import given
from shelter.models import BedNight, ColdSpell, Exclusion, KeepApart, Night, Occupant, Refusal
from shelter.models.ledger import WHOSE
from shelter.parameters import in_force

_ADMISSION = """
WITH me AS (SELECT id FROM shelter_occupant WHERE id = %(occupant)s OR same_as_id = %(occupant)s),
night AS (SELECT id, date, season_id FROM shelter_night WHERE id = %(night)s),
said AS (SELECT setting.key, setting.value FROM shelter_setting setting, night
          WHERE setting.id = (SELECT latest.id FROM shelter_setting latest
                               WHERE latest.key = setting.key AND latest.first_night <= night.date
                               ORDER BY latest.first_night DESC, latest.id DESC LIMIT 1)),
cold AS (SELECT spell.id FROM shelter_coldspell spell, night
          WHERE spell.withdrawn_at IS NULL AND night.date BETWEEN spell.first_night AND spell.last_night),
running AS (SELECT exclusion.id, exclusion.last_night FROM shelter_exclusion exclusion, night
             WHERE exclusion.occupant_id IN (SELECT id FROM me) AND exclusion.lifted_at IS NULL
               AND night.date BETWEEN exclusion.first_night AND exclusion.last_night
               AND COALESCE((SELECT CASE WHEN decision.admitted THEN 1 ELSE 0 END
                               FROM shelter_colddecision decision
                              WHERE decision.exclusion_id = exclusion.id
                                AND decision.cold_spell_id IN (SELECT id FROM cold)
                              ORDER BY decision.id DESC LIMIT 1), 0) = 0),
pairs AS (SELECT CASE WHEN pair.first_id IN (SELECT id FROM me) THEN pair.second_id ELSE pair.first_id END AS id
            FROM shelter_keepapart pair
           WHERE pair.ended_at IS NULL
             AND (pair.first_id IN (SELECT id FROM me) OR pair.second_id IN (SELECT id FROM me))),
apart AS (SELECT id FROM pairs WHERE id NOT IN (SELECT id FROM me)),
others AS (SELECT id FROM apart
           UNION SELECT same_as_id FROM shelter_occupant WHERE id IN (SELECT id FROM apart) AND same_as_id IS NOT NULL
           UNION SELECT id FROM shelter_occupant WHERE same_as_id IN (SELECT id FROM apart)
           UNION SELECT id FROM shelter_occupant WHERE same_as_id IN
                 (SELECT same_as_id FROM shelter_occupant WHERE id IN (SELECT id FROM apart))),
room AS (SELECT DISTINCT stands.dormitory_id AS id
           FROM others CROSS JOIN shelter_bednight taken CROSS JOIN shelter_bedposition stands
          WHERE taken.occupant_id = others.id AND taken.state IN ('held', 'in')
            AND taken.night_id = (SELECT id FROM night)
            AND stands.bed_id = taken.bed_id AND stands.first_night =
                (SELECT MAX(earlier.first_night) FROM shelter_bedposition earlier, night
                  WHERE earlier.bed_id = taken.bed_id AND earlier.first_night <= night.date))
SELECT (SELECT same_as_id FROM shelter_occupant WHERE id = %(occupant)s),
       EXISTS (SELECT 1 FROM shelter_registration
                WHERE night_id = night.id AND withdrawn_at IS NULL AND occupant_id IN (SELECT id FROM me)),
       (SELECT COUNT(*) FROM shelter_bednight WHERE night_id = night.id AND state = 'in'),
       (SELECT MAX(last_night) FROM running),
       EXISTS (SELECT 1 FROM cold),
       EXISTS (SELECT 1 FROM shelter_proof proof WHERE proof.accepted AND proof.season_id = night.season_id
                  AND proof.occupant_id IN (SELECT id FROM me)),
       (SELECT COUNT(DISTINCT earlier.id)
          FROM me CROSS JOIN shelter_bednight slept CROSS JOIN shelter_night earlier
         WHERE slept.occupant_id = me.id AND earlier.id = slept.night_id AND slept.state IN ('in', 'left')
           AND earlier.season_id = night.season_id AND earlier.date < night.date
           AND (COALESCE((SELECT value FROM said WHERE key = 'cold_nights_count'), 'no') = 'yes' OR NOT EXISTS (
                SELECT 1 FROM shelter_coldspell spell WHERE spell.withdrawn_at IS NULL
                   AND earlier.date BETWEEN spell.first_night AND spell.last_night))),
       (SELECT value FROM said WHERE key = 'nights_without_proof'),
       (SELECT value FROM said WHERE key = 'cold_suspends'),
       room.id
  FROM night LEFT JOIN room ON 1 = 1
"""


@dataclass(frozen=True)
class Admission:
    """One person on one night, as the rules of admission see them; as it stands, nothing speaks against them.

    `excluded_until` is the last night of a running exclusion for which no decision in the cold lets them in;
    `nights_used` and `nights_limit` count nights slept this season without proof of presence;
    `rooms_to_avoid` are the dormitories where somebody lies from whom they are kept apart; `inside` counts
    everybody in the house; `suspended` holds the codes of rules that give way tonight.
    """

    same_as: int | None = None
    is_registered: bool = True
    inside: int = 0
    excluded_until: date | None = None
    is_cold: bool = False
    has_proof: bool = True
    nights_used: int = 0
    nights_limit: int | None = None
    suspended: frozenset[str] = frozenset()
    rooms_to_avoid: frozenset[int] = frozenset()

    @property
    def nights_are_used_up(self):
        return is_used_up(self)


def is_used_up(counter) -> bool:
    """Whether no night without proof of presence is left; a proof, or no limit, means that one always is."""
    if counter.has_proof or counter.nights_limit is None:
        return False
    return bool(counter.nights_used >= counter.nights_limit)


def admission_of(occupant, night) -> Admission:
    """How this person stands before tonight's rules: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ADMISSION, {"occupant": occupant.pk, "night": night.pk})
        rows = cursor.fetchall()
    same_as, registered, inside, until, cold, proof, used, limit, suspends, _room = rows[0]
    typed = {"nights_without_proof": limit, "cold_suspends": suspends}
    settings = in_force((key, text) for key, text in typed.items() if text is not None)
    return Admission(
        same_as=same_as,
        is_registered=bool(registered),
        inside=inside,
        excluded_until=given.day(until),
        is_cold=bool(cold),
        has_proof=bool(proof),
        nights_used=used,
        nights_limit=settings.nights_without_proof,
        suspended=frozenset(settings.cold_suspends) if cold else frozenset(),
        rooms_to_avoid=frozenset(row[-1] for row in rows if row[-1] is not None),
    )


def of_people(rows, ids):
    """Rows about these numbers or about numbers merged into them; `whose` is the number that counts."""
    return rows.annotate(whose=WHOSE).filter(whose__in=ids)


def cold_spells_of(day):
    """The cold spells that hold on the night of a date."""
    return ColdSpell.objects.on(day)


def turned_away_last_night(night, ids=None):
    """Numbers refused for lack of a place on the night before, who did not sleep here all the same."""
    before = Night.objects.filter(date__lt=night.date).order_by("-date").values("pk")[:1]
    rows = Refusal.objects.filter(
        night=before, withdrawn_at__isnull=True, reason__in=Refusal.FOR_LACK_OF_PLACE, occupant__isnull=False
    )
    rows = rows.annotate(whose=WHOSE)
    slept = BedNight.objects.filter(night=before, state__in=BedNight.SLEPT).annotate(whose=WHOSE)
    rows = rows.exclude(Exists(slept.filter(whose=OuterRef("whose"))))
    if ids is not None:
        rows = rows.filter(whose__in=ids)
    return rows.order_by("whose").values_list("whose", flat=True).distinct()


def running_exclusion(occupant, day):
    """The exclusion that runs longest on the night of a date, if any; with what was decided about the cold."""
    return (
        of_people(Exclusion.objects.on(day), [occupant.pk])
        .select_related("decided_by", "seconded_by")
        .prefetch_related("cold_decisions")
        .order_by("-last_night", "-id")
        .first()
    )


def kept_apart_from(occupant):
    """The pairs this person is in."""
    me = Occupant.objects.filter(pk=occupant.pk) | Occupant.objects.filter(same_as=occupant.pk)
    pairs = KeepApart.objects.standing().select_related("first", "second")
    return (pairs.filter(first__in=me) | pairs.filter(second__in=me)).order_by("id")
