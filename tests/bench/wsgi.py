"""The house as it is, and beside it the least that a web application with a database can do.

`/api/v1/bare/` reads one row and writes one, in one transaction: no account, no rule, no log. What the house's
own acts cost is told as a ratio to it, so that a slow machine changes both. Only for measuring.
"""

from django.conf import settings
from django.db import connection, transaction
from django.urls import path
from django.utils import timezone

from config.wsgi import application

from config.urls import handler403, handler404, handler500  # isort: skip (after the applications are loaded)
from config.urls import urlpatterns as house  # isort: skip
from rest_framework.response import Response  # isort: skip
from rest_framework.views import APIView  # isort: skip

__all__ = ["application", "handler403", "handler404", "handler500"]

TABLE = "CREATE TABLE bare_line (night_id bigint NOT NULL, guest_id bigint NOT NULL, at varchar(40) NOT NULL)"


class Bare(APIView):
    authentication_classes = permission_classes = ()

    def post(self, request):
        asked = request.data
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM shelter_night WHERE date = %s", [asked["night"]])
            (night,) = cursor.fetchone()
            values = [night, asked["guest"], timezone.now().isoformat()]
            cursor.execute("INSERT INTO bare_line (night_id, guest_id, at) VALUES (%s, %s, %s)", values)
        return Response({"night": asked["night"], "guest": asked["guest"]}, status=201)


urlpatterns = [path("api/v1/bare/", Bare.as_view()), *house]
settings.ROOT_URLCONF = __name__
