"""Two ways to learn when to halt, on one cell and one task: ACT and PonderNet."""
