"""The pages where numbers of different papers stand beside each other."""
