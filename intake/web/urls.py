from django.urls import path

from intake.web import board, desk, door, guests, morning, presence

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/guests/<int:pk>/", desk.register, name="desk-register"),
    path("desk/registrations/<int:pk>/withdraw/", desk.withdraw, name="desk-withdraw"),
    path("door/", door.door, name="door"),
    path("door/guests/<int:pk>/", door.guest_panel, name="door-guest"),
    path("door/guests/<int:pk>/check-in/", door.check_in, name="door-check-in"),
    path("door/bed-nights/<int:pk>/leave/", door.leave, name="door-leave"),
    path("door/bed-nights/<int:pk>/return/", door.come_back, name="door-return"),
    path("door/undo/", door.undo, name="door-undo"),
    path("door/refuse/", door.refuse, name="door-refuse"),
    path("board/", board.board, name="board"),
    path("board/beds/<int:pk>/", board.bed, name="board-bed"),
    path("board/bed-nights/<int:pk>/move/", board.move, name="board-move"),
    path("board/beds/<int:pk>/close/", board.close, name="board-close"),
    path("board/closures/<int:pk>/reopen/", board.reopen, name="board-reopen"),
    path("guests/<int:pk>/", guests.card, name="guest"),
    path("guests/new/", guests.new, name="guest-new"),
    path("guests/<int:pk>/change/", guests.change, name="guest-change"),
    path("guests/look-alikes/", guests.look_alikes, name="look-alikes"),
    path("search/", guests.search, name="search"),
    path("morning/", morning.morning, name="morning"),
    path("presence/", presence.presence, name="presence"),
    path("presence.pdf", presence.presence_pdf, name="presence-pdf"),
    path("evening-list.pdf", presence.evening_list_pdf, name="evening-list-pdf"),
]
