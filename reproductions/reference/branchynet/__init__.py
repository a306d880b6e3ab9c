"""BranchyNet: side branches let easy images leave the network early."""
