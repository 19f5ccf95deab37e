from django.apps import AppConfig


class ShelterConfig(AppConfig):
    name = "shelter"

    def ready(self):
        from shelter import checks  # noqa: F401  (registers the start-up checks)
