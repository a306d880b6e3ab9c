"""The ledger: published numbers with their claims, their states, and questions to them."""
