"""When to stop asking: sampling answers until they agree enough."""
