"""Dated settings: what is in force tonight, what changed when and why."""

from django.shortcuts import redirect, render

from shelter import clock, queries
from shelter.actions import planning
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Setting
from shelter.parameters import PARAMETERS
from shelter.web.forms import SettingForm


def settings_page(request):
    form = SettingForm(request.POST or None, initial={"first_night": clock.tonight()})
    if request.method == "POST" and form.is_valid():
        try:
            planning.change_setting(by=request.actor, **form.cleaned_data)
            return redirect("settings")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    in_force = queries.settings_for(clock.tonight())
    page = {
        "form": form,
        "may_set": may(request.actor, "settings", "POST"),
        "values": [
            {"parameter": parameter, "value": parameter.write(getattr(in_force, key))}
            for key, parameter in PARAMETERS.items()
        ],
        "changes": [
            {"row": row, "label": PARAMETERS[row.key].label}
            for row in Setting.objects.select_related("set_by").order_by("-set_at", "-id")[:50]
        ],
    }
    return render(request, "shelter/settings.html", page, status=422 if form.errors else 200)
