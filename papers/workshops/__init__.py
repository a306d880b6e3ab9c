"""Workshops: their dates and programme as instants, their state, their topics, what is related."""
