"""Pages of programs and runs, with their plots and code."""
