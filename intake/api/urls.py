from django.urls import path

from intake.api import door, guests, night, plan

urlpatterns = [
    path("guests/", guests.Guests.as_view(), name="guests"),
    path("guests/<int:pk>/", guests.OneGuest.as_view(), name="guest"),
    path("guests/<int:pk>/exclusions/", night.Exclusions.as_view(), name="exclusions"),
    path("guests/<int:pk>/merge/", night.MergeGuest.as_view(), name="merge"),
    path("guests/<int:pk>/unmerge/", night.UnmergeGuest.as_view(), name="unmerge"),
    path("cold-spells/", night.ColdSpells.as_view(), name="cold-spells"),
    path("cold-spells/<int:pk>/", night.OneColdSpell.as_view(), name="cold-spell"),
    path("incidents/", night.Incidents.as_view(), name="incidents"),
    path("incidents/<int:pk>/", night.OneIncident.as_view(), name="incident"),
    path("handovers/", night.Handovers.as_view(), name="handovers"),
    path("belongings/", night.Belongings.as_view(), name="belongings"),
    path("belongings/<int:pk>/", night.OneBelonging.as_view(), name="belonging"),
    path("nights/<night:night>/plan/", plan.Plan.as_view(), name="plan"),
    path("nights/<night:night>/plan/apply/", plan.ApplyPlan.as_view(), name="plan-apply"),
    path("nights/<night:night>/round/", night.Rounds.as_view(), name="round"),
    path("nights/<night:night>/board/", door.Board.as_view(), name="board"),
    path("nights/<night:night>/registrations/", door.Registrations.as_view(), name="registrations"),
    path("nights/<night:night>/bed-offers/", door.BedOffers.as_view(), name="bed-offers"),
    path("nights/<night:night>/check-ins/", door.CheckIns.as_view(), name="check-ins"),
    path("nights/<night:night>/refusals/", door.Refusals.as_view(), name="refusals"),
    path("nights/<night:night>/presence/", door.Presence.as_view(), name="presence"),
    path("bed-nights/<int:pk>/", door.OneBedNight.as_view(), name="bed-night"),
    path("bed-nights/<int:pk>/check-out/", door.CheckOut.as_view(), name="check-out"),
    path("bed-nights/<int:pk>/move/", door.MoveBed.as_view(), name="move"),
    path("bed-nights/<int:pk>/return/", door.ReturnToBed.as_view(), name="return"),
    path("bed-nights/<int:pk>/release/", door.ReleaseBed.as_view(), name="release"),
    path("bed-nights/<int:pk>/undo/", door.UndoLast.as_view(), name="undo"),
]
