"""A soft decision tree, distilled from a network."""
