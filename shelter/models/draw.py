"""The draw that puts people in line when places are short: one a night, fixed before it can be known."""

from django.db import models
from django.db.models import Q

from shelter.models.season import Night


class Draw(models.Model):
    """A seed whose digest is shown while registration is open; drawn once, when the list is frozen.

    `line` holds the numbers registered by then, in the order drawn. The database refuses to change the seed, its
    digest, or a line that has been drawn.
    """

    night = models.OneToOneField(Night, models.PROTECT, related_name="draw")
    seed = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    fixed_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)
    line = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, line__isnull=True)
                | Q(drawn_at__isnull=False, line__isnull=False),
                name="a_draw_has_a_line",
            )
        ]

    def __str__(self):
        return f"{self.night} {self.digest[:8]}"

    @property
    def shown_seed(self):
        """The seed once it may be known: after the draw."""
        return self.seed if self.drawn_at else None
