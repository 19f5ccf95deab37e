from django.urls import path

from reporting.web import figures

urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/definitions/", figures.definitions, name="figures-definitions"),
]
