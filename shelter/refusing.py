"""Turns a broken constraint back into its refusal, by the constraint's name, in one place."""

from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, models

from shelter import errors

REFUSALS = {
    "one_occupant_per_bed_and_night": errors.BedTaken,
    "one_bed_per_occupant_and_night": errors.AlreadyPlaced,
    "one_registration_per_occupant_and_night": errors.StaleVersion,
    "a_number_is_merged_once": errors.StaleVersion,
    "a_pair_is_kept_apart_once": errors.StaleVersion,
    "night_is_sealed": errors.NightSealed,
}


@contextmanager
def constraints_speak(**facts):
    """Within it, an IntegrityError of a known constraint leaves as the refusal of that name."""
    try:
        yield
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in REFUSALS:
            raise
        raise REFUSALS[name](**facts) from error


def broken_constraint(error):
    """The name of the constraint an IntegrityError tells of; empty when it cannot be told."""
    diag = getattr(error.__cause__, "diag", None)
    if diag is not None and diag.constraint_name:
        return diag.constraint_name
    text = str(error)
    if text.startswith("UNIQUE constraint failed: "):
        return _unique_by_columns().get(text.removeprefix("UNIQUE constraint failed: "), "")
    return text.removeprefix("CHECK constraint failed: ")


def _unique_by_columns():
    """SQLite names the columns of a broken unique constraint, not its name."""
    return {
        ", ".join(_column(model, name) for name in constraint.fields): constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    }


def _column(model, name):
    _attribute, column = model._meta.get_field(name).get_attname_column()
    return f"{model._meta.db_table}.{column}"
