"""Issues a bearer token for the API from the console."""

from django.core.management.base import BaseCommand, CommandError

from shelter.actions import team
from shelter.actor import Actor
from shelter.models import Person


class Command(BaseCommand):
    help = "Print a new bearer token of a colleague; it is shown this once and kept nowhere."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--device", default="", help="the tablet or program that will carry it")

    def handle(self, *, username, device, **options):
        person = Person.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no account named {username!r}.")
        if not person.is_active:
            raise CommandError(f"The account {username!r} is closed.")
        self.stdout.write(team.issue_token(person=person, device=device, by=Actor(source="console")))
