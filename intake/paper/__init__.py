"""Lists with names on paper: who is inside, and the evening for when the power is out.

Each is frozen data first, then a story of it, then bytes; a story asks nothing but the reader's language.
"""

from intake.paper.evening import evening_list
from intake.paper.presence import presence_list

__all__ = ["evening_list", "presence_list"]
