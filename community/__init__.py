"""What people say here: reviews, talks, corrections, lists. Stands on papers and reproductions."""
