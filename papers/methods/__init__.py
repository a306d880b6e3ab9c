"""Methods as records: their words, data files, lists, lineage, and what papers they come from."""
