"""Free places as other services read them: the objects of HSDS 3.1, the data specification of Open Referral. Pure.

Each zone of the house is a service of its own, as each is for other people; its capacity counts beds. Identifiers are
made from names, so that they stay the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/en/3.1/hsds/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.1/schema/openapi.json"
OURS = uuid5(NAMESPACE_URL, "urn:foyer")

Told = dict[str, Any]


@dataclass(frozen=True)
class Places:
    """Free beds and beds in service of a zone, as they were at a moment."""

    zone: str
    free: int
    in_service: int
    at: datetime


@dataclass(frozen=True)
class Words:
    """How the house and its zones are called."""

    house: str
    about: str
    zones: Mapping[str, str]
    beds: str
    few: str  # said where there are fewer than are told as a number


def identifier(*names: str) -> str:
    return str(uuid5(OURS, "/".join(names)))


def base() -> Told:
    """What the interface says of itself."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}


def services(seen: Iterable[Places], zones: Sequence[str], told_from: int, words: Words) -> list[Told]:
    """A service for each zone; one of which nothing is told now is closed for the moment.

    Fewer free places than `told_from` are told as none: nobody is sent for the last bed, or seen by it.
    """
    by_zone = {each.zone: each for each in seen}
    return [_service(zone, by_zone.get(zone), told_from, words) for zone in zones]


def _service(zone: str, places: Places | None, told_from: int, words: Words) -> Told:
    service: Told = {
        "id": identifier("service", zone),
        "name": f"{words.house} · {words.zones[zone]}",
        "description": words.about,
        "status": "active" if places else "temporarily closed",
        "organization": {
            "id": identifier("organization"), "name": words.house, "description": words.about,
        },
    }  # fmt: skip
    if places is None:
        return service
    is_told = places.free >= max(1, told_from)
    return service | {
        "last_modified": _instant(places.at),
        "capacities": [
            {
                "id": identifier("capacity", zone),
                "unit": {"id": identifier("unit", "bed"), "name": words.beds},
                "available": places.free if is_told else 0,
                "maximum": places.in_service,
                "description": words.beds if is_told else words.few,
                "updated": _instant(places.at),
            }
        ],
    }


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def page(found: Sequence[Told], number: int, size: int) -> Told:
    """One page of a list, as HSDS lays it out."""
    pages = max(1, -(-len(found) // size))
    contents = list(found[(number - 1) * size : number * size])
    return {
        "total_items": len(found),
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def known(identity: UUID, found: Iterable[Told]) -> Told | None:
    return next((service for service in found if service["id"] == str(identity)), None)
