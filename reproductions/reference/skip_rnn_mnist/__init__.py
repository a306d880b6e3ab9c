"""Skip RNN reading the pixels of MNIST one after the other."""
