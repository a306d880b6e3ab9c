"""Universal Transformer on questions about generated stories."""
