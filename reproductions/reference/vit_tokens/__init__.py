"""Vision transformers whole, and with the attentive tokens only."""
