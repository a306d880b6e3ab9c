"""Pages of survey tables: reading, taking away, and for curators making and changing."""
