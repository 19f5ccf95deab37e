"""What lists of the rota are filtered by, under the names of what is given out."""

from django_filters import CharFilter, DateFilter, FilterSet

from shelter.rota.models import Assignment, Plan, Shift


class Shifts(FilterSet):
    night = DateFilter("night__date")
    night_after = DateFilter("night__date", "gte")
    night_before = DateFilter("night__date", "lte")
    kind = CharFilter("template__code")

    class Meta:
        model = Shift
        fields: list[str] = []


class Assignments(FilterSet):
    night = DateFilter("shift__night__date")
    night_after = DateFilter("shift__night__date", "gte")
    night_before = DateFilter("shift__night__date", "lte")

    class Meta:
        model = Assignment
        fields = ["person", "plan", "stands"]


class Plans(FilterSet):
    organisation = CharFilter("organisation__code")

    class Meta:
        model = Plan
        fields = {"state": ["exact"], "first_day": ["lte"], "last_day": ["gte"]}
