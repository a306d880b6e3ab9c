"""Runs on machines of members: signed records, runners, and what attested runs add to ours."""
