"""The query language: text to clauses, clauses to what they mean on this site."""
