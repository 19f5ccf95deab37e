"""What intake prints: lists with names for the door and for an alarm, and what guests are handed.

Lists are frozen data first, then a story of it, then bytes; a story asks nothing but the reader's language.
"""

from intake.paper.by_hand import paper_evening
from intake.paper.cards import card_sheet
from intake.paper.evening import evening_list
from intake.paper.phrase_sheet import phrase_sheet
from intake.paper.presence import presence_list
from intake.paper.slip import guest_slip

__all__ = ["card_sheet", "evening_list", "guest_slip", "paper_evening", "phrase_sheet", "presence_list"]
