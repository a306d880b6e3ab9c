"""A workshop given back: the data of a Jekyll site, and its proceedings. Pure."""
