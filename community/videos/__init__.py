"""Recorded talks and slides: which address is which video, who added it, what a page shows."""
