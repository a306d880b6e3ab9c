"""Survey tables: what one may ask, the rows that answer, and the versions that are kept."""
