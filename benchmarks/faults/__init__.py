"""A site of its own under load, broken on purpose: what readers saw, and what was lost."""
