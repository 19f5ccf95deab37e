"""Reports for other programs: the register, each report with its files, and asking for a note."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from reporting.actions import scheduling
from reporting.api import shapes
from reporting.models import Audience, DataSet, Delivery, Paper, Report
from reporting.queries import reports as queries
from reporting.telling import account_of
from reporting.web.report import file_response, hidden_states, visible
from shelter.api.writing import WriteView


class Reports(WriteView, generics.ListAPIView):
    """Reports that are out, the latest due first, every revision; filter with `?period__kind=` and `?period__key=`."""

    serializer_class = shapes.ReportOut
    queryset = Report.objects.none()
    filterset_fields = {"period__kind": ["exact"], "period__key": ["exact"], "revision": ["exact"]}

    def get_queryset(self):
        found = Report.objects.exclude(state__in=hidden_states(self.request.auth))
        return (
            found.select_related("period", "definitions")
            .prefetch_related("data_sets")
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
        return Response(shapes.ReportOut(visible(request.auth, pk)).data)


class ReportPdf(APIView):
    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        """The file as it was sent; German with `?language=de`, else French."""
        language = "de" if request.query_params.get("language") == "de" else "fr"
        return _file(request, pk, Paper.Form.PDF, language)


class ReportCsv(APIView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        """All figures as a table."""
        return _file(request, pk, Paper.Form.CSV, "")


def _file(request, pk, form, language):
    return file_response(
        get_object_or_404(
            Paper.objects.select_related("data_set__report__period"),
            data_set__report=visible(request.auth, pk),
            data_set__audience=Audience.MINISTRY,
            form=form,
            language=language,
        )
    )


class ReportHtml(APIView):
    @extend_schema(responses={(200, "text/html"): OpenApiTypes.STR})
    def get(self, request, pk):
        """The report as a page of its own, in the caller's language."""
        data = queries.data_of(visible(request.auth, pk))
        return render(request, "reporting/alone.html", {"account": account_of(data)})


class ReportJson(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request, pk):
        """The frozen data set, byte by byte what its SHA-256 was taken of."""
        found = get_object_or_404(DataSet, report=visible(request.auth, pk), audience=Audience.MINISTRY)
        return HttpResponse(found.text, content_type="application/json")


class Deliveries(APIView):
    @extend_schema(responses=shapes.DeliveryOut(many=True))
    def get(self, request, pk):
        """To whom a report was sent, and how that went."""
        rows = Delivery.objects.filter(report=get_object_or_404(Report, pk=pk)).select_related("recipient")
        return Response(shapes.DeliveryOut(rows.order_by("id"), many=True).data)
