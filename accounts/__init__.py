"""Accounts: who somebody is here, what they may do, and the keys that act for them."""
