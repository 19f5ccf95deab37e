"""What was published about the seasons before Foyer: real figures, each with its source, gaps left empty."""

from django.db import migrations
from django.utils.translation import gettext_noop as _

TOTALS = [
    {"season": "2011/12", "persons": 500, "persons_note": _("≈, all services"), "bed_nights": 8000,
     "bed_nights_note": "≈", "source": "gouvernement.lu, 2012"},
    {"season": "2015/16", "persons": 522, "bed_nights": 9849, "mean": "82", "men_note": "> 90 %",
     "source": _("lequotidien.lu, report 2016/17")},
    {"season": "2016/17", "nights_open": 120, "nights_open_note": "≈", "persons": 864, "bed_nights": 14082,
     "mean": "117", "men_note": "> 90 %", "source": _("lequotidien.lu, report 2016/17 (LU under a tenth, EU over half)")},
    {"season": "2017/18", "persons": 873, "bed_nights": 14849, "peak": 170, "peak_note": "11.02.2018",
     "men_percent": "93.4", "luxembourg_percent": "6.5", "eu_percent": "64", "third_country_percent": "29.5",
     "source": _("lequotidien.lu, report 2017/18 (third countries ≈)")},
    {"season": "2018/19", "nights_open": 128, "persons": 773, "bed_nights": 14192, "men_percent": "94",
     "luxembourg_percent": "6.86", "eu_percent": "48.53", "third_country_percent": "44.61",
     "source": _("rtl.lu 1330438; lequotidien.lu, report 2018/19")},
    {"season": "2019/20", "bed_nights_note": _("“almost doubled”"), "source": "reporter.lu, 2021"},
    {"season": "2020/21", "bed_nights": 31500, "men_note": "≈ 90 %", "source": _("press, 2021")},
    {"season": "2021/22", "nights_open": 130, "persons": 873, "persons_note": _("1,043 all services"),
     "mean": "113", "mean_note": _("until January"), "men_note": "> 90 %", "source": _("press, 2022")},
    {"season": "2022/23", "nights_open": 150, "persons": 1559, "persons_note": _("scope not stated"),
     "bed_nights": 27000, "bed_nights_note": "≈", "mean": "180", "peak": 219,
     "source": "mfsva.gouvernement.lu, 2023; rtl.lu 2151159"},
    {"season": "2023/24", "nights_open": 157, "persons": 1890, "persons_note": _("2,218 all services"),
     "bed_nights": 37402, "mean": "238.2", "mean_note": _("37,402 / 157; press “almost 200”"), "peak": 300,
     "peak_note": _("≈, February 2024"), "luxembourg_percent": "8.02", "eu_percent": "38.4",
     "third_country_percent": "53.58", "source": _("press; lequotidien.lu, launch of 2024/25")},
    {"season": "2024/25", "source": _("report not published (as of December 2025)")},
]  # fmt: skip


def load(apps, schema_editor):
    PublishedTotal = apps.get_model("shelter", "PublishedTotal")
    for row in TOTALS:
        PublishedTotal.objects.create(**row)


class Migration(migrations.Migration):
    dependencies = [("shelter", "0002_guards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
