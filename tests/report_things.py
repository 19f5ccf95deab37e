"""A report of each fate, for tests that ask every address: one that is out, one that waits, one nobody asked for."""

from reporting import tasks
from reporting.actions import scheduling, sending
from reporting.models import Delivery, Period, Report
from tests.conftest import BUILDER, TONIGHT

ADDRESS = "direction@ministry.example"


def things_of_the_reports():
    """Of a season whose only night that ran is tonight's."""
    scheduling.settle()
    recipient = sending.add_recipient(
        kind="flash", name="Direction", email=ADDRESS, language="de", by=BUILDER
    )
    flash = Period.objects.get(kind="flash", key=TONIGHT.isoformat())
    scheduling.ask_for(period=flash, by=BUILDER)
    note = scheduling.ask_for_note(first=TONIGHT, last=TONIGHT, by=BUILDER)
    tasks.make_wanted()
    return {
        "report": Report.objects.get(period=flash),
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
        "report-recipient-end": {"pk": found["report_recipient"].pk},
        "report-send-again": delivery,
        "report-came-back": delivery,
        **{f"api:report{part}": report for part in ("", "-pdf", "-csv", "-html", "-json", "-deliveries")},
    }
