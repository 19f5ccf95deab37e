"""The nouns of the rota: shifts and what they need, people and their time, plans and what became of them."""

from shelter.rota.models.exchange import CalendarAddress, Call, OpenShift, Swap
from shelter.rota.models.people import Absence, Employment, LeaveRequest, Qualification, Wish
from shelter.rota.models.plans import Assignment, Change, Override, Plan, Proposal
from shelter.rota.models.shifts import Demand, MixRule, Shift, ShiftTemplate, Skill, TemplateDemand
from shelter.rota.models.terms import Price, Term
from shelter.rota.models.volunteers import ChosenShift, Invitation, SignUp
from shelter.rota.models.worked import Worked

__all__ = [
    "Absence",
    "Assignment",
    "CalendarAddress",
    "Call",
    "Change",
    "ChosenShift",
    "Demand",
    "Employment",
    "Invitation",
    "LeaveRequest",
    "MixRule",
    "OpenShift",
    "Override",
    "Plan",
    "Price",
    "Proposal",
    "Qualification",
    "Shift",
    "ShiftTemplate",
    "SignUp",
    "Skill",
    "Swap",
    "TemplateDemand",
    "Term",
    "Wish",
    "Worked",
]
