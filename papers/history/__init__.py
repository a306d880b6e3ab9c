"""The past of every record: what changed when, by whom and why; and setting a change back."""

from papers.history.acts import act, first_load
from papers.history.reading import Change, FieldChange, changes_of
from papers.history.undoing import CannotUndo, undo, undo_act

__all__ = [
    "CannotUndo",
    "Change",
    "FieldChange",
    "act",
    "changes_of",
    "first_load",
    "undo",
    "undo_act",
]
