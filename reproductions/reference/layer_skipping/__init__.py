"""Layer skipping in residual networks: SkipNet, ConvNet-AIG, BlockDrop."""
