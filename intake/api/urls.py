from django.urls import path

from intake.api import door, guests

urlpatterns = [
    path("guests/", guests.Guests.as_view(), name="guests"),
    path("guests/<int:pk>/", guests.OneGuest.as_view(), name="guest"),
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
