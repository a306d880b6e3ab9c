"""Draft with the first layers, verify with all of them: LayerSkip, and CALM beside it."""
