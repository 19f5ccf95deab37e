from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "shelter.rota"
    label = "rota"

    def ready(self):
        from shelter import refusing
        from shelter.rota import errors

        refusing.REFUSALS |= {
            "nobody_has_two_shifts_at_once": errors.HasAnotherShift,
            "nobody_stands_twice_in_one_shift": errors.HasAnotherShift,
        }
