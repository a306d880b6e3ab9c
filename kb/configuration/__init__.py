"""Settings by matter; `kb.settings` puts them together."""
