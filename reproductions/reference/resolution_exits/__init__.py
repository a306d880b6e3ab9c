"""Resolution adaptive exits: easy images are classified small, the others are looked at finer."""
