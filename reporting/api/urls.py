from django.urls import path

from reporting.api import views

urlpatterns = [
    path("reports/", views.Reports.as_view(), name="reports"),
    path("reports/<int:pk>/", views.OneReport.as_view(), name="report"),
    path("reports/<int:pk>/pdf/", views.ReportPdf.as_view(), name="report-pdf"),
    path("reports/<int:pk>/csv/", views.ReportCsv.as_view(), name="report-csv"),
    path("reports/<int:pk>/html/", views.ReportHtml.as_view(), name="report-html"),
    path("reports/<int:pk>/json/", views.ReportJson.as_view(), name="report-json"),
    path("reports/<int:pk>/deliveries/", views.Deliveries.as_view(), name="report-deliveries"),
]
