"""Workshops made here: by whom, with whom, and when they become public."""
