"""Static networks that papers put beside their dynamic ones, and ECA on the small ones."""
