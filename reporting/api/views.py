"""Reports for other programs: the register, each report with its files, and asking for a note."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from reporting import reading
from reporting.actions import scheduling
from reporting.api import shapes
from reporting.models import Audience, DataSet, Delivery, Paper, Report
from reporting.queries import reports as queries
from reporting.telling import account_of
from shelter.api.writing import WriteView


class Reports(WriteView, generics.ListAPIView):
    """Reports that are out, the latest due first, every revision; filter with `?period__kind=` and `?period__key=`."""

    serializer_class = shapes.ReportOut
    queryset = Report.objects.none()
    filterset_fields = {"period__kind": ["exact"], "period__key": ["exact"], "revision": ["exact"]}

    def get_queryset(self):
        return (
            reading.readable(self.request.auth)
            .select_related("period", "definitions")
            .prefetch_related(Prefetch("data_sets", DataSet.objects.defer("text")))
            .order_by("-period__due_at", "-id")
        )

    @extend_schema(request=shapes.ReportIn, responses={201: shapes.ReportOut})
    def post(self, request):
        """Ask for a note for parliament; it is made within a minute, and sent when it is approved."""
        asked = shapes.ReportIn(data=request.data)
        asked.is_valid(raise_exception=True)
        nights = {name: asked.validated_data[name] for name in ("first", "last")}
        return self.write(lambda: (201, shapes.ReportOut(scheduling.ask_for_note(by=self.by, **nights)).data))


class OneReport(APIView):
    @extend_schema(responses=shapes.ReportOut)
    def get(self, request, pk):
        """A report; an earlier revision stays readable."""
        return Response(shapes.ReportOut(reading.visible(request.auth, pk)).data)


class ReportPdf(APIView):
    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        """The file as it was sent; German with `?language=de`, else French."""
        language = "de" if request.query_params.get("language") == "de" else "fr"
        return reading.file_of(request.auth, pk, Paper.Form.PDF, language)


class ReportCsv(APIView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        """All figures as a table."""
        return reading.file_of(request.auth, pk, Paper.Form.CSV)


class ReportHtml(APIView):
    @extend_schema(responses={(200, "text/html"): OpenApiTypes.STR})
    def get(self, request, pk):
        """The report as a page of its own, in the caller's language."""
        data = queries.data_of(reading.visible(request.auth, pk))
        return render(request, "reporting/alone.html", {"account": account_of(data)})


class ReportJson(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, pk):
        """The frozen data set, byte by byte what its SHA-256 was taken of."""
        found = get_object_or_404(
            DataSet, report=reading.visible(request.auth, pk), audience=Audience.MINISTRY
        )
        return HttpResponse(found.text, content_type="application/json")


class Deliveries(APIView):
    @extend_schema(responses=shapes.DeliveryOut(many=True))
    def get(self, request, pk):
        """To whom a report was sent, and how that went."""
        rows = Delivery.objects.filter(report=get_object_or_404(Report, pk=pk)).select_related("recipient")
        return Response(shapes.DeliveryOut(rows.order_by("id"), many=True).data)
