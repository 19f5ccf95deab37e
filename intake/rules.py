"""Rules of intake about a guest's own answers; those about beds are on the ground floor."""

from datetime import date

from shelter import clock


def birth_is_possible(year, month, day):
    """A date of birth may be partial, from the year down; what is given must exist and lie behind us."""
    if (month and not year) or (day and not month):
        return False
    if not year:
        return True
    try:
        return date(year, month or 1, day or 1) <= clock.now().date()
    except ValueError:
        return False
