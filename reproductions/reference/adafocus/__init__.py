"""AdaFocusV2 and Uni-AdaFocus: a cheap look at whole frames, a dear one at a patch of each."""
