import resource

from django.core.management.base import BaseCommand

from shelter.rota.actions import proposing

MEMORY = 6 * 2**30  # bytes; a month needs far less, and a runaway shall not take the house down


class Command(BaseCommand):
    help = "Works a rota proposal out (by its number), in a process of its own; started by the tick."

    def add_arguments(self, parser):
        parser.add_argument("proposal", type=int)

    def handle(self, *, proposal, **options):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
        if proposing.claim(proposal):
            proposing.work_out(proposal)
