"""What members follow, what is new there, and mail about it."""
