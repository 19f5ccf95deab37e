"""The words of the rota in the house log."""

from django.utils.translation import gettext_lazy as _

from shelter.log import Vocabulary


class Verb(Vocabulary):
    SKILL_SET = "skill_set", _("qualification set")
    TEMPLATE_SET = "shift_template_set", _("kind of shift set")
    SHIFTS_LAID_OUT = "shifts_laid_out", _("shifts laid out")
    DEMAND_SET = "demand_set", _("demand set")
    EMPLOYED = "employed", _("employment entered")
    EMPLOYMENT_ENDED = "employment_ended", _("employment ended")
    QUALIFIED = "qualified", _("qualification entered")
    ABSENT = "absence_entered", _("absence entered")
    ABSENCE_ENDED = "absence_ended", _("absence taken back")
    LEAVE_ASKED = "leave_asked", _("leave asked for")
    LEAVE_ANSWERED = "leave_answered", _("leave answered")
    PRICE_SET = "rota_price_set", _("price of the rota set")
    TERM_SET = "term_set", _("term of working time set")
    PLAN_OPENED = "rota_opened", _("draft of a rota opened")
    PLAN_PUBLISHED = "rota_published", _("rota published")
    PLAN_DROPPED = "rota_dropped", _("draft of a rota dropped")
    OVERRIDDEN = "rule_overridden", _("rule set aside")
    CHANGED = "rota_changed", _("rota changed")
    PROPOSAL_ASKED = "rota_proposal_asked", _("rota proposal asked for")
    PROPOSAL_TAKEN = "rota_proposal_taken", _("rota proposal taken over")
    OPENED = "shift_opened", _("shift offered")
    CALLED = "called", _("asked to step in")
    SWAP_ASKED = "swap_asked", _("swap asked for")
    SWAP_ANSWERED = "swap_answered", _("swap answered")
    INVITED = "volunteers_invited", _("volunteers invited")
    SIGNED_UP = "volunteer_signed_up", _("offer to help")
    VOLUNTEER_CONFIRMED = "volunteer_confirmed", _("volunteer welcomed")
    VOLUNTEER_DECLINED = "volunteer_declined", _("offer to help declined")
    WORKED = "work_recorded", _("work recorded")
    CALENDAR_ISSUED = "calendar_issued", _("calendar address issued")
    CALENDAR_REVOKED = "calendar_revoked", _("calendar address revoked")
