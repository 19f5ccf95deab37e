"""Every page of the house: where it is, who looks at it, and what is done to bring it about."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.actions.paper import print_sheet
from reporting.models import Period, Report
from shelter.models import Bed


@dataclass(frozen=True)
class Sight:
    """One page as somebody sees it; `touch` when it is meant for fingers at the door."""

    name: str
    role: str | None
    address: Callable
    then: Callable = lambda page: None
    touch: bool = True

    def look(self, page, evening):
        """Go there with a page of the right colleague."""
        page.goto(self.address(evening))
        self.then(page)

    def __str__(self):
        return self.name


def at(address):
    return lambda evening: address


def panel_of(family_name):
    return lambda evening: f"/door/guests/{evening.guest(family_name).pk}/"


def guest_of(family_name, more=""):
    return lambda evening: f"/guests/{evening.guest(family_name).pk}/{more}"


def report_of(kind):
    return lambda evening: f"/reports/{Report.objects.get(period__kind=kind).pk}/"


def period_of(kind):
    """A period of tonight without a report."""
    return lambda evening: (
        f"/reports/periods/{Period.objects.get(kind=kind, nights__date=evening.TONIGHT).pk}/"
    )


def bed(label):
    return lambda evening: f"/board/beds/{Bed.objects.get(label=label).pk}/"


def moving(family_name):
    return lambda evening: f"/board/?move={evening.bed_night(family_name).pk}"


def sent(*, form="main form[method=post]", **answers):
    """Fill a form of the page by the names of its fields and send it, whatever the browser thinks of it."""

    def then(page):
        unfolded(page)
        for name, value in answers.items():
            field = page.locator(f"{form} [name='{name}']")
            if field.first.get_attribute("type") == "radio":
                page.locator(f"{form} [name='{name}'][value='{value}']").check()
            else:
                field.fill(value)
        with page.expect_navigation():
            page.locator(form).last.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")

    return then


def refused(page):
    page.locator("#panel button.main").click()
    page.locator("#panel [role=alert]").wait_for()


def unfolded(page):
    """Every part that opens stands open."""
    page.locator("main details:not([open])").evaluate_all("all => all.forEach(it => it.open = true)")


def with_the_menu(page):
    page.locator(".menu > summary").click()


def with_the_undo_bar(page):
    page.locator("#panel button.main").click()
    page.locator(".undo").wait_for()


def typed(text):
    def then(page):
        page.keyboard.type(text)
        page.locator("#found .people, #hits .people, #list h2").first.wait_for()

    return then


def tapped(*buttons):
    """Press one after the other, named as selectors as pages speak four languages, and wait for what comes."""

    def then(page):
        for button in buttons:
            with page.expect_navigation():
                page.locator(button).first.click()

    return then


def in_the_grid(page):
    page.locator("td[data-mine=yes] > a").first.click()
    page.locator("#cell-name").wait_for()


def ways_to_fill(page):
    tapped("td.cover a")(page)
    page.locator("#ways a").click()
    page.locator("#smallest").wait_for()


def somebody_away(page):
    """Two days at once, so that there is more than one place to fill."""
    page.locator("td[data-mine=yes]:not([data-letters='']) > a").first.click()
    page.locator("#days-away").select_option("5")
    with page.expect_navigation():
        page.locator("#cell button.stop").click()


def sheet(evening):
    """A sheet printed tonight, to be entered."""
    printed = print_sheet(night=evening.tonight(), by=evening.BUILDER)
    return f"/night/paper/{printed.pk}/"


PLAN_IT = "form[action='/plan/'] button"
FIELD, WORKER, LEAD = "field_worker", "night_worker", "night_lead"
COORDINATOR, ADMIN, NURSE, MINISTRY = "coordinator", "admin", "nurse", "ministry"
VOLUNTEER = "volunteer"

SIGHTS = (
    Sight("sign-in", None, at("/sign-in/")),
    Sight("sign-in refused", None, at("/sign-in/"), sent(username="night", password="wrong")),
    Sight("menu", WORKER, at("/help/"), with_the_menu, touch=False),
    Sight("desk", FIELD, at("/desk/")),
    Sight("desk, searching", FIELD, at("/desk/"), typed("pic")),
    Sight("desk, somebody registered", FIELD, lambda evening: f"/desk/?done={evening.guest('Picc').pk}"),
    Sight("door", WORKER, at("/door/"), unfolded),
    Sight("door, found", WORKER, at("/door/?q=moine")),
    Sight("door, not found", WORKER, at("/door/?q=qqqq")),
    Sight("door, expected", WORKER, panel_of("Linotte"), unfolded),
    Sight("door, here", WORKER, panel_of("Asfour")),
    Sight("door, to talk over", WORKER, panel_of("Tordo"), unfolded),
    Sight("door, refused", WORKER, panel_of("Zeisig"), refused),
    Sight("door, refused to a lead", LEAD, panel_of("Zeisig"), refused),
    Sight("door, undo", WORKER, panel_of("Linotte"), with_the_undo_bar),
    Sight("refuse", WORKER, at("/door/refuse/")),
    Sight("refuse, somebody known", WORKER, lambda evening: f"/door/refuse/?guest={evening.guest('Sel').pk}"),
    Sight("refuse, no reason", WORKER, at("/door/refuse/"), sent()),
    Sight("new guest", FIELD, at("/guests/new/?from=desk"), unfolded),
    Sight("new guest, errors", FIELD, at("/guests/new/?from=desk"), sent(birth_year="3000")),
    Sight("same person", FIELD, at("/guests/new/?from=desk"), sent(name="Jose Pardal", sleeps="men")),
    Sight("guest", WORKER, guest_of("Rossignol de la Haute-Futaie")),
    Sight("guest, to the nurse", NURSE, guest_of("Pardal")),
    Sight("guest, changed", FIELD, guest_of("Pardal", "change/"), unfolded),
    Sight("search", WORKER, at("/search/?q=ali")),
    Sight("board", WORKER, at("/board/")),
    Sight("board, searching", WORKER, at("/board/"), typed("214")),
    Sight("board, free bed", LEAD, bed("A-110"), unfolded),
    Sight("board, taken bed", LEAD, bed("A-103")),
    Sight("board, closed bed", LEAD, bed("B-224")),
    Sight("board, moving", WORKER, moving("Asfour")),
    Sight(
        "board, no reason",
        LEAD,
        bed("A-110"),
        sent(form="#bed-panel form[action*=close]", last_night="2026-11-23"),
    ),
    Sight("morning", LEAD, at("/morning/")),
    Sight("morning, not for workers", WORKER, at("/morning/")),
    Sight("presence", WORKER, at("/presence/")),
    Sight("presence, roll call", WORKER, at("/presence/"), tapped("form[action*=roll-call] button")),
    Sight("guest, to a lead", LEAD, guest_of("Pardal"), unfolded),
    Sight("guest, to the coordinator", COORDINATOR, guest_of("Pardal"), unfolded),
    Sight(
        "guest, wrong exclusion", LEAD, guest_of("Pardal"), sent(form="form[action*=exclude]", first_night="")
    ),
    Sight("night", LEAD, at("/night/")),
    Sight("plan, to a lead", LEAD, at("/plan/")),
    Sight("plan, to a worker", WORKER, at("/plan/")),
    Sight("plan, made", LEAD, at("/plan/"), tapped(PLAN_IT)),
    Sight("plan, fixed", LEAD, at("/plan/"), tapped(PLAN_IT, "form[action='/plan/pin/'] button")),
    Sight("plan, swapping", LEAD, at("/plan/"), tapped(PLAN_IT, "a[href*='swap=']")),
    Sight("what if", LEAD, at("/plan/what-if/"), touch=False),
    Sight(
        "what if, answered", LEAD, at("/plan/what-if/?night=2026-11-22&closed=1&opened=3&men=40"), touch=False
    ),
    Sight("what if, errors", LEAD, at("/plan/what-if/?night=2026-07-14&men=-1"), touch=False),
    Sight("night, to a volunteer", VOLUNTEER, at("/night/")),
    Sight("rounds", WORKER, at("/night/rounds/")),
    Sight("round, walking", WORKER, at("/night/rounds/"), tapped("button[name=kind]")),
    Sight("out and wake-up", WORKER, at("/night/out/")),
    Sight("turned away", WORKER, at("/door/turned-away/")),
    Sight("incidents", LEAD, at("/night/incidents/")),
    Sight("incident", WORKER, at("/night/incidents/new/"), unfolded),
    Sight("incident, errors", WORKER, at("/night/incidents/new/"), sent(involved="nobody")),
    Sight("handover", LEAD, at("/night/handover/")),
    Sight("handover, unread", LEAD, at("/night/handover/"), tapped("form:has(textarea) button")),
    Sight("belongings", WORKER, at("/night/belongings/")),
    Sight("belongings, errors", WORKER, at("/night/belongings/"), sent(number="")),
    Sight("numbers", VOLUNTEER, at("/tallies/")),
    Sight("cold spells", COORDINATOR, at("/cold/"), touch=False),
    Sight(
        "cold spell, declared",
        COORDINATOR,
        at("/cold/"),
        tapped("form:has(#id_forecast) button"),
        touch=False,
    ),
    Sight("paper", WORKER, at("/night/paper/")),
    Sight("paper, a sheet", WORKER, sheet),
    Sight("phrases", WORKER, at("/phrases/")),
    Sight("phrases, right to left", COORDINATOR, at("/phrases/?language=ar")),
    Sight("phrase", WORKER, at("/phrases/?language=ro&bed=A-101#your_bed")),
    Sight("rota", COORDINATOR, at("/rota/?week=2026-11-23"), touch=False),
    Sight("rota, two weeks to a lead", LEAD, at("/rota/?week=2026-11-16&weeks=2"), touch=False),
    Sight("rota, a cell", COORDINATOR, at("/rota/?week=2026-11-23"), in_the_grid, touch=False),
    Sight("rota, a place", COORDINATOR, at("/rota/?week=2026-11-23"), tapped("td.cover a"), touch=False),
    Sight(
        "rota, publishing", COORDINATOR, at("/rota/?week=2026-11-23"), tapped("a[href*=publish]"), touch=False
    ),
    Sight("rota, a month", COORDINATOR, at("/rota/?week=2026-11-23&weeks=month"), touch=False),
    Sight("rota, ways to fill", COORDINATOR, at("/rota/?week=2026-11-23"), ways_to_fill, touch=False),
    Sight("rota, somebody away", COORDINATOR, at("/rota/?week=2026-11-23"), somebody_away, touch=False),
    Sight("rota, nights ahead", LEAD, at("/rota/outlook/"), touch=False),
    Sight("rota, fair shares", COORDINATOR, at("/rota/fairness/"), touch=False),
    Sight("rota, people", COORDINATOR, at("/rota/people/"), touch=False),
    Sight("rota, people wrongly", COORDINATOR, at("/rota/people/"), sent(first_day=""), touch=False),
    Sight("rota, a person", COORDINATOR, at("/rota/people/"), tapped("td a, th a"), touch=False),
    Sight("rota, kinds of shift", COORDINATOR, at("/rota/kinds/"), touch=False),
    Sight("rota, a kind of shift", COORDINATOR, at("/rota/kinds/of/evening/"), touch=False),
    Sight("rota, terms", COORDINATOR, at("/rota/terms/"), touch=False),
    Sight("rota, prices", COORDINATOR, at("/rota/prices/"), touch=False),
    Sight("rota, volunteers", COORDINATOR, at("/rota/volunteers/"), touch=False),
    Sight(
        "rota, a link",
        COORDINATOR,
        at("/rota/volunteers/"),
        tapped("form[action$='invitations/'] button.main"),
        touch=False,
    ),
    Sight("signing up", None, lambda evening: f"/volunteer/{evening.invited()}/"),
    Sight("signing up, errors", None, lambda evening: f"/volunteer/{evening.invited()}/", sent(name="")),
    Sight("a volunteer's shifts", None, lambda evening: f"/volunteer/shifts/{evening.secret()}/"),
    Sight("my share", VOLUNTEER, at("/my-shifts/share/")),
    Sight("rota, proposing", COORDINATOR, at("/rota/proposals/"), touch=False),
    Sight("rota, proposing wrongly", COORDINATOR, at("/rota/proposals/"), sent(first_day=""), touch=False),
    Sight("rota, a proposal", COORDINATOR, at("/rota/proposals/"), tapped("td a"), touch=False),
    Sight(
        "rota, hours worked",
        COORDINATOR,
        at("/rota/register/?of=HUT&month=2026-11-23"),
        unfolded,
        touch=False,
    ),
    Sight("my shifts", "worker", at("/my-shifts/")),
    Sight("my shifts, to a volunteer", VOLUNTEER, at("/my-shifts/")),
    Sight("my shifts, swapping", "worker", at("/my-shifts/"), tapped("a[href*=swap]")),
    Sight("my shifts, a calendar", "worker", at("/my-shifts/"), tapped("form[action*=calendar] button")),
    Sight("season", COORDINATOR, at("/season/"), unfolded, touch=False),
    Sight("season, to the ministry", MINISTRY, at("/season/"), touch=False),
    Sight("figures", COORDINATOR, at("/figures/"), touch=False),
    Sight(
        "figures, wrong nights", COORDINATOR, at("/figures/?first=2026-11-21&last=2026-11-20"), touch=False
    ),
    Sight("figures, definitions", MINISTRY, at("/figures/definitions/"), touch=False),
    Sight("reports", COORDINATOR, at("/reports/"), unfolded, touch=False),
    Sight("reports, to the ministry", MINISTRY, at("/reports/"), touch=False),
    Sight("reports, of nothing", MINISTRY, at("/reports/?season=&kind=season"), touch=False),
    Sight(
        "reports, a note refused",
        MINISTRY,
        at("/reports/"),
        sent(form="main form[action*=note]", first="2026-11-21", last="2026-11-20"),
        touch=False,
    ),
    Sight("report", COORDINATOR, report_of("flash"), unfolded, touch=False),
    Sight("report, waiting", COORDINATOR, report_of("note"), unfolded, touch=False),
    Sight("report, of a month to the ministry", MINISTRY, report_of("monthly"), touch=False),
    Sight("report, as it would be", COORDINATOR, period_of("weekly"), unfolded, touch=False),
    Sight("report, on its way", MINISTRY, period_of("weekly"), touch=False),
    Sight("weather", COORDINATOR, at("/reports/weather/"), touch=False),
    Sight(
        "weather, errors", COORDINATOR, at("/reports/weather/"), sent(minimum="-3", source=""), touch=False
    ),
    Sight("recipients", COORDINATOR, at("/reports/recipients/"), touch=False),
    Sight(
        "recipients, errors",
        COORDINATOR,
        at("/reports/recipients/"),
        sent(form="main form.card", email="x"),
        touch=False,
    ),
    Sight("is a file ours", None, at("/reports/verify/"), touch=False),
    Sight("open data", None, at("/open/"), touch=False),
    Sight("house", COORDINATOR, at("/house/"), unfolded, touch=False),
    Sight("settings", COORDINATOR, at("/settings/"), touch=False),
    Sight("settings, errors", COORDINATOR, at("/settings/"), sent(value="soon"), touch=False),
    Sight("night log", LEAD, at("/nights/2026-11-21/log/"), unfolded, touch=False),
    Sight("team", ADMIN, at("/team/"), touch=False),
    Sight("person", ADMIN, lambda evening: f"/team/{evening.person('nurse').pk}/", touch=False),
    Sight("help", None, at("/help/"), touch=False),
    Sight("not found", WORKER, at("/nowhere/"), touch=False),
    Sight("forbidden", FIELD, at("/door/"), touch=False),
)
