"""The recurrent attention model: a network that sees an image through a few small glimpses."""
