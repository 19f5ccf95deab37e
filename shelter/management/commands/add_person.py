"""Adds a colleague with a role from the console; the way in for the first administrator."""

from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from shelter import clock, nights
from shelter.actions import team
from shelter.actor import Actor
from shelter.errors import Refused
from shelter.models import Role


class Command(BaseCommand):
    help = "Add a colleague: the password is asked for, never an argument."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--organisation", required=True, help="its code, DRA for instance; made if new")
        parser.add_argument("--role", choices=Role.values, action="append", required=True)

    def handle(self, *, username, name, organisation, role, **options):
        by, today = Actor(source="console"), nights.local(clock.now()).date()
        password = getpass("Password: ")
        if getpass("Again: ") != password:
            raise CommandError("The two passwords differ.")
        try:
            person = team.add_person(username=username, name=name, password=password, by=by)
            house = team.add_organisation(code=organisation, name=organisation, first_day=today, by=by)
            for each in role:
                team.give_role(person=person, organisation=house, role=each, first_day=today, by=by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.name} may sign in as {person.username}.")
