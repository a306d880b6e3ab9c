"""What the visual tokens of a language model cost, all of them or those that are kept."""
