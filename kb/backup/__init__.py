"""Whole copies of a site, and copies of what is public."""
