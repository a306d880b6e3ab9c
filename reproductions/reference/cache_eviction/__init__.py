"""Which keys and values a transformer may forget while it writes: windows, sinks, heavy hitters."""
