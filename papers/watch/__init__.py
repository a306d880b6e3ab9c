"""Watching the field outside: sources are asked, what they name waits in an inbox for curators."""
