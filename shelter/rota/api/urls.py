from django.urls import path

from shelter.rota.api import views

urlpatterns = [
    path("rota/shifts/", views.Shifts.as_view(), name="rota-shifts"),
    path("rota/shifts/<int:pk>/", views.OneShift.as_view(), name="rota-shift"),
    path("rota/shifts/<int:pk>/candidates/", views.Candidates.as_view(), name="rota-candidates"),
    path("rota/assignments/", views.Assignments.as_view(), name="rota-assignments"),
    path("rota/assignments/<int:pk>/", views.OneAssignment.as_view(), name="rota-assignment"),
    path("rota/absences/", views.Absences.as_view(), name="rota-absences"),
    path("rota/absences/<int:pk>/", views.OneAbsence.as_view(), name="rota-absence"),
    path("rota/wishes/", views.Wishes.as_view(), name="rota-wishes"),
    path("rota/wishes/<int:pk>/", views.OneWish.as_view(), name="rota-wish"),
    path("rota/plans/", views.Plans.as_view(), name="rota-plans"),
    path("rota/plans/<int:pk>/", views.OnePlan.as_view(), name="rota-plan"),
    path("rota/plans/<int:pk>/solve/", views.Solve.as_view(), name="rota-solve"),
    path("rota/plans/<int:pk>/violations/", views.Violations.as_view(), name="rota-violations"),
    path("rota/plans/<int:pk>/publish/", views.Publish.as_view(), name="rota-publish"),
    path("rota/swaps/", views.Swaps.as_view(), name="rota-swaps"),
    path("rota/swaps/<int:pk>/", views.OneSwap.as_view(), name="rota-swap"),
    path("rota/calendar/<str:secret>.ics", views.Calendar.as_view(), name="rota-calendar"),
]
