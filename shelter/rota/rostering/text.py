"""Reads the public text format of shift scheduling instances (schedulingbenchmarks.org)."""

from collections.abc import Iterator
from pathlib import Path

from shelter.rota.rostering.problem import Cover, Problem, Request, ShiftType, Worker


class Unreadable(ValueError):
    """A text that is no such instance; says where."""


def read(path: Path) -> Problem:
    """The instance in a file; raises `Unreadable` with the section that could not be read."""
    part = "SECTION_HORIZON"
    try:
        sections = _sections(path.read_text(encoding="utf-8-sig"))
        [[horizon]] = sections[part]
        days = range(int(horizon))
        _must(len(days) > 0)
        part = "SECTION_SHIFTS"
        shifts = {
            code: ShiftType(code, int(minutes), _codes(after)) for code, minutes, after in sections[part]
        }
        _must(all(shift.minutes >= 0 for shift in shifts.values()) and shifts)
        part = "SECTION_DAYS_OFF"
        days_off = {name: frozenset(map(int, off)) for name, *off in sections.get(part, [])}
        _must(all(day in days for off in days_off.values() for day in off))
        part = "SECTION_STAFF"
        workers = {row[0]: _worker(row, days_off.get(row[0], frozenset())) for row in sections[part]}
        _must(workers)
        part = "SECTION_COVER"
        cover = tuple(
            Cover(int(day), shift, int(wanted), int(under), int(over))
            for day, shift, wanted, under, over in sections[part]
        )
        _must(all(each.day in days and each.shift in shifts for each in cover))
        _must(len({(each.day, each.shift) for each in cover}) == len(cover))
        part = "SECTION_SHIFT_ON_REQUESTS and SECTION_SHIFT_OFF_REQUESTS"
        requests = tuple(
            Request(name, int(day), shift, int(weight), is_on)
            for kind, is_on in (("ON", True), ("OFF", False))
            for name, day, shift, weight in sections.get(f"SECTION_SHIFT_{kind}_REQUESTS", [])
        )
        _must(all(each.worker in workers and each.day in days and each.shift in shifts for each in requests))
        return Problem(len(days), shifts, workers, cover, requests)
    except (KeyError, ValueError) as error:
        raise Unreadable(f"{path.name}: {part} is not as it should be.") from error


def _must(condition: object) -> None:
    if not condition:
        raise ValueError


def _sections(text: str) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    here: list[list[str]] = []
    for line in _lines(text):
        if line.startswith("SECTION_"):
            here = found.setdefault(line, [])
        else:
            here.append([part.strip() for part in line.split(",")])
    return found


def _lines(text: str) -> Iterator[str]:
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            yield line


def _codes(text: str) -> frozenset[str]:
    return frozenset(code for code in text.split("|") if code)


def _worker(row: list[str], days_off: frozenset[int]) -> Worker:
    name, most_of, most, least, longest, shortest, rest, weekends = row
    limits = dict(limit.split("=") for limit in most_of.split("|"))
    return Worker(
        name=name,
        most_of={shift: int(number) for shift, number in limits.items()},
        least_minutes=int(least),
        most_minutes=int(most),
        shortest_run=int(shortest),
        longest_run=int(longest),
        shortest_rest=int(rest),
        most_weekends=int(weekends),
        days_off=days_off,
    )
