"""Several machines on one computer: what an operator builds on five, with nodes taken away."""
