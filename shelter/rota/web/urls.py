from django.urls import path

from shelter.rota.web import covering, grid, mine, place, proposals, register

urlpatterns = [
    path("rota/", grid.rota, name="rota"),
    path("rota/people/<int:person>/<night:day>/", grid.cell, name="rota-cell"),
    path("rota/people/<int:person>/set-aside/", grid.set_aside, name="rota-set-aside"),
    path("rota/copy/", grid.copy, name="rota-copy"),
    path("rota/plans/<int:plan>/publish/", grid.publish, name="rota-publish"),
    path("rota/plans/<int:plan>/drop/", grid.drop, name="rota-drop"),
    path("rota/shifts/<int:shift>/<slug:skill>/", place.place, name="rota-place"),
    path("rota/people/<int:person>/<night:day>/absent/", covering.absent, name="rota-absent"),
    path("rota/shifts/<int:shift>/<slug:skill>/offer/", covering.offer, name="rota-offer"),
    path("rota/open/<int:pk>/calls/<int:person>/", covering.call, name="rota-call"),
    path("rota/leave/<int:pk>/", covering.answer_leave, name="rota-leave"),
    path("rota/swaps/<int:pk>/", covering.decide_swap, name="rota-swap"),
    path("rota/proposals/", proposals.propose, name="rota-propose"),
    path("rota/proposals/<int:pk>/", proposals.proposal, name="rota-proposal"),
    path("rota/register/", register.register, name="rota-register"),
    path("rota/register/<slug:organisation>/<night:month>.<slug:kind>", register.sheet, name="rota-sheet"),
    path("rota/worked/<int:pk>/", register.correct, name="rota-worked"),
    path("my-shifts/", mine.my_shifts, name="my-shifts"),
    path("my-shifts/wish/", mine.wish, name="my-wish"),
    path("my-shifts/leave/", mine.leave, name="my-leave"),
    path("my-shifts/offers/<int:pk>/take/", mine.take, name="my-take"),
    path("my-shifts/<int:pk>/swap/", mine.swap, name="my-swap"),
    path("my-shifts/swaps/<int:pk>/", mine.answer_swap, name="my-swap-answer"),
    path("my-shifts/calendar/", mine.calendar_address, name="my-calendar"),
    path("rota/calendar/<str:secret>.ics", mine.calendar, name="rota-calendar"),
]
