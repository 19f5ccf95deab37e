"""Which bed for which guest."""

from dataclasses import replace

from shelter import offering, queries


def offers_for(guest, night, board=None) -> list[offering.Offer]:
    """Every bed for this guest, the best first, each with its reasons."""
    board = queries.board_of(night) if board is None else board
    return offering.offers(needs_tonight(guest, night, board), queries.places_of(board))


def best_offer(guest, night, board=None) -> offering.Offer | None:
    board = queries.board_of(night) if board is None else board
    return offering.best(needs_tonight(guest, night, board), queries.places_of(board))


def needs_tonight(guest, night, board):
    """The guest's needs, with the bed kept for them tonight and the last dormitory, as the board knows them."""
    last = queries.last_bed_of([guest.occupant_id], night.date).get(guest.occupant_id)
    mine = queries.nights_of_occupant(guest.occupant).filter(night=night, state="held").first()
    dormitory = next((bed.dormitory_id for bed in board if last and bed.id == last.bed_id), None)
    return replace(
        bare_needs(guest),
        last_bed=last.bed_id if last else None,
        last_dormitory=dormitory,
        holds_bed=mine.bed_id if mine else None,
        keep_out=queries.admission_of(guest.occupant, night).rooms_to_avoid,
    )


def bare_needs(guest) -> offering.Needs:
    """The guest's needs without their history, for rules that do not ask where they slept."""
    return offering.Needs(
        sleeps=guest.sleeps,
        lower_bed=guest.lower_bed,
        step_free=guest.step_free,
        dog=guest.dog,
        quiet=guest.needs_quiet,
    )
