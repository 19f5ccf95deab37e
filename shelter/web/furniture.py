"""What stands on every page: who is signed in, tonight's step, where to go, the demo's banner."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shelter import clock, nights
from shelter.actor import Actor
from shelter.gate import declared
from shelter.models import Role

# Where one may go, in the order of an evening: route, label, icon.
WAYS = (
    ("desk", _("Registration"), "pen"),
    ("door", _("Door"), "door"),
    ("board", _("Beds"), "bed"),
    ("presence", _("Present"), "people"),
    ("night", _("Night"), "moon"),
    ("morning", _("Morning"), "sun"),
    ("my-shifts", _("My shifts"), "clock"),
    ("rota", _("Rota"), "swap"),
    ("season", _("Season"), "calendar"),
    ("reports", _("Reports"), "printer"),
    ("house", _("House"), "house"),
    ("settings", _("Settings"), "sliders"),
    ("team", _("Team"), "badge"),
)


# Whoever works at the door finds these in their menu: the rooms of the evening take the line.
IN_THE_MENU = ("my-shifts", "rota")
AT_THE_DOOR = frozenset({Role.FIELD_WORKER, Role.NIGHT_WORKER, Role.NIGHT_LEAD})


def furniture(request):
    actor = getattr(request, "actor", Actor())
    here = request.resolver_match.view_name if request.resolver_match else ""
    now = clock.now()
    ways = [
        {
            "name": name,
            "url": reverse(name),
            "label": label,
            "icon": icon,
            "is_here": here == name or here.startswith(f"{name}-"),
        }
        for name, label, icon in WAYS
        if actor.has_any(declared().get(name, {}).get("GET", ()))
    ]
    aside = IN_THE_MENU if actor.has_any(AT_THE_DOOR) and not actor.has_any({Role.COORDINATOR}) else ()
    return {
        "actor": actor,
        "ways": [way for way in ways if way["name"] not in aside],
        "more_ways": [way for way in ways if way["name"] in aside],
        "theme": theme_of(request, now),
        "theme_choice": request.COOKIES.get("theme", "auto"),
        "is_demo": settings.DEMO and bool(settings.CLOCK_SHIFT),
        "now_local": nights.local(now),
        "tonight_date": clock.tonight(),
        "page_languages": settings.LANGUAGES,
        "here": request.get_full_path(),
    }


def room_of(source):
    """The room of the house that an act came from, as the menu calls it; else its own name."""
    rooms = [label for name, label, _icon in WAYS if source.split("-")[0] == name]
    return rooms[0] if rooms else source


def theme_of(request, now):
    """Dark from 20:00 to 07:00 unless somebody chose otherwise on this device."""
    chosen = request.COOKIES.get("theme", "auto")
    if chosen in {"light", "dark"}:
        return chosen
    hour = nights.local(now).hour
    return "dark" if hour >= 20 or hour < 7 else "light"
