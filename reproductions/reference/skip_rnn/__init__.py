"""Skip RNN: a recurrent network that learns which state updates to leave out."""
