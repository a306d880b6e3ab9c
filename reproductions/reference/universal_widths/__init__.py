"""US-Nets at every width of the authors' table."""
