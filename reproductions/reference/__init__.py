"""One folder per published idea; each runs alone with ``python -m``."""
