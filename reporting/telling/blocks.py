"""Tables and charts of an account, each from the part of the data set it shows."""

from datetime import date, timedelta
from itertools import groupby, pairwise
from math import sqrt
from statistics import fmean

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reporting import words
from reporting.indicators import INDICATORS
from reporting.periods import week_key
from reporting.secrecy import WITHHELD
from reporting.telling import saying
from reporting.telling.account import Bars, Calendar, Cell, Multiples, Ranges, Scatter, Table, Trend
from reporting.values import Peak, Ratio, from_json
from shelter.days import WITHOUT_YEAR

CLASSES = (50, 60, 70, 80, 90, 100)  # percent of beds in service; the last class lies above
MONDAY_TO_SUNDAY = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
PUBLISHED = ("nights_open", "persons", "bed_nights", "mean", "peak")
FEWEST_NIGHTS = 10  # for a coefficient that says something


def labels(code, data):
    """What the categories of a table are called; the dormitories as they were called when it was frozen."""
    over = INDICATORS[code].over
    return data["names"]["dormitory"] if over == "dormitory" else words.categories(over)


def rows_of(code, data, figures):
    """The categories of a table: label, number as said, and the number itself where it may be seen."""
    table = figures.raw.get(code)
    if not isinstance(table, dict):
        return
    for label, key in words.ordered(INDICATORS[code], table, labels(code, data)):
        shown = table[key]
        yield capfirst(str(label)), figures.shown(shown), float(shown) if isinstance(shown, int) else None


def bars(code, data, figures, *, is_sorted=True):
    """A table as bars; None where it is empty."""
    if figures.raw.get(code) == WITHHELD:
        return _withheld(code)
    rows = list(rows_of(code, data, figures))
    if not rows:
        return None
    if is_sorted:
        rows.sort(key=lambda row: (row[2] is None, -(row[2] or 0)))
    return Bars(str(INDICATORS[code].name), tuple(rows), _note_of(rows, figures))


def people(code, data, figures, total):
    """A table of people with the share each category has of all."""
    if figures.raw.get(code) == WITHHELD:
        return _withheld(code)
    rows = list(rows_of(code, data, figures))
    if not rows:
        return None
    everybody = figures.number(total)
    said = tuple(
        (
            label,
            number,
            saying.percent(round(100 * value / everybody, 1)) if value and everybody else saying.NOTHING,
        )
        for label, number, value in rows
    )
    whole = ((_("all"), figures.said(total), ""),)
    heads = ("", capfirst(str(words.UNITS[INDICATORS[code].unit])), _("share"))
    return Table(str(INDICATORS[code].name), heads, said + whole, _note_of(rows, figures), is_narrow=True)


def _withheld(code):
    return Table(str(INDICATORS[code].name), ("", ""), ((_("withheld: too few people"), ""),), is_narrow=True)


def _note_of(rows, figures):
    hidden = {number for _label, number, value in rows if value is None}
    told = []
    if saying.below(figures.threshold) in hidden:
        told.append(
            _("%(mark)s: from 1 to %(most)s.")
            % {"mark": saying.below(figures.threshold), "most": figures.threshold - 1}
        )
    if saying.SECRET_MARK in hidden:
        told.append(_("s: hidden, so that a small number cannot be worked out."))
    return " ".join(told)


def listing(title, codes, figures, narrow=True):
    """Single figures under each other: name and value."""
    rows = tuple((str(INDICATORS[code].name), _single(code, figures)) for code in codes if code in figures)
    return Table(title, ("", ""), rows, is_narrow=narrow)


def _single(code, figures):
    value = figures.value(code)
    if INDICATORS[code].unit == "percent":
        return f"{figures.percent(code)} ({figures.sides(code)})"
    if figures.peak(code):
        return words.said(INDICATORS[code], value)
    return figures.said(code)


def own_nights(data):
    """The nights of the period that ran, row by row."""
    own = set(data["nights"])
    return [row for row in data["by_night"] if row["night"] in own]


def rate(row):
    return 100 * row["slept"] / row["in_service"] if row["in_service"] else None


def night_table(data):
    """Night by night, nights across."""
    nights = own_nights(data)
    if not nights:
        return None
    lines = (
        (_("Slept"), "slept"), (_("In service"), "in_service"), (_("Out of service"), "closed"),
        (_("Extension and overflow"), "extra"), (_("Without a bed"), "without_bed"),
    )  # fmt: skip
    rows = [(name, *(words.number(row[key]) for row in nights)) for name, key in lines]
    rows.insert(2, (_("Rate A"), *(_rate_said(row) for row in nights)))
    rows.append((_("Minimum (°C)"), *(saying.degrees(row["minimum"]) for row in nights)))
    heads = ("", *(saying.night(row["night"]) for row in nights))
    return Table(_("Night by night"), heads, tuple(rows))


def _rate_said(row):
    value = rate(row)
    return saying.NOTHING if value is None else saying.percent(round(value))


def every_night(data):
    """The whole list of nights, one a line."""
    heads = (
        _("Night"), _("Slept"), _("In service"), _("Rate A"), _("Out of service"), _("Extension and overflow"),
        _("Without a bed"), _("Minimum (°C)"),
    )  # fmt: skip
    rows = tuple(
        (
            saying.night(row["night"], "D d.m.Y"), words.number(row["slept"]), words.number(row["in_service"]),
            _rate_said(row), words.number(row["closed"]), words.number(row["extra"]),
            words.number(row["without_bed"]), saying.degrees(row["minimum"]),
        )
        for row in own_nights(data)
    )  # fmt: skip
    return Table(_("Every night"), heads, rows) if rows else None


def trend(data):
    rows = data["by_night"]
    slept, places = [row["slept"] for row in rows], [row["in_service"] for row in rows]
    if not rows:
        return None
    peak = max(rows, key=lambda row: row["slept"])
    alt = _("%(nights)s nights, from %(least)s to %(most)s people a night; the most on %(day)s.") % {
        "nights": len(rows), "least": min(slept), "most": max(slept), "day": saying.night(peak["night"]),
    }  # fmt: skip
    title = _("At most %(most)s of %(places)s beds were slept in") % {
        "most": words.number(peak["slept"]), "places": words.number(peak["in_service"]),
    }  # fmt: skip
    return Trend(
        title=title,
        labels=tuple(saying.night(row["night"], "d.m.") for row in rows),
        slept=tuple(slept),
        places=tuple(places),
        alt=alt,
        marks=tuple(place for place, row in enumerate(rows) if row["without_bed"]),
        slept_label=_("slept"),
        places_label=_("line: in service"),
        marks_label=_("somebody without a bed"),
    )


def ahead(nights):
    """The nights to come (`reporting.ahead.Expected`) as a chart and as a table; nothing where there are none."""
    if not nights:
        return ()
    most = max(nights, key=lambda each: (each.high, each.likely))
    said = {
        "least": words.number(most.low),
        "most": words.number(most.high),
        "day": saying.night(most.night.isoformat()),
    }
    title = _("From %(least)s to %(most)s people on %(day)s") % said
    if most.may_be_full:
        title = _("The house may be full on %(day)s") % said
    labels = tuple(saying.night(each.night.isoformat()) for each in nights)
    chart = Ranges(
        title=title,
        labels=labels,
        ranges=tuple((each.low, each.likely, each.high) for each in nights),
        places=tuple(each.places for each in nights),
        places_label=_("line: in service"),
        alt=_("The %(nights)s nights to come; the numbers stand in the table.") % {"nights": len(nights)},
    )
    rows = tuple(
        (
            label, words.number(each.likely), f"{words.number(each.low)}–{words.number(each.high)}",
            words.number(each.places),
        )
        for label, each in zip(labels, nights, strict=True)
    )  # fmt: skip
    heads = (_("Night"), _("likely"), _("from – to"), _("In service"))
    note = _(
        "Reckoned from the last night told and from what the number changed by over as many nights in this season: "
        "in eight of ten cases it lay in this range."
    )
    return chart, Table(_("Nights to come"), heads, rows, note, is_narrow=True)


def level(row):
    """Which of the fixed classes of rate A a night falls in; classes are fixed so that seasons compare."""
    value = rate(row)
    if value is None:
        return 0
    return sum(value > edge if edge == CLASSES[-1] else value >= edge for edge in CLASSES)


def calendar(data):
    nights = own_nights(data)
    if not nights:
        return None
    peak = max(nights, key=lambda row: row["slept"])
    weeks = []
    for key, rows in groupby(nights, lambda row: week_key(date.fromisoformat(row["night"]))):
        found = {date.fromisoformat(row["night"]).weekday(): row for row in rows}
        cells = tuple(
            Cell(words.number(row["slept"]), level(row), row is peak)
            if (row := found.get(day))
            else Cell(is_ours=False)
            for day in range(7)
        )
        weeks.append((_("W%(week)s") % {"week": int(key[-2:])}, cells, _sums(found.values())))
    note = _("How to read it: in the night of %(day)s %(slept)s of %(places)s beds in service were slept in.") % {
        "day": saying.night(peak["night"], str(WITHOUT_YEAR)), "slept": words.number(peak["slept"]),
        "places": words.number(peak["in_service"]),
    }  # fmt: skip
    return Calendar(
        title=_("Each night: who slept; the shade is rate A"),
        days=tuple(date_format(day, "D") for day in MONDAY_TO_SUNDAY),
        sums=(_("Nights slept"), _("Rate A"), _("Minimum")),
        weeks=tuple(weeks),
        legend=_legend(),
        note=note,
    )


def _legend():
    edges = [f"{low}\u2013{high}" for low, high in pairwise(CLASSES)]
    return (f"‹\u202f{CLASSES[0]}", *edges, f"›\u202f{CLASSES[-1]} %")


def _sums(rows):
    rows = list(rows)
    slept, places = sum(row["slept"] for row in rows), sum(row["in_service"] for row in rows)
    known = [row["minimum"] for row in rows if row["minimum"] is not None]
    return (
        words.number(slept),
        saying.percent(round(100 * slept / places)) if places else saying.NOTHING,
        f"{saying.degrees(min(known))}°" if known else saying.NOTHING,
    )


def scatter(data):
    """Rate A against the night's minimum, with the coefficient of correlation and the number of nights."""
    points = tuple(
        (row["minimum"] / 10, value, row["is_wet"])
        for row in own_nights(data)
        if row["minimum"] is not None and (value := rate(row)) is not None
    )
    if len(points) < FEWEST_NIGHTS:
        return None
    r = correlation([point[0] for point in points], [point[1] for point in points])
    said = saying.NOTHING if r is None else words.number(abs(round(r, 2)), places=2)
    sign = "\N{MINUS SIGN}" if r is not None and r < 0 else ""
    note = _("n = %(nights)s nights, r = %(r)s. An association, not a cause.") % {
        "nights": len(points), "r": f"{sign}{said}",
    }  # fmt: skip
    return Scatter(
        title=_("Occupancy and cold"), points=points, across=_("lowest temperature of the night (°C)"),
        up=_("rate A (%)"), dry=_("dry or not known"), wet=_("rain or snow"),
        alt=_("Each night as a point: lowest temperature and rate A.") + " " + note, note=note,
    )  # fmt: skip


def correlation(across, up):
    """Pearson's coefficient; None where one of both does not vary."""
    if len(set(across)) < 2 or len(set(up)) < 2:
        return None
    mean_x, mean_y = fmean(across), fmean(up)
    both = sum((x - mean_x) * (y - mean_y) for x, y in zip(across, up, strict=True))
    spread = sqrt(sum((x - mean_x) ** 2 for x in across) * sum((y - mean_y) ** 2 for y in up))
    return both / spread if spread else None


def multiples(data):
    """Dormitory by dormitory how full it was, week by week."""
    weeks, names = data.get("by_week", ()), data["names"]["dormitory"]
    codes = [code for code in names if any(week["beds_by_dormitory"].get(code) for week in weeks)]
    if len(weeks) < 2 or not codes:
        return None
    panels = []
    for code in codes:
        values = tuple(_share_in_week(week, code) for week in weeks)
        said = saying.NOTHING if values[-1] is None else saying.percent(round(values[-1]))
        panels.append((names[code], said, values))
    return Multiples(
        _("Dormitory by dormitory, week by week: percent of beds in service"),
        tuple(panels),
        "; ".join(saying.pair(name, said) for name, said, _values in panels),
    )


def _share_in_week(week, code):
    slept, beds = week["bed_nights_by_dormitory"], week["beds_by_dormitory"].get(code, 0)
    if not beds or slept == WITHHELD:
        return None
    shown = slept.get(code, 0)
    return 100 * shown / beds if isinstance(shown, int) else None


def months(data):
    """Capacity, use and people of each month apart; people are never summed."""
    heads = (
        _("Month"), _("Nights open"), _("Beds, nominal"), _("Beds in service"), _("Nights slept"), _("Rate A"),
        _("Without a bed"),
    )  # fmt: skip
    rows = []
    for month in data.get("by_month", ()):
        figures = saying.Figures(month["figures"], data["threshold"])
        name = date_format(date.fromisoformat(f"{month['key']}-01"), "F Y")
        codes = ("nights_open", "nominal_beds", "beds_in_service", "bed_nights")
        rows.append(
            (name, *map(figures.said, codes), figures.percent("rate_in_service"), figures.said("without_bed"))
        )
    return Table(_("Month by month"), heads, tuple(rows)) if rows else None


def earlier_seasons(data):
    """What was published about earlier seasons, each gap as a gap."""
    rows = tuple(
        (
            row["season"], *(_published(row, name) for name in PUBLISHED), row["source"],
        )
        for row in data.get("published", ())
    )  # fmt: skip
    heads = (
        _("Season"), _("Nights open"), _("Different people"), _("Nights slept"), _("Mean a night"), _("Peak"),
        _("Source"),
    )  # fmt: skip
    if not rows:
        return None
    return Table(_("Earlier seasons, as they were published"), heads, rows)


def _published(row, name):
    value = row[name]
    if value is None:
        return saying.NOTHING
    told = words.number(float(value) if isinstance(value, str) else value)
    return f"{told} ({row[f'{name}_note']})" if row.get(f"{name}_note") else told


def definitions(codes):
    rows = tuple(
        (str(INDICATORS[code].name), str(INDICATORS[code].definition)) for code in codes if code in INDICATORS
    )
    return Table(_("Definitions"), (_("Figure"), _("What it means")), rows)


def changed(data, figures):
    """What differs from the revision before, old and new beside each other."""
    if not data["changed"]:
        return None
    rows = tuple(
        (
            _path(path, data),
            _then(path, old, figures, _is_withheld(path, data["changed"], 1)),
            _then(path, new, figures, _is_withheld(path, data["changed"], 2)),
        )
        for path, old, new in data["changed"]
    )
    title = ngettext("What changed: %(number)s figure", "What changed: %(number)s figures", len(rows))
    return Table(title % {"number": len(rows)}, (_("Figure"), _("was"), _("is")), rows)


def _is_withheld(path, changes, side):
    """Whether a category belongs to a table that is withheld as a whole in the old (1) or the new revision (2)."""
    return any(change[side] == WITHHELD and path.startswith(f"{change[0]}/") for change in changes)


def _then(path, kept, figures, is_withheld):
    """A value of one of two revisions, said as it is elsewhere; a category that was not there counted nobody."""
    part, name, *category = path.split("/", 2)
    if part == "by_night":
        if category == ["minimum"]:
            return saying.degrees(kept)
        if isinstance(kept, bool):
            return _("yes") if kept else _("no")
        return figures.shown(kept)
    if kept is None and is_withheld:
        return figures.shown(WITHHELD)
    if kept is None:
        return words.number(0) if category else saying.NOTHING
    value = from_json(kept)
    indicator = INDICATORS.get(name)
    if isinstance(value, Peak | Ratio) and indicator is not None:
        return words.said(indicator, value)
    return figures.shown(kept)


def _path(path, data):
    part, name, *category = path.split("/", 2)
    if part == "by_night":
        return saying.pair(saying.night(name, "d.m.Y"), _of_a_night().get(category[0], category[0]))
    if not category:
        return str(INDICATORS[name].name) if name in INDICATORS else name
    label = words.ordered(INDICATORS[name], {category[0]: 0}, labels(name, data))
    return saying.pair(INDICATORS[name].name, next(iter(label))[0])


def _of_a_night():
    return {
        "slept": _("slept"), "in_service": _("in service"), "nominal": _("beds, nominal"),
        "extra": _("extension and overflow"),
        "closed": _("out of service"), "without_bed": _("without a bed"), "minimum": _("lowest temperature"),
        "is_wet": _("rain or snow"), "is_closed": pgettext("night", "closed"),
    }  # fmt: skip
