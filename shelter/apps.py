from django.apps import AppConfig
from django.urls import register_converter


class ShelterConfig(AppConfig):
    name = "shelter"

    def ready(self):
        from shelter import checks  # noqa: F401  (registers the start-up checks)
        from shelter.addresses import NightConverter

        register_converter(NightConverter, "night")
