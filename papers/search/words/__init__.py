"""Words: what the lexical index knows, how it is kept, and what it answers."""
