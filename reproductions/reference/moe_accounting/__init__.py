"""Mixture-of-experts models: how many parameters there are, and how many one token uses."""
