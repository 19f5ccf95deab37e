"""How people stand tonight, as every list at the desk and the door shows them: one statement for all of them.

Written in SQL because each search and each row of the door asks it. A number merged into another counts with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection

from shelter import given
from shelter.models import Occupant
from shelter.parameters import in_force
from shelter.queries.admission import admission_of, is_used_up, turned_away_last_night
from shelter.queries.ledger import INSIDE_FIRST

_PEOPLE = """
WITH night AS (SELECT id, date, season_id FROM shelter_night WHERE id = %s),
eve AS (SELECT id FROM shelter_night WHERE date < (SELECT date FROM night) ORDER BY date DESC LIMIT 1),
said AS (SELECT setting.key, setting.value FROM shelter_setting setting
          WHERE setting.key IN ('nights_without_proof', 'cold_nights_count') AND setting.id =
                (SELECT latest.id FROM shelter_setting latest
                  WHERE latest.key = setting.key AND latest.first_night <= (SELECT date FROM night)
                  ORDER BY latest.first_night DESC, latest.id DESC LIMIT 1))
SELECT COALESCE(person.same_as_id, person.id),
       (SELECT registration.id FROM shelter_registration registration
         WHERE registration.occupant_id = person.id AND registration.night_id = night.id
           AND registration.withdrawn_at IS NULL),
       (SELECT registration.late FROM shelter_registration registration
         WHERE registration.occupant_id = person.id AND registration.night_id = night.id
           AND registration.withdrawn_at IS NULL),
       taken.id, taken.state, taken.arrived_at, taken.left_at, bed.label,
       outing.id, outing.kind, outing.expected_at,
       last_bed.label, last_night.date,
       EXISTS (SELECT 1 FROM shelter_proof proof WHERE proof.occupant_id = person.id AND proof.accepted
                  AND proof.season_id = night.season_id),
       (SELECT COUNT(*) FROM shelter_bednight slept CROSS JOIN shelter_night earlier
         WHERE slept.occupant_id = person.id AND slept.state IN ('in', 'left') AND earlier.id = slept.night_id
           AND earlier.season_id = night.season_id AND earlier.date < night.date
           AND (COALESCE((SELECT value FROM said WHERE key = 'cold_nights_count'), 'no') = 'yes' OR NOT EXISTS (
                SELECT 1 FROM shelter_coldspell spell WHERE spell.withdrawn_at IS NULL
                   AND earlier.date BETWEEN spell.first_night AND spell.last_night))),
       (SELECT value FROM said WHERE key = 'nights_without_proof'),
       (SELECT MAX(exclusion.last_night) FROM shelter_exclusion exclusion
         WHERE exclusion.occupant_id = person.id AND exclusion.lifted_at IS NULL
           AND night.date BETWEEN exclusion.first_night AND exclusion.last_night
           AND COALESCE((SELECT CASE WHEN decision.admitted THEN 1 ELSE 0 END
                           FROM shelter_colddecision decision
                           JOIN shelter_coldspell spell ON spell.id = decision.cold_spell_id
                          WHERE decision.exclusion_id = exclusion.id AND spell.withdrawn_at IS NULL
                            AND night.date BETWEEN spell.first_night AND spell.last_night
                          ORDER BY decision.id DESC LIMIT 1), 0) = 0),
       EXISTS (SELECT 1 FROM shelter_refusal refusal
                WHERE refusal.occupant_id = person.id AND refusal.night_id = (SELECT id FROM eve)
                  AND refusal.withdrawn_at IS NULL AND refusal.reason IN ('no_place', 'no_suitable_place'))
       AND NOT EXISTS (SELECT 1 FROM shelter_bednight slept WHERE slept.occupant_id = person.id
                          AND slept.night_id = (SELECT id FROM eve) AND slept.state IN ('in', 'left'))
  FROM night CROSS JOIN shelter_occupant person
  LEFT JOIN shelter_bednight taken ON taken.occupant_id = person.id AND taken.night_id = night.id
        AND taken.state IN ('held', 'in', 'left')
  LEFT JOIN shelter_bed bed ON bed.id = taken.bed_id
  LEFT JOIN shelter_outing outing ON outing.bed_night_id = taken.id AND outing.back_at IS NULL
  LEFT JOIN shelter_bednight last ON last.id =
        (SELECT slept.id FROM shelter_bednight slept CROSS JOIN shelter_night earlier
          WHERE slept.occupant_id = person.id AND slept.state IN ('in', 'left') AND earlier.id = slept.night_id
            AND earlier.date < night.date ORDER BY earlier.date DESC, slept.id DESC LIMIT 1)
  LEFT JOIN shelter_bed last_bed ON last_bed.id = last.bed_id
  LEFT JOIN shelter_night last_night ON last_night.id = last.night_id
 WHERE person.id IN ({ids}) OR person.same_as_id IN ({ids})
 ORDER BY COALESCE(person.same_as_id, 0), person.id
"""


@dataclass(frozen=True)
class Tonight:
    """One person and one night. `registration`, `bed_night` and `outing` are ids or None; `state` is the
    bed-night's (held, in, left) or empty; beds are labels; `nights_used` of `nights_limit` were slept this
    season without proof of presence; `excluded_until` is the last night of a running exclusion.
    """

    registration: int | None = None
    is_late: bool = False
    bed_night: int | None = None
    state: str = ""
    bed: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    outing: int | None = None
    out_for: str = ""
    back_by: datetime | None = None
    last_bed: str = ""
    last_night: date | None = None
    has_proof: bool = False
    nights_used: int = 0
    nights_limit: int | None = None
    excluded_until: date | None = None
    was_turned_away: bool = False

    @property
    def nights_are_used_up(self):
        return is_used_up(self)


def people_tonight(occupant_ids: Iterable[int], night) -> dict[int, Tonight]:
    """How each of these numbers stands on a night."""
    ids = sorted(set(occupant_ids))
    if not ids:
        return {}
    if night.pk is None:
        return dict.fromkeys(ids, Tonight())
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.replace("{ids}", ", ".join(["%s"] * len(ids))), [night.pk, *ids, *ids])
        rows = cursor.fetchall()
    found: dict[int, Tonight] = {}
    for whose, *row in rows:
        tonight = _tonight(*row)
        found[whose] = _joined(found[whose], tonight, whose, night) if whose in found else tonight
    return {pk: found.get(pk, Tonight()) for pk in ids}


def _tonight(
    registration, late, bed_night, state, arrived_at, left_at, bed, outing, out_for, back_by, last_bed, last_night,
    has_proof, used, limit, excluded_until, was_turned_away,
):  # fmt: skip
    settings = in_force([("nights_without_proof", limit)] if limit is not None else [])
    return Tonight(
        registration=registration,
        is_late=bool(late),
        bed_night=bed_night,
        state=state or "",
        bed=bed or "",
        arrived_at=given.instant(arrived_at),
        left_at=given.instant(left_at),
        outing=outing,
        out_for=out_for or "",
        back_by=given.instant(back_by),
        last_bed=last_bed or "",
        last_night=given.day(last_night),
        has_proof=bool(has_proof),
        nights_used=used,
        nights_limit=settings.nights_without_proof,
        excluded_until=given.day(excluded_until),
        was_turned_away=bool(was_turned_away),
    )


def _joined(one, other, whose, night):
    """One person with two numbers: what stands for either stands for both."""
    here = min((one, other), key=lambda each: (*INSIDE_FIRST, "").index(each.state))
    lately = max((one, other), key=lambda each: each.last_night or date.min)
    admission = admission_of(Occupant(pk=whose), night)  # a night in both histories counts once
    return replace(
        here,
        registration=one.registration or other.registration,
        is_late=one.is_late if one.registration else other.is_late,
        last_bed=lately.last_bed,
        last_night=lately.last_night,
        has_proof=admission.has_proof,
        nights_used=admission.nights_used,
        excluded_until=max((day for day in (one.excluded_until, other.excluded_until) if day), default=None),
        was_turned_away=turned_away_last_night(night, [whose]).exists(),
    )
