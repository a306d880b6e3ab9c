"""Papers without a PDF: from arXiv, Crossref, OpenReview, bibliography files and pasted text."""
