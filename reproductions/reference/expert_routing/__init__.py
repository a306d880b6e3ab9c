"""Which expert gets a token: six ways of routing that train, on one character model."""
