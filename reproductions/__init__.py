"""Reference programs, the claims they test, and the rules that judge them."""
