"""Programs that behave well or badly on purpose; tests list them instead of the real ones."""
