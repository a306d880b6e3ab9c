"""BranchyNet on MNIST: the paper's own network, recipe and data."""
