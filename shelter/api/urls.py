from django.urls import path

from shelter.api import house, nights

urlpatterns = [
    path("nights/", nights.Nights.as_view(), name="nights"),
    path("nights/<night:night>/", nights.OneNight.as_view(), name="night"),
    path("nights/<night:night>/transitions/", nights.Transitions.as_view(), name="transitions"),
    path("dormitories/", house.Dormitories.as_view(), name="dormitories"),
    path("dormitories/<int:pk>/", house.OneDormitory.as_view(), name="dormitory"),
    path("beds/", house.Beds.as_view(), name="beds"),
    path("beds/<int:pk>/", house.OneBed.as_view(), name="bed"),
    path("beds/<int:pk>/closures/", house.Closures.as_view(), name="closures"),
    path("closures/<int:pk>/", house.OneClosure.as_view(), name="closure"),
    path("capacity-activations/", house.Activations.as_view(), name="activations"),
    path("opening-periods/", house.Periods.as_view(), name="periods"),
]
