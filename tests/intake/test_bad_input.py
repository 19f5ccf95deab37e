"""Bad input, tried: wrong types, unknown ids, dates outside the season, two answers at once, hostile text.

In every field of every write, by API and by page: a sentence or a 4xx, never a 500, and nothing lost. What is
accepted comes back escaped. On PostgreSQL too, which refuses numbers and characters that SQLite keeps.
"""

import json
from datetime import timedelta
from inspect import getmembers, isclass
from uuid import uuid4

import pytest
from django import forms
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework import serializers

import intake.api.night_shapes
import intake.api.serializers
import intake.web.forms
import intake.web.night_forms
import reporting.api.shapes
import reporting.web.forms
import shelter.api.serializers
import shelter.rota.api.shapes
import shelter.rota.web.forms
import shelter.web.forms
from intake.actions import door, plan
from intake.models import Guest
from shelter.actions import allotting, housekeeping, placing
from shelter.gate import declared
from shelter.models import Bed, LogEntry, Person, Role
from shelter.rota.models import Assignment, Skill
from shelter.rota.pricing import PRICES
from tests.config.test_access import ROUTES
from tests.conftest import BUILDER, PASSWORD, TONIGHT
from tests.night_things import addresses_of_the_night, things_of_the_night
from tests.report_things import addresses_of_the_reports, things_of_the_reports
from tests.rota_things import MONDAY, addresses_of_the_rota, things_of_the_rota
from tests.transactions import house_is_outermost, taken_back

MARKUP = "<script>alert('x')</script>"
TEXTS = {
    "nothing": "",
    "blanks": " \t\n ",
    "markup": MARKUP,
    "a template": "<i>{{a}}",
    "a formula": "=1+1",
    "formats": "%s%(b)d%",
    "SQL": "\"';--",
    "right to left": "\u202egnp.\u2066exe\u200f",
    "NUL": "Hi\0bou",
    "only NUL": "\0",
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x9f\u2028",
    "emoji": "👩🏿‍👩🏿‍👧🏿‍👦🏿😀",
    "many letters": "a" * 200_000,
    "many accents": "e" + "\u0315\u0300" * 100_000,
    "a huge number": "1" + "0" * 30,
    "a negative number": "-1",
    "no number": "NaN",
    "other digits": "٣²",
    "no date": "2026-02-31",
    "the first date": "0001-01-01",
    "the last date": "9999-12-31",
    "outside the season": "2026-07-14",
}
THINGS = {
    "null": None,
    "true": True,
    "zero": 0,
    "minus one": -1,
    "a fraction": 1.5,
    "past 32 bits": 2**31,
    "past 64 bits": 2**63,
    "past everything": -(10**30),
    "a list": [],
    "a list of lists": [[]],
    "two answers": [1, 2],
    "two names": ["men", "women"],
    "an object": {},
    "an object with a query": {"$ne": None},
}
SEVERAL = {"two words": ["men", "women"], "not one": []}
# What a field that counts, dates or names a thing may stumble over; and one that only chooses.
FOR_NUMBERS = (
    "nothing", "markup", "NUL", "many letters", "a huge number", "a negative number", "no number", "other digits",
    "no date", "the first date", "the last date", "outside the season",
)  # fmt: skip
FOR_CHOICES = ("nothing", "markup", "NUL")
FREE = {forms.CharField, shelter.web.forms.Line, shelter.api.serializers.OneLine, serializers.CharField}
CHOOSING = (forms.ChoiceField, forms.BooleanField, serializers.ChoiceField, serializers.BooleanField)


def texts_for(field):
    """Fields that take any text are tried with every text, the others with those that tell something."""
    if type(field) in FREE:
        return TEXTS
    return {kind: TEXTS[kind] for kind in (FOR_CHOICES if isinstance(field, CHOOSING) else FOR_NUMBERS)}


def things_for(field):
    """A field that chooses is tried with one thing of each sort."""
    few = ("null", "a fraction", "two names", "an object")
    return {kind: THINGS[kind] for kind in few} if isinstance(field, CHOOSING) else THINGS


LOG = "shelter_logentry"
# Lines of the log about reading: a card shown again beside a refusal has been read again.
READINGS = "('guest_read', 'incidents_read')"


def rows():
    """How many rows every table of the house holds, in one question; lines about reading left out."""
    tables = [
        model._meta.db_table
        for app in ("shelter", "rota", "intake", "reporting")
        for model in apps.get_app_config(app).get_models()
    ]
    only = {LOG: f" WHERE verb NOT IN {READINGS}"}
    counts = (f'(SELECT count(*) FROM "{table}"{only.get(table, "")})' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(counts))
        return dict(zip(tables, cursor.fetchone(), strict=True))


@pytest.fixture
def tried(db):
    """Asks, and takes back what came of it; returns what is wrong with the answer, if anything."""
    before = []

    def trying(ask):
        before[:] = before or [rows()]
        with house_is_outermost(), taken_back():
            answer = ask()
            after = rows()
        if answer.status_code >= 500:
            return f"broken: {answer.status_code}"
        if answer.status_code >= 400 and after != before[0]:
            return f"{answer.status_code}, but something was written"
        if answer.status_code >= 400 and not answer.content:
            return f"{answer.status_code} without a word"
        return None

    return trying


@pytest.fixture
def things(night, house, people, guest):
    """Something real for every path and every answer."""
    here, kept, known = guest("Hibou"), guest("Chouette"), guest("Grue")
    for somebody in (here, kept, known):
        door.register_for_tonight(guest=somebody, night=night, by=BUILDER)
    row = door.check_in(guest=here, night=night, by=BUILDER, bed=house.beds["MA1"])
    out = door.check_in(
        guest=guest("Cigogne"), night=night, by=BUILDER, bed=house.beds["MA5"], override_reason="x"
    )
    left_behind = things_of_the_night(night=night, bed_night=out, bed=house.beds["MA6"])
    rota = things_of_the_rota(people)
    reports = things_of_the_reports()
    Person.objects.filter(pk=people[Role.COORDINATOR].pk).update(email="coordination@foyer.example")
    return {
        **{kind: thing.pk for kind, thing in reports.items()},
        **{kind: thing.pk for kind, thing in left_behind.items()},
        **{kind: getattr(thing, "pk", thing) for kind, thing in rota.items()},
        "rota_day": MONDAY,
        "skill": "host",
        "rota_kind": "evening",
        "rota_team": "HUT",
        "helper": Skill.objects.get(code="helper").pk,
        "other_given": Assignment.objects.standing().filter(person=people[Role.WORKER]).latest("start").pk,
        "number": known.number,
        "language": "fr",
        "addresses": addresses_of_the_night(left_behind, here=row, bed=house.beds["MB1"])
        | addresses_of_the_rota(rota)
        | addresses_of_the_reports(reports),
        "guest": known.pk,
        "registration": known.occupant.registrations.get().pk,
        "here": row.pk,
        "kept": placing.hold(occupant=kept.occupant, bed=house.beds["MA2"], night=night, by=BUILDER).pk,
        "bed": house.beds["MB1"].pk,
        "closure": housekeeping.close_bed(
            bed=house.beds["MB2"], reason="repair", by=BUILDER, first_night=TONIGHT
        ).pk,
        "dormitory": house.dormitories["MB"].pk,
        "other": house.dormitories["MA"].pk,
        "person": people[Role.WORKER].pk,
        "lead": people[Role.NIGHT_LEAD].pk,
        "coordinator": people[Role.COORDINATOR].pk,
        "organisation": house.organisations["CRL"].pk,
        "entry": LogEntry.objects.get(verb="checked_in", bed_night=row).pk,
        "plan": allotting.keep_plan(plan.work_out(night), by=BUILDER).pk,
        "planned": known.occupant_id,
        "also_planned": kept.occupant_id,
    }


# By API: each shape that is read, with an address that reads it and answers that would do.

TOMORROW = (TONIGHT + timedelta(days=1)).isoformat()
SHAPES = {
    "TransitionIn": ("transitions", "night", "post", {"to": "open", "reason": "test"}),
    "DormitoryIn": (
        "dormitories",
        None,
        "post",
        {"code": "XX", "name": "X", "zone": "men", "first_night": TOMORROW, "position": 3},
    ),
    "ZoningIn": ("dormitory", "dormitory", "patch", {"zone": "women", "first_night": TOMORROW}),
    "BedIn": (
        "beds",
        None,
        "post",
        {
            "label": "XX1",
            "dormitory": "#dormitory",
            "level": "top",
            "step_free": True,
            "layer": "overflow",
            "opening_order": 7,
            "first_night": TOMORROW,
        },
    ),
    "RepositionIn": ("bed", "bed", "patch", {"dormitory": "#other", "first_night": TOMORROW}),
    "ClosureIn": (
        "closures",
        "bed",
        "post",
        {"reason": "pests", "note": "x", "first_night": TONIGHT.isoformat(), "last_night": TOMORROW},
    ),
    "ReportIn": (
        "reports",
        None,
        "post",
        {"kind": "note", "first": TONIGHT.isoformat(), "last": TONIGHT.isoformat()},
    ),
    "ReopenIn": ("closure", "closure", "patch", {"from_night": TOMORROW}),
    "ActivationIn": (
        "activations",
        None,
        "post",
        {
            "layer": "extension",
            "number": 3,
            "first_night": TOMORROW,
            "last_night": TOMORROW,
            "reason": "x",
            "approval": "y",
        },
    ),
    "PeriodIn": (
        "periods",
        None,
        "post",
        {
            "service": "day",
            "kind": "regular",
            "first_date": "2026-12-01",
            "last_date": "2026-12-05",
            "reason": "x",
        },
    ),
    "GuestIn": (
        "guests",
        None,
        "post",
        {
            "name": "Pic",
            "sleeps": "men",
            "family_name": "Vert",
            "known_as": "x",
            "birth_answer": "given",
            "birth_year": 1980,
            "birth_month": 2,
            "birth_day": 3,
            "age_band": "26–45",
            "languages": ["fr"],
            "nationality": "LU",
            **dict.fromkeys(("lower_bed", "step_free", "dog", "works_nights", "early_leaver"), True),
            "wakes_at": "05:30",
            "situation": "1",
        },
    ),
    "RegistrationIn": ("registrations", "night", "post", {"guest": "#guest"}),
    "CheckInIn": (
        "check-ins",
        "night",
        "post",
        {
            "guest": "#guest",
            "bed": "#bed",
            "override_reason": "x",
            "occurred_at": "2026-11-21T18:00:00Z",
        },
    ),
    "MoveIn": ("move", "here", "post", {"bed": "#bed", "override_reason": "x"}),
    "LeaveIn": ("check-out", "here", "post", {"occurred_at": "2026-11-21T19:00:00Z"}),
    "RefusalIn": (
        "refusals",
        "night",
        "post",
        {
            "guest": "#guest",
            "reason": "other",
            "referral": "halte",
            "description": "x",
            "seen_sex": "woman",
            "seen_age": "middle",
            "asked_before": True,
            "outcome": "arrived",
        },
    ),
    "ExclusionIn": (
        "exclusions",
        "guest",
        "post",
        {
            "category": "theft",
            "first_night": TONIGHT.isoformat(),
            "last_night": TOMORROW,
            "review_on": TOMORROW,
            "notice_in": "fr",
            "advice": "x",
            "seconded_by": "#lead",
        },
    ),
    "LiftIn": ("exclusions", "barred", "patch", {"exclusion": "#exclusion", "reason": "x"}),
    "MergeIn": ("merge", "barred", "post", {"other": "#guest"}),
    "UnmergeIn": ("unmerge", "barred", "post", {"merge": "#merge"}),
    "ColdSpellIn": (
        "cold-spells",
        None,
        "post",
        {"first_night": TOMORROW, "last_night": TOMORROW, "forecast": -9, "reason": "x"},
    ),
    "ColdEndIn": ("cold-spell", "spell", "patch", {"last_night": TONIGHT.isoformat()}),
    "IncidentIn": (
        "incidents",
        None,
        "post",
        {
            "kind": "theft",
            "severity": 2,
            "place": "door",
            "happened_at": "2026-11-21T18:30:00Z",
            "account": "x",
            "measures": ["talked"],
            "police": True,
            "ambulance": False,
            "follow_up": "x",
            "people": [{"guest": "#guest", "part": "harmed"}],
        },
    ),
    "HandoverIn": ("handovers", None, "post", {"words": "x"}),
    "AcknowledgeIn": ("handovers", None, "patch", {"items": ["#item"]}),
    "BelongingIn": (
        "belongings",
        None,
        "post",
        {"guest": "#guest", "kind": "luggage", "number": "8", "what": "x", "until": TOMORROW},
    ),
    "RoundIn": ("round", "night", "post", {"kind": "evening", "marks": {"MA1": "there"}, "close": True}),
    "LayOutIn": ("rota-shifts", None, "post", {"first_night": TOMORROW, "last_night": TOMORROW}),
    "DemandIn": ("rota-shift", "shift", "patch", {"skill": "host", "minimum": 3}),
    "AssignmentIn": (
        "rota-assignments",
        None,
        "post",
        {
            "plan": "#rota_plan",
            "shift": "#shift",
            "skill": "host",
            "person": "#rota_worker",
            "is_pinned": True,
        },
    ),
    "PinIn": ("rota-assignment", "drafted", "patch", {"is_pinned": True}),
    "AbsenceIn": (
        "rota-absences",
        None,
        "post",
        {
            "person": "#rota_worker",
            "kind": "sick",
            "start": "2026-12-01T08:00:00Z",
            "end": "2026-12-02T08:00:00Z",
        },
    ),
    "WishIn": (
        "rota-wishes",
        None,
        "post",
        {"night": "2026-12-01", "kind": "evening", "is_on": True, "weight": 2},
    ),
    "RotaPlanIn": (
        "rota-plans",
        None,
        "post",
        {"organisation": "CRL", "first_day": "2026-12-01", "last_day": "2026-12-31"},
    ),
    "SolveIn": ("rota-solve", "rota_plan", "post", {"seconds": 20, "seed": 7}),
    "PublishIn": ("rota-publish", "rota_plan", "post", {"reason": "x"}),
    "ShiftSwapIn": (
        "rota-swaps",
        None,
        "post",
        {"given": "#other_given", "taker": "#lead", "taken": None},
    ),
    "ShiftSwapAnswerIn": ("rota-swap", "swap", "patch", {"verb": "refuse"}),
}
# What is read as a part of another shape is tried there.
PARTS = {"IncidentPersonIn"}
READ = {
    name: shape
    for module in (
        shelter.api.serializers,
        intake.api.serializers,
        intake.api.night_shapes,
        shelter.rota.api.shapes,
        reporting.api.shapes,
    )
    for name, shape in getmembers(module, isclass)
    if name.endswith("In") and issubclass(shape, serializers.Serializer) and name not in PARTS
}


def filled(answers, things):
    """`#guest` becomes the id of a guest, wherever it stands."""
    if isinstance(answers, dict):
        return {name: filled(value, things) for name, value in answers.items()}
    if isinstance(answers, list):
        return [filled(value, things) for value in answers]
    return things[answers[1:]] if isinstance(answers, str) and answers.startswith("#") else answers


def args_of(of, things):
    """What a path asks for: nothing, the night, a thing, or several things."""
    if of is None:
        return []
    return [TONIGHT if name == "night" else things[name] for name in ([of] if isinstance(of, str) else of)]


@pytest.fixture
def api(api_as, things):
    client = api_as("coordinator")

    def sending(name, verb, body):
        address, of, method, _answers = SHAPES[name]
        return getattr(client, verb or method)(
            reverse(f"api:{address}", args=args_of(of, things)),
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": uuid4().hex},
        )

    return sending


def test_every_shape_and_every_field_of_the_api_is_tried():
    fields = {name: set(shape().fields) for name, shape in READ.items()}

    assert fields == {name: set(answers) for name, (_address, _of, _verb, answers) in SHAPES.items()}


@pytest.mark.parametrize("name", SHAPES)
def test_bad_input_by_api_is_refused_and_nothing_is_lost(things, api, tried, name):
    answers = filled(SHAPES[name][3], things)
    with house_is_outermost(), taken_back():
        would_do = api(name, None, answers)

    wrong = {
        (field, kind): tried(lambda body=answers | {field: value}: api(name, None, body))
        for field, shape in READ[name]().fields.items()
        for kind, value in (texts_for(shape) | things_for(shape)).items()
    }

    assert would_do.status_code in {200, 201, 202}
    assert {where: what for where, what in wrong.items() if what} == {}


# By page: each form with its address, who fills it in and answers that would do.

PAGES = {
    "PeriodForm": (
        "season",
        None,
        "coordinator",
        {
            "service": "day",
            "kind": "regular",
            "first_date": "2026-12-01",
            "last_date": "2026-12-05",
            "reason": "x",
        },
    ),
    "SettingForm": (
        "settings",
        None,
        "coordinator",
        {"key": "age_bands", "value": "18, 30", "first_night": TOMORROW, "reason": "x"},
    ),
    "StepForm": ("night-step", "night", "coordinator", {"to": "open", "reason": "x"}),
    "ActivationForm": (
        "house-activate",
        None,
        "coordinator",
        {
            "layer": "extension",
            "number": "3",
            "first_night": TOMORROW,
            "last_night": TOMORROW,
            "reason": "x",
            "approval": "y",
        },
    ),
    "DormitoryChangeForm": (
        "house-dormitory",
        None,
        "coordinator",
        {
            "dormitory": "#dormitory",
            "change": "split",
            "first_night": TOMORROW,
            "last_night": TOMORROW,
            "zone": "men",
            "closed_for": "pests",
            "beds": "MB3",
            "target": "#other",
        },
    ),
    "AddBedsForm": (
        "house-add",
        None,
        "coordinator",
        {
            "code": "XX",
            "name": "X",
            "zone": "men",
            "number": "3",
            "levels": "3",
            "layer": "overflow",
            "step_free": "on",
            "first_night": TOMORROW,
        },
    ),
    "PersonForm": (
        "team",
        None,
        "admin",
        {
            "username": "new",
            "name": "New",
            "password": PASSWORD,
            "email": "new@example.org",
            "organisation": "CRL",
            "role": "worker",
        },
    ),
    "RoleForm": (
        "team-person",
        "person",
        "admin",
        {"verb": "give_role", "organisation": "#organisation", "role": "nurse", "last_day": "2027-01-01"},
    ),
    "GuestForm": (
        "guest-new",
        None,
        "night_lead",
        {
            "name": "Pic",
            "family_name": "Vert",
            "known_as": "x",
            "birth_year": "1980",
            "birth_month": "2",
            "birth_day": "3",
            "birth_answer": "unknown",
            "age_band": "26–45",
            "sleeps": "men",
            "nationality": "LU",
            "other_nationality": "PE",
            "languages": "fr",
            "wakes_at": "05:30",
            "situation": "1",
            **dict.fromkeys(("lower_bed", "step_free", "dog", "works_nights", "early_leaver", "told"), "on"),
        },
    ),
    "RefusalForm": (
        "door-refuse",
        None,
        "night_lead",
        {
            "reason": "other",
            "referral": "halte",
            "description": "x",
            "guest": "#guest",
            "key": "k",
            "seen_sex": "woman",
            "seen_age": "middle",
            "asked_before": "on",
        },
    ),
    "CloseBedForm": (
        "board-close",
        "bed",
        "night_lead",
        {"reason": "pests", "last_night": TOMORROW, "note": "x"},
    ),
    "PlaceForm": ("door-check-in", "guest", "night_lead", {"bed": "#bed", "override_reason": "x"}),
    "ProofForm": ("guest-proof", "guest", "night_lead", {"kind": "work", "accepted": "yes"}),
    "ExclusionForm": (
        "guest-exclude",
        "barred",
        "night_lead",
        {
            "category": "theft",
            "first_night": TONIGHT.isoformat(),
            "last_night": TOMORROW,
            "review_on": TOMORROW,
            "notice_in": "fr",
            "seconded_by": "#coordinator",
            "advice": "x",
            "incident": "#incident",
        },
    ),
    "LiftForm": ("guest-exclusion-lift", ("barred", "exclusion"), "night_lead", {"reason": "x"}),
    "TellForm": ("guest-exclusion-tell", ("barred", "exclusion"), "night_lead", {"notice_in": "fr"}),
    "ColdDecisionForm": (
        "guest-cold-decision",
        ("barred", "exclusion"),
        "night_lead",
        {"admitted": "yes", "risk_note": "x"},
    ),
    "ColdSpellForm": (
        "cold",
        None,
        "coordinator",
        {"first_night": TOMORROW, "last_night": TOMORROW, "forecast": "-9", "reason": "x"},
    ),
    "ColdEndForm": ("cold-end", "spell", "coordinator", {"last_night": TONIGHT.isoformat()}),
    "OtherGuestForm": ("guest-merge", "barred", "coordinator", {"other": "#number"}),
    "RevokeForm": ("guest-card-revoke", ("barred", "card"), "night_lead", {"why": "lost"}),
    "ReferralForm": ("guest-refer", "guest", "night_lead", {"target": "halte", "same_day": "on"}),
    "OutcomeForm": ("guest-referral-outcome", ("barred", "referral"), "night_lead", {"outcome": "arrived"}),
    "RefusalOutcomeForm": ("refusal-outcome", "refusal", "night_lead", {"outcome": "arrived"}),
    "BelongingForm": (
        "belongings",
        None,
        "night_lead",
        {"kind": "luggage", "number": "8", "guest": "#number", "what": "x", "until": TOMORROW},
    ),
    "OutingForm": ("outing-go", "here", "night_lead", {"kind": "work", "back_at": "23:30"}),
    "KeepForServiceForm": ("board-keep", "bed", "night_lead", {"service": "first_call"}),
    "IncidentForm": (
        "incident-new",
        None,
        "night_lead",
        {
            "kind": "theft",
            "severity": "2",
            "place": "dormitory",
            "dormitory": "#dormitory",
            "at": "19:30",
            "involved": "#number",
            "harmed": "",
            "witnesses": "",
            "account": "x",
            "measures": "talked",
            "police": "on",
            "ambulance": "on",
            "follow_up": "x",
        },
    ),
    "HandoverForm": ("handover", None, "night_lead", {"words": "x"}),
    "TaskForm": ("task-new", None, "night_lead", {"what": "x"}),
    "WishForm": ("my-wish", None, "coordinator", {"night": "2026-12-01", "is_on": "no", "weight": "1"}),
    "LeaveForm": ("my-leave", None, "coordinator", {"first_day": "2026-12-01", "last_day": "2026-12-03"}),
    "ProposeForm": (
        "rota-propose",
        None,
        "coordinator",
        {"first_day": "2026-11-23", "last_day": "2026-11-29", "seconds": "20"},
    ),
    "WorkedForm": (
        "rota-worked",
        "given",
        "coordinator",
        {"starts": "18:30", "ends": "00:45", "break_minutes": "0", "note": "x"},
    ),
    "ReasonForm": ("rota-publish", "rota_plan", "coordinator", {"reason": "x"}),
    "SetAsideForm": (
        "rota-set-aside",
        "rota_worker",
        "coordinator",
        {"rule": "weekly_rest", "day": "2026-11-23", "reason": "x"},
    ),
    "PricesForm": ("rota-prices", None, "coordinator", {key: "7" for key in PRICES}),
    "EmployForm": (
        "rota-people",
        None,
        "coordinator",
        {
            "person": "#coordinator",
            "organisation": "#organisation",
            "kind": "employee",
            "hours": "20",
            "reference": "month",
            "is_night_worker": "on",
            "is_under_strain": "on",
            "first_day": "2026-12-01",
            "last_day": "2026-12-31",
        },
    ),
    "LastDayForm": ("rota-end-employment", "rota_employment", "coordinator", {"last_day": "2026-12-31"}),
    "QualifyForm": (
        "rota-qualify",
        "rota_worker",
        "coordinator",
        {"skill": "#helper", "first_day": "2026-12-01", "last_day": "2026-12-31", "proof": "x"},
    ),
    "AbsenceForm": (
        "rota-absence",
        "rota_worker",
        "coordinator",
        {
            "kind": "training",
            "first_day": "2026-12-01",
            "last_day": "2026-12-01",
            "starts": "08:00",
            "ends": "12:00",
        },
    ),
    "TermForm": (
        "rota-terms",
        None,
        "coordinator",
        {
            "key": "day_most",
            "organisation": "#organisation",
            "value": "540",
            "first_day": "2026-12-01",
            "source": "x",
            "confirmed_by": "x",
        },
    ),
    "KindForm": (
        "rota-kind",
        "rota_kind",
        "coordinator",
        {
            "name": "Soir",
            "letter": "S",
            "starts": "18:00",
            "ends": "00:30",
            "break_minutes": "0",
            "first_night": "2026-11-01",
            "last_night": "2027-04-15",
        },
    ),
    "SkillForm": (
        "rota-skill",
        None,
        "coordinator",
        {"code": "nurse", "name": "x", "is_duty": "on", "for_volunteers": "on"},
    ),
    "MixForm": (
        "rota-mix",
        None,
        "coordinator",
        {"skill": "#helper", "least": "1", "first_night": "2026-12-01", "last_night": "2026-12-31"},
    ),
    "LayOutForm": ("rota-lay-out", None, "coordinator", {"first_night": TOMORROW, "last_night": TOMORROW}),
    "DemandForm": ("rota-demand", ("shift", "skill"), "coordinator", {"minimum": "3"}),
    "InviteForm": (
        "rota-invite",
        None,
        "coordinator",
        {"organisation": "#organisation", "last_day": "2026-12-31"},
    ),
    "SignUpForm": (
        "volunteer",
        "invited",
        None,
        {
            "name": "Kim",
            "email": "kim@example.org",
            "speaks": "fr",
            "brings": "arabic",
            "places": "#open_place",
        },
    ),
    "RangeForm": (
        "report-note",
        None,
        "coordinator",
        {"first": TONIGHT.isoformat(), "last": TONIGHT.isoformat()},
    ),
    "WeatherForm": (
        "report-weather",
        None,
        "coordinator",
        {"night": "2026-11-20", "minimum": "-3.5", "wet": "yes", "source": "x", "file": ""},
    ),
    "RemarkForm": ("report-remark", "report_period", "coordinator", {"text": "Le bus."}),
    "RecipientForm": (
        "report-recipients",
        None,
        "coordinator",
        {
            "kind": "weekly",
            "name": "Kim",
            "duty": "x",
            "email": "kim@example.org",
            "language": "fr",
            "by_link": "on",
        },
    ),
    "SubscribeForm": ("report-subscribe", None, "coordinator", {"kinds": "weekly"}),
}
FORMS = {
    name: form
    for module in (
        shelter.web.forms,
        shelter.rota.web.forms,
        intake.web.forms,
        intake.web.night_forms,
        reporting.web.forms,
    )
    for name, form in getmembers(module, isclass)
    if issubclass(form, forms.Form)
    and form.__module__ == module.__name__
    and name not in {"SignInForm", "NoAnswers", "VerifyForm"}
}
# What pages read beside their forms: the fields to be tried after what goes with them.
NEW = {"name": "Pic", "sleeps": "men"}
BESIDE = {
    "signing in": ("sign-in", None, None, {"username": "admin", "password": "x", "next": "/"}, 0),
    "language": ("language", None, None, {"language": "fr", "next": "/help/"}, 0),
    "theme": ("theme", None, None, {"theme": "dark", "next": "/help/"}, 0),
    "new": ("guest-new", None, "night_lead", NEW | {"from": "desk", "is_new": "yes"}, 2),
    "change": ("guest-change", "guest", "night_lead", {"sleeps": "men", "name": "Pic"}, 1),
    "undo": ("door-undo", None, "night_lead", {"entry": "#entry", "next": "board"}, 0),
    "move": ("board-move", "here", "night_lead", {"bed": "#bed", "override_reason": "x"}, 0),
    "morning": ("morning", None, "night_lead", {"goes-1": "on", "exception-1": "never_here"}, 0),
    "end a role": ("team-person", "person", "admin", {"verb": "end_role", "membership": "1"}, 0),
    "password": ("team-person", "person", "admin", {"verb": "password", "password": PASSWORD}, 1),
    "address": ("team-person", "person", "admin", {"verb": "address", "email": "a@example.org"}, 1),
    "revoke": ("team-person", "person", "admin", {"verb": "revoke", "token": "1"}, 1),
    "issue": ("team-person", "person", "admin", {"verb": "issue", "device": "tablet"}, 1),
    "keep apart": ("guest-keep-apart", "barred", "night_lead", {"other": "#number"}, 0),
    "unmerge": ("guest-unmerge", ("barred", "merge"), "coordinator", {"other": "x"}, 0),
    "begin a round": ("round", None, "night_lead", {"kind": "census"}, 0),
    "look into a bed": ("round-mark", ("round", "bed"), "night_lead", {"seen": "there"}, 0),
    "come in": ("outing-back", "outing", "night_lead", {"next": "door"}, 0),
    "read points": ("handover-acknowledge", None, "night_lead", {"item": "#item"}, 0),
    "numbers": ("tallies", None, "coordinator", {"suppers": "9", "nurse": "1"}, 0),
    "a printed line": (
        "sheet",
        "sheet",
        "night_lead",
        {"came-2": "on", "at-2": "20:10", "bed-2": "MA4", "counted": "3"},
        0,
    ),
    "a blank line": (
        "sheet",
        "sheet",
        "night_lead",
        {"came-9": "on", "at-9": "20:10", "bed-9": "MA4", "name-9": "Pic", "sleeps-9": "men"},
        0,
    ),
    "a plan": ("plan", None, "night_lead", {"all": "yes"}, 0),
    "planned beds": ("plan-apply", None, "night_lead", {"number": "#planned", "plan": "#plan"}, 0),
    "fix a bed": ("plan-pin", None, "night_lead", {"number": "#planned", "bed": "#bed", "plan": "#plan"}, 0),
    "no longer": ("plan-pin", None, "night_lead", {"number": "#planned", "off": "yes"}, 0),
    "swap beds": ("plan-swap", None, "night_lead", {"one": "#planned", "other": "#also_planned"}, 0),
    "a review": ("phrase-review", "language", "coordinator", {"reviewed": "yes"}, 0),
    "seen safe": ("roll-call-seen", "roll_call", "night_lead", {"seen": "#here"}, 0),
    "a shift": (
        "rota-cell",
        ("rota_worker", "rota_day"),
        "coordinator",
        {"letter": "N", "week": "2026-11-23"},
        0,
    ),
    "a week again": ("rota-copy", None, "coordinator", {"week": "2026-11-23", "weeks": "1"}, 0),
    "a free shift": ("my-take", "open_shift", "night_lead", {"next": "x"}, 0),
    "no calendar": ("my-calendar", None, "night_lead", {"revoke": "yes"}, 0),
    "stop looking": ("rota-proposal", "proposal", "coordinator", {"stop": "yes"}, 0),
    "a report made": ("report-make", "report_period", "coordinator", {"next": "x"}, 0),
    "a report approved": ("report-approve", "report_waiting", "coordinator", {"next": "x"}, 0),
    "no more reports": ("report-recipient-end", "report_recipient", "coordinator", {"next": "x"}, 0),
    "a report again": ("report-send-again", "report_delivery", "coordinator", {"next": "x"}, 0),
    "a report back": ("report-came-back", "report_delivery", "coordinator", {"next": "x"}, 0),
    "as planned": ("rota-register", None, "coordinator", {"of": "HUT", "month": "2026-11-01"}, 0),
    "cannot come": ("rota-absent", ("rota_worker", "rota_day"), "coordinator", {"next": "x"}, 0),
    "offer a shift": ("rota-offer", ("shift", "skill"), "coordinator", {"next": "x"}, 0),
    "a call": ("rota-call", ("open_shift", "rota_worker"), "coordinator", {"answer": "no"}, 0),
    "leave answered": ("rota-leave", "leave", "coordinator", {"grant": "yes"}, 0),
    "a swap decided": ("rota-swap", "swap", "coordinator", {"verb": "approve"}, 0),
    "a swap asked for": ("my-swap", "given", "night_lead", {"with": "p1"}, 0),
    "a swap answered": ("my-swap-answer", "swap", "night_lead", {"verb": "agree"}, 0),
    "a way done": ("rota-carry-out", None, "coordinator", {"step": "#give", "reason": "x"}, 0),
    "a team's calendar": ("rota-team-calendar", "rota_team", "coordinator", {"revoke": "yes"}, 0),
    "back from leave": ("rota-end-absence", "absence", "coordinator", {"next": "x"}, 0),
    "no mix": ("rota-end-mix", "mix_rule", "coordinator", {"next": "x"}, 0),
    "no more volunteers": ("rota-end-invitation", "invitation", "coordinator", {"next": "x"}, 0),
    "a volunteer": ("rota-offer-to-help", "offer", "coordinator", {"confirm": "yes"}, 0),
    "a volunteer away": ("volunteer-shifts", "own_secret", None, {"shift": "#own_row"}, 0),
    "drop a draft": ("rota-drop", "rota_plan", "coordinator", {"next": "x"}, 0),
}
ANSWERED_AT_ONCE = ("InviteForm", "SignUpForm")  # with what is shown once, and with thanks
BESIDE_FORMS = {name: list(answers)[first:] for name, (*_where, answers, first) in BESIDE.items()}
WRITES = PAGES | {name: tuple(where) for name, (*where, _first) in BESIDE.items()}


@pytest.fixture
def send(client_as, things):
    """Sends a page's form; `send("undo", {"entry": "7"})`."""
    browsers = {None: Client(), **{role: client_as(role) for role in ("coordinator", "admin", "night_lead")}}

    def sending(name, data):
        address, of, role, _answers = WRITES[name]
        return browsers[role].post(reverse(address, args=args_of(of, things)), data)

    return sending


def test_every_form_and_every_field_of_the_pages_is_tried(db):
    fields = {name: set(form().fields) for name, form in FORMS.items()}

    tried_fields = {name: set(answers) - {"verb"} for name, (_a, _o, _r, answers) in PAGES.items()}
    assert fields == tried_fields


@pytest.mark.parametrize("name", WRITES)
def test_bad_input_by_page_is_refused_and_nothing_is_lost(things, send, tried, name):
    answers = filled(WRITES[name][3], things)

    read = FORMS[name].base_fields if name in FORMS else dict.fromkeys(BESIDE_FORMS[name], forms.CharField())

    wrong = {
        (field, kind): tried(lambda data=answers | {field: value}: send(name, data))
        for field, shape in read.items()
        if not isinstance(shape, CHOOSING)
        for kind, value in (texts_for(shape) | SEVERAL).items()
    }
    choices = [field for field, shape in read.items() if isinstance(shape, CHOOSING)]
    for kind in FOR_CHOICES:
        data = answers | dict.fromkeys(choices, TEXTS[kind])
        wrong["every choice", kind] = tried(lambda data=data: send(name, data))

    assert {where: what for where, what in wrong.items() if what} == {}


def test_the_answers_that_would_do_do(things, send):
    statuses = {}
    for name in PAGES:
        with house_is_outermost(), taken_back():
            statuses[name] = send(name, filled(PAGES[name][3], things)).status_code

    assert statuses == dict.fromkeys(PAGES, 302) | dict.fromkeys(ANSWERED_AT_ONCE, 200)


@pytest.mark.parametrize(
    ("call", "answers"),
    [
        ("apply", {"numbers": ["#planned"], "plan": "#plan"}),
        ("pin", {"number": "#planned", "pinned": True, "plan": "#plan"}),
        ("swap", {"one": "#planned", "other": "#also_planned", "plan": "#plan"}),
    ],
)
def test_what_is_wrongly_asked_of_a_plan_by_api_is_refused(things, api_as, tried, call, answers):
    client, path = api_as("night_lead"), reverse(f"api:plan-{call}", args=[TONIGHT])
    whole = filled(answers, things)

    wrong = {
        (field, kind): tried(lambda body=whole | {field: value}: client.post(path, body, format="json"))
        for field in answers
        for kind, value in (THINGS | {"a text": "x", "nobody": 2**62}).items()
    }

    assert {where: what for where, what in wrong.items() if what} == {}
    with house_is_outermost(), taken_back():
        assert client.post(path, whole, format="json").status_code == 200


@pytest.mark.parametrize(
    "field", ["night", "closed", "opened", "at_most", "men", "women", "family", "lifted"]
)
def test_what_is_wrongly_supposed_is_answered_in_words(client_as, night, tried, field):
    browser, told = client_as("night_lead"), {"night": f"{TONIGHT}", "men": "1"}

    wrong = {
        kind: tried(lambda text=text: browser.get(reverse("what-if"), told | {field: text}))
        for kind, text in (TEXTS | SEVERAL).items()
        if len(text) < 10_000  # no address is longer
    }

    assert {kind: what for kind, what in wrong.items() if what} == {}


def test_a_form_of_three_megabytes_is_refused(things, send, tried, expected_errors):
    data = filled(PAGES["RefusalForm"][3], things) | {"description": "a" * 3_000_000}

    assert tried(lambda: send("RefusalForm", data)) is None
    assert {record.name for record in expected_errors} == {"django.security.RequestDataTooBig"}


def test_what_would_grow_longer_than_it_is_kept_is_refused(things, house, send, tried):
    edges = ",".join(map(str, range(1, 44)))  # a blank after each comma, and it no longer fits
    full = housekeeping.add_beds(
        dormitory=house.dormitories["MA"],
        beds=[Bed(label="ABCDEFGH-999")],
        first_night=TONIGHT,
        by=BUILDER,
    )
    answers = {name: filled(PAGES[name][3], things) for name in ("SettingForm", "AddBedsForm")}

    with house_is_outermost():
        setting = send("SettingForm", answers["SettingForm"] | {"value": edges})
        label = send("AddBedsForm", answers["AddBedsForm"] | {"code": "ABCDEFGH", "layer": "nominal"})

    assert (len(full), setting.status_code, label.status_code) == (1, 422, 422)


# What is accepted comes back escaped.

WRITTEN = (
    ("guest-new", None, "night_lead", NEW | dict.fromkeys(("name", "family_name", "known_as"), MARKUP)),
    ("door-refuse", None, "night_lead", {"reason": "other", "description": MARKUP}),
    ("board-close", "bed", "night_lead", {"reason": "pests", "note": MARKUP}),
    ("door-check-in", "guest", "night_lead", {"bed": "#wrong", "override_reason": MARKUP}),
    ("night-step", "night", "coordinator", {"to": "open", "reason": MARKUP}),
    ("season", None, "coordinator", PAGES["PeriodForm"][3] | {"reason": MARKUP}),
    ("settings", None, "coordinator", PAGES["SettingForm"][3] | {"reason": MARKUP}),
    (
        "house-activate",
        None,
        "coordinator",
        PAGES["ActivationForm"][3] | {"reason": MARKUP, "approval": MARKUP},
    ),
    ("house-add", None, "coordinator", PAGES["AddBedsForm"][3] | {"code": "<b>", "name": MARKUP}),
    (
        "team",
        None,
        "admin",
        PAGES["PersonForm"][3] | {"name": MARKUP, "username": "<b>x", "organisation": "<b>hi</b>"},
    ),
    ("team-person", "person", "admin", {"verb": "issue", "device": MARKUP}),
)
SHOWN = (
    ("door", None, "night_lead", ""),
    ("door", None, "night_lead", "?q=script"),
    ("desk", None, "night_lead", "?q=script"),
    ("search", None, "night_lead", "?q=script"),
    ("look-alikes", None, "night_lead", f"?name={MARKUP}"),
    ("guest-new", None, "night_lead", f"?name={MARKUP}&from={MARKUP}"),
    ("guest", "written", "night_lead", ""),
    ("guest-change", "written", "night_lead", ""),
    ("door-guest", "written", "night_lead", ""),
    ("door-refuse", None, "night_lead", "?guest=#written"),
    ("board", None, "night_lead", "?place=#written"),
    ("board-bed", "bed", "night_lead", ""),
    ("presence", None, "night_lead", ""),
    ("morning", None, "night_lead", ""),
    ("night-log", "night", "coordinator", ""),
    ("house", None, "coordinator", ""),
    ("settings", None, "coordinator", ""),
    ("team", None, "admin", ""),
    ("team-person", "person", "admin", ""),
)


def test_markup_that_was_accepted_comes_back_escaped(things, house, send, client_as):
    browsers = {role: client_as(role) for role in ("coordinator", "admin", "night_lead")}
    things |= {"wrong": house.beds["WO1"].pk}

    def path(address, of):
        return reverse(address, args=[] if of is None else [TONIGHT if of == "night" else things[of]])

    with house_is_outermost():
        statuses = [
            browsers[role].post(path(name, of), filled(data, things)).status_code
            for name, of, role, data in WRITTEN[:4]
        ]
        things["written"] = Guest.objects.latest("pk").pk
        bed = {"bed": house.beds["MA4"].pk}
        statuses.append(browsers["night_lead"].post(path("door-check-in", "written"), bed).status_code)
        pages = [
            browsers[role].get(path(name, of) + query.replace("#written", str(things["written"])))
            for name, of, role, query in SHOWN[:14]
        ]
        statuses += [
            browsers[role].post(path(name, of), filled(data, things)).status_code
            for name, of, role, data in WRITTEN[4:]
        ]
        pages += [browsers[role].get(path(name, of) + query) for name, of, role, query in SHOWN[14:]]

    assert statuses == [302] * 11 + [200]
    assert {page.status_code for page in pages} == {200}
    assert [page.request["PATH_INFO"] for page in pages if "<script>alert" in page.content.decode()] == []
    assert [page.request["PATH_INFO"] for page in pages if "<b>" in page.content.decode()] == []
    unseen = [page.request["PATH_INFO"] for page in pages if "&lt;" not in page.content.decode()]
    assert unseen == []


# Questions and addresses.

QUESTIONS = {
    "door": ("night_lead", ["q"]),
    "desk": ("night_lead", ["q", "done"]),
    "search": ("night_lead", ["q"]),
    "board": ("night_lead", ["show", "move", "place"]),
    "door-refuse": ("night_lead", ["guest"]),
    "guest-new": ("night_lead", ["name", "from"]),
    "look-alikes": ("night_lead", ["name", "family_name", "birth_year"]),
    "sign-in": ("worker", ["next"]),
    "api:guests": ("coordinator", ["q"]),
    "api:beds": ("coordinator", ["page", "page_size"]),
    "api:nights": ("coordinator", ["state", "season__name", "date", "date__gte", "page"]),
    "api:bed-offers": ("coordinator", ["guest"]),
    "api:docs": ("coordinator", ["script", "lang", "version"]),
    "phrases": ("night_lead", ["language", "bed"]),
    "incident-new": ("night_lead", ["guest"]),
    "belongings": ("night_lead", ["guest"]),
    "cards-pdf": ("night_lead", ["guest"]),
    "api:incidents": ("coordinator", ["page", "page_size"]),
    "api:belongings": ("coordinator", ["page", "page_size"]),
    "rota": ("coordinator", ["week", "weeks"]),
    "rota-register": ("coordinator", ["of", "month"]),
    "api:rota-shifts": ("coordinator", ["night__date", "template__code", "page"]),
    "api:rota-assignments": ("coordinator", ["person", "plan", "stands", "page"]),
    "api:rota-absences": ("coordinator", ["person", "kind", "start__lte"]),
    "api:rota-wishes": ("coordinator", ["night", "person"]),
    "api:rota-plans": ("coordinator", ["state", "organisation__code"]),
    "api:rota-swaps": ("coordinator", ["state"]),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_that_means_nothing_breaks_nothing(things, client_as, name):
    role, asked = QUESTIONS[name]
    browser = client_as(role)
    path = reverse(name, args=[TONIGHT] if name == "api:bed-offers" else [])
    texts = TEXTS | {"not UTF-8": b"\xff\xfe"}

    told = {kind: browser.get(path, dict.fromkeys(asked, text)).status_code for kind, text in texts.items()}

    assert {kind: status for kind, status in told.items() if status not in {200, 302, 400, 404}} == {}


IDS = (0, 2**31, 2**63, 10**30)
NO_DAYS = ("2026-02-31", "0000-00-00", "0001-01-01", "9999-12-31", "٢٠٢٦-١١-٢١")
DATES = (*NO_DAYS, "2026-07-14")
NAMES_NOTHING = {"night": DATES, "day": NO_DAYS, "language": ("zz", "FR", "x" * 300)}
NAMES_NOTHING |= {"skill": ("zz", "x" * 300), "secret": ("zz", "x" * 300)}
NAMES_NOTHING |= {
    "organisation": ("zz", "x" * 300),
    "month": NO_DAYS,
    "kind": ("doc", "x" * 300),
    "code": ("zz", "x" * 300),
    "identity": ("00000000-0000-4000-8000-000000000000",),
}
STANDS_FOR = {"pk": 7, "night": "tonight"}
# What would do in the forms of addresses that name several things.
WOULD_DO = {
    "reason": "x", "notice_in": "fr", "admitted": "yes", "risk_note": "x", "why": "lost", "outcome": "arrived",
    "seen": "there", "reviewed": "yes", "service": "police", "answer": "no",
}  # fmt: skip
VALID_SOMEWHERE = {
    name: value
    for _address, _of, _verb, answers in SHAPES.values()
    for name, value in answers.items()
    if not str(value).startswith("#")
}


def test_an_address_that_names_nothing_leads_nowhere_for_every_verb(things, client_as, api_as):
    browsers, program = {role: client_as(role) for role in Role}, api_as("coordinator")
    told = {}
    for name, pattern in ROUTES.items():
        real = things["addresses"].get(name, STANDS_FOR)
        for kind in pattern.pattern.converters:
            others = {other: real[other] for other in pattern.pattern.converters}
            for value in NAMES_NOTHING.get(kind, IDS):
                path = reverse(name, kwargs=others | {kind: value})
                for verb, allowed in declared()[name].items():
                    if name.startswith("api:"):
                        answer = _write(program, verb, path)
                    else:
                        data = WOULD_DO if verb == "POST" else {}
                        browser = browsers.get(min(allowed)) or Client()  # none for what is public
                        answer = getattr(browser, verb.lower())(path, data)
                    told[name, verb, kind, value] = answer.status_code

    pages = {where: status for where, status in told.items() if not where[0].startswith("api:")}
    assert {where: status for where, status in pages.items() if status != 404} == {}
    assert {where: status for where, status in told.items() if status not in {400, 404}} == {}


def _write(program, verb, path):
    """Sends what would do at some address, so that nothing but the address is wrong."""
    body, headers = json.dumps(VALID_SOMEWHERE), {"Idempotency-Key": uuid4().hex}
    return program.generic(verb, path, body, content_type="application/json", headers=headers)


def test_headers_and_cookies_that_mean_nothing_break_nothing(things, client_as):
    headers = {
        "Accept-Language": "zz-ZZ;q=yes, \x00, *;q=9" + "a" * 10_000,
        "HX-Request": "true",
        "HX-Target": MARKUP,
        "HX-Current-URL": "javascript:alert('x')",
        "User-Agent": "a" * 10_000,
        "Referer": MARKUP,
    }
    cookies = {"sessionid": "'\"", "django_language": MARKUP, "theme": MARKUP, "csrftoken": "\x01"}
    browser, stranger = client_as("night_lead"), Client()
    for name in ("django_language", "theme", "csrftoken"):
        browser.cookies[name] = cookies[name]
    for name, value in cookies.items():
        stranger.cookies[name] = value

    pages = [browser.get(reverse("door"), headers=headers), stranger.get(reverse("help"), headers=headers)]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page.content.decode().count(MARKUP) for page in pages] == [0, 0]


# What is written down at night comes back escaped, too.

WRITTEN_AT_NIGHT = (
    ("task-new", None, {"what": MARKUP}),
    ("incident-new", None, {"kind": "theft", "severity": "1", "place": "bus"} | dict.fromkeys(
        ("account", "follow_up"), MARKUP)),
    ("handover", None, {"words": MARKUP}),
    ("belongings", None, {"kind": "pet", "number": "<b>", "guest": "#number", "what": MARKUP}),
    ("guest-exclude", "guest", PAGES["ExclusionForm"][3]
        | {"advice": MARKUP, "seconded_by": "#lead", "incident": ""}),
    ("guest-cold-decision", ("barred", "exclusion"), {"admitted": "no", "risk_note": MARKUP}),
    ("guest-exclusion-lift", ("barred", "exclusion"), {"reason": MARKUP}),
    ("cold", None, {"first_night": TOMORROW, "last_night": TOMORROW, "reason": MARKUP}),
)  # fmt: skip
SHOWN_AT_NIGHT = (
    ("handover", None, ""),
    ("incidents", None, ""),
    ("incident-new", None, f"?guest={MARKUP[:9]}"),
    ("belongings", None, ""),
    ("guest", "guest", ""),
    ("guest", "barred", ""),
    ("door-guest", "guest", ""),
    ("cold", None, ""),
    ("phrases", None, f"?bed={MARKUP}"),
)


def test_markup_written_at_night_comes_back_escaped(things, client_as):
    browser = client_as("coordinator")

    with house_is_outermost():
        statuses = [
            browser.post(reverse(name, args=args_of(of, things)), filled(data, things)).status_code
            for name, of, data in WRITTEN_AT_NIGHT
        ]
        refused = browser.post(
            reverse("sheet", args=[things["sheet"]]), {"name-9": MARKUP, "at-9": MARKUP, "counted": MARKUP}
        )
        pages = [
            browser.get(reverse(name, args=args_of(of, things)) + query) for name, of, query in SHOWN_AT_NIGHT
        ]

    pages.append(refused)
    told = [page.content.decode() for page in pages]
    assert statuses == [302] * len(WRITTEN_AT_NIGHT)
    assert [page.status_code for page in pages] == [200] * len(SHOWN_AT_NIGHT) + [409]
    assert [page.count("<script>alert") + page.count("<b>") for page in told] == [0] * len(pages)
    assert [("&lt;" in page) for page in told] == [True] * len(pages)
