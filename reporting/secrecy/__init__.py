"""Small numbers stay hidden: which figures are withheld so that nobody can be told from a report.

A table is judged together with every table of the season that its readers have seen before: `attack` reckons what they
could work out from all of them, `hiding` withholds more until they can work out nothing.
"""

from reporting.secrecy.hiding import hide
from reporting.secrecy.tables import BELOW, SECRET, WITHHELD, Counted, Published

__all__ = ["BELOW", "SECRET", "WITHHELD", "Counted", "Published", "hide"]
