from django.db import models

from shelter.models.team import Person


class StoredAnswer(models.Model):
    """The answer to a write, kept under the caller's Idempotency-Key in the write's own transaction."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)  # digest of method, path and body
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_person_and_key")
        ]

    def __str__(self):
        return self.key
