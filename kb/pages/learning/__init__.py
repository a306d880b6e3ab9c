"""Pages to learn from: texts of topics, figures, glossary, reading paths."""
