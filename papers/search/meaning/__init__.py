"""Nearness of meaning: texts to vectors, vectors to neighbours."""
