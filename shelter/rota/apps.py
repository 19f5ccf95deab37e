from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "shelter.rota"
    label = "rota"
