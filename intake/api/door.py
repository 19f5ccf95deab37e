"""The evening by API: registrations, offers, check-ins, moves, refusals, presence."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView

from intake import queries
from intake.actions import door
from intake.api import serializers as shapes
from intake.models import Guest
from shelter import queries as house
from shelter.actions import placing, registering, undoing
from shelter.api.asked import night_or_404
from shelter.api.paging import Pages
from shelter.api.writing import WriteView
from shelter.models import Bed, BedNight, Night


class DoorView(WriteView):
    """Writes at the door demand an Idempotency-Key: wet fingers tap twice."""

    key_required = True
    pagination_class = Pages

    def asked(self, shape):
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def paged(self, rows, shape):
        """A page of rows as `shape`, with the guests behind their numbers."""
        pages = Pages()
        page: list = pages.paginate_queryset(rows, self.request, view=self) or []
        return pages.get_paginated_response(shape(page, many=True, context=_guests_of(page)).data)


def _guests_of(rows):
    return {"guests": queries.guests_by_occupant([row.occupant_id for row in rows])}


def _one(shape, row, guest=None):
    context = {"guests": {guest.occupant_id: guest}} if guest else _guests_of([row])
    return shape(row, context=context).data


class Registrations(DoorView):
    @extend_schema(responses=shapes.RegistrationOut(many=True))
    def get(self, request, night):
        """Who is expected tonight."""
        rows = house.registered(night_or_404(night)).select_related("night")
        return self.paged(rows, shapes.RegistrationOut)

    @extend_schema(request=shapes.RegistrationIn, responses={201: shapes.RegistrationOut})
    def post(self, request, night):
        """Register a guest for the night; asked twice, the same registration comes back."""
        guest = self.asked(shapes.RegistrationIn)["guest"]
        row = night_or_404(night)

        def act():
            registration = door.register_for_tonight(guest=guest, night=row, by=self.by)
            return 201, _one(shapes.RegistrationOut, registration, guest)

        return self.write(act)

    @extend_schema(
        parameters=[OpenApiParameter("guest", int)], request=shapes.RegistrationIn, responses={204: None}
    )
    def delete(self, request, night):
        """The guest (`{guest}` or `?guest=`) will not come after all."""
        asked = shapes.RegistrationIn(data=request.data or {"guest": request.query_params.get("guest")})
        asked.is_valid(raise_exception=True)
        guest = asked.validated_data["guest"]
        registration = house.registered(night_or_404(night)).filter(occupant=guest.occupant).first()

        def act():
            if registration is None:
                raise Http404
            registering.withdraw_registration(registration=registration, by=self.by)
            return 204, None

        return self.write(act)


class BedOffers(APIView):
    @extend_schema(parameters=[OpenApiParameter("guest", int, required=True)], responses=shapes.OffersOut)
    def get(self, request, night):
        """Every bed for this guest, the best first, each with its reasons; unusable ones with theirs."""
        guest = _guest_named(request.query_params.get("guest", ""))
        row = night_or_404(night)
        board = house.board_of(row)
        dormitories = {bed.id: bed.dormitory for bed in board}
        results = [
            {
                "bed": {
                    "id": offer.place.bed,
                    "label": offer.place.label,
                    "dormitory": dormitories[offer.place.bed],
                },
                "usable": offer.usable,
                "reasons": [str(reason) for reason in offer.reasons],
            }
            for offer in queries.offers_for(guest, row, board)
        ]
        return Response({"count": len(results), "next": None, "previous": None, "results": results})


def _guest_named(text):
    if not text.isdecimal() or len(text) > 18:
        raise exceptions.ValidationError({"guest": [_("A guest's id is needed here.")]})
    return get_object_or_404(Guest.objects.select_related("occupant"), pk=int(text))


class Board(APIView):
    @extend_schema(responses=shapes.BoardOut)
    def get(self, request, night):
        """Every bed with its state and who lies in it."""
        board = house.board_of(night_or_404(night))
        guests = queries.guests_by_occupant([bed.occupant for bed in board if bed.occupant])
        return Response({"results": shapes.BoardBedOut(board, many=True, context={"guests": guests}).data})


class CheckIns(DoorView):
    @extend_schema(request=shapes.CheckInIn, responses={201: shapes.BedNightOut})
    def post(self, request, night):
        """Let a guest in: into `bed`, the bed kept for them, or the best free one."""
        asked = self.asked(shapes.CheckInIn)
        guest, bed = asked.pop("guest"), asked.pop("bed", None)

        def act():
            wanted = Bed(pk=bed) if bed else None
            try:
                row = door.check_in(guest=guest, night=Night(date=night), bed=wanted, by=self.by, **asked)
            except Night.DoesNotExist as error:  # asked for under its lock only, for the door's sake
                raise Http404 from error
            return 201, _one(shapes.BedNightOut, row, guest)

        return self.write(act)


class BedNightView(DoorView):
    """A verb on one bed-night."""

    def verb(self, pk, verb, **asked):
        row = get_object_or_404(BedNight.objects.select_related("night", "bed", "occupant"), pk=pk)
        return self.write(lambda: (200, _one(shapes.BedNightOut, verb(bed_night=row, by=self.by, **asked))))


class OneBedNight(APIView):
    @extend_schema(responses=shapes.BedNightOut)
    def get(self, request, pk):
        row = get_object_or_404(BedNight.objects.select_related("night", "bed", "occupant"), pk=pk)
        return Response(_one(shapes.BedNightOut, row))


class CheckOut(BedNightView):
    @extend_schema(request=shapes.LeaveIn, responses=shapes.BedNightOut)
    def post(self, request, pk):
        """The guest leaves; the bed is free from then on."""
        return self.verb(pk, placing.leave, **self.asked(shapes.LeaveIn))


class MoveBed(BedNightView):
    @extend_schema(request=shapes.MoveIn, responses=shapes.BedNightOut)
    def post(self, request, pk):
        """Another bed tonight."""
        asked = self.asked(shapes.MoveIn)
        bed = get_object_or_404(Bed, pk=asked.pop("bed"))
        return self.verb(pk, door.move, bed=bed, **asked)


class ReturnToBed(BedNightView):
    @extend_schema(request=None, responses=shapes.BedNightOut)
    def post(self, request, pk):
        """The guest comes back within the night."""
        return self.verb(pk, door.come_back)


class ReleaseBed(BedNightView):
    @extend_schema(request=None, responses=shapes.BedNightOut)
    def post(self, request, pk):
        """Stop keeping the bed."""
        return self.verb(pk, placing.release, cause="by_hand")


class UndoLast(BedNightView):
    @extend_schema(request=None, responses=shapes.BedNightOut)
    def post(self, request, pk):
        """Take back the last act on this bed-night."""
        return self.verb(pk, undoing.undo_last)


class Refusals(DoorView):
    @extend_schema(responses=shapes.RefusalOut(many=True))
    def get(self, request, night):
        """Who was refused tonight, and offers declined."""
        rows = house.refused(night_or_404(night)).select_related("night")
        return self.paged(rows, shapes.RefusalOut)

    @extend_schema(request=shapes.RefusalIn, responses={201: shapes.RefusalOut})
    def post(self, request, night):
        """Write a refusal down, with exactly one main reason and where the person was sent."""
        asked = self.asked(shapes.RefusalIn)
        row = night_or_404(night)
        return self.write(
            lambda: (201, _one(shapes.RefusalOut, door.turn_away(night=row, by=self.by, **asked)))
        )


class Presence(APIView):
    @extend_schema(responses=shapes.PresenceOut)
    def get(self, request, night):
        """Who is inside now, by dormitory."""
        rows = queries.present_by_dormitory(night_or_404(night))
        results = [
            {
                "dormitory": dormitory,
                "present": len(people),
                "people": [{"bed": bed.label, "guest": shapes._short(guest)} for bed, guest in people],
            }
            for dormitory, people in rows
        ]
        return Response({"total": sum(row["present"] for row in results), "results": results})
