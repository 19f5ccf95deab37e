"""Somebody is away all of a sudden; places are offered, people are called, one of them takes it."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from shelter import clock
from shelter.actions import posting
from shelter.log import record
from shelter.rota import errors, letters, rules
from shelter.rota.actions.changing import change, plan_of
from shelter.rota.actions.locking import lock_people
from shelter.rota.actions.people import block
from shelter.rota.actions.reminding import planners_of
from shelter.rota.log import Verb
from shelter.rota.models import Absence, Assignment, Call, Change, OpenShift
from shelter.rota.queries.candidates import candidates
from shelter.rota.queries.terms import terms_of
from shelter.rota.timeline import midnight

FIRST_WAVE, LARGER_BY = 4, 2  # people asked at first; each wave asks that many times more
MOST_WAVES = 3


def away_from(person, day):
    """From when somebody misses a day: its midnight, or the end of what they are at work in then."""
    over = Assignment.objects.standing().filter(person=person, start__lt=midnight(day), end__gt=midnight(day))
    return max([midnight(day), *over.values_list("end", flat=True)])


@transaction.atomic
def fall_out(*, person, start, end, by, kind=Absence.Kind.SICK, reason=""):
    """Somebody cannot come from an instant until another: blocked, their shifts given up and offered to others.

    What they have worked meanwhile stays worked: the absence begins when it was over.
    """
    lock_people(person.pk)
    worked = Assignment.objects.standing().filter(
        person=person, start__lt=end, end__gt=start, end__lte=clock.now()
    )
    start = max([start, *worked.values_list("end", flat=True)])
    block(person=person, kind=kind, start=start, end=end, by=by)
    lost = Assignment.objects.standing().filter(person=person, start__lt=end, end__gt=max(start, clock.now()))
    offered = []
    for row in lost.select_related("shift__template", "shift__night", "skill", "plan__organisation").order_by(
        "start"
    ):
        change(
            shift=row.shift, skill=row.skill, kind=Change.Kind.ABSENCE, before=person, by=by,
            reason=reason or Absence.Kind(kind).label,
        )  # fmt: skip
        offered.append(
            offer(shift=row.shift, skill=row.skill, organisation=row.plan.organisation, by=by, another=True)
        )
    if by.person == person:
        _tell_planners(person, offered)
    return offered


def _tell_planners(person, offered):
    """Whoever plans the people of an organisation hears of somebody who cannot come."""
    for organisation in {place.organisation for place in offered}:
        lost = [place.shift for place in offered if place.organisation == organisation]
        for planner in planners_of(organisation):
            posting.write(
                key=f"away-{offered[0].pk}-{planner.pk}",
                to=planner,
                subject=letters.away_subject,
                text=partial(letters.away, person, lost),
            )


@transaction.atomic
def offer(*, shift, skill, organisation, by, another=False):
    """Offer a place in a shift: the first few who may take it are asked, then more; then it waits for the planner.

    One that is open already is not offered again, unless it is `another` one of the same duty.
    """
    place = OpenShift.objects.filter(shift=shift, skill=skill, closed_at=None, taken_by=None).first()
    if place is not None and not another:
        return place
    minutes = terms_of(organisation, shift.day).wave_minutes
    place = OpenShift.objects.create(
        shift=shift, skill=skill, organisation=organisation, opened_at=clock.now(), opened_by=by.person,
        next_wave_at=clock.now() + timedelta(minutes=minutes) if minutes else None,
    )  # fmt: skip
    record(Verb.OPENED, by=by, night=shift.night, shift=shift.pk, skill=skill.code)
    _ask(place, by)
    return place


def _ask(place, by):
    """Ask the next people in the order of the candidates, who have not been asked for this place yet."""
    asked = set(place.calls.values_list("person", flat=True))
    wave = FIRST_WAVE * LARGER_BY ** (place.wave - 1)
    able = [
        each
        for each in candidates(place.shift, place.skill)
        if each.may and each.person.pk not in asked and each.person.has_usable_password()
    ]
    for each in able[:wave]:
        log_call(place=place, person=each.person, answer=Call.Answer.ASKED, by=by)
        posting.write(
            key=f"open-{place.pk}-{each.person.pk}",
            to=each.person,
            subject=letters.asked_subject,
            text=lambda: letters.asked(place.shift),
        )


def widen(by):
    """Ask more people for places nobody has taken when their time has come; for the tick."""
    due = OpenShift.objects.filter(
        next_wave_at__lte=clock.now(), closed_at=None, shift__start__gt=clock.now()
    )
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            _widen(OpenShift.objects.select_for_update(of=("self",)).get(pk=pk), by)


def _widen(place, by):
    if place.closed_at is not None or place.next_wave_at is None or place.next_wave_at > clock.now():
        return
    minutes = terms_of(place.organisation, place.shift.day).wave_minutes
    place.wave += 1
    is_last = place.wave >= MOST_WAVES or not minutes
    place.next_wave_at = None if is_last else clock.now() + timedelta(minutes=minutes)
    place.save()
    _ask(place, by)


@transaction.atomic
def log_call(*, place, person, answer, by):
    record(Verb.CALLED, by=by, person=person.pk, shift=place.shift_id, answer=answer)
    return Call.objects.create(open_shift=place, person=person, at=clock.now(), answer=answer, by=by.person)


@transaction.atomic
def answer_call(*, place, person, answer, by):
    """What somebody said when they were called; whoever says yes has the shift."""
    rules.plans_own_people(by, place.organisation)
    rules.plans_person(by, person)
    if answer == Call.Answer.YES:
        take(place=place, person=person, by=by)
    return log_call(place=place, person=person, answer=answer, by=by)


@transaction.atomic
def take(*, place, person, by, reason=""):
    """Somebody takes an offered place. Of two who want it at once exactly one gets it."""
    lock_people(person.pk)
    place = (
        OpenShift.objects.select_for_update(of=("self",))
        .select_related("shift__night", "skill")
        .get(pk=place.pk)
    )
    if place.closed_at is not None:
        raise errors.PlaceIsTaken()
    if place.shift.end <= clock.now():
        raise errors.ShiftIsOver()
    own = by.person == person
    if not own:
        rules.plans_own_people(by, place.organisation)
        rules.plans_own_people(by, plan_of(person, place.shift, place.organisation).organisation)
    written = change(
        shift=place.shift, skill=place.skill, after=person, by=by, consented_at=clock.now(),
        prefer=place.organisation,
        kind=Change.Kind.CLAIM if own else Change.Kind.COVER, reason=reason or str(Change.Kind.COVER.label),
    )  # fmt: skip
    place.taken_by, place.closed_at = person, clock.now()
    place.save()
    return written


@transaction.atomic
def close(*, place, by):
    """Nobody is looked for any longer."""
    rules.plans_own_people(by, place.organisation)
    OpenShift.objects.filter(pk=place.pk, closed_at=None).update(closed_at=clock.now())
