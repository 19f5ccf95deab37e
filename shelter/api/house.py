"""The house: dormitories, beds, closures, activations, opening periods."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from shelter import clock
from shelter.actions import housekeeping, planning
from shelter.api import serializers as shapes
from shelter.api.paging import Pages
from shelter.api.writing import WriteView
from shelter.models import Activation, Bed, Closure, Dormitory, OpeningPeriod, Site
from shelter.standing import bed_on, beds_on


class ListAndAdd(WriteView, generics.ListAPIView):
    """A list of one resource, and the verb that adds to it: `shape_in` is read, `add()` acts."""

    shape_in: type

    def add(self, **asked):
        raise NotImplementedError

    def post(self, request, **kwargs):
        asked = self.shape_in(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.write(lambda: (201, self.get_serializer(self.add(**asked.validated_data)).data))


class Dormitories(ListAndAdd):
    serializer_class, shape_in = shapes.DormitoryOut, shapes.DormitoryIn
    queryset = Dormitory.objects.order_by("position", "code")

    @extend_schema(request=shapes.DormitoryIn, responses={201: shapes.DormitoryOut})
    def post(self, request, **kwargs):
        """A new dormitory with its zone from a night on."""
        return super().post(request, **kwargs)

    def add(self, **asked):
        if Dormitory.objects.filter(code=asked["code"]).exists():
            raise ValidationError({"code": [_("This dormitory exists.")]})
        site = Site.objects.first() or Site.objects.create(name="Foyer")
        return housekeeping.add_dormitory(site=site, by=self.by, **asked)


class OneDormitory(WriteView):
    @extend_schema(responses=shapes.DormitoryOut)
    def get(self, request, pk):
        return Response(shapes.DormitoryOut(get_object_or_404(Dormitory, pk=pk)).data)

    @extend_schema(request=shapes.ZoningIn, responses=shapes.DormitoryOut)
    def patch(self, request, pk):
        """Change the zone from a night on; earlier nights keep theirs."""
        asked = shapes.ZoningIn(data=request.data)
        asked.is_valid(raise_exception=True)
        dormitory = get_object_or_404(Dormitory, pk=pk)

        def act():
            housekeeping.change_zone(dormitory=dormitory, by=self.by, **asked.validated_data)
            return 200, shapes.DormitoryOut(dormitory).data

        return self.write(act)


class Beds(WriteView):
    pagination_class = Pages

    @extend_schema(responses=shapes.BedOut(many=True))
    def get(self, request):
        """Beds standing in the house tonight."""
        pages = Pages()
        page = pages.paginate_queryset(beds_on(clock.tonight()), request, view=self)
        return pages.get_paginated_response(shapes.BedOut(page, many=True).data)

    @extend_schema(request=shapes.BedIn, responses={201: shapes.BedOut})
    def post(self, request):
        """A new bed in a dormitory from a night on."""
        asked = shapes.BedIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.write(lambda: (201, shapes.BedOut(self._add(**asked.validated_data)).data))

    def _add(self, *, dormitory, first_night, **asked):
        beds = housekeeping.add_beds(
            dormitory=dormitory, beds=[Bed(**asked)], first_night=first_night, by=self.by
        )
        return bed_on(first_night, beds[0].pk)


def _standing_or_404(pk):
    bed = bed_on(clock.tonight(), get_object_or_404(Bed, pk=pk).pk)
    if bed is None:
        raise Http404
    return bed


class OneBed(WriteView):
    @extend_schema(responses=shapes.BedOut)
    def get(self, request, pk):
        return Response(shapes.BedOut(_standing_or_404(pk)).data)

    @extend_schema(request=shapes.RepositionIn, responses=shapes.BedOut)
    def patch(self, request, pk):
        """Put the bed into another dormitory, or out of the house (null), from a night on."""
        asked = shapes.RepositionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        standing = _standing_or_404(pk)

        def act():
            housekeeping.reposition_beds(beds=[Bed.objects.get(pk=pk)], by=self.by, **asked.validated_data)
            return 200, shapes.BedOut(bed_on(clock.tonight(), pk) or standing).data

        return self.write(act)


class Closures(ListAndAdd):
    """Closures of one bed, those of its dormitory included."""

    serializer_class, shape_in = shapes.ClosureOut, shapes.ClosureIn

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Closure.objects.none()
        bed = _standing_or_404(self.kwargs["pk"])
        return Closure.objects.filter(Q(bed=bed.id) | Q(dormitory=bed.dormitory_id)).order_by(
            "-first_night", "id"
        )

    @extend_schema(request=shapes.ClosureIn, responses={201: shapes.ClosureOut})
    def post(self, request, **kwargs):
        """Put the bed out of service; from tonight unless said otherwise."""
        return super().post(request, **kwargs)

    def add(self, **asked):
        bed = get_object_or_404(Bed, pk=self.kwargs["pk"])
        return housekeeping.close_bed(bed=bed, by=self.by, **({"first_night": clock.tonight()} | asked))


class OneClosure(WriteView):
    @extend_schema(responses=shapes.ClosureOut)
    def get(self, request, pk):
        return Response(shapes.ClosureOut(get_object_or_404(Closure, pk=pk)).data)

    @extend_schema(request=shapes.ReopenIn, responses=shapes.ClosureOut)
    def patch(self, request, pk):
        """Back in service from a night on, tonight unless said otherwise."""
        asked = shapes.ReopenIn(data=request.data)
        asked.is_valid(raise_exception=True)
        closure = get_object_or_404(Closure, pk=pk)
        from_night = asked.validated_data.get("from_night", clock.tonight())

        def act():
            reopened = housekeeping.reopen(closure=closure, by=self.by, from_night=from_night)
            return 200, shapes.ClosureOut(reopened).data

        return self.write(act)


class Activations(ListAndAdd):
    serializer_class, shape_in = shapes.ActivationOut, shapes.ActivationIn
    queryset = Activation.objects.order_by("-first_night", "-id")

    @extend_schema(request=shapes.ActivationIn, responses={201: shapes.ActivationOut})
    def post(self, request, **kwargs):
        """Open extension or overflow places from a night on."""
        return super().post(request, **kwargs)

    def add(self, **asked):
        return housekeeping.activate_places(by=self.by, **asked)


class Periods(ListAndAdd):
    serializer_class, shape_in = shapes.PeriodOut, shapes.PeriodIn
    queryset = OpeningPeriod.objects.select_related("season").order_by("first_date", "service")

    @extend_schema(request=shapes.PeriodIn, responses={201: shapes.PeriodOut})
    def post(self, request, **kwargs):
        """An opening period; the night shelter's plan their nights."""
        return super().post(request, **kwargs)

    def add(self, **asked):
        return planning.add_period(by=self.by, **asked)
