"""What the night asks beside beds: incidents, handovers, things kept, numbers, ways onward."""

from django.db import IntegrityError, transaction

from intake import queries
from intake.errors import NumberTaken
from intake.log import Verb
from intake.models import (
    Belonging,
    Handover,
    HandoverItem,
    Incident,
    IncidentPerson,
    PhraseReview,
    Referral,
    Tally,
    Task,
)
from shelter import clock, rules
from shelter.actions import admission
from shelter.log import record
from shelter.refusing import broken_constraint


@transaction.atomic(savepoint=False)
def write_incident(*, night, by, people=(), led_to=None, **answers):
    """Write an incident down. `people` are pairs of an occupant and a part; `answers` the fields of `Incident`."""
    incident = Incident.objects.create(
        night=night, led_to=led_to, written_by=by.person, written_at=clock.now(), **answers
    )
    IncidentPerson.objects.bulk_create(
        IncidentPerson(incident=incident, occupant=occupant, part=part) for occupant, part in people
    )
    record(
        Verb.INCIDENT_WRITTEN, by=by, night=night, incident=incident.pk, kind=incident.kind,
        severity=incident.severity,
    )  # fmt: skip
    return incident


@transaction.atomic(savepoint=False)
def exclude(*, occupant, by, incident=None, **answers):
    """Exclude somebody; where an incident led to it, the two are linked."""
    exclusion = admission.exclude(occupant=occupant, by=by, **answers)
    if incident is not None:
        Incident.objects.filter(pk=incident.pk).update(led_to=exclusion)
    return exclusion


@transaction.atomic(savepoint=False)
def follow_up(*, incident, by):
    """What an incident left to do is done."""
    incident = Incident.objects.select_for_update(no_key=True, of=("self",)).get(pk=incident.pk)
    if incident.followed_up_at is None:
        incident.followed_up_at = clock.now()
        incident.save(update_fields=["followed_up_at"])
        record(Verb.INCIDENT_FOLLOWED_UP, by=by, night=incident.night, incident=incident.pk)
    return incident


def note_reading_of_incidents(*, night, by):
    """Incidents are read by few, and each reading leaves a line."""
    record(Verb.INCIDENTS_READ, by=by, night=night)


@transaction.atomic(savepoint=False)
def add_task(*, what, by):
    task = Task.objects.create(what=what, made_at=clock.now(), made_by=by.person)
    record(Verb.TASK_ADDED, by=by, task=task.pk)
    return task


@transaction.atomic(savepoint=False)
def finish_task(*, task, by):
    task = Task.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
    if task.done_at is None:
        task.done_at, task.done_by = clock.now(), by.person
        task.save(update_fields=["done_at", "done_by"])
        record(Verb.TASK_DONE, by=by, task=task.pk)
    return task


@transaction.atomic(savepoint=False)
def hand_over(*, night, words, by):
    """The outgoing lead writes a few sentences; open points fill themselves in as they are at this moment."""
    handover = Handover.objects.create(
        night=night, words=words.strip(), figures=queries.handover_figures(night), written_by=by.person,
        written_at=clock.now(),
    )  # fmt: skip
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, kind=point.kind, occupant_id=point.occupant, detail=point.detail)
        for point in queries.open_points(night)
    )
    record(Verb.HANDED_OVER, by=by, night=night, handover=handover.pk, points=handover.items.count())
    return handover


@transaction.atomic(savepoint=False)
def acknowledge(*, items, by):
    """The incoming lead has read these points; the first who read one is the one who counts."""
    unread = HandoverItem.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=items, acknowledged_at__isnull=True
    )
    read = list(unread.select_related("handover__night").order_by("id"))
    for item in read:
        item.acknowledged_at, item.acknowledged_by = clock.now(), by.person
    HandoverItem.objects.bulk_update(read, ["acknowledged_at", "acknowledged_by"])
    if read:
        record(
            Verb.POINT_ACKNOWLEDGED, by=by, night=read[0].handover.night, points=[item.pk for item in read]
        )
    return len(read)


@transaction.atomic(savepoint=False)
def keep_thing(*, occupant, kind, number, by, what="", until=None):
    """The house keeps something for somebody, under a number that no other thing has meanwhile."""
    if Belonging.objects.filter(kind=kind, number=number, handed_back_at__isnull=True).exists():
        raise NumberTaken(number=number)
    try:
        thing = Belonging.objects.create(
            occupant=occupant, kind=kind, number=number, what=what, until=until, kept_at=clock.now(),
            kept_by=by.person,
        )  # fmt: skip
    except IntegrityError as error:
        if broken_constraint(error) != "one_number_keeps_one_thing":
            raise
        raise NumberTaken(number=number) from error
    record(Verb.THING_KEPT, by=by, occupant=occupant, kind=kind, number=number)
    return thing


@transaction.atomic(savepoint=False)
def hand_back(*, belonging, by):
    thing = Belonging.objects.select_for_update(no_key=True, of=("self",)).get(pk=belonging.pk)
    if thing.handed_back_at is None:
        thing.handed_back_at, thing.handed_back_by = clock.now(), by.person
        thing.save(update_fields=["handed_back_at", "handed_back_by"])
        record(Verb.THING_HANDED_BACK, by=by, occupant=thing.occupant, kind=thing.kind, number=thing.number)
    return thing


@transaction.atomic(savepoint=False)
def enter_tallies(*, day, numbers, by):
    """Numbers of services on a day, by service; None leaves what a colleague may have entered meanwhile."""
    for service, number in numbers.items():
        standing = Tally.objects.filter(day=day, service=service).first()
        was = standing.number if standing else None
        if number is None or was == number:
            continue
        entered = {"number": number, "entered_by": by.person, "entered_at": clock.now()}
        Tally.objects.update_or_create(day=day, service=service, defaults=entered)
        record(Verb.TALLY_ENTERED, by=by, day=day.isoformat(), service=service, number=number, was=was)


@transaction.atomic(savepoint=False)
def refer(*, occupant, target, day, by, same_day=True):
    """Somebody is shown a way onward."""
    row = Referral.objects.create(
        occupant=occupant, target=target, same_day=same_day, made_on=day, made_at=clock.now(),
        made_by=by.person,
    )  # fmt: skip
    record(Verb.REFERRED, by=by, occupant=occupant, target=target, referral=row.pk)
    return row


@transaction.atomic(savepoint=False)
def note_arrival(*, referral, outcome, by):
    """Whether somebody arrived where they were sent."""
    row = Referral.objects.select_for_update(no_key=True, of=("self",)).get(pk=referral.pk)
    if row.outcome != outcome:
        row.outcome = outcome
        row.save(update_fields=["outcome"])
        record(Verb.REFERRAL_ENDED, by=by, occupant=row.occupant, referral=row.pk, outcome=outcome)
    return row


@transaction.atomic(savepoint=False)
def review_phrases(*, language, reviewed, by):
    """A native speaker has read the phrases of a language, or takes that back."""
    rules.role_allows(by, {"coordinator"})
    if not reviewed:
        PhraseReview.objects.filter(language=language).delete()
    else:
        PhraseReview.objects.get_or_create(
            language=language, defaults={"reviewed_at": clock.now(), "reviewed_by": by.person}
        )
    record(Verb.PHRASES_REVIEWED, by=by, language=language, reviewed=reviewed)
