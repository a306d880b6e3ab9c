"""Workshops as their organisers keep them: sites in Jekyll, exports of other systems, plain text.

Reading is pure. What comes back are the lists of a workshop's data file (`fixtures/workshops`),
and beside them drafts, and everything that was left out or repaired, with the file and the reason.
"""
