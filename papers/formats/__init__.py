"""Formats in which the literature is exported and imported, one file a format."""
