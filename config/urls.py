"""Every address of the house: pages, API, and how errors look."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from drf_spectacular.views import SpectacularSwaggerSplitView as Docs

import intake.api.urls
import reporting.api.urls
import shelter.api.urls
import shelter.rota.api.urls

api = [
    *shelter.api.urls.urlpatterns,
    *intake.api.urls.urlpatterns,
    *shelter.rota.api.urls.urlpatterns,
    *reporting.api.urls.urlpatterns,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", Docs.as_view(url_name="api:schema", template_name="shelter/api_docs.html"), name="docs"),
]

urlpatterns = [
    path("api/v1/", include((api, "api"))),
    path("", include("shelter.web.urls")),
    path("", include("intake.web.urls")),
    path("", include("shelter.rota.web.urls")),
    path("", include("reporting.web.urls")),
]

handler403 = "shelter.web.answering.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
