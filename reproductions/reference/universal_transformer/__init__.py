"""Universal Transformer: one block, applied again and again, for as many steps as each needs."""
