"""Reports: from wanting one to its papers in two languages, beside drawing the same pages with the figures in hand."""

import tempfile
from pathlib import Path

from tests.bench.figures import Row
from tests.races import server

WINTERS = 10


def measure():
    print("The reports of a season …", flush=True)
    first, tenth = told_of(1), told_of(WINTERS)
    month, season = first["monthly"], first["season"]
    yield Row("report of a month", month["whole"], "s", month["drawing"], 2, "report.month.seconds")
    yield Row("report of a season", season["whole"], "s", season["drawing"], None, "report.season.seconds")
    over = season["whole"] / season["drawing"]
    yield Row("  over drawing its pages", over, "×", 1, 3, "report.season.over_drawing")
    yield Row(f"  the month in winter {WINTERS}", tenth["monthly"]["whole"], "s", month["whole"])


def told_of(winters):
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as name:
        folder = Path(name)
        with server.database("sqlite", folder) as url:
            return server.built("tests.bench.report_season", winters, url=url, folder=folder)
