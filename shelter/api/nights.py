"""Nights: what they are, how they stand, moving them on."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from shelter.actions import stepping
from shelter.api import serializers as shapes
from shelter.api.asked import night_or_404
from shelter.api.writing import WriteView
from shelter.models import Night


class Nights(generics.ListAPIView):
    """Planned and past nights, the latest first; filter with `?state=` and `?season=`."""

    serializer_class = shapes.NightRowOut
    queryset = Night.objects.select_related("season").order_by("-date")
    filterset_fields = {"state": ["exact"], "season__name": ["exact"], "date": ["exact", "gte", "lte"]}


class OneNight(APIView):
    @extend_schema(responses=shapes.NightOut)
    def get(self, request, night):
        """State, hours, capacity and counts of a night."""
        return Response(shapes.NightOut(night_or_404(night), context={}).data)


class Transitions(WriteView):
    @extend_schema(request=shapes.TransitionIn, responses={200: shapes.NightOut})
    def post(self, request, night):
        """Move the night to a step; back only with a reason."""
        asked = shapes.TransitionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        row = night_or_404(night)

        def act():
            moved = stepping.step(night=row, by=self.by, **asked.validated_data)
            return 200, shapes.NightOut(moved, context={}).data

        return self.write(act)
