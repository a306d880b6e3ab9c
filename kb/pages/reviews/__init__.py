"""Pages on which reviews are read, written and changed."""
