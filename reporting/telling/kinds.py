"""The account of each kind of report, put together from its data set."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from reporting import words
from reporting.models import Period
from reporting.periods import ALERT, FLASH, MONTHLY, NOTE, SEASON, WEEKLY
from reporting.telling import blocks, saying
from reporting.telling.account import Account, Section, Text, Tile
from reporting.telling.saying import Figures

WHY = {
    "tense": gettext_lazy("At least 90 of 100 beds in service were slept in, two nights running."),
    "without_bed": gettext_lazy("Somebody was without a bed at 04:00."),
    "forecast": gettext_lazy("More people are registered for tonight than there are places in service."),
}
NOTED = ("nights_open", "nominal_beds", "beds_in_service", "bed_nights", "rate_in_service", "rate_nominal", "persons",
         "without_bed", "refusals")  # fmt: skip
OF_ONE_NIGHT = ("installed_beds", "nominal_beds", "extra_beds", "beds_in_service", "bed_nights", "visits",
                "rate_in_service", "rate_nominal")  # fmt: skip
OF_NIGHTS = ("nights_open", "nominal_beds", "extra_beds", "beds_in_service", "bed_nights", "rate_in_service",
             "rate_nominal", "mean_a_night", "peak", "tense_nights", "saturated_nights", "visits")  # fmt: skip
ASKED = ("requests", "declined", "refusals", "redirected", "without_bed", "nights_without_bed")
COLD = ("coldest", "cold_nights", "wet_nights", "cold_spell_nights", "nights_without_weather")
BEGINS_PAGE = True
COVERAGE = ("nights_not_closed", "nights_not_definitive")
MEALS = ("meals_derived", "meals_served", "asylum_applicants", "uncovered_places")
STAYS = ("median_nights", "longest_run", "reentering_persons")


def account_of(data) -> Account:
    """The account of a data set, in the language that is active."""
    figures = Figures(data["figures"], data["threshold"])
    kind = capfirst(str(Period.Kind(data["kind"]).label))
    return Account(
        title=kind,
        subtitle=saying.period(data),
        lead=_lead(data, figures),
        marks=tuple(_marks(data)),
        tiles=tuple(_tiles(data, figures)),
        sections=tuple(_sections(data, figures)),
        provenance=_provenance(data),
        subject=f"{kind} · {saying.period(data)}",
    )


def _lead(data, figures):
    """One sentence of numbers, and nothing but numbers."""
    told = [
        _("%(slept)s nights slept, rate A %(rate)s (%(sides)s)")
        % {
            "slept": figures.said("bed_nights"), "rate": figures.percent("rate_in_service"),
            "sides": figures.sides("rate_in_service"),
        }
    ]  # fmt: skip
    if "persons" in figures:
        told.append(_("%(persons)s different people") % {"persons": figures.said("persons")})
    tense = figures.number("tense_nights")
    if tense is not None:
        told.append(
            ngettext("%(number)s night at 90 %% or more", "%(number)s nights at 90 %% or more", tense)
            % {"number": words.number(tense)}
        )
    lacking = figures.number("without_bed") or 0
    told.append(
        ngettext("%(number)s person without a bed", "%(number)s people without a bed", lacking)
        % {"number": words.number(lacking)}
        + _when(data)
    )
    return "; ".join(told) + "."


def _when(data):
    """On which nights, as long as they are few."""
    nights = [row["night"] for row in blocks.own_nights(data) if row["without_bed"]]
    if data["kind"] in (FLASH, ALERT) or not 0 < len(nights) <= 3:
        return ""
    return f" ({', '.join(saying.night(night, 'd.m.') for night in nights)})"


def _marks(data):
    if data["is_provisional"]:
        yield pgettext("state of a report", "provisional")
    if data["is_late"]:
        yield pgettext("state of a report", "late")
    if data["changed"] is not None:
        yield pgettext("state of a report", "corrected")


def _provenance(data):
    definitions = data["definitions"]
    return " · ".join(
        [
            _("Data as of %(instant)s") % {"instant": saying.instant(data["cut_off"])},
            _("revision %(number)s") % {"number": data["revision"]},
            _("definitions v%(number)s") % {"number": definitions["number"]} if definitions else _("preview"),
        ]
    )


def _tiles(data, figures):
    nights = data["by_night"]
    yield Tile(
        _("Rate A"),
        figures.percent("rate_in_service"),
        (figures.sides("rate_in_service"), *_differences(data, "rate_in_service", _points)),
        tuple(blocks.rate(row) or 0.0 for row in nights),
    )
    yield Tile(
        _("Nights slept"),
        figures.said("bed_nights"),
        _differences(data, "bed_nights", _percent_more),
        tuple(float(row["slept"]) for row in nights),
    )
    if "persons" in figures:
        yield Tile(
            _("Different people"),
            figures.said("persons"),
            (*_newcomers(figures), *_differences(data, "persons", _more)),
        )
    else:
        free = (figures.number("beds_in_service") or 0) - (figures.number("bed_nights") or 0)
        yield Tile(
            _("Beds in service that stood empty"), words.number(free), (),
            tuple(float(row["in_service"] - row["slept"]) for row in nights),
        )  # fmt: skip
    yield Tile(
        _("Without a bed at 04:00"),
        figures.said("without_bed"),
        _differences(data, "without_bed", _was),
        tuple(float(row["without_bed"]) for row in nights),
    )


def _newcomers(figures):
    past = figures.raw.get("persons_by_past")
    if not isinstance(past, dict):
        return ()
    return (_("never here before: %(number)s") % {"number": figures.shown(past.get("new", 0))},)


def _differences(data, code, said):
    """Against the period before and the same one a season ago, where both were reported.

    What is summed over nights differs for their number already: of more nights or fewer it is told as it was.
    """
    found = []
    for against in ("previous", "last_season"):
        other = data["compared"][against]
        if other is None:
            continue
        now = Figures(data["figures"], data["threshold"])
        then = Figures(other["figures"], data["threshold"])
        is_alike = said is _points or other["nights"] == len(data["nights"])
        told = said(now, then, code) if is_alike else _was_in(then, code, other["nights"])
        if told:
            found.append(f"{told} / {saying.key_in_short(data['kind'], other['key'])}")
    return tuple(found)


def _points(now, then, code):
    new, old = now.number(code), then.number(code)
    return None if new is None or old is None else saying.signed(new - old, "\u00a0" + _("pts"))


def _percent_more(now, then, code):
    new, old = now.number(code), then.number(code)
    return None if new is None or not old else saying.signed(100 * (new - old) / old, "\u00a0%")


def _more(now, then, code):
    new, old = now.number(code), then.number(code)
    return None if new is None or old is None else saying.signed(new - old)


def _was(now, then, code):
    return then.said(code) if code in then else None


def _was_in(then, code, nights):
    if code not in then:
        return None
    return ngettext("%(number)s in %(nights)s night", "%(number)s in %(nights)s nights", nights) % {
        "number": then.said(code),
        "nights": words.number(nights),
    }


def _sections(data, figures):
    for title, found, *how in _SECTIONS[data["kind"]](data, figures):
        kept = tuple(block for block in found if block is not None)
        if kept:
            yield Section(title, kept, *how)


def _first(data, figures):
    """What must not be overlooked comes first: what an alert is about, what was corrected, what somebody wrote."""
    remark = data["remark"]
    return (
        Text(_("Why this alert"), (str(WHY[data["why"]]),)) if data["why"] in WHY else None,
        blocks.changed(data, figures),
        Text(
            _("What stands out"), (remark["text"],), f"{remark['by']}, {saying.instant(remark['at'])}"
        ) if remark else None,
    )  # fmt: skip


def _flash(data, figures):
    yield _("In short"), _first(data, figures)
    yield (
        _("The night"),
        (
            blocks.trend(data),
            blocks.listing(_("Beds"), OF_ONE_NIGHT, figures),
            blocks.listing(_("Requests"), (*ASKED, "coldest", *COVERAGE), figures),
            blocks.bars("closed_beds", data, figures),
            blocks.bars("empty_beds", data, figures),
            blocks.bars("incidents", data, figures, is_sorted=False),
        ),
    )


def _weekly(data, figures):
    yield (
        _("In short"),
        (
            *_first(data, figures),
            blocks.night_table(data),
            blocks.bars("refused", data, figures),
            blocks.listing(_("Requests"), ASKED, figures),
        ),
    )
    yield (
        _("Beds and nights"),
        (
            blocks.trend(data),
            blocks.listing(_("Use of the house"), OF_NIGHTS, figures),
            blocks.listing(_("Cold"), COLD, figures),
            blocks.bars("closed_beds", data, figures),
            blocks.bars("empty_beds", data, figures),
            blocks.bars("bed_nights_by_dormitory", data, figures, is_sorted=False),
        ),
    )
    yield (
        _("People"),
        (
            blocks.people("persons_by_past", data, figures, "persons"),
            blocks.people("persons_by_sex", data, figures, "persons"),
            blocks.bars("referrals", data, figures),
        ),
    )
    yield _house(data, figures)


def _house(data, figures):
    return (
        _("Life in the house"),
        (
            blocks.listing(_("Meals and more"), (*MEALS, *COVERAGE), figures),
            blocks.bars("services", data, figures, is_sorted=False),
            blocks.bars("hours_on_duty", data, figures),
            blocks.bars("incidents", data, figures, is_sorted=False),
            blocks.bars("emergency_calls", data, figures, is_sorted=False),
        ),
    )


def _people(data, figures):
    return (
        _("People"),
        (
            *(
                blocks.people(f"persons_by_{trait}", data, figures, "persons")
                for trait in ("past", "length", "sex", "age", "origin")
            ),
            blocks.listing(_("How long they came"), STAYS, figures),
            *(
                blocks.people(f"bed_nights_by_{trait}", data, figures, "bed_nights")
                for trait in ("sex", "age", "origin")
            ),
        ),
    )


def _monthly(data, figures):
    yield _("In short"), (*_first(data, figures), blocks.calendar(data))
    yield (
        _("Beds and nights"),
        (
            blocks.listing(_("Use of the house"), OF_NIGHTS, figures),
            blocks.listing(_("Requests and cold"), (*ASKED, *COLD), figures),
            blocks.bars("closed_beds", data, figures),
            blocks.bars("empty_beds", data, figures),
            blocks.multiples(data),
            blocks.bars("bed_nights_by_dormitory", data, figures, is_sorted=False),
            blocks.scatter(data),
        ),
    )
    yield _people(data, figures)
    yield (
        _("Requests and refusals"),
        (blocks.bars("refused", data, figures), blocks.bars("referrals", data, figures)),
    )
    yield _house(data, figures)
    yield _("Annex"), (blocks.every_night(data),)


def _season(data, figures):
    first, *others = _monthly(data, figures)
    yield first
    yield _("Month by month"), (blocks.months(data),)
    *others, annex = others
    yield from others
    yield _("Earlier seasons"), (blocks.earlier_seasons(data),)
    yield _("Definitions"), (blocks.definitions(data["figures"]),)
    yield annex


def _note(data, figures):
    yield (
        _("In short"),
        (
            *_first(data, figures),
            blocks.trend(data),
            blocks.months(data),
            blocks.listing(_("Use of the house"), (*OF_NIGHTS, "persons"), figures),
            blocks.listing(_("Requests"), ASKED, figures),
        ),
    )
    yield _("Definitions"), (blocks.definitions(NOTED), blocks.earlier_seasons(data)), BEGINS_PAGE


_SECTIONS = {FLASH: _flash, ALERT: _flash, WEEKLY: _weekly, MONTHLY: _monthly, SEASON: _season, NOTE: _note}
