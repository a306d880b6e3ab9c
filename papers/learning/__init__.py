"""Texts of topics, the glossary and reading paths."""
