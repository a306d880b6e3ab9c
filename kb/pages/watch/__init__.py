"""Pages of the watch: the inbox for curators, the sources, what came and how it is going."""
