"""Numbers of different papers beside each other: what may be compared, and what may not."""
