"""One of everything a night leaves behind, for tests that ask every address and every page."""

from intake.actions import cards
from intake.actions import night as verbs
from intake.actions import paper as sheets
from intake.actions.guests import add_guest
from intake.models import HandoverItem
from shelter.actions import admission, merging, placing, registering, watching
from tests.conftest import BUILDER, TONIGHT


def things_of_the_night(*, night, bed_night, bed):
    """By kind, as rows: who is in `bed_night` goes out for a while, and `bed` is kept for the police.

    `barred` is the guest whose exclusion, pair, merge, card, referral and thing kept these are.
    """
    barred, apart, gone = (
        add_guest(by=BUILDER, name=name, sleeps="men") for name in ("Milan", "Buse", "Milane")
    )
    whose = {"occupant": barred.occupant, "by": BUILDER}
    exclusion = admission.exclude(category="threat", first_night=TONIGHT, last_night=TONIGHT, **whose)
    spell = admission.declare_cold_spell(first_night=TONIGHT, last_night=TONIGHT, forecast=-9, by=BUILDER)
    incident = verbs.write_incident(
        night=night, by=BUILDER, people=[(barred.occupant, "involved")], happened_at=bed_night.arrived_at,
        kind="threat", place="door", severity=3, follow_up="Call back", led_to=exclusion,
    )  # fmt: skip
    task = verbs.add_task(what="Change the lamp", by=BUILDER)
    handover = verbs.hand_over(night=night, words="A calm evening", by=BUILDER)
    return {
        "barred": barred,
        "apart": apart,
        "exclusion": exclusion,
        "spell": spell,
        "incident": incident,
        "task": task,
        "item": HandoverItem.objects.filter(handover=handover).latest("pk"),
        "pair": admission.keep_apart(one=barred.occupant, other=apart.occupant, by=BUILDER),
        "merge": merging.merge(kept=barred.occupant, gone=gone.occupant, by=BUILDER),
        "card": cards.issue_card(guest=barred, by=BUILDER),
        "referral": verbs.refer(target="halte", day=TONIGHT, **whose),
        "belonging": verbs.keep_thing(kind="locker", number="7", what="a bag", **whose),
        "proof": admission.note_proof(night=night, kind="work", accepted=False, **whose),
        "refusal": registering.turn_away(
            night=night, reason="no_place", referral="halte", occupant=apart.occupant, by=BUILDER
        ),
        "service": placing.keep_for_service(service="police", bed=bed, night=night, by=BUILDER),
        "outing": watching.go_out(bed_night=bed_night, kind="smoke", by=BUILDER),
        "round": watching.start_round(night=night, kind="evening", by=BUILDER),
        "roll_call": watching.start_roll_call(night=night, by=BUILDER),
        "sheet": sheets.print_sheet(night=night, by=BUILDER),
    }


def addresses_of_the_night(things, *, here, bed):
    """What the path of every address asks for that `things_of_the_night` stand behind, by route.

    `here` is a bed-night of somebody inside, `bed` a bed.
    """
    whose = {"pk": things["barred"].pk}
    behind = {
        "board-keep": bed,
        "board-release-kept": things["service"],
        "outing-go": here,
        "outing-back": things["outing"],
        "refusal-outcome": things["refusal"],
        "incident-followed-up": things["incident"],
        "task-done": things["task"],
        "belonging-back": things["belonging"],
        "round-walk": things["round"],
        "round-close": things["round"],
        "cold-end": things["spell"],
        "sheet": things["sheet"],
        "sheet-pdf": things["sheet"],
        "roll-call-seen": things["roll_call"],
        "roll-call-end": things["roll_call"],
        "api:cold-spell": things["spell"],
        "api:incident": things["incident"],
        "api:belonging": things["belonging"],
    }
    of_the_guest = {
        "guest-exclusion-lift": {"exclusion": things["exclusion"].pk},
        "guest-exclusion-tell": {"exclusion": things["exclusion"].pk},
        "guest-cold-decision": {"exclusion": things["exclusion"].pk},
        "guest-keep-apart-end": {"pair": things["pair"].pk},
        "guest-unmerge": {"merge": things["merge"].pk},
        "guest-card-revoke": {"card": things["card"].pk},
        "guest-referral-outcome": {"referral": things["referral"].pk},
        **{name: {} for name in OF_A_GUEST},
    }
    return {
        **{name: {"pk": row.pk} for name, row in behind.items()},
        **{name: whose | ids for name, ids in of_the_guest.items()},
        "round-mark": {"pk": things["round"].pk, "bed": bed.pk},
        "tallies-day": {"day": TONIGHT},
        "phrase-review": {"language": "fr"},
    }


OF_A_GUEST = (
    "guest-proof", "guest-exclude", "guest-keep-apart", "guest-merge", "guest-card-issue", "guest-refer",
    "guest-slip", "api:exclusions", "api:merge", "api:unmerge",
)  # fmt: skip
