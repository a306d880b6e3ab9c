"""Pages of public lists: reading, editing, keeping, taking in."""
