"""Of whom somebody may know the name."""

from shelter.rota import rules


def sees(by):
    """Of which organisations somebody knows all people by name."""
    return lambda organisation: rules.sees_names_of(by, organisation)
