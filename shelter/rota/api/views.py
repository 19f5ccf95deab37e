"""Shifts, assignments, absences, wishes, plans and swaps by API: the same actions and the same eyes as the pages."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from shelter import clock, nights
from shelter.api.writing import WriteView
from shelter.rota import errors, rules, tasks
from shelter.rota.actions import calendars, people, planning, proposing, shifts, swapping
from shelter.rota.api import filters, shapes
from shelter.rota.calendar import as_ical
from shelter.rota.models import Absence, Assignment, Employment, Plan, Shift, Skill, Swap, Wish
from shelter.rota.queries import coverage
from shelter.rota.queries.candidates import candidates
from shelter.rota.queries.grid import grid
from shelter.rota.queries.plans import open_plans


def _own(by):
    """People (a query of ids) somebody knows by name: of their organisations; themselves."""
    known = Employment.objects.from_day(nights.local(clock.now()).date())
    if not rules.sees_all(by):
        known = known.filter(
            Q(organisation__code__in=by.organisations_as(rules.READERS)) | Q(person=by.person)
        )
    return known.order_by().values("person")


class RotaView(WriteView):
    def asked(self, shape):
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class Shifts(RotaView, generics.ListAPIView):
    """Dated shifts with their places; filter with `?night=`, `?night_after=`, `?night_before=` and `?kind=`."""

    serializer_class = shapes.ShiftOut
    queryset = Shift.objects.select_related("template", "night").order_by("start", "pk")
    filterset_class = filters.Shifts

    def paginate_queryset(self, queryset):
        self.page = super().paginate_queryset(queryset)
        return self.page

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "places": _places(getattr(self, "page", None) or [])}

    @extend_schema(request=shapes.LayOutIn, responses={201: shapes.ShiftOut(many=True)})
    def post(self, request, **kwargs):
        """Lay out the shifts of the nights that have none yet; those that are new are told."""
        asked = self.asked(shapes.LayOutIn)

        def act():
            made = shifts.lay_out(by=self.by, **asked)
            return 201, shapes.ShiftOut(made, many=True, context={"places": _places(made)}).data

        return self.write(act)


def _places(rows):
    """By shift its places, for some shifts."""
    if not rows:
        return {}
    found = defaultdict(list)
    days = [row.day for row in rows]
    for place in coverage.places(min(days), max(days)):
        found[place.shift.pk].append(place)
    return found


class OneShift(RotaView):
    @extend_schema(responses=shapes.ShiftOut)
    def get(self, request, pk):
        row = get_object_or_404(Shift.objects.select_related("template", "night"), pk=pk)
        return Response(shapes.ShiftOut(row, context={"places": _places([row])}).data)

    @extend_schema(request=shapes.DemandIn, responses=shapes.ShiftOut)
    def patch(self, request, pk):
        """How many this shift needs of a duty, other than usual."""
        row = get_object_or_404(Shift.objects.select_related("template", "night"), pk=pk)
        asked = self.asked(shapes.DemandIn)

        def act():
            usual = row.demands.filter(skill=asked["skill"]).first()
            wished = usual.wished if usual else asked["minimum"]
            shifts.set_demand(shift=row, wished=wished, by=self.by, **asked)
            return 200, shapes.ShiftOut(row, context={"places": _places([row])}).data

        return self.write(act)


class Candidates(APIView):
    @extend_schema(parameters=[OpenApiParameter("skill", str, required=True)], responses=shapes.CandidatesOut)
    def get(self, request, pk):
        """Who of one's own could take a place in a shift, the least loaded first; what stops each of the others."""
        shift = get_object_or_404(Shift.objects.select_related("template", "night"), pk=pk)
        skill = Skill.objects.filter(code=request.query_params.get("skill", "").replace("\0", "")).first()
        if skill is None:
            raise ValidationError({"skill": [_("A skill’s code is needed here.")]})

        def knows(organisation):
            return rules.sees_names_of(request.auth, organisation)

        found = [
            each
            for each in candidates(shift, skill, plans=open_plans(shift.day, shift.day), knows=knows)
            if knows(each.employment.organisation)
        ]
        return Response(shapes.CandidatesOut({"count": len(found), "results": found}).data)


class Assignments(RotaView, generics.ListAPIView):
    """Who works when: what stands, and open drafts. Filter with `?night=`, `?person=`, `?plan=` and `?stands=`."""

    serializer_class = shapes.AssignmentOut
    queryset = Assignment.objects.none()
    filterset_class = filters.Assignments

    def get_queryset(self):
        rows = Assignment.objects.filter(Q(stands=True) | Q(plan__state__in=Plan.OPEN))
        own = _own(self.by)
        beside = Assignment.objects.filter(stands=True, person__in=own).values("shift")
        rows = rows.filter(Q(person__in=own) | Q(stands=True, shift__in=beside))
        return rows.select_related("person", "skill", "plan__organisation").order_by("start", "pk")

    @extend_schema(request=shapes.AssignmentIn, responses={201: shapes.AssignmentOut})
    def post(self, request, **kwargs):
        """Put somebody into a shift of a draft. What breaks a rule is found by `violations`, not refused."""
        asked = self.asked(shapes.AssignmentIn)
        return self.write(lambda: (201, shapes.AssignmentOut(planning.assign(by=self.by, **asked)).data))


class OneAssignment(RotaView):
    @extend_schema(request=shapes.PinIn, responses=shapes.AssignmentOut)
    def patch(self, request, pk):
        """Pin an assignment of a draft, so that proposals leave it, or let it go."""
        row = self._drafted(pk)
        asked = self.asked(shapes.PinIn)

        def act():
            changed = planning.assign(
                plan=row.plan, shift=row.shift, skill=row.skill, person=row.person, by=self.by, **asked
            )
            return 200, shapes.AssignmentOut(changed).data

        return self.write(act)

    @extend_schema(responses={204: None})
    def delete(self, request, pk):
        """Take somebody out of a draft."""

        def act():
            planning.unassign(assignment=self._drafted(pk), by=self.by)
            return 204, None

        return self.write(act)

    def _drafted(self, pk):
        wanted = Assignment.objects.select_related("plan__organisation", "shift__night", "skill", "person")
        return get_object_or_404(wanted, pk=pk)


class Absences(RotaView, generics.ListAPIView):
    """When one's own people are away. Filter with `?person=` and `?kind=`."""

    serializer_class = shapes.AbsenceOut
    queryset = Absence.objects.none()
    filterset_fields = {"person": ["exact"], "kind": ["exact"], "start": ["lte"], "end": ["gte"]}

    def get_queryset(self):
        rows = Absence.objects.filter(person__in=_own(self.by))
        return rows.select_related("person").order_by("start", "pk")

    @extend_schema(request=shapes.AbsenceIn, responses={201: shapes.AbsenceOut})
    def post(self, request, **kwargs):
        """Enter an absence. Shifts in it stay and are found by the checks; see the page for finding somebody."""
        asked = self.asked(shapes.AbsenceIn)
        return self.write(lambda: (201, shapes.AbsenceOut(people.block(by=self.by, **asked)).data))


class OneAbsence(RotaView):
    @extend_schema(responses={204: None})
    def delete(self, request, pk):
        """Somebody is there after all."""

        def act():
            row = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
            people.unblock(absence=row, by=self.by)
            return 204, None

        return self.write(act)


class Wishes(RotaView, generics.ListAPIView):
    """Wishes: one's own, and as a planner those of one's people. Filter with `?night=` and `?person=`."""

    serializer_class = shapes.WishOut
    queryset = Wish.objects.none()
    filterset_fields = {"night": ["exact", "gte", "lte"], "person": ["exact"]}

    def get_queryset(self):
        rows = Wish.objects.all()
        if not self.by.has_any(rules.PLANNERS):
            rows = rows.filter(person=self.by.person)
        rows = rows.filter(person__in=_own(self.by))
        return rows.select_related("person", "template").order_by("night", "pk")

    @extend_schema(request=shapes.WishIn, responses={201: shapes.WishOut})
    def post(self, request, **kwargs):
        """Wish to be free, or to work; the same day and kind again replaces the wish."""
        asked = self.asked(shapes.WishIn)
        asked["template"] = asked.pop("kind")

        def act():
            made = people.wish(person=self.by.person, by=self.by, **asked)
            return 201, shapes.WishOut(made).data

        return self.write(act)


class OneWish(RotaView):
    @extend_schema(responses={204: None})
    def delete(self, request, pk):
        """Take a wish of one's own back."""

        def act():
            row = get_object_or_404(Wish.objects.select_related("person", "template"), pk=pk)
            if row.person != self.by.person:
                raise errors.NotYourOwn()
            people.wish(person=row.person, night=row.night, template=row.template, weight=0, by=self.by)
            return 204, None

        return self.write(act)


class Plans(RotaView, generics.ListAPIView):
    """Plans, version by version. Filter with `?state=` and `?organisation=` (code)."""

    serializer_class = shapes.RotaPlanOut
    queryset = Plan.objects.select_related("organisation").order_by("first_day", "organisation", "number")
    filterset_class = filters.Plans

    @extend_schema(request=shapes.RotaPlanIn, responses={201: shapes.RotaPlanOut})
    def post(self, request, **kwargs):
        """Open the draft of a period; where one is open already, that one."""
        asked = self.asked(shapes.RotaPlanIn)
        return self.write(lambda: (201, shapes.RotaPlanOut(planning.open_draft(by=self.by, **asked)).data))


class OnePlan(RotaView):
    @extend_schema(responses=shapes.RotaPlanOut)
    def get(self, request, pk):
        return Response(shapes.RotaPlanOut(_plan(pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, request, pk):
        """Give a draft up; what stands goes on standing."""
        row = _plan(pk)

        def act():
            planning.drop(plan=row, by=self.by)
            return 204, None

        return self.write(act)


def _plan(pk):
    return get_object_or_404(Plan.objects.select_related("organisation"), pk=pk)


class Solve(RotaView):
    @extend_schema(responses=shapes.ProposalOut)
    def get(self, request, pk):
        """The latest proposal for a plan's period."""
        plan = _plan(pk)
        rules.plans_own_people(self.by, plan.organisation)
        found = _proposals(plan).order_by("-pk").first()
        if found is None:
            raise Http404
        return Response(shapes.ProposalOut(found).data)

    @extend_schema(request=shapes.SolveIn, responses={202: shapes.ProposalOut})
    def post(self, request, pk):
        """Ask for a proposal for a plan's period; it is worked out by a process of its own."""
        plan, asked = _plan(pk), self.asked(shapes.SolveIn)

        def act():
            proposal = proposing.ask(
                first_day=plan.first_day, last_day=plan.last_day, organisation=plan.organisation, by=self.by,
                **asked,
            )  # fmt: skip
            transaction.on_commit(tasks.work_out_next.delay)
            return 202, shapes.ProposalOut(proposal).data

        return self.write(act)


def _proposals(plan):
    return proposing.Proposal.objects.filter(
        organisation=plan.organisation, first_day=plan.first_day, last_day=plan.last_day
    )


class Violations(APIView):
    @extend_schema(responses=shapes.ViolationsOut)
    def get(self, request, pk):
        """What the law and the terms find in a plan's period, of people one knows; `forbids` blocks a publication."""
        plan = _plan(pk)
        shown = grid(
            plan.first_day,
            plan.last_day,
            sees=lambda organisation: rules.sees_names_of(request.auth, organisation),
        )
        found = [problem for problem in shown.problems if plan.organisation in problem.organisations]
        return Response(shapes.ViolationsOut({"count": len(found), "results": found}).data)


class Publish(RotaView):
    @extend_schema(request=shapes.PublishIn, responses={200: shapes.RotaPlanOut})
    def post(self, request, pk):
        """Publish a draft: refused if it breaks the law anywhere in the season."""
        plan, asked = _plan(pk), self.asked(shapes.PublishIn)

        def act():
            planning.publish(plan=plan, by=self.by, **asked)
            return 200, shapes.RotaPlanOut(_plan(pk)).data

        return self.write(act)


class Calendar(APIView):
    authentication_classes = ()

    @extend_schema(exclude=True)  # for calendars, not for programs: it is no JSON and needs no token
    def get(self, request, secret):
        """The shifts behind a secret address, for calendars: hours and places only. It is revoked on the page."""
        address = calendars.of_secret(secret)
        if address is None:
            raise Http404
        return HttpResponse(as_ical(address), content_type="text/calendar; charset=utf-8")


class Swaps(RotaView, generics.ListAPIView):
    """Swaps one is part of, and as a planner those of one's people. Filter with `?state=`."""

    serializer_class = shapes.ShiftSwapOut
    queryset = Swap.objects.none()
    filterset_fields = {"state": ["exact"]}

    def get_queryset(self):
        mine = Q(giver=self.by.person) | Q(taker=self.by.person)
        if self.by.has_any(rules.PLANNERS):
            mine |= Q(giver__in=_own(self.by))
        return Swap.objects.filter(mine).select_related("giver", "taker").order_by("-asked_at", "-pk")

    @extend_schema(request=shapes.ShiftSwapIn, responses={201: shapes.ShiftSwapOut})
    def post(self, request, **kwargs):
        """Ask a colleague to take a shift of one's own."""
        asked = self.asked(shapes.ShiftSwapIn)
        if asked["given"].person != self.by.person:
            rules.plans_person(self.by, asked["given"].person)
        rules.are_colleagues(asked["given"], asked["taker"])
        return self.write(lambda: (201, shapes.ShiftSwapOut(swapping.ask(by=self.by, **asked)).data))


class OneSwap(RotaView):
    @extend_schema(request=shapes.ShiftSwapAnswerIn, responses=shapes.ShiftSwapOut)
    def patch(self, request, pk):
        """Agree or refuse (whom it was asked of), withdraw (who asked), approve or undo (who plans)."""
        row = get_object_or_404(
            Swap.objects.select_related("given__plan__organisation", "giver", "taker"), pk=pk
        )
        verb = self.asked(shapes.ShiftSwapAnswerIn)["verb"]
        rules.may_answer_swap(self.by, row, verb)

        def act():
            return 200, shapes.ShiftSwapOut(getattr(swapping, verb)(swap=row, by=self.by)).data

        return self.write(act)
