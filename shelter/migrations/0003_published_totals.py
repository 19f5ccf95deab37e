"""What was published about the seasons before Foyer: real figures, each with its source, gaps left empty."""

from django.db import migrations

TOTALS = [
    {"season": "2011/12", "persons": 500, "persons_note": "≈, tous services", "bed_nights": 8000,
     "bed_nights_note": "≈", "source": "gouvernement.lu, 2012"},
    {"season": "2015/16", "persons": 522, "bed_nights": 9849, "mean": "82", "men_note": "> 90 %",
     "source": "lequotidien.lu, bilan 2016/17"},
    {"season": "2016/17", "nights_open": 120, "nights_open_note": "≈", "persons": 864, "bed_nights": 14082,
     "mean": "117", "men_note": "> 90 %", "source": "lequotidien.lu, bilan 2016/17 (LU < 10 %, UE > 50 %)"},
    {"season": "2017/18", "persons": 873, "bed_nights": 14849, "peak": 170, "peak_note": "11.02.2018",
     "men_percent": "93.4", "luxembourg_percent": "6.5", "eu_percent": "64", "third_country_percent": "29.5",
     "source": "lequotidien.lu, bilan 2017/18 (pays tiers ≈)"},
    {"season": "2018/19", "nights_open": 128, "persons": 773, "bed_nights": 14192, "men_percent": "94",
     "luxembourg_percent": "6.86", "eu_percent": "48.53", "third_country_percent": "44.61",
     "source": "rtl.lu 1330438 ; lequotidien.lu, bilan 2018/19"},
    {"season": "2019/20", "bed_nights_note": "« presque doublé »", "source": "reporter.lu, 2021"},
    {"season": "2020/21", "bed_nights": 31500, "men_note": "≈ 90 %", "source": "presse, 2021"},
    {"season": "2021/22", "nights_open": 130, "persons": 873, "persons_note": "1 043 tous services",
     "mean": "113", "mean_note": "jusqu'en janvier", "men_note": "> 90 %", "source": "presse, 2022"},
    {"season": "2022/23", "nights_open": 150, "persons": 1559, "persons_note": "périmètre non précisé",
     "bed_nights": 27000, "bed_nights_note": "≈", "mean": "180", "peak": 219,
     "source": "mfsva.gouvernement.lu, 2023 ; rtl.lu 2151159"},
    {"season": "2023/24", "nights_open": 157, "persons": 1890, "persons_note": "2 218 tous services",
     "bed_nights": 37402, "mean": "238.2", "mean_note": "37 402 / 157 ; presse « presque 200 »", "peak": 300,
     "peak_note": "≈, février 2024", "luxembourg_percent": "8.02", "eu_percent": "38.4",
     "third_country_percent": "53.58", "source": "presse ; lequotidien.lu, lancement 2024/25"},
    {"season": "2024/25", "source": "bilan non publié (état décembre 2025)"},
]  # fmt: skip


def load(apps, schema_editor):
    PublishedTotal = apps.get_model("shelter", "PublishedTotal")
    for row in TOTALS:
        PublishedTotal.objects.create(**row)


class Migration(migrations.Migration):
    dependencies = [("shelter", "0002_guards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
