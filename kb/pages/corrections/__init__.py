"""Pages of corrections and of histories."""
