"""Labs, organisations, courses and books: what they point to, who is called so, files of them."""
