"""Pages of papers, with what they say to machines and their PDFs."""
