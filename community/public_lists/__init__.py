"""Public reading lists: kept by several, sorted into sections, taken in and given out as files."""
