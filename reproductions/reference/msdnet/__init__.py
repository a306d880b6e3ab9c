"""MSDNet: multi-scale dense networks with classifiers on the way."""
