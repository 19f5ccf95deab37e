"""The pages of the reports as the ministry sees them: what is out, nobody counted closer than in the reports."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation

from reporting import paper, tasks
from reporting.actions import noting, scheduling, sending
from reporting.models import Paper, Period, Recipient, Report
from reporting.telling import saying
from shelter.actions import team
from tests.conftest import BUILDER
from tests.reporting.conftest import NIGHT, WEEK

MORNING = "2026-11-17 09:30"
KEY = NIGHT.isoformat()


@pytest.fixture(autouse=True)
def short_papers(monkeypatch):
    monkeypatch.setattr(paper, "report_pdf", lambda _data, digest, language: f"{language} {digest}".encode())


@pytest.fixture
def ministry(winter, lived, tick_at, client_as):
    """Somebody of the ministry, on the morning after a night of twelve men and three women."""
    lived(NIGHT, women=3, state="definitive")
    tick_at(MORNING)
    return client_as("ministry")


def period():
    return Period.objects.get(kind="flash", key=KEY)


def test_people_are_told_in_tens():
    with translation.override("en"):
        told = [saying.about(number) for number in (0, 1, 9, 10, 14, 16, 1_234)]

    assert told[0] == "0"
    assert [text.split()[-1] for text in told[1:]] == ["10", "10", "10", "10", "20", "1,230"]
    assert ["≈" in text for text in told] == [False, False, False, True, True, True, True]


def test_the_portal_counts_nobody_closer_than_the_reports(ministry):
    page = ministry.get(reverse("reports"))

    assert page.context["people"] == saying.about(15)
    assert "never here before" not in page.content.decode()


def test_a_period_leads_to_the_revision_that_may_be_read(ministry, client_as, by, clock_at):
    """While a remark makes the next revision, what was sent stays at the address of its period."""
    noting.write_remark(period=period(), text="The bus was late.", by=by("coordinator"))
    tasks.scheduling.want_due()
    assert Report.objects.get(period=period(), revision=2).state == "wanted"

    first = Report.objects.get(period=period(), revision=1)
    for role in ("ministry", "coordinator"):
        assert client_as(role).get(reverse("report-period", args=[period().pk])).url == reverse(
            "report", args=[first.pk]
        )


def test_a_note_that_waits_is_on_its_way_for_the_ministry(ministry, client_as, by):
    note = scheduling.ask_for_note(first=NIGHT, last=NIGHT, by=by("ministry"))
    tasks.tick()
    assert Report.objects.get(pk=note.pk).state == "rendered"
    address = reverse("report-period", args=[note.period_id])

    assert ministry.get(address).status_code == 200
    assert client_as("coordinator").get(address).url == reverse("report", args=[note.pk])


def test_a_revision_that_never_was_out_is_in_no_list_of_the_ministry(ministry, api_as, by, tick_at):
    note = scheduling.ask_for_note(first=NIGHT, last=NIGHT, by=by("coordinator"))
    tick_at("2026-11-17 11:00")
    noting.write_remark(period=note.period, text="As asked.", by=by("coordinator"))
    tick_at("2026-11-17 11:01")
    assert Report.objects.get(pk=note.pk).state == "superseded"

    listed = api_as("ministry").get("/api/v1/reports/", {"period__kind": "note"}).json()["results"]
    seen = api_as("coordinator").get("/api/v1/reports/", {"period__kind": "note"}).json()["results"]
    assert (listed, [row["revision"] for row in seen]) == ([], [2, 1])


def test_a_file_is_known_as_its_own_revision_also_where_the_figures_are_the_same(ministry, by, tick_at):
    """A remark makes a revision whose figures are those of the one before."""
    noting.write_remark(period=period(), text="The bus was late.", by=by("coordinator"))
    tick_at("2026-11-17 09:40", "2026-11-17 09:41")

    for number in (1, 2):
        content = Paper.objects.get(data_set__report__revision=number, form="csv").content
        page = ministry.post(reverse("report-verify"), {"file": BytesIO(bytes(content))})
        assert page.context["found"].data_set.report.revision == number
        assert page.context["latest"].revision == 2


def test_who_holds_a_file_learns_nothing_of_a_revision_that_is_not_out(ministry, by):
    content = bytes(Paper.objects.filter(form="csv").first().content)
    noting.write_remark(period=period(), text="The bus was late.", by=by("coordinator"))

    page = ministry.post(reverse("report-verify"), {"file": BytesIO(content)})
    assert page.context["latest"].revision == 1


def test_whoever_has_an_address_can_subscribe_and_nothing_is_kept_by_half(ministry, client_as, people):
    """The administration enters the address; a kind that somebody else had entered for it keeps the others out."""
    me, address = people["ministry"], reverse("report-subscribe")
    assert ministry.post(address, {"kinds": ["weekly"]}).status_code == 422

    client_as("admin").post(
        reverse("team-person", args=[me.pk]), {"verb": "address", "email": " Kim@Ministry.example "}
    )
    sending.add_recipient(kind="weekly", name="Kim", email="kim@ministry.example", language="fr", by=BUILDER)
    assert ministry.post(address, {"kinds": ["flash", "weekly"]}).status_code == 422
    assert not Recipient.objects.filter(person=me).exists()

    assert ministry.post(address, {"kinds": ["flash", "monthly"]}).status_code == 302
    mine = Recipient.objects.filter(person=me).values_list("kind", "email")
    assert sorted(mine) == [("flash", "kim@ministry.example"), ("monthly", "kim@ministry.example")]


@pytest.mark.parametrize("ending", ["the account", "the role"])
def test_whoever_may_read_no_reports_any_more_receives_none(ministry, people, tick_at, ending):
    me = people["ministry"]
    team.change_person(person=me, email="kim@ministry.example", by=BUILDER)
    ministry.post(reverse("report-subscribe"), {"kinds": ["flash"]})
    tick_at("2026-11-17 09:50")
    assert Recipient.objects.get(person=me).ended_at is None

    if ending == "the account":
        team.change_person(person=me, is_active=False, by=BUILDER)
    else:
        for membership in me.memberships.all():
            team.end_role(membership=membership, last_day=NIGHT, by=BUILDER)
    tick_at("2026-11-18 09:30")
    assert Recipient.objects.get(person=me).ended_at is not None


def test_a_new_address_is_taken_over_when_the_choice_is_saved_again(ministry, people):
    me, address = people["ministry"], reverse("report-subscribe")
    for email in ("kim@ministry.example", "kim@new.example"):
        team.change_person(person=me, email=email, by=BUILDER)
        ministry.post(address, {"kinds": ["flash"]})

    standing = Recipient.objects.filter(person=me, ended_at=None).values_list("email", flat=True)
    assert list(standing) == ["kim@new.example"]


def test_an_address_that_is_none_is_refused(people, client_as):
    me = people["ministry"]
    team.change_person(person=me, email="kim@ministry.example", by=BUILDER)

    answer = client_as("admin").post(
        reverse("team-person", args=[me.pk]), {"verb": "address", "email": "kim at home"}
    )

    me.refresh_from_db()
    assert (answer.status_code >= 400, me.email) == (True, "kim@ministry.example")


def test_more_lines_of_weather_than_can_be_read_are_refused(ministry, client_as):
    lines = "\n".join(f"{WEEK[0]};1,0;" for _line in range(401))

    page = client_as("coordinator").post(
        reverse("report-weather"), {"source": "x", "file": BytesIO(lines.encode())}
    )
    assert page.status_code == 422
    assert "401" in page.content.decode()
