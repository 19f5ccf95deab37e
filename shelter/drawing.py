"""The fair draw of a night, which anybody can make again with a pencil and SHA-256: pure calculation.

Before registration closes the digest of a secret seed is shown; afterwards the seed. Each number's ticket is the
digest of the seed and the number, and who has the lowest ticket comes first. Nobody who knows only the digest can
tell where a number will stand, and nobody can change the seed once its digest is known.
"""

from collections.abc import Iterable
from hashlib import sha256


def digest_of(seed: str) -> str:
    """What is shown of a seed before it is: SHA-256, in hexadecimal, of its text."""
    return sha256(seed.encode()).hexdigest()


def ticket(seed: str, number: int) -> str:
    """SHA-256, in hexadecimal, of `SEED:NUMBER`, the number with at least four digits as on a card."""
    return sha256(f"{seed}:{number:04d}".encode()).hexdigest()


def line(seed: str, numbers: Iterable[int]) -> list[int]:
    """These numbers in the order of their tickets."""
    return sorted(numbers, key=lambda number: ticket(seed, number))
