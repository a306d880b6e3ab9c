"""Glance and focus: see the whole image small, then look closely where it seems worth it."""
