from django.urls import path

from reporting.web import figures, noting, opening, portal, report

urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/definitions/", figures.definitions, name="figures-definitions"),
    path("reports/", portal.portal, name="reports"),
    path("reports/note/", portal.ask_for_note, name="report-note"),
    path("reports/subscribe/", portal.subscribe, name="report-subscribe"),
    path("reports/weather/", noting.weather, name="report-weather"),
    path("reports/recipients/", noting.recipients, name="report-recipients"),
    path("reports/recipients/<int:pk>/end/", noting.end_recipient, name="report-recipient-end"),
    path("reports/verify/", noting.verify, name="report-verify"),
    path("reports/periods/<int:pk>/", report.period, name="report-period"),
    path("reports/periods/<int:pk>/make/", report.make, name="report-make"),
    path("reports/periods/<int:pk>/remark/", report.remark, name="report-remark"),
    path("reports/deliveries/<int:pk>/again/", report.send_again, name="report-send-again"),
    path("reports/deliveries/<int:pk>/returned/", report.came_back, name="report-came-back"),
    path("reports/<int:pk>/", report.report, name="report"),
    path("reports/<int:pk>/approve/", report.approve, name="report-approve"),
    path("reports/<int:pk>/report-<str:language>.pdf", report.paper, {"form": "pdf"}, name="report-pdf"),
    path("reports/<int:pk>/figures.csv", report.paper, {"form": "csv"}, name="report-csv"),
    path("open/", opening.listed, name="open"),
    path("open/datapackage.json", opening.package, name="open-package"),
    path("open/dictionary.csv", opening.words, name="open-dictionary"),
    path("open/<int:pk>.csv", opening.figures, name="open-csv"),
    path("open/<int:pk>.json", opening.data, name="open-json"),
    path("open/places/", opening.feed, name="places"),
    path("open/places/services/", opening.services, name="places-services"),
    path("open/places/services/<uuid:identity>/", opening.service, name="places-service"),
    path("reports/<int:pk>/data.json", report.data, name="report-data"),
]
