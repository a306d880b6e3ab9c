"""A generated matrix: every address, every role, every object in every state, every field."""
