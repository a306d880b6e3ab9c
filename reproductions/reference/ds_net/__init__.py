"""DS-Net: a gate chooses how many channels each image gets."""
