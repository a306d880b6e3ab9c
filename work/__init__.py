"""Work in the background: rows that are jobs, each leased by one worker at a time."""
