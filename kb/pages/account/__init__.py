"""Pages of members: account, sessions, claims to be a person."""
