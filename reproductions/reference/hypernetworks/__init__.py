"""HyperNetworks: a small recurrent network scales the weights of a large one."""
