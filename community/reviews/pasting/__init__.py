"""A review pasted from OpenReview by its author: recognised, shown for correction, kept as a draft.

Two shapes are known: the note's JSON (API 1 and API 2) and the text as copied from the page. What
is not public there is never taken in, and a link to the public page is required.
"""

from community.reviews.pasting.links import BadLink, SourceLink, link_of
from community.reviews.pasting.recognising import NotTaken, Pasted, recognise

__all__ = ["BadLink", "NotTaken", "Pasted", "SourceLink", "link_of", "recognise"]
