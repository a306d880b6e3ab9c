"""Making and editing workshops: one desk a workshop, one form a block."""
