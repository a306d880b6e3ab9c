"""ACON: activations that learn, or are told by the input, whether to activate."""
