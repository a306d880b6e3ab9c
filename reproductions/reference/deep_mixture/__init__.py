"""Deep mixture of experts on jittered MNIST: the paper's own data, networks and sizes."""
