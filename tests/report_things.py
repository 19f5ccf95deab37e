"""A report of each fate, for tests that ask every address: one that is out, one that waits, one nobody asked for."""

from reporting import places, tasks
from reporting.actions import scheduling, sending
from reporting.models import Delivery, Period, Report
from shelter.actions import planning
from tests.conftest import BUILDER, TONIGHT

ADDRESS = "direction@ministry.example"


def things_of_the_reports():
    """Of a season whose only night that ran is tonight's."""
    scheduling.settle()
    recipient = sending.add_recipient(
        kind="flash", name="Direction", email=ADDRESS, language="de", by=BUILDER
    )
    for key in ("open_data", "places_feed"):
        planning.change_setting(key=key, value="yes", first_night=TONIGHT, by=BUILDER, reason="decided")
    flash = Period.objects.get(kind="flash", key=TONIGHT.isoformat())
    scheduling.ask_for(period=flash, by=BUILDER)
    note = scheduling.ask_for_note(first=TONIGHT, last=TONIGHT, by=BUILDER)
    month = Period.objects.get(kind="monthly", nights__date=TONIGHT)
    scheduling.ask_for(period=month, by=BUILDER)
    tasks.make_wanted()
    return {
        "report": Report.objects.get(period=flash),
        "report_open": Report.objects.get(period=month),
        "report_waiting": Report.objects.get(pk=note.pk),
        "report_period": Period.objects.get(kind="weekly", nights__date=TONIGHT),
        "report_recipient": recipient,
        "report_delivery": Delivery.objects.get(recipient=recipient),
    }


def addresses_of_the_reports(found):
    """By route what its path asks for."""
    report, period = {"pk": found["report"].pk}, {"pk": found["report_period"].pk}
    delivery = {"pk": found["report_delivery"].pk}
    return {
        "report": report,
        "report-pdf": report | {"language": "fr"},
        "report-csv": report,
        "report-data": report,
        "report-approve": {"pk": found["report_waiting"].pk},
        "report-period": period,
        "report-make": period,
        "report-remark": period,
        "open-csv": {"pk": found["report_open"].pk},
        "open-json": {"pk": found["report_open"].pk},
        "places-service": {"identity": places.identifier("service", "men")},
        "report-recipient-end": {"pk": found["report_recipient"].pk},
        "report-send-again": delivery,
        "report-came-back": delivery,
        **{f"api:report{part}": report for part in ("", "-pdf", "-csv", "-html", "-json", "-deliveries")},
    }
