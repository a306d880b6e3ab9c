"""Which frames of a video are worth looking at, and how closely: FrameExit and AR-Net."""
