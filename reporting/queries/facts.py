"""The nights of the database as facts: one statement for each kind of row, whatever the number of nights."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

from intake.models import Incident, Referral, Tally
from reporting import emptiness, standing
from reporting.emptiness import EmptyBed
from reporting.facts import Asked, Before, Happened, NightFacts, Stay, Window
from reporting.models import EmptyBeds, NightWeather
from shelter import clock, nights, parameters
from shelter.models import (
    Activation,
    Bed,
    BedNight,
    BedPosition,
    Closure,
    ColdSpell,
    Dormitory,
    Night,
    Refusal,
    Registration,
    Setting,
)
from shelter.models.ledger import WHOSE
from shelter.queries.watch import census_moment
from shelter.rota.models import Assignment, Employment, Worked
from shelter.rota.queries.coverage import places
from shelter.rota.queries.timelines import stint_of, stint_worked

CLOSED = (Night.State.CLOSED, Night.State.DEFINITIVE)
KEPT, RELEASED = "kept", "released"  # a bed until 04:00, or not so long


def closed_so_far():
    """The first and the last night of the running season that is closed; else tonight, twice."""
    tonight = clock.tonight()
    season = Night.objects.filter(season__name=nights.season_name(tonight), state__in=CLOSED).order_by("date")
    first, last = season.first(), season.last()
    return (first.date if first else tonight), (last.date if last else tonight)


def window(first, last):
    """The nights from first to last that ran, as facts, with what came before for the people in them."""
    rows = list(Night.objects.filter(date__range=(first, last), state__in=Night.RAN).order_by("date"))
    known = _Rows(rows)
    facts = tuple(_facts(night, known) for night in rows)
    return Window(facts, _before(facts, rows[0]) if rows else {})


class _Rows:
    """Everything the facts of some nights are made from, sorted by night."""

    def __init__(self, rows):
        dates = [night.date for night in rows]
        first, last = (dates[0], dates[-1]) if dates else (None, None)
        self.ledger = _sorted(_ledger(rows))
        self.asked = _sorted(_asked(rows))
        self.registered = _sorted(
            Registration.objects.filter(night__in=rows, withdrawn_at=None)
            .annotate(whose=WHOSE)
            .order_by("night", "whose")
            .values_list("night", "whose")
        )
        self.incidents = _sorted(
            Incident.objects.filter(night__in=rows)
            .order_by("night", "id")
            .values_list("night", "kind", "severity", "police", "ambulance")
        )
        self.services = _sorted(
            Tally.objects.filter(day__in=dates).order_by("day").values_list("day", "service", "number")
        )
        self.referrals = _sorted(
            Referral.objects.filter(made_on__in=dates).order_by("id").values_list("made_on", "target")
        )
        self.grounds = _grounds()
        self.codes = dict(Dormitory.objects.order_by("pk").values_list("pk", "code"))
        self.settings = list(Setting.objects.for_night(last)) if dates else []
        self.weather = {each.night: each for each in NightWeather.objects.filter(night__in=dates)}
        self.cold_spells = list(
            ColdSpell.objects.filter(withdrawn_at=None)
            .order_by("id")
            .values_list("first_night", "last_night")
        )
        self.kept_causes = _sorted(
            EmptyBeds.objects.filter(night__in=rows)
            .order_by("night", "cause")
            .values_list("night", "sealed_at", "cause", "number")
        )
        self.work = _work(rows)
        self.uncovered = _uncovered(first, last) if dates else Counter()

    def settings_for(self, day):
        return parameters.in_force((row.key, row.value) for row in self.settings if row.first_night <= day)


def _sorted(rows):
    """Rows by their first column, without it."""
    found = defaultdict(list)
    for key, *rest in rows:
        found[key].append(rest)
    return found


def _ledger(rows):
    return (
        BedNight.objects.filter(night__in=rows)
        .exclude(state=BedNight.State.UNDONE)
        .annotate(whose=WHOSE)
        .order_by("night", "id")
        .values_list(
            "night", "whose", "bed", "state", "arrived_at", "left_at", "ended_at", "occupant__same_as__sex",
            "occupant__sex",
            "occupant__same_as__birth_year", "occupant__birth_year", "occupant__same_as__origin",
            "occupant__origin",
        )
    )  # fmt: skip


def _asked(rows):
    return (
        Refusal.objects.filter(night__in=rows, withdrawn_at=None)
        .annotate(whose=WHOSE)
        .order_by("night", "id")
        .values_list("night", "whose", "reason", "outcome", "asked_before")
    )


def _grounds():
    return standing.Grounds(
        beds=[
            standing.Bed(*row)
            for row in Bed.objects.order_by("label").values_list("pk", "layer", "opening_order")
        ],
        positions=_dated(BedPosition.objects.values_list("bed", "first_night", "dormitory")),
        closings=[
            standing.Closing(*row)
            for row in Closure.objects.filter(withdrawn_at=None)
            .order_by("id")
            .values_list("bed", "dormitory", "reason", "first_night", "last_night")
        ],
        openings=[
            standing.Opening(*row)
            for row in Activation.objects.order_by("id").values_list(
                "layer", "number", "first_night", "last_night", "activated_at"
            )
        ],
    )


def _dated(rows):
    found = defaultdict(list)
    for key, first_night, value in rows.order_by("first_night"):
        found[key].append((first_night, value))
    return found


def _facts(night, known):
    at, settings = census_moment(night.date), known.settings_for(night.date)
    stays, visitors, beds = {}, set(), defaultdict(list)
    let_in = set()
    for row in known.ledger[night.pk]:
        whose, bed, state, arrived_at, left_at, ended_at, *traits = row
        if state in BedNight.SLEPT:
            let_in.add(whose)
            if is_there(at, arrived_at, left_at):
                stays[whose, bed] = _stay(night.date, whose, bed, traits, settings.age_bands)
            elif left_at is not None and left_at <= at:
                visitors.add(whose)
        else:
            # In the morning what was kept is released.
            is_kept = state == BedNight.State.HELD or ended_at > at
            beds[bed].append(KEPT if is_kept else RELEASED)
    slept_in = frozenset(bed for _whose, bed in stays)
    installed = known.grounds.on(night.date, slept_in)
    in_service = [bed for bed in installed if not bed.closed]
    asked = tuple(Asked(*row) for row in known.asked[night.pk])
    room = {bed.bed: known.codes[bed.dormitory] for bed in installed}
    people = {whose for whose, _bed in stays}
    weather = known.weather.get(night.date)
    return NightFacts(
        night=night.date,
        is_closed=night.state in CLOSED,
        is_definitive=night.state == Night.State.DEFINITIVE,
        nominal=sum(bed.layer == standing.NOMINAL for bed in installed),
        extra=sum(bed.layer != standing.NOMINAL for bed in installed),
        beds=Counter(known.codes[bed.dormitory] for bed in in_service),
        closed=Counter(bed.closed for bed in installed if bed.closed),
        empty=_kept_causes(night, known)
        or _empty(night, in_service, slept_in, beds, asked, settings, len(stays)),
        stays=tuple(replace(stay, dormitory=room.get(stay.bed, "")) for _key, stay in sorted(stays.items())),
        let_in=frozenset(let_in),
        visits=len(visitors - people),
        registered=frozenset(whose for (whose,) in known.registered[night.pk]),
        asked=asked,
        without_bed=_without_bed(asked, people),
        lacked_place=_without_bed(asked, people, Refusal.FOR_LACK_OF_PLACE),
        referrals=Counter(target for (target,) in known.referrals[night.date]),
        incidents=tuple(Happened(*row) for row in known.incidents[night.pk]),
        services={service: number for service, number in known.services[night.date]},
        work=known.work[night.date],
        uncovered=known.uncovered[night.date],
        minimum=int(10 * weather.minimum) if weather else None,
        is_wet=weather.is_wet if weather else None,
        is_cold_spell=any(first <= night.date <= last for first, last in known.cold_spells),
    )


def is_there(at, arrived_at, left_at):
    """Whether somebody who came and perhaps left was in the house at an instant."""
    return arrived_at <= at and (left_at is None or left_at > at)


def _stay(day, whose, bed, traits, bands):
    sex, own_sex, birth_year, own_birth_year, origin, own_origin = traits
    if sex is not None:  # of joined files the traits of the number that counts
        own_sex, own_birth_year, own_origin = sex, birth_year, origin
    return Stay(
        night=day, person=whose, bed=bed, dormitory="", sex=own_sex,
        age=band_of(day, own_birth_year, bands), origin=own_origin,
    )  # fmt: skip


def band_of(day, birth_year, bands):
    """The band of an age by its first and last year (`18-25`, `66-`), of somebody born in a year; "" if not known."""
    if birth_year is None:
        return ""
    age = day.year - birth_year
    first = max((edge for edge in bands if edge <= age), default=0)
    last = min((edge for edge in bands if edge > age), default=None)
    return f"{first}-" if last is None else f"{first}-{last - 1}"


def _kept_causes(night, known):
    """The causes as they were kept when the night was sealed; nothing for a night that is not sealed."""
    return {cause: number for at, cause, number in known.kept_causes[night.pk] if at == night.sealed_at}


def _empty(night, in_service, slept_in, rows, asked, settings, slept):
    closed_at = night.doors_closed_at
    empty = [
        EmptyBed(
            is_held=KEPT in rows[bed.bed],
            was_released=RELEASED in rows[bed.bed],
            opened_late=bool(bed.opened_at and closed_at and bed.opened_at > closed_at),
        )
        for bed in in_service
        if bed.bed not in slept_in
    ]
    unsuited = [
        each for each in asked if each.reason == Refusal.Reason.NO_SUITABLE_PLACE and not each.is_repeated
    ]
    people = {each.person for each in unsuited if each.person is not None}
    others = sum(each.person is None for each in unsuited)
    return emptiness.causes(
        empty, slept=slept, open_places=settings.open_places, unsuited=len(people) + others
    )


def _without_bed(asked, slept, reasons=Refusal.Reason.values):
    """As `shelter.queries.watch.without_bed` counts it, from rows that are read already; of some reasons only."""
    helped = {
        each.person
        for each in asked
        if each.reason == Refusal.Reason.OFFER_DECLINED or each.outcome == Refusal.Outcome.ARRIVED
    }
    refused = [each for each in asked if each.reason in reasons]
    known = {each.person for each in refused if each.person is not None} - slept - helped
    unknown = sum(
        each.person is None
        and not each.is_repeated
        and each.reason != Refusal.Reason.OFFER_DECLINED
        and each.outcome != Refusal.Outcome.ARRIVED
        for each in refused
    )
    return len(known) + unknown


def _work(rows):
    """By date of the night the minutes on duty by kind of employment: as worked, else as planned."""
    assigned = list(
        Assignment.objects.standing()
        .filter(shift__night__in=rows)
        .select_related("shift__night", "skill", "plan")
        .order_by("pk")
    )
    worked = {
        (row.person_id, shift): row
        for row in Worked.objects.filter(
            assignment__shift__in={row.shift_id for row in assigned}, replaced_by=None
        )
        .select_related("assignment")
        .order_by("pk")
        if row.assignment is not None and (shift := row.assignment.shift_id)
    }
    kinds = _kinds({row.person_id for row in assigned})
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for row in assigned:
        record = worked.get((row.person_id, row.shift_id))
        stint = stint_worked(record) if record else stint_of(row)
        night = row.shift.night.date
        found[night][_kind(kinds[row.person_id, row.plan.organisation_id], night)] += stint.minutes
    return found


def _kinds(people):
    """By person and organisation every employment as (first day, kind), in order."""
    rows = Employment.objects.filter(person__in=people).order_by("first_day", "pk")
    found = defaultdict(list)
    for person, where, first_day, kind in rows.values_list("person", "organisation", "first_day", "kind"):
        found[person, where].append((first_day, kind))
    return found


def _kind(employments, night):
    """The kind of employment that held on a night; of somebody without one, that of an employee."""
    begun = [kind for first_day, kind in employments if first_day <= night]
    return str(begun[-1] if begun else Employment.Kind.EMPLOYEE)


def _uncovered(first, last):
    """By date of the night the places of its shifts below the minimum."""
    missing: Counter[date] = Counter()
    for place in places(first, last + timedelta(days=1)):
        missing[place.shift.night.date] += place.missing
    return missing


def _before(facts, first):
    """What came before the first night for everybody who slept in these nights; visits do not count."""
    people = {stay.person for night in facts for stay in night.stays}
    rows = (
        BedNight.objects.filter(state__in=BedNight.SLEPT, night__date__lt=first.date)
        .annotate(whose=WHOSE)
        .filter(whose__in=people)
        .order_by("night__date")
        .values_list("whose", "night__date", "arrived_at", "left_at")
    )
    season = nights.season_name(first.date)
    found: dict[int, Before] = {}
    for whose, day, arrived_at, left_at in rows:
        if is_there(census_moment(day), arrived_at, left_at):
            known = found.get(whose, Before())
            is_now = nights.season_name(day) == season
            found[whose] = Before(known.earlier_season or not is_now, day if is_now else known.last_night)
    return found
