"""Involution: a kernel for every position, shared by channels."""
