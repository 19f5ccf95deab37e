"""Paper: what the house prints. Lettering, words, marks, listings, and the sheet around them.

A story is a list of flowables made from frozen data; `sheet.bound` turns it into bytes, the same bytes each
time. Texts are drawn as they are: nothing here reads markup. Nobody's name is looked up here.
"""

from shelter.paper import lettering
from shelter.paper.listing import Column, listing
from shelter.paper.marks import Box, Tag
from shelter.paper.sheet import Sheet, bound
from shelter.paper.structure import Attached, artifact, tagged
from shelter.paper.words import Words

__all__ = [
    "Attached",
    "Box",
    "Column",
    "Sheet",
    "Tag",
    "Words",
    "artifact",
    "bound",
    "lettering",
    "listing",
    "tagged",
]
