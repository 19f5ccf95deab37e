"""Brings in guests, beds and bed-nights from a spreadsheet; names every bad line; all or nothing."""

import sys
from argparse import RawDescriptionHelpFormatter
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from intake import importing
from intake.actions.importing import import_season, open_book, try_season
from shelter import clock
from shelter.actor import Actor, actor_for
from shelter.errors import Refused
from shelter.models import Person
from shelter.refusing import broken_constraint

SHOWN = 50
SOURCE = "import"


class Command(BaseCommand):
    help = importing.__doc__.rpartition("\n\n")[0]  # the format, without the rooms behind it

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what would be written; write nothing")
        parser.add_argument("--all", action="store_true", help=f"name all bad lines, not only {SHOWN}")
        parser.add_argument("--by", metavar="USERNAME", help="whose act the house log tells of")
        parser.add_argument("--progress", action="store_true", help="a progress bar also without a terminal")

    def handle(self, *, file, dry_run, by, progress, **options):
        person = _person(by)
        bar = partial(_bar, shown=progress or sys.stderr.isatty())
        with translation.override(person.language) if person else nullcontext():
            try:
                book = self._read(Path(file), bar)
                plan = (
                    try_season(book=book)
                    if dry_run
                    else import_season(book=book, by=_actor(person), watch=bar)
                )
            except OSError as error:
                why = error.strerror or str(error)
                raise CommandError(_("The file cannot be read: %(why)s") % {"why": why}) from error
            except (Refused, DatabaseError) as error:
                raise CommandError(_why(error)) from error
            self._tell(plan, dry_run, len(plan.bad) if options["all"] else SHOWN)

    def _read(self, path, bar):
        with path.open("rb") as file:
            book, ignored = open_book(file, watch=partial(bar, total=_lines_in(path)))
        if ignored:
            self.stdout.write(_("Columns not read: %(names)s") % {"names": ", ".join(ignored)})
        return book

    def _tell(self, plan, dry_run, shown):
        for bad in plan.bad[:shown]:
            self.stdout.write(_("line %(line)d: %(reason)s") % bad._asdict())
        if len(plan.bad) > shown:
            self.stdout.write(
                _("… and %(number)d more (--all names them)") % {"number": len(plan.bad) - shown}
            )
        if plan.bad:
            lines = len({bad.line for bad in plan.bad})
            raise CommandError(_("Bad lines: %(lines)d. Nothing was written.") % {"lines": lines})
        if plan.doubles:
            self.stdout.write(_doubles(plan.doubles))
        counts = _(
            "guests %(guests)d, dormitories %(dormitories)d, beds %(beds)d, nights %(nights)d,"
            " bed-nights %(bed_nights)d"
        )
        told = (
            _("Would be written: %(counts)s. Nothing was written.") if dry_run else _("Written: %(counts)s.")
        )
        self.stdout.write(told % {"counts": counts % plan.counts})


def _person(username):
    if not username:
        return None
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise CommandError(_("There is no account “%(name)s”.") % {"name": username})
    return person


def _actor(person):
    return actor_for(person, day=clock.tonight(), source=SOURCE) if person else Actor(source=SOURCE)


def _why(error):
    """A refusal's sentence; of a database error only the constraint, for the rest may hold people's names."""
    if isinstance(error, Refused):
        return str(error)
    return _("The database refused (%(why)s). Nothing was written.") % {
        "why": broken_constraint(error).partition("\n")[0] or type(error).__name__
    }


def _doubles(lines):
    named = ", ".join(map(str, lines[:SHOWN])) + (" …" if len(lines) > SHOWN else "")
    return _(
        "Lines whose guest is called as somebody the house knows (a guest_number would join them): %(lines)s"
    ) % {"lines": named}


def _lines_in(path):
    """How many lines a file has; None where looking would use it up, as with a pipe."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(partial(file.read, 1 << 20), b""))


def _bar(things, what, *, shown, total=None):
    return tqdm(things, desc=what, total=total, disable=not shown, file=sys.stderr)
