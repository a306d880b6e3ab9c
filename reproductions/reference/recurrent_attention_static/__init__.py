"""The static networks that the recurrent attention model is held against."""
