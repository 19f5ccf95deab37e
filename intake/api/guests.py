"""Guest files."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from intake import queries
from intake.actions import guests
from intake.api import serializers as shapes
from intake.models import Guest
from shelter import clock
from shelter.api.paging import Pages
from shelter.api.writing import WriteView
from shelter.models import Night


def _guest_or_404(pk):
    """The file that counts: behind the address of a joined file, the one it was joined with."""
    return get_object_or_404(Guest.objects.select_related(*queries.WITH_KEPT), pk=pk).kept


class Guests(WriteView):
    pagination_class = Pages

    @extend_schema(parameters=[OpenApiParameter("q", description="name, year, bed or number")],
                   responses=shapes.HitOut(many=True))  # fmt: skip
    def get(self, request):
        """Search guests with `?q=` (two characters or more); without it, nobody is listed."""
        night = Night.objects.filter(date=clock.tonight()).first() or Night(date=clock.tonight())
        hits = queries.search(request.query_params.get("q", "").replace("\0", ""), night)
        pages = Pages()
        page = pages.paginate_queryset(hits, request, view=self)
        return pages.get_paginated_response(shapes.HitOut(page, many=True).data)

    @extend_schema(request=shapes.GuestIn, responses={201: shapes.GuestOut})
    def post(self, request):
        """A new guest file."""
        asked = shapes.GuestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.write(
            lambda: (201, shapes.GuestOut(guests.add_guest(by=self.by, **asked.validated_data)).data)
        )


class OneGuest(WriteView):
    @extend_schema(responses=shapes.GuestOut)
    def get(self, request, pk):
        """One guest file; reading it leaves a line in the log."""
        guest = _guest_or_404(pk)
        guests.note_reading(guest=guest, by=self.by, fields=["names", "needs"])
        return Response(shapes.GuestOut(guest).data)

    @extend_schema(request=shapes.GuestIn(partial=True), responses=shapes.GuestOut)
    def patch(self, request, pk):
        """Change some answers."""
        guest = _guest_or_404(pk)
        asked = shapes.GuestIn(guest, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        return self.write(
            lambda: (
                200,
                shapes.GuestOut(guests.change_guest(guest=guest, by=self.by, **asked.validated_data)).data,
            )
        )
